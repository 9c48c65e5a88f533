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

"""A real mail server on loopback (aiosmtpd)."""

from __future__ import annotations

import email.message
import email.policy
import pathlib
import socket
import ssl
from typing import Any

import fixtures
from aiosmtpd import controller
from aiosmtpd import smtp

CERTIFICATE = pathlib.Path(__file__).parent / 'tls' / 'loopback.pem'


class MailServer(fixtures.Fixture):
    """Takes mail, or refuses it.

    :param login: user and password that it wants; it then offers STARTTLS
    :param encrypts: whether it offers STARTTLS to those without a login
    """

    def __init__(
        self, login: tuple[str, str] | None = None, *, encrypts: bool = False
    ) -> None:
        super().__init__()
        self._login = login
        self._encrypts = encrypts
        self.messages: list[email.message.EmailMessage] = []
        self.recipients: list[list[str]] = []
        self.encrypted: list[bool] = []
        self.refuses: str | None = None
        """What it answers instead of taking a message."""

        self.refuses_recipients: set[str] = set()

    def _setUp(self) -> None:
        with socket.socket() as probe:
            probe.bind(('127.0.0.1', 0))
            self.port: int = probe.getsockname()[1]
        options: dict[str, Any] = {}
        if self._login is not None or self._encrypts:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(CERTIFICATE)
            options['tls_context'] = context
        if self._login is not None:
            options['authenticator'] = self._check
            options['auth_required'] = True
        server = controller.Controller(
            self, hostname='127.0.0.1', port=self.port, **options
        )
        server.start()
        self.addCleanup(server.stop)

    @property
    def subjects(self) -> list[str]:
        """Subjects of the mails that were taken."""
        return [str(message['Subject']) for message in self.messages]

    @property
    def ids(self) -> list[str]:
        """Message-IDs of the mails that were taken."""
        return [str(message['Message-ID']) for message in self.messages]

    def _check(
        self,
        server: smtp.SMTP,
        session: smtp.Session,
        envelope: smtp.Envelope,
        mechanism: str,
        data: Any,
    ) -> smtp.AuthResult:
        given = (data.login.decode(), data.password.decode())
        # Not handled: the server is to say it.
        return smtp.AuthResult(success=given == self._login, handled=False)

    async def handle_RCPT(
        self,
        server: smtp.SMTP,
        session: smtp.Session,
        envelope: smtp.Envelope,
        address: str,
        options: list[str],
    ) -> str:
        """Take a recipient, or not."""
        if address in self.refuses_recipients:
            return f'550 {address} is unknown here'
        envelope.rcpt_tos.append(address)
        return '250 OK'

    async def handle_DATA(
        self,
        server: smtp.SMTP,
        session: smtp.Session,
        envelope: smtp.Envelope,
    ) -> str:
        """Take a message, or not."""
        if self.refuses is not None:
            return self.refuses
        content = envelope.content
        assert isinstance(content, bytes)
        message = email.message_from_bytes(
            content, policy=email.policy.default
        )
        assert isinstance(message, email.message.EmailMessage)
        self.messages.append(message)
        self.recipients.append(list(envelope.rcpt_tos))
        self.encrypted.append(session.ssl is not None)
        return '250 taken'
