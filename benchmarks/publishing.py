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

"""A whole publication against ``twine upload`` of the same files."""

from __future__ import annotations

import datetime
import itertools
import os
import pathlib
import shutil

from benchmarks import runs
from benchmarks import standin
from benchmarks import table
from openstack_publish.rehearsal import release as releases

LATENCIES = (0, 50)
"""Milliseconds that each request takes longer."""

TIMES = 2
"""What the proof may take, in times of the upload alone."""


def rows(scratch: pathlib.Path, repetitions: int) -> list[table.Row]:
    """Publish two files of a release, each time to a fresh index.

    twine is given the same two files without signatures, and does nothing
    but upload them.
    """
    place = scratch / 'release'
    place.mkdir()
    made = releases.make(
        str(place), os.environ, datetime.datetime.now(datetime.UTC)
    )
    return [
        _row(made, scratch / f'{latency}', repetitions, latency)
        for latency in LATENCIES
    ]


def _row(
    made: releases.ThrowAwayRelease,
    scratch: pathlib.Path,
    repetitions: int,
    latency: int,
) -> table.Row:
    numbers = itertools.count()

    def ours() -> runs.Run:
        place = _with_files(made, scratch / f'{next(numbers)}')
        with standin.running(made.project, latency_ms=latency) as index:
            return publish(made, place, index)

    def other() -> runs.Run:
        place = _with_files(made, scratch / f'{next(numbers)}')
        with standin.running(made.project, latency_ms=latency) as index:
            return _upload(place, index)

    measured, others = runs.in_turns(repetitions, ours, other)
    return table.at_most(
        f'publish two files, {latency} ms a request',
        measured,
        others,
        TIMES,
        alternative='twine upload of the two',
    )


def publish(
    made: releases.ThrowAwayRelease,
    place: pathlib.Path,
    index: standin.Place,
    *more: str,
) -> runs.Run:
    """Run ``publish`` as a release job does.

    :param place: holds the distributions in ``dist``
    """
    (place / 'archive').mkdir()
    return runs.run(
        [
            runs.script('openstack-publish'),
            'publish',
            str(place / 'dist'),
            '--releases',
            made.releases_dir,
            '--commit',
            made.commit,
            '--repository-url',
            index.upload_url,
            '--sign-key-file',
            made.secret_key_file,
            '--archive',
            str(place / 'archive'),
            *more,
        ],
        runs.environment(place, TWINE_PASSWORD=index.token),
        place,
    )


def _upload(place: pathlib.Path, index: standin.Place) -> runs.Run:
    return runs.run(
        [
            runs.script('twine'),
            'upload',
            '--non-interactive',
            '--disable-progress-bar',
            '--repository-url',
            index.upload_url,
            *map(str, sorted((place / 'dist').iterdir())),
        ],
        runs.environment(
            place, TWINE_USERNAME='__token__', TWINE_PASSWORD=index.token
        ),
        place,
    )


def _with_files(
    made: releases.ThrowAwayRelease, place: pathlib.Path
) -> pathlib.Path:
    """Make a directory that holds a copy of the distributions."""
    dist = place / 'dist'
    dist.mkdir(parents=True)
    for path in made.distributions:
        shutil.copy2(path, dist)
    return place
