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

"""Say how far each ordered release came: archive, signatures, index.

What verifying asks of one release in depth is asked here of many in
breadth: is everything there, signed, and the same on both sides?
"""

from __future__ import annotations

import dataclasses
import itertools

from openstack_publish import seams
from openstack_publish.model import deliverable
from openstack_publish.model import policy
from openstack_publish.model import publishing
from openstack_publish.model import standing
from openstack_publish.proof import originals
from openstack_publish.proof import selection
from openstack_publish.rules import publishing as reaching
from openstack_publish.rules import standings
from openstack_publish.rules import windows


@dataclasses.dataclass(frozen=True)
class Tools:
    """What is asked, by several threads at once."""

    index: seams.Index
    archive: originals.Tools | None
    """None where no archive was named."""


@dataclasses.dataclass(frozen=True)
class Gates:
    """Everything outside, each once."""

    checkout: seams.Checkout
    project_config: seams.ProjectConfig | None
    workers: seams.Workers[Tools]
    clock: seams.Clock
    observer: seams.Observer


def status(
    wanted: selection.Wanted, allowed: policy.Policy, gates: Gates
) -> tuple[standing.Standing, ...]:
    """Return a row for each order that is asked about.

    :raises Misconfigured: what was named isn't there
    :raises Unavailable: a checkout cannot be read
    """
    selected = selection.select(gates.checkout, wanted)
    config = None
    if gates.project_config is not None:
        config = gates.project_config.read()
    rows = _rows(selected.orders, allowed, config, gates)
    return (
        *(
            standings.unread(one.name, one.series, one.findings)
            for one in selected.lacking
        ),
        *rows,
    )


def of_project(
    tools: Tools, orders: tuple[standings.Asked, ...]
) -> tuple[standing.Standing, ...]:
    """Return the rows of orders of one project, which is read once."""
    listed = tools.index.read_overview(orders[0].order.project)
    return tuple(
        standings.reached(asked, _archived(tools, asked), listed)
        for asked in orders
    )


def _archived(
    tools: Tools, asked: standings.Asked
) -> standings.Archived | None:
    if tools.archive is None:
        return None
    return originals.examine(tools.archive, asked.order, asked.kinds).archived


def _rows(
    orders: tuple[deliverable.Order, ...],
    allowed: policy.Policy,
    config: publishing.Publishing | None,
    gates: Gates,
) -> tuple[standing.Standing, ...]:
    now = gates.clock.now()
    keys = windows.of(gates.checkout.read_series())
    first_key = keys[0].start if keys else None
    rows: dict[int, standing.Standing] = {}
    asked: list[tuple[int, standings.Asked]] = []
    for position, order in enumerate(orders):
        one = standings.Asked(
            order,
            reaching.reaches(order.version, order.repo, config),
            allowed,
            now,
            first_key,
        )
        row = standings.out_of_reach(one)
        if row is None:
            asked.append((position, one))
        else:
            rows[position] = row
    asked.sort(key=_project)
    groups = [
        tuple(group) for _, group in itertools.groupby(asked, key=_project)
    ]
    of_each = [tuple(one for _, one in group) for group in groups]
    for done, (number, found) in enumerate(
        gates.workers.each(of_project, of_each), 1
    ):
        for (position, _), row in zip(groups[number], found, strict=True):
            rows[position] = row
        gates.observer.counted('reading releases', done, len(groups))
    return tuple(row for _, row in sorted(rows.items()))


def _project(asked: tuple[int, standings.Asked]) -> str:
    return asked[1].order.project
