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

"""A line to a server on loopback, which can be down or break."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading

import fixtures

CHUNK = 4096
"""Bytes that are passed on at once."""


class Relay(fixtures.Fixture):
    """Passes connections on; ends with the test.

    :param port: of the server, on 127.0.0.1
    """

    def __init__(self, port: int) -> None:
        super().__init__()
        self._target = port
        self._listener: socket.socket | None = None
        self.port = 0
        self.resets_after: int | None = None
        """Bytes of a client after which its connection is reset."""

    def _setUp(self) -> None:
        self.open()
        self.addCleanup(self.close)

    def open(self) -> None:
        """Take connections, on the same port each time."""
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(('127.0.0.1', self.port))
        listener.listen(128)
        self.port = listener.getsockname()[1]
        self._listener = listener
        self._connections: list[socket.socket] = []
        threading.Thread(
            target=self._take, args=(listener,), daemon=True
        ).start()

    def close(self) -> None:
        """Refuse connections, and cut those that there are."""
        listener, self._listener = self._listener, None
        if listener is None:
            return
        # A thread that waits in accept() keeps a socket that is only closed.
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        for connection in self._connections:
            _cut(connection)

    def _take(self, listener: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = listener.accept()
                server = socket.create_connection(('127.0.0.1', self._target))
                self._connections += [client, server]
                for ends in ((client, server, True), (server, client, False)):
                    threading.Thread(
                        target=self._pass_on, args=ends, daemon=True
                    ).start()

    def _pass_on(
        self, source: socket.socket, target: socket.socket, is_client: bool
    ) -> None:
        passed = 0
        try:
            with contextlib.suppress(OSError):
                while chunk := source.recv(CHUNK):
                    passed += len(chunk)
                    limit = self.resets_after if is_client else None
                    if limit is not None and passed > limit:
                        _reset(source)
                        return
                    target.sendall(chunk)
        finally:
            _cut(target)


def _cut(connection: socket.socket) -> None:
    # It may be over already.
    with contextlib.suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)


def _reset(connection: socket.socket) -> None:
    connection.setsockopt(
        socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0)
    )
    connection.close()
