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

"""What an audit says of every project and its maintainers."""

from __future__ import annotations

import dataclasses
import datetime
from typing import Literal

from openstack_publish.model import finding
from openstack_publish.model import knowledge
from openstack_publish.model import maintainers
from openstack_publish.model import names
from openstack_publish.model import verdicts

SCHEMA = 'openstack-publish/audit/1'
"""Of a saved audit."""

View = Literal['project', 'team', 'account']
"""What a list is arranged by."""


@dataclasses.dataclass(frozen=True)
class Managed:
    """A project that we are to answer for."""

    project: names.ProjectName
    team: str | None = None
    """None where no deliverable file says whose it is."""

    series: frozenset[str] = frozenset()
    """Series whose files give the name; ``independent`` for those without
    a series."""


@dataclasses.dataclass(frozen=True)
class Audited:
    """One project, held against the policy."""

    project: names.ProjectName
    team: str | None
    """None where no deliverable file says whose it is."""

    verdict: verdicts.Verdict
    roles: knowledge.Knowledge[tuple[maintainers.Role, ...]]
    organization: knowledge.Knowledge[str | None]
    status: knowledge.Knowledge[str]
    """PEP 792 status marker; what isn't on the index has none."""

    provenance: knowledge.Knowledge[bool]
    """Whether a file has PEP 740 attestations."""

    findings: tuple[finding.Finding, ...] = ()

    @property
    def maintainers(self) -> maintainers.Maintainers | None:
        """Return who holds a role; None where that is not known."""
        if isinstance(self.roles, knowledge.Unknown):
            return None
        return maintainers.Maintainers(self.roles.value, self.organization)

    @property
    def was_there(self) -> bool:
        """Say whether the project was on the index, or should have been.

        What was missed once is missed until somebody says otherwise.
        """
        return bool(
            (isinstance(self.roles, knowledge.Known) and self.roles.value)
            or isinstance(self.status, knowledge.Known)
            or any(found.code == GONE for found in self.findings)
        )


GONE = 'OSP410'
"""Code of the finding that a project is no longer on the index."""


@dataclasses.dataclass(frozen=True)
class Audit:
    """All projects at one time."""

    taken: datetime.datetime
    """When it began, UTC."""

    read_url: str
    """The index that was read."""

    projects: tuple[Audited, ...]
    """Sorted by name."""

    findings: tuple[finding.Finding, ...] = ()
    """What is about no single project: files and lists that could not be
    read, so that projects may be missing."""


@dataclasses.dataclass(frozen=True)
class Account:
    """A user, and every project that the user can upload to."""

    user: str
    """As the index spells it."""

    owner_of: tuple[names.ProjectName, ...]
    maintainer_of: tuple[names.ProjectName, ...]
    """Where the user has any lesser role than Owner."""

    required: bool
    """Whether the policy requires the user."""

    @property
    def projects(self) -> tuple[names.ProjectName, ...]:
        """Return all of them, sorted."""
        return tuple(sorted({*self.owner_of, *self.maintainer_of}))


def accounts(audit: Audit, required: frozenset[str]) -> tuple[Account, ...]:
    """Return every account that can upload something, the mightiest first.

    Those that are required come first: they are meant to be mighty.

    :param required: users whom the policy requires, case-folded
    """
    owners: dict[str, list[names.ProjectName]] = {}
    others: dict[str, list[names.ProjectName]] = {}
    spelled: dict[str, str] = {}
    for row in audit.projects:
        if isinstance(row.roles, knowledge.Unknown):
            continue
        for role in row.roles.value:
            user = role.user.casefold()
            spelled.setdefault(user, role.user)
            held = owners if role.role == 'Owner' else others
            held.setdefault(user, []).append(row.project)
    found = [
        Account(
            name,
            tuple(owners.get(user, ())),
            tuple(others.get(user, ())),
            user in required,
        )
        for user, name in spelled.items()
    ]
    return tuple(
        sorted(
            found,
            key=lambda each: (
                not each.required,
                -len(each.projects),
                each.user.casefold(),
            ),
        )
    )


@dataclasses.dataclass(frozen=True)
class Allowance:
    """What a policy has to say for a project to be allowed as it stands."""

    project: names.ProjectName
    reason: str
    until: datetime.date
    """Last day, UTC, included."""

    roles: tuple[maintainers.Role, ...] = ()
    organization: knowledge.Known[str | None] | None = None
    """The organization to allow; None to leave the policy's word."""

    waived: tuple[str, ...] = ()
    """Codes of findings for which the policy has no other word."""
