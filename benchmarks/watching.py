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

"""The watch: how much of a journal it takes, and how much it asks.

Beside the catching up stands what reads the same rows with ``xmlrpc.client``
and looks at none: nothing that uses this interface can be faster.
"""

from __future__ import annotations

import functools
import pathlib
import shutil
import sqlite3
import sys
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from benchmarks import many
from benchmarks import runs
from benchmarks import standin
from benchmarks import table
from openstack_publish.watch import sources

if TYPE_CHECKING:
    from openstack_publish.rehearsal import server

ROWS = 100_000
"""Rows of the journal: a day of PyPI has some 30,000."""

PROJECTS = 520
COUNTS = (10, 100, 1000)
"""Projects, where questions are counted."""

ABOVE_THE_FLOOR = 3
"""Beside the rows every project of ours that they name is read, twice."""

MEMORY = 512
"""MiB; a page of 50,000 rows is held as a whole."""

_READER = """
import sys, xmlrpc.client
serial, end = 0, int(sys.argv[2])
proxy = xmlrpc.client.ServerProxy(sys.argv[1] + '/pypi')
while True:
    rows = proxy.changelog_since_serial(serial)
    if not rows:
        break
    serial = rows[-1][-1]
assert serial >= end, serial
"""


def rows(scratch: pathlib.Path, repetitions: int) -> list[table.Row]:
    """Catch up with a journal, and count what quiet rounds ask."""
    return [
        *_catching_up(scratch, min(repetitions, many.REPETITIONS)),
        *(
            _questions(scratch / f'{source}-{count}', source, count)
            for source in ('changelog', 'feeds')
            for count in COUNTS
        ),
    ]


def _catching_up(scratch: pathlib.Path, repetitions: int) -> list[table.Row]:
    what = f'watch, {ROWS} rows for {PROJECTS} projects'
    names = many.projects(PROJECTS)
    releases = _checkout(scratch / 'releases', names)
    with standin.filled(functools.partial(_fill, tuple(names))) as place:
        began = scratch / 'began'
        command = _command(place.read_url, releases)
        environment = runs.environment(scratch)
        runs.run(
            [*command, '--baseline', '--state', str(began)],
            environment,
            scratch,
        )
        # Back to where the journal begins: all of it is to be caught up.
        with sqlite3.connect(began) as state:
            state.execute(
                'UPDATE value SET value = 0 WHERE name = ?',
                (sources.SERIAL,),
            )
        state.close()

        def ours() -> runs.Run:
            state = scratch / 'state'
            shutil.copyfile(began, state)
            return runs.run(
                [*command, '--state', str(state)], environment, scratch
            )

        def floor() -> runs.Run:
            return runs.run(
                [sys.executable, '-c', _READER, place.read_url, str(ROWS)],
                environment,
                scratch,
            )

        measured, read = runs.in_turns(repetitions, ours, floor)
    return [
        table.at_most(
            what,
            measured,
            read,
            ABOVE_THE_FLOOR,
            alternative='reading the rows alone (floor)',
        ),
        table.memory(what, measured, MEMORY),
    ]


def _questions(scratch: pathlib.Path, source: str, count: int) -> table.Row:
    """Count what a round asks in which nothing happened."""
    # Here alone: what measures time stays small.
    from openstack_publish.rehearsal import server

    scratch.mkdir()
    names = many.projects(count)
    releases = _checkout(scratch / 'releases', names)
    with server.StandInIndex() as index:
        for name in names:
            index.store.add_project(name, owner=standin.OWNER)
        command = _command(index.url, releases, source)
        command += ['--state', str(scratch / 'state')]
        environment = runs.environment(scratch)
        runs.run([*command, '--baseline'], environment, scratch)
        index.forget_requests()
        runs.run(command, environment, scratch)
        asked = len(index.requests)
    what = f'watch of {count} projects by the {source}, quiet round: questions'
    if source == 'feeds':
        # One, and every project twice within the hour: 2 * count / 3600 for
        # each second since the last round.
        return table.Row(what, str(asked))
    return table.Row(
        what, str(asked), goal='1', verdict=table.verdict(asked == 1)
    )


def _command(
    read_url: str, releases: pathlib.Path, source: str = 'changelog'
) -> list[str]:
    words = [runs.script('openstack-publish'), 'watch', '--once']
    words += ['--releases', str(releases), '--read-url', read_url]
    return [*words, '--source', source, '--no-cache']


def _checkout(place: pathlib.Path, names: Sequence[str]) -> pathlib.Path:
    """Make a directory of deliverable files, one for each project."""
    directory = place / 'deliverables' / '_independent'
    directory.mkdir(parents=True)
    for name in names:
        (directory / f'{name}.yaml').write_text(
            'team: demo\ntype: library\nreleases:\n'
            '  - version: 1.0.0\n    projects:\n'
            f'      - repo: openstack/{name}\n        hash: {"a" * 40}\n'
        )
    return place


def _fill(names: tuple[str, ...], index: server.StandInIndex) -> None:
    """Let projects of ours and of others happen, one in twenty ours."""
    from openstack_publish.model import names as names_of
    from openstack_publish.rehearsal import records

    # Three rounds ask for more roles than PyPI tells in an hour.
    index.store.limits.xmlrpc_calls_per_hour = sys.maxsize
    for name in names:
        index.store.add_project(name, owner=standin.OWNER)
    with index.store.locked() as state:
        for number in range(ROWS - len(state.journal)):
            state.last_serial += 2
            ours = number % 20 == 0
            name = names[number // 20 % len(names)] if ours else f'x{number}'
            state.journal.append(
                records.JournalRow(
                    name=name,
                    version=None if ours else '1.0',
                    timestamp=int(time.time()),
                    action='update classifiers' if ours else 'new release',
                    serial=state.last_serial,
                )
            )
            if ours:
                state.projects[
                    names_of.project_name(name)
                ].last_serial = state.last_serial
