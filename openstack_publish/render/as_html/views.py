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

"""What the pages show, arranged: by project, by team, by account."""

from __future__ import annotations

import collections
import dataclasses
from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from urllib import parse

from openstack_publish.model import audit_site
from openstack_publish.model import auditing
from openstack_publish.model import finding
from openstack_publish.model import knowledge
from openstack_publish.model import maintainers
from openstack_publish.model import urls
from openstack_publish.model import verdicts

ORDER: tuple[verdicts.Verdict, ...] = ('failed', 'unknown', 'absent', 'held')
"""Verdicts, those to act on first."""

NOT_ALLOWED = frozenset({'OSP401', 'OSP411'})
"""Findings whose subject is a user with a role that is not allowed."""

LONGEST_URL = 2000
"""Longest address that is made a link, in characters."""

_RANK = {'error': 0, 'warning': 1, 'note': 2}


@dataclasses.dataclass(frozen=True)
class Holder:
    """One account's role on one project."""

    role: maintainers.Role
    page: str
    allowed: bool


@dataclasses.dataclass(frozen=True)
class Project:
    """One project."""

    audited: auditing.Audited
    page: str
    team_page: str
    collaboration: str | None
    """Where its roles are changed on the index."""

    holders: tuple[Holder, ...]
    """Empty also where it is not known; see :attr:`roles_unknown`."""

    findings: tuple[finding.Finding, ...]
    """The gravest first."""

    @property
    def name(self) -> str:
        """Return the project's name."""
        return self.audited.project

    @property
    def team(self) -> str | None:
        """Return the team's name; None where no file says whose it is."""
        return self.audited.team

    @property
    def verdict(self) -> verdicts.Verdict:
        """Return what the project amounts to."""
        return self.audited.verdict

    @property
    def rank(self) -> int:
        """Return where its verdict stands among the verdicts."""
        return ORDER.index(self.verdict)

    @property
    def roles_unknown(self) -> str | None:
        """Return why nobody knows who holds a role, if that is so."""
        return why(self.audited.roles)


@dataclasses.dataclass(frozen=True)
class Team:
    """The projects of one team."""

    name: str | None
    page: str
    projects: tuple[Project, ...]

    @property
    def counts(self) -> Mapping[str, int]:
        """Return its projects by verdict."""
        return count(self.projects)


@dataclasses.dataclass(frozen=True)
class Holding:
    """One role of an account."""

    project: Project
    holder: Holder


@dataclasses.dataclass(frozen=True)
class Account:
    """What one account can upload to."""

    held: auditing.Account
    page: str
    holdings: tuple[Holding, ...]

    @property
    def not_allowed(self) -> int:
        """Return on how many projects the policy does not allow it."""
        return len(
            {
                each.project.name
                for each in self.holdings
                if not each.holder.allowed
            }
        )


def why(part: knowledge.Knowledge[object]) -> str | None:
    """Return why a part is not known; None where it is."""
    return part.why if isinstance(part, knowledge.Unknown) else None


def count(projects: Iterable[Project]) -> Mapping[str, int]:
    """Return projects by verdict, every verdict among them."""
    counted = collections.Counter(each.verdict for each in projects)
    return {verdict: counted[verdict] for verdict in ORDER}


def projects(audit: auditing.Audit) -> tuple[Project, ...]:
    """Return every project, those to act on first, then by name."""
    found = [_project(row, audit.read_url) for row in audit.projects]
    return tuple(sorted(found, key=lambda each: (each.rank, each.name)))


def teams(found: Sequence[Project]) -> tuple[Team, ...]:
    """Return every team, the one with most to act on first."""
    grouped: dict[str | None, list[Project]] = {}
    for each in found:
        grouped.setdefault(each.team, []).append(each)
    arranged = [
        Team(name, audit_site.of_team(name), tuple(theirs))
        for name, theirs in grouped.items()
    ]
    return tuple(
        sorted(
            arranged,
            key=lambda team: (
                -team.counts['failed'],
                -team.counts['unknown'],
                team.name is None,
                team.name or '',
            ),
        )
    )


def accounts(
    found: Sequence[Project], audit: auditing.Audit, required: frozenset[str]
) -> tuple[Account, ...]:
    """Return every account that holds a role on one of these projects.

    :param audit: that they are of
    :param required: users whom the policy requires, case-folded
    """
    holdings: dict[str, list[Holding]] = {}
    for each in found:
        for holder in each.holders:
            holdings.setdefault(holder.role.user.casefold(), []).append(
                Holding(each, holder)
            )
    theirs = dataclasses.replace(
        audit, projects=tuple(each.audited for each in found)
    )
    return tuple(
        Account(
            held,
            audit_site.of_account(held.user),
            tuple(holdings[held.user.casefold()]),
        )
        for held in auditing.accounts(theirs, required)
    )


def link(read_url: str, *parts: str) -> str | None:
    """Return an address under the index's web root, each part quoted.

    None where the root is none that a reader may be sent to, or where the
    address would be longer than anything real.
    """
    if urls.objection(read_url) is not None:
        return None
    path = '/'.join(
        parse.quote(part, safe='', errors='replace') for part in parts
    )
    address = f'{read_url.rstrip("/")}/{path}/'
    return address if len(address) <= LONGEST_URL else None


def _project(row: auditing.Audited, read_url: str) -> Project:
    accused = {
        found.subject.casefold()
        for found in row.findings
        if found.code in NOT_ALLOWED and found.verdict == 'failed'
    }
    roles: tuple[maintainers.Role, ...] = ()
    if isinstance(row.roles, knowledge.Known):
        roles = maintainers.maintainers(
            row.roles.value, row.organization
        ).roles
    collaboration = None
    if row.verdict != 'absent':
        collaboration = link(
            read_url, 'manage', 'project', row.project, 'collaboration'
        )
    return Project(
        row,
        audit_site.of_project(row.project),
        audit_site.of_team(row.team),
        collaboration,
        tuple(
            Holder(
                role,
                audit_site.of_account(role.user),
                role.user.casefold() not in accused,
            )
            for role in roles
        ),
        tuple(sorted(row.findings, key=lambda found: _RANK[found.severity])),
    )
