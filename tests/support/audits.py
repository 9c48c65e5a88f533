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

"""Audits as values: every verdict, and names that try to break a page."""

from __future__ import annotations

import datetime

from openstack_publish.model import audit_history
from openstack_publish.model import auditing
from openstack_publish.model import knowledge
from openstack_publish.model import maintainers
from openstack_publish.model import names
from openstack_publish.model import verdicts
from openstack_publish.rules import findings

TAKEN = datetime.datetime(2026, 11, 22, 3, 0, tzinfo=datetime.UTC)
READ_URL = 'https://index.example'
REQUIRED = frozenset({'openstackci'})
OURS = maintainers.Role('openstackci', 'Owner')

MARKUP = '<script>alert(1)</script><img src=x onerror=alert(2)>'
QUOTES = '"><a href="javascript:alert(3)\'>'
BIDI = 'abc\u202ednuos\u2066'
ESCAPES = '\x1b[31mred\x1b]8;;http://127.0.0.1\x07'
LONG = 'long' * 2500
HOSTILE = (MARKUP, QUOTES, BIDI, ESCAPES, LONG, '{{ 7 * 7 }}', '../up', '')
"""Names that no index should give, and one may."""

TEAMS = (
    'nova',
    'Nova',
    'Release Management',
    'release-management',
    'a/b',
    'a\\b',
    'a b',
    'Équipe',
    'equipe',
    'con',
)
"""Teams, of which some differ only in what file names do not tell apart."""


def row(
    project: str,
    verdict: verdicts.Verdict = 'held',
    team: str | None = 'oslo',
    *extra: maintainers.Role,
) -> auditing.Audited:
    """Return one project with this verdict.

    :param extra: roles that the policy does not allow
    """
    name = names.ProjectName(project)
    unread = knowledge.Unknown(
        f'roles of {project}', 'the index answered 500 Internal Server Error'
    )
    roles: knowledge.Knowledge[tuple[maintainers.Role, ...]]
    roles = knowledge.Known((OURS, *extra))
    organization: knowledge.Knowledge[str | None] = knowledge.Known(None)
    status: knowledge.Knowledge[str] = knowledge.Known('active')
    provenance: knowledge.Knowledge[bool] = knowledge.Known(False)
    said = [
        findings.failed(
            'OSP401',
            role.user,
            f'{role.user} is {role.role} of {project}, which the policy does '
            'not allow',
        )
        for role in extra
    ]
    if verdict == 'unknown':
        roles = organization = status = provenance = unread
        said = [findings.unknown('OSP404', project, unread)]
    elif verdict == 'absent':
        roles = knowledge.Known(())
        status = knowledge.Unknown(
            f'status of {project}', 'what is not on the index has none'
        )
    elif verdict == 'failed' and not extra:
        organization = knowledge.Known('somebody-else')
        said = [
            findings.failed(
                'OSP403', project, f'{project} belongs to somebody-else'
            )
        ]
    return auditing.Audited(
        name,
        team,
        verdict,
        roles,
        organization,
        status,
        provenance,
        tuple(said),
    )


def audit(*rows: auditing.Audited) -> auditing.Audit:
    """Return an audit of these projects."""
    ordered = sorted(rows, key=lambda each: each.project)
    return auditing.Audit(TAKEN, READ_URL, tuple(ordered))


def hostile() -> tuple[auditing.Audited, ...]:
    """Return projects whose names, teams and users are hostile."""
    return tuple(
        row(
            f'{number}{name}',
            'failed',
            f'team {name}',
            maintainers.Role(f'user{name}', 'Maintainer'),
        )
        for number, name in enumerate(HOSTILE)
    )


def many(count: int) -> auditing.Audit:
    """Return an audit as a real one looks: of *count* projects and more.

    Each verdict is there, and so are the hostile names.
    """
    rows = []
    for number in range(count):
        project = f'oslo-part-{number:03}'
        team = TEAMS[number % len(TEAMS)]
        if number % 50 == 7:
            rows.append(row(project, 'unknown', team))
        elif number % 40 == 3:
            rows.append(row(project, 'absent', team))
        elif number % 9 == 2:
            user = f'former-core-{number % 23}'
            role = 'Owner' if number % 2 else 'Maintainer'
            rows.append(
                row(project, 'failed', team, maintainers.Role(user, role))
            )
        else:
            rows.append(row(project, 'held', team))
    rows.append(row('of-nobody', 'failed', None))
    return audit(*rows, *hostile())


def history(last: auditing.Audit, earlier: int = 9) -> audit_history.History:
    """Return a history in which a clean-up goes on, a week at a time."""
    now = audit_history.point(last)
    return (
        *(
            audit_history.Point(
                last.taken - datetime.timedelta(days=7 * number),
                last.read_url,
                {
                    **now.counts,
                    'failed': now.counts['failed'] + 4 * number,
                    'unknown': number % 4,
                },
            )
            for number in range(earlier, 0, -1)
        ),
        now,
    )
