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

"""Hands mail to a mail server (SMTP).

The connection is encrypted where the server offers it (STARTTLS), and has to
be where somebody logs in: a password is never sent in the clear. The server
has to prove who it is, but for one on this machine that nobody logs in to:
mail servers come with a certificate of their own making.
"""

from __future__ import annotations

import contextlib
import dataclasses
import smtplib
import ssl
from collections.abc import Collection
from collections.abc import Mapping
from collections.abc import Sequence

from openstack_publish import exceptions
from openstack_publish.model import urls
from openstack_publish.seams import alerts

TIMEOUT = 60.0
"""Longest silence of the server, in seconds."""

PORT = 25


@dataclasses.dataclass(frozen=True)
class Account:
    """Whom to log in as."""

    user: str
    password: str = dataclasses.field(repr=False)


class SmtpMailer:
    """Fits :class:`~openstack_publish.seams.alerts.Mailer`.

    :param sender: address of the envelope
    :param recipients: addresses of the envelope
    :param account: None to send without logging in
    """

    def __init__(
        self,
        host: str,
        port: int,
        sender: str,
        recipients: Sequence[str],
        account: Account | None = None,
    ) -> None:
        self._host = host
        self._port = port
        self._sender = sender
        self._recipients = tuple(recipients)
        self._account = account

    @property
    def recipients(self) -> tuple[str, ...]:
        """Return who is to get mail."""
        return self._recipients

    def send(
        self, message: bytes, recipients: Collection[str]
    ) -> alerts.Posted:
        """Hand over one message.

        Each has a connection of its own: hours lie between two of them.

        :raises Unavailable: the server does not answer
        """
        what = f'mail by {self._host}:{self._port}'
        try:
            with contextlib.closing(
                smtplib.SMTP(self._host, self._port, timeout=TIMEOUT)
            ) as server:
                self._secure(server)
                refused = _refused(
                    server.sendmail(self._sender, [*recipients], message)
                )
                # SMTP as its own context says good-bye whatever happened,
                # and raises what is answered in the place of a signal that
                # came meanwhile (Python 3.11 to 3.13). Here what the server
                # says to it changes nothing: the message is taken.
                with contextlib.suppress(OSError, smtplib.SMTPException):
                    server.quit()
        except smtplib.SMTPRecipientsRefused as error:
            return alerts.Posted(refused=_refused(error.recipients))
        except (smtplib.SMTPDataError, smtplib.SMTPSenderRefused) as error:
            return alerts.Posted(why=_cause(error))
        except (OSError, smtplib.SMTPException) as error:
            raise exceptions.Unavailable(what, _cause(error)) from error
        return alerts.Posted(frozenset(recipients) - refused.keys(), refused)

    def _secure(self, server: smtplib.SMTP) -> None:
        """Encrypt the connection, and log in where that is asked for."""
        server.ehlo()
        if server.has_extn('starttls'):
            context = ssl.create_default_context()
            if self._account is None and urls.is_loopback(self._host):
                context.check_hostname = False
                context.verify_mode = ssl.CERT_NONE
            server.starttls(context=context)
            server.ehlo()
        elif self._account is not None:
            raise smtplib.SMTPNotSupportedError(
                'it does not offer STARTTLS, and a password is not sent in '
                'the clear'
            )
        if self._account is not None:
            server.login(self._account.user, self._account.password)


def _cause(error: OSError | smtplib.SMTPException) -> str:
    """Return why it failed, in the server's words, never with a secret."""
    match error:
        case smtplib.SMTPResponseException():
            return f'it answers {error.smtp_code} {_words(error.smtp_error)}'
        case _:
            return str(error) or type(error).__name__


def _refused(told: Mapping[str, tuple[int, bytes]]) -> dict[str, str]:
    return {
        recipient: f'{code} {_words(words)}'
        for recipient, (code, words) in told.items()
    }


def _words(said: bytes | str) -> str:
    return said if isinstance(said, str) else said.decode('utf-8', 'replace')
