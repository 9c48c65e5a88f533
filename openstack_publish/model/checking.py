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

"""What a check says of each order, file and key that it looked at."""

from __future__ import annotations

import dataclasses

from openstack_publish.model import deliverable
from openstack_publish.model import finding
from openstack_publish.model import names
from openstack_publish.model import verdicts


@dataclasses.dataclass(frozen=True)
class Subject:
    """One order that is to be checked."""

    order: deliverable.Order
    added: bool
    """Whether a change adds it; else it stood there before, or nobody
    knows."""

    earlier: tuple[deliverable.Release, ...]
    """The releases that stand before it in its file."""

    moved_from: str | None = None
    """The commit that the file ordered for this version before the
    change."""

    is_last: bool = True
    """Whether it stands in the last release of its file."""


@dataclasses.dataclass(frozen=True)
class Checked:
    """One order, or one file, and what is to be said of it."""

    path: str
    verdict: verdicts.Verdict
    findings: tuple[finding.Finding, ...] = ()
    series: str | None = None
    """None of a file that is no deliverable's; so are the following."""

    deliverable: str | None = None
    version: str | None = None
    """None where the row is about the file; so are the following."""

    repo: str | None = None
    project: names.ProjectName | None = None


@dataclasses.dataclass(frozen=True)
class Check:
    """Everything that was looked at."""

    key: Checked
    """The key of the day, once a run."""

    orders: tuple[Checked, ...]
    """By path and by place in the file."""

    in_change: frozenset[str]
    """Paths of the files that the change has; outside git of those that were
    named."""

    @property
    def rows(self) -> tuple[Checked, ...]:
        """Return everything, the key first."""
        return (self.key, *self.orders)
