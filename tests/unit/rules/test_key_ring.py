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

"""What is reported on the keys of all cycles."""

from __future__ import annotations

import dataclasses
import datetime

import testtools

from openstack_publish.model import cycle_keys
from openstack_publish.model import finding
from openstack_publish.model import names
from openstack_publish.model import series
from openstack_publish.rules import key_ring

UTC = datetime.UTC
NOW = datetime.datetime(2026, 11, 21, tzinfo=UTC)
LATER = datetime.datetime(2027, 5, 1, tzinfo=UTC)
SIGNING = names.fingerprint('5' * 40)
STRANGER = names.fingerprint('E' * 40)


def cycle(
    letter: str, name: str, start: str, end: str | None
) -> series.CycleKey:
    return series.CycleKey(
        names.fingerprint(letter * 40),
        name,
        datetime.date.fromisoformat(start),
        None if end is None else datetime.date.fromisoformat(end),
    )


WALLABY = cycle('A', 'wallaby', '2020-10-30', '2021-05-06')
XENA = cycle('B', 'xena', '2021-05-06', '2021-10-27')
YOGA = cycle('C', 'yoga', '2021-10-27', '2022-04-09')
ZED = cycle('D', 'zed', '2022-04-09', None)
CYCLES = (WALLABY, XENA, YOGA, ZED)


def certificate(
    key: series.CycleKey, *by: series.CycleKey
) -> cycle_keys.Certificate:
    return cycle_keys.Certificate(
        primary=key.primary,
        revoked=False,
        expires=LATER,
        signing=(cycle_keys.SigningKey(SIGNING, LATER, False),),
        certified_by=frozenset(each.primary for each in by),
    )


CERTIFICATES = {
    WALLABY: certificate(WALLABY),
    XENA: certificate(XENA),
    YOGA: certificate(YOGA, XENA),
    ZED: certificate(ZED, YOGA),
}


class TestReport(testtools.TestCase):
    """Faults warn; what only looks like one is noted."""

    def setUp(self) -> None:
        super().setUp()
        self.held: dict[
            names.Fingerprint, tuple[cycle_keys.Certificate, ...]
        ] = {key.primary: (each,) for key, each in CERTIFICATES.items()}

    def report(
        self, code: str, now: datetime.datetime = NOW
    ) -> list[finding.Finding]:
        """Return the findings of one code."""
        return [
            each
            for each in key_ring.report(CYCLES, self.held, now)
            if each.code == code
        ]

    def change(self, key: series.CycleKey, **changed: object) -> None:
        self.held[key.primary] = (
            dataclasses.replace(CERTIFICATES[key], **changed),  # type: ignore[arg-type]
        )

    def test_nothing_refuses(self) -> None:
        self.held.clear()
        found = key_ring.report(CYCLES, self.held, NOW)
        self.assertEqual({'warning'}, {each.severity for each in found})
        self.assertIsNone(finding.worst(found))

    def test_a_key_without_a_file(self) -> None:
        del self.held[XENA.primary]
        (found,) = self.report('OSP540')
        self.assertEqual(XENA.primary, found.subject)
        self.assertIn('key of xena', found.message)
        self.assertIn('no file', found.message)

    def test_a_file_with_another_key_with_two_or_with_none(self) -> None:
        own, other = CERTIFICATES[XENA], CERTIFICATES[YOGA]
        for held in ((other,), (own, other), ()):
            self.held[XENA.primary] = held
            (found,) = self.report('OSP540')
            for each in held:
                self.assertIn(each.primary, found.message)

    def test_a_key_since_yoga_that_nobody_certified(self) -> None:
        self.change(YOGA, certified_by=frozenset())
        (found,) = self.report('OSP541')
        self.assertEqual(
            (YOGA.primary, 'warning', 'failed'),
            (found.subject, found.severity, found.verdict),
        )
        self.assertIn(XENA.primary, found.message)
        self.assertIn('nobody', found.message)

    def test_a_key_that_somebody_else_certified(self) -> None:
        self.change(ZED, certified_by=frozenset({STRANGER, XENA.primary}))
        (found,) = self.report('OSP541')
        for part in (STRANGER, XENA.primary, YOGA.primary):
            self.assertIn(part, found.message)

    def test_the_first_key_and_those_before_yoga_need_no_link(self) -> None:
        self.assertEqual([], self.report('OSP541'))

    def test_the_links_that_were_verified_are_named(self) -> None:
        yoga, zed = self.report('OSP545')
        self.assertEqual(
            (YOGA.primary, ZED.primary), (yoga.subject, zed.subject)
        )
        self.assertIn(f'by the key of yoga, {YOGA.primary}', zed.message)

    def test_a_missing_key_breaks_no_link_of_the_others(self) -> None:
        """What certified the key after it is told by that key itself."""
        del self.held[YOGA.primary]
        self.assertEqual([], self.report('OSP541'))

    def test_weak_self_signatures_are_noted(self) -> None:
        self.change(WALLABY, weak=frozenset({2}))
        (found,) = self.report('OSP542')
        self.assertEqual('note', found.severity)
        self.assertIn('key of wallaby', found.message)
        self.assertIn('algorithm 2', found.message)

    def test_a_revoked_signing_key_is_noted_with_date_and_reason(self) -> None:
        when = datetime.datetime(2022, 5, 1, 12, tzinfo=UTC)
        for reason, words in (
            (0, 'without a reason'),
            (1, 'as superseded'),
            (2, 'as compromised'),
            (3, 'as retired'),
            (32, 'for reason 32'),
            (None, 'for a reason that gpg does not tell'),
        ):
            self.change(
                ZED,
                signing=(
                    cycle_keys.SigningKey(SIGNING, LATER, True, when, reason),
                ),
            )
            (found,) = self.report('OSP543')
            self.assertEqual('note', found.severity)
            self.assertIn(
                f'{SIGNING} was revoked on 2022-05-01T12:00:00Z',
                found.message,
            )
            self.assertIn(words, found.message)

    def test_an_expired_key_is_noted_with_its_end(self) -> None:
        self.assertEqual([], self.report('OSP544'))
        found = self.report('OSP544', LATER)
        self.assertEqual({'note'}, {each.severity for each in found})
        self.assertEqual(
            [key.primary for key in CYCLES], [each.subject for each in found]
        )
        self.assertIn(
            'key of wallaby expired on 2027-05-01T00:00:00Z', found[0].message
        )
