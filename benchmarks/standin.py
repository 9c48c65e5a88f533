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

"""The stand-in index in a process of its own.

It shares neither interpreter nor memory with what is measured, or with what
measures.
"""

from __future__ import annotations

import contextlib
import dataclasses
import multiprocessing
from collections.abc import Iterator
from multiprocessing import connection

OWNER = 'openstackci'
SECONDS = 60.0
"""Longest wait for the stand-in to begin, in seconds."""


@dataclasses.dataclass(frozen=True)
class Place:
    """Where the stand-in is and how to get in."""

    upload_url: str
    token: str


@contextlib.contextmanager
def running(
    project: str, *, latency_ms: float = 0.0, file_size: int | None = None
) -> Iterator[Place]:
    """Run a fresh stand-in that knows a project with one release.

    :param latency_ms: that each request takes longer
    :param file_size: largest file that it takes, in bytes; default PyPI's
    """
    context = multiprocessing.get_context('spawn')
    ours, theirs = context.Pipe()
    process = context.Process(
        target=_serve, args=(theirs, project, latency_ms, file_size)
    )
    process.start()
    try:
        if not ours.poll(SECONDS):
            raise TimeoutError('the stand-in index does not begin')
        yield Place(*ours.recv())
        ours.send('stop')
        errors = ours.recv()
        if errors:
            raise RuntimeError(f'the stand-in index failed: {errors}')
    finally:
        ours.close()
        process.join()


def _serve(
    pipe: connection.Connection,
    project: str,
    latency_ms: float,
    file_size: int | None,
) -> None:
    # Here alone: what measures stays small.
    from openstack_publish.rehearsal import server

    with server.StandInIndex(latency_ms=latency_ms) as index:
        if file_size is not None:
            index.store.limits.file_size = file_size
        index.store.add_project(project, owner=OWNER)
        index.store.add_file(
            project,
            '0.0.1',
            f'{project.replace("-", "_")}-0.0.1.tar.gz',
            b'the release before',
        )
        pipe.send((index.upload_url, index.token(OWNER)))
        # Also where the other end is closed.
        with contextlib.suppress(EOFError):
            pipe.recv()
            pipe.send([repr(error) for error in index.errors])
