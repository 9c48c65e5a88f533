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

"""A releases checkout that a change is proposed to, and an index to ask."""

from __future__ import annotations

import json
import pathlib
from typing import Any

import fixtures

from openstack_publish.rehearsal import fault_actions
from openstack_publish.rehearsal import faults
from openstack_publish.rehearsal import replies
from openstack_publish.rehearsal import server
from tests.support import gitrepo
from tests.support import scene
from tests.support import zuul_rules

PATH = 'deliverables/rehearsal/os-vif.yaml'
PROJECT = 'os-vif'
REPO = 'openstack/os-vif'
HEAD = """\
---
team: nova
type: library
release-model: cycle-with-intermediary
repository-settings:
  openstack/os-vif: {}
releases:
"""
"""Seven lines."""

CONFIG = """\
- project:
    name: openstack/os-vif
    templates: [publish-to-pypi]
- project:
    name: openstack/new-one
    templates: [publish-to-pypi]
- project:
    name: openstack/old-one
    templates: [publish-to-pypi-stable-only]
- project:
    name: openstack/queue
    templates: [publish-to-pypi]
"""


def release(
    version: str, commit: str = gitrepo.COMMIT_A, repo: str = REPO
) -> str:
    """Return an entry of releases: four lines, the version on the first."""
    return (
        f'  - version: {version}\n'
        '    projects:\n'
        f'      - repo: {repo}\n'
        f'        hash: {commit}\n'
    )


class Review(scene.Stage):
    """A checkout in a git repository, whose HEAD a test changes.

    Its key of the day is in order, and it has one deliverable file: os-vif
    with release 5.1.0, on lines 8 to 11, which the index has. HEAD changes
    no deliverable file.
    """

    base: str
    """The commit at HEAD, before the test proposes anything."""

    def _setUp(self) -> None:
        super()._setUp()
        self.index = server.StandInIndex()
        self.index.start()
        self.addCleanup(self.index.stop)
        self.repo = self.useFixture(gitrepo.GitRepository(self.releases_dir))
        self.config = pathlib.Path(self.useFixture(fixtures.TempDir()).path)
        gitrepo.write(self.config, 'zuul.d/projects.yaml', CONFIG)
        self.write(HEAD + release('5.1.0'))
        self.repo.commit()
        self.write('x', 'README.rst')
        self.base = self.repo.commit()
        self.add_project(PROJECT)

    def add_project(self, name: str, version: str = '5.1.0') -> None:
        """Put a project of ours on the index, with one release."""
        self.index.store.add_project(name, owner=scene.USER)
        stem = name.replace('-', '_')
        self.index.store.add_file(
            name, version, f'{stem}-{version}.tar.gz', name.encode()
        )

    def fail_for(self, project: str) -> None:
        """Let every read of one project end with 500."""
        failing = fault_actions.error(500, 'Internal Server Error')

        def act(
            scene: faults.Scene,
            request: replies.Request,
            proceed: faults.Proceed,
        ) -> replies.Reply:
            if request.project == project:
                return failing(scene, request, proceed)
            return proceed(None)

        fault = faults.Fault('for-one', 'one project fails', act=act)
        self.index.faults = faults.Faults(
            {fault.name: fault}, self.index.store, lambda: self.index.url
        )
        self.index.faults.set(fault.name, routes=('json', 'simple', 'xmlrpc'))

    def write(self, text: str, path: str = PATH) -> pathlib.Path:
        """Write a file of the checkout."""
        return self.repo.write(path, text)

    def start_over(self) -> None:
        """Drop what was proposed."""
        self.repo.git('reset', '--quiet', '--hard', self.base)

    def append(self, text: str, path: str = PATH) -> None:
        """Append to a file of the checkout."""
        with open(self.repo.root / path, 'a', encoding='utf-8') as opened:
            opened.write(text)

    def check(self, *more: str, config: bool = True) -> Result:
        """Run ``check -f json``, or with another format."""
        words = ['check', '--releases', str(self.releases_dir)]
        words += ['--read-url', self.index.url, '--no-cache']
        if config:
            words += ['--project-config', str(self.config)]
        if '-f' not in more:
            words += ['-f', 'json']
        ran = scene.run([*words, *more], {})
        return Result(ran.code, ran.stdout, ran.stderr)


class Result(scene.Result):
    """What a run of ``check`` left behind."""

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The rows: orders, files, and the key where something is wrong."""
        rows: list[dict[str, Any]] = json.loads(self.stdout)
        return rows

    @property
    def findings(self) -> list[dict[str, Any]]:
        """The findings of all rows."""
        return [found for row in self.rows for found in row['findings']]

    @property
    def places(self) -> set[tuple[str, int | None]]:
        """Code and line of each finding that is more than a note."""
        return {
            (found['code'], found['line'])
            for found in self.findings
            if found['severity'] != 'note'
        }

    @property
    def notes(self) -> set[tuple[str, int | None]]:
        """Code and line of each note."""
        return {
            (found['code'], found['line'])
            for found in self.findings
            if found['severity'] == 'note'
        }

    @property
    def verdicts(self) -> dict[str, str]:
        """Verdict of each order, by project and version."""
        return {
            f'{row["project"]} {row["version"]}': row['verdict']
            for row in self.rows
            if row['version'] is not None
        }

    def message(self, code: str) -> str:
        """The message of the one finding of a code."""
        (found,) = (each for each in self.findings if each['code'] == code)
        return str(found['message'])

    def returned(self) -> dict[str, Any]:
        """What Zuul would take of it."""
        return zuul_rules.taken(json.loads(self.stdout))
