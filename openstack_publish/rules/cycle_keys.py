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

"""Rules over the keys of the cycles, about a checkout and not a release."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from openstack_publish.model import cycle_keys
from openstack_publish.model import finding
from openstack_publish.model import located
from openstack_publish.model import series
from openstack_publish.rules import findings
from openstack_publish.rules import signed
from openstack_publish.rules import validity


def in_force(
    listed: Sequence[series.Series], today: datetime.date
) -> tuple[series.CycleKey | None, tuple[finding.Finding, ...]]:
    """Return the key that is in force, or say that there is not one.

    On the day on which a window ends and the next begins, the next one
    counts: windows meet in a day (2026-08-21, all 21 of them).

    :param listed: as in the checkout
    """
    keys = [each.key for each in listed if each.key is not None]
    found = [key for key in keys if key.covers(today)]
    beginning = [key for key in found if key.start == today]
    ending = [key for key in found if key.end == today]
    if len(found) == 2 and len(beginning) == len(ending) == 1:
        found = beginning
    if len(found) == 1:
        return found[0], ()
    windows = '; '.join(
        f'{key.primary} of {key.series}, {key.start} to {key.end or "present"}'
        for key in (found or keys)
    )
    count = f'{len(found)} keys are' if found else 'no key is'
    return None, (
        findings.failed(
            'OSP519',
            series.STATUS_FILE,
            f'{count} in force on {today}; keys: {windows or "none"}',
            place=located.Place(series.STATUS_FILE),
        ),
    )


def before(
    listed: Sequence[series.Series], key: series.CycleKey
) -> series.CycleKey | None:
    """Return the key of the cycle before; None where there was none."""
    earlier = [
        each.key
        for each in listed
        if each.key is not None and each.key.start < key.start
    ]
    return max(earlier, key=lambda each: each.start, default=None)


def no_list() -> tuple[finding.Finding, ...]:
    """Note that a checkout has no list of keys."""
    return (
        findings.noted(
            'OSP519',
            series.STATUS_FILE,
            'the checkout has no such file, so which key signs today is not '
            'judged',
        ),
    )


def no_file(
    key: series.CycleKey, place: located.Place
) -> tuple[finding.Finding, ...]:
    """Say that the key of the day has no file."""
    return (
        findings.failed(
            'OSP520',
            key.primary,
            f'the key of {key.series} is in force, and there is no file '
            f'doc/source/static/0x{key.primary.lower()}.txt',
            place=place,
        ),
    )


def key(
    key: series.CycleKey,
    previous: series.CycleKey | None,
    held: Sequence[cycle_keys.Certificate],
    now: datetime.datetime,
    place: located.Place,
) -> tuple[finding.Finding, ...]:
    """Judge the key of the day as its file has it.

    :param previous: the key of the cycle before, if its file is there
    :param held: the keys in its file
    :param now: UTC
    """
    ours = [each for each in held if each.primary == key.primary]
    if len(held) != 1 or not ours:
        listed = ', '.join(each.primary for each in held) or 'no key'
        return (
            findings.failed(
                'OSP520',
                key.primary,
                f'its file holds {listed}; it must hold {key.primary} and '
                'nothing else',
                place=place,
            ),
        )
    (certificate,) = ours
    return (
        *_valid(key, certificate, now, place),
        *_certified(key, previous, certificate, place),
    )


def _valid(
    key: series.CycleKey,
    certificate: cycle_keys.Certificate,
    now: datetime.datetime,
    place: located.Place,
) -> tuple[finding.Finding, ...]:
    usable = [
        each
        for each in certificate.signing
        if not each.revoked and (each.expires is None or each.expires > now)
    ]
    ends = certificate.expires
    wrong = None
    if certificate.revoked:
        wrong = 'it is revoked'
    elif ends is not None and ends <= now:
        wrong = (
            f'it expired on {validity.moment(ends)}, and it is '
            f'{validity.moment(now)}'
        )
    elif not usable:
        wrong = 'no key of it that may sign is neither expired nor revoked'
    if wrong is not None:
        return (
            findings.failed(
                'OSP521',
                key.primary,
                f'the key of {key.series} is in force, but {wrong}',
                place=place,
            ),
        )
    lasting = [each.expires for each in usable]
    last = None if None in lasting else max(end for end in lasting if end)
    if last is not None and last - now <= signed.SOON:
        return (
            findings.failed(
                'OSP517',
                key.primary,
                f'the key of {key.series} expires on '
                f'{validity.moment(last)}, which is within '
                f'{signed.SOON.days} days of {validity.moment(now)}',
                place=place,
            ),
        )
    return ()


def _certified(
    key: series.CycleKey,
    previous: series.CycleKey | None,
    certificate: cycle_keys.Certificate,
    place: located.Place,
) -> tuple[finding.Finding, ...]:
    if previous is None or previous.primary in certificate.certified_by:
        return ()
    by = sorted(certificate.certified_by)
    return (
        findings.failed(
            'OSP522',
            key.primary,
            f'the key of {key.series} has no certification that could be '
            f'verified by the key of {previous.series}, {previous.primary}; '
            f'it has by: {", ".join(by) or "nobody"}',
            place=place,
        ),
    )
