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

"""A stage for audits: a stand-in index, and a small checkout."""

from __future__ import annotations

import csv
import dataclasses
import importlib.resources
import io
import json
import pathlib
from typing import Any

import fixtures
import jsonschema
import yaml

from openstack_publish.rehearsal import records
from tests.support import scene
from tests.support import standin

USER = 'openstackci'
COLUMNS = [
    'project',
    'team',
    'verdict',
    'roles',
    'organization',
    'status',
    'findings',
]
"""The contract's keys, in its order."""

Row = dict[str, Any]


@dataclasses.dataclass(frozen=True)
class Audit:
    """What one audit printed, by project."""

    result: scene.Result

    @property
    def rows(self) -> dict[str, Row]:
        """The rows of ``-f json``."""
        document: list[Row] = json.loads(self.result.stdout)
        return {row['project']: row for row in document}

    def verdicts(self) -> dict[str, str]:
        """The verdict of each project."""
        return {name: row['verdict'] for name, row in self.rows.items()}

    def codes(self, project: str, *, refusing: bool = False) -> list[str]:
        """The codes of a project's findings.

        :param refusing: only those that make it fail or unknown
        """
        return [
            found['code']
            for found in self.rows[project]['findings']
            if not refusing
            or (found['severity'] == 'error' and found['verdict'] != 'noted')
        ]


class AuditScene(fixtures.Fixture):
    """An index of our own, a checkout, and nothing of who runs the tests."""

    def _setUp(self) -> None:
        self.directory = pathlib.Path(self.useFixture(fixtures.TempDir()).path)
        self.useFixture(
            fixtures.EnvironmentVariable('HOME', str(self.directory))
        )
        for name in (
            'OPENSTACK_PUBLISH_RELEASES',
            'OPENSTACK_PUBLISH_PROJECT_CONFIG',
            'XDG_CACHE_HOME',
        ):
            self.useFixture(fixtures.EnvironmentVariable(name))
        self.index = self.useFixture(standin.StandIn()).index
        self.releases = self.directory / 'releases'
        (self.releases / 'deliverables').mkdir(parents=True)

    def add(
        self,
        project: str,
        *,
        owner: str | None = USER,
        maintainers: tuple[str, ...] = (),
        organization: str | None = None,
        status: records.Status = 'active',
    ) -> None:
        """Put a project with one release on the index."""
        store = self.index.store
        store.add_project(
            project,
            owner,
            maintainers,
            organization=organization,
            status=status,
        )
        store.add_file(
            project,
            '1.0.0',
            f'{project.replace("-", "_").replace(".", "_")}-1.0.0.tar.gz',
            project.encode(),
        )

    def attest(self, project: str) -> None:
        """Let the project's file come from a Trusted Publisher."""
        release = self.index.store.release(project, '1.0.0')
        for name, file in release.files.items():
            release.files[name] = dataclasses.replace(file, attested=True)

    def deliverable(
        self,
        series: str,
        name: str,
        team: str,
        repo: str,
        version: str = '1.0.0',
    ) -> None:
        """Write a deliverable file with one release."""
        place = self.releases / 'deliverables' / series
        place.mkdir(exist_ok=True)
        (place / f'{name}.yaml').write_text(
            f'---\nteam: {team}\ntype: library\nreleases:\n'
            f'  - version: {version}\n    projects:\n      - repo: {repo}\n'
            f'        hash: {"a" * 40}\n',
            'utf-8',
        )

    def file(self, name: str, text: str) -> str:
        """Write a file and return its path."""
        path = self.directory / name
        path.write_text(text, 'utf-8')
        return str(path)

    def run(self, *words: str, url: str | None = None) -> scene.Result:
        """Run ``audit`` against the index."""
        return scene.run(
            ['audit', '--read-url', url or self.index.url, *words], {}
        )

    def audit(self, *words: str) -> Audit:
        """Run ``audit`` for JSON, which holds the contract's keys."""
        result = self.run('-f', 'json', *words)
        for row in json.loads(result.stdout):
            if list(row) != COLUMNS:
                raise AssertionError(f'not the keys of the contract: {row}')
        return Audit(result)


def validate(document: object) -> None:
    """Hold a saved audit against the shipped schema.

    :raises ValidationError: it doesn't fit
    """
    schema = json.loads(
        importlib.resources.files('openstack_publish')
        .joinpath('data', 'audit-1.schema.json')
        .read_text('utf-8')
    )
    checker = jsonschema.Draft202012Validator
    checker.check_schema(schema)
    checker(schema).validate(document)


def csv_rows(text: str) -> dict[str, Row]:
    """Return the rows of ``-f csv``, in which cliff escapes backslashes."""
    reader = csv.DictReader(io.StringIO(text), escapechar='\\')
    return {row['project']: row for row in reader}


def yaml_rows(text: str) -> dict[str, Row]:
    """Return the rows of ``-f yaml``."""
    return {row['project']: row for row in yaml.safe_load(text)}
