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

"""Series and their signing keys.

Format: ``data/series_status.yaml`` of openstack/releases: a list, newest
series first.
"""

from __future__ import annotations

import dataclasses
import datetime

from openstack_publish.model import names

STATUS_FILE = 'data/series_status.yaml'
"""Where a checkout of openstack/releases lists series and keys."""


@dataclasses.dataclass(frozen=True)
class CycleKey:
    """The OpenPGP key that signed releases during one window of days."""

    primary: names.Fingerprint
    """Fingerprint of the primary key; a subkey of it signs."""

    series: str
    start: datetime.date
    end: datetime.date | None
    """Last day, UTC, included; None while the key is in use."""

    def covers(self, day: datetime.date) -> bool:
        """Say whether the key was the one to sign with on a day, UTC.

        Windows meet in a day, on which both keys are right.
        """
        return self.start <= day and (self.end is None or day <= self.end)


@dataclasses.dataclass(frozen=True)
class Series:
    """One development cycle."""

    name: str
    """Codename, which is also the directory's name."""

    release_id: str | None
    """Such as ``2026.2``; None before antelope."""

    status: str
    key: CycleKey | None
