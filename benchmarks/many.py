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

"""The overviews of many projects, beside the other ways to read them."""

from __future__ import annotations

import itertools
import pathlib
import sys

from benchmarks import runs
from benchmarks import standin
from benchmarks import table

COUNTS = (200, 1000)
"""Projects: the files of a large change, and those of an audit."""

LATENCY = 50
"""Milliseconds that each request takes longer."""

CONNECTIONS = 8

FASTER_THAN_XMLRPC = 3
FASTER_THAN_ONE = 6
ABOVE_THE_FLOOR = 1.3

REPETITIONS = 3
"""The slowest of them takes two minutes."""

_ROOT = pathlib.Path(__file__).parents[1]


def rows(scratch: pathlib.Path, repetitions: int) -> list[table.Row]:
    """Read the overviews of many projects, each way in its own process."""
    found: list[table.Row] = []
    times = min(repetitions, REPETITIONS)
    for count in COUNTS:
        with standin.with_projects(
            projects(count), latency_ms=LATENCY
        ) as place:
            found += _rows(scratch, times, place, count)
    return found


def projects(count: int) -> list[str]:
    """Return so many names."""
    return [f'demo-{number:04}' for number in range(count)]


def _rows(
    scratch: pathlib.Path,
    repetitions: int,
    place: standin.Place,
    count: int,
) -> list[table.Row]:
    numbers = itertools.count()
    kept = str(scratch / f'kept-{count}')

    def ask(*words: str) -> runs.Run:
        return runs.run(
            [sys.executable, '-m', 'benchmarks.askers', *words],
            runs.environment(scratch, PYTHONPATH=str(_ROOT)),
            scratch,
            given='\n'.join(projects(count)),
        )

    def overviews(jobs: int, cache: str) -> runs.Run:
        return ask('overviews', place.read_url, str(jobs), cache)

    def first() -> runs.Run:
        return overviews(
            CONNECTIONS, str(scratch / f'new-{count}-{next(numbers)}')
        )

    overviews(CONNECTIONS, kept)
    ours, new, again, floor, other, one = runs.in_turns(
        repetitions,
        lambda: overviews(CONNECTIONS, ''),
        first,
        lambda: overviews(CONNECTIONS, kept),
        lambda: ask('floor', place.read_url),
        lambda: ask('package_roles', place.read_url),
        lambda: overviews(1, ''),
    )
    what = f'{count} overviews, {LATENCY} ms a request'
    return [
        table.faster(
            f'{what}, against package_roles one after the other',
            ours,
            other,
            FASTER_THAN_XMLRPC,
        ),
        table.faster(
            f'{what}, against one connection', ours, one, FASTER_THAN_ONE
        ),
        table.at_most(
            f'{what}, against {CONNECTIONS} bare connections',
            ours,
            floor,
            ABOVE_THE_FLOOR,
        ),
        table.at_most(
            f'{what}, filling a cache, against bare connections',
            new,
            floor,
            ABOVE_THE_FLOOR,
        ),
        table.at_most(
            f'{what}, nothing changed, against bare connections',
            again,
            floor,
            ABOVE_THE_FLOOR,
        ),
    ]
