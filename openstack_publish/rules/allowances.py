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

"""What a policy has to say for every project to be allowed as it stands.

From then on only changes fail. Of what nobody can allow nothing is said:
what is unknown, in quarantine or gone stays a finding, and so does a role
that policies have no word for.
"""

from __future__ import annotations

import calendar
import datetime

from openstack_publish.model import auditing
from openstack_publish.model import knowledge
from openstack_publish.model import maintainers
from openstack_publish.model import policy_section

WAIVED = ('OSP402', 'OSP411', 'OSP415')
"""Findings for which the policy has no other word than a waiver: a required
role that is missing, one of ours on a project that was given up, files of a
Trusted Publisher."""


def allowances(
    audit: auditing.Audit, until: datetime.date
) -> tuple[auditing.Allowance, ...]:
    """Return what has to be allowed, for each project that has something.

    :param until: last day of what has an end
    """
    day = audit.taken.date().isoformat()
    found = []
    for row in audit.projects:
        failed = [each for each in row.findings if each.verdict == 'failed']
        extras = {
            each.subject.casefold() for each in failed if each.code == 'OSP401'
        }
        codes = {each.code for each in failed}
        team = f'team {row.team}' if row.team is not None else 'no team'
        allowance = auditing.Allowance(
            row.project,
            f'{team}; as audited on {day}',
            until,
            roles=tuple(
                role
                for role in _roles(row)
                if role.user.casefold() in extras
                and role.role in policy_section.ROLES
            ),
            organization=(
                row.organization
                if 'OSP403' in codes
                and isinstance(row.organization, knowledge.Known)
                else None
            ),
            waived=tuple(code for code in WAIVED if code in codes),
        )
        if allowance.roles or allowance.organization or allowance.waived:
            found.append(allowance)
    return tuple(found)


def _roles(row: auditing.Audited) -> tuple[maintainers.Role, ...]:
    if isinstance(row.roles, knowledge.Unknown):
        return ()
    return row.roles.value


def a_year_after(day: datetime.date) -> datetime.date:
    """Return the same day of the next year; of a leap day the one before.

    >>> a_year_after(datetime.date(2028, 2, 29)).isoformat()
    '2029-02-28'
    """
    last = calendar.monthrange(day.year + 1, day.month)[1]
    return day.replace(year=day.year + 1, day=min(day.day, last))
