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

"""Reads one section of a policy: the file's top, or an entry of ``indexes``.

Both have the same keys. What a section gives is kept apart from what it
leaves out, so that one section can be laid over the other; the keys of
:class:`Overrides` are the fields of the classes in
:mod:`openstack_publish.model.policy`.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from openstack_publish.model import deliverable
from openstack_publish.model import distribution
from openstack_publish.model import listing
from openstack_publish.model import located
from openstack_publish.model import maintainers
from openstack_publish.model import names
from openstack_publish.model import policy
from openstack_publish.model import reading

INDEX_KINDS: tuple[listing.IndexKind, ...] = ('pypi', 'plain')
KINDS: tuple[distribution.Kind, ...] = ('sdist', 'bdist_wheel')
COMMIT_RULES: tuple[policy.CommitRule, ...] = ('required', 'if-present')
ROLES = ('Owner', 'Maintainer')
UNEXPECTED = ('error', 'warning')

KEYS = frozenset({'index', 'maintainers', 'release', 'projects'})
_MAINTAINERS = frozenset({'required', 'allowed', 'organization', 'unexpected'})
_RELEASE = frozenset({'kinds', 'commit', 'without-deliverable'})
_PROJECT = _MAINTAINERS | _RELEASE | {'relinquished', 'reason'}


@dataclasses.dataclass(frozen=True)
class Overrides:
    """What a section says; the keys are fields of the policy's classes."""

    maintainers: Mapping[str, Any]
    release: Mapping[str, Any]
    project: Mapping[str, Any] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(frozen=True)
class Section:
    """What one section says."""

    index: listing.IndexKind | None
    general: Overrides
    projects: Mapping[names.ProjectName, Overrides]


def read(
    walk: reading.Walk, fields: Mapping[str, object], above: located.KeyPath
) -> Section:
    """Read a section whose keys were checked against :data:`KEYS`."""
    index = walk.optional_choice(fields, 'index', above, INDEX_KINDS)
    general = Overrides({}, {})
    if 'maintainers' in fields:
        key = (*above, 'maintainers')
        given = walk.mapping(fields['maintainers'], key, _MAINTAINERS)
        general = dataclasses.replace(
            general, maintainers=_maintainers(walk, given, key)
        )
    if 'release' in fields:
        key = (*above, 'release')
        given = walk.mapping(fields['release'], key, _RELEASE)
        general = dataclasses.replace(
            general, release=_release(walk, given, key)
        )
    projects: dict[names.ProjectName, Overrides] = {}
    if 'projects' in fields:
        key = (*above, 'projects')
        projects = _projects(walk, fields['projects'], key)
    return Section(index, general, projects)


def _projects(
    walk: reading.Walk, data: object, above: located.KeyPath
) -> dict[names.ProjectName, Overrides]:
    found: dict[names.ProjectName, Overrides] = {}
    written: dict[names.ProjectName, str] = {}
    for name, entry in walk.entries(data, above).items():
        key = (*above, name)
        fields = walk.mapping(entry, key, _PROJECT, ('reason',))
        own: dict[str, Any] = {}
        reason = walk.optional_text(fields, 'reason', key)
        if reason is not None:
            own['reason'] = reason
        if 'relinquished' in fields:
            own['relinquished'] = walk.date(
                fields['relinquished'], (*key, 'relinquished')
            )
        overrides = Overrides(
            _maintainers(walk, fields, key), _release(walk, fields, key), own
        )
        project = project_name(walk, name, key)
        if project is None:
            continue
        if project in found:
            walk.problem(
                key,
                f"'{name}' and '{written[project]}' are the same project, "
                f'{project}',
            )
            continue
        found[project] = overrides
        written[project] = name
    return found


def _maintainers(
    walk: reading.Walk, fields: Mapping[str, object], above: located.KeyPath
) -> dict[str, Any]:
    """Return the given fields of a maintainers policy."""
    given: dict[str, Any] = {}
    if 'required' in fields:
        given['required'] = tuple(
            allowed.role
            for allowed in _roles(
                walk,
                fields['required'],
                (*above, 'required'),
                frozenset({'user', 'role'}),
            )
        )
    if 'allowed' in fields:
        given['allowed'] = _roles(
            walk,
            fields['allowed'],
            (*above, 'allowed'),
            frozenset({'user', 'role', 'until'}),
        )
    if 'organization' in fields:
        given['organization'] = None
        if fields['organization'] is not None:
            given['organization'] = walk.optional_text(
                fields, 'organization', above
            )
    if 'unexpected' in fields:
        given['unexpected'] = walk.optional_choice(
            fields, 'unexpected', above, UNEXPECTED
        )
    return given


def _roles(
    walk: reading.Walk,
    data: object,
    above: located.KeyPath,
    known: frozenset[str],
) -> tuple[policy.AllowedRole, ...]:
    found: dict[str, policy.AllowedRole] = {}
    for index, entry in enumerate(walk.sequence(data, above)):
        key = (*above, index)
        fields = walk.mapping(entry, key, known, ('user', 'role'))
        user = walk.optional_text(fields, 'user', key)
        role = walk.optional_choice(fields, 'role', key, ROLES)
        until = None
        if 'until' in fields:
            until = walk.date(fields['until'], (*key, 'until'))
        if user is None or role is None:
            continue
        if user.casefold() in found:
            walk.problem(
                (*key, 'user'),
                f'{user} is in this list twice; a user has one role on a '
                'project',
            )
            continue
        found[user.casefold()] = policy.AllowedRole(
            maintainers.Role(user, role), until
        )
    return tuple(found.values())


def _release(
    walk: reading.Walk, fields: Mapping[str, object], above: located.KeyPath
) -> dict[str, Any]:
    """Return the given fields of a release policy."""
    given: dict[str, Any] = {}
    if 'kinds' in fields:
        given['kinds'] = _kinds(walk, fields['kinds'], (*above, 'kinds'))
    if 'commit' in fields:
        given.update(_commit(walk, fields['commit'], (*above, 'commit')))
    if 'without-deliverable' in fields:
        given['without_deliverable'] = _without_deliverable(
            walk,
            fields['without-deliverable'],
            (*above, 'without-deliverable'),
        )
    return given


def _kinds(
    walk: reading.Walk, data: object, above: located.KeyPath
) -> frozenset[distribution.Kind]:
    found: set[distribution.Kind] = set()
    entries = walk.sequence(data, above)
    if data == []:
        walk.problem(above, f'must name one of {reading.listed(KINDS)}')
    for index, entry in enumerate(entries):
        kind = walk.choice(entry, (*above, index), KINDS)
        if kind in found:
            walk.problem((*above, index), f'{kind} is in this list twice')
        elif kind is not None:
            found.add(kind)
    return frozenset(found)


def _commit(
    walk: reading.Walk, data: object, above: located.KeyPath
) -> dict[str, Any]:
    """Return the commit rule; a mapping has one for each release type."""
    if type(data) is not dict:
        return {
            'commit': walk.choice(data, above, COMMIT_RULES),
            'commit_by_type': {},
        }
    known = frozenset({'default', *deliverable.RELEASE_TYPES})
    rules = {
        name: walk.choice(rule, (*above, name), COMMIT_RULES)
        for name, rule in walk.mapping(data, above, known).items()
    }
    return {
        'commit': rules.pop('default', 'required'),
        'commit_by_type': rules,
    }


def _without_deliverable(
    walk: reading.Walk, data: object, above: located.KeyPath
) -> tuple[policy.WithoutDeliverable, ...]:
    found = []
    for index, entry in enumerate(walk.sequence(data, above)):
        key = (*above, index)
        required = ('repo', 'reason')
        fields = walk.mapping(entry, key, frozenset(required), required)
        repo = walk.optional_text(fields, 'repo', key)
        reason = walk.optional_text(fields, 'reason', key)
        if repo is not None and reason is not None:
            found.append(policy.WithoutDeliverable(repo, reason))
    return tuple(found)


def project_name(
    walk: reading.Walk, name: str, key: located.KeyPath
) -> names.ProjectName | None:
    """Return a project's name in its PEP 503 form, if it is a name."""
    if names.is_project_name(name):
        return names.project_name(name)
    walk.problem(
        key,
        "must be a project's name (ASCII letters, digits and -_. between "
        f'them), is {reading.named(name)}',
    )
    return None
