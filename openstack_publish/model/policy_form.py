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

"""Reads the data of a policy file into a policy.

The form is ``openstack-publish/policy/1``; the policy reference of the
documentation describes it. Since a policy says what is allowed, nothing in it
is guessed: an unknown key, a key without a value and a name that stands twice
are problems, and a policy with a problem is no policy.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

from openstack_publish.model import finding
from openstack_publish.model import listing
from openstack_publish.model import located
from openstack_publish.model import names
from openstack_publish.model import policy
from openstack_publish.model import policy_section
from openstack_publish.model import reading

_TOP = policy_section.KEYS | {'schema', 'keys', 'waivers', 'indexes'}


def read(
    data: object, path: str, repository: str | None = None
) -> tuple[policy.Policy | None, tuple[located.Problem, ...]]:
    """Return a policy, or everything that is wrong with its file.

    :param path: what the problems call the file, and the policy's origin
    :param repository: the repository's name in use (twine's ``-r``), whose
        entry in ``indexes`` goes before the rest of the file: its keys one
        by one, its projects each as a whole
    """
    walk = reading.Walk(path)
    if data is None:
        walk.problem(
            (),
            f"the policy is empty; it must name its schema, '{policy.SCHEMA}'",
        )
        return None, walk.problems
    top = walk.mapping(data, (), _TOP, ('schema',))
    if 'schema' in top:
        walk.choice(top['schema'], ('schema',), (policy.SCHEMA,))
    section = policy_section.read(walk, top, ())
    indexes = {}
    if 'indexes' in top:
        for name, entry in walk.entries(top['indexes'], ('indexes',)).items():
            key = ('indexes', name)
            fields = walk.mapping(entry, key, policy_section.KEYS)
            indexes[name] = policy_section.read(walk, fields, key)
    trusted = _trusted(walk, top)
    waivers = _waivers(walk, top)
    if walk.problems:
        return None, walk.problems
    sections = [section]
    if repository in indexes:
        sections.append(indexes[repository])
    return _merged(path, sections, trusted, waivers), ()


def _merged(
    origin: str,
    sections: list[policy_section.Section],
    trusted: tuple[policy.TrustedKey, ...],
    waivers: tuple[policy.Waiver, ...],
) -> policy.Policy:
    """Return the policy that sections make up, the last one strongest."""
    index: listing.IndexKind = 'pypi'
    general = policy.ProjectPolicy(
        policy.MaintainersPolicy(), policy.ReleasePolicy()
    )
    overrides: dict[names.ProjectName, policy_section.Overrides] = {}
    for section in sections:
        index = section.index or index
        general = dataclasses.replace(
            general,
            maintainers=dataclasses.replace(
                general.maintainers, **section.general.maintainers
            ),
            release=dataclasses.replace(
                general.release, **section.general.release
            ),
        )
        overrides.update(section.projects)
    return policy.Policy(
        origin=origin,
        index=index,
        general=general,
        projects={
            project: _project_policy(general, own)
            for project, own in overrides.items()
        },
        trusted=trusted,
        waivers=waivers,
    )


def _project_policy(
    general: policy.ProjectPolicy, own: policy_section.Overrides
) -> policy.ProjectPolicy:
    """Return what holds for a project; its allowed roles are added."""
    allowed = own.maintainers.get('allowed', ())
    return policy.ProjectPolicy(
        maintainers=dataclasses.replace(
            general.maintainers,
            **{
                **own.maintainers,
                'allowed': (*general.maintainers.allowed, *allowed),
            },
        ),
        release=dataclasses.replace(general.release, **own.release),
        **own.project,
    )


def _trusted(
    walk: reading.Walk, top: Mapping[str, object]
) -> tuple[policy.TrustedKey, ...]:
    found: dict[names.Fingerprint, policy.TrustedKey] = {}
    if 'keys' not in top:
        return ()
    keys = walk.mapping(top['keys'], ('keys',), frozenset({'trusted'}))
    if 'trusted' not in keys:
        return ()
    above = ('keys', 'trusted')
    for index, entry in enumerate(walk.sequence(keys['trusted'], above)):
        key = (*above, index)
        fields = walk.mapping(
            entry, key, frozenset({'fingerprint', 'file'}), ('fingerprint',)
        )
        text = walk.optional_text(fields, 'fingerprint', key)
        file = walk.optional_text(fields, 'file', key)
        if text is None:
            continue
        try:
            fingerprint = names.fingerprint(text)
        except ValueError as error:
            walk.problem((*key, 'fingerprint'), str(error))
            continue
        if fingerprint in found:
            walk.problem(
                (*key, 'fingerprint'), f'{fingerprint} is in this list twice'
            )
            continue
        found[fingerprint] = policy.TrustedKey(fingerprint, file)
    return tuple(found.values())


def _waivers(
    walk: reading.Walk, top: Mapping[str, object]
) -> tuple[policy.Waiver, ...]:
    found = []
    if 'waivers' not in top:
        return ()
    required = ('code', 'project', 'reason', 'until')
    for index, entry in enumerate(walk.sequence(top['waivers'], ('waivers',))):
        key = ('waivers', index)
        fields = walk.mapping(entry, key, frozenset(required), required)
        code = walk.optional_text(fields, 'code', key)
        if code is not None and not finding.CODE.fullmatch(code):
            walk.problem(
                (*key, 'code'),
                f'must be the code of a finding such as OSP401, is '
                f'{reading.named(code)}',
            )
        name = walk.optional_text(fields, 'project', key)
        project = None
        if name is not None:
            project = policy_section.project_name(
                walk, name, (*key, 'project')
            )
        until = None
        if 'until' in fields:
            until = walk.date(fields['until'], (*key, 'until'))
        reason = walk.optional_text(fields, 'reason', key)
        if code and project and until and reason:
            found.append(policy.Waiver(code, project, until, reason))
    return tuple(found)
