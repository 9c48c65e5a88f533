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

import threading
import weakref
from http import cookiejar

import requests

from openstack_publish.gates.web import limits


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
        for scheme in ('https://', 'http://'):
            self.mount(scheme, limits.Adapter())

    def get_redirect_target(self, resp: requests.Response) -> None:
        return None


class Sessions:
    """A session for each thread: requests' own are for one thread.

    The session of a thread that has ended goes with it.

    :param client_cert: PEM file with a client's certificate and key
    """

    def __init__(self, user_agent: str, client_cert: str | None) -> None:
        self._user_agent = user_agent
        self._client_cert = client_cert
        self._local = threading.local()
        self._all: weakref.WeakSet[Session] = weakref.WeakSet()
        self._lock = threading.Lock()

    @property
    def mine(self) -> Session:
        """The session of this thread."""
        session: Session | None = getattr(self._local, 'session', None)
        if session is None:
            session = Session(self._user_agent, self._client_cert)
            self._local.session = session
            with self._lock:
                self._all.add(session)
        return session

    def close(self) -> None:
        """Close every connection that is not in use."""
        with self._lock:
            for session in self._all:
                session.close()


def _anonymous(
    request: requests.PreparedRequest,
) -> requests.PreparedRequest:
    return request
