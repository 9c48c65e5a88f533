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

"""Verifies signatures with public keys, in a private GnuPG home."""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import io
import os
import stat
import threading
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from types import TracebackType
from typing import IO

from openstack_publish import exceptions
from openstack_publish.gates import processes as runners
from openstack_publish.gates.openpgp import armor
from openstack_publish.gates.openpgp import certificates
from openstack_publish.gates.openpgp import client
from openstack_publish.gates.openpgp import home
from openstack_publish.gates.openpgp import keyfile
from openstack_publish.gates.openpgp import status
from openstack_publish.model import names
from openstack_publish.model import signature

SIGNATURE_LIMIT = 64 * 1024
"""Largest signature file that is looked at, in bytes; one has 200 to 900."""

_CHUNK = 1024 * 1024
"""Bytes that are read of a file at a time."""


class Verifier:
    """Fits :class:`~openstack_publish.seams.Verifier`; to be closed.

    Nothing is started before the first question. The home holds public keys
    alone, and no agent is ever started for it. It serves a whole run: once
    the keys are in, threads verify side by side, each with a gpg of its own
    over the same keyring, which gpg only reads (as tried with gpg 2.2.40,
    2026-11: 800 verifications by 8 threads, each right).

    :param processes: starts gpgconf; gpg gets its environment, which holds
        no secret
    """

    def __init__(self, processes: runners.Processes) -> None:
        self._processes = processes
        self._lock = threading.RLock()
        self._home: home.Home | None = None
        self._closed = False
        self._idle: list[client.Client] = []
        self._keyring: tuple[certificates.Certificate, ...] | None = None

    def __enter__(self) -> Verifier:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Remove the private home, with all that is in it.

        :raises Unavailable: something of it is left
        """
        with self._lock:
            self._closed = True
            private, self._home = self._home, None
            self._idle.clear()
            self._keyring = None
        if private is not None:
            private.close()

    @property
    def place(self) -> str:
        """Return the private home.

        :raises Unavailable: it cannot be made; this is closed
        """
        with self._lock:
            if self._closed:
                # A thread whose run has ended: nobody would remove the home.
                raise exceptions.Unavailable(
                    'verifying with gpg', 'the run has ended'
                )
            if self._home is None:
                self._home = home.Home(self._processes)
            return self._home.path

    def trust(
        self, key_files: Sequence[str]
    ) -> Mapping[str, tuple[names.Fingerprint, ...]]:
        """Load public keys, in the order given.

        The cycle keys certify each other, and gpg sees that only where the
        older one is there first.

        :returns: for each file the primary fingerprints in it
        :raises Misconfigured: a file isn't there, holds no public key, or
            holds a secret one
        :raises Unavailable: gpg did not take a key
        """
        if not key_files:
            return {}
        found: dict[str, tuple[names.Fingerprint, ...]] = {}
        with self._lock, self._lent() as gpg, contextlib.ExitStack() as stack:
            copies = []
            for number, path in enumerate(key_files):
                content = keyfile.read(path, '--trusted-key')
                copy = stack.enter_context(
                    keyfile.copied(content, self.place, f'incoming-{number}')
                )
                found[path] = _primaries(path, gpg.scanned(copy))
                copies.append(copy)
            gpg.take(*copies)
            self._keyring = gpg.listed()
        taken = {each.primary.fingerprint for each in self._keyring}
        for path, primaries in found.items():
            for primary in primaries:
                if primary not in taken:
                    raise exceptions.Unavailable(
                        f'loading {path}',
                        f'gpg did not take the key {primary}',
                    )
        return found

    def take(self, public: bytes) -> None:
        """Load a public key that we have at hand.

        :raises Unavailable: gpg could not be run
        """
        with self._lock, self._lent() as gpg:
            with keyfile.copied(public, self.place) as copy:
                gpg.take(copy)
            self._keyring = None

    def verify(
        self, signature_path: str, path: str
    ) -> signature.SignatureReading:
        """Return everything that gpg says of a signature over a file.

        :raises Unavailable: gpg could not be run or a file not be read
        """
        name = os.path.basename(signature_path)
        what = f'verifying {signature_path}'
        with client.translated(what):
            content, sha256 = _read(signature_path)
            # gpg says nothing at all of data that it cannot open.
            open_regular(path).close()
        if len(content) > SIGNATURE_LIMIT:
            return signature.SignatureReading(
                filename=name,
                sha256=sha256,
                malformed='it holds no detached signature: it is larger than '
                f'{SIGNATURE_LIMIT} bytes',
            )
        with self._lent() as gpg, gpg.asked(what):
            # An absolute path is no option, whatever the file is called.
            result = gpg.verify_file(
                io.BytesIO(content), data_filename=os.path.abspath(path)
            )
            output: str = result.stderr
            returncode: int = result.returncode
        if returncode < 0:
            raise exceptions.Unavailable(
                what, f'gpg was ended by signal {-returncode}'
            )
        found = status.reading(name, sha256, output, returncode, self._known())
        if found.malformed is not None and armor.is_clear_signed(content):
            return dataclasses.replace(
                found,
                clear_signed=True,
                malformed='it is a text with its own signature in it',
            )
        return dataclasses.replace(
            found, surrounded=armor.is_surrounded(content)
        )

    def _known(self) -> tuple[certificates.Certificate, ...]:
        """Return the keys that are loaded, with their ends."""
        with self._lock:
            if self._keyring is None:
                with self._lent() as gpg:
                    self._keyring = gpg.listed()
            return self._keyring

    @contextlib.contextmanager
    def _lent(self) -> Iterator[client.Client]:
        """Give a gpg that no other thread has."""
        with self._lock:
            path = self.place
            gpg = self._idle.pop() if self._idle else None
        if gpg is None:
            gpg = client.Client(
                path, self._processes.environment, client.VERIFY_OPTIONS
            )
        try:
            yield gpg
        finally:
            with self._lock:
                if self._home is not None and self._home.path == path:
                    self._idle.append(gpg)


def open_regular(path: str) -> IO[bytes]:
    """Open a regular file; anything else might never end.

    :raises OSError: it is none, or cannot be read
    """
    # The caller closes it: it is what this returns.
    opened = open(path, 'rb', opener=_without_waiting)  # noqa: SIM115
    if not stat.S_ISREG(os.fstat(opened.fileno()).st_mode):
        opened.close()
        raise OSError(f'{path} is no regular file')
    return opened


def _primaries(
    path: str, found: Sequence[certificates.Certificate]
) -> tuple[names.Fingerprint, ...]:
    """Return the primary fingerprints of a file of public keys.

    :raises Misconfigured: it holds none, or a secret key
    """
    if any(each.private for each in found):
        raise exceptions.Misconfigured(
            f'{path} holds a secret key; give a file with the public '
            'part alone (gpg --export --armor)',
            where=path,
        )
    if not found:
        raise exceptions.Misconfigured(
            f'{path} holds no OpenPGP public key', where=path
        )
    return tuple(each.primary.fingerprint for each in found)


def _without_waiting(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NONBLOCK)


def _read(path: str) -> tuple[bytes, str]:
    """Return the beginning of a signature file and the digest of it all."""
    digest = hashlib.sha256()
    with open_regular(path) as opened:
        content = opened.read(SIGNATURE_LIMIT + 1)
        digest.update(content)
        while chunk := opened.read(_CHUNK):
            digest.update(chunk)
    return content, digest.hexdigest()
