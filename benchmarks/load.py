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

"""Load: many releases at once, and an audit of ten thousand projects.

Nothing is held against another tool here: it is to be done, right, and in a
memory that does not grow with what is done.
"""

from __future__ import annotations

import concurrent.futures
import functools
import os
import pathlib
import shutil
import time
from typing import TYPE_CHECKING

from benchmarks import many
from benchmarks import runs
from benchmarks import standin
from benchmarks import table

if TYPE_CHECKING:
    from openstack_publish.rehearsal import server

RELEASES = 60
AT_ONCE = 8
PROJECTS = 10_000

PUBLISHING = 128
"""MiB of one publisher; artifacts are streamed."""

AUDITING = 512
"""MiB of an audit; it holds the rows."""


def rows(scratch: pathlib.Path, repetitions: int) -> list[table.Row]:
    """Publish and audit, once each."""
    return [*_publishing(scratch / 'p'), *_auditing(scratch / 'a')]


def _publishing(scratch: pathlib.Path) -> list[table.Row]:
    from tests.support import out_there

    scratch.mkdir()
    made = out_there.make(str(scratch), RELEASES, dict(os.environ))
    with standin.filled(functools.partial(_known, made.names)) as place:

        def publish(name: str) -> runs.Run:
            dist = scratch / 'dist' / name
            dist.mkdir(parents=True)
            for path in made.files(name):
                shutil.copy2(path, dist)
            command = [runs.script('openstack-publish'), 'publish', str(dist)]
            command += ['--releases', made.releases_dir]
            command += ['--repository-url', place.upload_url]
            command += ['--sign-key-file', made.key.secret_file]
            command += ['--archive', str(scratch / 'tarballs')]
            return runs.run(
                command,
                runs.environment(scratch, TWINE_PASSWORD=place.token),
                scratch,
            )

        (scratch / 'tarballs').mkdir()
        began = time.monotonic()
        with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
            done = list(pool.map(publish, made.names))
        seconds = time.monotonic() - began
    what = f'publish, {RELEASES} releases, {AT_ONCE} at a time'
    return [
        table.Row(what, f'{seconds:.0f} s'),
        table.memory(f'{what}, one of them', done, PUBLISHING),
    ]


def _auditing(scratch: pathlib.Path) -> list[table.Row]:
    scratch.mkdir()
    names = many.projects(PROJECTS)
    with standin.filled(functools.partial(_known, tuple(names))) as place:
        found = many.Ways(scratch, place, names)
        releases = scratch / 'releases'
        (releases / 'deliverables').mkdir(parents=True)
        done = found.command(
            *('audit', '--from-index', '--releases', str(releases)),
            *('--no-cache', '-f', 'json'),
        )
    what = f'audit of {PROJECTS} projects'
    return [
        table.Row(what, f'{done.seconds:.0f} s'),
        table.memory(what, [done], AUDITING),
    ]


def _known(names: tuple[str, ...], index: server.StandInIndex) -> None:
    """Let each project have one release already."""
    for name in names:
        index.store.add_project(name, owner=standin.OWNER)
        stem = name.replace('-', '_')
        index.store.add_file(
            name, '0.0.1', f'{stem}-0.0.1.tar.gz', name.encode()
        )
