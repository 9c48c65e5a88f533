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

"""A watch that is killed at any point loses nothing and doubles nothing."""

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Collection
from collections.abc import Iterator

import fixtures
import testtools

from openstack_publish.gates import mailer
from openstack_publish.gates import statefile
from openstack_publish.seams import alerts
from tests.support import scene
from tests.support import vigil


class Killed(BaseException):
    """The process is gone; nothing in it may take notice."""


class Killer(fixtures.Fixture):
    """Ends the watch at one of the points at which it leaves a trace.

    :param point: counted from 0 over writes and mails, before and after
    """

    def __init__(self, point: int) -> None:
        super().__init__()
        self._left = point
        self.struck = False

    def _setUp(self) -> None:
        write, send = statefile.StateFile.write, mailer.SmtpMailer.send
        killer = self

        def writes(
            state: statefile.StateFile, changed: alerts.Changed
        ) -> None:
            killer.step()
            write(state, changed)
            killer.step()

        def sends(
            server: mailer.SmtpMailer,
            message: bytes,
            recipients: Collection[str],
        ) -> alerts.Posted:
            killer.step()
            posted = send(server, message, recipients)
            killer.step()
            return posted

        self.useFixture(
            fixtures.MonkeyPatch(
                'openstack_publish.gates.statefile.StateFile.write', writes
            )
        )
        self.useFixture(
            fixtures.MonkeyPatch(
                'openstack_publish.gates.mailer.SmtpMailer.send', sends
            )
        )

    def step(self) -> None:
        if self._left == 0:
            self._left = -1
            self.struck = True
            raise Killed
        self._left -= 1


@contextlib.contextmanager
def killed_at(point: int) -> Iterator[Killer]:
    with Killer(point) as killer, contextlib.suppress(Killed):
        yield killer


class TestKilled(testtools.TestCase):
    """Every point, one after the other."""

    def test_wherever_it_is_killed_every_letter_arrives_once(self) -> None:
        """Twice only if the server took it and nobody could note that.

        Then both have one Message-ID, by which mail programs know them.
        """
        points = 0
        while self.killed(points):
            points += 1
        self.assertGreater(points, 15)

    def killed(self, point: int) -> bool:
        """Play the story, killed at one point; say if there was one."""
        with vigil.Vigil() as stage:
            stage.look('--baseline')
            stage.pass_time(minutes=5)
            store = stage.index.store
            store.invite(vigil.PROJECT, 'thomas', 'Owner')
            stage.upload('6.2.1.0')
            stage.pass_time(minutes=1)
            with killed_at(point) as killer:
                stage.look()
            stage.pass_time(minutes=1)
            result = stage.look()
            self.assertEqual(1, result.code, result.stderr)
            told = set(stage.mailed())
            self.assertEqual({'OSP801', 'OSP806'}, told, str(point))
            ids = stage.mail.ids
            self.assertEqual(2, len(set(ids)), str(point))
            self.assertLessEqual(len(ids), 3, str(point))
            again = stage.look()
            self.assertEqual([], vigil.document(again)['opened'])
            self.assertEqual(ids, stage.mail.ids, str(point))
            return killer.struck


class TestProcess(testtools.TestCase):
    """A watch as a process of its own."""

    def setUp(self) -> None:
        super().setUp()
        self.vigil = self.useFixture(vigil.Vigil())

    def start(self, *more: str) -> subprocess.Popen[str]:
        words = self.vigil.arguments(*more)
        words.remove('--once')
        process = subprocess.Popen(
            [
                *(sys.executable, '-m', 'openstack_publish', *words),
                *('--interval', '60'),
            ],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, 'PYTHONUNBUFFERED': '1'},
        )
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process

    def test_it_runs_until_sigterm_and_ends_with_0(self) -> None:
        process = self.start()
        assert process.stdout is not None
        first = process.stdout.readline()
        self.assertIn('"exit_code": 0', first)
        process.send_signal(signal.SIGTERM)
        stdout, stderr = process.communicate(timeout=30)
        self.assertEqual((0, '', ''), (process.returncode, stdout, stderr))

    def test_one_state_file_is_for_one_watch(self) -> None:
        process = self.start()
        assert process.stdout is not None
        process.stdout.readline()
        result = self.vigil.look()
        self.assertEqual((2, ''), (result.code, result.stdout.strip('nul\n')))
        self.assertIn('another watch', result.stderr)
        listed = scene.run(
            ['watch', 'list', '--state', str(self.vigil.state)], {}
        )
        self.assertEqual(0, listed.code, listed.stderr)

    def test_after_sigkill_the_next_one_goes_on(self) -> None:
        process = self.start()
        assert process.stdout is not None
        process.stdout.readline()
        process.kill()
        process.wait()
        self.vigil.upload('6.2.1.0')
        self.vigil.pass_time(minutes=1)
        self.assertEqual(['OSP801'], self.vigil.codes())
