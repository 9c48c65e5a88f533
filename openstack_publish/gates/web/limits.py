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

"""Connections whose answers must be over by a certain moment.

requests and urllib3 limit how long a server may be silent, never how long
an answer takes: a byte now and then keeps them waiting without an end, most
of all while they read status line and headers. Here each wait for the next
bytes is cut to what is left until the moment that :func:`within` sets.
"""

from __future__ import annotations

import contextlib
import contextvars
import http.client
import io
import socket
from collections.abc import Iterator
from typing import Any
from urllib import parse

import requests
import requests.adapters
import urllib3
import urllib3.connection
import urllib3.connectionpool

from openstack_publish import seams
from openstack_publish.model import urls

CONNECT = 10.0
"""Longest wait for a connection, in seconds (for each address of a host)."""

SEND = 60.0
"""Longest wait for a server to take a block of 16 KiB, in seconds."""


class Deadline:
    """The moment by which an exchange must be over."""

    def __init__(self, clock: seams.Clock, seconds: float) -> None:
        self._clock = clock
        self._ends = clock.monotonic() + seconds

    @property
    def left(self) -> float:
        """Return the seconds that are left; none or fewer when it is over."""
        return self._ends - self._clock.monotonic()

    def cut(self, seconds: float | None) -> float:
        """Return a wait, cut to what is left.

        :raises TimeoutError: nothing is left
        """
        left = self.left
        if left <= 0:
            raise TimeoutError('the exchange took too long')
        return left if seconds is None else min(seconds, left)


_DEADLINE: contextvars.ContextVar[Deadline | None] = contextvars.ContextVar(
    'deadline', default=None
)


@contextlib.contextmanager
def within(clock: seams.Clock, seconds: float) -> Iterator[Deadline]:
    """Let every exchange in this context, on this thread, be over in time."""
    deadline = Deadline(clock, seconds)
    token = _DEADLINE.set(deadline)
    try:
        yield deadline
    finally:
        _DEADLINE.reset(token)


def check() -> None:
    """Make sure that the exchange may go on.

    :raises TimeoutError: its deadline is over
    """
    deadline = _DEADLINE.get()
    if deadline is not None:
        deadline.cut(None)


class _Reader(io.RawIOBase):
    """What comes from a socket, each wait cut to the deadline."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._raw = sock.makefile('rb', buffering=0)
        self._silence = sock.gettimeout()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        deadline = _DEADLINE.get()
        if deadline is not None:
            self._sock.settimeout(deadline.cut(self._silence))
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()


class _Response(http.client.HTTPResponse):
    def __init__(
        self, sock: socket.socket, *args: Any, **keywords: Any
    ) -> None:
        super().__init__(sock, *args, **keywords)
        self.fp.close()
        self.fp = io.BufferedReader(_Reader(sock))


class _HTTPConnection(urllib3.connection.HTTPConnection):
    response_class = _Response

    def connect(self) -> None:
        super().connect()
        _let_send(self.sock)


class _HTTPSConnection(urllib3.connection.HTTPSConnection):
    response_class = _Response

    def connect(self) -> None:
        super().connect()
        _let_send(self.sock)


def _let_send(sock: socket.socket | None) -> None:
    """Let sending take longer than connecting, whose limit urllib3 uses."""
    deadline = _DEADLINE.get()
    if deadline is not None and sock is not None:
        sock.settimeout(deadline.cut(SEND))


class _HTTPPool(urllib3.connectionpool.HTTPConnectionPool):
    ConnectionCls = _HTTPConnection


class _HTTPSPool(urllib3.connectionpool.HTTPSConnectionPool):
    ConnectionCls = _HTTPSConnection


_POOLS = {'http': _HTTPPool, 'https': _HTTPSPool}


class Adapter(requests.adapters.HTTPAdapter):
    """Keeps to the deadline, and never tries again by itself.

    Proxies are what the environment says, as for twine, but not for this
    machine: what is on loopback is not there for a proxy, and plain http
    would show it a token.
    """

    def __init__(self) -> None:
        # One connection: a session is for one thread at a time.
        super().__init__(pool_maxsize=1, max_retries=0)

    def init_poolmanager(self, *args: Any, **keywords: Any) -> None:
        super().init_poolmanager(*args, **keywords)
        self.poolmanager.pool_classes_by_scheme = _POOLS

    def send(
        self,
        request: requests.PreparedRequest,
        *args: Any,
        **keywords: Any,
    ) -> requests.Response:
        host = parse.urlsplit(request.url or '').hostname
        if urls.is_loopback(host or ''):
            keywords['proxies'] = {}
        return super().send(request, *args, **keywords)

    def proxy_manager_for(
        self, proxy: str, **keywords: Any
    ) -> urllib3.ProxyManager:
        manager: urllib3.ProxyManager = super().proxy_manager_for(
            proxy, **keywords
        )
        manager.pool_classes_by_scheme = _POOLS
        return manager
