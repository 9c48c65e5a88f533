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
import dataclasses
import queue
import threading
from collections.abc import Callable
from collections.abc import Generator
from collections.abc import Sequence
from typing import Any, Generic, TypeVar

T = TypeVar('T')
R = TypeVar('R')
Tools = TypeVar('Tools')

JOBS = 8
"""Most threads, and how many there are unless another number is named."""

AHEAD = 2
"""Things for each thread that are begun before their results are taken."""

END = 1.0
"""Longest wait for threads that are to stop, in seconds. What they are at
may take minutes; they hold nothing up, and end with the process."""


@dataclasses.dataclass(frozen=True)
class _Result(Generic[R]):
    position: int
    value: R


@dataclasses.dataclass(frozen=True)
class _Broken:
    error: BaseException


class Threads(Generic[Tools]):
    """Fits :class:`openstack_publish.seams.Workers`; enter it to use it.

    The threads share their tools, which are built when it is entered and put
    away when it is left.

    :param tools: builds them
    :param jobs: most threads
    :raises ValueError: *jobs* is less than one
    """

    def __init__(
        self,
        tools: Callable[[], contextlib.AbstractContextManager[Tools]],
        jobs: int = JOBS,
    ) -> None:
        if jobs < 1:
            raise ValueError('there is no work without a thread')
        self._build = tools
        self._jobs = jobs
        self._stack = contextlib.ExitStack()
        # Not kept for longer: a watch calls each() for years.
        self._at_work: set[_Crew[Tools, Any, Any]] = set()

    def __enter__(self) -> Threads[Tools]:
        self._tools = self._stack.enter_context(self._build())
        return self

    def __exit__(self, *exception: object) -> None:
        # What takes the results may have been left by an exception whose
        # traceback keeps the generator from being closed.
        for crew in tuple(self._at_work):
            crew.stop()
        self._stack.close()

    def each(
        self, work: Callable[[Tools, T], R], things: Sequence[T]
    ) -> Generator[tuple[int, R], None, None]:
        """Yield position and result of each thing, as they come.

        Whoever stops taking results, by an exception, Ctrl-C or otherwise,
        stops the work: nothing more is begun.

        :raises BaseException: what *work* raised, on the first thing that
            it did so
        """
        crew: _Crew[Tools, T, R] = _Crew(self._tools, work, things, self._jobs)
        self._at_work.add(crew)
        try:
            crew.start()
            for _ in things:
                yield crew.next()
        finally:
            crew.stop()
            self._at_work.discard(crew)


class _Crew(Generic[Tools, T, R]):
    """The threads of one call."""

    def __init__(
        self,
        tools: Tools,
        work: Callable[[Tools, T], R],
        things: Sequence[T],
        jobs: int,
    ) -> None:
        self._tools = tools
        self._work = work
        self._things = enumerate(things)
        self._taking = threading.Lock()
        self._results: queue.SimpleQueue[_Result[R] | _Broken] = (
            queue.SimpleQueue()
        )
        self._stopped = threading.Event()
        count = min(jobs, len(things))
        self._room = threading.Semaphore(AHEAD * count)
        # Daemons: the pool of the standard library makes the interpreter
        # wait at its end for whatever its threads are at.
        self._threads = [
            threading.Thread(
                target=self._run, name=f'worker-{number}', daemon=True
            )
            for number in range(count)
        ]
        self._started: list[threading.Thread] = []

    def start(self) -> None:
        """Begin."""
        for thread in self._threads:
            thread.start()
            self._started.append(thread)

    def next(self) -> tuple[int, R]:
        """Wait for one more result.

        :raises BaseException: what the work raised
        """
        found = self._results.get()
        if isinstance(found, _Broken):
            raise found.error
        self._room.release()
        return found.position, found.value

    def stop(self) -> None:
        """Let nothing more begin, and wait a little for what is under way."""
        if self._stopped.is_set():
            return
        self._stopped.set()
        for _ in self._started:
            self._room.release()
        for thread in self._started:
            thread.join(END / len(self._started))

    def _run(self) -> None:
        while True:
            self._room.acquire()
            with self._taking:
                taken = next(self._things, None)
            if taken is None or self._stopped.is_set():
                return
            position, thing = taken
            try:
                value = self._work(self._tools, thing)
            except BaseException as error:  # noqa: BLE001  told by next()
                self._results.put(_Broken(error))
                return
            self._results.put(_Result(position, value))
