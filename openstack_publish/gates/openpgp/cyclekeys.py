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

import dataclasses
from collections.abc import Mapping
from collections.abc import Sequence

from openstack_publish import exceptions
from openstack_publish.gates import processes
from openstack_publish.gates.openpgp import certificates
from openstack_publish.gates.openpgp import client
from openstack_publish.gates.openpgp import home
from openstack_publish.gates.openpgp import keyfile
from openstack_publish.model import cycle_keys
from openstack_publish.model import names
from openstack_publish.model import signature

# Columns of a record, counted from 0 (GnuPG doc/DETAILS, "Format of the
# colon listings").
_CHECKED = 1
_KEY_ID = 4
_FINGERPRINT = 9
_CLASS = 10
_ISSUER = 12
_HASH = 15

_CERTIFICATIONS = ('10', '11', '12', '13')
"""Classes of a signature over a user id (RFC 4880 5.2.1)."""

_WITHDRAWN = '30'
"""Class of what takes such a signature back."""


class CycleKeys:
    """Fits :class:`~openstack_publish.seams.CycleKeys`.

    Serves whoever judges the key of the day (one file and the one before
    it), and whoever reports on the whole ring (every file).

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
            listing = self._checked(private.path)
        marks = _marks(listing)
        # Scanned keys come without the dates of their revocations.
        loaded = {
            each.primary.fingerprint: each
            for each in certificates.read(listing)
        }
        return tuple(
            tuple(
                _told(loaded.get(each.primary.fingerprint, each), marks)
                for each in held
            )
            for held in found
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


@dataclasses.dataclass
class _Marks:
    """What the signatures on a certificate show."""

    certified: set[str] = dataclasses.field(default_factory=set)
    """Primary keys that made a good signature over a user id."""

    withdrawn: set[str] = dataclasses.field(default_factory=set)
    """Those that took theirs back."""

    hashes: set[int] = dataclasses.field(default_factory=set)
    """Hash algorithms of its good signatures over itself."""


def _told(
    certificate: certificates.Certificate, marks: Mapping[str, _Marks]
) -> cycle_keys.Certificate:
    primary = certificate.primary
    own = marks.get(primary.fingerprint, _Marks())
    return cycle_keys.Certificate(
        primary=primary.fingerprint,
        revoked=primary.revoked,
        expires=primary.expires,
        signing=tuple(
            _signing(certificate, key) for key in certificate.keys if key.signs
        ),
        certified_by=frozenset(
            names.Fingerprint(issuer)
            for issuer in own.certified - own.withdrawn
            if issuer != primary.fingerprint
        ),
        weak=signature.WEAK_HASHES & own.hashes,
    )


def _signing(
    certificate: certificates.Certificate, key: certificates.Key
) -> cycle_keys.SigningKey:
    when, reason = certificate.revocation_of(key)
    return cycle_keys.SigningKey(
        key.fingerprint, certificate.end_of(key), key.revoked, when, reason
    )


def _marks(listing: bytes) -> dict[str, _Marks]:
    """Return for each primary key what the signatures on it show.

    :param listing: of ``--check-sigs``; ``!`` says that a signature was
        verified
    """
    found: dict[str, _Marks] = {}
    current = _Marks()
    primary = ''
    expected = over_user_id = False
    for line in listing.decode('latin-1').split('\n'):
        fields = [*line.split(':'), *[''] * (_HASH + 1)]
        kind = fields[0]
        if kind == 'pub':
            expected, over_user_id = True, False
        elif kind == 'fpr' and expected:
            primary, expected = fields[_FINGERPRINT], False
            current = found.setdefault(primary, _Marks())
        elif kind in ('uid', 'sub'):
            over_user_id = kind == 'uid'
        elif kind in ('sig', 'rev') and fields[_CHECKED] == '!':
            number, issuer = fields[_CLASS][:2], fields[_ISSUER]
            # Old signatures have no fingerprint of who made them; gpg has
            # verified this one with the key of that id.
            own = fields[_KEY_ID] == primary[-16:]
            if kind == 'sig' and own and fields[_HASH].isdigit():
                current.hashes.add(int(fields[_HASH]))
            if not over_user_id or not issuer:
                continue
            if kind == 'sig' and number in _CERTIFICATIONS:
                current.certified.add(issuer)
            elif number == _WITHDRAWN:
                current.withdrawn.add(issuer)
    return found
