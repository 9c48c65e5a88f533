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

"""The real keys of all cycles, as they are in openstack/releases.

They are those of the commit of 2026-08-21; a later checkout has more, and
what is said here of the first 21 stays true.
"""

from __future__ import annotations

import datetime
import itertools
import os

import testtools

from openstack_publish.gates import checkout
from openstack_publish.gates import openpgp
from openstack_publish.gates import processes
from openstack_publish.model import cycle_keys
from openstack_publish.model import finding
from openstack_publish.model import names
from openstack_publish.model import series
from openstack_publish.proof import cycle_keys as steps
from openstack_publish.rules import windows
from tests.support import real_releases

UTC = datetime.UTC
NOW = datetime.datetime(2026, 11, 21, tzinfo=UTC)
CERTIFIED = (
    'yoga',
    'zed',
    'antelope',
    'bobcat',
    'caracal',
    'dalmatian',
    'epoxy',
    'flamingo',
    'gazpacho',
    'hibiscus',
)
SHA1 = ('ocata', 'pike', 'queens', 'rocky')


class TestRealKeys(testtools.TestCase):
    """Newton to hibiscus."""

    runner: processes.Processes
    checkout: checkout.Checkout
    cycles: tuple[series.CycleKey, ...] = ()
    held: tuple[tuple[cycle_keys.Certificate, ...], ...] = ()

    def setUp(self) -> None:
        super().setUp()
        root = real_releases.directory()
        cls = type(self)
        if not cls.cycles:
            cls.runner = processes.Processes(os.environ)
            cls.checkout = checkout.Checkout(str(root), cls.runner)
            cls.cycles = windows.of(cls.checkout.read_series())[:21]
            cls.held = openpgp.CycleKeys(cls.runner).read(
                cls.checkout.key_files()[:21]
            )

    def of(self, name: str) -> cycle_keys.Certificate:
        """Return the key of a cycle."""
        return {
            key.series: held[0]
            for key, held in zip(self.cycles, self.held, strict=True)
        }[name]

    def test_there_are_21_from_newton_to_hibiscus(self) -> None:
        self.assertEqual(21, len(self.cycles))
        self.assertEqual('newton', self.cycles[0].series)
        self.assertEqual('hibiscus', self.cycles[-1].series)

    def test_each_file_holds_the_key_that_is_listed_and_no_other(self) -> None:
        self.assertEqual(
            [[key.primary] for key in self.cycles],
            [[each.primary for each in held] for held in self.held],
        )
        self.assertEqual(
            [f'0x{key.primary.lower()}.txt' for key in self.cycles],
            [
                os.path.basename(path)
                for path in self.checkout.key_files()[:21]
            ],
        )

    def test_all_are_loaded_to_verify_with(self) -> None:
        with openpgp.Verifier(self.runner) as verifier:
            loaded = verifier.trust(self.checkout.key_files()[:21])
        self.assertEqual(
            [(key.primary,) for key in self.cycles], list(loaded.values())
        )

    def test_the_windows_follow_each_other_without_a_gap(self) -> None:
        self.assertEqual(datetime.date(2016, 8, 3), self.cycles[0].start)
        for before, after in itertools.pairwise(self.cycles):
            self.assertEqual(before.end, after.start, after.series)

    def test_each_key_since_yoga_is_certified_by_the_one_before(self) -> None:
        certified = tuple(
            key.series
            for before, key in itertools.pairwise(self.cycles)
            if before.primary in self.of(key.series).certified_by
        )
        self.assertEqual(CERTIFIED, certified)

    def test_the_sha1_era_is_ocata_to_rocky(self) -> None:
        self.assertEqual(
            dict.fromkeys(SHA1, frozenset({2})),
            {
                key.series: self.of(key.series).weak
                for key in self.cycles
                if self.of(key.series).weak
            },
        )

    def test_gazpacho_superseded_its_first_signing_key(self) -> None:
        revoked = [
            (key.series, each)
            for key in self.cycles
            for each in self.of(key.series).signing
            if each.revoked
        ]
        ((name, signing),) = revoked
        self.assertEqual('gazpacho', name)
        self.assertEqual(
            names.fingerprint('888F1C97FAA832E13610034585E1426370940CEB'),
            signing.fingerprint,
        )
        assert signing.revoked_at is not None
        self.assertEqual(datetime.date(2026, 1, 9), signing.revoked_at.date())
        self.assertEqual(1, signing.revocation_reason)

    def test_the_report_warns_of_nothing_and_names_all_that_is_odd(
        self,
    ) -> None:
        found = steps.survey(
            self.checkout, openpgp.CycleKeys(self.runner), NOW
        )
        self.assertEqual({'note'}, {each.severity for each in found})
        self.assertEqual(
            list(SHA1),
            [_series(each) for each in found if each.code == 'OSP542'],
        )
        (revoked,) = (each for each in found if each.code == 'OSP543')
        self.assertIn(
            'was revoked on 2026-01-09T15:40:35Z as superseded',
            revoked.message,
        )
        expired = [_series(each) for each in found if each.code == 'OSP544']
        self.assertEqual((21, 'newton'), (len(expired), expired[0]))
        self.assertEqual(
            list(CERTIFIED),
            [_series(each) for each in found if each.code == 'OSP545'],
        )


def _series(found: finding.Finding) -> str:
    """Return the cycle that a finding on one key is about."""
    return found.message.removeprefix('the key of ').split(' ')[0]
