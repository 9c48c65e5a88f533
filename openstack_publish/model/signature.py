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

"""OpenPGP signatures and signing keys, as gpg's status lines tell them.

Source: GnuPG ``doc/DETAILS``, section "Format of the --status-fd output".
"""

from __future__ import annotations

import dataclasses
import datetime
import enum

from openstack_publish.model import names

WEAK_HASHES = frozenset({1, 2, 3})
"""MD5, SHA-1, RIPE-MD/160: RFC 4880 section 9.4."""


@dataclasses.dataclass(frozen=True)
class Signature:
    """One signature that gpg calls cryptographically valid (VALIDSIG)."""

    fingerprint: names.Fingerprint
    """Of the key that signed, usually a subkey."""

    primary: names.Fingerprint
    """Of the primary key it belongs to: this one is trusted or not."""

    created: datetime.datetime
    """When the signer says it was made, UTC."""

    hash_algorithm: int
    """RFC 4880 section 9.4: 8, 9, 10 are SHA-256, -384, -512."""

    signature_class: str
    """``00`` binary document, ``01`` text."""


@dataclasses.dataclass(frozen=True)
class SignatureReading:
    """Everything that gpg said of one ``.asc`` over one file."""

    filename: str
    """File name of the signature."""

    sha256: str
    """Of the signature file's bytes."""

    new: int = 0
    """How many signatures the file holds (NEWSIG)."""

    valid: tuple[Signature, ...] = ()
    bad: tuple[str, ...] = ()
    """Key ids of signatures that don't fit the bytes (BADSIG)."""

    errors: tuple[str, ...] = ()
    """Signatures that could not be checked, with gpg's reason (ERRSIG)."""

    missing_keys: tuple[str, ...] = ()
    """Key ids whose public key we don't have (NO_PUBKEY)."""

    expired: bool = False
    """The signature itself has expired (EXPSIG)."""

    key_expired: datetime.datetime | None = None
    """The key has expired (EXPKEYSIG): when."""

    key_revoked: bool = False
    """The key was revoked (REVKEYSIG)."""

    key_revoked_at: datetime.datetime | None = None
    """When, as the keyring has it; None where it doesn't say."""

    key_revocation_reason: int | None = None
    """RFC 4880 section 5.2.3.23: 0 none given, 1 superseded, 2 compromised,
    3 retired; None where the keyring doesn't say."""

    malformed: str | None = None
    """No detached signature at all (NODATA, a clear-signed file, ...)."""

    weak: tuple[int, ...] = ()
    """Hash algorithms of signatures that gpg does not look at because they
    are too weak (ERRSIG); gpg 2.2 looks at SHA-1, and not at MD5."""

    clear_signed: bool = False
    """The file is a text with its own signature in it; see malformed."""

    surrounded: bool = False
    """There is something in the file outside the armor."""


class KeyState(enum.Enum):
    """What a throw-away signature showed of the signing key."""

    USABLE = 'usable'
    MISSING = 'missing'
    NO_SECRET = 'no-secret'  # noqa: S105  a state, no secret
    EXPIRED = 'expired'
    REVOKED = 'revoked'
    WRONG_PASSPHRASE = 'wrong-passphrase'  # noqa: S105  likewise
    PASSPHRASE_NEEDED = 'passphrase-needed'  # noqa: S105  likewise
    CANNOT_SIGN = 'cannot-sign'


@dataclasses.dataclass(frozen=True)
class KeyProof:
    """The signing key, tried."""

    asked: str
    """The fingerprint that was named, or the file that holds the key."""

    state: KeyState
    detail: str
    """What gpg said, or when the key expired."""

    fingerprint: names.Fingerprint | None = None
    """Of the (sub)key that signs."""

    primary: names.Fingerprint | None = None
    expires: datetime.datetime | None = None
    """The nearer of the primary's and the signing subkey's end, UTC."""
