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

from openstack_publish.model import located
from openstack_publish.model import reading


class TestWalk(testtools.TestCase):
    """A walk goes on after each problem and says what was there."""

    def setUp(self) -> None:
        super().setUp()
        self.walk = reading.Walk('f')

    def _assert_told(self, *told: str) -> None:
        self.assertEqual(
            list(told),
            [located.described(problem) for problem in self.walk.problems],
        )

    def test_a_mapping_that_is_none_is_read_as_empty(self) -> None:
        wrong: tuple[object, ...] = (None, [], 'a', 1)
        for data in wrong:
            self.assertEqual({}, self.walk.mapping(data, ('a',), frozenset()))
        self._assert_told(
            'f: a: must be a mapping, is nothing',
            'f: a: must be a mapping, is a list',
            "f: a: must be a mapping, is 'a'",
            'f: a: must be a mapping, is the number 1',
        )

    def test_unknown_and_missing_keys_are_all_told(self) -> None:
        self.walk.mapping(
            {'vesion': 1, 'zzz': 2},
            ('a', 0),
            frozenset({'version', 'hash'}),
            ('hash',),
        )
        self._assert_told(
            'f: a[0].vesion: unknown key; version may be meant',
            'f: a[0].zzz: unknown key; known here are hash, version',
            'f: a[0]: the key hash is missing',
        )

    def test_a_list_may_be_null_only_where_that_is_said(self) -> None:
        self.assertEqual([], self.walk.sequence(None, ('a',), or_null=True))
        self._assert_told()
        self.assertEqual([], self.walk.sequence(None, ('a',)))
        self._assert_told('f: a: must be a list, is nothing')

    def test_free_keys_may_be_null_only_where_that_is_said(self) -> None:
        self.assertEqual({}, self.walk.entries(None, ('a',), or_null=True))
        self._assert_told()
        self.assertEqual({}, self.walk.entries(None, ('a',)))
        self.assertEqual({}, self.walk.entries('x', ('a',), or_null=True))
        self._assert_told(
            'f: a: must be a mapping, is nothing',
            "f: a: must be a mapping, is 'x'",
        )

    def test_what_looks_like_no_string_is_to_be_quoted(self) -> None:
        for data in (1.1, True, datetime.date(2026, 8, 21)):
            self.assertIsNone(self.walk.text(data, ('a',)))
        self._assert_told(
            'f: a: must be a string, is the number 1.1: quote it',
            'f: a: must be a string, is the truth value true: quote it',
            'f: a: must be a string, is the day 2026-08-21: quote it',
        )

    def test_quoting_is_no_advice_for_lists_and_nothing(self) -> None:
        for data in (None, [1], {'b': 1}, ''):
            self.assertIsNone(self.walk.text(data, ('a',)))
        self._assert_told(
            'f: a: must be a string, is nothing',
            'f: a: must be a string, is a list',
            'f: a: must be a string, is a mapping',
            'f: a: must not be empty',
        )

    def test_a_choice_is_exact(self) -> None:
        for data in ('Owner ', 'owner', True, 1, None):
            self.assertIsNone(self.walk.choice(data, ('a',), ('Owner', 'X')))
        self.assertEqual(5, len(self.walk.problems))
        self.assertEqual(
            "must be one of Owner, X, is 'Owner '",
            self.walk.problems[0].message,
        )

    def test_a_time_is_no_day(self) -> None:
        time = datetime.datetime(2027, 1, 1, tzinfo=datetime.UTC)
        for data in (time, '2027-13-01', '20270101', '2027-W01-1', 2027):
            self.assertIsNone(self.walk.date(data, ('until',)))
        self.assertEqual(5, len(self.walk.problems))
        self.assertEqual(
            'must be a day such as 2027-01-31, is the time '
            '2027-01-01T00:00:00+00:00',
            self.walk.problems[0].message,
        )

    def test_a_day_may_be_quoted(self) -> None:
        day = datetime.date(2027, 1, 31)
        self.assertEqual(day, self.walk.date(day, ('until',)))
        self.assertEqual(day, self.walk.date('2027-01-31', ('until',)))
        self._assert_told()

    def test_truth_is_no_string(self) -> None:
        self.assertIsNone(self.walk.truth('yes', ('a',)))
        self.assertIs(False, self.walk.truth(False, ('a',)))
        self._assert_told("f: a: must be true or false, is 'yes'")

    def test_a_long_value_is_cut(self) -> None:
        self.assertEqual("'" + 'x' * 57 + "...'", reading.named('x' * 10_000))
