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

"""The counts of one audit after the other: how far a clean-up is.

Format: ``openstack-publish/audit-history/1``, described in the reference of
the audit's site, which keeps one beside its pages.
"""

from __future__ import annotations

import collections
import dataclasses
import datetime
from collections.abc import Iterable
from collections.abc import Mapping
from typing import get_args

from openstack_publish.model import auditing
from openstack_publish.model import documents
from openstack_publish.model import verdicts

SCHEMA = 'openstack-publish/audit-history/1'
VERDICTS: tuple[verdicts.Verdict, ...] = get_args(verdicts.Verdict)


@dataclasses.dataclass(frozen=True)
class Point:
    """What one audit came to."""

    taken: datetime.datetime
    """When it began, UTC."""

    read_url: str
    """The index that was read."""

    counts: Mapping[verdicts.Verdict, int]
    """Projects by verdict; every verdict is there."""

    @property
    def projects(self) -> int:
        """Return how many projects were audited."""
        return sum(self.counts.values())


History = tuple[Point, ...]
"""In the order of time."""


def point(audit: auditing.Audit) -> Point:
    """Return what an audit came to."""
    counts = collections.Counter(row.verdict for row in audit.projects)
    return Point(
        audit.taken,
        audit.read_url,
        {verdict: counts[verdict] for verdict in VERDICTS},
    )


def grown(history: History, audits: Iterable[auditing.Audit]) -> History:
    """Return a history with more audits in it.

    Two audits of one index that began in the same second are one: the
    later one of *audits* stays.
    """
    points = {(each.taken, each.read_url): each for each in history}
    for audit in audits:
        points[audit.taken, audit.read_url] = point(audit)
    return tuple(points[key] for key in sorted(points))


def read(document: Mapping[str, object]) -> History:
    """Return the history that a JSON document holds.

    :raises Malformed: it is none
    """
    data = dict(document)
    schema = data.get('schema')
    if schema != SCHEMA:
        raise documents.Malformed(f'its schema is {schema!r}, not {SCHEMA!r}')
    points = map(_point, documents.member(data, 'audits', list))
    return tuple(sorted(points, key=lambda each: (each.taken, each.read_url)))


def _point(value: object) -> Point:
    if not isinstance(value, dict):
        raise documents.Malformed('an audit is no object')
    try:
        taken = documents.read_time(value.get('taken'))
        counts = {
            verdict: documents.read_size(value.get(verdict))
            for verdict in VERDICTS
        }
    except (TypeError, ValueError) as error:
        raise documents.Malformed(
            f'an audit has no time, or not all counts: {error}'
        ) from error
    return Point(taken, documents.member(value, 'index', str), counts)
