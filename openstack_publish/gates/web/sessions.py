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

"""Sessions that tell nobody who asks, and follow nothing."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from collections.abc import Mapping
from http import cookiejar
from typing import Any

import requests

from openstack_publish.gates.web import limits
from openstack_publish.model import urls


class Session(requests.Session):
    """A session that nobody logs in with, and that leaves redirects alone.

    Even when it is told not to follow one, requests reads its whole body,
    without a limit, and stumbles over a malformed target.

    :param client_cert: PEM file with a client's certificate and key
    """

    def __init__(self, user_agent: str, client_cert: str | None) -> None:
        super().__init__()
        self.headers.clear()
        self.headers['User-Agent'] = user_agent
        # What else requests may unpack (brotli, zstandard) makes far more of
        # a byte than gzip does.
        self.headers['Accept-Encoding'] = 'gzip'
        # Anything here keeps requests from reading .netrc.
        self.auth = _anonymous
        self.cookies.set_policy(
            cookiejar.DefaultCookiePolicy(allowed_domains=[])
        )
        self.cert = client_cert
        self._settings: dict[
            tuple[tuple[str, str, int], str | None], Mapping[str, Any]
        ] = {}
        for scheme in ('https://', 'http://'):
            self.mount(scheme, limits.Adapter())

    def merge_environment_settings(
        self,
        url: Any,
        proxies: Any,
        stream: Any,
        verify: Any,
        cert: Any,
    ) -> Any:
        """Look for proxies and certificates once for each server.

        requests goes through the whole environment, twice, for each request;
        a tenth of what it computes for one (2026-11).
        """
        key = (urls.origin(url), verify)
        if key not in self._settings:
            self._settings[key] = super().merge_environment_settings(
                url, proxies, stream, verify, cert
            )
        return dict(self._settings[key])

    def get_redirect_target(self, resp: requests.Response) -> None:
        return None


class Sessions:
    """Lends sessions: requests' own are for one thread at a time.

    There are never more than are in use at once, and what was used last is
    lent first, so that connections stay open and few.

    :param client_cert: PEM file with a client's certificate and key
    """

    def __init__(self, user_agent: str, client_cert: str | None) -> None:
        self._user_agent = user_agent
        self._client_cert = client_cert
        self._lock = threading.Lock()
        self._idle: list[Session] = []
        self._closed = False

    @contextlib.contextmanager
    def lent(self) -> Iterator[Session]:
        """Give a session that nobody else has."""
        with self._lock:
            session = self._idle.pop() if self._idle else None
        if session is None:
            session = Session(self._user_agent, self._client_cert)
        try:
            yield session
        finally:
            with self._lock:
                closed = self._closed
                if not closed:
                    self._idle.append(session)
            if closed:
                session.close()

    def close(self) -> None:
        """Close those that are idle; the others follow when they are."""
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
        for session in idle:
            session.close()


def _anonymous(
    request: requests.PreparedRequest,
) -> requests.PreparedRequest:
    return request
