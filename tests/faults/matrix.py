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

"""The cells that were played, and how they went."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Iterator


@dataclasses.dataclass
class Played:
    """One cell that was played."""

    fault: str
    command: str
    place: str
    first: str = ''
    """What the run left that the fault met."""

    second: str = ''
    """What the run after it left."""

    ok: bool = False


PLAYED: list[Played] = []
"""Of this process, in the order in which they were played."""


@contextlib.contextmanager
def played(fault: str, command: str, place: str) -> Iterator[Played]:
    """Write a cell down; it is ok if nothing is raised."""
    cell = Played(fault, command, place)
    PLAYED.append(cell)
    yield cell
    cell.ok = True
