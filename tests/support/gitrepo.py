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

"""A throw-away git repository, and a small checkout of openstack/releases."""

from __future__ import annotations

import os
import pathlib
import subprocess
import textwrap

import fixtures

from openstack_publish.gates import processes

COMMIT_A = 'a' * 40
COMMIT_B = 'b' * 40


def environment() -> dict[str, str]:
    """Return an environment in which no git configuration but ours acts."""
    return {
        'PATH': os.environ['PATH'],
        'GIT_CONFIG_GLOBAL': os.devnull,
        'GIT_CONFIG_NOSYSTEM': '1',
    }


class GitRepository(fixtures.Fixture):
    """An empty git repository.

    :param root: where; a directory of its own if none is given
    """

    root: pathlib.Path
    """Not there before the fixture is in use: a test that forgets that would
    commit to the repository that it stands in."""

    def __init__(self, root: pathlib.Path | None = None) -> None:
        super().__init__()
        self._given = root
        self.programs = processes.Processes(environment())

    def _setUp(self) -> None:
        if self._given is None:
            self.root = pathlib.Path(self.useFixture(fixtures.TempDir()).path)
        else:
            self.root = self._given
        self.git('init', '--quiet', '--initial-branch=master')

    def git(self, *arguments: str) -> str:
        """Run git there and return what it says."""
        return subprocess.run(
            [
                'git',
                '-c',
                'user.name=A Tester',
                '-c',
                'user.email=tester@example.org',
                '-c',
                'commit.gpgsign=false',
                *arguments,
            ],
            cwd=self.root,
            env=environment(),
            check=True,
            capture_output=True,
            text=True,
        ).stdout.strip()

    def write(self, path: str, text: str) -> pathlib.Path:
        """Write a file; the text may be indented as the test is."""
        return write(self.root, path, text)

    def commit(self) -> str:
        """Commit everything and return the hash."""
        self.git('add', '--all')
        self.git('commit', '--quiet', '--message', 'A change')
        return self.git('rev-parse', 'HEAD')


def write(root: pathlib.Path, path: str, text: str) -> pathlib.Path:
    """Write a file below *root*; the text may be indented as the test is."""
    target = root / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(textwrap.dedent(text), encoding='utf-8')
    return target


def deliverable(
    version: str,
    repo: str = 'openstack/os-vif',
    commit: str = COMMIT_A,
    more: str = '',
) -> str:
    """Return the text of a deliverable file with one release.

    :param more: further lines, at the top level
    """
    return (
        'team: nova\n'
        'type: library\n'
        'releases:\n'
        f'  - version: {version}\n'
        '    projects:\n'
        f'      - repo: {repo}\n'
        f'        hash: {commit}\n'
        f'{textwrap.dedent(more)}'
    )
