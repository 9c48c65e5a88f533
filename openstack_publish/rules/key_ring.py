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

"""Reports on the keys of all cycles: what whoever verifies should know.

Most of it is no fault. Every key of a past cycle has expired, the oldest are
held together by SHA-1, and one signing subkey was replaced: all of that shows
in gpg's output, and looks worse there than it is.
"""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence

from openstack_publish.model import cycle_keys
from openstack_publish.model import finding
from openstack_publish.model import names
from openstack_publish.model import series
from openstack_publish.rules import findings
from openstack_publish.rules import validity

CERTIFIED_SINCE = datetime.date(2021, 10, 27)
"""Start of yoga's window: from then on each key is certified by the one
before it (openstack/releases, 2026-08-21)."""


def report(
    cycles: Sequence[series.CycleKey],
    held: Mapping[names.Fingerprint, Sequence[cycle_keys.Certificate]],
    now: datetime.datetime,
) -> tuple[finding.Finding, ...]:
    """Report on every key of the cycles (OSP540 to OSP545).

    :param cycles: the oldest first
    :param held: for each listed key what its file holds; a key that is
        missing has no file
    :param now: UTC
    """
    found: list[finding.Finding] = []
    certificates: dict[names.Fingerprint, cycle_keys.Certificate] = {}
    for key in cycles:
        certificate = _alone(key, held.get(key.primary))
        if certificate is None:
            found.append(_unusable(key, held.get(key.primary)))
        else:
            certificates[key.primary] = certificate
    there = [key for key in cycles if key.primary in certificates]
    for key in there:
        found += _of_one(key, certificates[key.primary])
    found += _certified(cycles, certificates)
    found += _expired(there, certificates, now)
    return tuple(found)


def _alone(
    key: series.CycleKey, held: Sequence[cycle_keys.Certificate] | None
) -> cycle_keys.Certificate | None:
    """Return a key where its file holds it and nothing else."""
    if held is None or len(held) != 1 or held[0].primary != key.primary:
        return None
    return held[0]


def _unusable(
    key: series.CycleKey, held: Sequence[cycle_keys.Certificate] | None
) -> finding.Finding:
    said = 'it has no file in the checkout'
    if held is not None:
        listed = ', '.join(each.primary for each in held) or 'no key'
        said = f'its file holds {listed}'
    return findings.failed(
        'OSP540',
        key.primary,
        f'the key of {key.series} cannot be used to verify: {said}',
    )


def _of_one(
    key: series.CycleKey, certificate: cycle_keys.Certificate
) -> Iterator[finding.Finding]:
    if certificate.weak:
        algorithms = ', '.join(map(str, sorted(certificate.weak)))
        yield findings.noted(
            'OSP542',
            key.primary,
            f'the key of {key.series} is held together by hash algorithm '
            f'{algorithms}',
        )
    for signing in certificate.signing:
        if signing.revoked:
            what = validity.revoked(
                signing.revoked_at, signing.revocation_reason
            )
            yield findings.noted(
                'OSP543',
                key.primary,
                f'of the key of {key.series} the signing key '
                f'{signing.fingerprint} {what}',
            )


def _certified(
    cycles: Sequence[series.CycleKey],
    certificates: Mapping[names.Fingerprint, cycle_keys.Certificate],
) -> Iterator[finding.Finding]:
    """Follow the certifications from each key to the next one."""
    for before, key in itertools.pairwise(cycles):
        certificate = certificates.get(key.primary)
        if certificate is None:
            continue
        if before.primary in certificate.certified_by:
            yield findings.noted(
                'OSP545',
                key.primary,
                f'the key of {key.series} is certified by the key of '
                f'{before.series}, {before.primary}, as gpg verified',
            )
        elif key.start >= CERTIFIED_SINCE:
            by = ', '.join(sorted(certificate.certified_by)) or 'nobody'
            yield findings.failed(
                'OSP541',
                key.primary,
                f'the key of {key.series} has no certification that could be '
                f'verified by the key of {before.series}, {before.primary}; '
                f'it has by: {by}',
            )


def _expired(
    there: Sequence[series.CycleKey],
    certificates: Mapping[names.Fingerprint, cycle_keys.Certificate],
    now: datetime.datetime,
) -> Iterator[finding.Finding]:
    for key in there:
        ended = certificates[key.primary].expires
        if ended is not None and ended <= now:
            yield findings.noted(
                'OSP544',
                key.primary,
                f'the key of {key.series} expired on {validity.moment(ended)}',
            )
