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

"""The roles of a project as PyPI's XML-RPC tells them: old, and cached."""

from __future__ import annotations

import xmlrpc.client

from defusedxml import xmlrpc as defused_xmlrpc

from openstack_publish import exceptions
from openstack_publish.gates import web
from openstack_publish.model import knowledge
from openstack_publish.model import maintainers
from openstack_publish.model import names

XML = 'text/xml'

MAX_ROLES = 1024 * 1024
"""Largest answer to ``package_roles``, in bytes."""


def read(
    reader: web.Web, root: str, project: names.ProjectName
) -> knowledge.Knowledge[tuple[maintainers.Role, ...]]:
    """Ask XML-RPC for the roles; none is what it says of no project.

    :param root: the index's web root, without a slash at its end
    """
    what = f'roles of {project} by XML-RPC'
    question = xmlrpc.client.dumps((project,), 'package_roles')
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
        return knowledge.Known(_roles(answer.body))
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


def _roles(body: bytes) -> tuple[maintainers.Role, ...]:
    """Read an answer to ``package_roles``: pairs of role and user.

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
    for role, user in pairs:
        if not isinstance(role, str) or not isinstance(user, str):
            raise TypeError('no pair of names')
        if not role.strip() or not user.strip():
            raise ValueError('an empty name')
        found.append(maintainers.Role(user, role))
    return tuple(found)
