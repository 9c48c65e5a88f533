# Licensed under the Apache License, Version 2.0 (the "License"); you may
# not use this file except in compliance with the License. You may obtain
# a copy of the License at
#
#      http://www.apache.org/licenses/LICENSE-2.0
#
# Unless required by applicable law or agreed to in writing, software
# distributed under the License is distributed on an "AS IS" BASIS, WITHOUT
# WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the
# License for the specific language governing permissions and limitations
# under the License.

"""``check`` over changes to a releases checkout in a real git repository."""

from __future__ import annotations

import testtools

from tests.support import fast_time
from tests.support import gitrepo
from tests.support import review

A, B = gitrepo.COMMIT_A, gitrepo.COMMIT_B


class CheckTest(testtools.TestCase):
    def setUp(self) -> None:
        super().setUp()
        self.useFixture(fast_time.FastTime())
        self.review = self.useFixture(review.Review())
        self.check = self.review.check

    def commit(self, text: str, path: str = review.PATH) -> None:
        """Propose a change that makes a file read so."""
        self.review.write(text, path)
        self.review.repo.commit()

    def add(self, version: str, commit: str = B) -> None:
        """Propose an order of os-vif; its entry begins on line 12."""
        self.review.append(review.release(version, commit))
        self.review.repo.commit()

    def assertFinds(
        self, result: review.Result, code: int, *places: tuple[str, int | None]
    ) -> None:
        """This exit code, and exactly these findings beside notes."""
        self.assertEqual(
            (code, set(places)),
            (result.code, result.places),
            result.stdout + result.stderr,
        )


class TestTheFile(CheckTest):
    """What is wrong with a file is told on its line."""

    def test_every_break_of_its_form(self) -> None:
        good = review.HEAD + review.release('5.1.0')
        added = review.release('5.2.0', B)
        cases = {
            'broken YAML': (good + '  - version: [5.2.0\n', 13),
            'a tab': (good + '\t- version: 5.2.0\n', 12),
            'a duplicate key': (good + 'team: neutron\n', 12),
            'a float': (good + review.release('1.10', B), 12),
            'an unknown key': (good + added + '    higlights: x\n', 16),
            'a short hash': (good + review.release('5.2.0', 'abc'), 15),
            'a tag for a hash': (good + review.release('5.2.0', 'HEAD'), 15),
            'a repository twice': (
                good + added + f'      - repo: {review.REPO}\n'
                f'        hash: {B}\n',
                16,
            ),
            'odd flags': (
                good.replace('{}', '\n    flags: "-retired"'),
                7,
            ),
            'no mapping': ('- a\n', 1),
        }
        for name, (text, line) in cases.items():
            self.review.start_over()
            self.commit(text)
            result = self.check()
            self.assertEqual(1, result.code, name)
            self.assertEqual({('OSP101', line)}, result.places, name)

    def test_several_wrong_things_are_all_told(self) -> None:
        self.commit(
            review.HEAD.replace('{}', '\n    tarball-base: os-vif')
            .replace('team: nova', 'team: nova\nteem: nova')
            .replace('type: library', 'type: libary')
            + review.release('5.1.0')
            + review.release('5.0.0a1', B)
            + '        tarball-base: osvif\n'
        )
        result = self.check()
        self.assertFinds(
            result,
            1,
            # The unknown key and the unknown type.
            ('OSP101', 3),
            ('OSP101', 4),
            # Not canonical, not after 5.1.0, and no model with candidates.
            ('OSP121', 14),
            ('OSP122', 14),
            ('OSP123', 14),
            # Release and settings disagree over the name.
            ('OSP106', 8),
        )
        for found in result.findings:
            self.assertTrue(found['remedy'], found)
            self.assertEqual(review.PATH, found['path'])

    def test_what_was_odd_before_is_a_note(self) -> None:
        odd = review.HEAD.replace('{}', '\n    flags: "-retired"')
        self.commit(odd + review.release('5.1.0'))
        self.commit(odd + review.release('5.1.0') + review.release('5.2.0', B))
        result = self.check()
        self.assertFinds(result, 0)
        self.assertEqual({('OSP101', 7)}, result.notes)

    def test_a_file_that_is_removed_or_moved(self) -> None:
        (self.review.repo.root / review.PATH).unlink()
        self.review.repo.commit()
        result = self.check()
        # A warning refuses nothing.
        self.assertFinds(result, 0, ('OSP127', None))
        self.assertIn(f'5.1.0 at {A}', result.message('OSP127'))
        moved = review.PATH.replace('rehearsal', 'before')
        self.review.repo.git('revert', '--no-edit', 'HEAD')
        (self.review.repo.root / moved).parent.mkdir()
        self.review.repo.git('mv', review.PATH, moved)
        self.review.append(review.release('5.2.0', B), moved)
        self.review.repo.commit()
        result = self.check()
        self.assertFinds(result, 0)
        self.assertEqual({'os-vif 5.2.0': 'held'}, result.verdicts)

    def test_a_file_that_nothing_reads_is_told(self) -> None:
        """The tagging job might carry out what stands in it."""
        stray = review.PATH.replace('.yaml', '.yml')
        self.review.write(review.HEAD + review.release('5.2.0', B), stray)
        link = self.review.repo.root / review.PATH.replace('os-vif', 'link')
        link.symlink_to('os-vif.yaml')
        self.review.repo.commit()
        result = self.check()
        self.assertFinds(result, 1, ('OSP129', None))
        self.assertEqual(
            [str(link.relative_to(self.review.repo.root)), stray],
            [row['path'] for row in result.rows],
        )

    def test_a_file_without_a_new_order_is_told_to_be_looked_at(self) -> None:
        self.commit(
            review.HEAD.replace('nova', 'neutron') + review.release('5.1.0')
        )
        result = self.check()
        self.assertFinds(result, 0)
        (row,) = result.rows
        self.assertEqual(
            {
                'path': review.PATH,
                'series': 'rehearsal',
                'deliverable': 'os-vif',
                'version': None,
                'repo': None,
                'project': None,
                'verdict': 'held',
                'findings': [],
            },
            row,
        )


class TestTheOrder(CheckTest):
    """Orders that a change adds."""

    def test_a_sound_order_is_clean(self) -> None:
        self.add('5.2.0')
        result = self.check()
        self.assertFinds(result, 0)
        (row,) = result.rows
        self.assertEqual(
            {
                'path': review.PATH,
                'series': 'rehearsal',
                'deliverable': 'os-vif',
                'version': '5.2.0',
                'repo': review.REPO,
                'project': 'os-vif',
                'verdict': 'held',
                'findings': [],
            },
            row,
        )

    def test_version_and_hash_are_judged_on_their_lines(self) -> None:
        good = review.HEAD + review.release('5.1.0')
        cases = {
            '5.2': ('OSP121', 12),
            '5.2.0a1': ('OSP121', 12),
            '5.2.0.dev4': ('OSP121', 12),
            '5.2.0.post1': ('OSP121', 12),
            'v5.2.0': ('OSP121', 12),
            'latest': ('OSP121', 12),
            '5.0.9': ('OSP122', 12),
            '5.2.0.0rc1': ('OSP123', 12),
        }
        for version, place in cases.items():
            self.review.start_over()
            self.commit(good + review.release(f"'{version}'", B))
            result = self.check()
            self.assertEqual(1, result.code, version)
            self.assertIn(place, result.places, version)

    def test_a_version_that_is_there_already(self) -> None:
        """The very version again, one that is on the index, one moved."""
        self.add('5.1.0')
        result = self.check()
        self.assertFinds(
            result,
            1,
            ('OSP122', 12),
            # Other bytes were ordered for it before.
            ('OSP125', 15),
            ('OSP326', 12),
        )
        self.review.start_over()
        self.commit(review.HEAD + review.release('5.1.0', B))
        result = self.check()
        self.assertFinds(result, 1, ('OSP125', 11), ('OSP326', 8))
        self.assertIn(A, result.message('OSP125'))
        self.assertIn(B, result.message('OSP125'))

    def test_a_version_that_is_closed_too(self) -> None:
        store = self.review.index.store
        store.add_file('os-vif', '5.2.0', 'os_vif-5.2.0.tar.gz', b'early')
        store.age_release('os-vif', '5.2.0', 15)
        self.add('5.2.0')
        result = self.check()
        self.assertFinds(result, 1, ('OSP304', 12), ('OSP326', 12))
        self.assertIn('15.0 days', result.message('OSP304'))
        self.assertIn('14 days', result.message('OSP304'))

    def test_of_several_orders_the_tagging_job_takes_the_last(self) -> None:
        self.review.append(review.release('5.2.0', B))
        self.add('5.3.0')
        result = self.check()
        self.assertFinds(result, 1, ('OSP126', 12))
        self.assertEqual(
            {'os-vif 5.2.0': 'failed', 'os-vif 5.3.0': 'held'},
            result.verdicts,
        )

    def test_an_order_where_releases_have_ended_is_told(self) -> None:
        status = self.review.repo.root / 'data/series_status.yaml'
        status.write_text(
            status.read_text() + '- name: before\n  status: end of life\n'
        )
        self.review.repo.commit()
        self.commit(
            review.HEAD + review.release('5.2.0', B),
            review.PATH.replace('rehearsal', 'before'),
        )
        result = self.check()
        self.assertFinds(result, 0, ('OSP128', 8))
        self.assertIn('before is end of life', result.message('OSP128'))

    def test_another_file_orders_another_commit(self) -> None:
        other = review.PATH.replace('rehearsal', 'before')
        self.commit(review.HEAD + review.release('5.2.0', A), other)
        self.add('5.2.0', B)
        result = self.check()
        self.assertFinds(result, 1, ('OSP103', 15))
        self.assertIn(other, result.message('OSP103'))

    def test_the_same_commit_in_another_file_is_one_order(self) -> None:
        other = review.PATH.replace('rehearsal', 'before')
        self.commit(review.HEAD + review.release('5.2.0', B), other)
        self.add('5.2.0', B)
        self.assertFinds(self.check(), 0)

    def test_each_repository_of_a_release_is_a_row(self) -> None:
        self.review.add_project('os-vif-more')
        self.review.append(
            review.release('5.2.0', B)
            + f'      - repo: openstack/os-vif-more\n        hash: {A}\n'
        )
        self.review.repo.commit()
        self.assertEqual(
            {'os-vif 5.2.0': 'held', 'os-vif-more 5.2.0': 'held'},
            self.check().verdicts,
        )

    def test_tags_that_end_a_phase_reach_no_index(self) -> None:
        self.review.index.store.set_status('os-vif', 'archived')
        self.add('rehearsal-eol')
        result = self.check()
        self.assertFinds(result, 0)
        self.assertEqual({('OSP124', 12)}, result.notes)
        self.assertEqual({'os-vif rehearsal-eol': 'held'}, result.verdicts)


class TestTheProject(CheckTest):
    """What the index says of the project."""

    def order(self, repo: str, version: str = '1.0.0') -> None:
        """Propose the first order of a repository."""
        name = repo.rpartition('/')[2]
        self.commit(
            review.HEAD.replace(review.REPO, repo)
            + review.release(version, B, repo),
            f'deliverables/rehearsal/{name}.yaml',
        )

    def test_a_project_that_will_be_new(self) -> None:
        self.order('openstack/new-one')
        result = self.check()
        self.assertFinds(result, 0)
        self.assertEqual(
            {('OSP317', 10), ('OSP319', 10), ('OSP408', 10)}, result.notes
        )
        self.assertEqual({'new-one 1.0.0': 'held'}, result.verdicts)

    def test_a_name_of_the_standard_library(self) -> None:
        self.order('openstack/queue')
        self.assertFinds(self.check(), 1, ('OSP301', 10))

    def test_a_name_that_nothing_says_to_be_published(self) -> None:
        for repo, config in (
            ('openstack/elsewhere', True),
            ('openstack/new-one', False),
        ):
            self.order(repo)
            result = self.check(config=config)
            self.assertFinds(result, 0)
            self.assertEqual({('OSP327', 10)}, result.notes)
            self.assertEqual(['absent'], [*result.verdicts.values()])

    def test_a_pre_release_that_may_not_be_published(self) -> None:
        self.review.add_project('old-one', '0.1.0')
        self.commit(
            review.HEAD.replace('intermediary', 'rc').replace(
                review.REPO, 'openstack/old-one'
            )
            + review.release('1.0.0.0rc1', B, 'openstack/old-one'),
            'deliverables/rehearsal/old-one.yaml',
        )
        result = self.check()
        self.assertFinds(result, 0)
        self.assertEqual({('OSP124', 8)}, result.notes)

    def test_states_roles_and_organizations(self) -> None:
        store = self.review.index.store
        self.add('5.2.0')
        store.set_status('os-vif', 'archived')
        self.assertFinds(self.check(), 1, ('OSP305', 14))
        store.set_status('os-vif', 'quarantined')
        self.assertIn(('OSP306', 14), self.check().places)
        store.set_status('os-vif', 'active')
        store.add_role('os-vif', 'mallory', 'Maintainer')
        result = self.check()
        self.assertFinds(result, 1, ('OSP401', 14))
        self.assertIn('mallory', result.message('OSP401'))
        store.remove_role('os-vif', 'mallory')
        store.add_role('os-vif', 'openstackci', 'Maintainer')
        self.assertFinds(self.check(), 1, ('OSP402', 14))
        store.add_role('os-vif', 'openstackci', 'Owner')
        store.set_organization('os-vif', 'acme')
        self.assertFinds(self.check(), 1, ('OSP403', 14))

    def test_a_failure_for_one_of_ten_projects_leaves_nine(self) -> None:
        for number in range(9):
            self.review.add_project(f'lib{number}', '0.1.0')
            self.review.write(
                review.HEAD.replace(review.REPO, f'openstack/lib{number}')
                + review.release('1.0.0', B, f'openstack/lib{number}'),
                f'deliverables/rehearsal/lib{number}.yaml',
            )
        self.add('5.2.0')
        self.review.fail_for('lib4')
        result = self.check()
        self.assertEqual(3, result.code, result.stdout)
        verdicts = result.verdicts
        self.assertEqual('unknown', verdicts.pop('lib4 1.0.0'))
        self.assertEqual(['held'] * 9, [*verdicts.values()])
        # A failed one outranks it.
        self.review.index.store.add_role('os-vif', 'mallory', 'Owner')
        self.assertEqual(1, self.check().code)

    def test_an_index_that_is_not_there(self) -> None:
        self.review.index.stop()
        self.add('5.2.0')
        result = self.check('--timeout', '1')
        self.assertEqual(3, result.code)
        self.assertEqual({'os-vif 5.2.0': 'unknown'}, result.verdicts)
