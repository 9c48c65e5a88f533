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

"""A checkout of the form that openstack/releases has.

Format: ``openstack_releases/schema.yaml`` and ``data/series_status.yaml`` of
openstack/releases (2026-08-21).
"""

from __future__ import annotations

import datetime
import json
import pathlib
import shutil

from openstack_publish.rehearsal import programs
from openstack_publish.rehearsal import signing_key

SERIES = 'rehearsal'
"""Codename of the only series."""

_SERIES_STATUS = """\
---
- name: {series}
  release-id: {year}.1
  status: development
  initial-release: {end}
  signing-key:
    key: {fingerprint}
    start: {start}
    end: present
"""

_SERIES_BEFORE = """\
- name: before
  status: maintained
  signing-key:
    key: {fingerprint}
    start: {start}
    end: {end}
"""

_DELIVERABLE = """\
---
team: {team}
type: library
launchpad: {name}
release-model: cycle-with-intermediary
{release_type}repository-settings:
  {repo}:
    pypi-name: {project}
releases:
"""

_RELEASE = """\
  - version: {version}
    projects:
      - repo: {repo}
        hash: {commit}
"""

_CYCLE = datetime.timedelta(days=182)


class Orders:
    """The checkout, a git repository in which every order is a commit."""

    def __init__(self, directory: str, tools: programs.Programs) -> None:
        self.directory = directory
        self._path = pathlib.Path(directory)
        self._tools = tools

    def begin(
        self, key: signing_key.ThrowAwayKey, now: datetime.datetime
    ) -> None:
        """Make the checkout with one series, whose key is in use since today.

        :raises Unavailable: git failed
        """
        static = self._path / 'doc' / 'source' / 'static'
        static.mkdir(parents=True)
        shutil.copy(key.public_file, static)
        data = self._path / 'data'
        data.mkdir()
        today = now.astimezone(datetime.UTC).date()
        (data / 'series_status.yaml').write_text(
            _SERIES_STATUS.format(
                series=SERIES,
                year=today.year,
                fingerprint=key.fingerprint.lower(),
                start=today,
                end=today + _CYCLE,
            ),
            encoding='utf-8',
        )
        self._tools.git(self.directory, 'init', '--quiet', '--template=')
        self._commit('Begin a series')

    def retire(
        self,
        key: signing_key.ThrowAwayKey,
        start: datetime.date,
        end: datetime.date,
    ) -> None:
        """Add the series before, with a key that was in use then.

        :raises Unavailable: git failed
        """
        shutil.copy(key.public_file, self._path / 'doc' / 'source' / 'static')
        status = self._path / 'data' / 'series_status.yaml'
        with open(status, 'a', encoding='utf-8') as opened:
            opened.write(
                _SERIES_BEFORE.format(
                    fingerprint=key.fingerprint.lower(), start=start, end=end
                )
            )
        self._commit('Add the series before')

    def place(
        self, project: str, repo: str, *, release_type: str | None = None
    ) -> str:
        """Write a deliverable file without releases and return its path.

        :param release_type: ``release-type``, where the file has one
        """
        name = repo.rpartition('/')[2]
        path = pathlib.Path('deliverables', SERIES, f'{name}.yaml')
        (self._path / path).parent.mkdir(parents=True, exist_ok=True)
        (self._path / path).write_text(
            _DELIVERABLE.format(
                team='release-management',
                name=name,
                repo=repo,
                project=project,
                release_type=''
                if release_type is None
                else f'release-type: {release_type}\n',
            ),
            encoding='utf-8',
        )
        return path.as_posix()

    def order(self, path: str, repo: str, version: str, commit: str) -> None:
        """Append a release to a deliverable file and commit it.

        :raises Unavailable: git failed
        """
        with open(self._path / path, 'a', encoding='utf-8') as opened:
            opened.write(
                _RELEASE.format(
                    # Quoted where YAML would read a number: 1.10 is 1.1.
                    version=version
                    if version.count('.') > 1
                    else json.dumps(version),
                    repo=repo,
                    commit=commit,
                )
            )
        self._commit(f'Release {repo} {version}')

    def _commit(self, message: str) -> None:
        self._tools.git(self.directory, 'add', '--all')
        self._tools.git(self.directory, 'commit', '--quiet', '-m', message)
