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

"""What a watch is asked for, and everything outside that it needs."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Callable
from typing import Literal

from openstack_publish import seams
from openstack_publish.model import listing
from openstack_publish.model import names
from openstack_publish.model import policy
from openstack_publish.seams import alerts
from openstack_publish.watch import proving

SWEEP = {
    'feeds': datetime.timedelta(hours=1),
    'changelog': datetime.timedelta(hours=24),
}
"""Within this time every project is read, whatever the source says: no feed
shows a role, no journal an archived project or another organization."""


@dataclasses.dataclass(frozen=True)
class Terms:
    """What a watch goes by."""

    source: Literal['feeds', 'changelog', 'auto'] = 'feeds'
    repeat: datetime.timedelta = datetime.timedelta(hours=24)
    """How long after a letter the next one is due while an incident stands."""

    heartbeat: datetime.timedelta | None = None
    baseline: bool = False
    """What stands in the first round is recorded and not told."""


@dataclasses.dataclass(frozen=True)
class Readers:
    """The read side of the index, twice."""

    usual: seams.Index
    """Content with what a cache has confirmed."""

    fresh: seams.Index
    """Asks anew, past every cache on the way."""

    def overview(self, question: Question) -> listing.Overview:
        """Read a project, past caches where what they have is too old."""
        if question.serial:
            return self.fresh.read_overview(question.project)
        return self.usual.read_overview(question.project)


@dataclasses.dataclass(frozen=True)
class Question:
    """A project to read."""

    project: names.ProjectName
    serial: int = 0
    """The reading has to show at least this; 0 for any."""


def read(readers: Readers, question: Question) -> listing.Overview:
    """Read one project: the work of many workers."""
    return readers.overview(question)


@dataclasses.dataclass(frozen=True)
class Gates:
    """Everything outside, each once."""

    policy: Callable[[], policy.Policy]
    """Reads the policy anew: it may have been merged since."""

    workers: seams.Workers[Readers]
    updates: alerts.Updates
    changelog: alerts.Changelog
    checkout: seams.Checkout
    history: seams.History | None
    """None where the checkout is no git repository."""

    upstream: alerts.Upstream | None
    """None where nobody can say when the checkout was fetched."""

    config: seams.ProjectConfig | None
    prover: proving.Prover | None
    """None where no archive is named."""

    memory: alerts.Memory
    teller: alerts.Teller
    clock: seams.Clock
    observer: seams.Observer
