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

"""The state of the stand-in index and its transactions.

One lock guards it; a request holds the lock while it looks or changes, never
while it waits for the network or reads an archive. File contents lie in a
directory and are never held in memory.
"""

from __future__ import annotations

import contextlib
import copy
import datetime
import itertools
import pathlib
import threading
import uuid
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Mapping

from openstack_publish.model import names
from openstack_publish.rehearsal import records

Now = Callable[[], datetime.datetime]

_SERIAL_STEPS = (1, 3, 1, 2)
"""Serials have gaps: a failed transaction takes its number with it."""


class Conflict(Exception):
    """Another transaction created the same row first."""


def utc_now() -> datetime.datetime:
    """Return the time, to the microsecond, as PyPI stores it."""
    return datetime.datetime.now(datetime.UTC)


class Ledger:
    """Users, projects, releases, files and the journal of their changes.

    :param directory: where file contents go; it must exist
    :param now: the clock of the index
    """

    def __init__(self, directory: pathlib.Path, now: Now = utc_now) -> None:
        self.directory = directory
        self.now = now
        self.limits = records.Limits()
        self._state = records.State()
        self._lock = threading.RLock()
        self._steps = itertools.cycle(_SERIAL_STEPS)
        self._creations: dict[str, list[datetime.datetime]] = {}
        self._stored = 0

    @contextlib.contextmanager
    def locked(self) -> Iterator[records.State]:
        """Hold the lock and give the state."""
        with self._lock:
            yield self._state

    def snapshot(self) -> records.State:
        """Return a copy of everything as it is now; contents are shared."""
        with self._lock:
            return copy.deepcopy(self._state)

    @property
    def stored(self) -> int:
        """How many uploads were stored since the index began."""
        return self._stored

    def spool(self) -> pathlib.Path:
        """Return a place for a body that is not yet accepted."""
        return self.directory / f'incoming-{uuid.uuid4().hex}'

    def user(self, name: str) -> records.User:
        """Return a user.

        :raises KeyError: there is none
        """
        return self._state.users[name.lower()]

    def project(self, name: str) -> records.Project:
        """Return a project.

        :raises KeyError: there is none
        """
        return self._state.projects[names.project_name(name)]

    def release(self, project: str, version: str) -> records.Release:
        """Return a release.

        :raises KeyError: there is none
        """
        return self.project(project).releases[
            records.canonical_version(version)
        ]

    def may_create_project(self, user: str) -> bool:
        """Say whether a user is below the limit of new projects an hour."""
        since = self.now() - datetime.timedelta(hours=1)
        with self._lock:
            recent = [
                moment
                for moment in self._creations.get(user.lower(), [])
                if moment > since
            ]
            return len(recent) < self.limits.new_projects_per_hour

    def accept(
        self,
        *,
        user: records.User,
        name: str,
        version: str,
        file: records.StoredFile,
        metadata: Mapping[str, object],
        project_was_there: bool,
        release_was_there: bool,
    ) -> None:
        """Commit an upload that passed every check.

        :param project_was_there: as the checks saw it
        :param release_was_there: as the checks saw it
        :raises Conflict: somebody else created project, release or file
            since the checks looked
        """
        with self._lock:
            project = self._state.find_project(name)
            if project is None and project_was_there:
                raise Conflict(f'project {name} is gone')
            if project is not None and not project_was_there:
                raise Conflict(f'project {name} was created meanwhile')
            release = project.find_release(version) if project else None
            if release is not None and not release_was_there:
                raise Conflict(f'release {version} was created meanwhile')
            if file.filename in self._state.used_filenames:
                raise Conflict(f'file {file.filename} was stored meanwhile')
            if project is None:
                project = self._create(name)
                self._give_role(project, user.name, 'Owner')
                self._creations.setdefault(user.name.lower(), []).append(
                    self.now()
                )
            project.name = name
            if release is None:
                release = self._release(project, version, metadata)
            elif not release.files:
                release.metadata = metadata
            self._put(project, release, file)
            self._stored += 1

    # Below: with the lock held.

    def _create(self, name: str) -> records.Project:
        project = records.Project(
            name=name,
            normalized_name=names.project_name(name),
            id=str(uuid.uuid4()),
            created=self.now(),
        )
        self._state.projects[project.normalized_name] = project
        self._journal(project, None, 'create')
        return project

    def _give_role(
        self, project: records.Project, user: str, role: records.Role
    ) -> None:
        before = project.roles.get(user)
        project.roles[user] = role
        if before is None:
            self._journal(project, None, f'add {role} {user}')
        elif before != role:
            self._journal(project, None, f'change {before} {user} to {role}')

    def _release(
        self,
        project: records.Project,
        version: str,
        metadata: Mapping[str, object],
    ) -> records.Release:
        release = records.Release(
            version=version, created=self.now(), metadata=metadata
        )
        project.releases[records.canonical_version(version)] = release
        self._journal(project, version, 'new release')
        return release

    def _put(
        self,
        project: records.Project,
        release: records.Release,
        file: records.StoredFile,
    ) -> None:
        release.files[file.filename] = file
        self._state.used_filenames.add(file.filename)
        self._journal(
            project,
            release.version,
            f'add {file.python_version} file {file.filename}',
        )

    def _journal(
        self, project: records.Project, version: str | None, action: str
    ) -> None:
        self._state.last_serial += next(self._steps)
        project.last_serial = self._state.last_serial
        self._state.journal.append(
            records.JournalRow(
                name=project.name,
                version=version,
                timestamp=int(self.now().timestamp()),
                action=action,
                serial=self._state.last_serial,
            )
        )
