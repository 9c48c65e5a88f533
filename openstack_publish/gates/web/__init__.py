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

"""Reads over HTTP: the only user of requests for anything but an upload.

Every wait and every body has a limit:

- :data:`limits.CONNECT` seconds for a connection, ``timeout`` seconds of
  silence, and twice ``timeout`` for one answer with all its redirects, so
  that a server that sends a byte now and then is not waited for;
- ``max_bytes`` for a body once it is unpacked;
- :data:`DOWNLOAD` seconds for a file that is hashed as it comes;
- :data:`TRIES` tries, of which the last begins within ``window`` seconds of
  the first, not counting what :mod:`.throttle` makes it wait;
- ``connections`` exchanges at once, over all threads of one reader.

Nobody logs in for reading: neither a ``.netrc`` nor a cookie is sent.
"""

from __future__ import annotations

import os
from collections.abc import Mapping

import requests
import urllib3

from openstack_publish import exceptions
from openstack_publish import seams
from openstack_publish import version
from openstack_publish.gates.web import exchanges
from openstack_publish.gates.web import limits
from openstack_publish.gates.web import responses
from openstack_publish.gates.web import sessions
from openstack_publish.gates.web import throttle
from openstack_publish.gates.web import words
from openstack_publish.gates.web.exchanges import Answer
from openstack_publish.gates.web.exchanges import Elsewhere
from openstack_publish.model import urls

TIMEOUT = 60.0
"""Longest silence of a server, in seconds, unless another is named."""

TRIES = 3
WINDOW = 20.0
"""No try begins later than this after the first one, in seconds, unless
another number is named."""

PAUSES = (1.0, 4.0)
"""Seconds before the second and the third try."""

MAX_REDIRECTS = 5

DOWNLOAD = 900.0
"""Longest wait for a whole file that is hashed, in seconds."""

PROJECT_URL = 'https://opendev.org/openstack/openstack-publish'
USER_AGENT = f'openstack-publish/{version.VERSION} (+{PROJECT_URL})'

_REDIRECTS = frozenset({301, 302, 303, 307, 308})

__all__ = ['Answer', 'Elsewhere', 'Web']


class Web:
    """Reads anonymously, with limits. May be shared by threads.

    :param timeout: longest silence of a server, in seconds
    :param tries: how often a question is asked at most
    :param window: no try begins later than this after the first, in
        seconds; nor does anybody wait longer because the server asks for it
    :param connections: most exchanges at once
    :param cert: file or directory of certificates to believe instead of
        the usual ones
    :param client_cert: PEM file with a client's certificate and key
    :raises Misconfigured: a certificate file isn't there
    """

    def __init__(
        self,
        clock: seams.Clock,
        *,
        timeout: float = TIMEOUT,
        tries: int = TRIES,
        window: float = WINDOW,
        connections: int = throttle.CONNECTIONS,
        cert: str | None = None,
        client_cert: str | None = None,
        user_agent: str = USER_AGENT,
    ) -> None:
        for path, option in ((cert, '--cert'), (client_cert, '--client-cert')):
            if path is not None and not os.path.exists(path):
                raise exceptions.Misconfigured(
                    f'{path} is not there', where=option
                )
        self._clock = clock
        self._timeout = timeout
        self._tries = tries
        self._window = window
        self._cert = cert
        self._throttle = throttle.Throttle(clock, connections, window)
        self._sessions = sessions.Sessions(user_agent, client_cert)

    def __enter__(self) -> Web:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def close(self) -> None:
        """Ask nothing any more, and close the connections that are idle."""
        self._throttle.close()
        self._sessions.close()

    def get(
        self,
        url: str,
        *,
        accept: str,
        max_bytes: int,
        fresh: bool = False,
        etag: str | None = None,
    ) -> exchanges.Answer:
        """Read a document.

        :param fresh: ask caches on the way to ask the server
        :param etag: of the copy at hand; the answer may then be a 304
        :raises Misconfigured: the URL may not be asked
        :raises Elsewhere: the server points to another one
        :raises Unavailable: there was no answer within the limits, or a
            429 or 5xx
        """
        headers = {'Accept': accept}
        if fresh:
            headers['Cache-Control'] = 'no-cache'
        if etag is not None:
            headers['If-None-Match'] = etag
        return self._ask('GET', url, headers, None, max_bytes)

    def sha256(self, url: str, *, max_bytes: int) -> str:
        """Read a file as it is sent, keep nothing, and return its digest.

        :returns: hexadecimal digits
        :raises Misconfigured: the URL may not be asked
        :raises Unavailable: there is no such file, or no answer within the
            limits; :data:`DOWNLOAD` seconds for a whole file
        """
        answer = self._call(
            exchanges.for_file(
                'GET',
                url,
                DOWNLOAD,
                lambda response: responses.sha256(response, max_bytes),
            )
        )
        if answer.status != 200:
            raise exceptions.Unavailable(
                url, f'the server answers {answer.status}'
            )
        return answer.body.decode('ascii')

    def download(
        self, url: str, path: str, *, max_bytes: int
    ) -> exchanges.Answer:
        """Write a file as it is sent to *path*, and return its digest.

        :param path: where nothing is; a whole file is there only where the
            answer is a 200
        :returns: the answer; of a 200 the body is the SHA-256 of what was
            written, in hexadecimal digits, of all others it is not read
        :raises Misconfigured: the URL may not be asked
        :raises Elsewhere: the server points to another one
        :raises Unavailable: there was no answer within the limits, or a
            429 or 5xx, or it cannot be written; :data:`DOWNLOAD` seconds
            for a whole file
        """
        return self._call(
            exchanges.for_file(
                'GET',
                url,
                DOWNLOAD,
                lambda response: responses.stored(response, path, max_bytes),
            )
        )

    def head(self, url: str) -> exchanges.Answer:
        """Ask what would be said of a file, without the file.

        :raises Misconfigured: the URL may not be asked
        :raises Elsewhere: the server points to another one
        :raises Unavailable: there was no answer within the limits, or a
            429 or 5xx
        """
        return self._call(
            exchanges.for_file(
                'HEAD', url, 2 * self._timeout, responses.passed_over
            )
        )

    def post(
        self, url: str, body: bytes, content_type: str, *, max_bytes: int
    ) -> exchanges.Answer:
        """Ask a question that changes nothing (XML-RPC).

        :raises Misconfigured: the URL may not be asked
        :raises Unavailable: as for :meth:`get`; redirects are not followed
        """
        headers = {'Content-Type': content_type, 'Accept': content_type}
        return self._ask('POST', url, headers, body, max_bytes)

    def _ask(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        body: bytes | None,
        max_bytes: int,
    ) -> exchanges.Answer:
        return self._call(
            exchanges.Question(
                method,
                url,
                headers,
                body,
                2 * self._timeout,
                lambda response: responses.whole(response, max_bytes),
            )
        )

    def _call(self, question: exchanges.Question) -> exchanges.Answer:
        url = question.url
        objection = urls.objection(url)
        if objection is not None:
            raise exceptions.Misconfigured(
                f'{urls.without_user(url)} {objection}'
            )
        tries = 1 if self._throttle.hopeless else self._tries
        spent, tried = 0.0, 0
        while True:
            tried += 1
            try:
                with self._throttle.turn() as turn:
                    began = self._clock.monotonic()
                    try:
                        return self._try(question, turn)
                    finally:
                        spent += self._clock.monotonic() - began
            except responses.Failed as failed:
                last = failed
            if last.elsewhere is not None:
                raise exchanges.Elsewhere(
                    url, last.cause, last.elsewhere
                ) from last
            if last.final:
                raise exceptions.Unavailable(url, last.cause) from last
            if tried == tries:
                break
            pause = max(PAUSES[tried - 1], last.retry_after or 0.0)
            if spent + pause > self._window:
                break
            self._clock.sleep(pause)
            spent += pause
        self._throttle.came_to_nothing()
        cause = last.cause
        if self._tries > 1:
            often = 'once' if tried == 1 else f'{tried} times'
            cause += f' (tried {often} within {self._window:g} s)'
        if last.retry_after is not None:
            cause += f'; it asks to wait {last.retry_after:g} s'
        raise exceptions.Unavailable(url, cause) from last

    def _try(
        self, question: exchanges.Question, turn: throttle.Turn
    ) -> exchanges.Answer:
        limit = question.seconds
        with (
            limits.within(self._clock, limit) as ends,
            self._sessions.lent() as session,
        ):
            try:
                answer = self._follow(session, question)
            except responses.Failed as failed:
                if failed.busy:
                    turn.busy(failed.retry_after)
                raise
            except (
                requests.RequestException,
                urllib3.exceptions.HTTPError,
                OSError,
            ) as error:
                if ends.left <= 0:
                    raise responses.Failed(
                        f'no whole answer within {limit:g} s'
                    ) from error
                raise responses.Failed(
                    words.cause(error, self._timeout)
                ) from error
        turn.good()
        return answer

    def _follow(
        self, session: sessions.Session, question: exchanges.Question
    ) -> exchanges.Answer:
        """Ask, and ask again where the same server points elsewhere."""
        url, headers = question.url, question.headers
        for _ in range(MAX_REDIRECTS + 1):
            with session.request(
                question.method,
                url,
                headers=headers,
                data=question.body,
                timeout=(limits.CONNECT, self._timeout),
                # REQUESTS_CA_BUNDLE outranks a session's own setting, but
                # not what is named with the request.
                verify=self._cert,
                allow_redirects=False,
                stream=True,
            ) as response:
                status = response.status_code
                if status in _REDIRECTS:
                    url = responses.target(response, url, question.method)
                    continue
                responses.refuse(
                    response, 'If-None-Match' in headers, self._clock
                )
                return exchanges.Answer(
                    status,
                    responses.headers(response),
                    question.read(response),
                    url,
                )
        raise responses.Failed(
            f'more than {MAX_REDIRECTS} redirects', final=True
        )
