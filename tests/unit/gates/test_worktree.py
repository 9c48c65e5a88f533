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
from openstack_publish.gates import processes
from openstack_publish.gates import worktree
from tests.support import gitrepo

PATH = 'deliverables/gazpacho/os-vif.yaml'


class TestWorkTree(testtools.TestCase):
    def setUp(self) -> None:
        super().setUp()
        self.repo = self.useFixture(gitrepo.GitRepository())
        self.repo.write(PATH, 'team: nova\n')
        self.repo.write('README.rst', 'Releases\n')
        self.repo.commit()

    def changed(self) -> tuple[str, ...]:
        tree = worktree.WorkTree(str(self.repo.root), self.repo.programs)
        return tree.changed()

    def test_what_is_no_repository_is_unavailable(self) -> None:
        other = self.useFixture(fixtures.TempDir()).path
        tree = worktree.WorkTree(other, self.repo.programs)
        error = self.assertRaises(exceptions.Unavailable, tree.changed)
        self.assertIn('not a git repository', error.cause)

    def test_without_git_it_is_unavailable(self) -> None:
        empty = self.useFixture(fixtures.TempDir()).path
        tree = worktree.WorkTree(
            str(self.repo.root), processes.Processes({'PATH': empty})
        )
        self.assertRaises(exceptions.Unavailable, tree.changed)

    def test_as_committed_nothing_is_changed(self) -> None:
        self.assertEqual((), self.changed())

    def test_changed_staged_removed_and_new_files_are_told(self) -> None:
        self.repo.write(PATH, 'team: neutron\n')
        self.assertEqual((PATH,), self.changed())
        self.repo.git('add', PATH)
        self.assertEqual((PATH,), self.changed())
        (self.repo.root / PATH).unlink()
        self.assertEqual((PATH,), self.changed())
        self.repo.git('checkout', '--quiet', 'HEAD', '--', PATH)
        self.repo.write('data/publish-policy.yaml', 'schema: x\n')
        self.assertEqual(('data/',), self.changed())

    def test_a_name_is_told_as_it_is(self) -> None:
        name = 'deliverables/gazpacho/a "b"\n\u00e9.yaml'
        self.repo.write(name, 'team: nova\n')
        self.assertEqual((name,), self.changed())

    def test_what_no_order_is_read_of_does_not_matter(self) -> None:
        self.repo.write('README.rst', 'Changed\n')
        self.repo.write('notes.txt', 'New\n')
        self.assertEqual((), self.changed())

    def test_looking_writes_nothing_and_starts_nothing(self) -> None:
        started = pathlib.Path(self.useFixture(fixtures.TempDir()).path, 'x')
        hook = self.repo.write('.git/hook', f'#!/bin/sh\ntouch {started}\n')
        hook.chmod(0o755)
        self.repo.git('config', 'core.fsmonitor', str(hook))
        # Other times than git remembers would make it write its index.
        os.utime(self.repo.root / PATH, (10**9, 10**9))
        index = self.repo.root / '.git' / 'index'
        before = index.read_bytes()
        self.assertEqual((), self.changed())
        self.assertEqual(before, index.read_bytes())
        self.assertFalse(started.exists())
