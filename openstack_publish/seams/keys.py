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

"""OpenPGP keys and signatures."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from typing import Protocol

from openstack_publish.model import checkup
from openstack_publish.model import cycle_keys
from openstack_publish.model import names
from openstack_publish.model import signature


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


class Verifier(Protocol):
    """Public keys, and signatures judged with them.

    May be shared by threads. Has no secret key and starts no agent; a
    :class:`Signer` does this as well, for one release.
    """

    def trust(
        self, key_files: Sequence[str]
    ) -> Mapping[str, tuple[names.Fingerprint, ...]]:
        """Load public keys, in the order given: the cycles' oldest first.

        :returns: for each file the primary fingerprints in it
        :raises Misconfigured: a file isn't there or holds no public key
        :raises Unavailable: gpg did not do it
        """

    def verify(
        self, signature_path: str, path: str
    ) -> signature.SignatureReading:
        """Return everything that gpg says of a signature over a file.

        :raises Unavailable: gpg could not be run or a file not be read
        """


class CycleKeys(Protocol):
    """Public keys in files, whatever keys of our own there are."""

    def read(
        self, paths: Sequence[str]
    ) -> tuple[tuple[cycle_keys.Certificate, ...], ...]:
        """Return the keys in each file, with who certified them.

        :param paths: the older key first
        :raises Misconfigured: a file isn't there
        :raises Unavailable: gpg did not answer
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
