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

"""A whole audit of a thousand projects, from start-up to its last line."""

from __future__ import annotations

import pathlib

from benchmarks import many
from benchmarks import real
from benchmarks import table
from openstack_publish.gates import checkout
from openstack_publish.gates import processes
from openstack_publish.gates import projectconfig
from openstack_publish.rules import managed

COUNT = 1000
"""Projects."""

_WHAT = f'audit of {COUNT} projects, {many.LATENCY} ms a request'


def rows(scratch: pathlib.Path, repetitions: int) -> list[table.Row]:
    """Audit every project of the real files, and so many more as it takes.

    The files are read in each run; what they do not name the index does,
    whose one user owns everything.
    """
    releases, config = real.releases(), real.project_config()
    if releases is None or config is None:
        return many.command_not_run(_WHAT, real.BOTH)
    ours = _names(releases, config)
    names = [*ours, *many.projects(COUNT - len(ours))]
    with many.ways(scratch, names) as found:
        return many.command(
            _WHAT,
            found,
            repetitions,
            'audit',
            '--from-index',
            '--releases',
            str(releases),
            '--project-config',
            str(config),
        )


def _names(releases: pathlib.Path, config: pathlib.Path) -> list[str]:
    """Return the projects that the files name."""
    place = checkout.Checkout(str(releases), processes.Processes({}))
    read = (place.read_deliverable(path) for path in place.paths())
    found = managed.managed(
        (each.deliverable for each in read if each.deliverable is not None),
        [each.name for each in place.read_series()],
        projectconfig.ProjectConfig(str(config)).read(),
    )
    return [each.project for each in found]
