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

"""Every seam to the outside, once.

A gate is a class under :mod:`openstack_publish.gates` that fits one of these
protocols. Gates raise :class:`~openstack_publish.exceptions.Misconfigured`
and :class:`~openstack_publish.exceptions.Unavailable` and nothing else;
where a method returns :data:`~openstack_publish.model.knowledge.Knowledge`
it does not raise ``Unavailable`` either.
"""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from typing import Literal, Protocol

from openstack_publish.model import checkup
from openstack_publish.model import credential
from openstack_publish.model import deliverable
from openstack_publish.model import distribution
from openstack_publish.model import knowledge
from openstack_publish.model import listing
from openstack_publish.model import located
from openstack_publish.model import names
from openstack_publish.model import receipt
from openstack_publish.model import series
from openstack_publish.model import signature
from openstack_publish.model import source

Progress = Callable[[int, int], None]
"""Called with bytes done and bytes in all, both from 0 up."""

Wanted = Callable[[str], bool]
"""Says whether the content of the file with this path is needed."""


@dataclasses.dataclass(frozen=True)
class DeliverableReading:
    """One deliverable file: its value, or all that is wrong with it."""

    deliverable: deliverable.Deliverable | None
    problems: tuple[located.Problem, ...]


@dataclasses.dataclass(frozen=True)
class OrderSearch:
    """What a search through a checkout found."""

    orders: tuple[deliverable.Order, ...]
    """Orders of this version whose file gives the project's name, or, where
    there is none, whose repository is called like it."""

    problems: tuple[located.Problem, ...]
    """What is wrong with files that may hold the order."""


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


class Checkout(Protocol):
    """A checkout of openstack/releases."""

    def find_orders(
        self,
        project: names.ProjectName,
        version: str,
        repo: str | None = None,
    ) -> OrderSearch:
        """Search every deliverable file for orders of one release.

        :param repo: full name; only orders of this repository count, and
            its name is searched beside the project's
        :raises Unavailable: the checkout cannot be read
        """

    def read_deliverable(self, path: str) -> DeliverableReading:
        """Read one deliverable file, given relative to the checkout.

        :raises Misconfigured: there is no such file
        :raises Unavailable: the file cannot be read
        """

    def relative(self, path: str) -> str:
        """Return a path on disk relative to the checkout.

        :raises Misconfigured: it is not below the checkout's deliverables
        """

    def place(self, path: str, key: located.KeyPath) -> located.Place:
        """Return line and column of a key; the place alone if not found."""

    def head(self) -> knowledge.Knowledge[str | None]:
        """Return the commit at HEAD; None where this is no git checkout."""

    def as_committed(self, path: str) -> knowledge.Knowledge[bool]:
        """Say whether a file has the very bytes that HEAD has.

        :param path: relative to the checkout
        """

    def read_series(self) -> tuple[series.Series, ...]:
        """Return every series; none where the checkout has no list.

        :raises Misconfigured: ``data/series_status.yaml`` is malformed
        """

    def key_files(self) -> tuple[str, ...]:
        """Return the public signing keys of the cycles, oldest first."""


class Index(Protocol):
    """The read side of an index."""

    @property
    def kind(self) -> listing.IndexKind:
        """Which questions it can answer."""

    @property
    def read_url(self) -> str:
        """Where it is."""

    def read_project(
        self, project: names.ProjectName, version: str
    ) -> listing.Listing:
        """Return what the index says of a project, part by part."""

    def read_release(
        self, project: names.ProjectName, version: str
    ) -> listing.ReleaseReading:
        """Return one release as it stands now (asked with no-cache)."""

    def keeps_signature(
        self, file: listing.ListedFile, signature_path: str
    ) -> knowledge.Knowledge[bool]:
        """Say whether the index serves this very signature of a file."""


@dataclasses.dataclass(frozen=True)
class CheckedFile:
    """A file whose bytes were checked; no others may go out under it."""

    path: str
    sha256: str


@dataclasses.dataclass(frozen=True)
class UploadAnswer:
    """What came of one POST."""

    outcome: Literal['stored', 'refused', 'doubtful']
    """``stored``: 200. ``refused``: the server's 3xx or 4xx, final.
    ``doubtful``: 400, 409, 5xx, timeout, reset; the index must be read."""

    status: int | None
    reason: str
    """The server's words, verbatim, or why there were none."""

    retry_after: float | None = None
    """Seconds that the server asked to wait, where it did."""


class Credentials(Protocol):
    """Where uploads go and what they log in with."""

    @property
    def upload_url(self) -> str:
        """Where uploads go, without user or password."""

    @property
    def cert(self) -> str | None:
        """Certificates to believe instead of the usual ones."""

    @property
    def client_cert(self) -> str | None:
        """PEM file with a client's certificate and key."""

    def describe(self) -> credential.Credential | None:
        """Describe the credential; None where there is none.

        :raises Unavailable: a key store did not answer
        """

    def login(
        self, project: names.ProjectName, now: datetime.datetime
    ) -> credential.Login | None:
        """Return what to send, narrowed to a project and some minutes.

        :raises Unavailable: a key store did not answer
        """


class Uploader(Protocol):
    """The upload side of an index."""

    @property
    def upload_url(self) -> str:
        """Where it is, without user or password."""

    def read_credential(
        self, now: datetime.datetime
    ) -> credential.Credential | None:
        """Describe the credential; None where there is none.

        :raises Misconfigured: the configuration cannot be read
        :raises Unavailable: a key store did not answer
        """

    def upload(
        self,
        dist: distribution.Distribution,
        signature: CheckedFile | None,
        now: datetime.datetime,
        progress: Progress,
    ) -> UploadAnswer:
        """POST one distribution with its signature, once.

        A token is narrowed to the distribution's project and to the time
        from 300 s before *now* to 900 s after.

        :raises Misconfigured: the configuration is wrong, or a file is or
            no longer has the bytes that were checked; nothing was sent
        """


class Signer(Protocol):
    """OpenPGP keys and signatures."""

    @property
    def can_sign(self) -> bool:
        """Whether a signing key was named; says nothing of its state."""

    def trust(
        self, key_files: Sequence[str]
    ) -> Mapping[str, tuple[names.Fingerprint, ...]]:
        """Load public keys for verification.

        :returns: for each file the primary fingerprints in it
        :raises Misconfigured: a file isn't there or holds no public key
        :raises Unavailable: gpg did not do it
        """

    def prove(self) -> signature.KeyProof | None:
        """Try the signing key with a throw-away signature.

        :returns: None where no signing key was named
        :raises Unavailable: gpg could not be run
        """

    def sign(self, path: str, target: str) -> None:
        """Write a detached armored signature of *path* to *target*.

        :raises Unavailable: gpg did not make it, or with another key
        """

    def verify(
        self, signature_path: str, path: str
    ) -> signature.SignatureReading:
        """Return everything that gpg says of a signature over a file.

        :raises Unavailable: gpg could not be run or a file not be read
        """


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

    def stage(
        self, repo: str, files: Sequence[CheckedFile]
    ) -> tuple[receipt.ArchivedArtifact, ...]:
        """Copy files beside their places, replacing what is staged there.

        :raises Unavailable: the archive cannot be written, or a file no
            longer has the bytes that were checked
        """

    def promote(
        self, repo: str, filenames: Sequence[str]
    ) -> tuple[receipt.ArchivedArtifact, ...]:
        """Rename staged files into their places; placed bytes stay.

        :raises Unavailable: the archive cannot be written
        """

    def discard(
        self, repo: str, filenames: Sequence[str]
    ) -> tuple[receipt.ArchivedArtifact, ...]:
        """Remove staged files; what was placed before stays.

        :raises Unavailable: the archive cannot be written
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


class GnuPG(Protocol):
    """GnuPG as it is installed, before any key is asked for."""

    def installation(self) -> checkup.Installation:
        """Return what is installed, and which home is used.

        :raises Misconfigured: it isn't there, or the home is not
        :raises Unavailable: it could not be run
        """

    def socket_rooms(self) -> tuple[checkup.SocketRoom, ...]:
        """Return the homes whose paths the agents' sockets lengthen.

        :raises Unavailable: GnuPG could not be asked
        """


class Probe(Protocol):
    """One question to an index, of any project."""

    def contact(self) -> checkup.Contact:
        """Ask, once.

        :raises Misconfigured: the URL may not be asked
        :raises Unavailable: there was no answer, or none of an index
        """


class WorkTree(Protocol):
    """The work tree of a git checkout of openstack/releases."""

    def changed(self) -> tuple[str, ...]:
        """Return files that differ from HEAD, new ones too.

        Only those that orders and policy are read of count.

        :raises Unavailable: git did not say
        """


class Clock(Protocol):
    """The time."""

    def now(self) -> datetime.datetime:
        """Return the time of day, UTC, to the second."""

    def monotonic(self) -> float:
        """Return seconds since some moment."""

    def sleep(self, seconds: float) -> None:
        """Wait."""


class Observer(Protocol):
    """Who watches a run."""

    def step_began(self, number: int, of: int, name: str) -> None:
        """Say that a step begins."""

    def step_ended(
        self, record: receipt.StepRecord, of: int, found: str
    ) -> None:
        """Say that a step ended, and what it found in one line."""

    def bytes_done(self, what: str, done: int, total: int) -> None:
        """Say how far a transfer or a reading is."""

    def waits(self, what: str, seconds: float) -> None:
        """Say that a wait begins, and for what."""

    def broke(self, error: Exception) -> None:
        """Say that this program met an error of its own."""
