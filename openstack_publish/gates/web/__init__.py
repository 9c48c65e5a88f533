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
- :data:`TRIES` tries, of which the last begins within :data:`WINDOW` seconds.

Nobody logs in for reading: neither a ``.netrc`` nor a cookie is sent.
"""

from __future__ import annotations

import dataclasses
import os
import threading
from collections.abc import Mapping
from http import cookiejar
from urllib import parse

import requests
import urllib3

from openstack_publish import exceptions
from openstack_publish import seams
from openstack_publish import version
from openstack_publish.gates.web import limits
from openstack_publish.gates.web import words
from openstack_publish.model import urls

TIMEOUT = 60.0
"""Longest silence of a server, in seconds, unless another is named."""

TRIES = 3
WINDOW = 20.0
"""No try begins later than this after the first one, in seconds."""

PAUSES = (1.0, 4.0)
"""Seconds before the second and the third try."""

MAX_REDIRECTS = 5

PROJECT_URL = 'https://opendev.org/openstack/openstack-publish'
USER_AGENT = f'openstack-publish/{version.VERSION} (+{PROJECT_URL})'

_CHUNK = 16 * 1024
"""Bytes that are unpacked at once: gzip makes at most a thousandfold."""

_REDIRECTS = frozenset({301, 302, 303, 307, 308})


@dataclasses.dataclass(frozen=True)
class Answer:
    """What a server said: a 2xx, 304 or 4xx other than 429."""

    status: int
    headers: Mapping[str, str]
    """Names in lower case."""

    body: bytes
    url: str
    """Where the answer came from in the end."""

    @property
    def media_type(self) -> str:
        """Return the content type without its parameters, lower case."""
        kind = self.headers.get('content-type', '')
        return kind.partition(';')[0].strip().lower()


class _Failed(Exception):
    """One try came to nothing."""

    def __init__(
        self,
        cause: str,
        *,
        final: bool = False,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(cause)
        self.cause = cause
        self.final = final
        self.retry_after = retry_after


class Web:
    """Reads anonymously, with limits. May be shared by threads.

    :param timeout: longest silence of a server, in seconds
    :param tries: how often a question is asked at most
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
        self._cert = cert
        self._client_cert = client_cert
        self._user_agent = user_agent
        self._local = threading.local()

    def get(
        self,
        url: str,
        *,
        accept: str,
        max_bytes: int,
        fresh: bool = False,
        etag: str | None = None,
    ) -> Answer:
        """Read a document.

        :param fresh: ask caches on the way to ask the server
        :param etag: of the copy at hand; the answer may then be a 304
        :raises Misconfigured: the URL may not be asked
        :raises Unavailable: there was no answer within the limits, or a
            429, 5xx or redirect to elsewhere
        """
        headers = {'Accept': accept}
        if fresh:
            headers['Cache-Control'] = 'no-cache'
        if etag is not None:
            headers['If-None-Match'] = etag
        return self._call('GET', url, headers, None, max_bytes)

    def post(
        self, url: str, body: bytes, content_type: str, *, max_bytes: int
    ) -> Answer:
        """Ask a question that changes nothing (XML-RPC).

        :raises Misconfigured: the URL may not be asked
        :raises Unavailable: as for :meth:`get`; redirects are not followed
        """
        headers = {'Content-Type': content_type, 'Accept': content_type}
        return self._call('POST', url, headers, body, max_bytes)

    def _call(
        self,
        method: str,
        url: str,
        headers: dict[str, str],
        body: bytes | None,
        max_bytes: int,
    ) -> Answer:
        objection = urls.objection(url)
        if objection is not None:
            raise exceptions.Misconfigured(
                f'{urls.without_user(url)} {objection}'
            )
        began = self._clock.monotonic()
        tried = 0
        while True:
            tried += 1
            try:
                return self._try(method, url, headers, body, max_bytes)
            except _Failed as failed:
                last = failed
            if last.final:
                raise exceptions.Unavailable(url, last.cause) from last
            if tried == self._tries:
                break
            pause = max(PAUSES[tried - 1], last.retry_after or 0.0)
            if self._clock.monotonic() - began + pause > WINDOW:
                break
            self._clock.sleep(pause)
        cause = last.cause
        if self._tries > 1:
            often = 'once' if tried == 1 else f'{tried} times'
            cause += f' (tried {often} within {WINDOW:g} s)'
        if last.retry_after is not None:
            cause += f'; it asks to wait {last.retry_after:g} s'
        raise exceptions.Unavailable(url, cause) from last

    def _try(
        self,
        method: str,
        url: str,
        headers: dict[str, str],
        body: bytes | None,
        max_bytes: int,
    ) -> Answer:
        limit = 2 * self._timeout
        with limits.within(self._clock, limit) as ends:
            try:
                return self._follow(method, url, headers, body, max_bytes)
            except _Failed:
                raise
            except (
                requests.RequestException,
                urllib3.exceptions.HTTPError,
                OSError,
            ) as error:
                if ends.left <= 0:
                    raise _Failed(
                        f'no whole answer within {limit:g} s'
                    ) from error
                raise _Failed(words.cause(error)) from error

    def _follow(
        self,
        method: str,
        url: str,
        headers: dict[str, str],
        body: bytes | None,
        max_bytes: int,
    ) -> Answer:
        """Ask, and ask again where the same server points elsewhere."""
        for _ in range(MAX_REDIRECTS + 1):
            with self._session.request(
                method,
                url,
                headers=headers,
                data=body,
                timeout=(limits.CONNECT, self._timeout),
                # REQUESTS_CA_BUNDLE outranks a session's own setting, but
                # not what is named with the request.
                verify=self._cert,
                allow_redirects=False,
                stream=True,
            ) as response:
                status = response.status_code
                if status in _REDIRECTS:
                    url = _target(response, url, method)
                    continue
                self._refuse(response, 'If-None-Match' in headers)
                return Answer(
                    status,
                    {
                        name.lower(): value
                        for name, value in response.headers.items()
                    },
                    _body(response, max_bytes),
                    url,
                )
        raise _Failed(f'more than {MAX_REDIRECTS} redirects', final=True)

    def _refuse(self, response: requests.Response, conditional: bool) -> None:
        """Let only answers pass that say something of what was asked."""
        status = response.status_code
        said = f'the server answers {status} {words.reason(response)}'
        if status == 429 or status >= 500:
            raise _Failed(
                said.strip(),
                retry_after=words.retry_after(response, self._clock),
            )
        if status == 304 and conditional:
            return
        if not 200 <= status < 300 and not 400 <= status < 500:
            raise _Failed(said.strip(), final=True)

    @property
    def _session(self) -> requests.Session:
        """A session of this thread: requests' own are for one thread."""
        session: requests.Session | None = getattr(
            self._local, 'session', None
        )
        if session is None:
            session = _Session()
            session.headers.clear()
            session.headers['User-Agent'] = self._user_agent
            # What else requests may unpack (brotli, zstandard) makes far
            # more of a byte than gzip does.
            session.headers['Accept-Encoding'] = 'gzip'
            # Anything here keeps requests from reading .netrc.
            session.auth = _anonymous
            session.cookies.set_policy(
                cookiejar.DefaultCookiePolicy(allowed_domains=[])
            )
            session.cert = self._client_cert
            for scheme in ('https://', 'http://'):
                session.mount(scheme, limits.Adapter())
            self._local.session = session
        return session


class _Session(requests.Session):
    """A session that leaves redirects alone.

    Even when it is told not to follow one, requests reads its whole body,
    without a limit, and stumbles over a malformed target.
    """

    def get_redirect_target(self, resp: requests.Response) -> None:
        return None


def _anonymous(
    request: requests.PreparedRequest,
) -> requests.PreparedRequest:
    return request


def _target(response: requests.Response, url: str, method: str) -> str:
    """Return where a redirect points, if it may be followed."""
    location = response.headers.get('Location', '')
    try:
        place = parse.urljoin(url, location)
        same = urls.origin(place) == urls.origin(url)
        host = parse.urlsplit(place).netloc.rpartition('@')[2]
    except ValueError as error:
        raise _Failed('redirected to what is no URL', final=True) from error
    if not same:
        raise _Failed(
            f"redirected off the index's host, to {host!r}", final=True
        )
    if method != 'GET':
        raise _Failed('redirected, which a question never is', final=True)
    return place


def _body(response: requests.Response, max_bytes: int) -> bytes:
    coding = response.headers.get('Content-Encoding', 'identity')
    if coding.strip().lower() not in ('gzip', 'identity', ''):
        raise _Failed(
            f'packed as {coding!r}, which was not asked for', final=True
        )
    data = bytearray()
    for chunk in response.iter_content(_CHUNK):
        data += chunk
        if len(data) > max_bytes:
            raise _Failed(
                f'the answer has more than {max_bytes} bytes', final=True
            )
    # urllib3 looks at this itself only from version 2 on.
    promised = response.headers.get('Content-Length', '')
    came = response.raw.tell()
    if promised.isdigit() and came < int(promised):
        raise _Failed(f'the answer was cut off after {came} bytes')
    return bytes(data)
