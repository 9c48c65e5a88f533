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

"""Roles as PyPI's XML-RPC tells them.

Of a project they are old: cached for up to two days. Of a user nothing else
tells them.
"""

from __future__ import annotations

from openstack_publish.gates import web
from openstack_publish.gates.index import roots
from openstack_publish.gates.index import xmlrpc_calls
from openstack_publish.model import knowledge
from openstack_publish.model import maintainers
from openstack_publish.model import names

MAX_ROLES = 1024 * 1024
"""Largest answer of a project, in bytes; one has some 150 for each role."""

MAX_PROJECTS = 16 * 1024 * 1024
"""Largest answer of a user, in bytes; one has some 150 for each project."""


def read(
    reader: web.Web, root: str, project: names.ProjectName
) -> knowledge.Knowledge[tuple[maintainers.Role, ...]]:
    """Ask XML-RPC for the roles; none is what it says of no project.

    :param root: the index's web root, without a slash at its end
    """
    held = _ask(
        reader,
        root,
        'package_roles',
        project,
        f'roles of {project} by XML-RPC',
        MAX_ROLES,
    )
    if isinstance(held, knowledge.Unknown):
        return held
    return knowledge.Known(
        tuple(maintainers.Role(user, role) for role, user in held.value)
    )


class Accounts:
    """Fits :class:`~openstack_publish.seams.Accounts`.

    :param root: the index's web root
    :raises Misconfigured: it is none that may be read
    """

    def __init__(self, reader: web.Web, root: str) -> None:
        self._web = reader
        self._root = roots.root(root)

    def projects_of(
        self, user: str
    ) -> knowledge.Knowledge[tuple[names.ProjectName, ...]]:
        """Return the projects on which a user holds a role."""
        what = f'projects of {user} by XML-RPC'
        held = _ask(
            self._web, self._root, 'user_packages', user, what, MAX_PROJECTS
        )
        if isinstance(held, knowledge.Unknown):
            return held
        for _, name in held.value:
            if not names.is_project_name(name):
                return knowledge.Unknown(
                    what, f'{name!r} is no name of a project'
                )
        return knowledge.Known(
            tuple(names.project_name(name) for _, name in held.value)
        )


def _ask(
    reader: web.Web,
    root: str,
    method: str,
    argument: str,
    what: str,
    max_bytes: int,
) -> knowledge.Knowledge[tuple[tuple[str, str], ...]]:
    """Ask for pairs of a role and a name.

    :param what: we want to know
    """
    return xmlrpc_calls.call(
        reader,
        root,
        method,
        argument,
        _pairs,
        what=what,
        max_bytes=max_bytes,
    )


def _pairs(pairs: object) -> tuple[tuple[str, str], ...]:
    """Read a result: pairs of a role, and a user or a project.

    :raises TypeError, ValueError: it is none
    """
    if not isinstance(pairs, list):
        raise TypeError('no list')
    found = []
    for role, name in pairs:
        if not isinstance(role, str) or not isinstance(name, str):
            raise TypeError('no pair of names')
        if not role.strip() or not name.strip():
            raise ValueError('an empty name')
        found.append((role, name))
    return tuple(found)
