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

"""The policy: what is allowed.

Format: ``openstack-publish/policy/1``, described in the policy reference of
the documentation. Reading one from YAML data is done by
:func:`openstack_publish.model.policy_form.read`.
"""

from __future__ import annotations

import dataclasses
import datetime
import fnmatch
from collections.abc import Mapping
from typing import Literal

from openstack_publish.model import distribution
from openstack_publish.model import listing
from openstack_publish.model import maintainers
from openstack_publish.model import names

IN_CHECKOUT = 'data/publish-policy.yaml'
"""Where a checkout of openstack/releases may have a policy."""

SCHEMA = 'openstack-publish/policy/1'
CommitRule = Literal['required', 'if-present']


@dataclasses.dataclass(frozen=True)
class AllowedRole:
    """A role that may be there beside the required ones."""

    role: maintainers.Role
    until: datetime.date | None = None
    """Last day it is allowed, UTC, included."""

    def covers(self, role: maintainers.Role, today: datetime.date) -> bool:
        """Say whether *role* is allowed by this; an Owner covers less."""
        if self.until is not None and today > self.until:
            return False
        if self.role.user.casefold() != role.user.casefold():
            return False
        return self.role.role == role.role or (
            (self.role.role, role.role) == ('Owner', 'Maintainer')
        )


@dataclasses.dataclass(frozen=True)
class MaintainersPolicy:
    """Who may hold a role."""

    required: tuple[maintainers.Role, ...] = (
        maintainers.Role('openstackci', 'Owner'),
    )
    allowed: tuple[AllowedRole, ...] = ()
    organization: str | None = None
    unexpected: Literal['error', 'warning'] = 'error'


@dataclasses.dataclass(frozen=True)
class WithoutDeliverable:
    """Repositories that may be published though no file orders them."""

    repo: str
    """A pattern such as ``x/*``."""

    reason: str

    def covers(self, repo: str) -> bool:
        """Say whether a repository's full name matches the pattern."""
        return fnmatch.fnmatchcase(repo, self.repo)


@dataclasses.dataclass(frozen=True)
class ReleasePolicy:
    """What a release must consist of."""

    kinds: frozenset[distribution.Kind] = frozenset({'sdist', 'bdist_wheel'})
    commit: CommitRule = 'required'
    commit_by_type: Mapping[str, CommitRule] = dataclasses.field(
        default_factory=dict
    )
    """Exceptions by ``release-type`` of the deliverable file."""

    without_deliverable: tuple[WithoutDeliverable, ...] = ()


@dataclasses.dataclass(frozen=True)
class ProjectPolicy:
    """What holds for one project."""

    maintainers: MaintainersPolicy
    release: ReleasePolicy
    reason: str | None = None
    """Why the project has rules of its own."""

    relinquished: datetime.date | None = None
    """Since when the name is no longer ours."""

    def commit_rule(self, release_type: str | None) -> CommitRule:
        """Return whether artifacts must record their commit."""
        if release_type is None:
            return self.release.commit
        return self.release.commit_by_type.get(
            release_type, self.release.commit
        )


@dataclasses.dataclass(frozen=True)
class TrustedKey:
    """A key that is trusted beside the cycle keys."""

    fingerprint: names.Fingerprint
    file: str | None = None
    """Armored public key; written relative to the policy file, which the
    gate that reads it joins to a path on disk."""


@dataclasses.dataclass(frozen=True)
class Waiver:
    """A finding that is let pass for a while."""

    code: str
    project: names.ProjectName
    until: datetime.date
    """Last day, UTC, included."""

    reason: str


@dataclasses.dataclass(frozen=True)
class Policy:
    """What is allowed, for every project of an index."""

    origin: str
    """Where it was read from, for messages."""

    index: listing.IndexKind = 'pypi'
    general: ProjectPolicy = ProjectPolicy(
        MaintainersPolicy(), ReleasePolicy()
    )
    projects: Mapping[names.ProjectName, ProjectPolicy] = dataclasses.field(
        default_factory=dict
    )
    trusted: tuple[TrustedKey, ...] = ()
    waivers: tuple[Waiver, ...] = ()

    def of(self, project: names.ProjectName) -> ProjectPolicy:
        """Return what holds for one project."""
        return self.projects.get(project, self.general)
