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

"""The tarballs archive as a site on loopback, in a process of its own."""

from __future__ import annotations

import contextlib
import multiprocessing
from collections.abc import Iterator
from multiprocessing import connection

SECONDS = 60.0
"""Longest wait for the site to begin, in seconds."""


@contextlib.contextmanager
def running(root: str, *, latency_ms: float = 0.0) -> Iterator[str]:
    """Serve a directory and give its URL.

    :param latency_ms: that each request takes longer
    """
    context = multiprocessing.get_context('spawn')
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs, root, latency_ms))
    process.start()
    try:
        if not ours.poll(SECONDS):
            raise TimeoutError('the archive does not begin')
        yield str(ours.recv())
    finally:
        ours.close()
        process.join()


def _serve(pipe: connection.Connection, root: str, latency_ms: float) -> None:
    # Here alone: what measures stays small.
    from tests.support import archive_site

    with archive_site.ArchiveSite(root, latency_ms / 1000) as site:
        pipe.send(site.url)
        # It is closed when the measurement is over.
        with contextlib.suppress(EOFError):
            pipe.recv()
