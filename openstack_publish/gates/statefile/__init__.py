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

"""The watch's memory: one SQLite file, and one watch that writes it.

Every change is one transaction, on disk before the next step: a watch that
is killed anywhere goes on from the last one. ``watch ack`` may write
meanwhile; what it acknowledged stays so.
"""

from __future__ import annotations

import contextlib
import datetime
import os
import sqlite3
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from types import TracebackType
from typing import Any, TypeVar

from openstack_publish import exceptions
from openstack_publish.gates.statefile import opening
from openstack_publish.model import names
from openstack_publish.model import watching
from openstack_publish.model import watching_form
from openstack_publish.seams import alerts

T = TypeVar('T')

KEPT = 10_000
"""Letters that are remembered once they are told."""


class StateFile:
    """Fits :class:`~openstack_publish.seams.alerts.Memory`.

    :param path: the file; made where it isn't there, readable for its owner
    :param watches: whether this is the one watch that writes it
    :raises Misconfigured: it is no state file, or another watch has it
    :raises Unavailable: it cannot be opened
    """

    def __init__(self, path: str, *, watches: bool) -> None:
        self._path = path
        self._lock: int | None = None
        place = os.path.dirname(os.path.abspath(path))
        if not os.path.isdir(place):
            raise exceptions.Misconfigured(
                f'{path}: there is no directory {place}', where='--state'
            )
        if os.path.isdir(path):
            raise exceptions.Misconfigured(
                f'{path} is a directory, no state file', where='--state'
            )
        if not watches and not os.path.exists(path):
            raise exceptions.Misconfigured(
                f'there is no state file {path}', where='--state'
            )
        if watches:
            self._lock = opening.locked(path)
        with self._explained('opening'):
            try:
                self._database = opening.opened(path)
            except sqlite3.DatabaseError as error:
                self.close()
                if isinstance(error, sqlite3.OperationalError):
                    raise
                raise exceptions.Misconfigured(
                    f'{path} is no state file of a watch: {error}',
                    where='--state',
                ) from error

    def __enter__(self) -> StateFile:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; what was not written before is not in it."""
        database = getattr(self, '_database', None)
        if database is not None:
            database.close()
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def snapshot(self, project: names.ProjectName) -> watching.Snapshot | None:
        """Return a project as it was last read."""
        rows = self._rows(
            'SELECT document FROM project WHERE name = ?', project
        )
        for (document,) in rows:
            return self._mine(watching_form.snapshot, document)
        return None

    def read_times(self) -> Mapping[names.ProjectName, datetime.datetime]:
        """Return when each project was last read."""
        return {
            names.ProjectName(name): self._mine(watching_form.time, read)
            for name, read in self._rows('SELECT name, read FROM project')
        }

    def incidents(self) -> Mapping[str, watching.Incident]:
        """Return every incident, closed ones too, by id."""
        return {
            key: self._mine(watching_form.incident, document)
            for key, document in self._rows(
                'SELECT id, document FROM incident ORDER BY rowid'
            )
        }

    def unsent(self) -> tuple[alerts.Unsent, ...]:
        """Return the letters that not all have taken, oldest first."""
        return tuple(
            alerts.Unsent(
                number,
                self._mine(watching_form.letter, document),
                self._mine(watching_form.channels, taken),
            )
            for number, document, taken in self._rows(
                'SELECT number, document, taken FROM letter WHERE NOT told '
                'ORDER BY number'
            )
        )

    def pending(self) -> tuple[watching.Pending, ...]:
        """Return the files that could not be judged yet."""
        return tuple(
            watching.Pending(
                names.ProjectName(project),
                filename,
                self._mine(watching_form.time, since),
                why,
            )
            for project, filename, since, why in self._rows(
                'SELECT project, filename, since, why FROM pending '
                'ORDER BY project, filename'
            )
        )

    def expected(self) -> tuple[watching.Expected, ...]:
        """Return the ordered releases that the index did not show yet."""
        return tuple(
            watching.Expected(
                names.ProjectName(project),
                version,
                path,
                self._mine(watching_form.time, ordered),
            )
            for project, version, path, ordered in self._rows(
                'SELECT project, version, path, ordered FROM expected '
                'ORDER BY project, version'
            )
        )

    def unread(self) -> Mapping[names.ProjectName, int]:
        """Return the projects that have to be read again."""
        return {
            names.ProjectName(project): serial
            for project, serial in self._rows(
                'SELECT project, serial FROM unread ORDER BY project'
            )
        }

    def value(self, name: str) -> str | None:
        """Return a cursor or a time."""
        for (value,) in self._rows(
            'SELECT value FROM value WHERE name = ?', name
        ):
            return str(value)
        return None

    def write(self, changed: alerts.Changed) -> None:
        """Remember changes in one transaction.

        :raises Unavailable: the file cannot be written
        """
        with self._explained('writing'), self._database:
            self._database.execute('BEGIN IMMEDIATE')
            self._write_incidents(changed)
            self._many(
                'INSERT OR IGNORE INTO letter (key, document) VALUES (?, ?)',
                [
                    (letter.key, watching_form.letter_text(letter))
                    for letter in changed.letters
                ],
            )
            self._many(
                'UPDATE letter SET taken = ? WHERE number = ?',
                [
                    (watching_form.channels_text(taken), number)
                    for number, taken in changed.taken.items()
                ],
            )
            self._many(
                'UPDATE letter SET told = 1 WHERE number = ?',
                [(number,) for number in changed.told],
            )
            if changed.told:
                self._database.execute(
                    'DELETE FROM letter WHERE told AND number <= '
                    '(SELECT max(number) FROM letter) - ?',
                    (KEPT,),
                )
            self._many(
                'INSERT OR REPLACE INTO project VALUES (?, ?, ?)',
                [
                    (
                        snapshot.project,
                        watching_form.time_text(snapshot.read),
                        watching_form.snapshot_text(snapshot),
                    )
                    for snapshot in changed.snapshots
                ],
            )
            self._write_waiting(changed)
            self._many(
                'INSERT OR REPLACE INTO value VALUES (?, ?)',
                list(changed.values.items()),
            )

    def _write_incidents(self, changed: alerts.Changed) -> None:
        """Write incidents; what was acknowledged meanwhile stays so."""
        if not changed.incidents:
            return
        there = self.incidents()
        rows = []
        for incident in changed.incidents:
            before = there.get(incident.id)
            if (
                before is not None
                and before.state == 'acknowledged'
                and incident.state == 'open'
                and before.opening == incident.opening
            ):
                continue
            rows.append((incident.id, watching_form.incident_text(incident)))
        self._many(
            'INSERT INTO incident VALUES (?, ?) ON CONFLICT (id) DO UPDATE '
            'SET document = excluded.document',
            rows,
        )

    def _write_waiting(self, changed: alerts.Changed) -> None:
        self._many(
            'DELETE FROM pending WHERE project = ?',
            [(project,) for project in changed.pending],
        )
        self._many(
            'INSERT OR REPLACE INTO pending VALUES (?, ?, ?, ?)',
            [
                (
                    item.project,
                    item.filename,
                    watching_form.time_text(item.since),
                    item.why,
                )
                for items in changed.pending.values()
                for item in items
            ],
        )
        self._many(
            'INSERT OR IGNORE INTO expected VALUES (?, ?, ?, ?)',
            [
                (
                    order.project,
                    order.version,
                    order.path,
                    watching_form.time_text(order.ordered),
                )
                for order in changed.expected
            ],
        )
        self._many(
            'DELETE FROM expected WHERE project = ? AND version = ?',
            [(order.project, order.version) for order in changed.arrived],
        )
        self._many(
            'DELETE FROM unread WHERE project = ?',
            [(project,) for project in changed.read],
        )
        self._many(
            'INSERT INTO unread VALUES (?, ?) ON CONFLICT (project) DO '
            'UPDATE SET serial = max(serial, excluded.serial)',
            list(changed.unread.items()),
        )

    def _many(
        self, statement: str, rows: Sequence[tuple[object, ...]]
    ) -> None:
        if rows:
            self._database.executemany(statement, rows)

    def _rows(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        with self._explained('reading'):
            return self._database.execute(statement, values).fetchall()

    def _mine(self, read: Callable[[str], T], text: object) -> T:
        """Read what this program wrote.

        :raises Misconfigured: somebody else wrote it
        """
        try:
            return read(str(text))
        except watching_form.Foreign as error:
            raise exceptions.Misconfigured(
                f'{self._path} holds what this program did not write: {error}',
                where='--state',
            ) from error

    @contextlib.contextmanager
    def _explained(self, doing: str) -> Iterator[None]:
        try:
            yield
        except (OSError, sqlite3.Error) as error:
            raise exceptions.Unavailable(
                f'{doing} the state {self._path}', str(error)
            ) from error
