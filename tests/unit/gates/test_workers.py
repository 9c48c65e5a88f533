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

"""Threads that do the same to many things."""

from __future__ import annotations

import contextlib
import gc
import pathlib
import signal
import subprocess
import sys
import threading
import time
import weakref
from collections.abc import Iterator

import testtools

from openstack_publish.gates import workers

ROOT = pathlib.Path(__file__).resolve().parents[3]
SECONDS = 10.0
"""Longest wait for another thread or process; far above what it takes."""

INTERRUPTED = """\
import contextlib, threading
from openstack_publish.gates import workers

def work(tools, thing):
    if thing == 0:
        return
    threading.Event().wait()

@contextlib.contextmanager
def tools():
    try:
        yield None
    finally:
        print('put away', flush=True)

try:
    with workers.Threads(tools, 3) as threads:
        for position, _ in threads.each(work, range(100)):
            print(position, flush=True)
except KeyboardInterrupt:
    print('interrupted', flush=True)
"""


class Tools:
    """Counts what is done with it."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.began: list[int] = []
        self.threads: set[int] = set()
        self.now = 0
        self.most = 0
        self.built = 0
        self.open = False
        self.go = threading.Event()

    @contextlib.contextmanager
    def build(self) -> Iterator[Tools]:
        self.built += 1
        self.open = True
        try:
            yield self
        finally:
            self.open = False


def square(tools: Tools, thing: int) -> int:
    with tools.lock:
        tools.began.append(thing)
        tools.threads.add(threading.get_ident())
        tools.now += 1
        tools.most = max(tools.most, tools.now)
    try:
        return thing * thing
    finally:
        with tools.lock:
            tools.now -= 1


def square_later(tools: Tools, thing: int) -> int:
    tools.go.wait(SECONDS)
    return square(tools, thing)


def make(tools: Tools, thing: int) -> Tools:
    return Tools()


def fail_at_five(tools: Tools, thing: int) -> int:
    if thing == 5:
        raise ZeroDivisionError('five')
    return square(tools, thing)


def first_is_slow(tools: Tools, thing: int) -> int:
    if thing == 0:
        tools.go.wait(SECONDS)
    return thing


def wait_for_ever(tools: Tools, thing: int) -> int:
    if thing == 0:
        return 0
    tools.began.append(thing)
    threading.Event().wait()
    return thing


class TestThreads(testtools.TestCase):
    def setUp(self) -> None:
        super().setUp()
        self.tools = Tools()

    def threads(self, jobs: int = 4) -> workers.Threads[Tools]:
        return workers.Threads(self.tools.build, jobs)

    def test_what_was_done_is_let_go(self) -> None:
        """A watch hands out work for years."""
        with workers.Threads(Tools().build, 2) as threads:
            results = [
                weakref.ref(result)
                for _, result in threads.each(make, range(3))
            ]
            gc.collect()
            self.assertEqual([None] * 3, [result() for result in results])
            self.assertEqual(
                [],
                [
                    found
                    for found in gc.get_objects()
                    if isinstance(found, workers._Crew)
                ],
            )

    def test_what_the_work_raises_comes_out_and_ends_it(self) -> None:
        def run() -> None:
            with self.threads(2) as threads:
                for _ in threads.each(fail_at_five, range(1000)):
                    pass

        error = self.assertRaises(ZeroDivisionError, run)
        self.assertEqual(('five',), error.args)
        self.assertLess(len(self.tools.began), 20)
        self.assertFalse(self.tools.open)

    def test_tools_that_cannot_be_built_are_told_at_once(self) -> None:
        def broken() -> contextlib.AbstractContextManager[Tools]:
            raise ZeroDivisionError

        self.assertRaises(ZeroDivisionError, workers.Threads(broken).__enter__)

    def test_there_is_no_work_without_a_thread(self) -> None:
        self.assertRaises(ValueError, self.threads, 0)

    def test_each_thing_has_its_result(self) -> None:
        for count in (0, 1, 3, 500):
            with self.threads() as threads:
                found = dict(threads.each(square, range(count)))
            self.assertEqual({n: n * n for n in range(count)}, found)
        self.assertLessEqual(self.tools.most, 4)

    def test_the_tools_are_built_once_and_put_away(self) -> None:
        with self.threads() as threads:
            for _ in range(2):
                for _ in threads.each(square, range(10)):
                    self.assertTrue(self.tools.open)
        self.assertFalse(self.tools.open)
        self.assertEqual(1, self.tools.built)

    def test_results_come_as_they_are_ready(self) -> None:
        with self.threads(2) as threads:
            results = threads.each(first_is_slow, range(3))
            self.assertEqual([(1, 1), (2, 2)], [next(results), next(results)])
            self.tools.go.set()
            self.assertEqual([(0, 0)], list(results))

    def test_as_many_threads_as_jobs_work_and_no_more(self) -> None:
        self.tools.go.set()
        with self.threads(3) as threads:
            list(threads.each(square_later, range(300)))
        self.assertLessEqual(len(self.tools.threads), 3)

    def test_no_more_is_begun_than_a_slow_reader_takes(self) -> None:
        with self.threads(2) as threads:
            results = threads.each(square, range(1000))
            next(results)
            # Whatever is begun is begun within moments.
            time.sleep(0.1)
            began = len(self.tools.began)
            results.close()
        self.assertLessEqual(began, 2 * workers.AHEAD + 1)
        self.assertEqual(began, len(self.tools.began))

    def test_who_leaves_early_waits_for_nobody(self) -> None:
        began = time.monotonic()
        with self.threads(3) as threads:
            for _ in threads.each(wait_for_ever, range(100)):
                break
        self.assertLess(time.monotonic() - began, workers.END + SECONDS)
        self.assertLessEqual(len(self.tools.began), 4)
        self.assertFalse(self.tools.open)


class TestSignals(testtools.TestCase):
    def test_ctrl_c_ends_it_soon_whatever_the_threads_are_at(self) -> None:
        process = subprocess.Popen(
            [sys.executable, '-c', INTERRUPTED],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.addCleanup(process.kill)
        assert process.stdout is not None
        self.assertEqual('0\n', process.stdout.readline())
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=workers.END + SECONDS)
        self.assertEqual('put away\ninterrupted\n', out)
        self.assertEqual(('', 0), (err, process.returncode))
