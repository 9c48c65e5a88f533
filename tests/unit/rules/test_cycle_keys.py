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

from __future__ import annotations

import datetime

import testtools

from openstack_publish.model import cycle_keys as model
from openstack_publish.model import located
from openstack_publish.model import names
from openstack_publish.model import series
from openstack_publish.rules import cycle_keys

A, B, C = (names.Fingerprint(letter * 40) for letter in 'ABC')
NOW = datetime.datetime(2026, 8, 21, 12, tzinfo=datetime.UTC)
PLACE = located.Place(series.STATUS_FILE, (0, 'signing-key', 'key'))


def day(text: str) -> datetime.date:
    """Return a day."""
    return datetime.date.fromisoformat(text)


def listed(
    *windows: tuple[names.Fingerprint, str, str | None],
) -> tuple[series.Series, ...]:
    """Return series with these keys."""
    return tuple(
        series.Series(
            f'series{index}',
            None,
            'maintained',
            series.CycleKey(
                key,
                f'series{index}',
                day(start),
                None if end is None else day(end),
            ),
        )
        for index, (key, start, end) in enumerate(windows)
    )


def certificate(
    primary: names.Fingerprint = A,
    *,
    revoked: bool = False,
    days: float | None = 60,
    signing: tuple[model.SigningKey, ...] | None = None,
    by: frozenset[names.Fingerprint] = frozenset({B}),
) -> model.Certificate:
    """Return a key that ends after some days."""
    ends = None if days is None else NOW + datetime.timedelta(days=days)
    if signing is None:
        signing = (model.SigningKey(C, ends, False),)
    return model.Certificate(primary, revoked, ends, signing, by)


class TestInForce(testtools.TestCase):
    KEYS = ((A, '2026-04-10', None), (B, '2025-10-06', '2026-04-10'))

    def found(self, today: str) -> names.Fingerprint | None:
        key, _ = cycle_keys.in_force(listed(*self.KEYS), day(today))
        return None if key is None else key.primary

    def test_the_window_decides(self) -> None:
        self.assertEqual(A, self.found('2026-08-21'))
        self.assertEqual(B, self.found('2026-04-09'))

    def test_where_windows_meet_the_new_key_counts(self) -> None:
        self.assertEqual(A, self.found('2026-04-10'))

    def test_none_or_several_are_told_with_their_windows(self) -> None:
        for keys, words in (
            ((), 'no key is in force on 2026-08-21; keys: none'),
            (
                ((B, '2025-10-06', '2026-04-10'),),
                f'keys: {B} of series0, 2025-10-06 to 2026-04-10',
            ),
            (
                ((A, '2026-04-10', None), (B, '2025-10-06', None)),
                '2 keys are in force',
            ),
        ):
            key, (found,) = cycle_keys.in_force(
                listed(*keys), day('2026-08-21')
            )
            self.assertIsNone(key)
            self.assertEqual('OSP519', found.code)
            self.assertIn(words, found.message)

    def test_the_key_before_is_the_one_that_began_last(self) -> None:
        series_of = listed(*self.KEYS, (C, '2025-04-01', '2025-10-06'))
        keys = [each.key for each in series_of]
        assert keys[0] is not None
        assert keys[2] is not None
        before = cycle_keys.before(series_of, keys[0])
        assert before is not None
        self.assertEqual(B, before.primary)
        self.assertIsNone(cycle_keys.before(series_of, keys[2]))


class TestKey(testtools.TestCase):
    def codes(self, *held: model.Certificate) -> list[tuple[str, str]]:
        """Return code and severity of what is said of a file's keys."""
        ours, theirs = (each.key for each in listed(*TestInForce.KEYS))
        assert ours is not None
        found = cycle_keys.key(ours, theirs, held, NOW, PLACE)
        for each in found:
            self.assertEqual(PLACE.key, each.key)
            self.assertEqual(A, each.subject)
        return [(each.code, each.severity) for each in found]

    def test_a_sound_key_is_not_spoken_of(self) -> None:
        self.assertEqual([], self.codes(certificate()))
        self.assertEqual([], self.codes(certificate(days=None)))

    def test_the_file_holds_it_and_nothing_else(self) -> None:
        for held in ((), (certificate(B),), (certificate(), certificate(B))):
            self.assertEqual([('OSP520', 'error')], self.codes(*held))

    def test_a_key_that_cannot_sign(self) -> None:
        for wrong in (
            certificate(revoked=True),
            certificate(days=-1),
            certificate(days=0),
            certificate(signing=()),
            certificate(
                signing=(
                    model.SigningKey(B, None, True),
                    model.SigningKey(C, NOW, False),
                )
            ),
        ):
            self.assertEqual([('OSP521', 'error')], self.codes(wrong))

    def test_a_revoked_subkey_beside_a_good_one_does_not_matter(
        self,
    ) -> None:
        """As gazpacho's, after 2026-01-09."""
        both = (
            model.SigningKey(B, None, True),
            model.SigningKey(C, None, False),
        )
        self.assertEqual([], self.codes(certificate(signing=both)))

    def test_a_key_that_ends_soon_is_warned_of(self) -> None:
        self.assertEqual(
            [('OSP517', 'warning')], self.codes(certificate(days=14))
        )
        self.assertEqual([], self.codes(certificate(days=14.1)))

    def test_a_key_has_to_be_certified_by_the_one_before(self) -> None:
        for by in (frozenset[names.Fingerprint](), frozenset({C})):
            self.assertEqual(
                [('OSP522', 'error')], self.codes(certificate(by=by))
            )

    def test_the_first_key_of_all_has_nobody_to_certify_it(self) -> None:
        ours = listed(*TestInForce.KEYS)[0].key
        assert ours is not None
        held = [certificate(by=frozenset())]
        self.assertEqual((), cycle_keys.key(ours, None, held, NOW, PLACE))
