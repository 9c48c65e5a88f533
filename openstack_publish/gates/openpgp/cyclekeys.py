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

"""Reads the public keys of the cycles, and who certified them."""

from __future__ import annotations

from collections.abc import Sequence

from openstack_publish import exceptions
from openstack_publish.gates import processes
from openstack_publish.gates.openpgp import certificates
from openstack_publish.gates.openpgp import client
from openstack_publish.gates.openpgp import home
from openstack_publish.gates.openpgp import keyfile
from openstack_publish.model import cycle_keys
from openstack_publish.model import names

# Columns of a record, counted from 0 (GnuPG doc/DETAILS, "Format of the
# colon listings").
_CHECKED = 1
_FINGERPRINT = 9
_CLASS = 10
_ISSUER = 12

_CERTIFICATIONS = ('10', '11', '12', '13')
"""Classes of a signature over a user id (RFC 4880 5.2.1)."""

_WITHDRAWN = '30'
"""Class of what takes such a signature back."""


class CycleKeys:
    """Fits :class:`~openstack_publish.seams.CycleKeys`.

    :param runner: runs gpg
    """

    def __init__(self, runner: processes.Processes) -> None:
        self._runner = runner

    def read(
        self, paths: Sequence[str]
    ) -> tuple[tuple[cycle_keys.Certificate, ...], ...]:
        """Return the keys in each file, with who certified them.

        :param paths: the older key first: gpg notes a certification only
            where the key that made it is there already (tried with gpg
            2.2.40, 2026-11)
        :raises Misconfigured: a file isn't there
        :raises Unavailable: gpg did not answer
        """
        with home.Home(self._runner) as private:
            gpg = client.Client(
                private.path,
                self._runner.environment,
                client.VERIFY_OPTIONS,
            )
            found = []
            for path in paths:
                content = keyfile.read(path, path)
                with keyfile.copied(content, private.path) as copy:
                    found.append(gpg.scanned(copy))
                    if found[-1]:
                        gpg.take(copy)
            certified = _certified(self._checked(private.path))
        return tuple(
            tuple(_told(each, certified) for each in held) for held in found
        )

    def _checked(self, path: str) -> bytes:
        """Return gpg's listing of all keys with their signatures checked.

        :raises Unavailable: gpg did not answer
        """
        done = self._runner.run(
            [
                *('gpg', '--homedir', path, '--batch', '--no-tty'),
                *client.VERIFY_OPTIONS,
                *('--with-colons', '--check-sigs'),
            ]
        )
        if done.returncode != 0:
            raise exceptions.Unavailable(
                'who certified the keys of the cycles',
                done.stderr.strip() or f'gpg ended with {done.returncode}',
            )
        return done.stdout


def _told(
    certificate: certificates.Certificate,
    certified: dict[str, set[str]],
) -> cycle_keys.Certificate:
    primary = certificate.primary
    return cycle_keys.Certificate(
        primary=primary.fingerprint,
        revoked=primary.revoked,
        expires=primary.expires,
        signing=tuple(
            cycle_keys.SigningKey(
                key.fingerprint, certificate.end_of(key), key.revoked
            )
            for key in certificate.keys
            if key.signs
        ),
        certified_by=frozenset(
            names.Fingerprint(issuer)
            for issuer in certified.get(primary.fingerprint, ())
            if issuer != primary.fingerprint
        ),
    )


def _certified(listing: bytes) -> dict[str, set[str]]:
    """Return for each primary key who made a good signature over a user id.

    :param listing: of ``--check-sigs``; ``!`` says that a signature was
        verified
    """
    found: dict[str, set[str]] = {}
    withdrawn: dict[str, set[str]] = {}
    current = ''
    expected = over_user_id = False
    for line in listing.decode('latin-1').split('\n'):
        fields = [*line.split(':'), *[''] * (_ISSUER + 1)]
        kind = fields[0]
        if kind == 'pub':
            expected, over_user_id = True, False
        elif kind == 'fpr' and expected:
            current, expected = fields[_FINGERPRINT], False
        elif kind in ('uid', 'sub'):
            over_user_id = kind == 'uid'
        elif kind in ('sig', 'rev') and fields[_CHECKED] == '!':
            number, issuer = fields[_CLASS][:2], fields[_ISSUER]
            if not over_user_id or not issuer:
                continue
            if kind == 'sig' and number in _CERTIFICATIONS:
                found.setdefault(current, set()).add(issuer)
            elif number == _WITHDRAWN:
                withdrawn.setdefault(current, set()).add(issuer)
    return {
        primary: issuers - withdrawn.get(primary, set())
        for primary, issuers in found.items()
    }
