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

"""``check``: the change it looks at, its formats, its key, its artifacts."""

from __future__ import annotations

import json
import os
import pathlib
import subprocess

import fixtures
import testtools

from tests.support import artifacts
from tests.support import fast_time
from tests.support import gitrepo
from tests.support import keys
from tests.support import review
from tests.support import scene

B = gitrepo.COMMIT_B
POLICY = 'data/publish-policy.yaml'
STATUS = 'data/series_status.yaml'


class CheckTest(testtools.TestCase):
    def setUp(self) -> None:
        super().setUp()
        self.useFixture(fast_time.FastTime())
        self.review = self.useFixture(review.Review())
        self.check = self.review.check

    def add(self, version: str, commit: str = B) -> str:
        """Propose an order of os-vif."""
        self.review.append(review.release(version, commit))
        return self.review.repo.commit()


class TestTheChange(CheckTest):
    """Which orders are looked at."""

    def test_without_a_change_to_orders_there_is_nothing_to_check(
        self,
    ) -> None:
        self.review.write('y', 'README.rst')
        self.review.repo.commit()
        result = self.check()
        self.assertEqual((0, []), (result.code, result.rows))

    def test_a_merge_brings_all_that_it_merges(self) -> None:
        git = self.review.repo.git
        git('checkout', '--quiet', '-b', 'change')
        self.add('5.2.0')
        self.add('5.3.0')
        git('checkout', '--quiet', '-')
        self.review.write('y', 'README.rst')
        self.review.repo.commit()
        git('merge', '--quiet', '--no-ff', '-m', 'Merge', 'change')
        self.assertEqual(
            {'os-vif 5.2.0': 'failed', 'os-vif 5.3.0': 'held'},
            self.check().verdicts,
        )

    def test_a_range_is_looked_at_instead_of_head(self) -> None:
        first = self.add('5.2.0')
        self.add('5.3.0')
        self.assertEqual({'os-vif 5.3.0': 'held'}, self.check().verdicts)
        self.assertEqual(
            {'os-vif 5.2.0': 'failed', 'os-vif 5.3.0': 'held'},
            self.check('--diff', f'{first}^').verdicts,
        )
        result = self.check('--diff', f'{first}^..{first}')
        self.assertEqual({'os-vif 5.2.0': 'held'}, result.verdicts)

    def test_a_shallow_clone_says_what_to_type(self) -> None:
        self.add('5.2.0')
        clone = pathlib.Path(self.useFixture(fixtures.TempDir()).path, 'c')
        subprocess.run(
            [
                *('git', 'clone', '--quiet', '--depth', '1'),
                *(f'file://{self.review.releases_dir}', str(clone)),
            ],
            env=gitrepo.environment(),
            check=True,
        )
        result = self.check('--releases', str(clone))
        self.assertEqual((3, '[]\n'), (result.code, result.stdout))
        self.assertIn('git fetch --deepen 1', result.stderr)

    def test_a_first_commit_brings_everything(self) -> None:
        os.rename(
            self.review.releases_dir / '.git',
            self.review.directory / 'old.git',
        )
        other = gitrepo.GitRepository(self.review.releases_dir)
        self.useFixture(other).commit()
        result = self.check(config=False)
        self.assertEqual(1, result.code, result.stdout)
        self.assertEqual('failed', result.verdicts['os-vif 5.1.0'])

    def test_a_named_file_before_it_is_committed(self) -> None:
        """What somebody is about to propose is held against HEAD."""
        self.review.append(review.release('5.2.0', B))
        self.assertEqual({}, self.review_of_head())
        result = self.check(review.PATH)
        self.assertEqual({'os-vif 5.2.0': 'held'}, result.verdicts)
        self.review.append(review.release("'5.3'", B))
        result = self.check(str(self.review.releases_dir / review.PATH))
        self.assertEqual({('OSP121', 16), ('OSP126', 12)}, result.places)

    def review_of_head(self) -> dict[str, str]:
        """Return verdicts of what HEAD brings: nothing new of os-vif."""
        self.review.repo.git('commit', '--quiet', '--allow-empty', '-m', 'x')
        return self.check().verdicts

    def test_a_named_file_of_the_change_or_of_none(self) -> None:
        self.add('5.2.0')
        result = self.check(review.PATH)
        self.assertEqual({'os-vif 5.2.0': 'held'}, result.verdicts)
        self.assertEqual(set(), result.notes)
        self.review.index.store.add_file(
            'os-vif', '5.2.0', 'os_vif-5.2.0.tar.gz', b'released'
        )
        self.assertEqual(1, self.check().code)
        # Once it is history, its last release is only noted.
        self.assertEqual({}, self.review_of_head())
        result = self.check(review.PATH)
        self.assertEqual(0, result.code)
        self.assertEqual({('OSP326', 12)}, result.notes)

    def test_outside_git_the_last_order_of_each_named_file(self) -> None:
        self.review.append(review.release("'5.2'", B))
        os.rename(
            self.review.releases_dir / '.git',
            self.review.directory / 'old.git',
        )
        result = self.check(review.PATH)
        self.assertEqual({('OSP121', 12)}, result.places)
        self.assertEqual({'os-vif 5.2': 'failed'}, result.verdicts)
        result = self.check()
        self.assertEqual(2, result.code)
        self.assertIn('name deliverable files', result.stderr)
        self.assertEqual(2, self.check(review.PATH, '--diff', 'HEAD').code)

    def test_the_policy_in_force_is_the_one_before_the_change(self) -> None:
        """A change cannot allow itself what it needs."""
        self.review.index.store.add_role('os-vif', 'mallory', 'Owner')
        policy = (
            'schema: openstack-publish/policy/1\n'
            'maintainers:\n'
            '  allowed: [{user: mallory, role: Owner}]\n'
        )
        self.review.write(policy, POLICY)
        self.add('5.2.0')
        self.assertEqual({('OSP401', 14)}, self.check().places)
        self.assertEqual(
            set(),
            self.check(
                '--policy', str(self.review.releases_dir / POLICY)
            ).places,
        )
        self.add('5.3.0')
        self.assertEqual(set(), self.check().places)

    def test_for_what_is_not_committed_the_policy_of_head_is_in_force(
        self,
    ) -> None:
        self.review.index.store.add_role('os-vif', 'mallory', 'Owner')
        policy = (
            'schema: openstack-publish/policy/1\n'
            'maintainers:\n'
            '  allowed: [{user: %s, role: Owner}]\n'
        )
        self.review.write(policy % 'mallory', POLICY)
        self.review.repo.commit()
        self.review.append(review.release('5.2.0', B))
        result = self.check(review.PATH)
        self.assertEqual((0, set()), (result.code, result.places))
        # What is on disk, and not in HEAD, allows nothing.
        self.review.write(policy % 'eve', POLICY)
        self.assertEqual(set(), self.check(review.PATH).places)

    def test_a_waiver_of_the_policy_counts(self) -> None:
        self.review.write(
            'schema: openstack-publish/policy/1\n'
            'waivers:\n'
            '  - code: OSP121\n'
            '    project: os-vif\n'
            '    until: 2999-01-01\n'
            '    reason: it is tagged already\n',
            POLICY,
        )
        self.review.repo.commit()
        self.add('5.2.0a1')
        result = self.check()
        self.assertIn(('OSP121', 12), result.notes)
        self.assertNotIn(('OSP121', 12), result.places)


class TestWrongUsage(CheckTest):
    """Exit 2, and nothing but what is wrong on stderr."""

    def assertWrong(self, result: review.Result, words: str) -> None:
        self.assertEqual(2, result.code, result.stdout + result.stderr)
        self.assertIn(words, result.stderr)

    def test_what_is_named_must_be_there(self) -> None:
        self.add('5.2.0')
        for arguments, words in (
            (('gone.yaml',), 'there is no file gone.yaml'),
            ((STATUS,), 'no deliverable file'),
            (('--diff', 'nowhere'), "no commit 'nowhere'"),
            (('--diff', ''), "'' is not understood"),
            (('--diff', '..'), "'..' is not understood"),
            (('--diff', 'HEAD...HEAD'), 'is not understood'),
            (('--policy', 'nowhere'), 'there is no policy file nowhere'),
            (('--dist', 'nowhere'), 'nowhere'),
            (('--project-config', 'tests'), 'no checkout of openstack/proj'),
            (('--releases', 'nowhere'), 'there is no directory nowhere'),
            (('--read-url', 'http://example.org/'), 'is http'),
            (('-c', 'colour'), 'there is no column colour'),
        ):
            result = self.check(*arguments)
            self.assertWrong(result, words)
            self.assertEqual('[]\n', result.stdout)

    def test_arguments_that_are_none_leave_stdout_empty(self) -> None:
        for arguments in (('--jobs', '0'), ('--dif', 'HEAD'), ('-f', 'xml')):
            result = self.check(*arguments)
            self.assertEqual((2, ''), (result.code, result.stdout))

    def test_a_checkout_has_to_be_named(self) -> None:
        result = scene.run(['check'], {})
        self.assertEqual(2, result.code)
        self.assertIn('OPENSTACK_PUBLISH_RELEASES', result.stderr)

    def test_malformed_files_beside_the_deliverables(self) -> None:
        gitrepo.write(self.review.config, 'zuul.d/x.yaml', '- project: [\n')
        self.assertWrong(self.check(), 'zuul.d/x.yaml:2:1')
        self.assertEqual(0, self.check(config=False).code)
        self.review.write('schema: x\n', POLICY)
        self.review.repo.commit()
        # What the change leaves behind is a finding, what is in force is not.
        result = self.check(config=False)
        self.assertEqual({('OSP409', 1)}, result.places)
        self.assertEqual([POLICY], [row['path'] for row in result.rows])
        self.add('5.2.0')
        self.assertWrong(self.check(config=False), f'{POLICY}:1:')


class TestFormats(CheckTest):
    """One result, said in several ways."""

    def wrong(self) -> None:
        """Propose an order with several things wrong, one of them hostile."""
        self.review.index.store.add_role('os-vif', 'mallory', 'Owner')
        self.review.append(review.release("'5.2'", B))
        self.review.append('    "higlights\\e[31m": x\n')
        self.review.repo.commit()

    def test_text_groups_by_file_within_80_columns(self) -> None:
        self.wrong()
        result = self.check('-f', 'table')
        self.assertEqual(1, result.code)
        lines = result.stdout.splitlines()
        self.assertEqual([], [line for line in lines if len(line) > 80])
        self.assertEqual(
            [STATUS, review.PATH],
            [line for line in lines if line and not line.startswith(' ')][:2],
        )
        self.assertTrue(result.stdout.replace('\n', '').isprintable())
        self.assertIn('    OSP121 error: line 12: os-vif 5.2: ', result.stdout)
        self.assertIn('      why: ', result.stdout)
        self.assertIn('      do: ', result.stdout)
        self.assertEqual('3 looked at: 2 failed, 1 held', lines[-1])

    def test_csv_value_and_yaml(self) -> None:
        self.wrong()
        self.assertEqual(
            f'{review.PATH},OSP101\n',
            self.check(
                *('-f', 'csv', '-c', 'path', '-c', 'findings'),
                *('--quote', 'none'),
            ).stdout.splitlines(keepends=True)[1],
        )
        value = self.check('-f', 'value', '-c', 'project', '-c', 'verdict')
        self.assertIn('os-vif failed\n', value.stdout)
        self.assertIn('code: OSP121\n', self.check('-f', 'yaml').stdout)

    def test_zuul_takes_what_is_returned(self) -> None:
        self.wrong()
        result = self.check('-f', 'zuul')
        self.assertEqual(1, result.code)
        returned = result.returned()
        self.assertEqual([review.PATH], [*returned['file_comments']])
        comments = returned['file_comments'][review.PATH]
        self.assertEqual(
            {('OSP101', 16), ('OSP121', 12), ('OSP401', 14)},
            {(each['message'][:6], each['line']) for each in comments},
        )
        self.assertEqual({'error'}, {each['level'] for each in comments})
        self.assertEqual([], returned['warnings'])
        for each in comments:
            self.assertIn('\nWhy: ', each['message'])
            self.assertIn('\nWhat to do: ', each['message'])

    def test_what_has_no_line_is_a_warning_to_zuul(self) -> None:
        """So is what is in a file that the change does not have."""
        (self.review.repo.root / review.PATH).unlink()
        status = self.review.repo.root / STATUS
        status.write_text(
            status.read_text()
            .replace('end: present', 'end: 2020-01-01')
            .replace('start: 20', 'start: 19')
        )
        self.review.repo.commit()
        returned = self.check('-f', 'zuul').returned()
        self.assertEqual({}, returned['file_comments'])
        self.assertEqual(
            [f'{STATUS}: OSP519', f'{review.PATH}: OSP127'],
            [text[: text.index('OSP') + 6] for text in returned['warnings']],
        )

    def test_an_odd_file_name_harms_no_format(self) -> None:
        path = 'deliverables/rehearsal/a\x1b[31m\udcff.yaml'
        self.review.write('team: [\n', path)
        self.review.repo.commit()
        returned = self.check('-f', 'zuul').returned()
        self.assertEqual({}, returned['file_comments'])
        (warning,) = returned['warnings']
        self.assertIn('\\x1b', warning)
        for form in ('table', 'csv', 'value', 'yaml'):
            result = self.check('-f', form)
            self.assertEqual(1, result.code, form + result.stderr)
            self.assertTrue(result.stdout.encode())
            self.assertNotIn('\x1b', result.stdout)
        self.assertEqual(path, self.check().rows[0]['path'])

    def test_a_failure_leaves_a_document(self) -> None:
        for form, document in (('json', []), ('zuul', {})):
            result = self.check('-f', form, '--diff', 'nowhere')
            self.assertEqual(2, result.code)
            self.assertEqual(document, json.loads(result.stdout))


class TestTheKey(CheckTest):
    """The key of the day, in the checkout."""

    def replace(self, *pairs: tuple[str, str]) -> review.Result:
        """Change the list of series, and check."""
        status = self.review.repo.root / STATUS
        text = status.read_text()
        for old, new in pairs:
            self.assertIn(old, text)
            text = text.replace(old, new)
        status.write_text(text)
        self.review.repo.commit()
        return self.check()

    def test_a_key_that_is_not_there(self) -> None:
        (self.file,) = (self.review.repo.root / 'doc/source/static').iterdir()
        self.file.unlink()
        result = self.check()
        self.assertEqual(1, result.code)
        self.assertEqual({('OSP520', 7)}, result.places)
        (found,) = result.findings
        self.assertEqual(STATUS, found['path'])
        self.file.write_text('no key')
        self.assertEqual({('OSP520', 7)}, self.check().places)

    def test_a_list_that_is_malformed(self) -> None:
        result = self.replace(('status: development', 'status: develop'))
        self.assertEqual(1, result.code)
        self.assertEqual({('OSP519', 4)}, result.places)
        returned = self.check('-f', 'zuul').returned()
        self.assertEqual([STATUS], [*returned['file_comments']])

    def test_no_key_for_today(self) -> None:
        result = self.replace(
            ('end: present', 'end: 2020-01-01'), ('start: 20', 'start: 19')
        )
        self.assertEqual({('OSP519', None)}, result.places)

    def test_a_checkout_without_a_list_is_noted(self) -> None:
        (self.review.repo.root / STATUS).unlink()
        result = self.check('-f', 'table')
        self.assertEqual(0, result.code)
        self.assertIn('OSP519 note: the checkout has no', result.stdout)
        self.assertEqual([], self.check().rows)

    def test_a_key_that_nobody_certified(self) -> None:
        """It comes after another one, which did not sign it."""
        ring = self.useFixture(keys.Keyring())
        before = ring.generate()
        static = self.review.repo.root / 'doc/source/static'
        pathlib.Path(ring.public_file(before)).rename(
            static / f'0x{before.primary.lower()}.txt'
        )
        status = self.review.repo.root / STATUS
        with status.open('a') as opened:
            opened.write(
                '- name: before\n  status: maintained\n  signing-key:\n'
                f'    key: {before.primary.lower()}\n'
                '    start: 2020-01-01\n    end: 2020-06-01\n'
            )
        self.review.repo.commit()
        result = self.check()
        self.assertEqual({('OSP522', 7)}, result.places)
        self.assertIn(before.primary, result.message('OSP522'))


class TestDistributions(CheckTest):
    """``--dist``: steps 1 to 9, with what a test job built."""

    def setUp(self) -> None:
        super().setUp()
        self.dist = self.review.directory / 'built'
        self.dist.mkdir()

    def build(self, commit: str = B) -> None:
        """Write what a test job would have built of os-vif 5.2.0."""
        for write in (artifacts.write_sdist, artifacts.write_wheel):
            write(
                str(self.dist),
                'os-vif',
                '5.2.0',
                git_version=commit[:8],
            )

    def test_sound_artifacts_are_clean_without_token_and_key(self) -> None:
        self.build()
        self.add('5.2.0')
        result = self.check('--dist', str(self.dist))
        self.assertEqual(0, result.code, result.stdout + result.stderr)
        notes = {code for code, _ in result.notes}
        self.assertLessEqual({'OSP516', 'OSP604'}, notes)
        self.assertEqual({'os-vif 5.2.0': 'held'}, result.verdicts)
        self.assertEqual((), self.review.index.uploads)

    def test_artifacts_of_another_commit(self) -> None:
        self.build('c' * 40)
        self.add('5.2.0')
        result = self.check('--dist', str(self.dist))
        self.assertEqual(1, result.code)
        self.assertEqual({('OSP110', 15)}, result.places)

    def test_artifacts_of_no_order_are_a_row_of_their_own(self) -> None:
        self.build()
        self.add('5.3.0')
        result = self.check('--dist', str(self.dist))
        self.assertEqual(1, result.code)
        self.assertIn('OSP102', {code for code, _ in result.places})
        self.assertEqual({'os-vif 5.3.0': 'held'}, result.verdicts)
