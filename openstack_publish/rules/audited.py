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

"""4xx: one project, held against the policy without a release at hand."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from openstack_publish.model import auditing
from openstack_publish.model import finding
from openstack_publish.model import knowledge
from openstack_publish.model import listing
from openstack_publish.model import maintainers
from openstack_publish.model import names
from openstack_publish.model import policy
from openstack_publish.model import verdicts
from openstack_publish.rules import audit_changes
from openstack_publish.rules import findings
from openstack_publish.rules import maintainership
from openstack_publish.rules import waivers


def audited(
    managed: auditing.Managed,
    overview: listing.Overview,
    allowed: policy.Policy,
    today: datetime.date,
    was: auditing.Audited | None = None,
) -> auditing.Audited:
    """Return what there is to say of one project.

    :param overview: what the index says
    :param was: the same project in a saved audit
    """
    project = managed.project
    terms = allowed.of(project)
    roles, organization = _known(project, overview)
    status = overview.status
    said: list[finding.Finding] = []
    gone = overview.new == knowledge.Known(True)
    if gone:
        status = knowledge.Unknown(
            f'status of {project}', 'what is not on the index has none'
        )
        if not maintainership.is_given_up(terms, today):
            said.extend(_missing(project, allowed, was))
    elif maintainership.is_given_up(terms, today):
        said.extend(_given_up(project, overview, terms))
    else:
        said.extend(
            maintainership.as_allowed(
                project, overview.maintainers, terms, today
            )
        )
        said.extend(_state(project, overview))
        said.extend(_doubted(project, overview, was))
    now = auditing.Audited(
        project,
        managed.team,
        'held',
        roles,
        organization,
        status,
        overview.has_provenance,
    )
    if was is not None:
        said.extend(audit_changes.between(was, now, gone=gone))
    judged = waivers.apply(tuple(said), allowed.waivers, project, today)
    verdict: verdicts.Verdict = verdicts.of(judged)
    if gone and verdict == 'held':
        verdict = 'absent'
    if was is not None and was.verdict != verdict:
        judged = (*judged, audit_changes.verdict(was, verdict))
    return auditing.Audited(
        project,
        managed.team,
        verdict,
        roles,
        organization,
        status,
        overview.has_provenance,
        judged,
    )


def _known(
    project: names.ProjectName, overview: listing.Overview
) -> tuple[
    knowledge.Knowledge[tuple[maintainers.Role, ...]],
    knowledge.Knowledge[str | None],
]:
    who = overview.maintainers
    if isinstance(who, knowledge.Unknown):
        return who, knowledge.Unknown(f'organization of {project}', who.why)
    return knowledge.Known(who.value.roles), who.value.organization


def _missing(
    project: names.ProjectName,
    allowed: policy.Policy,
    was: auditing.Audited | None,
) -> Iterator[finding.Finding]:
    """Say that a project is gone, where something says that it was there."""
    if was is not None and was.was_there:
        source = 'the saved audit'
    elif project in allowed.projects:
        source = f'the policy {allowed.origin}'
    else:
        return
    yield findings.failed(
        'OSP410',
        project,
        f'{project} is not on the index: every route answers that there is '
        f'no such project; {source} says that there was one',
    )


def _doubted(
    project: names.ProjectName,
    overview: listing.Overview,
    was: auditing.Audited | None,
) -> Iterator[finding.Finding]:
    """Say that nobody knows whether a project is still there.

    The next audit, compared with this one, then knows that it was.
    """
    if (
        was is not None
        and was.was_there
        and isinstance(overview.new, knowledge.Unknown)
    ):
        yield findings.unknown(
            'OSP410',
            project,
            knowledge.Unknown(
                f'whether {project} is still on the index, as in the saved '
                'audit',
                overview.new.why,
            ),
            remedy='Run the audit again in a few minutes.',
        )


def _given_up(
    project: names.ProjectName,
    overview: listing.Overview,
    terms: policy.ProjectPolicy,
) -> Iterator[finding.Finding]:
    """Say which roles of ours are left on a project that isn't ours."""
    who = overview.maintainers
    if isinstance(who, knowledge.Unknown):
        yield findings.unknown('OSP404', project, who)
        return
    ours = {role.user.casefold() for role in terms.maintainers.required}
    for role in who.value.roles:
        if role.user.casefold() in ours:
            yield findings.failed(
                'OSP411',
                role.user,
                f'{role.user} is still {role.role} of {project}, which was '
                f'given up on {terms.relinquished}'
                + (f': {terms.reason}' if terms.reason else ''),
            )


def _state(
    project: names.ProjectName, overview: listing.Overview
) -> Iterator[finding.Finding]:
    """Say what the simple page shows: status, and who made the files."""
    match overview.status:
        case knowledge.Unknown() as unknown:
            yield findings.unknown('OSP412', project, unknown)
        case knowledge.Known(value='quarantined'):
            yield findings.failed(
                'OSP413',
                project,
                f'{project} is quarantined: its files cannot be installed, '
                'and its owners cannot change it',
            )
        case knowledge.Known(value='archived'):
            yield findings.noted(
                'OSP414',
                project,
                f'{project} is archived: nobody can upload to it until an '
                'Owner opens it again',
            )
        case knowledge.Known():
            pass
    match overview.has_provenance:
        case knowledge.Unknown() as unknown:
            if isinstance(overview.status, knowledge.Known):
                yield findings.unknown('OSP412', project, unknown)
        case knowledge.Known(value=True):
            yield findings.failed('OSP415', project, _attested(overview))
        case knowledge.Known():
            pass


def _attested(overview: listing.Overview) -> str:
    """Say which files have provenance."""
    attested: list[str] = []
    if isinstance(overview.files, knowledge.Known):
        attested.extend(
            file.filename
            for file in overview.files.value
            if file.provenance is not None
        )
    if len(attested) == 1:
        told = f'1 file of {overview.project} has attestations: {attested[0]}'
    else:
        told = (
            f'{len(attested)} files of {overview.project} have attestations, '
            f'such as {attested[-1]}'
        )
    return (
        f'{told}; they come from a Trusted Publisher, which the policy does '
        'not allow and no list of roles shows'
    )
