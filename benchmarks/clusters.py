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

"""``verify`` on a cluster of two on this machine, against threads.

The cluster has no more cores than the threads, so what is measured is what
it costs: to begin, for each release, and where waiting is most of the work.
"""

from __future__ import annotations

import functools
import os
import pathlib
import sys

from benchmarks import archive
from benchmarks import runs
from benchmarks import standin
from benchmarks import table
from openstack_publish.assembly import settings
from tests.support import dask_cluster
from tests.support import out_there

COUNT = 200
LATENCY = 25
"""Milliseconds that each request takes longer."""

TIMES = 1.5
"""How much longer a cluster may take on the cores of one machine."""

WORKERS = 2
THREADS = 4
THINGS = 1_000
"""Numbers that are squared, to see what each costs without work."""

PER_THING = 0.02
"""Most that one may cost, in seconds; to verify a release takes longer."""

_ALTERNATIVE = f'{settings.JOBS} threads of one process'

_SQUARES = """\
import sys
from openstack_publish.gates import clock
from openstack_publish.gates.cluster import shared
from tests.support import cluster_work

address, count, jobs = sys.argv[1:]
things = [cluster_work.Thing(number) for number in range(int(count))]
with shared.Cluster(
    address,
    cluster_work.Build(),
    cluster_work.lost,
    clock.SystemClock(),
    int(jobs),
) as cluster:
    for _ in cluster.each(cluster_work.square, things):
        pass
"""


def rows(scratch: pathlib.Path, repetitions: int) -> list[table.Row]:
    """Verify many releases, verify one, do nothing often."""
    repetitions = min(3, repetitions)
    with dask_cluster.DaskCluster(WORKERS, threads=THREADS) as cluster:
        return [
            _series(scratch / 'many', cluster.address, COUNT, repetitions),
            _series(scratch / 'one', cluster.address, 1, repetitions),
            _nothing(scratch, cluster.address, repetitions),
        ]


def _series(
    place: pathlib.Path, address: str, count: int, repetitions: int
) -> table.Row:
    place.mkdir()
    made = out_there.make(str(place), count, os.environ)
    with (
        standin.filled(made.fill, latency_ms=LATENCY) as index,
        archive.running(made.archive, latency_ms=LATENCY) as url,
    ):
        command = [
            *(runs.script('openstack-publish'), 'verify'),
            *('--series', out_there.SERIES, '--releases', made.releases_dir),
            *('--archive', url, '--read-url', index.read_url),
        ]
        verify = functools.partial(
            runs.run,
            environment=_environment(place),
            directory=place,
        )
        ours, others = runs.in_turns(
            repetitions,
            lambda: verify([*command, '--scheduler', address]),
            lambda: verify(command),
        )
    if count > 1:
        return table.at_most(
            f'verify {count} releases on a cluster of {WORKERS}, {LATENCY} ms '
            'a request',
            ours,
            others,
            TIMES,
            alternative=_ALTERNATIVE,
        )
    more = runs.median(ours) - runs.median(others)
    return table.Row(
        f'verify one release on a cluster of {WORKERS}',
        runs.seconds(ours),
        _ALTERNATIVE,
        runs.seconds(others),
        f'+{more:.2f} s',
    )


def _nothing(place: pathlib.Path, address: str, repetitions: int) -> table.Row:
    def squares(count: int) -> runs.Run:
        return runs.run(
            [
                *(sys.executable, '-c', _SQUARES),
                *(address, str(count), str(settings.JOBS)),
            ],
            _environment(place),
            place,
        )

    many, one = runs.in_turns(
        repetitions,
        lambda: squares(THINGS),
        lambda: squares(1),
    )
    each = (runs.median(many) - runs.median(one)) / (THINGS - 1)
    return table.Row(
        f'a thing that takes no time, on a cluster of {WORKERS}',
        f'{each * 1000:.1f} ms',
        goal=f'<= {PER_THING * 1000:g} ms',
        verdict=table.verdict(each <= PER_THING),
    )


def _environment(place: pathlib.Path) -> dict[str, str]:
    """Return an environment in which the same is found as by the workers."""
    return runs.environment(place, PYTHONPATH=str(dask_cluster.ROOT))
