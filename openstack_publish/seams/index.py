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

"""Indexes: the read side, the upload side, how to log in."""

from __future__ import annotations

import dataclasses
import datetime
from typing import Literal, Protocol

from openstack_publish.model import checkup
from openstack_publish.model import credential
from openstack_publish.model import distribution
from openstack_publish.model import knowledge
from openstack_publish.model import listing
from openstack_publish.model import names
from openstack_publish.seams import files


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

    def read_overview(self, project: names.ProjectName) -> listing.Overview:
        """Return what the index says of a project and all its files.

        Takes fewer questions than :meth:`read_project` and is content with
        what a cache has, unless the index was built to ask anew.
        """

    def keeps_signature(
        self, file: listing.ListedFile, signature_path: str
    ) -> knowledge.Knowledge[bool]:
        """Say whether the index serves this very signature of a file."""


@dataclasses.dataclass(frozen=True)
class CachedAnswer:
    """A document that was read before."""

    etag: str
    body: bytes
    media_type: str = ''
    """As :attr:`body` came, lower case, without parameters."""


class Cache(Protocol):
    """Documents that were read before, with their ETags."""

    def get(self, url: str, accept: str) -> CachedAnswer | None:
        """Return what is kept of a document; None where nothing is.

        What cannot be read is as good as nothing: it is asked for again.
        """

    def put(self, url: str, accept: str, answer: CachedAnswer) -> None:
        """Keep a document; that it cannot be kept matters to nobody."""


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


class Accounts(Protocol):
    """What an index says of its users."""

    def projects_of(
        self, user: str
    ) -> knowledge.Knowledge[tuple[names.ProjectName, ...]]:
        """Return the projects on which a user holds a role."""


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
        signature: files.CheckedFile | None,
        now: datetime.datetime,
        progress: files.Progress,
    ) -> UploadAnswer:
        """POST one distribution with its signature, once.

        A token is narrowed to the distribution's project and to the time
        from 300 s before *now* to 900 s after.

        :raises Misconfigured: the configuration is wrong, or a file is or
            no longer has the bytes that were checked; nothing was sent
        """


class Probe(Protocol):
    """One question to an index, of any project."""

    def contact(self) -> checkup.Contact:
        """Ask, once.

        :raises Misconfigured: the URL may not be asked
        :raises Unavailable: there was no answer, or none of an index
        """
