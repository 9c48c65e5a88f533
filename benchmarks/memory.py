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

"""Peak memory of a publication, with a large and with a small artifact."""

from __future__ import annotations

import datetime
import os
import pathlib
import shutil

from benchmarks import artifacts
from benchmarks import publishing
from benchmarks import runs
from benchmarks import standin
from benchmarks import table
from openstack_publish.rehearsal import release as releases

SMALL, LARGE = runs.MIB, 1023 * runs.MIB
"""Bytes of the one large file. With what else is in a distribution the large
one stays just below the 1 GiB that is unpacked of one (OSP206)."""

TIMES = 1.1
_POLICY = """\
---
schema: openstack-publish/policy/1
index: pypi
maintainers:
  required:
    - user: openstackci
      role: Owner
  allowed: []
  organization: null
waivers:
  - code: OSP312
    project: {project}
    until: {until}
    reason: a measurement of what a very large artifact needs
"""


def rows(scratch: pathlib.Path, repetitions: int) -> list[table.Row]:
    """Publish a release with a large wheel, and one with a large sdist.

    The wheel is stored and the sdist packed by gzip without compression, so
    that as much is read as lies on disk. Each runs once: the peak hardly
    varies, and a gibibyte takes its time.
    """
    place = scratch / 'release'
    place.mkdir()
    made = releases.make(
        str(place), os.environ, datetime.datetime.now(datetime.UTC)
    )
    return [_row(made, scratch, kind) for kind in artifacts.KINDS]


def _row(
    made: releases.ThrowAwayRelease,
    scratch: pathlib.Path,
    kind: artifacts.Kind,
) -> table.Row:
    small = _publish(made, scratch / f'{kind}-small', kind, SMALL)
    big = _publish(made, scratch / f'{kind}-large', kind, LARGE)
    return table.as_small(
        f'publish, {kind} of {LARGE // runs.MIB} MiB',
        big,
        small,
        TIMES,
        alternative=f'{kind} of {SMALL // runs.MIB} MiB',
    )


def _publish(
    made: releases.ThrowAwayRelease,
    place: pathlib.Path,
    kind: artifacts.Kind,
    size: int,
) -> runs.Run:
    dist = place / 'dist'
    dist.mkdir(parents=True)
    for each in artifacts.KINDS:
        artifacts.write(dist, made, each, size if each == kind else 0)
    policy = place / 'policy.yaml'
    policy.write_text(
        _POLICY.format(
            project=made.project,
            until=datetime.datetime.now(datetime.UTC).date(),
        ),
        encoding='utf-8',
    )
    with standin.running(made.project, file_size=2 * LARGE) as index:
        run = publishing.publish(made, place, index, '--policy', str(policy))
    shutil.rmtree(place)
    return run
