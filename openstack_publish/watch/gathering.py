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

"""Reads projects, and puts what is remembered of them beside it."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Collection
from collections.abc import Iterable
from collections.abc import Mapping
from typing import TypeVar

from openstack_publish.model import listing
from openstack_publish.model import names
from openstack_publish.model import watching
from openstack_publish.watch import judging
from openstack_publish.watch import request
from openstack_publish.watch import sources

T = TypeVar('T', watching.Pending, watching.Expected)


@dataclasses.dataclass(frozen=True)
class Gathered:
    """What one batch is about."""

    cases: tuple[judging.Case, ...]
    read: frozenset[names.ProjectName]
    again: Mapping[names.ProjectName, int]
    """What could not be read as far as it should be, and how far that is."""

    unknown: tuple[str, ...]

    def and_also(self, other: Gathered) -> Gathered:
        """Return what both are about."""
        return Gathered(
            self.cases + other.cases,
            self.read | other.read,
            {**self.again, **other.again},
            self.unknown + other.unknown,
        )


def rest(
    gates: request.Gates,
    projects: Collection[names.ProjectName],
    now: datetime.datetime,
) -> Gathered:
    """Read the rest of the projects, and nothing else."""
    everything = sources.Batch({}, everything=True)
    return gather(gates, projects, everything, now)


def gather(
    gates: request.Gates,
    managed: Collection[names.ProjectName],
    batch: sources.Batch,
    now: datetime.datetime,
) -> Gathered:
    """Read what a batch asks for, and add what else is undecided.

    An incident, a file or an order that waits is judged in every round: the
    order may have been merged since, or the policy changed.
    """
    memory = gates.memory
    questions = dict(batch.questions)
    if batch.everything:
        questions = {**dict.fromkeys(managed, 0), **questions}
    readings = _readings(gates, questions)
    standing = judging.by_project(memory.incidents().values())
    pending = _grouped(memory.pending())
    expected = _grouped(memory.expected())
    waiting = ({*standing, *pending, *expected} - readings.keys()) & {*managed}
    cases, again, unknown = [], {}, []
    for project in (*readings, *sorted(waiting)):
        before = memory.snapshot(project)
        current, why = before, None
        if project in readings:
            overview = readings[project]
            current = watching.taken(overview, now, before)
            why = watching.why_older(overview, before) or _why_again(
                overview, questions[project]
            )
        if why is not None:
            unknown.append(why)
            again[project] = questions[project]
        if current is not None:
            cases.append(
                judging.Case(
                    before,
                    current,
                    tuple(standing.get(project, ())),
                    tuple(pending.get(project, ())),
                    tuple(expected.get(project, ())),
                    batch.rows.get(project, ()),
                    why,
                )
            )
    return Gathered(tuple(cases), frozenset(readings), again, tuple(unknown))


def _readings(
    gates: request.Gates, questions: Mapping[names.ProjectName, int]
) -> dict[names.ProjectName, listing.Overview]:
    """Read projects, several at once."""
    asked = [
        request.Question(project, serial)
        for project, serial in sorted(questions.items())
    ]
    found = {}
    for position, overview in gates.workers.each(request.read, asked):
        found[asked[position].project] = overview
        gates.observer.counted('projects read', len(found), len(asked))
    return found


def _why_again(overview: listing.Overview, wanted: int) -> str | None:
    """Return why a project has to be read again; None if it need not."""
    why = watching.why_unread(overview)
    # What was deleted has no document that could carry a serial.
    serial = overview.serial
    if why is None and serial is not None and serial < wanted:
        return (
            f'{overview.project}: the index shows it as of serial '
            f'{overview.serial}, and its journal is at {wanted}'
        )
    return why


def _grouped(things: Iterable[T]) -> dict[names.ProjectName, list[T]]:
    found: dict[names.ProjectName, list[T]] = {}
    for thing in things:
        found.setdefault(thing.project, []).append(thing)
    return found
