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
from collections.abc import Sequence

from openstack_publish import exceptions
from openstack_publish import seams
from openstack_publish.model import auditing
from openstack_publish.model import deliverable
from openstack_publish.model import finding
from openstack_publish.model import knowledge
from openstack_publish.model import listing
from openstack_publish.model import located
from openstack_publish.model import names
from openstack_publish.model import policy
from openstack_publish.model import series
from openstack_publish.rules import audited
from openstack_publish.rules import findings
from openstack_publish.rules import managed

EARLY = 700
"""Deliverable files that are read before the index is asked anything: those
without a series and of the newest series name most projects (2026-08)."""

MEANWHILE = 20
"""Files that are read for each answer of the index: 8 ms of work, while the
next answers are waited for."""


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
    ours, doubts = _ours(allowed, was, gates)
    chosen = _chosen(request, ours, was, gates.checkout)
    before = {} if was is None else {row.project: row for row in was.projects}
    rows: list[auditing.Audited] = []
    results = gates.workers.each(_overview, [each.project for each in chosen])
    for position, overview in results:
        each = chosen[position]
        rows.append(
            audited.audited(
                each, overview, allowed, now.date(), before.get(each.project)
            )
        )
        gates.observer.counted('projects read', len(rows), len(chosen))
    rows.sort(key=lambda row: row.project)
    return auditing.Audit(now, gates.read_url, tuple(rows), doubts)


def _overview(
    index: seams.Index, project: names.ProjectName
) -> listing.Overview:
    """Read one project; done by the workers."""
    return index.read_overview(project)


def _ours(
    allowed: policy.Policy, was: auditing.Audit | None, gates: Gates
) -> tuple[tuple[auditing.Managed, ...], tuple[finding.Finding, ...]]:
    """Return every project of ours, and what kept some from being named.

    What a saved audit has is looked at again. Where the index itself named
    a project, it would drop out of the list together with our role.
    """
    doubts: list[finding.Finding] = []
    others = set(allowed.projects)
    if gates.accounts is not None:
        for role in allowed.general.maintainers.required:
            held = gates.accounts.projects_of(role.user)
            if isinstance(held, knowledge.Unknown):
                doubts.append(findings.unknown('OSP424', role.user, held))
            else:
                others.update(held.value)
    deliverables: list[deliverable.Deliverable] = []
    newest_first: tuple[series.Series, ...] = ()
    if gates.checkout is not None:
        newest_first = gates.checkout.read_series()
        deliverables, unread = _deliverables(gates.checkout, gates.observer)
        doubts += unread
    found = managed.managed(
        deliverables,
        [each.name for each in newest_first],
        None if gates.project_config is None else gates.project_config.read(),
        others,
    )
    if was is not None:
        known = {each.project for each in found}
        found += tuple(
            auditing.Managed(row.project, row.team)
            for row in was.projects
            if row.project not in known
        )
    return found, tuple(doubts)


def _deliverables(
    checkout: seams.Checkout, observer: seams.Observer
) -> tuple[list[deliverable.Deliverable], list[finding.Finding]]:
    """Read every deliverable file; a bad one leaves the others."""
    read: list[deliverable.Deliverable] = []
    unread: list[finding.Finding] = []
    paths = checkout.paths()
    for done, path in enumerate(paths, start=1):
        try:
            reading = checkout.read_deliverable(path)
        except exceptions.Unavailable as error:
            where = located.Place(path)
            unread.append(_unread(located.Problem(where, error.cause)))
        else:
            unread.extend(map(_unread, reading.problems[:1]))
            if reading.deliverable is not None:
                read.append(reading.deliverable)
        if done % _COUNTED == 0 or done == len(paths):
            observer.counted('deliverable files read', done, len(paths))
    return read, unread


def _unread(problem: located.Problem) -> finding.Finding:
    """Say that a file may name projects that nobody knows of."""
    field = located.spelled(problem.place.key)
    return dataclasses.replace(
        findings.unknown(
            'OSP423',
            problem.place.path,
            knowledge.Unknown(
                'which projects it names',
                f'{field}: {problem.message}' if field else problem.message,
            ),
        ),
        path=problem.place.path,
        line=problem.place.line,
    )


def _chosen(
    request: Request,
    ours: Sequence[auditing.Managed],
    was: auditing.Audit | None,
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
