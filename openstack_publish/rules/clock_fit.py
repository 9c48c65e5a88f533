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

"""This machine's clock against that of an index."""

from __future__ import annotations

from openstack_publish.model import checkup

TOLERANCE = 300
"""Seconds that two clocks may be apart. A token is narrowed to a time that
begins so long before ours: on an index whose clock is further behind it is
not valid yet. Ahead it might be 900 s, but a signature from before its time
helps nobody."""

_RESOLUTION = 1.0
"""Date headers, and our own times, are cut to the second."""


def fits(contact: checkup.Contact | None) -> tuple[checkup.Verdict, str]:
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


def _apart(least: float, most: float) -> str:
    """Say how far our clock is from the index's."""
    if least > 0:
        return f"{least:.0f} to {most:.0f} s ahead of the index's clock"
    if most < 0:
        return f"{-most:.0f} to {-least:.0f} s behind the index's clock"
    return f"within {max(-least, most):.0f} s of the index's clock"
