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

"""What the stand-in index remembers.

Plain values that the tests may read; only :mod:`.store` changes them, under
its lock. The names are those of PyPI's own tables.
"""

from __future__ import annotations

import dataclasses
import datetime
import hashlib
import pathlib
import re
from collections.abc import Mapping
from typing import Literal

from packaging import utils
from packaging import version as packaging_version

from openstack_publish.model import names

Role = Literal['Owner', 'Maintainer']
Status = Literal['active', 'archived', 'quarantined']
Packagetype = Literal['sdist', 'bdist_wheel']

MIB = 1024 * 1024

_ONES = re.compile('[il]')


@dataclasses.dataclass(frozen=True)
class Digests:
    """The digests that PyPI keeps of a file, in hexadecimal digits."""

    md5: str
    sha256: str
    blake2b_256: str


class Digester:
    """Takes all three digests in one pass."""

    def __init__(self) -> None:
        self._md5 = hashlib.md5(usedforsecurity=False)
        self._sha256 = hashlib.sha256()
        self._blake2b = hashlib.blake2b(digest_size=32)

    def update(self, chunk: bytes | bytearray) -> None:
        """Take some bytes."""
        self._md5.update(chunk)
        self._sha256.update(chunk)
        self._blake2b.update(chunk)

    def digests(self) -> Digests:
        """Return the digests of what came so far."""
        return Digests(
            md5=self._md5.hexdigest(),
            sha256=self._sha256.hexdigest(),
            blake2b_256=self._blake2b.hexdigest(),
        )


NO_DIGESTS = Digester().digests()
"""Those of nothing at all."""


@dataclasses.dataclass
class User:
    """An account. Roles name it as it was registered, in any case."""

    name: str
    id: str
    """The UUID that a token carries instead of the name."""

    two_factor: bool = True
    verified_email: bool = True
    frozen: bool = False
    """Frozen or disabled: its tokens are nobody's; its roles still show."""


@dataclasses.dataclass(frozen=True)
class StoredFile:
    """One distribution; its bytes lie on disk."""

    filename: str
    content: pathlib.Path
    size: int
    """Bytes."""

    digests: Digests
    packagetype: Packagetype
    python_version: str
    uploaded: datetime.datetime
    comment: str = ''
    requires_python: str | None = None
    core_metadata: bytes | None = None
    """A wheel's METADATA, served beside it (PEP 658)."""

    attested: bool = False
    """Whether it came with attestations, from a Trusted Publisher."""

    @property
    def path(self) -> str:
        """Where it is served, below the root of the file host."""
        digest = self.digests.blake2b_256
        return (
            f'/packages/{digest[:2]}/{digest[2:4]}/{digest[4:]}'
            f'/{self.filename}'
        )

    @property
    def core_metadata_sha256(self) -> str | None:
        """Digest of the METADATA, None where none is served."""
        if self.core_metadata is None:
            return None
        return hashlib.sha256(self.core_metadata).hexdigest()


@dataclasses.dataclass
class Release:
    """One version of a project."""

    version: str
    created: datetime.datetime
    """When its first file came: the 14 days count from here."""

    metadata: Mapping[str, object] = dataclasses.field(default_factory=dict)
    """Core metadata of the first file, by the names of the JSON API."""

    yanked: bool = False
    yanked_reason: str | None = None
    files: dict[str, StoredFile] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass
class Project:
    """A project; new ones belong to who uploaded first."""

    name: str
    """As last uploaded; journals and ``user_packages`` show this form."""

    normalized_name: names.ProjectName
    id: str
    created: datetime.datetime
    status: Status = 'active'
    organization: str | None = None
    roles: dict[str, Role] = dataclasses.field(default_factory=dict)
    releases: dict[str, Release] = dataclasses.field(default_factory=dict)
    """By canonical version."""

    last_serial: int = 0

    def sorted_roles(self) -> list[tuple[str, Role]]:
        """Return (user, role): owners first, then by name."""
        return sorted(
            self.roles.items(),
            key=lambda item: (item[1] != 'Owner', item[0].lower()),
        )

    def role_of(self, user: str) -> Role | None:
        """Return the role of a user, whose name compares without case."""
        for holder, role in self.roles.items():
            if holder.lower() == user.lower():
                return role
        return None

    def find_release(self, version: str) -> Release | None:
        """Return a release by any spelling of its version."""
        return self.releases.get(canonical_version(version))

    def newest_release(self) -> Release | None:
        """Return the release that ``info`` describes.

        The newest that is neither yanked nor a pre-release; where there is
        none, the newest that is left.
        """
        if not self.releases:
            return None

        def rank(
            release: Release,
        ) -> tuple[bool, bool, packaging_version.Version]:
            version = packaging_version.Version(release.version)
            return not release.yanked, not version.is_prerelease, version

        return max(self.releases.values(), key=rank)


@dataclasses.dataclass(frozen=True)
class JournalRow:
    """One row of the changelog; who did it is not told."""

    name: str
    version: str | None
    timestamp: int
    """Seconds since 1970."""

    action: str
    serial: int


@dataclasses.dataclass
class Flags:
    """The administrators' switches."""

    read_only: bool = False
    uploads_disabled: bool = False
    new_projects_disabled: bool = False


@dataclasses.dataclass
class Limits:
    """What PyPI limits, with its numbers of August 2026."""

    file_size: int = 100 * MIB
    """Bytes."""

    release_age_days: float = 14.0
    """Older releases take no new file."""

    new_projects_per_hour: int = 20
    """Per user."""

    xmlrpc_calls_per_hour: int = 3600
    """Per client address."""

    changelog_rows: int = 50_000


@dataclasses.dataclass
class State:
    """Everything that an answer may depend on."""

    users: dict[str, User] = dataclasses.field(default_factory=dict)
    """By lower-case name."""

    projects: dict[str, Project] = dataclasses.field(default_factory=dict)
    """By normalised name."""

    journal: list[JournalRow] = dataclasses.field(default_factory=list)
    used_filenames: set[str] = dataclasses.field(default_factory=set)
    """Every filename that was ever uploaded, deleted ones too."""

    prohibited_names: set[str] = dataclasses.field(default_factory=set)
    """Normalised."""

    flags: Flags = dataclasses.field(default_factory=Flags)
    last_serial: int = 0

    def find_project(self, name: str) -> Project | None:
        """Return a project by any spelling of its name."""
        return self.projects.get(names.project_name(name))

    def find_user(self, name: str) -> User | None:
        """Return a user by name, in any case."""
        return self.users.get(name.lower())

    def files(self) -> list[tuple[Project, Release, StoredFile]]:
        """Return every file that is there."""
        return [
            (project, release, file)
            for project in self.projects.values()
            for release in project.releases.values()
            for file in release.files.values()
        ]


def canonical_version(version: str) -> str:
    """Return the form in which versions compare (``1.2`` is ``1.2.0``).

    :raises packaging.version.InvalidVersion: it is no version
    """
    return utils.canonicalize_version(packaging_version.Version(version))


def look_alike(name: str) -> str:
    """Return a name as PyPI compares names that look alike.

    Separators go, and 1, l, i and 0, o are one.
    """
    folded = re.sub(r'[-_.]', '', name.lower())
    return _ONES.sub('1', folded).replace('o', '0')
