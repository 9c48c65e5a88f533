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

"""Reads gpg's key listings: what keys there are and what they can do.

Source: GnuPG ``doc/DETAILS``, section "Format of the colon listings", tried
with gpg 2.2.40 in 2026-11. python-gnupg's own reading has no dates or
reasons of revocations, so its raw text is read.
"""

from __future__ import annotations

import dataclasses
import datetime

from openstack_publish.model import names

# Columns of a record, counted from 0.
_VALIDITY = 1
_CREATED = 5
_EXPIRES = 6
_FINGERPRINT = 9
_CLASS = 10
_CAPABILITIES = 11
_TOKEN = 14

_STUB = '#'
"""The token column of a secret key that is not there."""

_KEY_REVOCATIONS = ('20', '28')
"""Signature classes that revoke a primary key and a subkey (RFC 4880
5.2.1); 30 takes back a user id and says nothing of the key."""

SOFT_REASONS = frozenset({1, 3})
"""Reasons for a revocation after which older signatures stay good:
superseded and retired (RFC 4880 5.2.3.23)."""


@dataclasses.dataclass(frozen=True)
class Key:
    """A primary key or a subkey."""

    fingerprint: names.Fingerprint
    primary: names.Fingerprint
    created: datetime.datetime | None
    expires: datetime.datetime | None
    """Its own end; that of its primary key ends it as well."""

    signs: bool
    """Whether it may sign data."""

    secret: bool
    """Whether its secret part is there, on disk or on a card."""

    expired: bool = False
    revoked: bool = False
    revoked_at: datetime.datetime | None = None
    revocation_reason: int | None = None


@dataclasses.dataclass(frozen=True)
class Certificate:
    """A primary key with its subkeys."""

    primary: Key
    subkeys: tuple[Key, ...] = ()
    private: bool = False
    """Whether it was listed as a secret key, if only with a stub."""

    @property
    def keys(self) -> tuple[Key, ...]:
        """Return all its keys, the primary one first."""
        return (self.primary, *self.subkeys)

    def find(self, fingerprint: names.Fingerprint) -> Key | None:
        """Return the key of a fingerprint."""
        for key in self.keys:
            if key.fingerprint == fingerprint:
                return key
        return None

    def end_of(self, key: Key) -> datetime.datetime | None:
        """Return when a key ends: by itself or with the primary key."""
        ends = [self.primary.expires, key.expires]
        return min((end for end in ends if end is not None), default=None)

    def revocation_of(
        self, key: Key
    ) -> tuple[datetime.datetime | None, int | None]:
        """Return when a key was revoked, by itself or with the primary key.

        :returns: the earliest time and the gravest reason; None where gpg
            doesn't say
        """
        # A subkey of a revoked primary key counts as revoked and has no
        # record of its own.
        records = [
            (each.revoked_at, each.revocation_reason)
            for each in (self.primary, key)
            if each.revoked_at is not None
        ]
        if not records:
            return None, None
        reasons = [reason for _, reason in records]
        hard = [each for each in reasons if each not in SOFT_REASONS]
        return min(time for time, _ in records), (hard or reasons)[0]

    def signing_key(self, asked: names.Fingerprint) -> Key:
        """Return the key that signs where one of this certificate is named.

        A subkey stands for itself. A primary key stands for its newest
        subkey that may sign and is usable, or for the newest of the unusable
        ones, whose state is then the answer; for itself where no subkey may
        sign.
        """
        named = self.find(asked)
        if named is not None and named is not self.primary:
            return named
        signing = sorted(
            (key for key in self.subkeys if key.signs),
            key=lambda key: (
                key.secret and not key.expired and not key.revoked,
                key.created or _BEGINNING,
            ),
        )
        return signing[-1] if signing else self.primary


_BEGINNING = datetime.datetime.fromtimestamp(0, datetime.UTC)


def moment(text: str) -> datetime.datetime | None:
    """Return a time of gpg's: seconds since 1970, or ISO 8601 basic.

    None where there is none, or where it cannot be read.
    """
    try:
        if 'T' in text:
            made = datetime.datetime.strptime(text, '%Y%m%dT%H%M%S')
            return made.replace(tzinfo=datetime.UTC)
        seconds = int(text)
        if seconds <= 0:
            return None
        return datetime.datetime.fromtimestamp(seconds, datetime.UTC)
    except (ValueError, OverflowError, OSError):
        return None


def read(listing: bytes) -> tuple[Certificate, ...]:
    """Return the keys in a colon listing with fingerprints.

    :param listing: output of ``--list-sigs``, ``--list-secret-keys`` or
        ``--import-options import-show``
    """
    found: list[Certificate] = []
    keys: list[Key] = []
    private = False
    record: list[str] | None = None

    def close() -> None:
        if keys:
            found.append(Certificate(keys[0], tuple(keys[1:]), private))
        keys.clear()

    # latin-1 reads every byte; what is used is ASCII.
    for line in listing.decode('latin-1').split('\n'):
        fields = [*line.split(':'), *[''] * (_TOKEN + 1)]
        kind = fields[0]
        if kind in ('pub', 'sec'):
            close()
            private = kind == 'sec'
        if kind in ('pub', 'sec', 'sub', 'ssb'):
            record = fields
        elif kind == 'fpr' and record is not None:
            keys.append(_key(record, fields[_FINGERPRINT], keys))
            record = None
        elif kind == 'rev' and keys:
            keys[-1] = _revoked(keys[-1], fields)
    close()
    return tuple(found)


def _key(record: list[str], fingerprint: str, before: list[Key]) -> Key:
    own = names.Fingerprint(fingerprint)
    return Key(
        fingerprint=own,
        primary=before[0].fingerprint if before else own,
        created=moment(record[_CREATED]),
        expires=moment(record[_EXPIRES]),
        # Upper case says what the whole certificate can, lower case what
        # this key can.
        signs='s' in record[_CAPABILITIES],
        secret=record[_TOKEN] not in ('', _STUB),
        expired=record[_VALIDITY] == 'e',
        revoked=record[_VALIDITY] == 'r',
    )


def _revoked(key: Key, fields: list[str]) -> Key:
    """Return a key with what a ``rev`` record after it says."""
    kind, _, reason = fields[_CLASS].partition(',')
    if kind[:2] not in _KEY_REVOCATIONS:
        return key
    number = int(reason, 16) if reason and _is_hex(reason) else None
    when = moment(fields[_CREATED])
    earliest = [time for time in (key.revoked_at, when) if time is not None]
    return dataclasses.replace(
        key,
        revoked_at=min(earliest, default=None),
        revocation_reason=(
            key.revocation_reason
            if key.revoked_at is not None and number in SOFT_REASONS
            else number
        ),
    )


def _is_hex(text: str) -> bool:
    return all(digit in '0123456789abcdefABCDEF' for digit in text)
