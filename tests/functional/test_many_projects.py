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

"""Many projects of the stand-in index, read quickly and politely."""

from __future__ import annotations

import pathlib
import threading

import fixtures
import testtools

from openstack_publish import seams
from openstack_publish.assembly import many
from openstack_publish.assembly import settings
from openstack_publish.gates import workers
from openstack_publish.model import knowledge
from openstack_publish.model import listing
from openstack_publish.model import names
from openstack_publish.rehearsal import faults
from openstack_publish.rehearsal import replies
from tests.support import hand_clocks
from tests.support import standin

COUNT = 60
PROJECTS = [names.project_name(f'demo-{number}') for number in range(COUNT)]


def read(index: seams.Index, project: names.ProjectName) -> listing.Overview:
    return index.read_overview(project)


class TestManyProjects(testtools.TestCase):
    def setUp(self) -> None:
        super().setUp()
        self.index = self.useFixture(standin.StandIn()).index
        for project in PROJECTS:
            self.index.store.add_project(project, owner='openstackci')
            self.index.store.add_file(
                project, '1.0.0', f'{project}-1.0.0.tar.gz', project.encode()
            )
        self.cache = self.useFixture(fixtures.TempDir()).path
        # Nobody sleeps: what is waited for has passed at once.
        self.clock = hand_clocks.WallClock()
        self.now = self.most = 0
        self.lock = threading.Lock()

    def configuration(self, jobs: int = 8) -> settings.Configuration:
        return settings.Configuration(
            read_url=self.index.url, cache_dir=self.cache, jobs=jobs
        )

    def read(self, jobs: int = 8) -> list[listing.Overview]:
        """Read all; their order is that of the projects."""
        with workers.Threads(
            lambda: many.overviews(
                self.configuration(jobs), self.clock, 'pypi'
            ),
            jobs,
        ) as threads:
            found = dict(threads.each(read, PROJECTS))
        return [found[position] for position in range(COUNT)]

    def statuses(self) -> list[int | None]:
        return [logged.status for logged in self.index.requests]

    def known(self, found: list[listing.Overview]) -> int:
        return sum(
            isinstance(one.maintainers, knowledge.Known)
            and isinstance(one.files, knowledge.Known)
            for one in found
        )

    def test_eight_kept_connections_carry_two_questions_a_project(
        self,
    ) -> None:
        self.index.latency_ms = 2.0
        self.assertEqual(COUNT, self.known(self.read()))
        self.assertEqual([200] * 2 * COUNT, self.statuses())
        self.assertLessEqual(self.index.sockets.opened, 8)
        self.assertGreaterEqual(self.index.sockets.opened, 2)

    def test_one_job_is_one_connection(self) -> None:
        self.assertEqual(COUNT, self.known(self.read(jobs=1)))
        self.assertEqual(1, self.index.sockets.opened)

    def test_what_did_not_change_is_not_sent_again(self) -> None:
        first = self.read()
        self.index.forget_requests()
        self.assertEqual(first, self.read())
        self.assertEqual([304] * 2 * COUNT, self.statuses())
        self.index.store.add_role(PROJECTS[7], 'mallory', 'Maintainer')
        self.index.forget_requests()
        again = self.read()
        self.assertEqual(
            [7],
            [
                number
                for number in range(COUNT)
                if first[number].maintainers != again[number].maintainers
            ],
        )
        # A new role moves the serial, which the simple page has too.
        self.assertEqual(2, self.statuses().count(200))
        self.assertEqual(2 * COUNT - 2, self.statuses().count(304))

    def test_a_cache_that_was_broken_is_as_good_as_none(self) -> None:
        first = self.read()
        for number, path in enumerate(pathlib.Path(self.cache).iterdir()):
            content = path.read_bytes()
            path.write_bytes(
                (b'', content[:-9], content[::-1], b'x' + content)[number % 4]
            )
        for status in (200, 304):
            self.index.forget_requests()
            self.assertEqual(first, self.read())
            self.assertEqual([status] * 2 * COUNT, self.statuses())

    def test_a_cache_that_cannot_be_written_matters_to_nobody(self) -> None:
        # Not even root can write there.
        self.cache = '/proc/cache'
        for _ in range(2):
            self.assertEqual(COUNT, self.known(self.read()))
        self.assertEqual({200}, set(self.statuses()))

    def test_a_storm_of_429_leaves_few_unknown_and_one_connection(
        self,
    ) -> None:
        """Whoever is told to wait waits, and so do the others."""
        self.index.faults.set(
            'too-many-requests',
            times=10,
            routes=('json', 'simple'),
            skip=20,
            options=faults.Options(retry_after=3),
        )
        found = self.read()
        self.assertGreaterEqual(self.known(found), COUNT - 3)
        self.assertEqual(10, self.statuses().count(429))
        self.assertGreaterEqual(sum(self.clock.slept), 3.0)

    def test_after_a_429_half_as_many_are_asked_at_once(self) -> None:
        self.index.latency_ms = 5.0
        self.index.faults.set(
            'too-many-requests', times=1, routes=('json', 'simple')
        )
        with many.overviews(self.configuration(), self.clock, 'pypi') as index:
            index.read_overview(PROJECTS[0])
            self.watch()
            self.each_on_its_thread(index, PROJECTS[:16])
        self.assertLessEqual(self.most, 5)
        self.assertGreaterEqual(self.most, 2)

    def watch(self) -> None:
        """Count how many reads run at once."""

        def began(request: replies.Request) -> None:
            with self.lock:
                self.now += 1
                self.most = max(self.most, self.now)
            # As long as an answer takes.
            self.index.stopping.wait(0.01)
            with self.lock:
                self.now -= 1

        self.index.faults.before_read.append(began)

    def each_on_its_thread(
        self, index: seams.Index, projects: list[names.ProjectName]
    ) -> None:
        threads = [
            threading.Thread(target=index.read_overview, args=(project,))
            for project in projects
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def test_however_many_threads_ask_connections_are_eight(self) -> None:
        self.watch()
        with many.overviews(self.configuration(), self.clock, 'pypi') as index:
            self.each_on_its_thread(index, PROJECTS[:40])
        self.assertLessEqual(self.most, 8)
        self.assertGreaterEqual(self.most, 4)
        self.assertLessEqual(self.index.sockets.most_open, 8)

    def test_a_server_that_only_fails_is_soon_asked_less(self) -> None:
        self.index.faults.set('server-error', routes=('json', 'simple'))
        found = self.read()
        self.assertEqual(0, self.known(found))
        for one in found:
            assert isinstance(one.maintainers, knowledge.Unknown)
            self.assertIn('answers 500', one.maintainers.why)
        self.assertLess(len(self.index.requests), 3 * COUNT)

    def test_a_wait_too_long_is_asked_of_nobody_twice(self) -> None:
        self.index.faults.set(
            'too-many-requests',
            times=10 * COUNT,
            routes=('json', 'simple'),
            options=faults.Options(retry_after=3600),
        )
        found = self.read()
        for one in found:
            assert isinstance(one.maintainers, knowledge.Unknown)
            self.assertRegex(one.maintainers.why, r'ask(s|ed) to wait 3600 s$')
        self.assertLessEqual(len(self.index.requests), 8)
        self.assertEqual([], self.clock.slept)

    def test_one_that_fails_leaves_the_others(self) -> None:
        def broken(request: replies.Request) -> None:
            if request.project == PROJECTS[3] and request.route == 'json':
                self.index.store.set_status(PROJECTS[3], 'quarantined')

        self.index.faults.before_read.append(broken)
        self.index.faults.set('server-error', times=3, routes=['xmlrpc'])
        found = self.read()
        self.assertEqual(COUNT - 1, self.known(found))
        self.assertIsInstance(found[3].maintainers, knowledge.Unknown)
        self.assertEqual(knowledge.Known('quarantined'), found[3].status)

    def test_connections_are_closed_at_the_end(self) -> None:
        with many.overviews(self.configuration(), self.clock, 'pypi') as index:
            self.assertEqual(self.index.url, index.read_url)
            index.read_overview(PROJECTS[0])
        found = index.read_overview(PROJECTS[1])
        assert isinstance(found.maintainers, knowledge.Unknown)
        self.assertIn('reading was ended', found.maintainers.why)
