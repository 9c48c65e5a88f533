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

"""Where changes are seen first: the changelog, or the feed of updates.

Both only say which projects to read; what changed is seen by reading them.
So both give the same incidents, but for what the changelog alone tells.
"""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Collection
from collections.abc import Iterator
from collections.abc import Mapping

from openstack_publish.model import knowledge
from openstack_publish.model import names
from openstack_publish.model import watching
from openstack_publish.rules.watched import journal
from openstack_publish.seams import alerts

SERIAL = 'changelog-serial'
NEWEST = 'feed-newest'


@dataclasses.dataclass(frozen=True)
class Batch:
    """A part of what a source tells; told before the next one is asked."""

    questions: Mapping[names.ProjectName, int]
    """Projects to read, with the serial that the reading has to show."""

    rows: Mapping[names.ProjectName, list[watching.JournalRow]] = (
        dataclasses.field(default_factory=dict)
    )
    cursors: Mapping[str, str] = dataclasses.field(default_factory=dict)
    """What is remembered once all of it was told."""

    everything: bool = False
    """Every project is to be read: the source has a gap."""


@dataclasses.dataclass(frozen=True)
class Lost:
    """A source that did not answer."""

    why: str
    comes_back: bool = False
    """It has too much to do, and goes on where it stopped."""


def _lost(unknown: knowledge.Unknown) -> Lost:
    return Lost(
        f'{unknown.what}: {unknown.why}', isinstance(unknown, alerts.Busy)
    )


def changelog(
    source: alerts.Changelog,
    memory: alerts.Memory,
    managed: Collection[names.ProjectName],
) -> Iterator[Batch | Lost]:
    """Yield what the changelog has since the last time, page by page.

    The first time there is nothing to catch up with: the serial of now is
    taken, and every project is read after it.
    """
    written = memory.value(SERIAL)
    if written is None:
        match source.last_serial():
            case knowledge.Known(value=serial):
                yield Batch({}, cursors={SERIAL: str(serial)}, everything=True)
            case knowledge.Unknown() as unknown:
                yield _lost(unknown)
        return
    serial = int(written)
    while True:
        match source.since(serial):
            case knowledge.Unknown() as unknown:
                yield _lost(unknown)
                return
            case knowledge.Known(value=()):
                return
            case knowledge.Known(value=rows):
                ours = journal.concerned(rows, managed)
                serial = rows[-1].serial
                yield Batch(
                    {
                        project: found[-1].serial
                        for project, found in ours.items()
                    },
                    ours,
                    {SERIAL: str(serial)},
                )


def feed(
    source: alerts.Updates,
    memory: alerts.Memory,
    managed: Collection[names.ProjectName],
) -> Iterator[Batch | Lost]:
    """Yield the projects of which the feed shows a release that is new.

    The feed has the 100 newest releases. Where its oldest is newer than the
    newest of the last time, some were never shown: every project is read.
    """
    match source.newest():
        case knowledge.Unknown() as unknown:
            yield _lost(unknown)
        case knowledge.Known(value=updates):
            last = memory.value(NEWEST)
            since = (
                None if last is None else datetime.datetime.fromisoformat(last)
            )
            if not updates:
                return
            newest = max(update.time for update in updates)
            yield Batch(
                {
                    update.project: 0
                    for update in updates
                    # Not "newer than": two releases may share a second.
                    if update.project in managed
                    and (since is None or update.time >= since)
                },
                cursors={
                    NEWEST: (
                        newest if since is None else max(newest, since)
                    ).isoformat()
                },
                everything=since is None
                or min(update.time for update in updates) > since,
            )
