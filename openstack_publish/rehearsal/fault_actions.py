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

"""What the fault switches do: to the state, to an answer, to a connection."""

from __future__ import annotations

import dataclasses
import itertools
import json
import pathlib
import urllib.parse
from collections.abc import Iterator

from openstack_publish.model import names
from openstack_publish.rehearsal import faults
from openstack_publish.rehearsal import replies
from openstack_publish.rehearsal import xmlrpc_api

FOREIGN = b'bytes that nobody ordered\n'
FOREIGN_TAGS = 'cp312-cp312-manylinux2014_x86_64'
"""pip prefers such a wheel to a pure one."""


def _foreign_file(
    scene: faults.Scene, project: str | None, version: str | None
) -> None:
    if project is None or version is None:
        raise ValueError('this switch needs a project and a version')
    stem = names.project_name(project).replace('-', '_')
    filename = f'{stem}-{version}-{FOREIGN_TAGS}.whl'
    with scene.store.locked() as state:
        if filename in state.used_filenames:
            return
    scene.store.add_file(project, version, filename, FOREIGN)


def plant(scene: faults.Scene) -> None:
    """Put a foreign wheel under the version."""
    _foreign_file(scene, scene.options.project, scene.options.version)


def plant_after(
    scene: faults.Scene, request: replies.Request, proceed: faults.Proceed
) -> replies.Reply:
    """Put a foreign wheel there once an upload was taken."""
    reply = proceed(None)
    _foreign_file(scene, request.project, request.version)
    return reply


def add_maintainer_after(
    scene: faults.Scene, request: replies.Request, proceed: faults.Proceed
) -> replies.Reply:
    """Give somebody a role once an upload was taken."""
    reply = proceed(None)
    if reply.status == 200 and request.project is not None:
        scene.store.add_role(
            request.project, scene.options.user, scene.options.role
        )
    return reply


def add_maintainer(scene: faults.Scene) -> None:
    """Give somebody a role."""
    scene.store.add_role(
        _project(scene), scene.options.user, scene.options.role
    )


def _project(scene: faults.Scene) -> str:
    """Return the arranged project, which exists from then on."""
    if scene.options.project is None:
        raise ValueError('this switch needs a project')
    with scene.store.locked() as state:
        if state.find_project(scene.options.project) is None:
            scene.store.add_project(scene.options.project)
    return scene.options.project


def close_release(scene: faults.Scene) -> None:
    """Make the release older than it may be."""
    project = _project(scene)
    version = scene.options.version
    if version is None:
        raise ValueError('this switch needs a version')
    with scene.store.locked():
        if scene.store.project(project).find_release(version) is None:
            scene.store.add_release(project, version)
    scene.store.age_release(project, version, scene.options.days)


def archive(scene: faults.Scene) -> None:
    """Archive the project."""
    scene.store.set_status(_project(scene), 'archived')


def quarantine(scene: faults.Scene) -> None:
    """Quarantine the project."""
    scene.store.set_status(_project(scene), 'quarantined')


def read_only(scene: faults.Scene) -> None:
    """Turn the read-only mode on."""
    scene.store.set_flags(read_only=True)


def uploads_disabled(scene: faults.Scene) -> None:
    """Disable uploads."""
    scene.store.set_flags(uploads_disabled=True)


def expired(
    scene: faults.Scene, request: replies.Request, proceed: faults.Proceed
) -> replies.Reply:
    """Refuse the token as expired."""
    return replies.page(403, 'Invalid API Token: token is expired')


def error(status: int, reason: str) -> faults.Behaviour:
    """Return a behaviour that answers an error and does nothing."""

    def act(
        scene: faults.Scene,
        request: replies.Request,
        proceed: faults.Proceed,
    ) -> replies.Reply:
        return _with_retry_after(scene, replies.page(status, reason))

    return act


def error_after(
    scene: faults.Scene, request: replies.Request, proceed: faults.Proceed
) -> replies.Reply:
    """Answer 500 though all was done."""
    proceed(None)
    return replies.page(500, 'Internal Server Error')


def _with_retry_after(
    scene: faults.Scene, reply: replies.Reply
) -> replies.Reply:
    seconds = scene.options.retry_after
    if seconds is None or reply.status == 500:
        return reply
    return dataclasses.replace(
        reply, headers={**reply.headers, 'Retry-After': str(seconds)}
    )


def cut_before_answer(
    scene: faults.Scene, request: replies.Request, proceed: faults.Proceed
) -> replies.Reply:
    """Cut the connection once all was done."""
    return dataclasses.replace(proceed(None), cut_after=-1)


def cut_unprocessed(
    scene: faults.Scene, request: replies.Request, proceed: faults.Proceed
) -> replies.Reply:
    """Cut the connection with nothing done."""
    return replies.Reply(status=200, reason='OK', cut_after=-1)


def cut_mid_body(
    scene: faults.Scene, request: replies.Request, proceed: faults.Proceed
) -> replies.Reply:
    """Cut the connection after half of the body."""
    reply = proceed(None)
    return dataclasses.replace(reply, cut_after=_size(reply) // 2)


def _size(reply: replies.Reply) -> int:
    if isinstance(reply.body, bytes):
        return len(reply.body)
    if isinstance(reply.body, pathlib.Path):
        return reply.body.stat().st_size
    return 0


def truncate(
    scene: faults.Scene, request: replies.Request, proceed: faults.Proceed
) -> replies.Reply:
    """Answer half of the body as if it were all."""
    reply = proceed(None)
    if isinstance(reply.body, bytes):
        reply = dataclasses.replace(
            reply, body=reply.body[: len(reply.body) // 2]
        )
    return reply


def html_page(
    scene: faults.Scene, request: replies.Request, proceed: faults.Proceed
) -> replies.Reply:
    """Answer a page for people."""
    return replies.page(200, 'We will be back soon')


def endless(
    scene: faults.Scene, request: replies.Request, proceed: faults.Proceed
) -> replies.Reply:
    """Answer a body that never ends."""
    return replies.Reply(
        status=200,
        reason='OK',
        headers={'Content-Type': 'application/json'},
        body=_for_ever(),
    )


def _for_ever() -> Iterator[bytes]:
    yield b'{"info": "'
    yield from itertools.repeat(b'x' * 65_536)


def roles_server_error(
    scene: faults.Scene, request: replies.Request, proceed: faults.Proceed
) -> replies.Reply:
    """Answer JSON without ownership, XML-RPC with 500."""
    if request.route == 'xmlrpc':
        return replies.page(500, 'Internal Server Error')
    return without_roles(scene, request, proceed)


def roles_slow(
    scene: faults.Scene, request: replies.Request, proceed: faults.Proceed
) -> replies.Reply:
    """Answer JSON without ownership, XML-RPC late."""
    if request.route == 'xmlrpc':
        return slow(scene, request, proceed)
    return without_roles(scene, request, proceed)


def _edited(reply: replies.Reply, document: object) -> replies.Reply:
    headers = {
        name: value for name, value in reply.headers.items() if name != 'ETag'
    }
    return dataclasses.replace(
        reply, headers=headers, body=json.dumps(document).encode()
    )


def without_roles(
    scene: faults.Scene, request: replies.Request, proceed: faults.Proceed
) -> replies.Reply:
    """Answer JSON without ownership, XML-RPC with a fault."""
    if request.route == 'xmlrpc':
        return xmlrpc_api.fault('RuntimeError: roles cannot be read')
    reply = proceed(None)
    if reply.status != 200 or not isinstance(reply.body, bytes):
        return reply
    document = json.loads(reply.body)
    document.pop('ownership', None)
    return _edited(reply, document)


def empty_roles(
    scene: faults.Scene, request: replies.Request, proceed: faults.Proceed
) -> replies.Reply:
    """Answer that nobody holds a role."""
    if request.route == 'xmlrpc':
        return xmlrpc_api.value([])
    reply = proceed(None)
    if reply.status != 200 or not isinstance(reply.body, bytes):
        return reply
    document = json.loads(reply.body)
    document['ownership'] = {'roles': [], 'organization': None}
    return _edited(reply, document)


def xmlrpc_limit(
    scene: faults.Scene, request: replies.Request, proceed: faults.Proceed
) -> replies.Reply:
    """Answer as over the limit of calls."""
    return xmlrpc_api.too_many(scene.options.retry_after or 3600)


def slow(
    scene: faults.Scene, request: replies.Request, proceed: faults.Proceed
) -> replies.Reply:
    """Keep the client waiting for the answer."""
    return dataclasses.replace(proceed(None), delay=scene.options.seconds)


def drip(
    scene: faults.Scene, request: replies.Request, proceed: faults.Proceed
) -> replies.Reply:
    """Send the answer byte by byte."""
    return dataclasses.replace(proceed(None), pause=scene.options.seconds)


def stale(
    scene: faults.Scene, request: replies.Request, proceed: faults.Proceed
) -> replies.Reply:
    """Answer what was there when the switch was set."""
    return proceed(scene.before)


def elsewhere(
    scene: faults.Scene, request: replies.Request, proceed: faults.Proceed
) -> replies.Reply:
    """Send the client to another host."""
    location = scene.options.location
    if location is None:
        port = urllib.parse.urlsplit(scene.base_url).port
        location = f'http://localhost:{port}{request.path}'
    return replies.Reply(
        status=302, reason='Found', headers={'Location': location}
    )
