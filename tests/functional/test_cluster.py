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

"""The workers of a cluster, real ones on loopback."""

from __future__ import annotations

import pathlib
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from collections.abc import Mapping
from typing import Any, ClassVar

import distributed
import fixtures
import testtools

from openstack_publish import exceptions
from openstack_publish.gates import clock
from openstack_publish.gates.cluster import connection
from openstack_publish.gates.cluster import shared
from openstack_publish.gates.cluster import there
from tests.support import cluster_work
from tests.support import dask_cluster

COUNT = 40
JOBS = 8
SECONDS = 30.0
"""Longest wait for what a cluster does by itself; it takes milliseconds."""

_TASK = re.compile(r'-\d+-\d+$')

LOOKING = connection.Limits(look=0.1)
IMPATIENT = connection.Limits(connect=2.0, workers=0.5, look=0.1)

INTERRUPTED = """\
import logging
import sys
logging.getLogger().addHandler(logging.NullHandler())
from openstack_publish.gates import clock
from openstack_publish.gates.cluster import shared
from tests.support import cluster_work

address, lock = sys.argv[1:]
things = [cluster_work.Thing(0), cluster_work.Thing(1)]
things += [cluster_work.Thing(number, lock) for number in range(2, 40)]
cluster = shared.Cluster(
    address, cluster_work.Build(), cluster_work.lost, clock.SystemClock(), 8
)
try:
    with cluster:
        for position, _ in cluster.each(cluster_work.square, things):
            print(position, flush=True)
except KeyboardInterrupt:
    print('interrupted', flush=True)
"""


def held(dask_scheduler: distributed.Scheduler) -> list[str]:
    """Return what a scheduler holds of a run."""
    return [
        str(name)
        for held in (
            dask_scheduler.tasks,
            dask_scheduler.worker_plugins,
            dask_scheduler.plugins,
        )
        for name in held
        if str(name).startswith('openstack-publish')
    ]


def benches(dask_worker: distributed.Worker) -> list[str]:
    """Return what a worker holds of a run."""
    return [
        str(name)
        for name in (*dask_worker.plugins, *dask_worker.data)
        if str(name).startswith('openstack-publish')
    ]


def processing(dask_scheduler: distributed.Scheduler) -> list[str]:
    """Return what workers have to do for a run."""
    return [
        key
        for key in held(dask_scheduler)
        if _TASK.search(key)
        and dask_scheduler.tasks[key].state == 'processing'
    ]


def forget(dask_scheduler: distributed.Scheduler) -> int:
    """Make a scheduler forget what it has to do, and tell nobody."""
    keys = processing(dask_scheduler)
    for key in keys:
        del dask_scheduler.tasks[key]
    return len(keys)


def allow(failures: int, dask_scheduler: distributed.Scheduler) -> None:
    """Set how many workers may end while they are at a thing."""
    dask_scheduler.allowed_failures = failures


def things(lock: cluster_work.Lock | None = None) -> list[cluster_work.Thing]:
    """Return things, of which all but the first two wait for a lock."""
    return [
        cluster_work.Thing(
            number, None if lock is None or number < 2 else lock.path
        )
        for number in range(COUNT)
    ]


class TestCluster(testtools.TestCase):
    """Two workers, which the tests share; who takes one away adds one."""

    cluster: ClassVar[dask_cluster.DaskCluster]
    client: ClassVar[Any]

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.cluster = dask_cluster.DaskCluster()
        cls.cluster.setUp()
        cls.addClassCleanup(cls.cluster.cleanUp)
        cls.client = distributed.Client(
            cls.cluster.address, set_as_default=False
        )
        cls.addClassCleanup(cls.client.close)

    def setUp(self) -> None:
        super().setUp()
        self.log = self.useFixture(fixtures.FakeLogger())
        self.directory = pathlib.Path(self.useFixture(fixtures.TempDir()).path)

    def shared(
        self,
        limits: connection.Limits = LOOKING,
        address: str | None = None,
        wrong: Mapping[int, Exception] | None = None,
        jobs: int = JOBS,
    ) -> shared.Cluster[cluster_work.Tools]:
        return shared.Cluster(
            address or self.cluster.address,
            cluster_work.Build(wrong or {}),
            cluster_work.lost,
            clock.SystemClock(),
            jobs,
            limits,
        )

    def lock(self) -> cluster_work.Lock:
        lock = cluster_work.Lock(self.directory / 'lock')
        self.addCleanup(lock.free)
        return lock

    def nothing_left(self) -> bool:
        """Neither tasks nor plugins nor what plugins made."""
        made = [
            path
            for worker in self.cluster.workers
            for path in self.cluster.directory.glob(f'tools-{worker.pid}-*')
        ]
        return not (
            made
            or self.client.run_on_scheduler(held)
            # One that has nothing of this program can hold nothing of it.
            or any(self.client.run(benches, on_error='ignore').values())
        )

    def waiting(self, count: int = 1) -> list[str]:
        """Return what workers have to do, once it is so many things.

        What is submitted after a result may come to the scheduler after
        anything that a test asks of it.
        """
        found: list[str] = []

        def enough() -> bool:
            found[:] = self.client.run_on_scheduler(processing)
            return len(found) >= count

        self.wait_until(enough)
        return found

    def wait_until(self, condition: Callable[[], bool]) -> None:
        end = time.monotonic() + SECONDS
        while not condition():
            self.assertLess(time.monotonic(), end)

    def refused(
        self, wrong: Mapping[int, Exception] | None = None
    ) -> exceptions.PublishError:
        with self.shared(wrong=wrong) as cluster:
            error = self.assertRaises(
                exceptions.PublishError,
                next,
                cluster.each(cluster_work.square, things()),
            )
        self.assertTrue(self.nothing_left())
        return error

    def test_each_thing_is_done_once_by_tools_that_are_built_once(
        self,
    ) -> None:
        with self.shared() as cluster:
            found = dict(cluster.each(cluster_work.square, things()))
            again = dict(cluster.each(cluster_work.square, things()[:3]))
            self.assertEqual([], list(cluster.each(cluster_work.square, [])))
        self.assertEqual(
            [number * number for number in range(COUNT)],
            [found[position].squared for position in range(COUNT)],
        )
        self.assertEqual(
            {worker.pid for worker in self.cluster.workers},
            {seen.pid for seen in found.values()},
        )
        self.assertEqual(2, len({seen.tools for seen in found.values()}))
        self.assertEqual([0, 1, 4], [again[n].squared for n in range(3)])
        self.assertTrue(self.nothing_left())

    def test_not_more_is_under_way_than_was_said(self) -> None:
        """A thread has one more at hand where that keeps to it."""
        for jobs, most in ((1, 1), (3, 3), (4, 8), (JOBS, 8)):
            lock = self.lock()
            with self.shared(jobs=jobs) as cluster:
                results = cluster.each(cluster_work.square, things(lock))
                next(results)
                next(results)
                # The one that is done leaves room for one more.
                self.waiting(most - 1)
                # Beside them stand the two plugins, and one that is done.
                tasks = self.client.run_on_scheduler(held)
                self.assertLessEqual(len(tasks), most + 3)
                lock.free()
                self.assertEqual(COUNT - 2, len(list(results)))

    def test_what_the_work_raises_is_raised_here(self) -> None:
        with self.shared() as cluster:
            error = self.assertRaises(
                LookupError, list, cluster.each(cluster_work.wrong, things())
            )
        self.assertEqual('no fifth', str(error))
        self.assertIn('cluster_work.py', error.__notes__[0])
        self.assertTrue(self.nothing_left())

    def test_who_stops_taking_results_stops_the_work(self) -> None:
        lock = self.lock()
        with self.shared() as cluster:
            results = cluster.each(cluster_work.square, things(lock))
            next(results)
            results.close()
            # What is under way may wait for the lock as long as it wants.
            self.wait_until(lambda: not self.client.run_on_scheduler(held))
            lock.free()
            self.wait_until(self.nothing_left)

    def test_what_somebody_else_cancels_is_told(self) -> None:
        lock = self.lock()
        with self.shared() as cluster:
            results = cluster.each(cluster_work.square, things(lock))
            next(results)
            next(results)
            self.client.cancel(
                [
                    distributed.Future(key, self.client)
                    for key in self.waiting()
                ],
                force=True,
            )
            error = self.assertRaises(exceptions.Unavailable, list, results)
            lock.free()
        self.assertEqual(
            f'the scheduler {self.cluster.address}: somebody else cancelled '
            'what it had to do',
            str(error),
        )
        self.wait_until(self.nothing_left)

    def test_what_the_scheduler_forgets_is_unknown(self) -> None:
        """Else it would be waited for without an end."""
        lock = self.lock()
        with self.shared() as cluster:
            results = cluster.each(cluster_work.square, things(lock))
            next(results)
            next(results)
            self.waiting()
            count = self.client.run_on_scheduler(forget)
            first = [next(results)[1] for _ in range(count)]
            lock.free()
            rest = [found for _, found in results]
        self.assertGreater(count, 0)
        self.assertEqual(COUNT - 2 - count, len(rest))
        for found in first:
            self.assertIn('knows nothing of it any more', str(found))
        for found in rest:
            self.assertNotIn('knows nothing', str(found))
        self.wait_until(self.nothing_left)

    def test_a_worker_that_sees_something_else_is_refused_at_once(
        self,
    ) -> None:
        worker = self.cluster.workers[1]
        error = self.refused({worker.pid: cluster_work.UNFIT})
        assert isinstance(error, exceptions.Misconfigured)
        self.assertEqual('--scheduler', error.where)
        self.assertEqual(
            f'worker {worker.address}: {cluster_work.UNFIT}', str(error)
        )

    def test_a_worker_that_cannot_say_is_not_taken_for_fit(self) -> None:
        worker = self.cluster.workers[1]
        for wrong, why in (
            (cluster_work.WITHOUT_GPG, 'running gpg: gpg is not there'),
            (
                cluster_work.STRANGE,
                'building what is needed to verify: RuntimeError: out of '
                'cheese',
            ),
        ):
            error = self.refused({worker.pid: wrong})
            self.assertIsInstance(error, exceptions.Unavailable)
            self.assertEqual(
                f'workers of the scheduler {self.cluster.address}: worker '
                f'{worker.address}: {why}',
                str(error),
            )

    def test_another_version_is_refused(self) -> None:
        theirs = there.programs()['openstack-publish']
        self.useFixture(
            fixtures.MonkeyPatch('openstack_publish.version.VERSION', '9.9')
        )
        error = self.refused()
        self.assertIsInstance(error, exceptions.Misconfigured)
        self.assertEqual(
            f'scheduler {self.cluster.address}: openstack-publish {theirs} '
            'is there, and openstack-publish 9.9 here; install the same there',
            str(error),
        )

    def test_a_worker_without_this_program_is_refused(self) -> None:
        (self.directory / 'sitecustomize.py').write_text(
            "import sys\nsys.modules['openstack_publish'] = None\n"
        )
        worker = self.cluster.add_worker({'PYTHONPATH': str(self.directory)})
        self.addCleanup(self.cluster.end, worker)
        error = self.refused()
        self.assertIsInstance(error, exceptions.Misconfigured)
        ours = there.programs()['openstack-publish']
        self.assertRegex(
            str(error),
            f'worker {worker.address} cannot run openstack-publish: .*'
            "'openstack_publish' is not a package.*; install "
            rf'"openstack-publish\[cluster\]=={ours}" there',
        )

    def test_a_lost_worker_loses_nothing(self) -> None:
        """Of those that join meanwhile the fit one gets the work."""
        lock = self.lock()
        with self.shared() as cluster:
            results = cluster.each(cluster_work.square, things(lock))
            found = [next(results), next(results)]
            unfit = self.cluster.add_worker({'UNFIT': '1'})
            for worker in self.cluster.workers[:2]:
                self.cluster.end(worker, signal.SIGKILL)
            fit = self.cluster.add_worker()
            lock.free()
            found += results
        self.cluster.end(unfit)
        self.assertEqual(
            [(number, number * number) for number in range(COUNT)],
            sorted((number, seen.squared) for number, seen in found),
        )
        self.assertEqual(
            {fit.pid}, {seen.pid for number, seen in found if number >= 2}
        )
        self.assertIn(
            f'worker {unfit.address} is not taken: {cluster_work.UNFIT}',
            self.log.output,
        )
        self.cluster.add_worker()
        self.assertTrue(self.nothing_left())

    def test_what_ends_its_workers_is_unknown_and_the_rest_goes_on(
        self,
    ) -> None:
        self.client.run_on_scheduler(allow, 0)
        self.addCleanup(self.client.run_on_scheduler, allow, 3)
        # One at a time: what waits behind it is lost with it.
        with self.shared(jobs=1) as cluster:
            found: dict[int, Any] = dict(
                cluster.each(cluster_work.deadly, things()[:12])
            )
        self.cluster.forget_the_ended()
        self.cluster.add_worker()
        lost = found.pop(5)
        self.assertEqual(5, lost.number)
        self.assertRegex(
            lost.why,
            'its result on the cluster: 1 workers ended while they were at '
            r'it, the last one tcp://127\.0\.0\.1:\d+',
        )
        self.assertEqual(
            [number * number for number in range(12) if number != 5],
            [found[number].squared for number in sorted(found)],
        )

    def run_to_be_ended(self, number: signal.Signals) -> tuple[list[str], str]:
        """Run until results come, end it, return what it said."""
        lock = self.lock()
        process = subprocess.Popen(
            [
                *(sys.executable, '-c', INTERRUPTED),
                *(self.cluster.address, lock.path),
            ],
            cwd=dask_cluster.ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.addCleanup(process.kill)
        assert process.stdout is not None
        process.stdout.readline()
        self.assertNotEqual([], self.client.run_on_scheduler(held))
        process.send_signal(number)
        said, errors = process.communicate(timeout=SECONDS)
        self.wait_until(lambda: not self.client.run_on_scheduler(held))
        lock.free()
        self.wait_until(self.nothing_left)
        return said.split(), errors

    def test_who_is_interrupted_leaves_nothing_behind(self) -> None:
        said, errors = self.run_to_be_ended(signal.SIGINT)
        self.assertEqual('interrupted', said[-1])
        self.assertEqual('', errors)

    def test_who_is_killed_leaves_nothing_behind(self) -> None:
        said, errors = self.run_to_be_ended(signal.SIGKILL)
        self.assertNotIn('interrupted', said)
        self.assertEqual('', errors)


class TestSchedulers(testtools.TestCase):
    """A cluster that comes to its end."""

    def test_each_end_is_told_within_its_limit(self) -> None:
        # It writes what it thinks of that to stderr, where nobody stops it.
        for name in ('distributed', 'distributed.client'):
            self.useFixture(fixtures.FakeLogger(name))
        mortal = self.useFixture(dask_cluster.DaskCluster(workers=0))
        shared_with = shared.Cluster[cluster_work.Tools](
            mortal.address,
            cluster_work.Build(),
            cluster_work.lost,
            clock.SystemClock(),
            JOBS,
            IMPATIENT,
        )
        with shared_with as cluster:
            error = self.assertRaises(
                exceptions.Unavailable,
                next,
                cluster.each(cluster_work.square, things()),
            )
            self.assertEqual(
                f'workers of the scheduler {mortal.address}: there was none '
                'within 0.5 s',
                str(error),
            )
            mortal.add_worker()
            results = cluster.each(cluster_work.square, things())
            next(results)
            mortal.end(mortal.workers[0], signal.SIGKILL)
            error = self.assertRaises(exceptions.Unavailable, list, results)
            self.assertEqual(
                f'workers of the scheduler {mortal.address}: there was none '
                'within 0.5 s',
                str(error),
            )
            mortal.add_worker()
            results = cluster.each(cluster_work.square, things())
            next(results)
            mortal.scheduler.kill()
            error = self.assertRaises(exceptions.Unavailable, list, results)
            self.assertEqual(
                f'the scheduler {mortal.address}: the connection to it was '
                'lost',
                str(error),
            )
        error = self.assertRaises(
            exceptions.Unavailable, shared_with.__enter__
        )
        self.assertRegex(
            str(error),
            f'^the scheduler {mortal.address}: no answer within 2 s: ',
        )
