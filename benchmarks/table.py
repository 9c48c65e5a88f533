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

"""What was measured, as rows of one table."""

from __future__ import annotations

import dataclasses
import datetime
import importlib.metadata
import os
import platform
from collections.abc import Sequence

from benchmarks import runs


@dataclasses.dataclass(frozen=True)
class Row:
    """One comparison."""

    what: str
    ours: str
    other: str = '-'
    ratio: str = '-'
    goal: str = '-'
    verdict: str = '-'
    """Whether the goal is met, or why there is no answer."""


_HEADINGS = Row('what', 'ours', 'other', 'ratio', 'goal', 'verdict')


def verdict(met: bool) -> str:
    """Say whether a goal is met."""
    return 'met' if met else 'MISSED'


def not_run(what: str, goal: str, why: str) -> Row:
    """Return the row of what could not be measured."""
    return Row(what, 'not run', goal=goal, verdict=why)


def at_most(
    what: str,
    ours: Sequence[runs.Run],
    other: Sequence[runs.Run],
    times: float,
) -> Row:
    """Return a row: ours may take so many times the other's time."""
    ratio = runs.median(ours) / runs.median(other)
    return Row(
        what,
        runs.seconds(ours),
        runs.seconds(other),
        f'{ratio:.2f}',
        f'<= {times:g}',
        verdict(ratio <= times),
    )


def faster(
    what: str,
    ours: Sequence[runs.Run],
    other: Sequence[runs.Run],
    times: float,
) -> Row:
    """Return a row: the other takes so many times our time, at least."""
    ratio = runs.median(other) / runs.median(ours)
    return Row(
        what,
        runs.seconds(ours),
        runs.seconds(other),
        f'1/{ratio:.1f}' if ratio < 10 else f'1/{ratio:.0f}',
        f'1/{times:g}',
        verdict(ratio >= times),
    )


def within(what: str, ours: Sequence[runs.Run], limit: float) -> Row:
    """Return a row: the median may be so many seconds."""
    return Row(
        what,
        runs.seconds(ours),
        goal=f'< {limit:g} s',
        verdict=verdict(runs.median(ours) < limit),
    )


def machine() -> str:
    """Say what was measured on, and when; seconds are min / median."""
    versions = ', '.join(
        f'{name} {importlib.metadata.version(name)}'
        for name in ('openstack-publish', 'twine')
    )
    return (
        f'{datetime.datetime.now(datetime.UTC):%Y-%m-%d}, '
        f'{os.cpu_count()} cores ({platform.machine()}), load '
        f'{os.getloadavg()[1]:.1f}, Python {platform.python_version()}, '
        f'{versions}\n'
        'Seconds are wall time, minimum / median; a ratio is of medians.'
    )


def text(rows: Sequence[Row]) -> str:
    """Return the table."""
    lines = [dataclasses.astuple(row) for row in (_HEADINGS, *rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    rule = tuple('=' * width for width in widths)
    return '\n'.join(
        '  '.join(
            cell.ljust(width) for cell, width in zip(line, widths, strict=True)
        ).rstrip()
        for line in (rule, lines[0], rule, *lines[1:], rule)
    )
