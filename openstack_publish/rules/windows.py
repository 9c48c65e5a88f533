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

"""Holds the day of a signature against the window of the key that made it.

A cycle's key signs every release of its days, whatever series the release is
of: a stable branch of four years ago is signed by the key of today. So a key
is looked up by the day of the signature, never by the series.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from collections.abc import Sequence

from openstack_publish.model import finding
from openstack_publish.model import series
from openstack_publish.model import signature as signatures
from openstack_publish.rules import findings
from openstack_publish.rules import validity


def signature(
    filename: str,
    reading: signatures.SignatureReading,
    keys: Sequence[series.CycleKey],
) -> tuple[finding.Finding, ...]:
    """Warn of a signature outside the window of its key (OSP530).

    Both days of a window count, by UTC, so that on the day in which two
    windows meet both keys are right. A key that is not listed has no window;
    whether it may sign at all is judged by :func:`.signed.signature`.

    :param filename: of the distribution
    :param keys: every key of the cycles, with its window
    """
    return tuple(
        found
        for made in reading.valid
        for found in _outside(filename, reading, made, keys)
    )


def of(listed: Sequence[series.Series]) -> tuple[series.CycleKey, ...]:
    """Return the keys of the cycles, the oldest first."""
    keys = [each.key for each in listed if each.key is not None]
    return tuple(sorted(keys, key=lambda key: key.start))


def _outside(
    filename: str,
    reading: signatures.SignatureReading,
    made: signatures.Signature,
    keys: Sequence[series.CycleKey],
) -> Iterator[finding.Finding]:
    day = made.created.astimezone(datetime.UTC).date()
    own = [key for key in keys if key.primary == made.primary]
    if not own or any(key.covers(day) for key in own):
        return
    right = [key for key in keys if key.covers(day)]
    yield findings.failed(
        'OSP530',
        filename,
        f'{reading.filename} was made on {validity.moment(made.created)} by '
        f'{validity.by(made)}, whose window is {_windows(own)}; in use on '
        f'{day}: {_named(right)}',
    )


def _windows(keys: Sequence[series.CycleKey]) -> str:
    return ' and '.join(
        f'{key.start} to {key.end or "present"} ({key.series})' for key in keys
    )


def _named(keys: Sequence[series.CycleKey]) -> str:
    return (
        ', '.join(f'key {key.primary} of {key.series}' for key in keys)
        or 'no key'
    )
