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

"""Signs and verifies, each in a GnuPG home of its own."""

from __future__ import annotations

import concurrent.futures
import contextlib
import io
import os
from collections.abc import Mapping
from collections.abc import Sequence
from types import TracebackType

from openstack_publish import exceptions
from openstack_publish.gates import parts
from openstack_publish.gates import processes as runners
from openstack_publish.gates.openpgp import client
from openstack_publish.gates.openpgp import secret_home
from openstack_publish.gates.openpgp import verifier
from openstack_publish.model import names
from openstack_publish.model import signature

_PROBE = b'openstack-publish tries its signing key\n'
"""What the throw-away signature is made over."""

_State = signature.KeyState


class OpenPGP:
    """Fits :class:`~openstack_publish.seams.Signer`; to be closed.

    Nothing is started before the first question. Signatures are verified in
    a private home that holds the trusted public keys and that of the signing
    key. The signing key stays in the user's home, or is imported from a file
    into a private home of its own.

    :param processes: starts gpgconf; gpg gets its environment, which holds
        no secret
    :param sign_key: fingerprint of the key or subkey that signs
    :param gnupg_home: home with the signing key; default: the user's
    :param sign_key_file: file with the armored secret key, instead of a home
    :param passphrase: of the signing key; an empty one is none: python-gnupg
        0.5.7 lets gpg read the first line of the data instead of it
    :raises Misconfigured: the fingerprint is none, or a home and a file are
        both named
    """

    def __init__(
        self,
        processes: runners.Processes,
        *,
        sign_key: str | None = None,
        gnupg_home: str | None = None,
        sign_key_file: str | None = None,
        passphrase: str | None = None,
    ) -> None:
        self._processes = processes
        self._key = secret_home.SecretHome(
            processes,
            sign_key=sign_key,
            gnupg_home=gnupg_home,
            sign_key_file=sign_key_file,
            passphrase=passphrase,
        )
        self._verifier = verifier.Verifier(processes)
        self._with_signing_key = False
        self._prepared: concurrent.futures.Future[object] | None = None

    def __enter__(self) -> OpenPGP:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Remove the private homes, with all that is in them.

        :raises Unavailable: something is left that may be a signing key
        """
        self._wait()
        self._with_signing_key = False
        try:
            self._verifier.close()
        finally:
            self._key.close()

    @property
    def can_sign(self) -> bool:
        """Whether a signing key was named; says nothing of its state."""
        return self._key.named

    def trust(
        self, key_files: Sequence[str]
    ) -> Mapping[str, tuple[names.Fingerprint, ...]]:
        """Load public keys for verification, in the order given.

        The cycle keys certify each other, and gpg sees that only where the
        older one is there first.

        :returns: for each file the primary fingerprints in it
        :raises Misconfigured: a file isn't there, holds no public key, or
            holds a secret one
        :raises Unavailable: gpg did not take a key
        """
        if not key_files:
            return {}
        self._wait()
        return self._verifier.trust(key_files)

    def prepare(self) -> None:
        """Begin to find the signing key, beside what the caller does next.

        gpg takes 0.1 s for it, most of them to start its agent. What comes
        of it is said when the key is asked for.
        """
        if self._key.named and self._prepared is None:
            pool = concurrent.futures.ThreadPoolExecutor(1)
            self._prepared = pool.submit(self._ready)
            pool.shutdown(wait=False)

    def prove(self) -> signature.KeyProof | None:
        """Try the signing key with a throw-away signature.

        In a user's home a wrong passphrase shows only if the agent has not
        been given the right one before: it keeps that one and asks no more.

        :returns: None where no signing key was named
        :raises Misconfigured: the home or the key file isn't there, or the
            file holds several keys and none is named
        :raises Unavailable: gpg could not be run
        """
        if not self._key.named:
            return None
        self._settle()
        proof = self._key.examine()
        if proof.state is not _State.USABLE or proof.fingerprint is None:
            return proof
        self._ready()
        probe = os.path.join(self._verifier.place, 'probe')
        made = f'{probe}.asc'
        with client.translated('trying the signing key'):
            with open(probe, 'wb') as opened:
                opened.write(_PROBE)
        failed = self._key.sign(io.BytesIO(_PROBE), made)
        if failed is not None:
            return failed
        self._check(made, probe, proof.fingerprint)
        os.unlink(made)
        return proof

    def sign(self, path: str, target: str) -> None:
        """Write a detached armored signature of *path* to *target*.

        It gets its name once it is verified to be by that very key.

        :raises Misconfigured: as :meth:`prove`
        :raises Unavailable: gpg did not make it, or with another key
        """
        what = f'signing {path}'
        self._settle()
        proof = self._key.examine()
        if proof.state is not _State.USABLE or proof.fingerprint is None:
            raise exceptions.Unavailable(what, proof.detail)
        self._ready()
        part = parts.beside(target)
        try:
            with client.translated(what):
                parts.forget(target)
                # python-gnupg 0.5.7 closes a file that it opened itself
                # after 10 ms, read or not, and signs what it has by then.
                with verifier.open_regular(path) as opened:
                    failed = self._key.sign(opened, part)
            if failed is not None:
                raise exceptions.Unavailable(what, failed.detail)
            self._check(part, path, proof.fingerprint)
            with client.translated(what):
                parts.on_disk(part)
                os.replace(part, target)
                parts.on_disk(os.path.dirname(part))
        finally:
            with contextlib.suppress(OSError):
                os.unlink(part)

    def verify(
        self, signature_path: str, path: str
    ) -> signature.SignatureReading:
        """Return everything that gpg says of a signature over a file.

        :raises Unavailable: gpg could not be run or a file not be read
        """
        self._settle()
        self._ready()
        return self._verifier.verify(signature_path, path)

    def _check(
        self, made: str, path: str, fingerprint: names.Fingerprint
    ) -> None:
        """Hold a signature of our own against the key that was to make it.

        :raises Unavailable: it isn't good, or by another key
        """
        reading = self._verifier.verify(made, path)
        if (
            reading.new != 1
            or [each.fingerprint for each in reading.valid] != [fingerprint]
            or reading.bad
            or reading.errors
            or reading.missing_keys
        ):
            by = ', '.join(each.fingerprint for each in reading.valid)
            raise exceptions.Unavailable(
                f'signing {path}',
                f'key {fingerprint} was to sign; the signature that gpg made '
                f'is by {by or "none that verifies"}',
            )

    def _ready(self) -> None:
        """Let the signing key's public part be among those to verify with.

        With it a signature by our own key is a good one by an untrusted key
        where it is not trusted, instead of one that cannot be checked.
        """
        if self._key.named and not self._with_signing_key:
            self._with_signing_key = True
            public = self._key.public_part()
            if public:
                self._verifier.take(public)

    def _wait(self) -> None:
        """Let come to its end what was begun by :meth:`prepare`."""
        if self._prepared is not None:
            concurrent.futures.wait([self._prepared])

    def _settle(self) -> None:
        """Wait likewise, and raise what came of it.

        :raises Misconfigured, Unavailable: as :meth:`prove`
        """
        if self._prepared is not None:
            self._prepared.result()
