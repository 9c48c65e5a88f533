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

"""Every way in which the stand-in index can be told to fail."""

from __future__ import annotations

import dataclasses
import itertools
import json
import pathlib
import urllib.parse
from collections.abc import Iterator
from collections.abc import Mapping

from openstack_publish.model import names
from openstack_publish.rehearsal import faults
from openstack_publish.rehearsal import replies
from openstack_publish.rehearsal import xmlrpc_api

_DOCUMENTS: tuple[replies.Route, ...] = ('json', 'version-json', 'simple')
_JSON: tuple[replies.Route, ...] = ('json', 'version-json')
_ROLES: tuple[replies.Route, ...] = (*_JSON, 'xmlrpc')

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


def _plant(scene: faults.Scene) -> None:
    _foreign_file(scene, scene.options.project, scene.options.version)


def _plant_after(
    scene: faults.Scene, request: replies.Request, proceed: faults.Proceed
) -> replies.Reply:
    reply = proceed(None)
    _foreign_file(scene, request.project, request.version)
    return reply


def _add_maintainer_after(
    scene: faults.Scene, request: replies.Request, proceed: faults.Proceed
) -> replies.Reply:
    reply = proceed(None)
    if reply.status == 200 and request.project is not None:
        scene.store.add_role(
            request.project, scene.options.user, scene.options.role
        )
    return reply


def _add_maintainer(scene: faults.Scene) -> None:
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


def _close_release(scene: faults.Scene) -> None:
    project = _project(scene)
    version = scene.options.version
    if version is None:
        raise ValueError('this switch needs a version')
    with scene.store.locked():
        if scene.store.project(project).find_release(version) is None:
            scene.store.add_release(project, version)
    scene.store.age_release(project, version, scene.options.days)


def _archive(scene: faults.Scene) -> None:
    scene.store.set_status(_project(scene), 'archived')


def _quarantine(scene: faults.Scene) -> None:
    scene.store.set_status(_project(scene), 'quarantined')


def _read_only(scene: faults.Scene) -> None:
    scene.store.set_flags(read_only=True)


def _uploads_disabled(scene: faults.Scene) -> None:
    scene.store.set_flags(uploads_disabled=True)


def _expired(
    scene: faults.Scene, request: replies.Request, proceed: faults.Proceed
) -> replies.Reply:
    return replies.page(403, 'Invalid API Token: token is expired')


def _error(status: int, reason: str) -> faults.Behaviour:
    def act(
        scene: faults.Scene,
        request: replies.Request,
        proceed: faults.Proceed,
    ) -> replies.Reply:
        return _with_retry_after(scene, replies.page(status, reason))

    return act


def _error_after(
    scene: faults.Scene, request: replies.Request, proceed: faults.Proceed
) -> replies.Reply:
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


def _cut_before_answer(
    scene: faults.Scene, request: replies.Request, proceed: faults.Proceed
) -> replies.Reply:
    return dataclasses.replace(proceed(None), cut_after=-1)


def _cut_unprocessed(
    scene: faults.Scene, request: replies.Request, proceed: faults.Proceed
) -> replies.Reply:
    return replies.Reply(status=200, reason='OK', cut_after=-1)


def _cut_mid_body(
    scene: faults.Scene, request: replies.Request, proceed: faults.Proceed
) -> replies.Reply:
    reply = proceed(None)
    return dataclasses.replace(reply, cut_after=_size(reply) // 2)


def _size(reply: replies.Reply) -> int:
    if isinstance(reply.body, bytes):
        return len(reply.body)
    if isinstance(reply.body, pathlib.Path):
        return reply.body.stat().st_size
    return 0


def _truncate(
    scene: faults.Scene, request: replies.Request, proceed: faults.Proceed
) -> replies.Reply:
    reply = proceed(None)
    if isinstance(reply.body, bytes):
        reply = dataclasses.replace(
            reply, body=reply.body[: len(reply.body) // 2]
        )
    return reply


def _html_page(
    scene: faults.Scene, request: replies.Request, proceed: faults.Proceed
) -> replies.Reply:
    return replies.page(200, 'We will be back soon')


def _endless(
    scene: faults.Scene, request: replies.Request, proceed: faults.Proceed
) -> replies.Reply:
    return replies.Reply(
        status=200,
        reason='OK',
        headers={'Content-Type': 'application/json'},
        body=_for_ever(),
    )


def _for_ever() -> Iterator[bytes]:
    yield b'{"info": "'
    yield from itertools.repeat(b'x' * 65_536)


def _edited(reply: replies.Reply, document: object) -> replies.Reply:
    headers = {
        name: value for name, value in reply.headers.items() if name != 'ETag'
    }
    return dataclasses.replace(
        reply, headers=headers, body=json.dumps(document).encode()
    )


def _without_roles(
    scene: faults.Scene, request: replies.Request, proceed: faults.Proceed
) -> replies.Reply:
    if request.route == 'xmlrpc':
        return xmlrpc_api.fault('RuntimeError: roles cannot be read')
    reply = proceed(None)
    if reply.status != 200 or not isinstance(reply.body, bytes):
        return reply
    document = json.loads(reply.body)
    document.pop('ownership', None)
    return _edited(reply, document)


def _empty_roles(
    scene: faults.Scene, request: replies.Request, proceed: faults.Proceed
) -> replies.Reply:
    if request.route == 'xmlrpc':
        return xmlrpc_api.value([])
    reply = proceed(None)
    if reply.status != 200 or not isinstance(reply.body, bytes):
        return reply
    document = json.loads(reply.body)
    document['ownership'] = {'roles': [], 'organization': None}
    return _edited(reply, document)


def _xmlrpc_limit(
    scene: faults.Scene, request: replies.Request, proceed: faults.Proceed
) -> replies.Reply:
    return xmlrpc_api.too_many(scene.options.retry_after or 3600)


def _slow(
    scene: faults.Scene, request: replies.Request, proceed: faults.Proceed
) -> replies.Reply:
    return dataclasses.replace(proceed(None), delay=scene.options.seconds)


def _drip(
    scene: faults.Scene, request: replies.Request, proceed: faults.Proceed
) -> replies.Reply:
    return dataclasses.replace(proceed(None), pause=scene.options.seconds)


def _stale(
    scene: faults.Scene, request: replies.Request, proceed: faults.Proceed
) -> replies.Reply:
    return proceed(scene.before)


def _elsewhere(
    scene: faults.Scene, request: replies.Request, proceed: faults.Proceed
) -> replies.Reply:
    location = scene.options.location
    if location is None:
        port = urllib.parse.urlsplit(scene.base_url).port
        location = f'http://localhost:{port}{request.path}'
    return replies.Reply(
        status=302, reason='Found', headers={'Location': location}
    )


_FAULTS = (
    faults.Fault(
        'co-maintainer-before',
        'somebody whom no policy allows holds a role already',
        arrange=_add_maintainer,
    ),
    faults.Fault(
        'co-maintainer-added',
        'somebody gets a role right after the first file is stored',
        routes=('upload',),
        act=_add_maintainer_after,
        times=1,
    ),
    faults.Fault(
        'planted-file',
        'a foreign wheel lies under the version before the upload',
        arrange=_plant,
    ),
    faults.Fault(
        'foreign-file',
        'a foreign wheel appears under the version during the upload',
        routes=('upload',),
        act=_plant_after,
        times=1,
    ),
    faults.Fault(
        'closed-release',
        'the release is older than 14 days and takes no new file',
        arrange=_close_release,
    ),
    faults.Fault(
        'archived-project',
        'the project is archived; every upload is refused',
        arrange=_archive,
    ),
    faults.Fault(
        'quarantined-project',
        'the project is quarantined; uploads answer 200 and show nowhere',
        arrange=_quarantine,
    ),
    faults.Fault(
        'read-only',
        'the index is in read-only mode',
        arrange=_read_only,
    ),
    faults.Fault(
        'uploads-disabled',
        'an administrator has disabled new uploads',
        arrange=_uploads_disabled,
    ),
    faults.Fault(
        'expired-token',
        'the token is expired when the upload arrives',
        routes=('upload',),
        act=_expired,
    ),
    faults.Fault(
        'server-error-before-storing',
        'an upload answers 500 and was not stored',
        routes=('upload',),
        act=_error(500, 'Internal Server Error'),
        times=1,
    ),
    faults.Fault(
        'server-error-after-storing',
        'an upload answers 500 although it was stored',
        routes=('upload',),
        act=_error_after,
        times=1,
    ),
    faults.Fault(
        'server-error',
        'reads answer 500',
        routes=(*_DOCUMENTS, 'xmlrpc'),
        act=_error(500, 'Internal Server Error'),
    ),
    faults.Fault(
        'bad-gateway',
        'the front of the index answers 502',
        routes=('upload', *_DOCUMENTS),
        act=_error(502, 'Bad Gateway'),
        times=1,
    ),
    faults.Fault(
        'unavailable',
        'the index answers 503 with Retry-After',
        routes=('upload', *_DOCUMENTS),
        act=_error(503, 'Service Unavailable'),
        times=1,
    ),
    faults.Fault(
        'too-many-requests',
        'the index answers 429 with Retry-After',
        routes=('upload', *_DOCUMENTS),
        act=_error(429, 'Too Many Requests'),
        times=1,
    ),
    faults.Fault(
        'connection-cut-before-storing',
        'the connection breaks before an upload is looked at',
        routes=('upload',),
        act=_cut_unprocessed,
        times=1,
    ),
    faults.Fault(
        'connection-cut',
        'the connection breaks before the answer, when all was done',
        routes=('upload',),
        act=_cut_before_answer,
        times=1,
    ),
    faults.Fault(
        'connection-cut-in-body',
        'the connection breaks in the middle of an answer',
        routes=_DOCUMENTS,
        act=_cut_mid_body,
    ),
    faults.Fault(
        'truncated-json',
        'documents end in the middle though the answer is complete',
        routes=_DOCUMENTS,
        act=_truncate,
    ),
    faults.Fault(
        'html-page',
        'documents are an HTML page with status 200',
        routes=_DOCUMENTS,
        act=_html_page,
    ),
    faults.Fault(
        'endless-body',
        'documents never end',
        routes=_DOCUMENTS,
        act=_endless,
    ),
    faults.Fault(
        'roles-missing',
        'JSON has no ownership and XML-RPC answers a fault',
        routes=_ROLES,
        act=_without_roles,
    ),
    faults.Fault(
        'roles-empty',
        'JSON and XML-RPC say that nobody holds a role',
        routes=_ROLES,
        act=_empty_roles,
    ),
    faults.Fault(
        'xmlrpc-limit',
        'XML-RPC is over its limit: HTTP 200 with a fault',
        routes=('xmlrpc',),
        act=_xmlrpc_limit,
    ),
    faults.Fault(
        'slow-answer',
        'answers keep their client waiting',
        routes=_DOCUMENTS,
        act=_slow,
    ),
    faults.Fault(
        'slow-drip',
        'answers come byte by byte',
        routes=_DOCUMENTS,
        act=_drip,
    ),
    faults.Fault(
        'stale-reads',
        'reads after an upload show for a while what was there before',
        routes=_DOCUMENTS,
        act=_stale,
        times=6,
        once_stored=True,
    ),
    faults.Fault(
        'redirect-elsewhere',
        'reads and uploads are sent to another host',
        routes=('upload', *_DOCUMENTS),
        act=_elsewhere,
    ),
)

FAULTS: Mapping[str, faults.Fault] = {fault.name: fault for fault in _FAULTS}
"""All switches, by name."""
