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

"""Which key was the right one on the day of a signature."""

from __future__ import annotations

import dataclasses
import datetime

import testtools

from openstack_publish.model import finding
from openstack_publish.model import names
from openstack_publish.model import series
from openstack_publish.model import signature
from openstack_publish.rules import windows

UTC = datetime.UTC
SUBKEY = names.fingerprint('5' * 40)
STRANGER = names.fingerprint('E' * 40)
FLAMINGO = series.CycleKey(
    names.fingerprint('F' * 40),
    'flamingo',
    datetime.date(2025, 4, 7),
    datetime.date(2025, 10, 6),
)
GAZPACHO = series.CycleKey(
    names.fingerprint('A' * 40),
    'gazpacho',
    datetime.date(2025, 10, 6),
    datetime.date(2026, 4, 10),
)
HIBISCUS = series.CycleKey(
    names.fingerprint('B' * 40), 'hibiscus', datetime.date(2026, 4, 10), None
)
KEYS = (FLAMINGO, GAZPACHO, HIBISCUS)


def at(text: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(text)


def reading(
    key: series.CycleKey, when: datetime.datetime
) -> signature.SignatureReading:
    made = signature.Signature(SUBKEY, key.primary, when, 10, '00')
    return signature.SignatureReading(
        'f.whl.asc', '0' * 64, new=1, valid=(made,)
    )


def judge(
    key: series.CycleKey,
    when: str,
    keys: tuple[series.CycleKey, ...] = KEYS,
) -> tuple[finding.Finding, ...]:
    return windows.signature('f.whl', reading(key, at(when)), keys)


class TestWindows(testtools.TestCase):
    """The day decides, and never the series."""

    def test_the_day_before_and_the_day_after(self) -> None:
        for when in ('2025-10-05T23:59:59Z', '2026-04-11T00:00:00Z'):
            (found,) = judge(GAZPACHO, when)
            self.assertEqual(
                ('OSP530', 'failed', 'warning', 'f.whl'),
                (found.code, found.verdict, found.severity, found.subject),
            )
            self.assertFalse(found.refuses)

    def test_the_message_names_both_keys_and_the_window(self) -> None:
        (found,) = judge(GAZPACHO, '2026-05-01T12:00:00Z')
        for part in (
            'f.whl.asc',
            '2026-05-01T12:00:00Z',
            SUBKEY,
            GAZPACHO.primary,
            '2025-10-06 to 2026-04-10 (gazpacho)',
            HIBISCUS.primary,
        ):
            self.assertIn(part, found.message)

    def test_a_key_that_is_in_use_has_a_window_without_an_end(self) -> None:
        (found,) = judge(HIBISCUS, '2026-01-01T00:00:00Z')
        self.assertIn('2026-04-10 to present (hibiscus)', found.message)
        self.assertEqual((), judge(HIBISCUS, '2031-01-01T00:00:00Z'))

    def test_a_day_without_any_key_says_so(self) -> None:
        (found,) = judge(FLAMINGO, '2025-01-01T00:00:00Z')
        self.assertIn('in use on 2025-01-01: no key', found.message)

    def test_the_day_counts_by_utc(self) -> None:
        self.assertEqual((), judge(GAZPACHO, '2026-04-11T01:00:00+02:00'))

    def test_first_and_last_day_belong_to_the_window(self) -> None:
        for when in ('2025-10-06T00:00:00Z', '2026-04-10T23:59:59Z'):
            self.assertEqual((), judge(GAZPACHO, when))

    def test_both_keys_are_right_where_their_windows_meet(self) -> None:
        for key in (GAZPACHO, HIBISCUS):
            self.assertEqual((), judge(key, '2026-04-10T12:00:00Z'))

    def test_a_key_with_two_windows_is_right_in_either(self) -> None:
        again = dataclasses.replace(
            FLAMINGO, start=datetime.date(2027, 1, 1), end=None
        )
        keys = (*KEYS, again)
        for when in ('2025-05-01T00:00:00Z', '2027-05-01T00:00:00Z'):
            self.assertEqual((), judge(FLAMINGO, when, keys))
        (found,) = judge(FLAMINGO, '2026-05-01T00:00:00Z', keys)
        self.assertIn(' and 2027-01-01 to present', found.message)

    def test_a_key_that_is_not_listed_has_no_window(self) -> None:
        """That it may not sign is said by another rule."""
        stranger = dataclasses.replace(GAZPACHO, primary=STRANGER)
        self.assertEqual((), judge(stranger, '2001-01-01T00:00:00Z'))

    def test_nothing_valid_has_no_day(self) -> None:
        bad = signature.SignatureReading('f.asc', '0' * 64, bad=('A' * 16,))
        self.assertEqual((), windows.signature('f', bad, KEYS))

    def test_the_keys_of_the_cycles_come_oldest_first(self) -> None:
        listed = [
            series.Series(key.series, None, 'maintained', key)
            for key in (HIBISCUS, FLAMINGO, GAZPACHO)
        ]
        listed.append(series.Series('austin', None, 'end of life', None))
        self.assertEqual(KEYS, windows.of(listed))
