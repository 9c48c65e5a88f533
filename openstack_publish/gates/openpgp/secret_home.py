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

"""The home that holds the signing key, and what is known of that key."""

from __future__ import annotations

import dataclasses
import os
from typing import IO

from openstack_publish import exceptions
from openstack_publish.gates import processes as runners
from openstack_publish.gates.openpgp import certificates
from openstack_publish.gates.openpgp import client
from openstack_publish.gates.openpgp import home
from openstack_publish.gates.openpgp import keyfile
from openstack_publish.gates.openpgp import status
from openstack_publish.model import names
from openstack_publish.model import signature

_State = signature.KeyState

_SIGN_OPTIONS = (
    '--digest-algo',
    'SHA512',
    # A user's gpg.conf may say otherwise.
    '--no-textmode',
    '--no-ask-sig-expire',
    '--default-sig-expire',
    '0',
)

_NOBODY_TO_ASK = frozenset(
    {status.NO_PINENTRY, status.CANCELED, status.NO_PASSPHRASE}
)
_OUTSIDE = frozenset({status.NO_AGENT, status.TIMEOUT})
"""GPG_ERR codes that say nothing of the key."""


class SecretHome:
    """The signing key: named, found, examined, used.

    :raises Misconfigured: see :class:`~.signer.OpenPGP`
    """

    def __init__(
        self,
        processes: runners.Processes,
        *,
        sign_key: str | None,
        gnupg_home: str | None,
        sign_key_file: str | None,
        passphrase: str | None,
    ) -> None:
        if gnupg_home is not None and sign_key_file is not None:
            raise exceptions.Misconfigured(
                'a GnuPG home and a key file are named; the signing key can '
                'come from one of them only',
                where='--sign-key-file',
            )
        self._asked: names.Fingerprint | None = None
        if sign_key is not None:
            try:
                self._asked = names.fingerprint(sign_key)
            except ValueError as error:
                raise exceptions.Misconfigured(
                    str(error), where='--sign-key'
                ) from error
        if passphrase is not None and any(
            each in passphrase for each in '\n\r\0'
        ):
            raise exceptions.Misconfigured(
                'the passphrase of the signing key must be one line',
                where='OPENSTACK_PUBLISH_PASSPHRASE',
            )
        self._processes = processes
        self._gnupg_home = gnupg_home
        self._file = sign_key_file
        self._passphrase = passphrase or None
        self._private: home.Home | None = None
        self._gpg: client.Client | None = None
        self._proof: signature.KeyProof | None = None

    @property
    def named(self) -> bool:
        """Whether a signing key was named."""
        return self._asked is not None or self._file is not None

    def close(self) -> None:
        """Remove the private home; a user's home and its agent are left.

        :raises Unavailable: something of it is left
        """
        private, self._private = self._private, None
        self._gpg = None
        self._proof = None
        if private is not None:
            private.close()

    def examine(self) -> signature.KeyProof:
        """Find the key and say whether it looks usable, once.

        :raises Misconfigured: the home or the key file isn't there, or the
            file holds several keys and none is named
        :raises Unavailable: gpg could not be run
        """
        if self._proof is None:
            self._proof = self._examine()
        return self._proof

    def public_part(self) -> bytes:
        """Return the public part of the key, if it is there.

        :raises Misconfigured, Unavailable: as :meth:`examine`
        """
        proof = self.examine()
        if proof.primary is None or self._gpg is None:
            return b''
        with self._gpg.asked('exporting the public part of the signing key'):
            armor: str = self._gpg.export_keys(proof.primary)
        return armor.encode(client.ENCODING)

    def sign(self, data: IO[bytes], target: str) -> signature.KeyProof | None:
        """Sign with the key that was examined, and no other.

        :param data: stays open
        :param target: a path where nothing is
        :returns: what is wrong with the key, where it did not sign
        :raises Unavailable: gpg could not be run, or signed with another key
        """
        proof = self.examine()
        if self._gpg is None or proof.fingerprint is None:
            raise exceptions.Unavailable('signing', proof.detail)
        passphrase = None
        mode = ['--pinentry-mode', 'error']
        if self._passphrase is not None:
            # UTF-8, as a terminal would give it, through python-gnupg's
            # one encoding.
            passphrase = self._passphrase.encode().decode(client.ENCODING)
            mode = []
        with self._gpg.asked('signing'):
            # keyid= would be --default-key, which gpg ignores when it does
            # not like the key: another one signs, with exit code 0.
            result = self._gpg.sign_file(
                data,
                detach=True,
                clearsign=False,
                passphrase=passphrase,
                output=target,
                extra_args=[
                    *mode,
                    *_SIGN_OPTIONS,
                    '--local-user',
                    f'{proof.fingerprint}!',
                ],
            )
            output: str = result.stderr
        if result.fingerprint is None:
            return self._refused(proof, output)
        if result.fingerprint != proof.fingerprint:
            raise exceptions.Unavailable(
                'signing',
                f'key {proof.fingerprint} was to sign, and gpg signed with '
                f'{result.fingerprint}',
            )
        return None

    def _examine(self) -> signature.KeyProof:
        asked = self._asked or self._file or ''
        client.found(self._processes.environment)
        if self._file is not None:
            self._gpg, problem = self._imported(self._file)
        else:
            self._gpg, problem = self._opened()
        if self._gpg is None:
            return signature.KeyProof(asked, _State.MISSING, problem)
        secret = self._gpg.listed(self._asked, secret=True)
        if self._asked is None:
            if not secret:
                return signature.KeyProof(
                    asked,
                    _State.NO_SECRET,
                    f'{self._file} holds no OpenPGP secret key',
                )
            if len(secret) > 1:
                found = ', '.join(each.primary.fingerprint for each in secret)
                raise exceptions.Misconfigured(
                    f'{self._file} holds {len(secret)} secret keys ({found}); '
                    'name one with --sign-key',
                    where='--sign-key-file',
                )
            fingerprint = secret[0].primary.fingerprint
        else:
            fingerprint = self._asked
        public = self._gpg.listed(fingerprint)
        if not public:
            return signature.KeyProof(
                asked, _State.MISSING, self._not_there(fingerprint)
            )
        certificate = _with_secrets(public[0], secret)
        key = certificate.signing_key(fingerprint)
        return _judged(asked, certificate, key)

    def _not_there(self, fingerprint: str) -> str:
        if self._file is None or self._gpg is None:
            return f'there is no key {fingerprint} in the GnuPG home'
        held = ', '.join(
            each.primary.fingerprint for each in self._gpg.listed(secret=True)
        )
        return (
            f'there is no key {fingerprint} in {self._file}, which holds '
            f'{held or "no secret key"}'
        )

    def _opened(self) -> tuple[client.Client | None, str]:
        """Return a gpg over the user's home, which stays as it is."""
        path = self._gnupg_home
        if path is not None and not os.path.isdir(path):
            raise exceptions.Misconfigured(
                f'there is no GnuPG home {path}', where='--gnupg-home'
            )
        if path is None:
            path = self._directory('homedir')
            if not os.path.isdir(path):
                # gpg would make one.
                return None, f'there is no GnuPG home {path}'
        path = os.path.abspath(path)
        if self._directory('agent-socket', path).startswith(path + os.sep):
            home.check_length(path, '--gnupg-home')
        return (
            client.Client(
                path, self._processes.environment, client.COMMON_OPTIONS
            ),
            '',
        )

    def _directory(self, name: str, path: str | None = None) -> str:
        """Ask GnuPG where something of a home is."""
        at = [] if path is None else ['--homedir', path]
        done = self._processes.run(['gpgconf', *at, '--list-dirs', name])
        if done.returncode != 0:
            raise exceptions.Unavailable(
                f'asking gpgconf for {name}', done.stderr.strip()
            )
        return os.fsdecode(done.stdout.rstrip(b'\n'))

    def _imported(self, path: str) -> tuple[client.Client, str]:
        """Return a gpg over a private home with the key of a file."""
        content = keyfile.read(path, '--sign-key-file')
        private = home.Home(self._processes)
        try:
            gpg = client.Client(
                private.path,
                self._processes.environment,
                client.PRIVATE_OPTIONS,
            )
            with keyfile.copied(content, private.path) as copy:
                gpg.take(copy)
        except BaseException:
            private.close()
            raise
        self._private = private
        return gpg, ''

    def _refused(
        self, proof: signature.KeyProof, output: str
    ) -> signature.KeyProof:
        """Return what gpg's failure says of the key.

        :raises Unavailable: it says nothing of the key
        """
        code = status.failure(status.lines(output))
        said = status.said(output)
        if code in _OUTSIDE:
            raise exceptions.Unavailable('signing', said)
        if code == status.NO_SECRET_KEY:
            state = _State.NO_SECRET
        elif self._passphrase is None and (
            code in _NOBODY_TO_ASK or code == status.BAD_PASSPHRASE
        ):
            state = _State.PASSPHRASE_NEEDED
        elif code == status.BAD_PASSPHRASE:
            state = _State.WRONG_PASSPHRASE
        else:
            state = _State.CANNOT_SIGN
        return dataclasses.replace(
            proof, state=state, detail=f'{proof.fingerprint}: {said}'
        )


def _judged(
    asked: str, certificate: certificates.Certificate, key: certificates.Key
) -> signature.KeyProof:
    """Say what a key's listing tells of it."""
    primary = certificate.primary
    ends = certificate.end_of(key)
    name = key.fingerprint
    if primary.revoked or key.revoked:
        state, detail = _State.REVOKED, f'{name} was revoked'
        when, _ = certificate.revocation_of(key)
        if when is not None:
            detail += f' on {when:%Y-%m-%d}'
    elif primary.expired or key.expired:
        state, detail = _State.EXPIRED, f'{name} has expired'
        if ends is not None:
            detail += f' on {ends:%Y-%m-%d}'
    elif not key.signs:
        state, detail = _State.CANNOT_SIGN, f'{name} is no signing key'
    elif not key.secret:
        state = _State.NO_SECRET
        detail = f'the secret part of {name} is not there'
    else:
        state, detail = _State.USABLE, f'{name} made a test signature'
    return signature.KeyProof(
        asked=asked,
        state=state,
        detail=detail,
        fingerprint=name,
        primary=primary.fingerprint,
        expires=ends,
    )


def _with_secrets(
    public: certificates.Certificate,
    secret: tuple[certificates.Certificate, ...],
) -> certificates.Certificate:
    """Put together what the public and the secret listing say.

    Only the public one tells of revocations, only the secret one which
    secret parts are there.
    """
    there = {
        key.fingerprint for each in secret for key in each.keys if key.secret
    }
    keys = [
        dataclasses.replace(key, secret=key.fingerprint in there)
        for key in public.keys
    ]
    return certificates.Certificate(keys[0], tuple(keys[1:]))
