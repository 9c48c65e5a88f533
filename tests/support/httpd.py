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

"""A small server on loopback that answers as a test tells it to.

It speaks HTTP by hand, so that an answer can also be wrong: cut off, late,
reset, or no HTTP at all.
"""

from __future__ import annotations

import contextlib
import dataclasses
import gzip
import pathlib
import socket
import socketserver
import ssl
import struct
import sys
import threading
from collections.abc import Callable
from collections.abc import Mapping
from typing import Any

import fixtures


@dataclasses.dataclass(frozen=True)
class Request:
    """What a client sent."""

    method: str
    path: str
    headers: Mapping[str, str]
    """Names in lower case."""

    body: bytes


@dataclasses.dataclass(frozen=True)
class Exchange:
    """One request on its connection, while it is answered."""

    request: Request
    connection: socket.socket
    closing: threading.Event
    """Set when the server goes down."""


Reply = Callable[[Exchange], None]


def answer(
    body: bytes = b'',
    content_type: str = 'application/json',
    status: str = '200 OK',
    headers: Mapping[str, str] | None = None,
    length: int | None = None,
) -> Reply:
    """Return a whole answer; *length* is what it says it is long."""
    said = {
        'Content-Type': content_type,
        'Content-Length': str(len(body) if length is None else length),
        'Connection': 'close',
        **(headers or {}),
    }
    head = f'HTTP/1.1 {status}\r\n' + ''.join(
        f'{name}: {value}\r\n' for name, value in said.items()
    )
    data = head.encode('utf-8') + b'\r\n' + body

    def reply(exchange: Exchange) -> None:
        if status.startswith('304'):
            exchange.connection.sendall(head.encode('utf-8') + b'\r\n')
        else:
            exchange.connection.sendall(data)

    return reply


def raw(data: bytes) -> Reply:
    """Return bytes that need not be HTTP."""

    def reply(exchange: Exchange) -> None:
        exchange.connection.sendall(data)

    return reply


def redirect(location: str, status: str = '301 Moved Permanently') -> Reply:
    """Point somewhere else."""
    return answer(b'', 'text/plain', status, {'Location': location})


def cut_off(body: bytes, content_type: str = 'application/json') -> Reply:
    """Promise a hundred bytes more than are sent, and hang up."""
    return answer(body, content_type, length=len(body) + 100)


def cut_chunk() -> Reply:
    """Hang up in the middle of a chunk."""
    return raw(
        b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n'
        b'Transfer-Encoding: chunked\r\n\r\n40\r\n{"half":'
    )


def bomb(size: int) -> Reply:
    """Return few bytes that unpack to *size* many."""
    return answer(
        gzip.compress(b' ' * size), headers={'Content-Encoding': 'gzip'}
    )


def reset(exchange: Exchange) -> None:
    """Reset the connection."""
    exchange.connection.setsockopt(
        socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0)
    )
    exchange.connection.close()


def silent(exchange: Exchange) -> None:
    """Say nothing as long as the server is there."""
    exchange.closing.wait(30)


def drip(beginning: bytes, drop: bytes) -> Reply:
    """Send something, and then a drop every 50 ms for ever."""

    def reply(exchange: Exchange) -> None:
        exchange.connection.sendall(beginning)
        while not exchange.closing.wait(0.05):
            exchange.connection.sendall(drop)

    return reply


CERTIFICATE = str(pathlib.Path(__file__).parent / 'tls' / 'loopback.pem')
"""The certificate of a server with TLS, and its key."""


class Server(fixtures.Fixture):
    """Answers each path with its replies in turn, the last one for ever.

    :param tls: speak https
    :param ask_client: and let only clients in that have the certificate
    """

    def __init__(self, *, tls: bool = False, ask_client: bool = False) -> None:
        super().__init__()
        self._context: ssl.SSLContext | None = None
        if tls:
            self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self._context.load_cert_chain(CERTIFICATE)
        if self._context is not None and ask_client:
            self._context.load_verify_locations(CERTIFICATE)
            self._context.verify_mode = ssl.CERT_REQUIRED

    def _setUp(self) -> None:
        self.requests: list[Request] = []
        self.closing = threading.Event()
        self._routes: dict[str, list[Reply]] = {}
        self._lock = threading.Lock()
        fixture = self

        class Handler(socketserver.StreamRequestHandler):
            def setup(self) -> None:
                if fixture._context is not None:
                    # On the connection's own thread, for a handshake waits.
                    self.request = fixture._context.wrap_socket(
                        self.request, server_side=True
                    )
                super().setup()

            def handle(self) -> None:
                # A client that gave up is part of the play.
                with contextlib.suppress(OSError):
                    fixture._handle(self)

        class ThreadingServer(socketserver.ThreadingTCPServer):
            daemon_threads = True

            def handle_error(self, request: Any, client_address: Any) -> None:
                # Handshakes that fail do so because a test wants it.
                if not isinstance(sys.exception(), ssl.SSLError | OSError):
                    super().handle_error(request, client_address)

            allow_reuse_address = True

        self._server = ThreadingServer(('127.0.0.1', 0), Handler)
        self.port = self._server.server_address[1]
        scheme = 'http' if self._context is None else 'https'
        self.url = f'{scheme}://127.0.0.1:{self.port}'
        thread = threading.Thread(
            target=self._server.serve_forever, args=(0.01,), daemon=True
        )
        thread.start()
        self.addCleanup(thread.join)
        self.addCleanup(self._server.server_close)
        self.addCleanup(self._server.shutdown)
        self.addCleanup(self.closing.set)

    def on(self, path: str, *replies: Reply) -> None:
        """Set the replies of a path."""
        with self._lock:
            self._routes[path] = list(replies)

    def asked(self, path: str) -> list[Request]:
        """Return the requests for a path."""
        return [one for one in self.requests if one.path == path]

    def _handle(self, handler: Any) -> None:
        if handler.rfile.peek(1)[:1] == b'\x16':
            # A TLS handshake, which has no end of line to wait for.
            handler.connection.sendall(b'HTTP/1.1 400 Bad Request\r\n\r\n')
            return
        first = handler.rfile.readline().decode('latin-1').split()
        if len(first) < 2:
            return
        headers = {}
        while (line := handler.rfile.readline()).strip():
            name, _, value = line.decode('latin-1').partition(':')
            headers[name.lower()] = value.strip()
        body = handler.rfile.read(int(headers.get('content-length', 0)))
        request = Request(first[0], first[1], headers, body)
        with self._lock:
            self.requests.append(request)
            replies = self._routes.get(request.path, [_not_found])
            reply = replies[0] if len(replies) == 1 else replies.pop(0)
        reply(Exchange(request, handler.connection, self.closing))


_not_found = answer(b'404 Not Found', 'text/plain', '404 Not Found')


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as sock:
        sock.bind(('127.0.0.1', 0))
        port: int = sock.getsockname()[1]
        return port
