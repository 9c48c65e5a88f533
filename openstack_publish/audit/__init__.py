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

"""Audit who holds a role on every project that we are to answer for.

Nothing is written and nobody is asked but the index, anonymously. What could
not be read makes one row unknown and leaves the others.
"""

from __future__ import annotations

import dataclasses
import difflib
from collections.abc import Iterator
from collections.abc import Sequence

from openstack_publish import exceptions
from openstack_publish import seams
from openstack_publish.audit import survey
from openstack_publish.model import auditing
from openstack_publish.model import knowledge
from openstack_publish.model import listing
from openstack_publish.model import names
from openstack_publish.model import policy
from openstack_publish.rules import audited

EARLY = 700
"""Deliverable files that are read before the index is asked for the first
project. Those without a series and of the two newest series are that many, and
name most projects (2026-08)."""

MEANWHILE = 20
"""Files that are read for each answer of the index: some 8 ms of work, while
the next answers are waited for."""


@dataclasses.dataclass(frozen=True)
class Request:
    """What was asked for, as plain values."""

    projects: tuple[names.ProjectName, ...] = ()
    """Only these; empty for every project that is ours."""

    series: str | None = None
    """Only those that a file of this series names."""

    team: str | None = None
    """Only those of this team."""


@dataclasses.dataclass(frozen=True)
class Gates:
    """Everything outside that an audit asks."""

    workers: seams.Workers[seams.Index]
    read_url: str
    """The index that the workers read."""

    accounts: seams.Accounts | None
    """None where the index is not asked for a user's projects."""

    checkout: seams.Checkout | None
    project_config: seams.ProjectConfig | None
    clock: seams.Clock
    observer: seams.Observer


def audit(
    request: Request,
    allowed: policy.Policy,
    was: auditing.Audit | None,
    gates: Gates,
) -> auditing.Audit:
    """Look at every project, and hold it against the policy.

    :param allowed: the policy
    :param was: a saved audit to compare with
    :raises Misconfigured: there is no such series or team, or a file that
        was named is malformed
    :raises Unavailable: checkout or project-config cannot be read
    """
    now = gates.clock.now()
    files = survey.Survey(
        allowed, was, gates.accounts, gates.checkout, gates.project_config
    )
    early = _early(request, files)
    overviews = {}
    for project, overview in _overviews(early, 0, len(early), gates):
        overviews[project] = overview
        files.read(MEANWHILE)
    files.read()
    chosen = _chosen(request, files.ours(), gates.checkout)
    late = [each.project for each in chosen if each.project not in overviews]
    overviews.update(_overviews(late, len(overviews), len(chosen), gates))
    before = {} if was is None else {row.project: row for row in was.projects}
    rows = [
        audited.audited(
            each,
            overviews[each.project],
            allowed,
            now.date(),
            before.get(each.project),
        )
        for each in chosen
    ]
    rows.sort(key=lambda row: row.project)
    return auditing.Audit(
        now, gates.read_url, tuple(rows), tuple(files.doubts)
    )


def _early(
    request: Request, files: survey.Survey
) -> tuple[names.ProjectName, ...]:
    """Return what is looked at, whatever the files say that are left."""
    if request.projects:
        return tuple(dict.fromkeys(request.projects))
    if request.series is not None or request.team is not None:
        # Who selects has to know every file.
        return ()
    files.read(EARLY)
    return files.certain()


def _overviews(
    projects: Sequence[names.ProjectName],
    done: int,
    of: int,
    gates: Gates,
) -> Iterator[tuple[names.ProjectName, listing.Overview]]:
    """Read projects, several at once.

    :param done: how many were read before, of how many
    """
    found = gates.workers.each(_overview, projects)
    for count, (position, overview) in enumerate(found, start=done + 1):
        gates.observer.counted('projects read', count, of)
        yield projects[position], overview


def _overview(
    index: seams.Index, project: names.ProjectName
) -> listing.Overview:
    """Read one project; done by the workers.

    Of its files only those with attestations are kept: a thousand projects
    have a hundred thousand.
    """
    found = index.read_overview(project)
    if isinstance(found.files, knowledge.Unknown):
        return found
    attested = tuple(
        file for file in found.files.value if file.provenance is not None
    )
    return dataclasses.replace(found, files=knowledge.Known(attested))


def _chosen(
    request: Request,
    ours: Sequence[auditing.Managed],
    checkout: seams.Checkout | None,
) -> list[auditing.Managed]:
    """Return what is to be looked at.

    :raises Misconfigured: there is no such series or team
    """
    if request.projects:
        known = {each.project: each for each in ours}
        return [
            known.get(project, auditing.Managed(project))
            for project in dict.fromkeys(request.projects)
        ]
    chosen = list(ours)
    if request.series is not None:
        name = _series(request.series, ours, checkout)
        chosen = [each for each in chosen if name in each.series]
    if request.team is not None:
        team = request.team.casefold()
        teams = {each.team for each in ours if each.team is not None}
        if team not in {each.casefold() for each in teams}:
            raise exceptions.Misconfigured(
                f'there is no team {request.team}{_near(request.team, teams)}',
                where='--team',
            )
        chosen = [
            each
            for each in chosen
            if each.team is not None and each.team.casefold() == team
        ]
    return chosen


def _series(
    wanted: str,
    ours: Sequence[auditing.Managed],
    checkout: seams.Checkout | None,
) -> str:
    """Return the name of a series, which may be given by its release id.

    :raises Misconfigured: there is none
    """
    known = {name for each in ours for name in each.series}
    ids = {
        each.release_id: each.name
        for each in (() if checkout is None else checkout.read_series())
        if each.release_id is not None
    }
    name = ids.get(wanted, wanted).removeprefix('_')
    if name in known:
        return name
    raise exceptions.Misconfigured(
        f'no deliverable file of a series {wanted} names a project'
        + _near(wanted, known | set(ids)),
        where='--series',
    )


def _near(word: str, known: set[str]) -> str:
    near = difflib.get_close_matches(word, sorted(known), n=3)
    return f'; near it: {", ".join(near)}' if near else ''
