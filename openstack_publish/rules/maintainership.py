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

"""4xx: exactly who may hold a role on the project holds one.

An API token says nothing of who else can publish; the roles do. They are
judged before the upload and again after it.
"""

from __future__ import annotations

import dataclasses
import datetime

from openstack_publish.model import finding
from openstack_publish.model import knowledge
from openstack_publish.model import listing
from openstack_publish.model import maintainers
from openstack_publish.model import names
from openstack_publish.model import policy
from openstack_publish.rules import findings
from openstack_publish.rules import role_changes

Who = knowledge.Knowledge[maintainers.Maintainers]


def before(
    project: names.ProjectName,
    listed: listing.Listing | listing.Overview,
    terms: policy.ProjectPolicy,
    today: datetime.date,
    kind: listing.IndexKind = 'pypi',
) -> tuple[finding.Finding, ...]:
    """Judge who holds a role on the project before anything is sent.

    :param terms: what the policy says of this project
    :param kind: an index of kind ``plain`` has no roles to ask for
    """
    if is_given_up(terms, today):
        return (_relinquished(project, terms),)
    if kind == 'pypi' and listed.new == knowledge.Known(True):
        return (
            findings.noted(
                'OSP408',
                project,
                f'{project} is new on the index: nobody holds a role, and '
                'the first upload makes the uploader its only Owner',
            ),
        )
    return as_allowed(project, listed.maintainers, terms, today, kind)


def as_allowed(
    project: names.ProjectName,
    who: Who,
    terms: policy.ProjectPolicy,
    today: datetime.date,
    kind: listing.IndexKind = 'pypi',
) -> tuple[finding.Finding, ...]:
    """Hold roles and organization of a project that exists to the policy.

    :param who: who holds a role; what is unknown stays unknown
    """
    if isinstance(who, knowledge.Unknown):
        return (_unknown(project, who, kind),)
    rules = terms.maintainers
    actual = {role.key for role in who.value.roles}
    found = [
        _unexpected(project, role, rules, today)
        for role in who.value.roles
        if not _allowed(role, rules, today)
    ]
    for role in rules.required:
        if role.key not in actual:
            found.append(_missing(project, role, who.value))
    match who.value.organization:
        case knowledge.Unknown() as unknown:
            found.append(_unknown(project, unknown, kind))
        case knowledge.Known(value=slug):
            if role_changes.folded(slug) != role_changes.folded(
                rules.organization
            ):
                found.append(
                    findings.failed(
                        'OSP403',
                        project,
                        f'{project} {_owned(slug)}; the policy says that it '
                        f'{_owned(rules.organization)}',
                    )
                )
    return tuple(found)


def after(
    project: names.ProjectName,
    was: maintainers.Maintainers | None,
    now: Who,
    terms: policy.ProjectPolicy,
    today: datetime.date,
    kind: listing.IndexKind = 'pypi',
) -> tuple[finding.Finding, ...]:
    """Judge who holds a role once the files are there.

    :param was: who held one before; None where the project was new
    :param now: who holds one now, from a document that lists our files
    """
    if is_given_up(terms, today):
        return (_relinquished(project, terms),)
    if isinstance(now, knowledge.Unknown):
        return (_unknown(project, now, kind),)
    if was is None:
        changed = _of_a_new_project(project, now.value, terms)
    else:
        changed = _since(project, was, now.value, terms)
    return (
        *changed,
        *as_allowed(project, now, terms, today, kind),
    )


def drift(
    was: maintainers.Maintainers, now: maintainers.Maintainers
) -> tuple[str, ...]:
    """Return what changed, one line a change: ``added Maintainer eve``."""
    return tuple(change.text for change in role_changes.between(was, now))


def _since(
    project: names.ProjectName,
    was: maintainers.Maintainers,
    now: maintainers.Maintainers,
    terms: policy.ProjectPolicy,
) -> tuple[finding.Finding, ...]:
    """Say what changed while the release went up."""
    required = {role.key for role in terms.maintainers.required}
    found = []
    for change in role_changes.between(was, now):
        if change.kind != 'removed':
            found.append(_drifted(project, now, change.subject, change.text))
        elif not all(role.key in required for role in change.gone):
            # Of a required role OSP402 says that it is missing.
            found.append(
                findings.failed(
                    'OSP407',
                    change.subject,
                    f'while {project} was being published: {change.text}',
                )
            )
    return tuple(found)


def _of_a_new_project(
    project: names.ProjectName,
    now: maintainers.Maintainers,
    terms: policy.ProjectPolicy,
) -> tuple[finding.Finding, ...]:
    """Say who holds a role that the first upload cannot have given."""
    required = {role.key for role in terms.maintainers.required}
    return tuple(
        _drifted(
            project,
            now,
            role.user,
            f'added {role} to the new project; it may have exactly '
            f'{_listed(terms.maintainers.required)}',
        )
        for role in now.roles
        if role.key not in required
    )


def _drifted(
    project: names.ProjectName,
    now: maintainers.Maintainers,
    subject: str,
    text: str,
) -> finding.Finding:
    owners = [role.user for role in now.roles if role.role == 'Owner']
    return findings.failed(
        'OSP406',
        subject,
        f'while {project} was being published: {text}',
        remedy=(
            f'Undo it on the collaboration page of {project} '
            f'(/manage/project/{project}/collaboration/ on the index), look '
            'there for every file that is not ours '
            f'(/manage/project/{project}/releases/), and yank the release if '
            f'one is. Owners can do that: {", ".join(owners) or "nobody"}.'
        ),
    )


def _allowed(
    role: maintainers.Role,
    rules: policy.MaintainersPolicy,
    today: datetime.date,
) -> bool:
    """Say whether somebody may hold a role; who must be Owner may be less.

    That a required Owner is only Maintainer is told as a missing role.
    """
    return any(
        allowance.covers(role, today)
        for allowance in (
            *rules.allowed,
            *(policy.AllowedRole(must) for must in rules.required),
        )
    )


def _unexpected(
    project: names.ProjectName,
    role: maintainers.Role,
    rules: policy.MaintainersPolicy,
    today: datetime.date,
) -> finding.Finding:
    message = f'{role.user} is {role.role} of {project}, '
    ended = [
        allowance.until
        for allowance in rules.allowed
        if allowance.until is not None
        and today > allowance.until
        and allowance.covers(role, allowance.until)
    ]
    if ended:
        message += f'which was allowed until {max(ended).isoformat()}'
    else:
        message += 'which the policy does not allow'
    found = findings.failed(
        'OSP401',
        role.user,
        message,
        remedy=(
            f'Remove {role.user} on the collaboration page of {project} '
            f'(/manage/project/{project}/collaboration/ on the index), or '
            'allow the role in the policy, with a reason and an end.'
        ),
    )
    if rules.unexpected == 'warning':
        return dataclasses.replace(found, severity='warning')
    return found


def _missing(
    project: names.ProjectName,
    role: maintainers.Role,
    who: maintainers.Maintainers,
) -> finding.Finding:
    instead = [
        held.role
        for held in who.roles
        if held.user.casefold() == role.user.casefold()
    ]
    holds = f'is only {", ".join(instead)}' if instead else 'holds no role'
    return findings.failed(
        'OSP402',
        role.user,
        f'{role.user} must be {role.role} of {project}, but {holds}; roles '
        f'there: {_listed(who.roles)}',
    )


def is_given_up(terms: policy.ProjectPolicy, today: datetime.date) -> bool:
    """Say whether the name is no longer ours."""
    return terms.relinquished is not None and terms.relinquished <= today


def _relinquished(
    project: names.ProjectName, terms: policy.ProjectPolicy
) -> finding.Finding:
    since = terms.relinquished
    message = f'{project} was given up'
    if since is not None:
        message += f' on {since.isoformat()}'
    if terms.reason is not None:
        message += f': {terms.reason}'
    return findings.failed('OSP405', project, message)


def _unknown(
    project: names.ProjectName,
    unknown: knowledge.Unknown,
    kind: listing.IndexKind,
) -> finding.Finding:
    if kind == 'plain':
        return findings.noted(
            'OSP404',
            project,
            f'{unknown.what}: {unknown.why} (an index of this kind does not '
            'say, so the rule does not run)',
            remedy='Look at who may upload where the index is configured.',
        )
    return findings.unknown('OSP404', project, unknown)


def _owned(slug: str | None) -> str:
    if slug is None:
        return 'belongs to no organization'
    return f'belongs to organization {slug}'


def _listed(roles: tuple[maintainers.Role, ...]) -> str:
    return ', '.join(str(role) for role in roles) or 'none'
