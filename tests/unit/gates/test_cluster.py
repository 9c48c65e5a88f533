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

"""What is done on a worker of a cluster, without a cluster."""

from __future__ import annotations

import asyncio
import contextlib
import pickle
import subprocess
import sys
import threading
from collections.abc import Iterator
from collections.abc import Mapping
from typing import Any
from unittest import mock

import fixtures
import testtools
from distributed import client
from distributed.comm import core

from openstack_publish import exceptions
from openstack_publish.gates.cluster import connection
from openstack_publish.gates.cluster import there
from tests.support import dask_cluster

SECONDS = 10.0
"""Longest wait for another thread; far above what it takes."""

# Everything that a command line may load, without the site's extra.
LOADED = """\
import sys
from openstack_publish.cli import application
from openstack_publish.cli import verify
from openstack_publish.assembly import to_verify, to_audit, to_publish
from openstack_publish.gates import cluster
print(sorted({'dask', 'distributed', 'tornado'} & set(sys.modules)))
"""


class Tools:
    """Built and put away when a test lets it be."""

    def __init__(self) -> None:
        self.building = threading.Event()
        self.go = threading.Event()
        self.open = 0
        self.environment: Mapping[str, str] = {}

    @contextlib.contextmanager
    def build(self, environment: Mapping[str, str]) -> Iterator[Tools]:
        self.environment = environment
        self.building.set()
        self.go.wait(SECONDS)
        self.open += 1
        try:
            yield self
        finally:
            self.open -= 1


def double(tools: Tools, thing: int) -> int:
    """Double a number; a negative one waits until a test lets it go."""
    if thing < 0:
        tools.building.set()
        tools.go.wait(SECONDS)
    return tools.open * 2 * thing


class TestBench(testtools.TestCase):
    def setUp(self) -> None:
        super().setUp()
        self.tools = Tools()
        self.tools.go.set()
        self.bench = there.Bench('openstack-publish-1', self.build, double)

    @property
    def build(self) -> there.Build:
        return self.tools.build

    def furnish(self) -> None:
        asyncio.run(self.bench.setup(_worker()))

    def clear(self) -> None:
        asyncio.run(self.bench.teardown(_worker()))

    def assert_nothing_is_done(self) -> None:
        done = self.bench.do(4)
        assert isinstance(done, there.Refused)
        self.assertIsInstance(done.why, exceptions.Unavailable)
        self.assertEqual(0, self.tools.open)

    def test_nothing_is_done_before_tools_are_there_and_after(self) -> None:
        self.assert_nothing_is_done()
        self.furnish()
        self.assertIsNone(self.bench.objection())
        self.assertEqual(there.Done(8), self.bench.do(4))
        self.assertEqual(1, self.tools.open)
        self.clear()
        self.assert_nothing_is_done()

    def test_they_are_built_from_the_environment_of_the_worker(self) -> None:
        self.useFixture(fixtures.EnvironmentVariable('OF_THE_WORKER', 'yes'))
        self.furnish()
        self.assertEqual('yes', self.tools.environment['OF_THE_WORKER'])

    def test_tools_that_are_still_being_built_are_put_away(self) -> None:
        self.tools.go.clear()
        ending = threading.Thread(target=self.clear)
        beginning = threading.Thread(target=self.furnish)
        beginning.start()
        self.assertTrue(self.tools.building.wait(SECONDS))
        ending.start()
        self.tools.go.set()
        beginning.join(SECONDS)
        ending.join(SECONDS)
        self.assertEqual(0, self.tools.open)
        self.assertIsInstance(self.bench.do(4), there.Refused)

    def test_tools_that_are_in_use_are_put_away_when_they_are_not(
        self,
    ) -> None:
        self.furnish()
        self.tools.go.clear()
        self.tools.building.clear()
        done: list[object] = []
        busy = threading.Thread(target=lambda: done.append(self.bench.do(-4)))
        busy.start()
        self.assertTrue(self.tools.building.wait(SECONDS))
        self.clear()
        self.assertEqual(1, self.tools.open)
        self.assertIsInstance(self.bench.do(4), there.Refused)
        self.tools.go.set()
        busy.join(SECONDS)
        self.assertEqual([there.Done(-8)], done)
        self.assertEqual(0, self.tools.open)

    def test_another_version_builds_nothing(self) -> None:
        """It may join when what the others have was looked at."""
        ours = there.programs()['openstack-publish']
        self.useFixture(
            fixtures.MonkeyPatch('openstack_publish.version.VERSION', '9.9')
        )
        self.furnish()
        self.assertFalse(self.tools.building.is_set())
        self.assertEqual(
            f'openstack-publish 9.9 is there, and openstack-publish {ours} '
            'here; install the same there',
            str(self.bench.objection()),
        )

    def test_each_program_has_to_be_the_same(self) -> None:
        ours = there.programs()
        self.assertEqual(
            {'openstack-publish', 'Python', 'distributed'}, {*ours}
        )
        for name in ours:
            self.assertIn(
                f'{name} 0 is there',
                str(there.objection({**ours, name: '0'}, ours)),
            )
        self.assertIsNone(there.objection(ours, ours))

    def test_what_is_wrong_can_be_told_elsewhere(self) -> None:
        for error in (
            exceptions.Unavailable('running gpg', 'gpg is not there'),
            exceptions.Misconfigured('there is none', '--archive'),
        ):
            told = pickle.loads(pickle.dumps(error))
            self.assertIs(type(error), type(told))
            self.assertEqual(str(error), str(told))
            self.assertEqual(vars(error), vars(told))


class TestOutcome(testtools.TestCase):
    """What may come of asking for a result, whenever the cluster breaks."""

    def outcome(self, error: Exception) -> Any:
        future = mock.Mock()
        future.exception.return_value = None
        future.result.side_effect = error
        return connection.outcome('tls://h:1', future, SECONDS)

    def test_a_connection_that_is_lost_with_it_is_told(self) -> None:
        for error in (
            # While it is on its way.
            core.CommClosedError('in <TLS (closed) ConnectionPool.gather>'),
            client.FutureCancelledError('k', 'scheduler-connection-lost'),
        ):
            raised = self.assertRaises(
                exceptions.Unavailable, self.outcome, error
            )
            self.assertEqual(
                'the scheduler tls://h:1: the connection to it was lost',
                str(raised),
            )

    def test_a_result_that_is_made_once_more_is_not_there_yet(self) -> None:
        self.assertIsNone(self.outcome(TimeoutError()))

    def test_a_result_that_cannot_be_read_is_unknown(self) -> None:
        self.assertEqual(
            'its result on the cluster: UnpicklingError: truncated',
            str(self.outcome(pickle.UnpicklingError('truncated'))),
        )


class TestLoading(testtools.TestCase):
    def test_no_command_loads_dask_unless_a_scheduler_is_named(self) -> None:
        done = subprocess.run(
            [sys.executable, '-c', LOADED],
            cwd=dask_cluster.ROOT,
            capture_output=True,
            text=True,
            check=True,
        )
        self.assertEqual('[]\n', done.stdout)


def _worker() -> Any:
    """Return what no bench looks at."""
    return None
