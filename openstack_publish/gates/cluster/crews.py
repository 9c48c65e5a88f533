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

"""What of one call is under way on the workers of a cluster."""

from __future__ import annotations

import logging
import queue
from collections.abc import Generator
from collections.abc import Sequence
from typing import Generic, TypeVar

from openstack_publish import exceptions
from openstack_publish import seams
from openstack_publish.gates import cluster
from openstack_publish.gates.cluster import connection
from openstack_publish.gates.cluster import there

T = TypeVar('T')
R = TypeVar('R')

AHEAD = 2
"""Things for each thread that are submitted at once."""

LOG = logging.getLogger(__name__)


class Crew(Generic[T, R]):
    """The workers of one call, and what they are at.

    :param scheduler: which does the work
    :param bench: name of the tools that the workers have
    :param things: what is to be done
    :param clock: to measure waits
    :param jobs: most things under way at once
    """

    def __init__(
        self,
        scheduler: connection.Connection,
        bench: str,
        things: Sequence[T],
        clock: seams.Clock,
        jobs: int,
    ) -> None:
        self._scheduler = scheduler
        self._bench = bench
        self._things = things
        self._clock = clock
        self._jobs = jobs
        self._next = 0
        self._again: list[int] = []
        """Positions of what has to be done once more."""

        self._open: dict[int, tuple[connection.Future, frozenset[str]]] = {}
        """What is under way, and the workers that may do it."""

        self._ended: queue.SimpleQueue[tuple[int, connection.Future]] = (
            queue.SimpleQueue()
        )
        self._room = 0
        """Most that is submitted and not ended."""

        self._sent = 0
        self._told: set[str] = set()
        self._fit: frozenset[str] = frozenset()
        self._unfit: dict[str, Exception] = {}
        self._missing: frozenset[str] = frozenset()
        """Keys that the scheduler did not know at the last look."""

        self._forgotten: frozenset[str] = frozenset()
        """Keys that it did not know at two looks: it had time to hear of
        them."""

        self._looked = clock.monotonic()
        self._seen_fit = self._looked

    def gather(self) -> None:
        """See that there are workers, and that each of them is fit.

        :raises Misconfigured: one is not
        :raises Unavailable: one cannot say; there is none in time
        """
        while not self._fit:
            self._look()
            for address, why in self._unfit.items():
                told = f'worker {address}: {why}'
                if isinstance(why, exceptions.Misconfigured):
                    raise exceptions.Misconfigured(told, cluster.OPTION)
                # Any other exception is one of a worker that just left.
                if isinstance(why, exceptions.Unavailable):
                    raise self._none(told)
            if not self._fit:
                self._clock.sleep(self._scheduler.limits.look / 10)

    def results(
        self,
    ) -> Generator[tuple[int, R | exceptions.Unavailable], None, None]:
        """Yield position and result of each thing; a reason for a lost one.

        :raises Unavailable: scheduler or workers do not answer
        """
        left = len(self._things)
        while left:
            self._submit()
            try:
                position, future = self._ended.get(
                    timeout=self._scheduler.limits.look
                )
            except queue.Empty:
                self._look()
                continue
            if self._is_time():
                self._look()
            if self._open.get(position, (None,))[0] is not future:
                continue
            found = self._result(position, future)
            if found is None:
                continue
            del self._open[position]
            future.release()
            left -= 1
            yield position, found[0]

    def under_way(self) -> list[connection.Future]:
        """Return what is under way."""
        return [future for future, _ in self._open.values()]

    def _submit(self) -> None:
        """Have things done.

        Where there are fewer threads than may be busy, each has its next
        thing at hand; else what was submitted would all be begun.
        """
        while self._fit and len(self._open) < self._room:
            if self._again:
                position = self._again.pop()
            elif self._next < len(self._things):
                position = self._next
                self._next += 1
            else:
                return
            self._sent += 1

            def ended(
                future: connection.Future, position: int = position
            ) -> None:
                self._ended.put((position, future))

            future = self._scheduler.submit(
                f'{self._bench}-{position}-{self._sent}',
                self._bench,
                self._things[position],
                self._fit,
                ended,
            )
            self._open[position] = (future, self._fit)

    def _result(
        self, position: int, future: connection.Future
    ) -> tuple[R | exceptions.Unavailable] | None:
        """Return the result of what ended; None where there is none yet.

        :raises Unavailable: it was cancelled, or the scheduler is gone
        :raises Exception: what the work raised
        """
        if future.key in self._forgotten:
            return (
                connection.without_result(
                    'the scheduler knows nothing of it any more'
                ),
            )
        found = connection.outcome(
            self._scheduler.address, future, self._scheduler.limits.look
        )
        if found is None:
            self._ended.put((position, future))
            return None
        if isinstance(found, exceptions.Unavailable):
            return (found,)
        if isinstance(found, there.Done):
            return (found.value,)
        if isinstance(found, there.Broken):
            raise found.error
        # Another process at the same address, which was not looked at yet.
        self._repeat(position)
        self._fit = frozenset()
        return None

    def _repeat(self, position: int) -> None:
        future, _ = self._open.pop(position)
        future.release()
        self._again.append(position)

    def _is_time(self) -> bool:
        return (
            not self._fit
            or self._clock.monotonic() - self._looked
            >= self._scheduler.limits.look
        )

    def _look(self) -> None:
        """See which workers are there and fit.

        :raises Unavailable: there was none for too long
        """
        now = self._looked = self._clock.monotonic()
        workers = self._scheduler.workers()
        ready = {address for address, threads in workers.items() if threads}
        fit = self._fit & ready
        self._unfit = {}
        if ready - fit:
            standings = self._scheduler.standings(self._bench, ready - fit)
            fit |= {
                address for address, why in standings.items() if why is None
            }
            self._unfit = {
                address: why
                for address, why in standings.items()
                if why is not None
            }
            self._warn()
        self._fit = fit
        threads = sum(workers[address] for address in fit)
        self._room = self._jobs if threads > self._jobs else AHEAD * threads
        if fit:
            self._seen_fit = now
        elif now - self._seen_fit >= self._scheduler.limits.workers:
            raise self._none('; '.join(map(str, self._unfit.values())))
        for position, (_, allowed) in list(self._open.items()):
            if allowed.isdisjoint(workers):
                self._repeat(position)
        self._look_for_forgotten()

    def _look_for_forgotten(self) -> None:
        """End what would be waited for without an end.

        :raises Unavailable: the scheduler does not answer
        """
        missing = self._scheduler.forgotten(self.under_way())
        self._forgotten = missing & self._missing
        self._missing = missing
        for position, (future, _) in self._open.items():
            if future.key in self._forgotten and not future.done():
                self._ended.put((position, future))

    def _warn(self) -> None:
        """Say once of each worker that came later why it is not taken."""
        for address, why in self._unfit.items():
            told = f'worker {address} is not taken: {why}'
            if self._sent and told not in self._told:
                self._told.add(told)
                LOG.warning('%s', told)

    def _none(self, why: str) -> exceptions.Unavailable:
        limit = self._scheduler.limits.workers
        return exceptions.Unavailable(
            f'workers of the scheduler {self._scheduler.address}',
            why or f'there was none within {limit:g} s',
        )
