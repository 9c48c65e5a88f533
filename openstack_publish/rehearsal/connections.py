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

"""The sockets of the stand-in index: HTTP/1.1, threads, keep-alive."""

from __future__ import annotations

import contextlib
import http.server
import logging
import pathlib
import socket
import socketserver
import threading
import urllib.parse
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from openstack_publish.rehearsal import forms
from openstack_publish.rehearsal import log
from openstack_publish.rehearsal import replies
from openstack_publish.rehearsal import routes

if TYPE_CHECKING:
    from openstack_publish.rehearsal import server as servers

LOG = logging.getLogger(__name__)

XMLRPC_BYTES = 1024 * 1024
"""Longest XML-RPC call, in bytes."""

IDLE_SECONDS = 120.0
"""A connection on which nothing comes for so long is closed."""

_SECRET_HEADERS = frozenset({'authorization', 'cookie'})


class Server(http.server.ThreadingHTTPServer):
    """Listens on loopback and starts a thread for each connection."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, port: int, index: servers.StandInIndex) -> None:
        self.index = index
        self._open: set[socket.socket] = set()
        self._open_lock = threading.Lock()
        self._opened = 0
        self._most_open = 0
        self._thread: threading.Thread | None = None
        super().__init__(('127.0.0.1', port), Connection)

    def server_bind(self) -> None:
        """Bind without asking a name server who 127.0.0.1 is."""
        socketserver.TCPServer.server_bind(self)
        self.server_name = '127.0.0.1'
        self.server_port = self.port

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.server_address[1])

    @property
    def opened(self) -> int:
        """How many connections were opened."""
        with self._open_lock:
            return self._opened

    @property
    def most_open(self) -> int:
        """How many connections were open at once, at most."""
        with self._open_lock:
            return self._most_open

    def begin(self) -> None:
        """Serve in a thread of its own."""
        self._thread = threading.Thread(
            target=self.serve_forever,
            kwargs={'poll_interval': 0.05},
            name='stand-in-index',
            daemon=True,
        )
        self._thread.start()

    def end(self, *, started: bool) -> None:
        """Stop listening and close every connection."""
        if started:
            self.shutdown()
        self.server_close()
        with self._open_lock:
            still_open = list(self._open)
        for connection in still_open:
            _hang_up(connection)
        if self._thread is not None:
            self._thread.join()

    def process_request(self, request: Any, client_address: Any) -> None:
        """Remember a connection while it is open."""
        with self._open_lock:
            self._open.add(request)
            self._opened += 1
            self._most_open = max(self._most_open, len(self._open))
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        """Forget a connection that ends."""
        with self._open_lock:
            self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of clients that go away."""
        LOG.debug('connection from %s ended', client_address, exc_info=True)


class Connection(http.server.BaseHTTPRequestHandler):
    """One client's connection, for as many requests as it likes."""

    protocol_version = 'HTTP/1.1'
    timeout = IDLE_SECONDS
    disable_nagle_algorithm = True
    wbufsize = 64 * 1024
    server: Server

    def do_GET(self) -> None:
        """Answer a read."""
        self._serve()

    def do_HEAD(self) -> None:
        """Answer a read without its body."""
        self._serve()

    def do_POST(self) -> None:
        """Answer an upload or an XML-RPC call."""
        self._serve()

    def version_string(self) -> str:
        """Return what stands in the ``Server`` header."""
        return 'stand-in-index'

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Keep quiet; the index has its own log."""

    def _serve(self) -> None:
        index = self.server.index
        self._received = 0
        self._fields: tuple[str, ...] = ()
        try:
            request, reply = self._answer(index)
        except ConnectionError:
            self.close_connection = True
            return
        except Exception as err:
            LOG.exception('the stand-in index failed')
            index.failed(err)
            request = replies.Request(
                self.command, self.path, 'other', self._plain_headers()
            )
            reply = replies.page(500, 'Internal Server Error')
        index.remember(self._logged(request, reply))
        self._send(reply)

    def _answer(
        self, index: servers.StandInIndex
    ) -> tuple[replies.Request, replies.Reply]:
        headers = self._plain_headers()
        if self.command != 'POST':
            return index.read(self.command, self.path, headers)
        path = urllib.parse.urlsplit(self.path).path
        length = self.headers.get('content-length', '')
        if not length.isdecimal():
            # Without a length nobody knows where the next request begins.
            self.close_connection = True
            request = replies.Request('POST', self.path, 'other', headers)
            return request, replies.page(411, 'Length Required')
        chunks = self._chunks(int(length))
        if path == routes.UPLOAD_PATH:
            request, reply, self._fields = index.take_upload(
                self.path, headers, self.headers.get('authorization'), chunks
            )
            self._drain(chunks)
            return request, reply
        if path.rstrip('/') == routes.XMLRPC_PATH:
            body = self._body(chunks)
            return index.call(
                self.path, headers, body, str(self.client_address[0])
            )
        self._drain(chunks)
        request = replies.Request('POST', self.path, 'other', headers)
        if path == routes.UPLOAD_PATH.rstrip('/'):
            return request, replies.page(400, 'Bad Request')
        return request, replies.page(404, 'Not Found')

    def _plain_headers(self) -> dict[str, str]:
        return {
            name.lower(): value
            for name, value in self.headers.items()
            if name.lower() not in _SECRET_HEADERS
        }

    def _chunks(self, left: int) -> Iterator[bytes]:
        """Yield the request's body as it comes.

        :raises ConnectionError: the client went away in the middle
        """
        while left > 0:
            chunk = self.rfile.read(min(left, forms.CHUNK_BYTES))
            if not chunk:
                raise ConnectionError('the client went away')
            left -= len(chunk)
            self._received += len(chunk)
            yield chunk

    def _drain(self, chunks: Iterator[bytes]) -> None:
        # What is not read would be taken for the next request.
        for _ in chunks:
            pass

    def _body(self, chunks: Iterator[bytes]) -> bytes | None:
        body = bytearray()
        for chunk in chunks:
            if len(body) <= XMLRPC_BYTES:
                body += chunk
        return None if len(body) > XMLRPC_BYTES else bytes(body)

    def _logged(
        self, request: replies.Request, reply: replies.Reply
    ) -> log.LoggedRequest:
        return log.LoggedRequest(
            method=request.method,
            path=request.path,
            route=request.route,
            status=None if reply.cut_after == -1 else reply.status,
            headers=request.headers,
            authorized='authorization' in self.headers,
            fields=self._fields,
            body_bytes=self._received,
            filename=request.filename,
        )

    def _send(self, reply: replies.Reply) -> None:
        stopping = self.server.index.stopping
        if reply.delay > 0 and stopping.wait(reply.delay):
            self.close_connection = True
            return
        if reply.cut_after == -1:
            self._cut()
            return
        try:
            self._send_head(reply)
            if self.command != 'HEAD':
                self._send_body(reply, stopping)
            self.wfile.flush()
        except OSError:
            # The client has gone; there is nobody left to tell.
            self.close_connection = True

    def _send_head(self, reply: replies.Reply) -> None:
        # A reason phrase is one line of Latin-1, whatever a file is called.
        reason = ' '.join(reply.reason.split())
        self.send_response(
            reply.status,
            reason.encode('latin-1', 'backslashreplace').decode('latin-1'),
        )
        for name, value in reply.headers.items():
            self.send_header(name, value)
        if isinstance(reply.body, bytes):
            size: int | None = len(reply.body)
        elif isinstance(reply.body, pathlib.Path):
            size = reply.body.stat().st_size
        else:
            size = None
        if size is None:
            self.send_header('Transfer-Encoding', 'chunked')
        elif reply.status != 304:
            self.send_header('Content-Length', str(size))
        self.end_headers()

    def _send_body(
        self, reply: replies.Reply, stopping: threading.Event
    ) -> None:
        if reply.status == 304:
            return
        if isinstance(reply.body, Iterator):
            for chunk in reply.body:
                if stopping.is_set():
                    self.close_connection = True
                    return
                self.wfile.write(b'%x\r\n%b\r\n' % (len(chunk), chunk))
            self.wfile.write(b'0\r\n\r\n')
            return
        sent = 0
        for chunk in _pieces(reply):
            if reply.cut_after is not None:
                chunk = chunk[: reply.cut_after - sent]
            self.wfile.write(chunk)
            sent += len(chunk)
            if reply.pause > 0:
                self.wfile.flush()
                if stopping.wait(reply.pause):
                    self.close_connection = True
                    return
            if reply.cut_after is not None and sent >= reply.cut_after:
                self.wfile.flush()
                self._cut()
                return

    def _cut(self) -> None:
        self.close_connection = True
        _hang_up(self.connection)


def _pieces(reply: replies.Reply) -> Iterator[bytes]:
    step = 1 if reply.pause > 0 else forms.CHUNK_BYTES
    if isinstance(reply.body, pathlib.Path):
        with reply.body.open('rb') as stream:
            while piece := stream.read(step):
                yield piece
    elif isinstance(reply.body, bytes):
        for start in range(0, len(reply.body), step):
            yield reply.body[start : start + step]


def _hang_up(connection: socket.socket) -> None:
    # A connection that the client has closed meanwhile is no error.
    with contextlib.suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
