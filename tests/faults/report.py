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

"""The matrix in words: for a terminal, and for the documentation."""

from __future__ import annotations

import collections
import datetime
import os
import pathlib
import platform
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Sequence

from tests.faults import matrix
from tests.faults import reading_table
from tests.faults import table
from tests.support import pages

BEGIN = '.. the next lines are written by "tox -e faults -- --write FILE"'
END = '.. end of what is written'


def lines(cells: Sequence[matrix.Played]) -> Iterator[str]:
    """Give a line for each cell that was played, and the sums."""
    for cell in cells:
        verdict = 'ok' if cell.ok else 'FAILED'
        yield (
            f'{verdict:6}  {cell.command:8}  {cell.place:22}  '
            f'{cell.fault:34}  {cell.first:19}  {cell.second}'
        )
    yield ''
    yield from _machine()
    for command, ok, failed, impossible in _sums(cells):
        yield (f'{command}: {ok} cells ok, {failed} FAILED, {impossible} n/a')


def write(page: pathlib.Path, cells: Sequence[matrix.Played]) -> None:
    """Put the summary between the marks of a page.

    :raises ValueError: the page has no such marks
    """
    pages.write_between(page, BEGIN, END, _summary(cells))


def _summary(cells: Sequence[matrix.Played]) -> Iterator[str]:
    """Give the lines of reStructuredText."""
    yield from _machine()
    yield ''
    yield from pages.list_table(
        ('Command', 'ok', 'FAILED', 'n/a'),
        (tuple(map(str, row)) for row in _sums(cells)),
    )
    for command in _commands(cells):
        ours = [cell for cell in cells if cell.command == command]
        yield ''
        yield f'``{command}``'
        yield '-' * (len(command) + 4)
        yield ''
        yield from pages.list_table(
            ('Where', 'Fault', 'The run it meets', 'The run after it'),
            _merged(ours),
        )
    yield ''
    yield 'Not applicable'
    yield '--------------'
    yield ''
    reasons = collections.Counter(
        cell.reason
        for command in _commands(cells)
        for cell in _possible(command)
        if cell.reason is not None
    )
    for reason, count in reasons.items():
        noun = 'cell' if count == 1 else 'cells'
        yield from pages.wrapped(f'{reason} ({count} {noun})', '* ')


def _merged(
    cells: Sequence[matrix.Played],
) -> Iterator[tuple[str, str, str, str]]:
    """Give a row for all faults that end alike at one place."""
    alike: dict[tuple[str, str, str], list[str]] = {}
    for cell in cells:
        first = cell.first if cell.ok else f'**FAILED** {cell.first}'
        alike.setdefault((cell.place, first, cell.second), []).append(
            cell.fault
        )
    for (place, first, second), faults in sorted(alike.items()):
        yield place, ', '.join(faults), first, second


def _commands(cells: Iterable[matrix.Played]) -> list[str]:
    return list(dict.fromkeys(cell.command for cell in cells))


def _sums(
    cells: Sequence[matrix.Played],
) -> Iterator[tuple[str, int, int, int]]:
    """Give for each command how many cells are ok, FAILED and n/a."""
    for command in _commands(cells):
        ok = [cell.ok for cell in cells if cell.command == command]
        impossible = sum(
            cell.reason is not None for cell in _possible(command)
        )
        yield command, ok.count(True), ok.count(False), impossible


def _possible(
    command: str,
) -> Iterator[table.Cell | reading_table.Cell]:
    """Give every cell of a command, those that cannot be too."""
    if command == 'publish':
        yield from table.cells()
    for cell in reading_table.cells():
        if cell.command == command:
            yield cell


def _machine() -> Iterator[str]:
    today = datetime.datetime.now(datetime.UTC).date()
    yield (
        f'Played on {today}, {platform.system()} {platform.machine()} with '
        f'{os.cpu_count()} cores,'
    )
    yield f'Python {platform.python_version()}; full disks are a small tmpfs.'
