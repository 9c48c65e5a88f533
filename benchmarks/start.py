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

"""Start-up: what everybody waits for before anything happens."""

from __future__ import annotations

import pathlib

from benchmarks import runs
from benchmarks import table


def rows(scratch: pathlib.Path, repetitions: int) -> list[table.Row]:
    """Hold ``openstack-publish --version`` against ``twine --version``."""
    environment = runs.environment(scratch)

    def version(program: str) -> runs.Run:
        return runs.run(
            [runs.script(program), '--version'], environment, scratch
        )

    ours, other = runs.in_turns(
        repetitions,
        lambda: version('openstack-publish'),
        lambda: version('twine'),
    )
    return [
        table.at_most(
            '--version', ours, other, 1, alternative='twine --version'
        )
    ]
