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

"""Opens the state file, makes its tables, keeps other watches from it."""

from __future__ import annotations

import fcntl
import os
import sqlite3

from openstack_publish import exceptions

VERSION = 1
"""Of the tables, as SQLite's ``user_version``."""

BUSY = 10.0
"""Longest wait for another process that writes, in seconds."""

_TABLES = """
CREATE TABLE value (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE project (
    name TEXT PRIMARY KEY, read TEXT NOT NULL, document TEXT NOT NULL
);
CREATE TABLE incident (id TEXT PRIMARY KEY, document TEXT NOT NULL);
CREATE TABLE letter (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    key TEXT NOT NULL UNIQUE,
    told INTEGER NOT NULL DEFAULT 0,
    taken TEXT NOT NULL DEFAULT '[]',
    document TEXT NOT NULL
);
CREATE TABLE pending (
    project TEXT NOT NULL,
    filename TEXT NOT NULL,
    since TEXT NOT NULL,
    why TEXT NOT NULL,
    PRIMARY KEY (project, filename)
);
CREATE TABLE expected (
    project TEXT NOT NULL,
    version TEXT NOT NULL,
    path TEXT NOT NULL,
    ordered TEXT NOT NULL,
    PRIMARY KEY (project, version)
);
CREATE TABLE unread (project TEXT PRIMARY KEY, serial INTEGER NOT NULL);
"""


def opened(path: str) -> sqlite3.Connection:
    """Open the file, and make the tables where it is new."""
    descriptor = os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    os.close(descriptor)
    # Threads read the index, this one writes; no two at once.
    database = sqlite3.connect(path, timeout=BUSY, isolation_level=None)
    try:
        database.execute('PRAGMA synchronous = FULL')
        (version,) = database.execute('PRAGMA user_version').fetchone()
        if version == 0:
            _refuse_foreign(database, path)
            database.executescript(
                f'BEGIN IMMEDIATE;{_TABLES}'
                f'PRAGMA user_version = {VERSION};COMMIT;'
            )
        elif version != VERSION:
            raise exceptions.Misconfigured(
                f'{path} is of version {version}; this program '
                f'writes {VERSION}',
                where='--state',
            )
    except BaseException:
        database.close()
        raise
    return database


def locked(path: str) -> int:
    """Keep other watches from the file for as long as this one runs.

    A lock on the file itself would be SQLite's own, which any close of
    it in this process gives up (sqlite.org, "How To Corrupt").
    """
    try:
        descriptor = os.open(
            f'{path}.lock', os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600
        )
    except OSError as error:
        raise exceptions.Unavailable(
            f'locking the state {path}', error.strerror or str(error)
        ) from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(descriptor)
        raise exceptions.Misconfigured(
            f'another watch is at work on {path}; one state file '
            'is for one watch',
            where='--state',
        ) from error
    return descriptor


def _refuse_foreign(database: sqlite3.Connection, path: str) -> None:
    """Refuse a database that somebody else made.

    :raises Misconfigured: it has tables
    """
    (count,) = database.execute(
        'SELECT count(*) FROM sqlite_master'
    ).fetchone()
    if count:
        raise exceptions.Misconfigured(
            f'{path} is a database of another program', where='--state'
        )
