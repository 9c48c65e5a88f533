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

"""Audits for human eyes, at 80 columns: by project, by team, by account."""

from __future__ import annotations

import collections
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Sequence

from openstack_publish.model import auditing
from openstack_publish.model import finding
from openstack_publish.model import knowledge
from openstack_publish.model import verdicts
from openstack_publish.render import as_text
from openstack_publish.render import moment
from openstack_publish.render import plain

NO_TEAM = 'no team'
"""Where projects stand that no deliverable file gives a team."""

_VERDICTS: tuple[verdicts.Verdict, ...] = (
    'failed',
    'unknown',
    'held',
    'absent',
)
_WORDS: dict[verdicts.Verdict, str] = {
    'failed': 'failed',
    'unknown': 'unknown',
    'held': 'held',
    'absent': 'absent (not on the index)',
}
Rows = Sequence[auditing.Audited]


def by_project(
    audit: auditing.Audit,
    required: frozenset[str],
    changes: frozenset[str],
    was: auditing.Audit | None,
) -> str:
    """Return an audit, one project after the other, the gravest first.

    :param required: users whom the policy requires, case-folded
    :param changes: codes of findings that tell what changed
    :param was: the saved audit that this one was compared with
    """
    lines = [*_head(audit), *_changes(audit, was, changes)]
    lines += _rows(audit.projects, required, changes)
    return _text(lines)


def by_team(
    audit: auditing.Audit,
    required: frozenset[str],
    changes: frozenset[str],
    was: auditing.Audit | None,
) -> str:
    """Return an audit, one team after the other; each has a list to act on.

    :param required: as of :func:`by_project`, as are the others
    """
    lines = [*_head(audit), *_changes(audit, was, changes)]
    teams: dict[str | None, list[auditing.Audited]] = {}
    for row in audit.projects:
        teams.setdefault(row.team, []).append(row)
    for team in sorted(
        teams, key=lambda name: (name is None, (name or '').casefold())
    ):
        rows = teams[team]
        lines += [
            '',
            f'{plain.line(team or NO_TEAM)}: {_counted(rows)}',
            *_rows(rows, required, changes),
        ]
    return _text(lines)


def by_account(
    audit: auditing.Audit,
    accounts: Sequence[auditing.Account],
    changes: frozenset[str],
    was: auditing.Audit | None,
) -> str:
    """Return what each account can upload to: what an intruder would get.

    :param changes: as of :func:`by_project`, as is the other
    """
    lines = [*_head(audit), *_changes(audit, was, changes), '']
    others = [account for account in accounts if not account.required]
    for account in accounts:
        if account.required:
            lines += as_text.wrapped(
                f'{plain.line(account.user)} is required: {_held(account)}',
                '',
                '  ',
            )
    unread = sum(
        isinstance(row.roles, knowledge.Unknown) for row in audit.projects
    )
    if unread:
        lines += as_text.wrapped(
            f'the roles of {_projects(unread)} are unknown: each number may '
            'be higher',
            '',
            '  ',
        )
    lines.append(
        f'{len(others)} other accounts hold a role'
        if len(others) != 1
        else '1 other account holds a role'
    )
    for account in others:
        lines.append('')
        lines += as_text.wrapped(
            f'account {plain.line(account.user)} can still upload to '
            f'{_projects(len(account.projects))} ({_held(account)})',
            '',
            '  ',
        )
        lines += _names(account.projects, '    ')
    return _text(lines)


def _text(lines: Iterable[str]) -> str:
    return '\n'.join(lines) + '\n'


def _head(audit: auditing.Audit) -> Iterator[str]:
    yield from as_text.wrapped(
        f'{_projects(len(audit.projects))} on {plain.line(audit.read_url)}, '
        f'{moment.rfc3339(audit.taken)}',
        '',
        '  ',
    )
    yield from as_text.wrapped(_counted(audit.projects), '  ', '  ')
    if audit.findings:
        yield ''
        yield 'projects may be missing here:'
        yield as_text.of_findings(audit.findings)


def _changes(
    audit: auditing.Audit, was: auditing.Audit | None, codes: frozenset[str]
) -> Iterator[str]:
    """Say what changed since the saved audit, in one place."""
    if was is None:
        return
    changed = [
        (row, found)
        for row in audit.projects
        for found in row.findings
        if found.code in codes
    ]
    yield ''
    since = moment.rfc3339(was.taken)
    if not changed:
        yield f'nothing that is known changed since {since}'
        return
    yield f'changed since {since}:'
    for row, found in changed:
        yield from as_text.wrapped(
            f'{row.project}: {plain.line(found.message)} ({found.code})',
            '  ',
            '    ',
        )


def _rows(
    rows: Rows, required: frozenset[str], changes: frozenset[str]
) -> Iterator[str]:
    """Tell of every project: at length where there is something to tell."""
    for verdict in _VERDICTS:
        brief = []
        for row in rows:
            if row.verdict != verdict:
                continue
            said = [
                found for found in row.findings if found.code not in changes
            ]
            if verdict != 'absent' and (said or _has_more(row, required)):
                yield ''
                yield from _row(row, said)
            else:
                brief.append(row.project)
        if brief:
            yield ''
            yield f'{_WORDS[verdict]}: {_projects(len(brief))}'
            yield from _names(brief, '  ')


def _row(
    row: auditing.Audited, said: Sequence[finding.Finding]
) -> Iterator[str]:
    team = '' if row.team is None else f' ({plain.line(row.team)})'
    yield f'{row.verdict:<8} {row.project}{team}'
    who = row.maintainers
    shown = (
        'unknown' if who is None else plain.line(as_text.of_maintainers(who))
    )
    yield from as_text.wrapped(f'roles: {shown}', '  ', '    ')
    match row.status:
        case knowledge.Known(value='active'):
            pass
        case knowledge.Known(value=status):
            yield f'  status: {plain.line(status)}'
        case knowledge.Unknown():
            yield '  status: unknown'
    if said:
        yield as_text.of_findings(said)


def _has_more(row: auditing.Audited, required: frozenset[str]) -> bool:
    """Say whether others than the required users can upload."""
    who = row.maintainers
    return who is not None and (
        who.organization != knowledge.Known(None)
        or any(role.user.casefold() not in required for role in who.roles)
    )


def _names(projects: Sequence[str], indent: str) -> list[str]:
    return as_text.wrapped(', '.join(projects), indent, indent)


def _counted(rows: Rows) -> str:
    """Return how many projects came to which verdict."""
    counts = collections.Counter(row.verdict for row in rows)
    return ', '.join(
        f'{counts[verdict]} {_WORDS[verdict]}'
        for verdict in _VERDICTS
        if counts[verdict]
    )


def _held(account: auditing.Account) -> str:
    return (
        f'Owner of {len(account.owner_of)}, '
        f'Maintainer of {len(account.maintainer_of)}'
    )


def _projects(count: int) -> str:
    return '1 project' if count == 1 else f'{count} projects'


VIEWS: dict[
    auditing.View,
    Callable[
        [
            auditing.Audit,
            frozenset[str],
            frozenset[str],
            auditing.Audit | None,
        ],
        str,
    ],
] = {'project': by_project, 'team': by_team}
"""The views that tell of projects."""
