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

"""What a run is going to do with each distribution."""

from __future__ import annotations

import dataclasses
from typing import Literal

from openstack_publish.model import distribution

Action = Literal['upload', 'already-there', 'refuse']


@dataclasses.dataclass(frozen=True)
class PlannedFile:
    """One distribution and what is to become of it."""

    distribution: distribution.Distribution
    action: Action
    why: str


@dataclasses.dataclass(frozen=True)
class Plan:
    """Every distribution of a release, in the order of upload."""

    files: tuple[PlannedFile, ...]

    @property
    def uploads(self) -> tuple[PlannedFile, ...]:
        """Return the files that are to be sent."""
        return tuple(file for file in self.files if file.action == 'upload')


def in_upload_order(
    distributions: tuple[distribution.Distribution, ...],
) -> tuple[distribution.Distribution, ...]:
    """Return wheels first, then sdists, each by name (twine's order)."""
    return tuple(
        sorted(
            distributions,
            key=lambda dist: (dist.kind != 'bdist_wheel', dist.filename),
        )
    )
