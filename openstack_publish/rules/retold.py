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

"""Does what is told of a release fit together (OSP750, OSP751)?"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from collections.abc import Sequence

from openstack_publish.model import deliverable
from openstack_publish.model import finding
from openstack_publish.model import knowledge
from openstack_publish.model import names
from openstack_publish.model import publishing
from openstack_publish.model import timeline
from openstack_publish.model import watching
from openstack_publish.rules import findings
from openstack_publish.rules import links

_IN_TURN: tuple[timeline.Kind, ...] = ('ordered', 'tagged', 'signed')
"""What comes before what. A file in the archive keeps the time of its build,
and for the upload there is OSP734."""

_OF_ROLES = frozenset({'OSP806', 'OSP807', 'OSP808', 'OSP809', 'OSP810'})

_RANKS = {kind: rank for rank, kind in enumerate(timeline.KINDS)}


def tag_agrees(
    order: deliverable.Order, tag: timeline.Tag
) -> tuple[finding.Finding, ...]:
    """Hold a tag against the order (OSP750)."""
    if tag.commit == order.commit:
        return ()
    return (
        findings.failed(
            'OSP750',
            f'{order.project} {order.version}',
            f'the tag {tag.name} is on {tag.commit or "no commit at all"}, '
            f'the order of {order.repo} is {order.commit}',
            place=order.place((*order.ordered.key, 'hash')),
        ),
    )


def other_bytes(
    originals: links.Originals, listed: links.Listed
) -> tuple[finding.Finding, ...]:
    """Name the files of which the index has other bytes (OSP732).

    What one side lacks shows by itself, and is no contradiction.
    """
    if isinstance(listed, knowledge.Unknown):
        return ()
    shown = {file.filename for file in listed.value}
    return links.same_bytes(
        '',
        [one for one in originals if one.filename in shown],
        (),
        listed,
        publishing.Reach('yes', 'it is there'),
        new=False,
    )


def incidents(
    found: Sequence[watching.Incident],
    project: names.ProjectName,
    version: str,
    source: str,
) -> list[timeline.Event]:
    """Return what the watch told of a project's roles, and of one release.

    :param source: where the watch keeps its state
    """
    events = []
    for incident in found:
        condition = incident.condition
        kind: timeline.Kind = (
            'roles' if condition.code in _OF_ROLES else 'alerts'
        )
        if condition.project != project or not (
            kind == 'roles' or _is_of(condition.about, version)
        ):
            continue
        said = f'{condition.code}: {condition.finding.message}'
        events.append(timeline.Event(kind, incident.opened, said, source))
        if incident.closed is not None and condition.stands:
            events.append(
                timeline.Event(kind, incident.closed, f'over: {said}', source)
            )
    return events


def _is_of(about: str, version: str) -> bool:
    """Say whether an incident is about a release, or a file of it.

    What is about the project as a whole is about each of its releases.
    """
    if not about:
        return True
    return names.same_version(about, version) or names.same_version(
        watching.release_of(about), version
    )


def in_turn(
    subject: str, events: Sequence[timeline.Event]
) -> tuple[finding.Finding, ...]:
    """Hold the times of events against each other (OSP751)."""
    return tuple(_in_turn(subject, events))


def by_time(
    events: Sequence[timeline.Event],
) -> tuple[timeline.Event, ...]:
    """Return events as they happened.

    One without a time comes before everything that must come after it.
    """
    dated = [
        event
        for _, _, event in sorted(
            # To the second, as they are told.
            (
                (event.time.replace(microsecond=0), _RANKS[event.kind], event)
                for event in events
                if event.time is not None
            ),
            key=lambda dated: dated[:2],
        )
    ]
    for event in events:
        if event.time is None:
            place = 0
            for number, other in enumerate(dated, 1):
                if _RANKS[other.kind] <= _RANKS[event.kind]:
                    place = number
            dated.insert(place, event)
    return tuple(dated)


def _in_turn(
    subject: str, events: Sequence[timeline.Event]
) -> Iterator[finding.Finding]:
    before: list[tuple[datetime.datetime, timeline.Event]] = []
    for kind in _IN_TURN:
        ours = [
            (event.time, event)
            for event in events
            if event.kind == kind and event.time is not None
        ]
        for time, event in ours:
            for earlier, other in before:
                if earlier - time > links.CLOCKS:
                    yield findings.failed(
                        'OSP751',
                        subject,
                        f'{event.kind} on {_spelled(time)}, but '
                        f'{other.kind} on {_spelled(earlier)}: {event.what}',
                    )
        before = [*before, *ours]


def _spelled(when: datetime.datetime) -> str:
    return f'{when:%Y-%m-%dT%H:%M:%SZ}'
