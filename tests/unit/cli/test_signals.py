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

"""Signals that end the program, sent to this very process."""

from __future__ import annotations

import concurrent.futures
import contextlib
import importlib
import pathlib
import signal
import subprocess
import sys
import threading
import time
import weakref
from collections.abc import Callable
from collections.abc import Iterator
from types import FrameType
from typing import Any

import fixtures
import testtools

from openstack_publish.cli import signals
from openstack_publish.gates import workers

SECONDS = 30.0
"""How long it lasts that is to be interrupted."""

SOON = 20.0
"""Longest wait for an interrupt; it takes hundredths of a second."""

MANY = 100_000
"""Looks that take longer than that."""


class Thing:
    """Something that is let go."""


def send(*ignored: object) -> None:
    """Send this process a signal."""
    signal.raise_signal(signal.SIGTERM)


def go_on() -> None:
    """Do something else, for longer than any test takes."""
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        time.sleep(0.001)


class Away:
    """Is put away; see :meth:`__exit__`.

    :param act: what is done first, then
    """

    def __init__(self, act: Callable[[], object]) -> None:
        self._act = act
        self.done = False

    def __enter__(self) -> None:
        pass

    def __exit__(self, *exception: object) -> None:
        send()
        self._act()
        self.done = True


class SignalsTest(testtools.TestCase):
    def setUp(self) -> None:
        super().setUp()
        for number in (*signals.ENDING, signal.SIGALRM):
            self.addCleanup(signal.signal, number, signal.getsignal(number))
        for number in signals.ENDING:
            # nohup and a shell's background ignore some of them.
            signal.signal(number, signal.SIG_DFL)
        self.useFixture(
            fixtures.MonkeyPatch('sys.unraisablehook', sys.unraisablehook)
        )
        self.received = signals.Signals()
        self.addCleanup(self.received.end)


class TestSignals(SignalsTest):
    def test_the_first_one_interrupts_and_no_other_does(self) -> None:
        self.received.install()
        self.assertRaises(KeyboardInterrupt, send)
        for number in signals.ENDING:
            signal.raise_signal(number)

    def test_each_of_them_interrupts(self) -> None:
        for number in signals.ENDING:
            signals.Signals().install()
            self.assertRaises(KeyboardInterrupt, signal.raise_signal, number)

    def test_what_the_process_was_started_to_ignore_stays_ignored(
        self,
    ) -> None:
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        self.received.install()
        signal.raise_signal(signal.SIGHUP)
        self.assertFalse(self.received.ending)

    def test_what_is_decided_is_not_interrupted(self) -> None:
        self.received.install()
        self.received.end()
        for number in signals.ENDING:
            signal.raise_signal(number)

    def test_nothing_is_left_to_the_interpreter(self) -> None:
        self.received.install()
        self.received.ignore()
        for number in signals.ENDING:
            self.assertEqual(signal.SIG_IGN, signal.getsignal(number))


class TestPlaces(SignalsTest):
    """Where a signal interrupts, and where it waits."""

    def setUp(self) -> None:
        super().setUp()
        # What is interrupted sooner is so because it may be.
        self.useFixture(
            fixtures.MonkeyPatch('openstack_publish.cli.signals.LOOKS', MANY)
        )
        self.received.install()

    def interrupted(self, function: Callable[[], object]) -> float:
        """Call something that is interrupted; return after which time."""
        began = time.monotonic()
        self.assertRaises(KeyboardInterrupt, function)
        return time.monotonic() - began

    def test_what_waits_for_another_thread_is_interrupted(self) -> None:
        sender = threading.Timer(
            0.05,
            signal.pthread_kill,
            (threading.main_thread().ident, signal.SIGTERM),
        )
        sender.start()
        self.addCleanup(sender.join)
        waited = self.interrupted(lambda: threading.Event().wait(SECONDS))
        self.assertLess(waited, SOON)

    def test_what_waits_for_a_process_is_interrupted_before_that_ends(
        self,
    ) -> None:
        """Ctrl-C ends the process, too."""
        ends = 'import os; os.kill(os.getppid(), 15); os._exit(1)'

        def run() -> None:
            subprocess.run([sys.executable, '-c', ends], check=True)

        self.assertLess(self.interrupted(run), SOON)

    def test_what_is_called_where_exceptions_are_dropped_is_done(self) -> None:
        done: list[bool] = []

        def send_and_go_on() -> None:
            send()
            done.append(True)

        def let_go(thing: Thing) -> None:
            weakref.finalize(thing, send_and_go_on)
            del thing
            go_on()

        waited = self.interrupted(lambda: let_go(Thing()))
        self.assertEqual([True], done)
        self.assertLess(waited, SOON)

    def test_what_was_dropped_comes_again(self) -> None:
        def let_go(thing: Thing) -> None:
            kept = weakref.ref(thing, send)
            del thing
            self.assertIsNone(kept())
            go_on()

        self.assertLess(self.interrupted(lambda: let_go(Thing())), SOON)

    def test_what_puts_something_away_is_not_broken_off(self) -> None:
        away = Away(lambda: time.sleep(0.2))

        def put_away() -> None:
            with away:
                pass
            go_on()

        self.assertLess(self.interrupted(put_away), SOON)
        self.assertTrue(away.done)

    def test_anything_else_that_is_dropped_is_told_as_before(self) -> None:
        class Wrong:
            def __del__(self) -> None:
                raise LookupError('nothing')

        told: list[object] = []
        with fixtures.MonkeyPatch(
            'sys.unraisablehook', lambda dropped: told.append(dropped.exc_type)
        ):
            signals.Signals().install()
            Wrong()
        self.assertEqual([LookupError], told)

    def test_what_loads_a_module_is_not_broken_off(self) -> None:
        place = pathlib.Path(self.useFixture(fixtures.TempDir()).path)
        (place / 'loaded_slowly.py').write_text(
            'import time\n'
            'from tests.unit.cli import test_signals\n'
            'test_signals.send()\n'
            'time.sleep(0.2)\n'
            'DONE = True\n'
        )
        self.useFixture(
            fixtures.MonkeyPatch('sys.path', [str(place), *sys.path])
        )
        self.addCleanup(sys.modules.pop, 'loaded_slowly')

        def load() -> None:
            importlib.import_module('loaded_slowly')
            go_on()

        self.assertLess(self.interrupted(load), SOON)
        self.assertTrue(sys.modules['loaded_slowly'].DONE)

    def test_what_puts_something_away_for_too_long_is_broken_off(self) -> None:
        self.useFixture(
            fixtures.MonkeyPatch('openstack_publish.cli.signals.LOOKS', 100)
        )
        away = Away(go_on)

        def put_away() -> None:
            with away:
                pass

        waited = self.interrupted(put_away)
        self.assertGreaterEqual(waited, 0.05)
        self.assertLess(waited, SECONDS)
        self.assertFalse(away.done)

    def test_one_that_waits_is_forgotten_once_all_is_decided(self) -> None:
        weakref.finalize(Thing(), send)
        self.assertTrue(self.received.ending)
        self.assertNotEqual((0, 0), signal.getitimer(signal.ITIMER_REAL))
        self.received.end()
        self.assertEqual((0, 0), signal.getitimer(signal.ITIMER_REAL))


class TestEverywhere(SignalsTest):
    """A signal at each line of what begins threads and waits for them."""

    def work(self) -> None:
        """As the index is read, and as many releases are."""
        with workers.Threads(contextlib.nullcontext, 2) as threads:
            list(threads.each(lambda tools, thing: thing, range(3)))
        results = [self.pool.submit(time.monotonic) for _ in range(3)]
        for result in results:
            result.result()

    @contextlib.contextmanager
    def sending_at(self, count: int) -> Iterator[None]:
        """Send a signal at one of the lines that are come to."""
        left = count

        def look(frame: FrameType, event: str, argument: Any) -> Any:
            nonlocal left
            left -= 1
            if left == 0:
                sys.settrace(None)
                send()
            return look

        before = sys.gettrace()
        sys.settrace(look)
        try:
            yield
        finally:
            sys.settrace(before)

    def test_it_always_interrupts_and_leaves_no_lock_behind(self) -> None:
        for count in range(1, 2000):
            received = signals.Signals()
            received.install()
            self.pool = concurrent.futures.ThreadPoolExecutor(3)
            try:
                with self.sending_at(count):
                    self.work()
                if not received.ending:
                    break
                go_on()
                self.fail(f'it was lost at {count}')
            except KeyboardInterrupt:
                pass
            finally:
                received.end()
                closing = threading.Thread(
                    target=self.pool.shutdown, daemon=True
                )
                closing.start()
                closing.join(SECONDS)
                self.assertFalse(closing.is_alive(), f'locked at {count}')
        self.assertGreater(count, 100)
