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

"""Judges a signature that fits the bytes: by whom, how and when it was made.

gpg calls a signature good or not as of the moment at which it is asked, and
knows neither who may sign nor why a key was revoked. Here every date is held
against the date of the signature.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from openstack_publish.model import finding
from openstack_publish.model import names
from openstack_publish.model import signature as signatures
from openstack_publish.rules import findings

HASH_ALGORITHMS = frozenset({8, 9, 10})
"""SHA-256, SHA-384, SHA-512: RFC 4880 section 9.4."""

BINARY = '00'
"""Class of a signature over bytes: RFC 4880 section 5.2.1."""

REASONS = {
    0: 'without a reason',
    1: 'as superseded',
    2: 'as compromised',
    3: 'as retired',
}
"""Reasons for a revocation: RFC 4880 section 5.2.3.23."""

KEEP_OLD_ONES = frozenset({1, 3})
"""Reasons after which older signatures stay good, ibidem."""


def judge(
    filename: str,
    reading: signatures.SignatureReading,
    made: signatures.Signature,
    trusted: frozenset[names.Fingerprint],
) -> Iterator[finding.Finding]:
    """Judge one valid signature.

    :param filename: of the distribution
    :param trusted: fingerprints of the primary keys that may sign it
    """
    if made.primary not in trusted:
        yield findings.failed(
            'OSP502',
            filename,
            f'{reading.filename} is by {by(made)}, which is not among the '
            f'trusted: {listed(trusted)}',
        )
    if made.hash_algorithm not in HASH_ALGORITHMS:
        yield weak(filename, reading, made.hash_algorithm)
    if made.signature_class != BINARY:
        yield findings.failed(
            'OSP538',
            filename,
            f'{reading.filename} is of class {made.signature_class}; it must '
            f'be {BINARY}',
        )
    if reading.expired:
        yield findings.failed(
            'OSP505',
            filename,
            f'{reading.filename} has an end of its own, which is past',
        )
    ended = reading.key_expired
    if ended is not None and made.created > ended:
        yield findings.failed(
            'OSP532',
            filename,
            f'{reading.filename} was made on {moment(made.created)}, and '
            f'{by(made)} had expired on {moment(ended)}',
        )
    if reading.key_revoked:
        yield _revoked(filename, reading, made)


def weak(
    filename: str, reading: signatures.SignatureReading, algorithm: int
) -> finding.Finding:
    """Return the finding that a hash algorithm is too weak, or unknown."""
    return findings.failed(
        'OSP504',
        filename,
        f'{reading.filename} uses hash algorithm {algorithm}; allowed are 8, '
        '9 and 10',
    )


def by(made: signatures.Signature) -> str:
    """Return whose signature it is, for a reader."""
    if made.fingerprint == made.primary:
        return f'key {made.primary}'
    return f'subkey {made.fingerprint} of key {made.primary}'


def listed(trusted: frozenset[names.Fingerprint]) -> str:
    """Return who is trusted, for a reader."""
    return ', '.join(sorted(trusted)) or 'none'


def moment(when: datetime.datetime) -> str:
    """Return a time as the findings have it, UTC."""
    return f'{when:%Y-%m-%dT%H:%M:%SZ}'


def revoked(when: datetime.datetime | None, reason: int | None) -> str:
    """Return when and why a key was revoked, for a reader.

    :param reason: RFC 4880 section 5.2.3.23
    """
    said = 'was revoked'
    if when is not None:
        said += f' on {moment(when)}'
    if reason is None:
        return f'{said}, for a reason that gpg does not tell'
    return f'{said} {REASONS.get(reason, f"for reason {reason}")}'


def _revoked(
    filename: str,
    reading: signatures.SignatureReading,
    made: signatures.Signature,
) -> finding.Finding:
    """Judge a signature by a revoked key by the date of the revocation."""
    when, reason = reading.key_revoked_at, reading.key_revocation_reason
    said = (
        f'{reading.filename} was made on {moment(made.created)} by '
        f'{by(made)}, which {revoked(when, reason)}'
    )
    if reason not in KEEP_OLD_ONES:
        return findings.failed('OSP534', filename, said)
    if when is None or made.created >= when:
        return findings.failed('OSP533', filename, said)
    return findings.noted(
        'OSP535', filename, f'{said}; older signatures stay good'
    )
