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

"""The overviews of many projects, beside the other ways to read them.

A command that reads overviews is measured beside the same: :class:`Ways` has
what it takes.
"""

from __future__ import annotations

import contextlib
import dataclasses
import itertools
import pathlib
import sys
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Sequence

from benchmarks import runs
from benchmarks import standin
from benchmarks import table

COUNT = 200
"""Projects: the files of a large change."""

LATENCY = 50
"""Milliseconds that each request takes longer."""

CONNECTIONS = 8

FASTER_THAN_XMLRPC = 3
FASTER_THAN_ONE = 6
ABOVE_THE_FLOOR = 1.3

REPETITIONS = 3
"""An audit of a thousand projects takes a quarter of a minute."""

_AGAIN = ', nothing changed'
_ROOT = pathlib.Path(__file__).parents[1]


@dataclasses.dataclass(frozen=True)
class Ways:
    """Ways to read what an index has of many projects, each a process."""

    scratch: pathlib.Path
    place: standin.Place
    projects: Sequence[str]

    def overviews(
        self, jobs: int = CONNECTIONS, cache: pathlib.Path | None = None
    ) -> runs.Run:
        """Read their overviews, and nothing else."""
        where = '' if cache is None else str(cache)
        return self._ask('overviews', self.place.read_url, str(jobs), where)

    def one_connection(self) -> runs.Run:
        """Read their overviews one after the other."""
        return self.overviews(1)

    def package_roles(self) -> runs.Run:
        """Ask XML-RPC for the roles of one after the other."""
        return self._ask('package_roles', self.place.read_url)

    def floor(self) -> runs.Run:
        """Get the documents of overviews, and look at none."""
        return self._ask('floor', self.place.read_url)

    def command(self, *words: str) -> runs.Run:
        """Run a command that reads them; what it finds is no failure."""
        return runs.run(
            [
                runs.script('openstack-publish'),
                *words,
                '--read-url',
                self.place.read_url,
            ],
            runs.environment(self.scratch),
            self.scratch,
            codes=(0, 1),
        )

    def _ask(self, *words: str) -> runs.Run:
        return runs.run(
            [sys.executable, '-m', 'benchmarks.askers', *words],
            runs.environment(self.scratch, PYTHONPATH=str(_ROOT)),
            self.scratch,
            given='\n'.join(self.projects),
        )


@contextlib.contextmanager
def ways(scratch: pathlib.Path, projects: Sequence[str]) -> Iterator[Ways]:
    """Run a stand-in that holds projects, each request a little late."""
    with standin.with_projects(projects, latency_ms=LATENCY) as place:
        yield Ways(scratch, place, projects)


def projects(count: int) -> list[str]:
    """Return so many names."""
    return [f'demo-{number:04}' for number in range(count)]


def beside(
    what: str,
    found: Ways,
    repetitions: int,
    *ours: tuple[str, Callable[[], runs.Run]],
) -> list[table.Row]:
    """Measure ways to read projects beside the others.

    :param ours: each with what is said of it; the first is held against
        XML-RPC and one connection, all are held against the floor
    """
    floor, *measured = runs.in_turns(
        repetitions, found.floor, *(run for _, run in ours)
    )
    # Minutes of waiting, of which a busy moment is a small part: once.
    other, one = runs.in_turns(1, found.package_roles, found.one_connection)
    return [
        table.faster(
            what,
            measured[0],
            other,
            FASTER_THAN_XMLRPC,
            alternative='package_roles, one by one',
        ),
        table.faster(
            what,
            measured[0],
            one,
            FASTER_THAN_ONE,
            alternative='the same over one connection',
        ),
        *(
            table.at_most(
                f'{what}{said}',
                run,
                floor,
                ABOVE_THE_FLOOR,
                alternative=f'{CONNECTIONS} bare connections (floor)',
            )
            for (said, _), run in zip(ours, measured, strict=True)
        ),
    ]


def command_not_run(what: str, why: str) -> list[table.Row]:
    """Return the rows of a command that could not be measured."""
    return [
        table.not_run(what, f'<= 1/{FASTER_THAN_XMLRPC}', why),
        table.not_run(what, f'<= 1/{FASTER_THAN_ONE}', why),
        *(
            table.not_run(f'{what}{said}', f'<= {ABOVE_THE_FLOOR}', why)
            for said in ('', _AGAIN)
        ),
    ]


def command(
    what: str, found: Ways, repetitions: int, *words: str
) -> list[table.Row]:
    """Measure a command, with an empty cache and with what it then has.

    :param words: the command and its options
    """
    numbers = itertools.count()

    def first() -> runs.Run:
        new = found.scratch / f'new-{next(numbers)}'
        return found.command(*words, '-f', 'json', '--cache-dir', str(new))

    def again() -> runs.Run:
        kept = found.scratch / 'kept'
        return found.command(*words, '-f', 'json', '--cache-dir', str(kept))

    again()
    return beside(
        what,
        found,
        min(repetitions, REPETITIONS),
        ('', first),
        (_AGAIN, again),
    )


def rows(scratch: pathlib.Path, repetitions: int) -> list[table.Row]:
    """Read the overviews of many projects, each way in its own process."""
    with ways(scratch, projects(COUNT)) as found:
        return _rows(found, min(repetitions, REPETITIONS))


def _rows(found: Ways, repetitions: int) -> list[table.Row]:
    count = len(found.projects)
    numbers = itertools.count()
    kept = found.scratch / f'kept-{count}'

    def fill() -> runs.Run:
        new = found.scratch / f'new-{count}-{next(numbers)}'
        return found.overviews(cache=new)

    found.overviews(cache=kept)
    return beside(
        f'{count} overviews, {LATENCY} ms a request',
        found,
        repetitions,
        ('', found.overviews),
        (', filling a cache', fill),
        (_AGAIN, lambda: found.overviews(cache=kept)),
    )
