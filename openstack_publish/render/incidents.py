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

"""Incidents and rounds of the watch as text and as JSON documents."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from collections.abc import Iterator

from openstack_publish.model import watching
from openstack_publish.render import as_text
from openstack_publish.render import moment
from openstack_publish.render import plain

Document = dict[str, object]

COLUMNS = (
    'id',
    'code',
    'severity',
    'state',
    'project',
    'about',
    'account',
    'message',
    'remedy',
    'opened',
    'told',
    'closed',
    'reason',
)


def of_incident(incident: watching.Incident) -> Document:
    """Return an incident as a JSON document."""
    condition = incident.condition
    return {
        'id': incident.id,
        'code': condition.code,
        'severity': condition.finding.severity,
        'state': incident.state,
        'project': condition.project,
        'about': condition.about,
        'account': condition.account,
        'message': condition.finding.message,
        'remedy': condition.finding.remedy,
        'opened': moment.rfc3339(incident.opened),
        'told': _optional(incident.told),
        'closed': _optional(incident.closed),
        'reason': incident.reason,
    }


def of_occasion(
    letter: watching.Letter, incident: watching.Incident
) -> Document:
    """Return what is told of one incident as a JSON document."""
    return {
        'time': moment.rfc3339(letter.written),
        'occasion': letter.occasion,
        **of_incident(incident),
    }


def of_round(told: watching.Round) -> Document:
    """Return a round as a JSON document."""
    return {
        'exit_code': told.exit_code,
        'source': told.source,
        'projects': told.projects,
        'read': told.read,
        'opened': [of_incident(one) for one in told.opened],
        'standing': [of_incident(one) for one in told.standing],
        'recorded': [of_incident(one) for one in told.recorded],
        'unknown': list(told.unknown),
    }


def text_of_round(told: watching.Round) -> str:
    """Return a round as a report."""
    return '\n'.join(_report(told)) + '\n'


def text_of_incidents(incidents: Iterable[watching.Incident]) -> str:
    """Return incidents as paragraphs."""
    lines = [line for one in incidents for line in _incident(one)]
    return '\n'.join(lines or ['no incidents']) + '\n'


def _report(told: watching.Round) -> Iterator[str]:
    yield (
        f'{told.projects} projects by the {told.source}, {told.read} read: '
        f'{len(told.opened)} incidents opened, {len(told.standing)} stand, '
        f'{len(told.unknown)} not known'
    )
    opened = {incident.id for incident in told.opened}
    for incident in told.opened:
        yield from _incident(incident)
    for incident in told.standing:
        if incident.id not in opened:
            yield from _incident(incident)
    if told.recorded:
        yield f'recorded and not told: {len(told.recorded)}'
    for incident in told.recorded:
        yield from _incident(incident)
    for why in told.unknown:
        yield f'  not known: {plain.line(why)}'


def _incident(incident: watching.Incident) -> Iterator[str]:
    condition = incident.condition
    yield (
        f'{incident.id}  {incident.state}  '
        f'{plain.line(condition.project)}  since '
        f'{moment.rfc3339(incident.opened)}'
    )
    yield as_text.of_finding(condition.finding)
    if incident.reason is not None:
        yield f'    reason: {plain.line(incident.reason)}'


def _optional(when: datetime.datetime | None) -> str | None:
    return None if when is None else moment.rfc3339(when)
