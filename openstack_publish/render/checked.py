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

"""A check as documents and for human eyes, at 80 columns, file by file."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from typing import Any

from openstack_publish.model import checking
from openstack_publish.model import finding
from openstack_publish.model import series
from openstack_publish.model import verdicts
from openstack_publish.render import as_json
from openstack_publish.render import as_text
from openstack_publish.render import plain

COLUMNS = (
    'path',
    'series',
    'deliverable',
    'version',
    'repo',
    'project',
    'verdict',
    'findings',
)
"""Keys of each document."""

_VERDICTS: tuple[verdicts.Verdict, ...] = (
    'failed',
    'unknown',
    'held',
    'absent',
)
_RANK = {'error': 0, 'warning': 1, 'note': 2}


def documents(told: checking.Check) -> list[dict[str, Any]]:
    """Return rows as JSON documents with the keys of :data:`COLUMNS`.

    The key of the day is a row where something is wrong with it.
    """
    rows = told.orders
    if any(found.severity != 'note' for found in told.key.findings):
        rows = told.rows
    return [
        {
            'path': row.path,
            'series': row.series,
            'deliverable': row.deliverable,
            'version': row.version,
            'repo': row.repo,
            'project': row.project,
            'verdict': row.verdict,
            'findings': [as_json.of_finding(each) for each in row.findings],
        }
        for row in rows
    ]


def text(told: checking.Check, why: Mapping[str, str]) -> str:
    """Return a check for a reader.

    :param why: the reason of each rule, by code
    """
    lines: list[str] = []
    for path, rows in itertools.groupby(told.rows, lambda row: row.path):
        lines.append(plain.line(path))
        for row in rows:
            lines += _row(row, why)
        lines.append('')
    counts = [
        f'{count} {verdict}'
        for verdict in _VERDICTS
        if (count := sum(row.verdict == verdict for row in told.rows))
    ]
    lines.append(f'{len(told.rows)} looked at: ' + ', '.join(counts))
    return '\n'.join(lines) + '\n'


def _row(row: checking.Checked, why: Mapping[str, str]) -> Iterator[str]:
    name = 'the file as a whole' if row.findings else 'no order to check'
    if row.version is not None:
        name = f'{row.project} {row.version} ({row.repo})'
    elif row.path == series.STATUS_FILE:
        name = 'the signing key of the day'
    yield from as_text.wrapped(
        f'{row.verdict}: {plain.line(name)}', '  ', '    '
    )
    ranked = sorted(row.findings, key=lambda each: _RANK[each.severity])
    # Why and what to do follow once after findings that share both.
    for (code, remedy, severity), alike in itertools.groupby(
        ranked, lambda each: (each.code, each.remedy, each.severity)
    ):
        for found in alike:
            yield from _finding(found, row.path)
        if severity != 'note':
            yield from as_text.wrapped(
                f'why: {why[code]}', '      ', '        '
            )
            yield from as_text.wrapped(
                f'do: {plain.line(remedy)}', '      ', '        '
            )


def _finding(found: finding.Finding, path: str) -> Iterator[str]:
    where = ''
    if found.path is not None and found.path != path:
        where = f'{plain.line(found.path)}: '
    if found.line is not None:
        where += f'line {found.line}: '
    verdict = 'unknown' if found.verdict == 'unknown' else found.severity
    subject = plain.line(found.subject)
    if subject == plain.line(path):
        subject = ''
    head = f'{found.code} {verdict}: {where}' + (
        f'{subject}: ' if subject else ''
    )
    yield from as_text.wrapped(
        head + plain.line(found.message), '    ', '      '
    )


def said(found: finding.Finding, why: Mapping[str, str]) -> Sequence[str]:
    """Return what a reviewer is to read: what, why, and what to do."""
    lines = [
        f'{found.code}: {plain.line(found.subject)}: '
        f'{plain.line(found.message)}'
    ]
    if found.severity != 'note':
        lines.append(f'Why: {why[found.code]}')
    if found.remedy:
        lines.append(f'What to do: {plain.line(found.remedy)}')
    return lines
