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

"""Who holds a role on a project."""

from __future__ import annotations

import dataclasses

from openstack_publish.model import knowledge


@dataclasses.dataclass(frozen=True)
class Role:
    """One user's role on a project. Users compare without case."""

    user: str
    role: str
    """``Owner`` or ``Maintainer``, exactly."""

    @property
    def key(self) -> tuple[str, str]:
        """Return what two roles are compared by."""
        return (self.user.casefold(), self.role)

    def __str__(self) -> str:
        return f'{self.role} {self.user}'


@dataclasses.dataclass(frozen=True)
class Maintainers:
    """The roles on a project, and the organization that owns it."""

    roles: tuple[Role, ...]
    organization: knowledge.Knowledge[str | None]
    """Slug, or None where the project belongs to no organization."""


def maintainers(
    roles: list[Role] | tuple[Role, ...],
    organization: knowledge.Knowledge[str | None],
) -> Maintainers:
    """Return the set with its roles in one order: Owner first, then name."""
    ordered = sorted(roles, key=lambda role: (role.role != 'Owner', *role.key))
    return Maintainers(tuple(ordered), organization)
