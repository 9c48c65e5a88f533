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

"""Files: distributions, sources, the archive, receipts."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Sequence
from typing import Protocol

from openstack_publish.model import distribution
from openstack_publish.model import knowledge
from openstack_publish.model import receipt
from openstack_publish.model import source

Progress = Callable[[int, int], None]
"""Called with bytes done and bytes in all, both from 0 up."""

Wanted = Callable[[str], bool]
"""Says whether the content of the file with this path is needed."""


class Distributions(Protocol):
    """Sdists and wheels on disk."""

    def find(self, places: Sequence[str]) -> tuple[str, ...]:
        """Return the distributions that files and directories name.

        A directory gives its ``*.whl`` and ``*.tar.gz``, not its
        subdirectories'; a file stands for itself.

        :raises Misconfigured: a place isn't there, or holds none
        :raises Unavailable: a directory cannot be listed
        """

    def read(self, path: str, progress: Progress) -> distribution.Distribution:
        """Read one file; what is wrong with it stands in its defects.

        :raises Unavailable: the file cannot be opened or read
        """

    def signature_of(self, path: str) -> str | None:
        """Return where ``FILE.asc`` lies beside a file, if it is there."""

    def unchanged(self, dist: distribution.Distribution) -> bool:
        """Say whether the file still has the bytes that were read.

        :raises Unavailable: the file cannot be opened or read
        """

    def members(
        self, dist: distribution.Distribution, wanted: Wanted
    ) -> Iterator[source.Member]:
        """Yield every file inside, with its digests.

        :param wanted: which contents are kept, up to a limit
        :raises Unavailable: the file cannot be read, is not sound, or no
            longer has the bytes that were read
        """


class SourceTree(Protocol):
    """A clone of the repository that a release is of."""

    def read(self, commit: str, wanted: Wanted) -> source.Tree | source.NoTree:
        """Return what a commit holds, or why that cannot be.

        :param wanted: which contents are read
        :raises Unavailable: the repository cannot be read
        """


@dataclasses.dataclass(frozen=True)
class CheckedFile:
    """A file whose bytes were checked; no others may go out under it."""

    path: str
    sha256: str


@dataclasses.dataclass(frozen=True)
class SignedFile:
    """A distribution and its signature, both checked."""

    file: CheckedFile
    signature: CheckedFile


@dataclasses.dataclass(frozen=True)
class ArchivedFile:
    """A file in its place in the archive."""

    path: str
    sha256: str
    signature_path: str | None
    """Where its ``.asc`` lies, if there is one."""


class Archive(Protocol):
    """The tarballs site, as a directory that the job writes."""

    @property
    def place(self) -> str:
        """Where it is."""

    def find(
        self, repo: str, filename: str
    ) -> knowledge.Knowledge[ArchivedFile | None]:
        """Return a placed file of a repository; None if there is none."""

    def agree(
        self,
        repo: str,
        signed: Sequence[SignedFile],
        good: Callable[[SignedFile, str], bool],
    ) -> tuple[SignedFile, ...]:
        """Have the same signatures as every other run of the same bytes.

        A signature that came first replaces the one at hand.

        :param good: judges another run's signature, given a copy's path
        :returns: what has another signature now
        :raises Unavailable: the archive cannot be written, or the signature
            that is placed is none that may be used
        """

    def stage(
        self, repo: str, files: Sequence[CheckedFile]
    ) -> tuple[receipt.ArchivedArtifact, ...]:
        """Copy files beside their places.

        :raises Unavailable: the archive cannot be written, or a file no
            longer has the bytes that were checked
        """

    def promote(
        self, repo: str, filenames: Sequence[str]
    ) -> tuple[receipt.ArchivedArtifact, ...]:
        """Put staged files into their places; placed bytes stay.

        :raises Unavailable: the archive cannot be written, or other bytes
            are placed there
        """

    def discard(
        self, repo: str, filenames: Sequence[str]
    ) -> tuple[receipt.ArchivedArtifact, ...]:
        """Remove files that this run staged; what is placed stays.

        :raises Unavailable: the archive cannot be written
        """


@dataclasses.dataclass(frozen=True)
class Original:
    """A file of the archive, at hand: read once, and its digest known."""

    filename: str
    sha256: str
    size: int
    """In bytes."""

    path: str
    """On disk: in its place, or a copy that goes with the context."""

    signature_path: str | None
    """Likewise its ``.asc``; None where the archive has none."""

    url: str
    """Where the archive has it, for a reader: an URL, or a path."""

    modified: datetime.datetime | None = None
    """When it was written last, as the archive says, UTC; None where it does
    not."""

    @property
    def signature_url(self) -> str | None:
        """Where the archive has its ``.asc``, for a reader."""
        return None if self.signature_path is None else f'{self.url}.asc'


class Originals(Protocol):
    """The tarballs site, as a directory or as an HTTP site, to read.

    May be shared by threads. "It has no such file" is said only where the
    archive says so itself; everything else is unknown, of a signature as
    well as of its file.
    """

    @property
    def place(self) -> str:
        """Where it is, for a reader."""

    def holding(
        self, repo: str, filename: str
    ) -> contextlib.AbstractContextManager[
        knowledge.Knowledge[Original | None]
    ]:
        """Have a file and its signature on disk for as long as it is used.

        :param repo: full name of the git repository
        :returns: in the context: the file; None where the archive has none
        :raises Misconfigured: the repository's or the file's name is none
        """

    def unchanged(self, file: Original) -> bool:
        """Say whether a file at hand still has the bytes that were read.

        :raises Unavailable: it cannot be read any more
        """

    def has(self, repo: str, filename: str) -> knowledge.Knowledge[bool]:
        """Say whether the archive has a file, without reading it.

        :param filename: of a distribution or of a signature
        :raises Misconfigured: the repository's or the file's name is none
        """


class Copies(Protocol):
    """A private directory, for files that are to be published again."""

    def take(self, file: Original) -> str:
        """Copy a file and its signature, and return where the copy is.

        :raises Unavailable: it cannot be copied, or no longer has the bytes
            that were read
        """


class Receipts(Protocol):
    """Receipt files."""

    def outcome(self, path: str) -> knowledge.Knowledge[str | None]:
        """Return the outcome of the receipt there; None if there is none.

        :raises Misconfigured: there is no directory for a receipt
        """

    def write(
        self,
        path: str,
        text: str,
        sign: Callable[[str, str], None] | None = None,
    ) -> None:
        """Put a receipt in its place: whole or not at all, and on disk.

        :param sign: signs a file, given its path and the signature's; the
            receipt gets its place once it is signed
        :raises Unavailable: it cannot be written or signed
        """
