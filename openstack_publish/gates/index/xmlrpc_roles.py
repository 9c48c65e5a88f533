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

import xmlrpc.client

from defusedxml import xmlrpc as defused_xmlrpc

from openstack_publish import exceptions
from openstack_publish.gates import web
from openstack_publish.gates.index import roots
from openstack_publish.model import knowledge
from openstack_publish.model import maintainers
from openstack_publish.model import names

XML = 'text/xml'

MAX_ROLES = 1024 * 1024
"""Largest answer, in bytes; one has some 150 for each role."""


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
        held = _ask(self._web, self._root, 'user_packages', user, what)
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
    reader: web.Web, root: str, method: str, argument: str, what: str
) -> knowledge.Knowledge[tuple[tuple[str, str], ...]]:
    """Ask for pairs of a role and a name.

    :param what: we want to know
    """
    question = xmlrpc.client.dumps((argument,), method)
    try:
        answer = reader.post(
            f'{root}/pypi',
            question.encode('utf-8'),
            XML,
            max_bytes=MAX_ROLES,
        )
    except exceptions.Unavailable as error:
        return knowledge.Unknown(what, error.cause)
    if answer.status != 200:
        return knowledge.Unknown(what, f'the server answers {answer.status}')
    try:
        return knowledge.Known(_pairs(answer.body))
    except xmlrpc.client.Fault as fault:
        # Over its limit PyPI answers 200 with a fault (seen 2026-11-21).
        return knowledge.Unknown(what, fault.faultString)
    except Exception as error:  # noqa: BLE001
        # xmlrpc.client stumbles over malformed answers in a dozen ways:
        # ExpatError, IndexError, KeyError, TypeError, ResponseError ...
        return knowledge.Unknown(
            what,
            f'{len(answer.body)} bytes that are no list of roles '
            f'({type(error).__name__})',
        )


def _pairs(body: bytes) -> tuple[tuple[str, str], ...]:
    """Read an answer: pairs of a role, and a user or a project.

    :raises xmlrpc.client.Fault: the index says why it doesn't answer
    :raises Exception: it is malformed
    """
    target = xmlrpc.client.Unmarshaller()
    parser = defused_xmlrpc.DefusedExpatParser(target, forbid_dtd=True)
    parser.feed(body)
    parser.close()
    (pairs,) = target.close()
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
