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

"""What became of a release, as a document and for human eyes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from openstack_publish.model import timeline
from openstack_publish.render import as_json
from openstack_publish.render import as_text
from openstack_publish.render import moment
from openstack_publish.render import plain

_INDENT = ' ' * 6


def document(told: timeline.Timeline) -> dict[str, Any]:
    """Return a timeline as a JSON document."""
    return {
        'project': told.project,
        'version': told.version,
        'events': [
            {
                'time': (
                    None if event.time is None else moment.rfc3339(event.time)
                ),
                'kind': event.kind,
                'what': event.what,
                'source': event.source,
            }
            for event in told.events
        ],
        'gaps': [{'kind': gap.kind, 'why': gap.why} for gap in told.gaps],
        'findings': [as_json.of_finding(found) for found in told.findings],
    }


def text(told: timeline.Timeline) -> str:
    """Return a timeline for a reader, at 80 columns."""
    return '\n'.join(_lines(told)) + '\n'


def _lines(told: timeline.Timeline) -> Iterator[str]:
    yield plain.line(f'{told.project} {told.version}')
    for event in told.events:
        when = 'time not known      '
        if event.time is not None:
            when = moment.rfc3339(event.time)
        yield f'  {when}  {event.kind}'
        yield from as_text.wrapped(plain.line(event.what), _INDENT, _INDENT)
        yield from as_text.wrapped(
            f'source: {plain.line(event.source)}', _INDENT, f'{_INDENT}  '
        )
    if told.gaps:
        yield ''
        yield 'not known'
        for gap in told.gaps:
            yield from as_text.wrapped(
                f'{gap.kind}: {plain.line(gap.why)}', '  ', '    '
            )
    if told.findings:
        yield ''
        yield as_text.of_findings(told.findings)
