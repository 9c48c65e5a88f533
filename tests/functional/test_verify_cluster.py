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

"""``verify --series`` on a cluster: as with threads, whatever is lost."""

from __future__ import annotations

import json
import os
import pathlib
import signal
import subprocess
import sys
from collections.abc import Callable
from collections.abc import Mapping
from typing import ClassVar

import fixtures
import testtools

from openstack_publish.gates.openpgp import home
from openstack_publish.rehearsal import server
from tests.support import archive_site
from tests.support import dask_cluster
from tests.support import gitrepo
from tests.support import httpd
from tests.support import keys
from tests.support import out_there
from tests.support import scene

COUNT = 24
PASSWORD = 'pypi-AgEIcHlwaS5vcmcCJDk5'  # of no account
LIMIT = 120
"""Longest run of a process, in seconds; it takes five."""


class TestVerify(testtools.TestCase):
    """An archive of some releases on loopback, and a stand-in index."""

    made: ClassVar[out_there.OutThere]

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        directory = keys.ShortDirectory()
        directory.setUp()
        cls.addClassCleanup(directory.cleanUp)
        cls.made = out_there.make(directory.path, COUNT, os.environ)

    def setUp(self) -> None:
        super().setUp()
        self.directory = pathlib.Path(self.useFixture(fixtures.TempDir()).path)
        self.site = self.useFixture(
            archive_site.ArchiveSite(self.made.archive)
        )
        self.index = server.StandInIndex()
        self.index.start()
        self.addCleanup(self.index.stop)
        self.made.fill(self.index)
        # What is out there may be wrong, too.
        self.site.on(self.path_of(20), httpd.answer(b'', status='404 No'))

    def path_of(self, number: int) -> str:
        sdist, _ = self.made.files(self.made.names[number])
        return os.path.relpath(sdist, self.made.archive)

    def words(self, *more: str) -> list[str]:
        words = ['verify', '--series', out_there.SERIES]
        words += ['--releases', self.made.releases_dir]
        words += ['--archive', self.site.url, '--read-url', self.index.url]
        return [*words, '-f', 'json', *more]

    def verify(
        self, *more: str, environment: Mapping[str, str] | None = None
    ) -> scene.Result:
        """Verify in a process of its own, with a token at hand."""
        done = subprocess.run(
            [sys.executable, '-m', 'openstack_publish', *self.words(*more)],
            cwd=dask_cluster.ROOT,
            env={
                **os.environ,
                'TWINE_PASSWORD': PASSWORD,
                **(environment or {}),
            },
            capture_output=True,
            text=True,
            timeout=LIMIT,
        )
        self.assertNotIn('Traceback', done.stderr)
        return scene.Result(done.returncode, done.stdout, done.stderr)

    def when_asked(self, path: str, act: Callable[[], object]) -> None:
        """Do something once, when the archive is asked for a file."""
        content = pathlib.Path(self.made.archive, path).read_bytes()
        whole = httpd.answer(content, 'application/octet-stream')

        def first(exchange: httpd.Exchange) -> None:
            act()
            whole(exchange)

        self.site.on(path, first, whole)

    def test_it_tells_what_threads_tell_whatever_is_lost(self) -> None:
        """All workers are lost; of two others one sees what we see."""
        cluster = self.useFixture(dask_cluster.DaskCluster())
        before = self.verify()
        self.assertEqual(1, before.code, before.stderr)
        rows = json.loads(before.stdout)
        self.assertEqual(
            {self.made.names[20]},
            {row['project'] for row in rows if row['verdict'] != 'held'},
        )
        originals = tuple(cluster.workers)
        checkout = self.useFixture(
            gitrepo.GitRepository(pathlib.Path(self.made.releases_dir))
        )
        ours = checkout.git('rev-parse', 'HEAD')
        theirs: list[str] = []

        def lose() -> None:
            checkout.git('commit', '--quiet', '--allow-empty', '-m', 'Move on')
            theirs.append(checkout.git('rev-parse', 'HEAD'))
            theirs.append(cluster.add_worker().address)
            checkout.git('reset', '--quiet', '--hard', ours)
            for worker in originals:
                cluster.end(worker, signal.SIGKILL)
            cluster.add_worker()

        self.when_asked(self.path_of(8), lose)
        journal = self.directory / 'done.jsonl'
        after = self.verify(
            *('--scheduler', cluster.address, '--continue', str(journal))
        )
        self.assertEqual(before.stdout, after.stdout)
        self.assertEqual(1, after.code)
        self.assertEqual(COUNT + 1, len(journal.read_bytes().splitlines()))
        self.assertIn(
            f'worker {theirs[1]} is not taken: the checkout '
            f'{self.made.releases_dir} is another one there: HEAD at '
            f'{theirs[0]} there, and HEAD at {ours} here; make them the same',
            after.stderr,
        )
        # Now the two see the same; what the killed ones left is swept away.
        late = self.verify('--scheduler', cluster.address)
        self.assertEqual(before.stdout, late.stdout)
        self.assertEqual('', late.stderr)
        self.assertEqual([], list(cluster.directory.glob(f'{home.PREFIX}*')))

    def test_a_scheduler_that_is_gone_leaves_what_was_done(self) -> None:
        """By TLS, with the rest done by threads."""
        certificate = {
            f'DASK_DISTRIBUTED__COMM__TLS__{name}': httpd.CERTIFICATE
            for name in (
                'CA_FILE',
                'SCHEDULER__CERT',
                'WORKER__CERT',
                'CLIENT__CERT',
            )
        }
        cluster = self.useFixture(
            dask_cluster.DaskCluster(
                1, environment=certificate, words=('--protocol', 'tls')
            )
        )
        self.assertEqual('tls://', cluster.address[:6])
        self.when_asked(self.path_of(12), cluster.scheduler.kill)
        journal = self.directory / 'done.jsonl'
        result = self.verify(
            *('--scheduler', cluster.address, '--continue', str(journal)),
            environment=certificate,
        )
        self.assertEqual(3, result.code, result.stderr)
        self.assertEqual('[]\n', result.stdout)
        self.assertEqual(
            f'openstack-publish: the scheduler {cluster.address}: the '
            'connection to it was lost\n',
            result.stderr,
        )
        done = len(journal.read_bytes().splitlines()) - 1
        self.assertIn(done, range(1, COUNT))
        asked = len(self.site.requests)
        again = self.verify('--continue', str(journal))
        asked_again = len(self.site.requests) - asked
        self.assertEqual(1, again.code)
        asked = len(self.site.requests)
        self.assertEqual(self.verify().stdout, again.stdout)
        self.assertLess(asked_again, len(self.site.requests) - asked)


class TestUsage(testtools.TestCase):
    """What is refused before anything is read."""

    def refused(self, *words: str) -> str:
        result = scene.run(['verify', *words, '-f', 'json'], {})
        self.assertEqual(2, result.code, result.stderr)
        self.assertEqual('[]\n', result.stdout)
        return result.stderr

    def test_a_cluster_is_for_a_series(self) -> None:
        self.assertEqual(
            'openstack-publish: --scheduler: --scheduler belongs to '
            '--series\n',
            self.refused('nova', '1.0', '--scheduler', 'tcp://127.0.0.1:1'),
        )

    def test_plain_tcp_over_a_network_is_wrong_usage(self) -> None:
        said = self.refused(
            *('--series', 'hibiscus', '--releases', '/proc/no'),
            *('--scheduler', 'tcp://dask.example.org:8786'),
        )
        self.assertIn('could run code here; use tls://', said)
