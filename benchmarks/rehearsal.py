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

"""The rehearsal as a whole: what a newcomer waits for."""

from __future__ import annotations

import pathlib

from benchmarks import runs
from benchmarks import table

LIMIT = 15
"""Seconds."""

REPETITIONS = 3


def rows(scratch: pathlib.Path, repetitions: int) -> list[table.Row]:
    """Rehearse from the start of the process to its end."""
    environment = runs.environment(scratch)
    measured = [
        runs.run(
            [runs.script('openstack-publish'), 'rehearse'],
            environment,
            scratch,
        )
        for _ in range(min(repetitions, REPETITIONS))
    ]
    return [table.within('rehearse', measured, LIMIT)]
