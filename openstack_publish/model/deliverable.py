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

"""Deliverable files of openstack/releases, as values.

Format: ``openstack_releases/schema.yaml`` of openstack/releases (2026-08-21).
Reading one from YAML data is done by
:func:`openstack_publish.model.deliverable_form.read`.
"""

from __future__ import annotations

import dataclasses

from openstack_publish.model import located
from openstack_publish.model import names

TYPES = (
    'horizon-plugin',
    'library',
    'client-library',
    'service',
    'tempest-plugin',
    'other',
    'trailing',
)
RELEASE_MODELS = (
    'cycle-with-intermediary',
    'cycle-with-milestones',
    'cycle-trailing',
    'untagged',
    'cycle-with-rc',
    'cycle-automatic',
    'abandoned',
)
RELEASE_TYPES = (
    'python-service',
    'python-pypi',
    'xstatic',
    'fuel',
    'nodejs',
    'puppet',
    'neutron',
    'horizon',
    'openstack-manuals',
    'manila-image-elements',
    'openstack-virtual-baremetal',
    'generic',
)
STABLE_BRANCH_TYPES = (
    'std',
    'tagless',
    'upstream',
    'none',
    'std-with-versions',
)
STATUSES = (
    'future',
    'development',
    'maintained',
    'extended maintenance',
    'unmaintained',
    'end of life',
)
"""Of a series, and of a deliverable's stable branch."""


@dataclasses.dataclass(frozen=True)
class ReleasedRepo:
    """One git repository in a release: what was ordered of it."""

    repo: str
    """Full name, such as ``openstack/os-vif``."""

    commit: str
    """Hash of the commit (never of a tag object)."""

    tarball_base: str | None = None
    comment: str | None = None
    key: located.KeyPath = ()
    """Where in the file it stands."""


@dataclasses.dataclass(frozen=True)
class Release:
    """One entry of ``releases``."""

    version: str
    repos: tuple[ReleasedRepo, ...]
    flags: frozenset[str] = frozenset()
    diff_start: str | None = None
    key: located.KeyPath = ()


@dataclasses.dataclass(frozen=True)
class RepositorySettings:
    """One entry of ``repository-settings``."""

    repo: str
    pypi_name: str | None = None
    tarball_base: str | None = None
    flags: frozenset[str] = frozenset()
    key: located.KeyPath = ()


@dataclasses.dataclass(frozen=True)
class Deliverable:
    """One file ``deliverables/<series>/<name>.yaml``."""

    path: str
    """Relative to the checkout."""

    series: str
    """Series codename; ``independent`` for the directory ``_independent``."""

    name: str
    team: str
    type: str = 'other'
    release_model: str | None = None
    release_type: str | None = None
    include_pypi_link: bool = False
    artifact_link_mode: str = 'tarball'
    stable_status: str | None = None
    settings: tuple[RepositorySettings, ...] = ()
    releases: tuple[Release, ...] = ()
    remarks: tuple[located.Problem, ...] = ()
    """What is odd in the file and changes nothing: the release team's own
    tools let it pass."""

    def settings_of(self, repo: str) -> RepositorySettings | None:
        """Return the settings of a repository, if the file has any."""
        for settings in self.settings:
            if settings.repo == repo:
                return settings
        return None


@dataclasses.dataclass(frozen=True)
class NameSource:
    """What one field of a deliverable file says a project is called."""

    field: str
    """``pypi-name``, ``tarball-base`` (of release or settings) or ``repo``."""

    name: str
    """As written there."""

    key: located.KeyPath

    @property
    def project(self) -> names.ProjectName:
        """Return the name in its PEP 503 form."""
        return names.project_name(self.name)


@dataclasses.dataclass(frozen=True)
class Order:
    """One release of one repository: what the release team ordered."""

    deliverable: Deliverable | None
    """None where the policy lets the repository be published without."""

    release: Release
    ordered: ReleasedRepo

    @property
    def path(self) -> str:
        """Return the ordering file; empty where there is none."""
        return '' if self.deliverable is None else self.deliverable.path

    def place(self, key: located.KeyPath) -> located.Place | None:
        """Return a place in the ordering file, if there is one."""
        if self.deliverable is None:
            return None
        return located.Place(self.deliverable.path, key)

    @property
    def version(self) -> str:
        """Return the ordered version as written in the file."""
        return self.release.version

    @property
    def commit(self) -> str:
        """Return the ordered commit hash."""
        return self.ordered.commit

    @property
    def repo(self) -> str:
        """Return the repository's full name."""
        return self.ordered.repo

    @property
    def sources(self) -> tuple[NameSource, ...]:
        """Return what the file says of the name, strongest source first.

        The order is that of the release team's ``missing-releases`` tool:
        ``pypi-name``, the release's ``tarball-base``, the repository's
        ``tarball-base``, the last part of the repository's name. The last
        one stands for itself only where the file says nothing.
        """
        found = []
        settings = None
        if self.deliverable is not None:
            settings = self.deliverable.settings_of(self.ordered.repo)
        if settings is not None and settings.pypi_name is not None:
            found.append(
                NameSource(
                    'repository-settings pypi-name',
                    settings.pypi_name,
                    (*settings.key, 'pypi-name'),
                )
            )
        if self.ordered.tarball_base is not None:
            found.append(
                NameSource(
                    'release tarball-base',
                    self.ordered.tarball_base,
                    (*self.ordered.key, 'tarball-base'),
                )
            )
        if settings is not None and settings.tarball_base is not None:
            found.append(
                NameSource(
                    'repository-settings tarball-base',
                    settings.tarball_base,
                    (*settings.key, 'tarball-base'),
                )
            )
        if not found:
            found.append(
                NameSource(
                    'repo',
                    self.ordered.repo.rpartition('/')[2],
                    (*self.ordered.key, 'repo'),
                )
            )
        return tuple(found)

    @property
    def project(self) -> names.ProjectName:
        """Return the project's name as the strongest source has it."""
        return self.sources[0].project
