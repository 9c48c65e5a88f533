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

"""Audits as JSON: rows as the contract has them, and the saved file.

The saved file's schema is shipped as
``openstack_publish/data/audit-1.schema.json``.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Sequence

from openstack_publish.model import auditing
from openstack_publish.model import knowledge
from openstack_publish.render import as_json
from openstack_publish.render import moment

COLUMNS = (
    'project',
    'team',
    'verdict',
    'roles',
    'organization',
    'status',
    'findings',
)
"""Keys of a project's row."""

ACCOUNT_COLUMNS = (
    'account',
    'required',
    'projects',
    'owner_of',
    'maintainer_of',
)
"""Keys of an account's row."""


def rows(projects: Iterable[auditing.Audited]) -> list[as_json.Document]:
    """Return a row for each project.

    What could not be read is null; the findings say why.
    """
    return [_row(project) for project in projects]


def account_rows(
    accounts: Sequence[auditing.Account],
) -> list[as_json.Document]:
    """Return a row for each account."""
    return [
        {
            'account': account.user,
            'required': account.required,
            'projects': len(account.projects),
            'owner_of': list(account.owner_of),
            'maintainer_of': list(account.maintainer_of),
        }
        for account in accounts
    ]


def saved(audit: auditing.Audit, version: str) -> as_json.Document:
    """Return an audit as it is saved.

    A row has two keys more than elsewhere: ``provenance``, and ``unknown``
    with the reason for each part that is null because it is not known.

    :param version: of this tool
    """
    return {
        'schema': auditing.SCHEMA,
        'tool': {'name': 'openstack-publish', 'version': version},
        'taken': moment.rfc3339(audit.taken),
        'index': audit.read_url,
        'findings': [as_json.of_finding(found) for found in audit.findings],
        'projects': [
            {
                **_row(project),
                'provenance': _value(project.provenance),
                'unknown': {
                    name: {'what': part.what, 'why': part.why}
                    for name, part in (
                        ('roles', project.roles),
                        ('organization', project.organization),
                        ('status', project.status),
                        ('provenance', project.provenance),
                    )
                    if isinstance(part, knowledge.Unknown)
                },
            }
            for project in audit.projects
        ],
    }


def _row(project: auditing.Audited) -> as_json.Document:
    roles = project.roles
    return {
        'project': project.project,
        'team': project.team,
        'verdict': project.verdict,
        'roles': (
            None
            if isinstance(roles, knowledge.Unknown)
            else [as_json.of_role(role) for role in roles.value]
        ),
        'organization': _value(project.organization),
        'status': _value(project.status),
        'findings': [as_json.of_finding(found) for found in project.findings],
    }


def _value(part: knowledge.Knowledge[object]) -> object:
    return None if isinstance(part, knowledge.Unknown) else part.value
