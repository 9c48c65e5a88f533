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

"""Rules over signatures and over the key that is to sign."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from openstack_publish.model import finding
from openstack_publish.model import knowledge
from openstack_publish.model import names
from openstack_publish.model import signature as signatures
from openstack_publish.rules import findings
from openstack_publish.rules import validity

SOON = datetime.timedelta(days=14)
"""A key that ends within this time is warned of: as long as PyPI takes
files for a release."""

_STATES = {
    signatures.KeyState.MISSING: 'OSP507',
    signatures.KeyState.NO_SECRET: 'OSP508',
    signatures.KeyState.EXPIRED: 'OSP509',
    signatures.KeyState.REVOKED: 'OSP510',
    signatures.KeyState.WRONG_PASSPHRASE: 'OSP511',
    signatures.KeyState.PASSPHRASE_NEEDED: 'OSP511',
    signatures.KeyState.CANNOT_SIGN: 'OSP514',
}


def signature(
    filename: str,
    reading: signatures.SignatureReading,
    trusted: frozenset[names.Fingerprint],
) -> tuple[finding.Finding, ...]:
    """Judge what gpg said of one signature file.

    :param filename: of the distribution
    :param trusted: fingerprints of the primary keys that may sign it
    :returns: nothing that refuses only for exactly one good signature
    """
    found = tuple(_signature(filename, reading, trusted))
    if not found and len(reading.valid) != 1:
        # gpg said nothing that we know; nothing said is nothing good.
        return (
            findings.unknown(
                'OSP513',
                filename,
                knowledge.Unknown(
                    f'whether {reading.filename} is good',
                    'gpg did not say that it is',
                ),
            ),
        )
    return found


def missing(
    filename: str, *, archive: bool = True
) -> tuple[finding.Finding, ...]:
    """Return the finding that a required signature is not there.

    :param archive: whether it would have been found in the archive, too
    """
    where = (
        'neither beside the file nor, for the same bytes, in the archive'
        if archive
        else 'which would lie beside the file'
    )
    return (
        findings.failed(
            'OSP506', filename, f'there is no {filename}.asc, {where}'
        ),
    )


def key(
    proof: signatures.KeyProof | knowledge.Unknown | None,
    trusted: frozenset[names.Fingerprint],
    now: datetime.datetime,
    *,
    dry_run: bool,
) -> tuple[finding.Finding, ...]:
    """Judge the key that is to sign.

    :param proof: None where no key was named
    :param trusted: fingerprints of the primary keys that may sign
    :param now: the time of the run, UTC
    """
    match proof:
        case None:
            return _not_tried(dry_run)
        case knowledge.Unknown():
            return (findings.unknown('OSP513', 'signing key', proof),)
        case signatures.KeyProof():
            return tuple(_key(proof, trusted, now))


def not_read_back(filename: str, why: knowledge.Unknown) -> finding.Finding:
    """Return the note that what an index serves is not what was sent.

    :param filename: of the distribution
    """
    return findings.noted('OSP515', filename, f'{why.what}: {why.why}')


def dropped(index: str, archive: str | None = None) -> finding.Finding:
    """Return the note that an index does not serve what was sent.

    :param archive: where the signatures are as well, if anywhere
    """
    return findings.noted(
        'OSP515',
        index,
        'a signature was sent with its file, and the index does not serve it',
        remedy=(
            None
            if archive is None
            else f'Nothing: the signatures are in {archive}.'
        ),
    )


def agreed(filename: str, ours: str, theirs: str) -> finding.Finding:
    """Return the note that another run's signature is published.

    :param filename: of the distribution
    :param ours: SHA-256 of the signature that was at hand
    """
    return findings.noted(
        'OSP523',
        filename,
        'another run has signed the same bytes first: its signature, sha256 '
        f'{theirs}, is published and lies beside the file now, in the place '
        f'of the one with sha256 {ours}',
    )


def unsigned_receipt(path: str) -> finding.Finding:
    """Return the note that a receipt was not signed."""
    return findings.noted(
        'OSP518', path, 'there was no usable key to sign the receipt with'
    )


def _signature(
    filename: str,
    reading: signatures.SignatureReading,
    trusted: frozenset[names.Fingerprint],
) -> Iterator[finding.Finding]:
    if reading.malformed is not None:
        yield findings.failed(
            'OSP536' if reading.clear_signed else 'OSP503',
            filename,
            f'{reading.filename}: {reading.malformed}',
        )
        return
    # NEWSIG is counted, and what it announces: a signature that gpg counts
    # once and reports twice is no single one either.
    count = max(reading.new, len(reading.valid))
    if count > 1:
        yield findings.failed(
            'OSP537',
            filename,
            f'{reading.filename} holds {count} signatures; there must be '
            'exactly 1',
        )
    elif count > reading.new:
        yield _unchecked(
            filename, reading, 'gpg reports a signature and counted none'
        )
    for bad in reading.bad:
        yield findings.failed(
            'OSP501',
            filename,
            f'{reading.filename}, by key {bad}, was made over other bytes '
            'than the file has',
        )
    for absent in reading.missing_keys:
        yield _unchecked(
            filename,
            reading,
            f'the public key {absent} is not there',
            code='OSP531',
        )
    for algorithm in reading.weak:
        yield validity.weak(filename, reading, algorithm)
    for error in reading.errors:
        yield _unchecked(filename, reading, error)
    for made in reading.valid:
        yield from validity.judge(filename, reading, made, trusted)
    if reading.surrounded:
        yield findings.failed(
            'OSP539',
            filename,
            f'{reading.filename} holds something outside the armor of its '
            'signature',
        )


def _unchecked(
    filename: str,
    reading: signatures.SignatureReading,
    why: str,
    *,
    code: str = 'OSP513',
) -> finding.Finding:
    return findings.unknown(
        code,
        filename,
        knowledge.Unknown(f'whether {reading.filename} is good', why),
    )


def _not_tried(dry_run: bool) -> tuple[finding.Finding, ...]:
    """Return what no key at all means: it is refused long before a run."""
    if not dry_run:
        return ()
    return (
        findings.noted(
            'OSP516', 'signing key', 'no key is named; not tried in a dry run'
        ),
    )


def _key(
    proof: signatures.KeyProof,
    trusted: frozenset[names.Fingerprint],
    now: datetime.datetime,
) -> Iterator[finding.Finding]:
    code = _STATES.get(proof.state)
    ends = proof.expires
    if code is not None:
        yield findings.failed(code, proof.asked, proof.detail)
    elif ends is not None and ends <= now:
        # gpg reads the clock of the machine, the run has its own.
        yield findings.failed(
            'OSP509',
            proof.asked,
            f'the key expired on {validity.moment(ends)}, and it is '
            f'{validity.moment(now)}',
        )
    elif ends is not None and ends - now <= SOON:
        yield findings.failed(
            'OSP517',
            proof.asked,
            f'the key expires on {validity.moment(ends)}, which is within '
            f'{SOON.days} days of {validity.moment(now)}',
        )
    if proof.primary is not None and proof.primary not in trusted:
        yield findings.failed(
            'OSP512',
            proof.asked,
            f'its primary key {proof.primary} is not among the trusted: '
            f'{validity.listed(trusted)}; using a key does not make it '
            'trusted',
        )
