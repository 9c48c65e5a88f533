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

"""Where releases stand, as documents and for human eyes, at 80 columns."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from collections.abc import Sequence
from typing import Any

from openstack_publish.model import standing
from openstack_publish.model import verdicts
from openstack_publish.render import as_text
from openstack_publish.render import plain

COLUMNS = (
    'project',
    'version',
    'repo',
    'series',
    'archive',
    'index',
    'same_bytes',
    'days_left',
    'verdict',
)
"""Keys of each document."""

_ORDER: tuple[verdicts.Verdict, ...] = ('failed', 'unknown', 'held', 'absent')
_MEANING = {
    'failed': 'something is missing or different',
    'unknown': 'something could not be known',
    'held': 'complete',
    'absent': 'nothing is missing',
}
_CELLS = {True: 'yes', False: 'NO', None: '-'}


def documents(rows: Sequence[standing.Standing]) -> list[dict[str, Any]]:
    """Return rows as JSON documents with the keys of :data:`COLUMNS`."""
    return [
        {
            'project': row.project,
            'version': row.version,
            'repo': row.repo,
            'series': row.series,
            'archive': dataclasses.asdict(row.archive),
            'index': dataclasses.asdict(row.index),
            'same_bytes': row.same_bytes,
            'days_left': row.days_left,
            'verdict': row.verdict,
        }
        for row in rows
    ]


def text(rows: Sequence[standing.Standing]) -> str:
    """Return rows for a reader, grouped by verdict, the gravest first."""
    lines: list[str] = []
    for verdict in _ORDER:
        group = [row for row in rows if row.verdict == verdict]
        if group:
            lines.append(f'{verdict} ({len(group)}): {_MEANING[verdict]}')
            for row in group:
                lines += _row(row)
            lines.append('')
    codes = sorted({found.code for row in rows for found in row.findings})
    if codes:
        lines.append(
            'what to do: openstack-publish rule CODE, for ' + ' '.join(codes)
        )
    elif not rows:
        lines.append('nothing is ordered')
    return '\n'.join(lines).rstrip('\n') + '\n'


def _row(row: standing.Standing) -> Iterator[str]:
    name = f'{row.project} {row.version or ""}'.rstrip()
    head = f'  {plain.line(name)}'
    if row.verdict == 'absent':
        yield from as_text.wrapped(f'{head.strip()}: {row.why}', '  ', '    ')
        return
    if row.verdict == 'held' and row.series is not None:
        yield f'{head} ({plain.line(row.series)})'
        for found in row.findings:
            if (found.severity, found.verdict) == ('warning', 'failed'):
                yield as_text.of_finding(dataclasses.replace(found, remedy=''))
        return
    yield head if row.repo is None else f'{head}  {plain.line(row.repo)}'
    if row.repo is not None:
        archive, index = row.archive, row.index
        yield (
            f'    archive  sdist {_CELLS[archive.sdist]}, '
            f'wheel {_CELLS[archive.wheel]}, '
            f'signatures {_CELLS[archive.signatures]}'
        )
        yield (
            f'    index    sdist {_CELLS[index.sdist]}, '
            f'wheel {_CELLS[index.wheel]}, '
            f'same bytes {_CELLS[row.same_bytes]}'
        )
    if row.days_left is not None:
        yield f'    open     {_open(row.days_left)}'
    for found in row.findings:
        yield as_text.of_finding(dataclasses.replace(found, remedy=''))


def _open(days: float) -> str:
    if days <= 0:
        return 'no: the index takes no more files of this release'
    return f'for {days:.2f} days, in which the index takes more files'
