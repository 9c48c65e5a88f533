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
import functools
import multiprocessing
import sys
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Sequence
from multiprocessing import connection
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from openstack_publish.rehearsal import server

OWNER = 'openstackci'
SECONDS = 60.0
"""Longest wait for the stand-in to begin, in seconds."""


RELEASES = 40
"""Releases of each of many projects; those of OpenStack have about so many."""

Fill = Callable[['server.StandInIndex'], None]
"""Puts into a fresh stand-in what it is to hold."""


@dataclasses.dataclass(frozen=True)
class Place:
    """Where the stand-in is and how to get in."""

    upload_url: str
    token: str
    read_url: str


@contextlib.contextmanager
def running(
    project: str, *, latency_ms: float = 0.0, file_size: int | None = None
) -> Iterator[Place]:
    """Run a fresh stand-in that knows a project with one release.

    :param latency_ms: that each request takes longer
    :param file_size: largest file that it takes, in bytes; default PyPI's
    """
    fill = functools.partial(_one_release, project, file_size)
    with _process(fill, latency_ms) as place:
        yield place


@contextlib.contextmanager
def with_projects(
    names: Sequence[str], *, latency_ms: float = 0.0
) -> Iterator[Place]:
    """Run a fresh stand-in that knows projects with many releases each.

    Each has :data:`RELEASES` releases of two files, and one owner. XML-RPC
    has no limit: it is measured how fast it can be.

    :param latency_ms: that each request takes longer
    """
    with _process(
        functools.partial(_many_releases, tuple(names)), latency_ms
    ) as place:
        yield place


@contextlib.contextmanager
def filled(fill: Fill, *, latency_ms: float = 0.0) -> Iterator[Place]:
    """Run a fresh stand-in with what the caller puts into it.

    :param fill: can be pickled
    :param latency_ms: that each request takes longer
    """
    with _process(fill, latency_ms) as place:
        yield place


@contextlib.contextmanager
def _process(fill: Fill, latency_ms: float) -> Iterator[Place]:
    context = multiprocessing.get_context('spawn')
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs, fill, latency_ms))
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


def _serve(pipe: connection.Connection, fill: Fill, latency_ms: float) -> None:
    # Here alone: what measures stays small.
    from openstack_publish.rehearsal import server

    with server.StandInIndex(latency_ms=latency_ms) as index:
        fill(index)
        pipe.send((index.upload_url, index.token(OWNER), index.url))
        # Also where the other end is closed.
        with contextlib.suppress(EOFError):
            pipe.recv()
            pipe.send([repr(error) for error in index.errors])


def _one_release(
    project: str, file_size: int | None, index: server.StandInIndex
) -> None:
    if file_size is not None:
        index.store.limits.file_size = file_size
    index.store.add_project(project, owner=OWNER)
    index.store.add_file(
        project, '0.0.1', f'{_stem(project)}-0.0.1.tar.gz', b'the one before'
    )


def _many_releases(names: Sequence[str], index: server.StandInIndex) -> None:
    index.store.limits.xmlrpc_calls_per_hour = sys.maxsize
    for project in names:
        index.store.add_project(project, owner=OWNER)
        stem = _stem(project)
        one = index.store.add_file(
            project, '0.0.0', f'{stem}-0.0.0.tar.gz', project.encode()
        )
        for number in range(1, RELEASES):
            version = f'1.{number}.0'
            release = index.store.add_release(project, version)
            # Without a file on disk for each: nobody downloads them.
            for name in (
                f'{stem}-{version}-py3-none-any.whl',
                f'{stem}-{version}.tar.gz',
            ):
                release.files[name] = dataclasses.replace(one, filename=name)


def _stem(project: str) -> str:
    return project.replace('-', '_')
