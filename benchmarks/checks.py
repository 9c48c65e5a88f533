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

"""A whole check of a change to two hundred files, in a real git repository."""

from __future__ import annotations

import pathlib
import shutil
import subprocess
from collections.abc import Sequence

from benchmarks import many
from benchmarks import real
from benchmarks import runs
from benchmarks import table

COUNT = 200
"""Files that the change adds an order to, each of another project."""

_WHAT = f'check of {COUNT} files, {many.LATENCY} ms a request'

_FILE = """\
---
team: demo
type: library
release-model: cycle-with-intermediary
repository-settings:
  openstack/{project}: {{}}
releases:
  - version: 1.39.0
    projects:
      - repo: openstack/{project}
        hash: a{released:039x}
"""

_ORDER = """\
  - version: 1.40.0
    projects:
      - repo: openstack/{project}
        hash: b{ordered:039x}
"""


def rows(scratch: pathlib.Path, repetitions: int) -> list[table.Row]:
    """Check a change to the real checkout, all of which is searched."""
    releases, config = real.releases(), real.project_config()
    if releases is None or config is None:
        return many.command_not_run(_WHAT, real.BOTH)
    names = many.projects(COUNT)
    proposed = scratch / 'releases'
    _propose(releases, proposed, names)
    with many.ways(scratch, names) as found:
        return many.command(
            _WHAT,
            found,
            repetitions,
            'check',
            '--releases',
            str(proposed),
            '--project-config',
            str(config),
        )


def _propose(
    releases: pathlib.Path, place: pathlib.Path, names: Sequence[str]
) -> None:
    """Make a git repository of a checkout, and a change to it at HEAD."""
    # Contents without modes: a checkout may be one that nobody may write to.
    for path in releases.rglob('*.*'):
        copy = place / path.relative_to(releases)
        if path.is_file() and '.git' not in path.parts:
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copy)
    directory = place / 'deliverables' / 'hibiscus'
    orders = range(1, len(names) + 1)
    for project, number in zip(names, orders, strict=True):
        text = _FILE.format(project=project, released=number)
        (directory / f'{project}.yaml').write_text(text, encoding='utf-8')
    _git(place, 'init', '--quiet')
    _commit(place)
    for project, number in zip(names, orders, strict=True):
        text = _ORDER.format(project=project, ordered=len(names) + number)
        with open(
            directory / f'{project}.yaml', 'a', encoding='utf-8'
        ) as opened:
            opened.write(text)
    _commit(place)
    # As a clone has its objects.
    _git(place, 'repack', '-a', '-d', '-q')


def _commit(place: pathlib.Path) -> None:
    _git(place, 'add', '--all')
    _git(place, 'commit', '--quiet', '--message', 'Order releases')


def _git(place: pathlib.Path, *words: str) -> None:
    subprocess.run(
        ['git', *words],
        cwd=place,
        env=runs.environment(
            place,
            GIT_AUTHOR_NAME='demo',
            GIT_AUTHOR_EMAIL='demo@example.org',
            GIT_COMMITTER_NAME='demo',
            GIT_COMMITTER_EMAIL='demo@example.org',
        ),
        check=True,
    )
