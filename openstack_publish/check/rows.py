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

"""Rows to which findings are still added, and how they are told at last."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence

from openstack_publish import seams
from openstack_publish.model import checking
from openstack_publish.model import deliverable
from openstack_publish.model import finding
from openstack_publish.model import located
from openstack_publish.model import series
from openstack_publish.model import verdicts
from openstack_publish.proof import lines

Sought = tuple[str, located.KeyPath]


@dataclasses.dataclass
class Row:
    """A row to which findings are still added."""

    path: str
    commit: str | None = None
    """The commit whose file it is about; None for the file on disk."""

    file: deliverable.Deliverable | None = None
    order: deliverable.Order | None = None
    findings: list[finding.Finding] = dataclasses.field(default_factory=list)
    absent: bool = False

    def sought(self) -> Iterator[Sought]:
        """Give each key in the commit that a finding has no line of yet."""
        for found in self.findings:
            key = lines.lacking(found)
            # The key of the day is judged by what is on disk.
            if key is not None and key[0] != series.STATUS_FILE:
                yield key


def settled(
    rows: Sequence[Row], checkout: seams.Checkout, history: seams.History
) -> tuple[checking.Checked, ...]:
    """Return rows as they are told, with lines and verdicts."""
    sought: dict[str, set[Sought]] = {}
    for row in rows:
        if row.commit is not None:
            sought.setdefault(row.commit, set()).update(row.sought())
    places = {
        commit: history.places(commit, keys) for commit, keys in sought.items()
    }
    return tuple(
        _settled(row, checkout, places.get(row.commit or '', {}))
        for row in rows
    )


def _settled(
    row: Row,
    checkout: seams.Checkout,
    in_commit: Mapping[Sought, located.Place],
) -> checking.Checked:
    def place(path: str, key: located.KeyPath) -> located.Place:
        if row.commit is None or path == series.STATUS_FILE:
            return checkout.place(path, key)
        return in_commit.get((path, key), located.Place(path, key))

    found = tuple(lines.located_by(each, place) for each in row.findings)
    verdict: verdicts.Verdict = verdicts.of(found)
    if row.absent and verdict == 'held':
        verdict = 'absent'
    file, order = row.file, row.order
    return checking.Checked(
        path=row.path,
        verdict=verdict,
        findings=found,
        series=None if file is None else file.series,
        deliverable=None if file is None else file.name,
        version=None if order is None else order.version,
        repo=None if order is None else order.repo,
        project=None if order is None else order.project,
    )
