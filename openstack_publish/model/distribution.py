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

"""Built artifacts, as their reader saw them."""

from __future__ import annotations

import dataclasses
import enum
from typing import Literal

from packaging import version as packaging_version

from openstack_publish.model import names

Kind = Literal['sdist', 'bdist_wheel']
"""The upload API's ``filetype``."""


class Fault(enum.Enum):
    """What can be wrong with a file, seen only by its reader.

    The value names the rule that turns it into a finding.
    """

    UNREADABLE = 'OSP201'
    METADATA_MISSING = 'OSP202'
    METADATA_AMBIGUOUS = 'OSP203'
    METADATA_ENCODING = 'OSP204'
    RECORD = 'OSP205'
    TOO_LARGE_INSIDE = 'OSP206'
    UNSAFE_MEMBER = 'OSP207'
    PBR_JSON = 'OSP208'
    FILENAME = 'OSP209'
    WHEEL_STRUCTURE = 'OSP211'
    METADATA_INVALID = 'OSP308'


@dataclasses.dataclass(frozen=True)
class Defect:
    """One thing that the reader of a file saw."""

    fault: Fault
    detail: str
    """What exactly, with the member's path where it is about one."""


@dataclasses.dataclass(frozen=True)
class Leak:
    """Something inside a distribution that looks like a secret.

    Never the secret itself.
    """

    path: str
    kind: str
    """Such as ``a private key``."""


@dataclasses.dataclass(frozen=True)
class Metadata:
    """Core metadata of a distribution (PKG-INFO or METADATA)."""

    metadata_version: str
    name: str
    """As written; compare by its PEP 503 form."""

    version: str
    summary: str | None = None
    description: str | None = None
    description_content_type: str | None = None
    classifiers: tuple[str, ...] = ()
    requires_dist: tuple[str, ...] = ()
    requires_python: str | None = None
    license: str | None = None
    license_expression: str | None = None
    license_files: tuple[str, ...] = ()
    provides_dist: tuple[str, ...] = ()
    obsoletes_dist: tuple[str, ...] = ()
    home_page: str | None = None
    download_url: str | None = None
    project_urls: tuple[str, ...] = ()
    """Each ``label, URL``."""

    author_email: str | None = None
    maintainer_email: str | None = None


@dataclasses.dataclass(frozen=True)
class BuildCommit:
    """What ``pbr.json`` inside a distribution says."""

    git_version: str
    """Abbreviated hash of the commit that was built."""

    is_release: bool
    """pbr's opinion; a hint only, wrong where a commit has two tags."""


@dataclasses.dataclass(frozen=True)
class Distribution:
    """One sdist or wheel."""

    path: str
    """Where it lies."""

    filename: str
    kind: Kind
    size: int
    """Bytes."""

    sha256: str
    blake2b_256: str
    metadata: Metadata | None
    """None where it could not be read; a defect then says why."""

    build_commit: BuildCommit | None
    """None where the file holds no pbr.json."""

    wheel_tags: tuple[str, ...] = ()
    """Tags of a wheel's file name, such as ``py3-none-any``."""

    members: tuple[str, ...] = ()
    """Names inside, as stored."""

    defects: tuple[Defect, ...] = ()
    leaks: tuple[Leak, ...] = ()

    @property
    def project(self) -> names.ProjectName | None:
        """Return the name in the metadata in its PEP 503 form."""
        if self.metadata is None:
            return None
        return names.project_name(self.metadata.name)

    @property
    def version(self) -> packaging_version.Version | None:
        """Return the version in the metadata, where it is one (PEP 440)."""
        if self.metadata is None:
            return None
        try:
            return packaging_version.Version(self.metadata.version)
        except ValueError:
            # InvalidVersion, or a number longer than Python reads.
            return None
