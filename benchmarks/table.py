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
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from typing import Literal

from benchmarks import runs
from tests.support import pages

Verdict = Literal['met', 'MISSED', 'not measured', 'no goal']

BEGIN = '.. the next lines are written by "tox -e bench -- --write FILE"'
END = '.. end of what is written'

BUSY = 0.5
"""Load for each core, before anything was measured, above which times are
too long: others want the cores, too."""

NOTHING = '-'

_HOLD_MORE = 'these benchmarks hold more memory than what they measure'


@dataclasses.dataclass(frozen=True)
class Row:
    """One comparison."""

    what: str
    ours: str
    alternative: str = NOTHING
    """What somebody would take who doesn't have this program, or what
    nothing can be faster than."""

    theirs: str = NOTHING
    """What that takes."""

    ratio: str = NOTHING
    goal: str = NOTHING
    verdict: Verdict = 'no goal'
    why: str = ''
    """Why it was not measured."""

    subject: str = ''

    def cells(self) -> tuple[str, ...]:
        """Return a line of the table."""
        said = f'{self.verdict}: {self.why}' if self.why else self.verdict
        return (
            self.subject,
            self.what,
            self.ours,
            self.alternative,
            self.theirs,
            self.ratio,
            self.goal,
            said,
        )


HEADINGS = (
    'Subject',
    'What',
    'Ours',
    'Beside',
    'Theirs',
    'Ratio',
    'Goal',
    'Verdict',
)


def verdict(met: bool) -> Verdict:
    """Say whether a goal is met."""
    return 'met' if met else 'MISSED'


def not_run(what: str, goal: str, why: str) -> Row:
    """Return the row of what could not be measured."""
    return Row(what, NOTHING, goal=goal, verdict='not measured', why=why)


def at_most(
    what: str,
    ours: Sequence[runs.Run],
    other: Sequence[runs.Run],
    times: float,
    *,
    alternative: str,
) -> Row:
    """Return a row: ours may take so many times the other's time."""
    ratio = runs.median(ours) / runs.median(other)
    return Row(
        what,
        runs.seconds(ours),
        alternative,
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
    *,
    alternative: str,
) -> Row:
    """Return a row: the other takes so many times our time, at least."""
    ratio = runs.median(other) / runs.median(ours)
    return Row(
        what,
        runs.seconds(ours),
        alternative,
        runs.seconds(other),
        f'1/{ratio:.1f}' if ratio < 10 else f'1/{ratio:.0f}',
        f'<= 1/{times:g}',
        verdict(ratio >= times),
    )


def within(
    what: str,
    ours: Sequence[runs.Run],
    limit: float,
    other: Sequence[runs.Run] = (),
    *,
    alternative: str = NOTHING,
) -> Row:
    """Return a row: the median may be so many seconds.

    :param other: what it is shown beside, without a goal
    """
    theirs = ratio = NOTHING
    if other:
        theirs = runs.seconds(other)
        ratio = f'{runs.median(ours) / runs.median(other):.2f}'
    return Row(
        what,
        runs.seconds(ours),
        alternative,
        theirs,
        ratio,
        f'< {limit:g} s',
        verdict(runs.median(ours) < limit),
    )


def memory(what: str, ours: Sequence[runs.Run], limit: int) -> Row:
    """Return a row: no run may hold so many MiB."""
    what, goal = f'{what}: peak memory', f'< {limit} MiB'
    known = [each.peak for each in ours if each.peak is not None]
    if not known:
        return not_run(what, goal, _HOLD_MORE)
    peak = max(known) / runs.MIB
    return Row(
        what, f'{peak:.0f} MiB', goal=goal, verdict=verdict(peak < limit)
    )


def as_small(
    what: str,
    ours: runs.Run,
    other: runs.Run,
    times: float,
    *,
    alternative: str,
) -> Row:
    """Return a row: ours may hold so many times the other's memory."""
    what, goal = f'{what}: peak memory', f'<= {times:g}'
    if ours.peak is None or other.peak is None:
        return not_run(what, goal, _HOLD_MORE)
    ratio = ours.peak / other.peak
    return Row(
        what,
        f'{ours.peak / runs.MIB:.1f} MiB',
        alternative,
        f'{other.peak / runs.MIB:.1f} MiB',
        f'{ratio:.2f}',
        goal,
        verdict(ratio <= times),
    )


def machine(load: float) -> Iterator[str]:
    """Say what is measured on, and when; warn where others work there, too.

    :param load: of the last minute, before anything was measured
    """
    versions = ', '.join(
        f'{name} {importlib.metadata.version(name)}'
        for name in ('openstack-publish', 'twine', 'requests')
    )
    cores = os.cpu_count() or 1
    yield (
        f'Measured on {datetime.datetime.now(datetime.UTC):%Y-%m-%d}, '
        f'{platform.system()} {platform.machine()} with {cores} cores,'
    )
    yield f'load {load:.1f} before; Python {platform.python_version()},'
    yield f'{versions}.'
    yield 'Seconds are wall time, minimum / median; a ratio is of medians.'
    if load > BUSY * cores:
        yield (
            f'THE MACHINE WAS BUSY: a load above {BUSY * cores:g} means that '
            'others want'
        )
        yield 'the cores, too; times are too long, and verdicts may be wrong.'


def sums(rows: Sequence[Row], took: Mapping[str, float]) -> Iterator[str]:
    """Say how many goals are met, and how long each subject took.

    :param took: seconds by subject
    """
    verdicts = [row.verdict for row in rows]
    yield (
        f'{verdicts.count("met")} goals met, {verdicts.count("MISSED")} '
        f'missed, {verdicts.count("not measured")} not measured.'
    )
    each = ', '.join(f'{name} {spent:.0f}' for name, spent in took.items())
    yield f'Seconds: {each}; {sum(took.values()):.0f} in all.'


def text(rows: Sequence[Row]) -> str:
    """Return the table for a terminal."""
    lines = [HEADINGS, *(row.cells() for row in rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    rule = tuple('=' * width for width in widths)
    return '\n'.join(
        '  '.join(
            cell.ljust(width) for cell, width in zip(line, widths, strict=True)
        ).rstrip()
        for line in (rule, lines[0], rule, *lines[1:], rule)
    )


def page(
    head: Sequence[str], rows: Sequence[Row], took: Mapping[str, float]
) -> Iterator[str]:
    """Give the lines of reStructuredText that stand in the documentation."""
    yield from head
    yield ''
    yield from pages.list_table(HEADINGS, (row.cells() for row in rows))
    yield ''
    for said in sums(rows, took):
        yield from pages.wrapped(said)
