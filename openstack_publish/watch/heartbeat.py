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

"""Tells that the watch is alive: silence is never mistaken for safety."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Collection

from openstack_publish.model import names
from openstack_publish.model import watching
from openstack_publish.seams import alerts

LAST = 'last-heartbeat'


@dataclasses.dataclass(frozen=True)
class Health:
    """How a round went."""

    managed: Collection[names.ProjectName]
    source: watching.Source
    unknown: int
    """Things that could not be known in it."""


def due(
    memory: alerts.Memory,
    every: datetime.timedelta | None,
    now: datetime.datetime,
    health: Health,
) -> alerts.Changed | None:
    """Return a letter that is to be remembered, where one is due.

    :param every: None where nobody wants one
    """
    if every is None:
        return None
    last = memory.value(LAST)
    # A clock that was far ahead is not waited for.
    if last is not None and (
        abs(now - datetime.datetime.fromisoformat(last)) < every
    ):
        return None
    return alerts.Changed(
        letters=[
            watching.Letter(
                'alive',
                now,
                (),
                f'alive.{int(now.timestamp())}',
                _described(memory, now, health),
            )
        ],
        values={LAST: now.isoformat()},
    )


def _described(
    memory: alerts.Memory, now: datetime.datetime, health: Health
) -> str:
    """Say how many projects are watched, and how far behind."""
    managed = health.managed
    times = memory.read_times()
    read = [times[project] for project in managed if project in times]
    behind = (now - min(read)).total_seconds() if read else 0.0
    again = set(memory.unread()) & set(managed)
    states = [incident.state for incident in memory.incidents().values()]
    return (
        f'{len(managed)} projects by the {health.source}; '
        f'{len(managed) - len(read)} never read, {len(again)} to be read '
        f'again; the oldest reading is {behind / 60:.0f} minutes old; '
        f'{states.count("open")} incidents open, '
        f'{states.count("acknowledged")} acknowledged; {health.unknown} '
        'things could not be known in this round'
    )
