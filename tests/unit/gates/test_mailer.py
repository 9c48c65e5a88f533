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

"""Mail, to a real server on loopback."""

from __future__ import annotations

import asyncio
import signal
import threading
import types

import testtools
from aiosmtpd import smtp

from openstack_publish.gates import mailer
from openstack_publish.seams import alerts
from tests.support import mailserver

LIMIT = 10
"""Longest wait for a signal to be seen, in seconds."""


class Interrupting(mailserver.MailServer):
    """Sends a signal to the client, and answers once that has it."""

    def __init__(self) -> None:
        super().__init__()
        self.seen = threading.Event()

    async def handle_DATA(
        self,
        server: smtp.SMTP,
        session: smtp.Session,
        envelope: smtp.Envelope,
    ) -> str:
        """Take a message."""
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGALRM)
        await asyncio.get_running_loop().run_in_executor(
            None, self.seen.wait, LIMIT
        )
        return await super().handle_DATA(server, session, envelope)


class Unfriendly(mailserver.MailServer):
    """Takes a message, and fails at the good-bye."""

    async def handle_QUIT(
        self,
        server: smtp.SMTP,
        session: smtp.Session,
        envelope: smtp.Envelope,
    ) -> str:
        """Answer something else than 221."""
        return '421 too busy to part'


def send(server: mailserver.MailServer) -> object:
    """Send a message and return what became of it."""
    gate = mailer.SmtpMailer(
        '127.0.0.1', server.port, 'watch@example.org', ['list@example.org']
    )
    return gate.send(b'Subject: x\r\n\r\nx\r\n', ['list@example.org'])


class TestSend(testtools.TestCase):
    def test_a_signal_while_the_server_thinks_is_not_lost(self) -> None:
        """It came as an answer of the server once, and the watch went on."""
        server = self.useFixture(Interrupting())

        def stop(number: int, frame: types.FrameType | None) -> None:
            server.seen.set()
            raise KeyboardInterrupt

        before = signal.signal(signal.SIGALRM, stop)
        self.addCleanup(signal.signal, signal.SIGALRM, before)
        self.assertRaises(KeyboardInterrupt, send, server)

    def test_what_was_taken_is_sent_whatever_the_good_bye_is(self) -> None:
        """Else the letter would go out again with every round."""
        server = self.useFixture(Unfriendly())
        self.assertEqual(
            alerts.Posted(frozenset({'list@example.org'}), {}),
            send(server),
        )
        self.assertEqual(1, len(server.messages))
