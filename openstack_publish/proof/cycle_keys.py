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

"""The key that signs today, as a checkout of openstack/releases has it."""

from __future__ import annotations

import datetime
import os

from openstack_publish import exceptions
from openstack_publish import seams
from openstack_publish.model import finding
from openstack_publish.model import located
from openstack_publish.model import series
from openstack_publish.rules import cycle_keys
from openstack_publish.rules import findings
from openstack_publish.rules import key_ring
from openstack_publish.rules import windows


def examine(
    checkout: seams.Checkout, keys: seams.CycleKeys, now: datetime.datetime
) -> tuple[finding.Finding, ...]:
    """Judge the key of the day: there, valid, certified, not about to end.

    :param now: UTC
    :returns: findings that point into the list of series
    :raises Misconfigured: a key file is gone while it is read
    """
    try:
        return _examine(checkout, keys, now)
    except exceptions.Misconfigured as error:
        if not error.problems:
            raise
        return findings.malformed('OSP519', error.problems)
    except exceptions.Unavailable as error:
        return (findings.unavailable('OSP513', series.STATUS_FILE, error),)


def survey(
    checkout: seams.Checkout, keys: seams.CycleKeys, now: datetime.datetime
) -> tuple[finding.Finding, ...]:
    """Report on the keys of all cycles, as whoever verifies meets them.

    :param now: UTC
    :raises Misconfigured: the checkout's list of cycles is malformed
    """
    try:
        listed = checkout.read_series()
        if not listed:
            return cycle_keys.no_list()
        cycles = windows.of(listed)
        files = _files(checkout)
        there = [key for key in cycles if _filename(key) in files]
        held = keys.read([files[_filename(key)] for key in there])
        return key_ring.report(
            cycles,
            {
                key.primary: found
                for key, found in zip(there, held, strict=True)
            },
            now,
        )
    except exceptions.Unavailable as error:
        return (findings.unavailable('OSP513', series.STATUS_FILE, error),)


def _examine(
    checkout: seams.Checkout, keys: seams.CycleKeys, now: datetime.datetime
) -> tuple[finding.Finding, ...]:
    listed = checkout.read_series()
    if not listed:
        return cycle_keys.no_list()
    key, found = cycle_keys.in_force(listed, now.date())
    if key is None:
        return found
    place = _place(listed, key)
    files = _files(checkout)
    ours = files.get(_filename(key))
    if ours is None:
        return cycle_keys.no_file(key, place)
    previous = cycle_keys.before(listed, key)
    theirs = None if previous is None else files.get(_filename(previous))
    paths = [path for path in (theirs, ours) if path is not None]
    held = keys.read(paths)
    return cycle_keys.key(key, previous, held[-1], now, place)


def _files(checkout: seams.Checkout) -> dict[str, str]:
    """Return where the file of each key is, by its name."""
    return {
        os.path.basename(path).lower(): path for path in checkout.key_files()
    }


def _filename(key: series.CycleKey) -> str:
    return f'0x{key.primary.lower()}.txt'


def _place(
    listed: tuple[series.Series, ...], key: series.CycleKey
) -> located.Place:
    """Return where the list has a key."""
    index = [each.key for each in listed].index(key)
    return located.Place(series.STATUS_FILE, (index, 'signing-key', 'key'))
