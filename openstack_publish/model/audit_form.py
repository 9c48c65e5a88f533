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

"""Reads the data of a saved audit.

The form is ``openstack-publish/audit/1``; its schema is shipped. A file that
was written by hand, by another version or halfway is refused with the field
that is wrong: to compare with a guess would hide a change.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from collections.abc import Mapping
from typing import TypeVar, cast

from openstack_publish.model import auditing
from openstack_publish.model import finding
from openstack_publish.model import knowledge
from openstack_publish.model import located
from openstack_publish.model import maintainers
from openstack_publish.model import names
from openstack_publish.model import reading
from openstack_publish.model import verdicts

T = TypeVar('T')

_TOP = ('schema', 'tool', 'taken', 'index', 'findings', 'projects')
_ROW = (
    'project',
    'team',
    'verdict',
    'roles',
    'organization',
    'status',
    'findings',
    'provenance',
    'unknown',
)
_PARTS = frozenset({'roles', 'organization', 'status', 'provenance'})
_FINDING = (
    'code',
    'severity',
    'verdict',
    'subject',
    'message',
    'path',
    'line',
    'remedy',
)
_VERDICTS: tuple[verdicts.Verdict, ...] = (
    'held',
    'failed',
    'unknown',
    'absent',
)
_SEVERITIES: tuple[finding.Severity, ...] = ('error', 'warning', 'note')
_FOUND: tuple[finding.Verdict, ...] = ('failed', 'unknown', 'noted')


def read(
    data: object, path: str
) -> tuple[auditing.Audit | None, tuple[located.Problem, ...]]:
    """Return a saved audit, or everything that is wrong with its file.

    :param path: what the problems call the file
    """
    walk = reading.Walk(path)
    top = walk.mapping(data, (), frozenset(_TOP), _TOP)
    if walk.problems:
        return None, walk.problems
    walk.choice(top['schema'], ('schema',), (auditing.SCHEMA,))
    taken = _time(walk, top['taken'], ('taken',))
    index = walk.text(top['index'], ('index',))
    findings = _findings(walk, top['findings'], ('findings',))
    rows: dict[names.ProjectName, auditing.Audited] = {}
    for number, entry in enumerate(
        walk.sequence(top['projects'], ('projects',))
    ):
        row = _row(walk, entry, ('projects', number))
        if row is None:
            continue
        if row.project in rows:
            walk.problem(
                ('projects', number, 'project'),
                f'{row.project} is in this list twice',
            )
        rows[row.project] = row
    if walk.problems or taken is None or index is None:
        return None, walk.problems
    ordered = tuple(rows[project] for project in sorted(rows))
    return auditing.Audit(taken, index, ordered, findings), ()


def _row(
    walk: reading.Walk, data: object, key: located.KeyPath
) -> auditing.Audited | None:
    fields = walk.mapping(data, key, frozenset(_ROW), _ROW)
    if not all(name in fields for name in _ROW):
        return None
    name = walk.text(fields['project'], (*key, 'project'))
    if name is not None and not names.is_project_name(name):
        walk.problem(
            (*key, 'project'),
            f"must be a project's name, is {reading.named(name)}",
        )
        name = None
    team = _or_null(walk.text)(fields['team'], (*key, 'team'))
    verdict = walk.choice(fields['verdict'], (*key, 'verdict'), _VERDICTS)
    parts = _Parts(walk, fields, key)
    roles = parts.part('roles', lambda data, at: _roles(walk, data, at))
    organization = parts.part('organization', _or_null(walk.text))
    status = parts.part('status', walk.text)
    provenance = parts.part('provenance', walk.truth)
    findings = _findings(walk, fields['findings'], (*key, 'findings'))
    if name is None or verdict is None or walk.problems:
        return None
    return auditing.Audited(
        names.project_name(name),
        team,
        verdict,
        cast('knowledge.Knowledge[tuple[maintainers.Role, ...]]', roles),
        organization,
        cast('knowledge.Knowledge[str]', status),
        cast('knowledge.Knowledge[bool]', provenance),
        findings,
    )


class _Parts:
    """The parts of a row that may be unknown."""

    def __init__(
        self,
        walk: reading.Walk,
        fields: Mapping[str, object],
        key: located.KeyPath,
    ) -> None:
        self._walk = walk
        self._fields = fields
        self._key = key
        self._unknown = walk.mapping(
            fields['unknown'], (*key, 'unknown'), _PARTS
        )

    def part(
        self,
        name: str,
        read: Callable[[object, located.KeyPath], T | None],
    ) -> knowledge.Knowledge[T | None]:
        """Read a part; one that is unknown has its reason beside it."""
        key = (*self._key, name)
        value = self._fields[name]
        if name not in self._unknown:
            return knowledge.Known(read(value, key))
        if value is not None:
            self._walk.problem(
                key, f'must be null, for it is unknown: {reading.named(value)}'
            )
        above = (*self._key, 'unknown', name)
        both = ('what', 'why')
        said = self._walk.mapping(
            self._unknown[name], above, frozenset(both), both
        )
        return knowledge.Unknown(
            self._walk.optional_text(said, 'what', above) or '',
            self._walk.optional_text(said, 'why', above) or '',
        )


def _or_null(
    read: Callable[[object, located.KeyPath], T | None],
) -> Callable[[object, located.KeyPath], T | None]:
    """Return a reader that takes null, too."""

    def or_null(data: object, key: located.KeyPath) -> T | None:
        return None if data is None else read(data, key)

    return or_null


def _roles(
    walk: reading.Walk, data: object, key: located.KeyPath
) -> tuple[maintainers.Role, ...]:
    found = []
    both = ('user', 'role')
    for number, entry in enumerate(walk.sequence(data, key)):
        at = (*key, number)
        fields = walk.mapping(entry, at, frozenset(both), both)
        user = walk.optional_text(fields, 'user', at)
        role = walk.optional_text(fields, 'role', at)
        if user is not None and role is not None:
            found.append(maintainers.Role(user, role))
    return tuple(found)


def _findings(
    walk: reading.Walk, data: object, key: located.KeyPath
) -> tuple[finding.Finding, ...]:
    found = []
    for number, entry in enumerate(walk.sequence(data, key)):
        at = (*key, number)
        fields = walk.mapping(entry, at, frozenset(_FINDING), _FINDING)
        if not all(name in fields for name in _FINDING):
            continue
        code = walk.text(fields['code'], (*at, 'code'))
        if code is not None and not finding.CODE.fullmatch(code):
            walk.problem(
                (*at, 'code'),
                f'must be the code of a finding, is {reading.named(code)}',
            )
        severity = walk.choice(
            fields['severity'], (*at, 'severity'), _SEVERITIES
        )
        verdict = walk.choice(fields['verdict'], (*at, 'verdict'), _FOUND)
        texts = [
            walk.text(fields[name], (*at, name))
            for name in ('subject', 'message', 'remedy')
        ]
        path = _or_null(walk.text)(fields['path'], (*at, 'path'))
        line = fields['line']
        if line is not None and type(line) is not int:
            walk.problem(
                (*at, 'line'), f'must be a number, is {reading.named(line)}'
            )
        subject, message, remedy = texts
        if code and severity and verdict and subject and message and remedy:
            found.append(
                finding.Finding(
                    code,
                    severity,
                    verdict,
                    subject,
                    message,
                    remedy,
                    path,
                    line if type(line) is int else None,
                )
            )
    return tuple(found)


def _time(
    walk: reading.Walk, data: object, key: located.KeyPath
) -> datetime.datetime | None:
    text = walk.text(data, key)
    if text is None:
        return None
    try:
        time = datetime.datetime.fromisoformat(text)
        if time.tzinfo is not None:
            return time.astimezone(datetime.UTC)
    except (ValueError, OverflowError):
        pass
    walk.problem(
        key,
        'must be a time such as 2027-01-31T12:00:00Z, is '
        f'{reading.named(text)}',
    )
    return None
