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

"""Workers of a cluster that do the same to many things."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from collections.abc import Generator
from collections.abc import Sequence
from typing import Any, Generic, TypeVar

from openstack_publish import exceptions
from openstack_publish import seams
from openstack_publish.gates import cluster
from openstack_publish.gates.cluster import connection
from openstack_publish.gates.cluster import crews
from openstack_publish.gates.cluster import there

T = TypeVar('T')
R = TypeVar('R')
Tools = TypeVar('Tools')

Lost = Callable[[Any, exceptions.Unavailable], Any]
"""Returns the result of a thing whose result could not be had."""


class Cluster(Generic[Tools]):
    """Fits :class:`openstack_publish.seams.Workers`; enter it to use it.

    Its workers have to be like this program and to see what it sees, which
    they say before anything is done; see :func:`.there.programs`, and what
    *build* raises.

    :param address: of the scheduler
    :param build: builds the tools on each worker; what it raises is why the
        worker is not taken
    :param lost: makes the result of a thing that ended its workers
    :param clock: to measure waits
    :param jobs: most things under way at once, over all workers together
    :param limits: how long what is waited for
    :raises Misconfigured: the address is none that may be used
    """

    def __init__(
        self,
        address: str,
        build: there.Build,
        lost: Lost,
        clock: seams.Clock,
        jobs: int,
        limits: connection.Limits | None = None,
    ) -> None:
        cluster.check(address)
        self._address = address
        self._build = build
        self._lost = lost
        self._clock = clock
        self._jobs = jobs
        self._limits = limits or connection.Limits()

    def __enter__(self) -> Cluster[Tools]:
        self._connection = connection.Connection(self._address, self._limits)
        return self

    def __exit__(self, *exception: object) -> None:
        self._connection.close()

    def each(
        self, work: Callable[[Tools, T], R], things: Sequence[T]
    ) -> Generator[tuple[int, R], None, None]:
        """Yield position and result of each thing, as they come.

        Whoever stops taking results, by an exception, Ctrl-C or otherwise,
        stops the work: what is under way on a worker ends there unheard.

        :raises Misconfigured: a worker is not like this program
        :raises Unavailable: scheduler or workers do not answer
        :raises Exception: what *work* raised, on the first thing that it
            did so
        """
        if not things:
            return
        bench = there.Bench(
            f'openstack-publish-{uuid.uuid4().hex}', self._build, work
        )
        crew: crews.Crew[T, R] = crews.Crew(
            self._connection, bench.name, things, self._clock, self._jobs
        )
        try:
            _compare(self._connection.programs(), self._address)
            self._connection.furnish(bench)
            crew.gather()
            for position, found in crew.results():
                if isinstance(found, exceptions.Unavailable):
                    yield position, self._lost(things[position], found)
                else:
                    yield position, found
        finally:
            self._connection.put_away(bench.name, crew.under_way())


def _compare(
    programs: dict[str, dict[str, str] | Exception], scheduler: str
) -> None:
    """Hold the programs of scheduler and workers against ours.

    :raises Misconfigured: one has another version, or none
    """
    ours = there.programs()
    for address, theirs in programs.items():
        place = 'scheduler' if address == scheduler else 'worker'
        if isinstance(theirs, Exception):
            raise exceptions.Misconfigured(
                f'{place} {address} cannot run openstack-publish: {theirs}; '
                f'install "openstack-publish[{cluster.EXTRA}]=='
                f'{ours["openstack-publish"]}" there',
                where=cluster.OPTION,
            )
        why = there.objection(theirs, ours)
        if why is not None:
            raise exceptions.Misconfigured(
                f'{place} {address}: {why}', where=cluster.OPTION
            )
