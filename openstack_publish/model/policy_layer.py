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

"""Lays what is to be allowed over the data of a policy file.

Data in, data out: whatever the file says beside that stays as it is written
there.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable
from typing import Any

from openstack_publish.model import auditing
from openstack_publish.model import names

Data = dict[str, Any]
"""A policy file's mapping, valid as read by ``policy_form``."""


def laid_over(
    data: Data,
    allowances: Iterable[auditing.Allowance],
    repository: str | None = None,
) -> Data:
    """Return a policy's data that also allows what is given.

    :param repository: the repository's name in use; where the policy has an
        entry for it in ``indexes``, the projects there are the ones that
        count, each as a whole
    """
    laid = copy.deepcopy(data)
    section = laid.get('indexes', {}).get(repository)
    if section is None:
        section = laid
    for allowance in allowances:
        if allowance.roles or allowance.organization is not None:
            _allow(_entry(laid, section, allowance.project), allowance)
        for code in allowance.waived:
            laid.setdefault('waivers', []).append(
                {
                    'code': code,
                    'project': allowance.project,
                    'until': allowance.until,
                    'reason': allowance.reason,
                }
            )
    return laid


def _entry(laid: Data, section: Data, project: names.ProjectName) -> Data:
    """Return a project's own entry, in whatever spelling it has one."""
    projects: Data = section.setdefault('projects', {})
    written = _spelled(projects, project)
    if written is None:
        above = laid.get('projects', {})
        general = _spelled(above, project)
        written = general or project
        projects[written] = (
            {} if general is None else copy.deepcopy(above[general])
        )
    entry: Data = projects[written]
    return entry


def _spelled(projects: Data, project: names.ProjectName) -> str | None:
    for written in projects:
        if names.project_name(written) == project:
            return written
    return None


def _allow(entry: Data, allowance: auditing.Allowance) -> None:
    if allowance.roles:
        # A user stands in the list once: the role of today goes before one
        # that has ended, or that was a lesser one.
        users = {role.user.casefold() for role in allowance.roles}
        entry['allowed'] = [
            *(
                each
                for each in entry.get('allowed', [])
                if each['user'].casefold() not in users
            ),
            *(
                {
                    'user': role.user,
                    'role': role.role,
                    'until': allowance.until,
                }
                for role in allowance.roles
            ),
        ]
    if allowance.organization is not None:
        entry['organization'] = allowance.organization.value
    before = entry.pop('reason', None)
    entry['reason'] = (
        allowance.reason if before is None else f'{before}; {allowance.reason}'
    )
