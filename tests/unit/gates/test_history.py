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
import subprocess

import fixtures
import testtools

from openstack_publish import exceptions
from openstack_publish import seams
from openstack_publish.gates import history
from openstack_publish.gates import processes
from openstack_publish.model import located
from tests.support import gitrepo

PATH = 'deliverables/gazpacho/os-vif.yaml'
OTHER = 'deliverables/gazpacho/nova.yaml'
NOVA = 'openstack/nova'
POLICY = 'data/publish-policy.yaml'


def text(*versions: str, repo: str = 'openstack/os-vif') -> str:
    """Return a deliverable file with these releases."""
    lines = ['team: nova', 'type: library', 'releases:']
    for version in versions:
        lines += [
            f'  - version: {version}',
            '    projects:',
            f'      - repo: {repo}',
            f'        hash: {gitrepo.COMMIT_A}',
        ]
    return '\n'.join([*lines, ''])


def versions(reading: seams.DeliverableReading | None) -> list[str] | None:
    """Return the versions in a reading; None where there is no file."""
    if reading is None:
        return None
    assert reading.deliverable is not None, reading.problems
    return [release.version for release in reading.deliverable.releases]


class HistoryTest(testtools.TestCase):
    def setUp(self) -> None:
        super().setUp()
        self.repo = self.useFixture(gitrepo.GitRepository())
        self.repo.write(PATH, text('1.0.0'))
        self.repo.write(OTHER, text('1.0.0', repo=NOVA))
        self.first = self.repo.commit()

    def history(self, root: pathlib.Path | None = None) -> history.History:
        return history.History(str(root or self.repo.root), self.repo.programs)

    def changes(
        self, revisions: str | None = None, root: pathlib.Path | None = None
    ) -> seams.Changes:
        return self.history(root).changes(revisions)

    def told(
        self, changes: seams.Changes
    ) -> dict[str, tuple[list[str] | None, list[str] | None, str | None]]:
        """Return versions before and after, and the name before."""
        return {
            file.path: (
                versions(file.before),
                versions(file.after),
                file.renamed_from,
            )
            for file in changes.files
        }


class TestChanges(HistoryTest):
    """What a change does to the deliverable files."""

    def test_a_directory_without_git_is_misconfigured(self) -> None:
        other = pathlib.Path(self.useFixture(fixtures.TempDir()).path)
        error = self.assertRaises(
            exceptions.Misconfigured, self.changes, root=other
        )
        self.assertIn('no git checkout', str(error))

    def test_below_another_repository_is_no_git_checkout(self) -> None:
        below = self.repo.root / 'releases'
        below.mkdir()
        self.assertRaises(exceptions.Misconfigured, self.changes, root=below)

    def test_without_git_it_is_unavailable(self) -> None:
        empty = self.useFixture(fixtures.TempDir()).path
        gate = history.History(
            str(self.repo.root), processes.Processes({'PATH': empty})
        )
        self.assertRaises(exceptions.Unavailable, gate.changes)

    def test_what_is_no_revision_is_misconfigured(self) -> None:
        for revisions in ('nowhere', '--all', 'HEAD..nowhere', 'HEAD^..'):
            error = self.assertRaises(
                exceptions.Misconfigured, self.changes, revisions
            )
            self.assertEqual('--diff', error.where)
        error = self.assertRaises(
            exceptions.Misconfigured, self.changes, 'HEAD...HEAD'
        )
        self.assertIn('REV or A..B', str(error))

    def test_a_repository_without_a_commit_is_misconfigured(self) -> None:
        empty = self.useFixture(gitrepo.GitRepository())
        error = self.assertRaises(
            exceptions.Misconfigured, self.changes, root=empty.root
        )
        self.assertIn("no commit 'HEAD'", str(error))

    def test_a_shallow_clone_says_what_to_type(self) -> None:
        """It is no clone that begins with this commit."""
        self.repo.write(PATH, text('1.0.0', '1.1.0'))
        self.repo.commit()
        clone = pathlib.Path(self.useFixture(fixtures.TempDir()).path, 'c')
        self.repo.git(
            *('clone', '--quiet', '--depth', '1'),
            *(f'file://{self.repo.root}', str(clone)),
        )
        error = self.assertRaises(
            exceptions.Unavailable, self.changes, root=clone
        )
        self.assertIn(self.first, error.cause)
        self.assertIn('"git fetch --deepen 1"', error.cause)
        subprocess.run(
            ['git', 'fetch', '--quiet', '--deepen', '1'],
            cwd=clone,
            env=gitrepo.environment(),
            check=True,
        )
        self.assertEqual(
            {PATH: (['1.0.0'], ['1.0.0', '1.1.0'], None)},
            self.told(self.changes(root=clone)),
        )

    def test_the_first_commit_brings_everything(self) -> None:
        changes = self.changes()
        self.assertEqual((None, self.first), (changes.base, changes.head))
        self.assertEqual(
            {OTHER: (None, ['1.0.0'], None), PATH: (None, ['1.0.0'], None)},
            self.told(changes),
        )

    def test_head_is_held_against_its_parent(self) -> None:
        self.repo.write(PATH, text('1.0.0', '1.1.0'))
        self.repo.write(
            'deliverables/gazpacho/new.yaml', 'team: x\nreleases: []\n'
        )
        (self.repo.root / OTHER).unlink()
        second = self.repo.commit()
        changes = self.changes()
        self.assertEqual((self.first, second), (changes.base, changes.head))
        self.assertEqual(
            {
                'deliverables/gazpacho/new.yaml': (None, [], None),
                OTHER: (['1.0.0'], None, None),
                PATH: (['1.0.0'], ['1.0.0', '1.1.0'], None),
            },
            self.told(changes),
        )

    def test_the_work_tree_and_the_index_do_not_matter(self) -> None:
        self.repo.write('README.rst', 'x')
        self.repo.commit()
        self.repo.write(PATH, text('9.9.9'))
        self.repo.git('add', PATH)
        (self.repo.root / OTHER).unlink()
        self.assertEqual({}, self.told(self.changes()))

    def test_a_file_that_moves_is_told_with_its_name_before(self) -> None:
        target = 'deliverables/hibiscus/os-vif.yaml'
        (self.repo.root / 'deliverables/hibiscus').mkdir()
        self.repo.git('mv', PATH, target)
        self.repo.write(target, text('1.0.0', '1.1.0'))
        self.repo.commit()
        self.assertEqual(
            {target: (['1.0.0'], ['1.0.0', '1.1.0'], PATH)},
            self.told(self.changes()),
        )

    def test_a_merge_brings_what_it_brings_into_its_first_parent(
        self,
    ) -> None:
        self.repo.git('checkout', '--quiet', '-b', 'change')
        self.repo.write(PATH, text('1.0.0', '1.1.0'))
        self.repo.commit()
        self.repo.write(PATH, text('1.0.0', '1.1.0', '1.2.0'))
        self.repo.commit()
        self.repo.git('checkout', '--quiet', 'master')
        self.repo.write(OTHER, text('1.0.0', '2.0.0', repo=NOVA))
        parent = self.repo.commit()
        self.repo.git('merge', '--quiet', '--no-ff', '-m', 'Merge', 'change')
        changes = self.changes()
        self.assertEqual(parent, changes.base)
        self.assertEqual(
            {PATH: (['1.0.0'], ['1.0.0', '1.1.0', '1.2.0'], None)},
            self.told(changes),
        )

    def test_ranges_are_since_a_revision_or_between_two(self) -> None:
        commits = [self.first]
        for version in ('1.1.0', '1.2.0', '1.3.0'):
            self.repo.write(PATH, text(version))
            commits.append(self.repo.commit())
        for revisions, base, head in (
            (commits[0], 0, 3),
            ('HEAD~2', 1, 3),
            (f'{commits[0]}..{commits[2]}', 0, 2),
            ('HEAD~2..', 1, 3),
        ):
            changes = self.changes(revisions)
            self.assertEqual(
                (commits[base], commits[head]), (changes.base, changes.head)
            )
            (file,) = changes.files
            self.assertEqual([f'1.{head}.0'], versions(file.after))

    def test_files_of_policy_and_series_are_named(self) -> None:
        self.repo.write(POLICY, 'x')
        self.repo.write('data/series_status.yaml', 'x')
        self.repo.commit()
        both = {POLICY, 'data/series_status.yaml'}
        self.assertEqual(both, self.changes().data)
        self.repo.write(POLICY, 'y')
        self.repo.commit()
        self.assertEqual({POLICY}, self.changes().data)
        self.assertEqual(both, self.changes('HEAD~2').data)
        self.repo.git('checkout', '--quiet', '--orphan', 'other')
        self.repo.commit()
        self.assertEqual(both, self.changes().data)

    def test_what_is_no_deliverable_file_is_not_told(self) -> None:
        for path in (
            'deliverables/README.yaml',
            'deliverables/gazpacho/notes.txt',
            'deliverables/gazpacho/more/nova.yaml',
            'deliverables/gazpacho/.hidden.yaml',
            'deliverables/.hidden/nova.yaml',
            'elsewhere/gazpacho/nova.yaml',
        ):
            self.repo.write(path, text('1.0.0'))
        link = self.repo.root / 'deliverables/gazpacho/link.yaml'
        link.symlink_to('nova.yaml')
        self.repo.write('deliverables/gazpacho/nova.yml', text('1.0.0'))
        self.repo.commit()
        changes = self.changes()
        self.assertEqual({}, self.told(changes))
        # Of these, somebody may think that orders are read of them.
        strays = (
            'deliverables/.hidden/nova.yaml',
            'deliverables/README.yaml',
            'deliverables/gazpacho/link.yaml',
            'deliverables/gazpacho/more/nova.yaml',
            'deliverables/gazpacho/nova.yml',
        )
        self.assertEqual(strays, changes.strays)
        for path in strays:
            (self.repo.root / path).unlink()
        self.repo.commit()
        self.assertEqual((), self.changes().strays)

    def test_a_file_that_becomes_a_link_is_gone_and_a_stray(self) -> None:
        (self.repo.root / PATH).unlink()
        (self.repo.root / PATH).symlink_to('nova.yaml')
        self.repo.commit()
        changes = self.changes()
        self.assertEqual({PATH: (['1.0.0'], None, None)}, self.told(changes))
        self.assertEqual((PATH,), changes.strays)

    def test_names_with_odd_bytes_are_told_and_found(self) -> None:
        names = ['a "b"\n\t\u00e9.yaml', ':(top)*.yaml', 'x\udcff.yaml']
        for name in names:
            self.repo.write(f'deliverables/gazpacho/{name}', text('1.0.0'))
        self.repo.commit()
        changes = self.changes()
        self.assertEqual(
            {f'deliverables/gazpacho/{name}' for name in names},
            {file.path for file in changes.files},
        )
        key = ('releases', 0, 'version')
        places = self.history().places(
            changes.head, [(file.path, key) for file in changes.files]
        )
        self.assertEqual(
            {
                (file.path, key): located.Place(file.path, key, 4, 5)
                for file in changes.files
            },
            places,
        )

    def test_a_file_that_is_too_large_is_a_problem(self) -> None:
        self.repo.write(PATH, '# ' + 'x' * 2**21 + '\n' + text('1.0.0'))
        self.repo.write(OTHER, text('1.1.0', repo=NOVA))
        self.repo.commit()
        by_path = {file.path: file for file in self.changes().files}
        large = by_path[PATH].after
        assert large is not None
        (problem,) = large.problems
        self.assertIn('the limit is', problem.message)
        self.assertEqual(['1.1.0'], versions(by_path[OTHER].after))

    def test_nothing_in_the_repository_changes_the_answer(self) -> None:
        """Replacements, grafts, configuration: none of it is believed."""
        self.repo.write(PATH, text('1.0.0', '1.1.0'))
        second = self.repo.commit()
        expected = self.told(self.changes())
        started = pathlib.Path(self.useFixture(fixtures.TempDir()).path, 'x')
        hook = self.repo.write('.git/hook', f'#!/bin/sh\ntouch {started}\n')
        hook.chmod(0o755)
        for name, value in (
            ('diff.renames', 'copies'),
            ('diff.external', str(hook)),
            ('diff.orderFile', '/dev/null'),
            ('diff.noprefix', 'true'),
            ('core.quotePath', 'true'),
            ('core.fsmonitor', str(hook)),
            ('core.pager', str(hook)),
            ('core.worktree', '/tmp'),
        ):
            self.repo.git('config', name, value)
        self.repo.write('.git/info/grafts', f'{second}\n')
        self.repo.git('-c', 'core.worktree=', 'replace', '--graft', second)
        # The set-up may have started it.
        started.unlink(missing_ok=True)
        self.assertEqual(expected, self.told(self.changes()))
        self.assertEqual(self.first, self.changes().base)
        self.assertFalse(started.exists())


class TestReading(HistoryTest):
    """Files of a commit."""

    def test_a_file_is_read_as_the_commit_has_it(self) -> None:
        self.repo.write(PATH, text('2.0.0'))
        self.repo.commit()
        gate = self.history()
        self.assertEqual(['1.0.0'], versions(gate.read(self.first, PATH)))
        self.assertEqual(['2.0.0'], versions(gate.read('HEAD', PATH)))
        self.assertIsNone(gate.read(self.first, 'deliverables/a/b.yaml'))

    def test_a_key_is_found_on_its_line(self) -> None:
        gate = self.history()
        key: located.KeyPath = ('releases', 0, 'projects', 0, 'hash')
        nothing = [
            (path, ('team',)) for path in ('deliverables/a/b.yaml', 'gone')
        ]
        # A directory is none of the files that are asked for.
        for path in ('deliverables', 'deliverables/gazpacho'):
            nothing.append((path, ('team',)))
        self.assertEqual(
            {(PATH, key): located.Place(PATH, key, 7, 9)},
            gate.places(self.first, [(PATH, key), *nothing]),
        )
        self.assertEqual({}, gate.places('0' * 40, [(PATH, key)]))
        self.assertEqual({}, gate.places(self.first, []))

    def test_files_that_may_order_a_release_are_found(self) -> None:
        self.repo.write(
            'deliverables/_independent/quoted.yaml',
            'team: x\nreleases:\n  - version: "\\x31.0.0"\n    projects: []\n',
        )
        self.repo.write('deliverables/gazpacho/wrong.yaml', '\t')
        commit = self.repo.commit()
        self.repo.write(PATH, text('2.0.0'))
        found = self.history().ordering(
            commit, [('openstack/os-vif', '1.0.0'), (NOVA, '9.9.9')]
        )
        self.assertEqual(
            ['deliverables/_independent/quoted.yaml', PATH],
            sorted(each.path for each in found),
        )
        self.assertEqual((), self.history().ordering(commit, []))


class TestPolicy(HistoryTest):
    """The policy that a change cannot alter for itself."""

    def write(self, organization: str, commit: bool = True) -> str:
        self.repo.write(
            POLICY,
            f"""\
            schema: openstack-publish/policy/1
            maintainers: {{organization: {organization}}}
            keys:
              trusted:
                - fingerprint: {'A' * 40}
                  file: key.txt
                - fingerprint: {'B' * 40}
                  file: gone.txt
            """,
        )
        self.repo.write('data/key.txt', 'a key')
        return self.repo.commit() if commit else ''

    def test_it_is_that_of_the_commit(self) -> None:
        second = self.write('ours')
        self.write('theirs')
        self.write('nobody', commit=False)
        found = self.history().policy(second)
        self.assertEqual('ours', found.general.maintainers.organization)
        self.assertEqual(POLICY, found.origin)
        self.assertEqual(
            [os.path.join(self.repo.root, 'data/key.txt'), None],
            [key.file for key in found.trusted],
        )

    def test_without_one_it_is_the_shipped_one(self) -> None:
        self.write('ours')
        for commit in (None, self.first):
            found = self.history().policy(commit)
            self.assertIsNone(found.general.maintainers.organization)
            self.assertIn('openstack-policy.yaml', found.origin)

    def test_a_malformed_one_is_told_with_its_line(self) -> None:
        self.repo.write(POLICY, 'schema: openstack-publish/policy/1\nx: 1\n')
        commit = self.repo.commit()
        error = self.assertRaises(
            exceptions.Misconfigured, self.history().policy, commit
        )
        self.assertEqual(2, error.problems[0].place.line)
