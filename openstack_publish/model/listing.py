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

"""What an index says of a project."""

from __future__ import annotations

import dataclasses
import datetime
from typing import Literal

from packaging import version as packaging_version

from openstack_publish.model import filenames
from openstack_publish.model import knowledge
from openstack_publish.model import maintainers
from openstack_publish.model import names

IndexKind = Literal['pypi', 'plain']


@dataclasses.dataclass(frozen=True)
class ListedFile:
    """One file that an index lists."""

    filename: str
    url: str
    sha256: str | None
    """None where the index states none."""

    size: int | None = None
    """Bytes."""

    uploaded: datetime.datetime | None = None
    """When the index received it, UTC."""

    yanked: bool = False
    provenance: str | None = None
    """Where its PEP 740 attestations stand, if it has any."""

    yanked_reason: str | None = None
    """What whoever yanked it says; None where that is nothing."""


@dataclasses.dataclass(frozen=True)
class Listing:
    """A project on an index, each part known or unknown."""

    project: names.ProjectName
    version: str
    """The release that :attr:`release` is about."""

    new: knowledge.Knowledge[bool]
    """True only where every route gives the index's own 404."""

    status: knowledge.Knowledge[str]
    """PEP 792 status marker: active, archived, quarantined, deprecated."""

    files: knowledge.Knowledge[tuple[ListedFile, ...]]
    """Every file of the project."""

    release: knowledge.Knowledge[tuple[ListedFile, ...]]
    """The files under this version."""

    maintainers: knowledge.Knowledge[maintainers.Maintainers]
    serial: int | None = None
    """``last_serial`` of the document that the roles came from."""

    has_visible_release: bool = True
    """False where JSON is 404 and simple is not: emptied or quarantined."""


@dataclasses.dataclass(frozen=True)
class Overview:
    """A project on an index with all its files, each part known or unknown."""

    project: names.ProjectName
    new: knowledge.Knowledge[bool]
    """True only where every route gives the index's own 404."""

    status: knowledge.Knowledge[str]
    """PEP 792 status marker: active, archived, quarantined, deprecated."""

    files: knowledge.Knowledge[tuple[ListedFile, ...]]
    """Every file of the project."""

    maintainers: knowledge.Knowledge[maintainers.Maintainers]
    serial: int | None = None
    """``last_serial`` of the document that the roles came from."""

    has_visible_release: bool = True
    """False where JSON is 404 and simple is not: emptied or quarantined."""

    @property
    def has_provenance(self) -> knowledge.Knowledge[bool]:
        """Say whether a file has PEP 740 attestations."""
        if isinstance(self.files, knowledge.Unknown):
            return self.files
        return knowledge.Known(
            any(file.provenance is not None for file in self.files.value)
        )

    def release(
        self, version: str
    ) -> knowledge.Knowledge[tuple[ListedFile, ...]]:
        """Return the files under a version; none where it isn't there."""
        return under(self.project, version, self.files)


@dataclasses.dataclass(frozen=True)
class ReleaseReading:
    """One release and the roles of the same moment, from one document."""

    files: knowledge.Knowledge[tuple[ListedFile, ...]]
    """Empty where the index says that there is no such release."""

    maintainers: knowledge.Knowledge[maintainers.Maintainers]
    simple_files: knowledge.Knowledge[tuple[ListedFile, ...]]
    """The same version's files as installers see them."""

    status: knowledge.Knowledge[str]
    serial: int | None = None


def under(
    project: names.ProjectName,
    version: str,
    files: knowledge.Knowledge[tuple[ListedFile, ...]],
) -> knowledge.Knowledge[tuple[ListedFile, ...]]:
    """Return those of a project's files that are under a version.

    Told by their names (:func:`.filenames.belongs`).
    """
    what = f'files of {project} {version}'
    try:
        wanted = packaging_version.Version(version)
    except ValueError:
        # InvalidVersion, or a number longer than Python reads.
        return knowledge.Unknown(what, f'{version!r} is no version')
    if isinstance(files, knowledge.Unknown):
        return files
    found: dict[str, ListedFile] = {}
    for file in files.value:
        if not filenames.belongs(file.filename, project, wanted):
            continue
        known = found.setdefault(file.filename, file)
        if (known.url, known.sha256) != (file.url, file.sha256):
            return knowledge.Unknown(
                what,
                f'the index lists {file.filename} twice, with sha256 '
                f'{known.sha256 or "not stated"} at {known.url} and with '
                f'{file.sha256 or "not stated"} at {file.url}',
            )
    return knowledge.Known(tuple(found.values()))
