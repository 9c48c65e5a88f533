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

"""The tarballs archive as a site on loopback, from a real directory.

It serves files as web servers do: with connections that stay open, with
pages of HTML for directories and for what isn't there. A test may let single
paths fail in any way that :mod:`tests.support.httpd` knows.
"""

from __future__ import annotations

import http.server
import os
import threading
from typing import Any

import fixtures

from tests.support import httpd


class ArchiveSite(fixtures.Fixture):
    """Serves a directory; ends with the test.

    :param root: the directory; default: a new one
    :param latency: seconds before each answer
    """

    root: str
    """What is served: ``ROOT/openstack/nova/FILE`` or ``ROOT/nova/FILE``."""

    url: str
    """Its URL, with a slash at the end."""

    def __init__(self, root: str | None = None, latency: float = 0.0) -> None:
        super().__init__()
        self._given = root
        self.latency = latency

    def _setUp(self) -> None:
        self.root = self._given or self.useFixture(fixtures.TempDir()).path
        self.requests: list[httpd.Request] = []
        self.connections = 0
        self.closing = threading.Event()
        self._replies: dict[str, list[httpd.Reply]] = {}
        self._lock = threading.Lock()
        self._server = _Server(self)
        self.url = f'http://127.0.0.1:{self._server.server_address[1]}/'
        thread = threading.Thread(
            target=self._server.serve_forever, args=(0.01,), daemon=True
        )
        thread.start()
        self.addCleanup(thread.join)
        self.addCleanup(self._server.server_close)
        self.addCleanup(self._server.shutdown)
        self.addCleanup(self.closing.set)

    def place(
        self, repo: str, filename: str, content: bytes, *, flat: bool = False
    ) -> str:
        """Put a file into the archive and return its path on disk.

        :param flat: into ``nova`` instead of ``openstack/nova``
        """
        words = repo.split('/')
        directory = os.path.join(self.root, *(words[-1:] if flat else words))
        os.makedirs(directory, exist_ok=True)
        path = os.path.join(directory, filename)
        with open(path, 'wb') as opened:
            opened.write(content)
        return path

    def on(self, path: str, *replies: httpd.Reply) -> None:
        """Let a path answer otherwise, the last reply for ever.

        :param path: such as ``openstack/nova/nova-1.0.0.tar.gz``
        """
        with self._lock:
            self._replies[f'/{path}'] = list(replies)

    def asked(self, path: str) -> list[str]:
        """Return the methods of the requests for a path."""
        with self._lock:
            return [
                one.method for one in self.requests if one.path == f'/{path}'
            ]

    def took(self, request: httpd.Request) -> httpd.Reply | None:
        """Remember a request, and return how it is to be answered."""
        with self._lock:
            self.requests.append(request)
            replies = self._replies.get(request.path)
            if not replies:
                return None
            return replies[0] if len(replies) == 1 else replies.pop(0)

    def opened(self) -> None:
        """Count a connection."""
        with self._lock:
            self.connections += 1


def failing(status: str = '500 Internal Server Error') -> httpd.Reply:
    """Return an answer that says nothing but its status."""
    return httpd.answer(b'<html>', 'text/html', status)


class _Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, site: ArchiveSite) -> None:
        self.site = site
        super().__init__(('127.0.0.1', 0), _Connection)

    def server_bind(self) -> None:
        # HTTPServer's own asks a name server who 127.0.0.1 is.
        super(http.server.HTTPServer, self).server_bind()
        self.server_name, self.server_port = '127.0.0.1', 0

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of clients that go away in the middle of a file."""


class _Connection(http.server.SimpleHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'
    disable_nagle_algorithm = True
    wbufsize = 64 * 1024
    server: _Server

    def __init__(self, *arguments: Any) -> None:
        site = arguments[2].site
        super().__init__(*arguments, directory=site.root)

    def setup(self) -> None:
        self.server.site.opened()
        super().setup()

    def do_GET(self) -> None:
        if not self._told():
            super().do_GET()

    def do_HEAD(self) -> None:
        if not self._told():
            super().do_HEAD()

    def send_error(
        self,
        code: int,
        message: str | None = None,
        explain: str | None = None,
    ) -> None:
        """Say what is wrong, and let the connection live."""
        page = f'<html><title>{code}</title></html>'.encode()
        self.send_response(code, message)
        self.send_header('Content-Type', 'text/html')
        self.send_header('Content-Length', str(len(page)))
        self.end_headers()
        if self.command != 'HEAD':
            self.wfile.write(page)

    def log_message(self, *arguments: Any) -> None:
        """Leave the terminal alone."""

    def _told(self) -> bool:
        """Answer as the test said, if it said something of this path."""
        site = self.server.site
        if site.latency:
            site.closing.wait(site.latency)
        headers = {name.lower(): value for name, value in self.headers.items()}
        request = httpd.Request(self.command, self.path, headers, b'')
        reply = site.took(request)
        if reply is None:
            return False
        self.close_connection = True
        reply(httpd.Exchange(request, self.connection, site.closing))
        return True
