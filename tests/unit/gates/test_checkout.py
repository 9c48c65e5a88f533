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

from __future__ import annotations

import os
import pathlib

import fixtures
import testtools

from openstack_publish import exceptions
from openstack_publish.gates import checkout
from openstack_publish.gates import processes
from openstack_publish.model import knowledge
from openstack_publish.model import located
from openstack_publish.model import names
from tests.support import gitrepo

OS_VIF = names.project_name('os-vif')
PATH = 'deliverables/hibiscus/os-vif.yaml'


class _Case(testtools.TestCase):
    def setUp(self) -> None:
        super().setUp()
        self.root = pathlib.Path(self.useFixture(fixtures.TempDir()).path)
        (self.root / 'deliverables').mkdir()

    def _write(self, path: str, text: str) -> None:
        gitrepo.write(self.root, path, text)

    def _checkout(self, root: pathlib.Path | None = None) -> checkout.Checkout:
        return checkout.Checkout(
            str(root or self.root),
            processes.Processes(gitrepo.environment()),
        )


class TestMisconfigured(testtools.TestCase):
    """A directory that is no checkout is refused at once."""

    def setUp(self) -> None:
        super().setUp()
        self.root = pathlib.Path(self.useFixture(fixtures.TempDir()).path)

    def _assert_misconfigured(self, root: pathlib.Path, message: str) -> None:
        error = self.assertRaises(
            exceptions.Misconfigured,
            checkout.Checkout,
            str(root),
            processes.Processes({}),
        )
        self.assertEqual(message, error.message)
        self.assertEqual(str(root), error.where)

    def test_a_directory_that_is_not_there(self) -> None:
        root = self.root / 'nowhere'
        self._assert_misconfigured(root, f'there is no directory {root}')

    def test_a_file(self) -> None:
        root = gitrepo.write(self.root, 'a', '')
        self._assert_misconfigured(root, f'there is no directory {root}')

    def test_a_directory_without_deliverables(self) -> None:
        self._assert_misconfigured(
            self.root,
            f'{self.root} is no checkout of openstack/releases: it has no '
            'directory deliverables',
        )


class TestFindOrders(_Case):
    """Orders are found by project and version over all files."""

    def _found(
        self, project: str, version: str, repo: str | None = None
    ) -> list[tuple[str, str, str]]:
        search = self._checkout().find_orders(
            names.project_name(project), version, repo
        )
        self.assertEqual((), search.problems)
        return [
            (
                order.deliverable.path if order.deliverable else '',
                order.repo,
                order.version,
            )
            for order in search.orders
        ]

    def test_of_an_empty_checkout_nothing_is_found(self) -> None:
        self.assertEqual([], self._found('os-vif', '5.2.0'))

    def test_another_version_is_no_order(self) -> None:
        for version in ('5.2.0', '15.2.1', '5.2.10', '5.2.1.1', '5.2.1rc1'):
            self._write(PATH, gitrepo.deliverable(version))
            self.assertEqual([], self._found('os-vif', '5.2.1'), version)

    def test_every_spelling_of_a_version_is_the_same(self) -> None:
        for asked, written in (
            ('5.2.0', '"5.2"'),
            ('5.2', '5.2.0'),
            ('5.2.0', 'v5.2.0'),
            ('5.2.0', '5.02.0.0'),
            ('5', '5.0.0'),
            ('1.0.0rc1', '1.0.0.0rc1'),
            ('1.0.0rc1', '1.0.0.rc1'),
            ('1.0.0rc1', '1.0.0-RC.1'),
            ('1.0.0rc1', '1.0.0c1'),
            ('1.0.0rc1', '1.0.0.pre1'),
            ('1.0.0a1', '1.0.0.0a1'),
            ('1.0.0a1', '1.0.0Alpha1'),
            ('1.0.0b0', '1.0.0beta'),
            ('1.0.0.post1', '"1.0.0-1"'),
            ('1.0.0.dev3', '1.0.0dev3'),
            ('2!1.0', '2!1.0.0'),
            ('1.0+x', '1.0+X'),
            ('victoria-eol', 'victoria-eol'),
        ):
            self._write(PATH, gitrepo.deliverable(written))
            self.assertEqual(
                [(PATH, 'openstack/os-vif', written.strip('"'))],
                self._found('os-vif', asked),
                f'{asked} is not found as {written}',
            )

    def test_every_spelling_of_a_name_is_the_same(self) -> None:
        for repo in ('openstack/os_vif', 'openstack/OS.-vif', 'x/Os-Vif'):
            self._write(PATH, gitrepo.deliverable('5.2.0', repo))
            self.assertEqual(
                [(PATH, repo, '5.2.0')], self._found('os-vif', '5.2.0')
            )

    def test_an_escaped_name_or_version_is_no_hiding_place(self) -> None:
        self._write(
            PATH,
            gitrepo.deliverable('"\\x35.2.0"', '"openstack/os\\u002dvif"'),
        )
        self.assertEqual(
            [(PATH, 'openstack/os-vif', '5.2.0')],
            self._found('os-vif', '5.2.0'),
        )

    def test_pypi_name_and_tarball_base_are_names_too(self) -> None:
        for more in ('pypi-name: Os-Vif-Ng', 'tarball-base: os_vif.ng'):
            self._write(
                PATH,
                gitrepo.deliverable(
                    '5.2.0',
                    more=f'''
                    repository-settings:
                      openstack/os-vif:
                        {more}
                    ''',
                ),
            )
            self.assertEqual(
                [(PATH, 'openstack/os-vif', '5.2.0')],
                self._found('os-vif-ng', '5.2.0'),
            )

    def test_where_the_file_names_another_the_repository_still_leads_there(
        self,
    ) -> None:
        self._write(
            PATH,
            gitrepo.deliverable('5.2.0')
            + '        tarball-base: something-else\n',
        )
        self.assertEqual(
            [(PATH, 'openstack/os-vif', '5.2.0')],
            self._found('os-vif', '5.2.0'),
        )

    def test_a_file_that_gives_the_name_goes_before_one_that_does_not(
        self,
    ) -> None:
        self._write(
            PATH,
            gitrepo.deliverable('5.2.0')
            + '        tarball-base: something-else\n',
        )
        other = 'deliverables/hibiscus/zz.yaml'
        self._write(
            other,
            gitrepo.deliverable('5.2.0', 'openstack/zz')
            + '        tarball-base: os-vif\n',
        )
        self.assertEqual(
            [(other, 'openstack/zz', '5.2.0')],
            self._found('os-vif', '5.2.0'),
        )

    def test_only_the_repository_that_was_named_counts(self) -> None:
        self._write(PATH, gitrepo.deliverable('5.2.0'))
        self._write(
            'deliverables/hibiscus/zz.yaml',
            gitrepo.deliverable('5.2.0', 'openstack/zz')
            + '        tarball-base: os-vif\n',
        )
        self.assertEqual(
            [(PATH, 'openstack/os-vif', '5.2.0')],
            self._found('os-vif', '5.2.0', 'openstack/os-vif'),
        )
        self.assertEqual([], self._found('os-vif', '5.2.0', 'x/os-vif'))

    def test_a_named_repository_is_found_whatever_its_project(self) -> None:
        self._write(PATH, gitrepo.deliverable('5.2.0', 'openstack/zz'))
        self.assertEqual([], self._found('os-vif', '5.2.0'))
        self.assertEqual(
            [(PATH, 'openstack/zz', '5.2.0')],
            self._found('os-vif', '5.2.0', 'openstack/zz'),
        )

    def test_every_file_that_orders_it_is_found_in_order(self) -> None:
        paths = [
            'deliverables/_independent/os-vif.yaml',
            'deliverables/gazpacho/a.yaml',
            PATH,
        ]
        for path in reversed(paths):
            self._write(path, gitrepo.deliverable('5.2.0'))
        self.assertEqual(
            paths, [path for path, _, _ in self._found('os-vif', '5.2.0')]
        )

    def test_only_yaml_files_one_level_deep_are_deliverables(self) -> None:
        for path in (
            'deliverables/os-vif.yaml',
            'deliverables/hibiscus/.os-vif.yaml',
            'deliverables/.hibiscus/os-vif.yaml',
            'deliverables/hibiscus/os-vif.yaml.orig',
            'deliverables/hibiscus/x/os-vif.yaml',
        ):
            self._write(path, gitrepo.deliverable('5.2.0'))
        (self.root / 'deliverables/hibiscus/dir.yaml').mkdir()
        os.mkfifo(self.root / 'deliverables/hibiscus/pipe.yaml')
        self.assertEqual([], self._found('os-vif', '5.2.0'))

    def test_a_broken_file_that_may_hold_it_is_a_problem(self) -> None:
        self._write(PATH, gitrepo.deliverable('5.2.0'))
        broken = 'deliverables/gazpacho/os-vif.yaml'
        self._write(broken, gitrepo.deliverable('5.2.0') + 'x: [\n')
        search = self._checkout().find_orders(OS_VIF, '5.2.0')
        self.assertEqual(1, len(search.orders))
        self.assertEqual(
            [f'{broken}:9:1'],
            [
                located.described(problem).partition(': ')[0]
                for problem in search.problems
            ],
        )

    def test_all_that_is_wrong_with_the_ordering_file_is_told(self) -> None:
        self._write(
            PATH,
            gitrepo.deliverable('5.2.0', more='branches: 1\nteam: x\n'),
        )
        search = self._checkout().find_orders(OS_VIF, '5.2.0')
        self.assertEqual(1, len(search.orders))
        self.assertEqual(
            [
                f'{PATH}:8:1: branches: must be a list, is the number 1',
                f"{PATH}:9:1: team: the key 'team' stands here a second time",
            ],
            [located.described(problem) for problem in search.problems],
        )

    def test_a_spoilt_order_is_a_problem_of_its_own(self) -> None:
        self._write(PATH, gitrepo.deliverable('5.2.0', commit='abc'))
        search = self._checkout().find_orders(OS_VIF, '5.2.0')
        self.assertEqual((), search.orders)
        self.assertEqual(
            [('releases', 0, 'projects', 0, 'hash')],
            [problem.place.key for problem in search.problems],
        )

    def test_a_misspelt_releases_key_is_no_silence(self) -> None:
        self._write(
            PATH,
            gitrepo.deliverable('5.2.0').replace('releases:', 'release:'),
        )
        search = self._checkout().find_orders(OS_VIF, '5.2.0')
        self.assertEqual(
            ['unknown key; releases may be meant'],
            [problem.message for problem in search.problems],
        )

    def test_what_is_wrong_elsewhere_in_other_files_is_of_no_interest(
        self,
    ) -> None:
        self._write(PATH, gitrepo.deliverable('5.2.0'))
        self._write(
            'deliverables/hibiscus/os-vif-ng.yaml',
            gitrepo.deliverable(
                '5.2.0', 'openstack/os-vif-ng', more='branches: 1\n'
            ),
        )
        self.assertEqual(
            [(PATH, 'openstack/os-vif', '5.2.0')],
            self._found('os-vif', '5.2.0'),
        )

    def test_deliverables_that_vanish_are_unavailable(self) -> None:
        opened = self._checkout()
        (self.root / 'deliverables').rmdir()
        error = self.assertRaises(
            exceptions.Unavailable, opened.find_orders, OS_VIF, '5.2.0'
        )
        self.assertEqual(f'the deliverable files of {self.root}', error.what)
        self.assertIn('No such file or directory', error.cause)

    def test_a_checkout_may_be_reached_by_a_symbolic_link(self) -> None:
        self._write(PATH, gitrepo.deliverable('5.2.0'))
        link = self.root / 'link'
        link.symlink_to(self.root)
        search = self._checkout(link).find_orders(OS_VIF, '5.2.0')
        assert search.orders[0].deliverable is not None
        self.assertEqual(PATH, search.orders[0].deliverable.path)


class TestOrdering(_Case):
    """The files that may order one of many releases."""

    def _paths(self, *releases: tuple[str, str]) -> list[str]:
        found = self._checkout().ordering(releases)
        return [each.path for each in found]

    def test_repository_and_version_have_to_stand_in_a_file(self) -> None:
        self._write(PATH, gitrepo.deliverable('5.2.0'))
        other = PATH.replace('os-vif', 'nova')
        self._write(other, gitrepo.deliverable('5.2.0', 'openstack/nova'))
        malformed = PATH.replace('os-vif', 'a')
        self._write(malformed, 'openstack/os-vif 5.2.0: [')
        ours = ('openstack/os-vif', '5.2.0')
        theirs = ('openstack/nova', '5.2.0')
        self.assertEqual([], self._paths())
        self.assertEqual([PATH], self._paths(ours))
        self.assertEqual([other, PATH], self._paths(ours, theirs))
        for elsewhere in (
            ('openstack/os-vif', '5.2'),
            ('openstack/os-vif', '15.2.0'),
            ('openstack/os', '5.2.0'),
        ):
            self.assertEqual([], self._paths(elsewhere))

    def test_what_may_be_escaped_is_not_passed_over(self) -> None:
        self._write(PATH, gitrepo.deliverable('"\\x35.2.0"'))
        self.assertEqual([PATH], self._paths(('openstack/os-vif', '5.2.0')))


class TestReadDeliverable(_Case):
    """One file that was named."""

    def test_a_file_that_is_not_there_is_misconfigured(self) -> None:
        error = self.assertRaises(
            exceptions.Misconfigured, self._checkout().read_deliverable, PATH
        )
        self.assertEqual(
            f'there is no deliverable file {PATH} in {self.root}',
            error.message,
        )

    def test_an_unreadable_file_has_problems_and_no_value(self) -> None:
        self._write(PATH, 'a: [\n')
        reading = self._checkout().read_deliverable(PATH)
        self.assertIsNone(reading.deliverable)
        self.assertEqual(2, reading.problems[0].place.line)

    def test_a_malformed_file_has_a_value_and_its_problems(self) -> None:
        self._write(PATH, gitrepo.deliverable('5.2.0') + 'x: 1\n')
        reading = self._checkout().read_deliverable(PATH)
        assert reading.deliverable is not None
        self.assertEqual('nova', reading.deliverable.team)
        self.assertEqual((8, 1), _position(reading.problems[0].place))

    def test_a_good_file_has_no_problems(self) -> None:
        self._write(PATH, gitrepo.deliverable('5.2.0'))
        reading = self._checkout().read_deliverable(PATH)
        assert reading.deliverable is not None
        self.assertEqual((), reading.problems)
        self.assertEqual(PATH, reading.deliverable.path)

    def test_a_key_is_placed_in_its_file(self) -> None:
        self._write(PATH, gitrepo.deliverable('5.2.0'))
        opened = self._checkout()
        key: located.KeyPath = ('releases', 0, 'projects', 0, 'hash')
        self.assertEqual(
            located.Place(PATH, key, 7, 9), opened.place(PATH, key)
        )

    def test_in_an_empty_file_a_place_has_no_line(self) -> None:
        self._write(PATH, '')
        self.assertEqual(
            located.Place(PATH, ('team',)),
            self._checkout().place(PATH, ('team',)),
        )

    def test_without_the_file_a_place_has_no_line(self) -> None:
        self.assertEqual(
            located.Place(PATH, ('team',)),
            self._checkout().place(PATH, ('team',)),
        )


class TestRelative(_Case):
    """A deliverable file may be named in several ways."""

    def setUp(self) -> None:
        super().setUp()
        self._write(PATH, gitrepo.deliverable('5.2.0'))

    def _change_directory(self, path: pathlib.Path) -> None:
        self.addCleanup(os.chdir, os.getcwd())
        os.chdir(path)

    def test_relative_to_the_checkout(self) -> None:
        self.assertEqual(PATH, self._checkout().relative(PATH))
        self.assertEqual(
            PATH, self._checkout().relative('deliverables/../' + PATH)
        )

    def test_absolute(self) -> None:
        self.assertEqual(
            PATH, self._checkout().relative(str(self.root / PATH))
        )

    def test_relative_to_the_working_directory(self) -> None:
        opened = self._checkout()
        self._change_directory(self.root / 'deliverables' / 'hibiscus')
        self.assertEqual(PATH, opened.relative('os-vif.yaml'))

    def test_by_a_symbolic_link_to_the_checkout(self) -> None:
        link = pathlib.Path(self.useFixture(fixtures.TempDir()).path) / 'link'
        link.symlink_to(self.root)
        self.assertEqual(
            PATH, self._checkout(link).relative(str(self.root / PATH))
        )
        self.assertEqual(PATH, self._checkout().relative(str(link / PATH)))

    def test_a_file_that_is_nowhere_is_misconfigured(self) -> None:
        error = self.assertRaises(
            exceptions.Misconfigured, self._checkout().relative, 'nowhere'
        )
        self.assertEqual(
            f'there is no file nowhere, neither here nor in {self.root}',
            error.message,
        )

    def test_a_file_elsewhere_is_misconfigured(self) -> None:
        elsewhere = pathlib.Path(self.useFixture(fixtures.TempDir()).path)
        outside = gitrepo.write(elsewhere, PATH, 'a')
        self._write('data/hibiscus/x.yaml', 'a')
        self._write('deliverables/hibiscus/x.txt', 'a')
        for path in (
            str(outside),
            'data/hibiscus/x.yaml',
            'deliverables/hibiscus/x.txt',
            'deliverables/hibiscus/../../data/hibiscus/x.yaml',
        ):
            error = self.assertRaises(
                exceptions.Misconfigured, self._checkout().relative, path
            )
            self.assertIn('is no deliverable file of', error.message)


class TestGit(testtools.TestCase):
    """What git says of the checkout."""

    def setUp(self) -> None:
        super().setUp()
        self.repository = self.useFixture(gitrepo.GitRepository())
        self.root = self.repository.root
        self.repository.write(PATH, gitrepo.deliverable('5.2.0'))
        self.commit = self.repository.commit()
        self.checkout = self._checkout(self.root)

    def _checkout(self, root: pathlib.Path) -> checkout.Checkout:
        return checkout.Checkout(str(root), self.repository.programs)

    def _as_committed(self) -> knowledge.Knowledge[bool]:
        return self.checkout.as_committed(PATH)

    def test_head_is_the_commit(self) -> None:
        self.assertEqual(knowledge.Known(self.commit), self.checkout.head())

    def test_a_clean_file_is_as_committed(self) -> None:
        self.assertEqual(knowledge.Known(True), self._as_committed())

    def test_an_edited_file_is_not_as_committed(self) -> None:
        self.repository.write(PATH, gitrepo.deliverable('5.2.1'))
        self.assertEqual(knowledge.Known(False), self._as_committed())

    def test_a_staged_file_is_not_as_committed(self) -> None:
        self.repository.write(PATH, gitrepo.deliverable('5.2.1'))
        self.repository.git('add', PATH)
        self.assertEqual(knowledge.Known(False), self._as_committed())

    def test_assume_unchanged_hides_nothing(self) -> None:
        for flag in ('--assume-unchanged', '--skip-worktree'):
            self.repository.git('update-index', flag, PATH)
        self.repository.write(PATH, gitrepo.deliverable('5.2.1'))
        self.assertEqual('', self.repository.git('status', '--porcelain'))
        self.assertEqual(knowledge.Known(False), self._as_committed())

    def test_a_replacement_object_hides_nothing(self) -> None:
        blob = self.repository.git('rev-parse', f'HEAD:{PATH}')
        self.repository.write(PATH, gitrepo.deliverable('5.2.1'))
        other = self.repository.git('hash-object', '-w', PATH)
        self.repository.git('replace', blob, other)
        self.assertEqual(knowledge.Known(False), self._as_committed())

    def test_a_filter_hides_nothing(self) -> None:
        self.repository.write('.git/info/attributes', '*.yaml ident\n')
        self.repository.write(
            PATH, '# $Id: 1 $\n' + gitrepo.deliverable('5.2.0')
        )
        self.repository.commit()
        self.assertEqual('', self.repository.git('status', '--porcelain'))
        self.assertEqual(knowledge.Known(False), self._as_committed())

    def test_an_untracked_file_is_not_as_committed(self) -> None:
        path = 'deliverables/hibiscus/new.yaml'
        self.repository.write(path, gitrepo.deliverable('5.2.0'))
        self.assertEqual(
            knowledge.Known(False), self.checkout.as_committed(path)
        )

    def test_a_name_like_a_pattern_stands_for_itself(self) -> None:
        path = 'deliverables/hibiscus/*.yaml'
        self.repository.write(path, gitrepo.deliverable('5.2.0'))
        self.assertEqual(
            knowledge.Known(False), self.checkout.as_committed(path)
        )

    def test_a_link_is_not_what_it_points_to(self) -> None:
        (self.root / PATH).rename(self.root / 'elsewhere')
        (self.root / PATH).symlink_to('../../elsewhere')
        self.repository.commit()
        self.assertEqual(knowledge.Known(False), self._as_committed())

    def test_the_bytes_that_were_read_are_the_ones_that_count(self) -> None:
        good = (self.root / PATH).read_text()
        self.repository.write(PATH, gitrepo.deliverable('5.2.1'))
        search = self.checkout.find_orders(OS_VIF, '5.2.1')
        self.assertEqual(1, len(search.orders))
        (self.root / PATH).write_text(good)
        self.assertEqual(knowledge.Known(False), self._as_committed())
        self.checkout.read_deliverable(PATH)
        self.assertEqual(knowledge.Known(True), self._as_committed())

    def test_a_file_that_vanished_is_unknown(self) -> None:
        (self.root / PATH).unlink()
        state = self._as_committed()
        assert isinstance(state, knowledge.Unknown)
        self.assertEqual(f'whether {PATH} is as committed at HEAD', state.what)
        self.assertIn('No such file', state.why)

    def test_a_link_to_the_work_tree_is_the_work_tree(self) -> None:
        link = pathlib.Path(self.useFixture(fixtures.TempDir()).path) / 'link'
        link.symlink_to(self.root)
        linked = self._checkout(link)
        self.assertEqual(knowledge.Known(self.commit), linked.head())
        self.assertEqual(knowledge.Known(True), linked.as_committed(PATH))

    def test_a_second_work_tree_is_one_too(self) -> None:
        other = self.root / 'other'
        self.repository.git('worktree', 'add', '--quiet', str(other))
        second = self._checkout(other)
        self.assertEqual(knowledge.Known(self.commit), second.head())
        self.assertEqual(knowledge.Known(True), second.as_committed(PATH))

    def test_a_directory_of_another_repository_is_no_checkout(self) -> None:
        gitrepo.write(self.root, f'copy/{PATH}', gitrepo.deliverable('5.2.0'))
        self.repository.commit()
        copy = self._checkout(self.root / 'copy')
        self.assertEqual(knowledge.Known(None), copy.head())
        state = copy.as_committed(PATH)
        assert isinstance(state, knowledge.Unknown)
        self.assertEqual(f'{self.root}/copy is no git checkout', state.why)

    def test_files_without_git_are_no_checkout(self) -> None:
        root = pathlib.Path(self.useFixture(fixtures.TempDir()).path)
        gitrepo.write(root, PATH, gitrepo.deliverable('5.2.0'))
        self.assertEqual(knowledge.Known(None), self._checkout(root).head())

    def test_a_git_directory_that_is_none_is_unknown(self) -> None:
        gitrepo.write(self.root, f'copy/{PATH}', gitrepo.deliverable('5.2.0'))
        (self.root / 'copy' / '.git').mkdir()
        head = self._checkout(self.root / 'copy').head()
        assert isinstance(head, knowledge.Unknown)
        self.assertEqual(
            f'git takes {self.root} for the top of the work tree', head.why
        )

    def test_a_repository_without_a_commit_is_unknown(self) -> None:
        empty = self.useFixture(gitrepo.GitRepository())
        empty.write(PATH, gitrepo.deliverable('5.2.0'))
        head = self._checkout(empty.root).head()
        assert isinstance(head, knowledge.Unknown)
        self.assertEqual('fatal: Needed a single revision', head.why)

    def test_a_repository_without_a_work_tree_is_unknown(self) -> None:
        self.repository.git('config', 'core.bare', 'true')
        head = self.checkout.head()
        assert isinstance(head, knowledge.Unknown)
        self.assertEqual(
            'fatal: this operation must be run in a work tree', head.why
        )

    def test_a_repository_of_sha_256_is_unknown(self) -> None:
        other = pathlib.Path(self.useFixture(fixtures.TempDir()).path)
        self.repository.git(
            'init', '--quiet', '--object-format=sha256', str(other)
        )
        self.repository.write(str(other / PATH), 'a')
        self.repository.git('-C', str(other), 'add', '--all')
        self.repository.git(
            '-C', str(other), 'commit', '--quiet', '--message', 'A change'
        )
        head = self._checkout(other).head()
        assert isinstance(head, knowledge.Unknown)
        self.assertIn('which is no SHA-1 hash', head.why)

    def test_a_repository_that_git_refuses_is_unknown(self) -> None:
        self.repository.write(
            '.git/config',
            '''\
            [core]
                repositoryformatversion = 1
            [extensions]
                unknown-one = true
            ''',
        )
        head = self.checkout.head()
        assert isinstance(head, knowledge.Unknown)
        self.assertIn('fatal: unknown repository extension', head.why)
        self.assertIn('unknown-one', head.why)

    def test_without_git_it_is_unknown_in_plain_words(self) -> None:
        empty = self.useFixture(fixtures.TempDir()).path
        without = checkout.Checkout(
            str(self.root), processes.Processes({'PATH': empty})
        )
        head = without.head()
        assert isinstance(head, knowledge.Unknown)
        self.assertEqual('running git: git is not there', head.why)
        state = without.as_committed(PATH)
        assert isinstance(state, knowledge.Unknown)
        self.assertEqual('running git: git is not there', state.why)

    def test_a_missing_tree_is_unknown(self) -> None:
        tree = self.repository.git('rev-parse', 'HEAD:deliverables')
        (self.root / '.git' / 'objects' / tree[:2] / tree[2:]).unlink()
        state = self._as_committed()
        assert isinstance(state, knowledge.Unknown)
        self.assertIn(tree, state.why)

    def test_a_missing_blob_is_unknown(self) -> None:
        blob = self.repository.git('rev-parse', f'HEAD:{PATH}')
        (self.root / '.git' / 'objects' / blob[:2] / blob[2:]).unlink()
        state = self._as_committed()
        assert isinstance(state, knowledge.Unknown)
        self.assertIn(blob, state.why)


class TestSeries(_Case):
    """The series and the keys of the cycles."""

    OLD = '815afec729392386480e076dcc0dfe2d21c023c9'
    NEW = '30566c450e41d7c91e442dfb231f942f608ddeff'

    def _write_series(self) -> None:
        self._write(
            'data/series_status.yaml',
            f'''\
            - name: hibiscus
              status: development
              signing-key: {{key: {self.NEW}, start: 2026-04-10, end: present}}
            - name: bobcat
              status: end of life
              signing-key:
                key: {self.OLD}
                start: 2023-03-31
                end: 2023-10-09
            - name: austin
              status: end of life
            ''',
        )

    def test_without_a_list_there_are_no_series_and_no_keys(self) -> None:
        self._write(f'doc/source/static/0x{self.OLD}.txt', 'key')
        self.assertEqual((), self._checkout().read_series())
        self.assertEqual((), self._checkout().key_files())

    def test_a_malformed_list_is_misconfigured(self) -> None:
        self._write(
            'data/series_status.yaml', '- name: hibiscus\n  status: x\n'
        )
        opened = self._checkout()
        for method in (opened.read_series, opened.key_files):
            error = self.assertRaises(exceptions.Misconfigured, method)
            self.assertEqual('data/series_status.yaml', error.where)
            self.assertEqual((2, 3), _position(error.problems[0].place))

    def test_a_broken_list_is_misconfigured(self) -> None:
        self._write('data/series_status.yaml', 'a: [')
        self.assertRaises(
            exceptions.Misconfigured, self._checkout().read_series
        )

    def test_a_list_that_cannot_be_read_is_unavailable(self) -> None:
        (self.root / 'data' / 'series_status.yaml').mkdir(parents=True)
        self.assertRaises(exceptions.Unavailable, self._checkout().read_series)

    def test_series_are_read_newest_first(self) -> None:
        self._write_series()
        self.assertEqual(
            ['hibiscus', 'bobcat', 'austin'],
            [one.name for one in self._checkout().read_series()],
        )

    def test_keys_of_cycles_are_found_oldest_first_and_no_others(self) -> None:
        self._write_series()
        for key in (self.NEW, self.OLD, 'f' * 40):
            self._write(f'doc/source/static/0x{key}.txt', 'key')
        self.assertEqual(
            tuple(
                str(self.root / 'doc' / 'source' / 'static' / f'0x{key}.txt')
                for key in (self.OLD, self.NEW)
            ),
            self._checkout().key_files(),
        )

    def test_a_key_without_a_file_is_left_out(self) -> None:
        self._write_series()
        self.assertEqual((), self._checkout().key_files())


def _position(place: located.Place) -> tuple[int | None, int | None]:
    return (place.line, place.column)
