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

"""Verifying a series against a shell loop, and what one large file takes.

The loop downloads each file and its signature with curl and lets gpg verify
it. It neither asks the index nor looks into a file.
"""

from __future__ import annotations

import datetime
import functools
import os
import pathlib
import shutil
import subprocess
from typing import TYPE_CHECKING

from benchmarks import archive
from benchmarks import artifacts
from benchmarks import memory
from benchmarks import runs
from benchmarks import standin
from benchmarks import table
from openstack_publish.rehearsal import release as releases
from tests.support import out_there

if TYPE_CHECKING:
    from openstack_publish.rehearsal import server

COUNT = 200
LATENCY = 25
"""Milliseconds that each request takes longer."""

TIMES = 4
"""How much longer the loop is to take."""

_LOOP = """\
set -eu
while read -r url; do
    curl --silent --show-error --fail --output file "$url"
    curl --silent --show-error --fail --output file.asc "$url.asc"
    gpg --batch --quiet --verify file.asc file
done < urls
"""


def rows(scratch: pathlib.Path, repetitions: int) -> list[table.Row]:
    """Verify many small releases, and one with a large file."""
    # Memory first: what the other one leaves here cannot be told from it.
    return [_memory(scratch / 'one'), _series(scratch / 'many', repetitions)]


def _series(place: pathlib.Path, repetitions: int) -> table.Row:
    place.mkdir()
    made = out_there.make(str(place), COUNT, os.environ)
    with (
        standin.filled(made.fill, latency_ms=LATENCY) as index,
        archive.running(made.archive, latency_ms=LATENCY) as url,
    ):
        home = place / 'gnupg'
        home.mkdir(mode=0o700)
        subprocess.run(
            [
                *('gpg', '--homedir', str(home), '--batch', '--quiet'),
                *('--no-autostart', '--import', made.key.public_file),
            ],
            check=True,
            capture_output=True,
        )
        (place / 'urls').write_text(
            ''.join(
                f'{url}{os.path.relpath(path, made.archive)}\n'
                for name in made.names
                for path in made.files(name)
            ),
            encoding='ascii',
        )

        def ours() -> runs.Run:
            return runs.run(
                [
                    *_command(made.releases_dir, url, index.read_url),
                    *('--series', out_there.SERIES),
                ],
                runs.environment(place),
                place,
            )

        def loop() -> runs.Run:
            return runs.run(
                ['sh', '-c', _LOOP],
                runs.environment(place, GNUPGHOME=str(home)),
                place,
            )

        # A loop takes most of a minute.
        measured, others = runs.in_turns(min(3, repetitions), ours, loop)
    return table.faster(
        f'verify {COUNT} releases, {LATENCY} ms a request',
        measured,
        others,
        TIMES,
        alternative='loop of curl and gpg',
    )


def _memory(place: pathlib.Path) -> table.Row:
    place.mkdir()
    made = releases.make(
        str(place), os.environ, datetime.datetime.now(datetime.UTC)
    )
    small = _verify(made, place / 'small', memory.SMALL)
    big = _verify(made, place / 'large', memory.LARGE)
    return table.as_small(
        f'verify, wheel of {memory.LARGE // runs.MIB} MiB',
        big,
        small,
        memory.TIMES,
        alternative=f'wheel of {memory.SMALL // runs.MIB} MiB',
    )


def _verify(
    made: releases.ThrowAwayRelease, place: pathlib.Path, size: int
) -> runs.Run:
    """Verify a release with a large wheel."""
    files = place / 'archive' / made.repo
    files.mkdir(parents=True)
    for kind in artifacts.KINDS:
        artifacts.write(files, made, kind, size if kind == 'wheel' else 0)
    paths = [str(path) for path in files.iterdir()]
    out_there.sign(made.key, paths)
    fill = functools.partial(_fill, made.project, made.version, paths)
    with (
        standin.filled(fill) as index,
        archive.running(str(place / 'archive')) as url,
    ):
        run = runs.run(
            [
                *_command(made.releases_dir, url, index.read_url),
                *(made.project, made.version),
            ],
            runs.environment(place),
            place,
        )
    shutil.rmtree(place)
    return run


def _fill(
    project: str, version: str, paths: list[str], index: server.StandInIndex
) -> None:
    index.store.limits.file_size = 2 * memory.LARGE
    index.store.add_project(project, owner=standin.OWNER)
    for path in paths:
        index.store.add_file(
            project, version, os.path.basename(path), pathlib.Path(path)
        )


def _command(releases_dir: str, url: str, read_url: str) -> list[str]:
    return [
        *(runs.script('openstack-publish'), 'verify'),
        *('--releases', releases_dir),
        *('--archive', url, '--read-url', read_url),
    ]
