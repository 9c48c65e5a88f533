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

"""Turns: how many, and when none."""

from __future__ import annotations

import queue
import threading

import testtools

from openstack_publish import exceptions
from openstack_publish.gates import web
from openstack_publish.gates.web import responses
from openstack_publish.gates.web import throttle
from tests.support import hand_clocks
from tests.support import httpd

SECONDS = 10.0
"""Longest wait for another thread; far above what it takes."""


class ThrottleTestCase(testtools.TestCase):
    def setUp(self) -> None:
        super().setUp()
        self.clock = hand_clocks.HandClock()
        self.throttle = throttle.Throttle(self.clock, 8, window=60.0)

    def busy(self, retry_after: float | None = None) -> None:
        with self.throttle.turn() as turn:
            turn.busy(retry_after)

    def good(self, times: int = 1) -> None:
        for _ in range(times):
            with self.throttle.turn() as turn:
                turn.good()


class TestHowMany(ThrottleTestCase):
    def test_each_busy_answer_halves_them_but_one_stays(self) -> None:
        found = []
        for _ in range(5):
            self.busy()
            found.append(self.throttle.allowed)
        self.assertEqual([4, 2, 1, 1, 1], found)

    def test_answers_to_what_was_asked_before_halve_once_together(
        self,
    ) -> None:
        with self.throttle.turn() as one, self.throttle.turn() as other:
            one.busy(None)
            other.busy(None)
        self.assertEqual(4, self.throttle.allowed)

    def test_one_more_after_a_run_of_good_answers(self) -> None:
        self.busy()
        self.good(throttle.GROWS_AFTER - 1)
        self.assertEqual(4, self.throttle.allowed)
        self.good()
        self.assertEqual(5, self.throttle.allowed)

    def test_a_busy_answer_ends_a_run(self) -> None:
        self.busy()
        self.good(throttle.GROWS_AFTER - 1)
        self.busy()
        self.good(throttle.GROWS_AFTER - 1)
        self.assertEqual(2, self.throttle.allowed)

    def test_they_grow_to_where_they_began_and_no_further(self) -> None:
        self.busy()
        self.good(10 * throttle.GROWS_AFTER)
        self.assertEqual(8, self.throttle.allowed)

    def test_who_finds_no_turn_waits_for_one(self) -> None:
        self.throttle = throttle.Throttle(self.clock, 1, window=60.0)
        got = threading.Event()

        def wait() -> None:
            with self.throttle.turn():
                got.set()

        thread = threading.Thread(target=wait)
        with self.throttle.turn():
            thread.start()
            self.assertFalse(got.wait(0.05))
        self.assertTrue(got.wait(SECONDS))
        thread.join(SECONDS)

    def test_a_turn_that_ends_in_an_error_is_given_back(self) -> None:
        self.throttle = throttle.Throttle(self.clock, 1, window=60.0)

        def fail() -> None:
            with self.throttle.turn():
                raise ZeroDivisionError

        self.assertRaises(ZeroDivisionError, fail)
        self.good()


class TestRetryAfter(ThrottleTestCase):
    def refusal(self) -> str:
        error = self.assertRaises(responses.Failed, self.good)
        self.assertTrue(error.final)
        return error.cause

    def test_everybody_waits(self) -> None:
        self.busy(7.0)
        self.good()
        self.assertEqual([7.0], self.clock.slept)

    def test_two_that_ask_at_once_are_not_waited_for_one_by_one(self) -> None:
        with self.throttle.turn() as one, self.throttle.turn() as other:
            one.busy(7.0)
            other.busy(5.0)
        self.good()
        self.assertEqual([7.0], self.clock.slept)

    def test_longer_than_the_window_nobody_waits(self) -> None:
        self.busy(600.0)
        self.assertEqual(
            'not asked: the server answered that it has too much to do and '
            'asked to wait 600 s',
            self.refusal(),
        )
        self.assertEqual([], self.clock.slept)

    def test_an_answer_to_what_was_asked_before_changes_nothing(self) -> None:
        with self.throttle.turn() as one, self.throttle.turn() as other:
            one.busy(600.0)
            other.good()
        self.assertIn('asked to wait 600 s', self.refusal())

    def test_after_the_window_it_is_asked_again(self) -> None:
        self.busy(600.0)
        self.clock.sleep(60.0)
        self.good(2)

    def test_waits_without_an_answer_in_between_count_together(self) -> None:
        self.busy(40.0)
        self.busy(40.0)
        self.assertIn('asked to wait 40 s', self.refusal())
        self.assertEqual([40.0], self.clock.slept)

    def test_an_answer_in_between_begins_anew(self) -> None:
        self.busy(40.0)
        self.good()
        self.busy(40.0)
        self.good()
        self.assertEqual([40.0, 40.0], self.clock.slept)

    def test_everybody_who_waits_for_a_turn_is_told(self) -> None:
        """Nobody is left waiting for the turn of one who was refused."""
        self.throttle = throttle.Throttle(self.clock, 1, window=60.0)
        told: queue.SimpleQueue[str] = queue.SimpleQueue()

        def ask() -> None:
            try:
                self.good()
            except responses.Failed as failed:
                told.put(failed.cause)

        threads = [threading.Thread(target=ask, daemon=True) for _ in range(4)]
        with self.throttle.turn() as turn:
            for thread in threads:
                thread.start()
            threads[0].join(0.05)
            turn.busy(3600.0)
        for _ in threads:
            self.assertIn('asked to wait 3600 s', told.get(timeout=SECONDS))


class TestClosing(ThrottleTestCase):
    def test_who_waits_is_told(self) -> None:
        self.throttle = throttle.Throttle(self.clock, 1, window=60.0)
        told: list[str] = []

        def wait() -> None:
            try:
                self.good()
            except responses.Failed as failed:
                told.append(failed.cause)

        threads = [threading.Thread(target=wait) for _ in range(3)]
        with self.throttle.turn():
            for thread in threads:
                thread.start()
            self.throttle.close()
            for thread in threads:
                thread.join(SECONDS)
        self.assertEqual(['reading was ended'] * 3, told)


class TestReader(testtools.TestCase):
    """The same, by way of a reader that asks a server."""

    def setUp(self) -> None:
        super().setUp()
        self.server = self.useFixture(httpd.Server())
        self.clock = hand_clocks.HandClock()
        self.web = web.Web(self.clock, connections=2)

    def cause(self, path: str) -> str:
        error = self.assertRaises(exceptions.Unavailable, self.get, path)
        return str(error.cause)

    def get(self, path: str) -> bytes:
        url = self.server.url + path
        return self.web.get(url, accept='*/*', max_bytes=100).body

    def test_a_reader_that_is_closed_asks_nobody(self) -> None:
        self.server.on('/x', httpd.answer(b'{}'))
        with self.web:
            self.get('/x')
        self.assertEqual('reading was ended', self.cause('/x'))
        self.assertEqual(1, len(self.server.requests))

    def test_what_one_question_was_told_holds_for_the_next(self) -> None:
        self.server.on(
            '/x',
            httpd.answer(status='429 Slow', headers={'Retry-After': '600'}),
        )
        self.cause('/x')
        self.assertIn('not asked', self.cause('/y'))
        self.assertEqual([], self.server.asked('/y'))

    def test_a_503_may_ask_to_wait_as_well(self) -> None:
        self.server.on(
            '/x',
            httpd.answer(status='503 Busy', headers={'Retry-After': '9'}),
            httpd.answer(b'{}'),
        )
        self.assertEqual(b'{}', self.get('/x'))
        self.assertEqual([9.0], self.clock.slept)

    def test_a_server_that_is_away_for_long_is_asked_once_each(self) -> None:
        self.server.on('/x', httpd.reset)
        for _ in range(throttle.HOPELESS_AFTER):
            self.assertIn('tried 3 times', self.cause('/x'))
        self.assertIn('tried once', self.cause('/x'))
        self.server.on('/y', httpd.answer(b'{}'))
        self.get('/y')
        self.assertIn('tried 3 times', self.cause('/x'))
