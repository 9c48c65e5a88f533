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

"""What is done on a worker of a cluster.

The tools of a run are built once on each worker, from what was sent and from
the worker's own environment, and are shared by its threads. Nothing here
raises: what is wrong with a worker is told to whoever asks for its
:func:`standing`.
"""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import importlib.metadata
import os
import platform
import threading
import traceback
from collections.abc import Callable
from collections.abc import Collection
from collections.abc import Iterator
from collections.abc import Mapping
from typing import Any

import distributed

from openstack_publish import exceptions
from openstack_publish import version

Build = Callable[[Mapping[str, str]], contextlib.AbstractContextManager[Any]]
"""Builds tools where it is called, from the environment there."""

Work = Callable[[Any, Any], Any]


@dataclasses.dataclass(frozen=True)
class Done:
    """A thing is done."""

    value: Any


@dataclasses.dataclass(frozen=True)
class Broken:
    """The work raised what it should not."""

    error: Exception


@dataclasses.dataclass(frozen=True)
class Refused:
    """The worker has no tools for this run."""

    why: exceptions.PublishError


def programs() -> dict[str, str]:
    """Return what has to be the same everywhere, by its name."""
    major, minor, _ = platform.python_version_tuple()
    return {
        'openstack-publish': version.VERSION,
        'Python': f'{major}.{minor}',
        'distributed': importlib.metadata.version('distributed'),
    }


def objection(
    theirs: Mapping[str, str], ours: Mapping[str, str]
) -> exceptions.Misconfigured | None:
    """Return why programs of another place are none to work with, or None."""
    for name, version_here in ours.items():
        if theirs.get(name) != version_here:
            return exceptions.Misconfigured(
                f'{name} {theirs.get(name)} is there, and {name} '
                f'{version_here} here; install the same there'
            )
    return None


class Bench(distributed.WorkerPlugin):
    """The tools of one run on one worker; a worker that joins gets one.

    :param name: of the run; no other has it
    :param build: builds the tools there; where it raises, nothing is done
    :param work: what is done to each thing
    """

    def __init__(self, name: str, build: Build, work: Work) -> None:
        self.name = name
        self._build = build
        self._work = work
        self._programs = programs()
        self._place: _Place | None = None

    async def setup(self, worker: distributed.Worker) -> None:
        """Build the tools, aside from the loop that serves the worker."""
        self._place = _Place(objection(programs(), self._programs))
        await asyncio.to_thread(self._place.furnish, self._build)

    async def teardown(self, worker: distributed.Worker) -> None:
        """Put the tools away."""
        if self._place is not None:
            await asyncio.to_thread(self._place.clear)

    def objection(self) -> exceptions.PublishError | None:
        """Return why nothing can be done here, or None."""
        if self._place is None:
            return _NOT_YET
        return self._place.objection

    def do(self, thing: Any) -> Done | Broken | Refused:
        """Do the work to one thing."""
        if self._place is None:
            return Refused(_NOT_YET)
        try:
            with self._place.used() as tools:
                return Done(self._work(tools, thing))
        except _Closed as closed:
            return Refused(closed.why)
        except Exception as error:  # noqa: BLE001  raised where it is wanted
            error.add_note(f'On a worker:\n{traceback.format_exc()}')
            return Broken(error)


class Sweeper(distributed.SchedulerPlugin):
    """Puts a run's benches away when its client is gone, however it went.

    :param bench: name of the run's benches
    :param client: name of the client that runs it
    """

    def __init__(self, bench: str, client: str) -> None:
        self.name = f'{bench}-sweeper'
        self._bench = bench
        self._client = client

    def remove_client(
        self, scheduler: distributed.Scheduler, client: str
    ) -> None:
        """Sweep, if it is the client of this run that left."""
        if client == self._client:
            scheduler.loop.add_callback(self._sweep, scheduler)

    async def _sweep(self, scheduler: distributed.Scheduler) -> None:
        # It is there no more where the client put all away itself; what a
        # worker says that goes at the same moment is of no interest.
        with contextlib.suppress(Exception):
            await scheduler.unregister_worker_plugin(None, name=self._bench)
        with contextlib.suppress(Exception):
            scheduler.remove_plugin(name=self.name)


def do(name: str, thing: Any) -> Done | Broken | Refused:
    """Do the work of a run to one thing, on the worker that calls this."""
    bench = _bench(distributed.get_worker(), name)
    return Refused(_NOT_YET) if bench is None else bench.do(thing)


def standing(
    name: str, dask_worker: distributed.Worker
) -> exceptions.PublishError | None:
    """Return why nothing of a run can be done on a worker, or None."""
    bench = _bench(dask_worker, name)
    return _NOT_YET if bench is None else bench.objection()


class _Closed(Exception):
    """There are no tools.

    :param why: what is told of it
    """

    def __init__(self, why: exceptions.PublishError) -> None:
        super().__init__(str(why))
        self.why = why


def forgotten(
    keys: Collection[str], dask_scheduler: distributed.Scheduler
) -> frozenset[str]:
    """Return the keys that a scheduler knows nothing of."""
    return frozenset(keys).difference(dask_scheduler.tasks)


class _Place:
    """Where tools lie, from their building to their being put away.

    :param wrong: why none are to be built
    """

    def __init__(self, wrong: exceptions.PublishError | None) -> None:
        self.objection: exceptions.PublishError | None = wrong or _NOT_YET
        self._tools: Any = None
        self._stack = contextlib.ExitStack()
        self._users = 0
        self._closed = False
        # A run may end while its tools are being built.
        self._changing = threading.Lock()

    def furnish(self, build: Build) -> None:
        """Build the tools, or remember why they cannot be built."""
        with self._changing:
            if self._closed or self.objection is not _NOT_YET:
                return
            try:
                self._tools = self._stack.enter_context(
                    build(dict(os.environ))
                )
            except exceptions.PublishError as error:
                self.objection = error
            except Exception as error:  # noqa: BLE001  told by standing()
                self.objection = exceptions.Unavailable(
                    'building what is needed to verify',
                    f'{type(error).__name__}: {error}',
                )
            else:
                self.objection = None

    @contextlib.contextmanager
    def used(self) -> Iterator[Any]:
        """Give the tools for as long as they are used.

        :raises _Closed: there are none
        """
        with self._changing:
            if self.objection is not None:
                raise _Closed(self.objection)
            self._users += 1
        try:
            yield self._tools
        finally:
            with self._changing:
                self._users -= 1
                self._put_away()

    def clear(self) -> None:
        """Put the tools away as soon as nobody uses them any more.

        No thread can be stopped at what it is at; without tools it might
        make some of them anew, which nobody would put away.
        """
        with self._changing:
            self._closed = True
            self.objection = _NOT_YET
            self._put_away()

    def _put_away(self) -> None:
        if self._closed and not self._users:
            self._stack.close()


def _bench(worker: distributed.Worker, name: str) -> Bench | None:
    bench = worker.plugins.get(name)
    return bench if isinstance(bench, Bench) else None


_NOT_YET = exceptions.Unavailable('this run', 'the worker has nothing of it')
