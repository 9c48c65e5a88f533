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

"""What an examination says of the things it looked at."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from openstack_publish.model import checkup
from openstack_publish.model import credential
from openstack_publish.model import finding
from openstack_publish.model import knowledge
from openstack_publish.model import names
from openstack_publish.model import signature
from openstack_publish.rules import credential_fit
from openstack_publish.rules import signed

Said = tuple[checkup.Verdict, str]
"""A verdict and its detail."""

TOLERANCE = 300
"""Seconds that two clocks may be apart. A token is narrowed to a time that
begins so long before ours: on an index whose clock is further behind it is
not valid yet. Ahead it might be 900 s, but a signature from before its time
helps nobody."""

_RESOLUTION = 1.0
"""Date headers, and our own times, are cut to the second."""


def sockets(rooms: Sequence[checkup.SocketRoom]) -> Said:
    """Say whether gpg's agents can be reached in their homes."""
    told = '; '.join(
        f'{room.home} has {room.length} of at most {room.limit} bytes'
        for room in rooms
    )
    if any(room.length > room.limit for room in rooms):
        return 'failed', (
            f"{told}; the sockets of gpg's agent need a shorter path "
            '(TMPDIR, --gnupg-home)'
        )
    return 'held', told


def key(
    proof: signature.KeyProof,
    trusted: knowledge.Knowledge[frozenset[names.Fingerprint]],
    now: datetime.datetime,
    with_checkout: bool,
) -> Said:
    """Say whether a key that was tried may sign.

    :param with_checkout: whether all cycle keys are among the trusted
    """
    told = proof.detail
    if proof.state is signature.KeyState.USABLE:
        ends = proof.expires
        told += (
            ', never expires'
            if ends is None
            else f', expires on {ends:%Y-%m-%d}'
        )
    own = frozenset(() if proof.primary is None else (proof.primary,))
    if isinstance(trusted, knowledge.Known) and (
        with_checkout or own <= trusted.value
    ):
        verdict, told = _with_findings(
            told, signed.key(proof, trusted.value, now, dry_run=False)
        )
        return verdict, f'{told}, trusted' if verdict == 'held' else told
    # By its own state alone: the key is taken for a trusted one.
    verdict, told = _with_findings(
        told, signed.key(proof, own, now, dry_run=False)
    )
    if verdict != 'held':
        return verdict, told
    if isinstance(trusted, knowledge.Unknown):
        return 'unknown', (
            f'{told}; {trusted.what} is not known: {trusted.why}'
        )
    return 'held', (
        f'{told}; whether it is trusted is not judged without --releases'
    )


def clock(contact: checkup.Contact | None) -> Said:
    """Say whether our clock is near enough to the index's.

    The server's moment lies somewhere between question and answer, and what
    a cache kept is older than its Date by at most its Age; where that leaves
    both answers open, the answer is unknown.
    """
    if contact is None:
        return 'unknown', 'the index did not answer'
    if contact.date is None:
        return 'unknown', f'{contact.url} answers without a Date'
    least = (contact.asked - contact.date).total_seconds() - (
        _RESOLUTION + contact.age
    )
    most = (contact.answered - contact.date).total_seconds() + _RESOLUTION
    allowed = f'{TOLERANCE} s are allowed'
    told = f'{_apart(least, most)}; {allowed}'
    if least >= -TOLERANCE and most <= TOLERANCE:
        return 'held', told
    if least > TOLERANCE or most < -TOLERANCE:
        return 'failed', (
            f'{told}, since a token is valid from {TOLERANCE} s before now'
        )
    return 'unknown', told


def token(
    held: credential.Credential | None,
    project: names.ProjectName | None,
    now: datetime.datetime,
) -> Said:
    """Say whether the credential will do, as far as it tells offline."""
    if held is None:
        return 'held', (
            'not given: neither TWINE_PASSWORD, .pypirc nor the keyring has '
            'one'
        )
    told = 'user name and password'
    if held.kind == 'api-token':
        told = f'API token for {held.scope}'
        if held.not_after is not None:
            told += f', until {held.not_after:%Y-%m-%dT%H:%M:%SZ}'
    return _with_findings(
        told, credential_fit.fits(held, project, now, dry_run=False)
    )


def _with_findings(told: str, found: tuple[finding.Finding, ...]) -> Said:
    """Add what rules say; what refuses decides."""
    said = [item.message for item in found if item.message != told]
    return finding.worst(found) or 'held', '; '.join([told, *said])


def _apart(least: float, most: float) -> str:
    """Say how far our clock is from the index's."""
    if least > 0:
        return f"{least:.0f} to {most:.0f} s ahead of the index's clock"
    if most < 0:
        return f"{-most:.0f} to {-least:.0f} s behind the index's clock"
    return f"within {max(-least, most):.0f} s of the index's clock"
