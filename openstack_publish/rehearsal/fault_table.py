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

from collections.abc import Mapping

from openstack_publish.rehearsal import fault_actions
from openstack_publish.rehearsal import faults
from openstack_publish.rehearsal import replies

_DOCUMENTS: tuple[replies.Route, ...] = ('json', 'version-json', 'simple')
_ROLES: tuple[replies.Route, ...] = ('json', 'version-json', 'xmlrpc')

_FAULTS = (
    faults.Fault(
        'co-maintainer-before',
        'somebody whom no policy allows holds a role already',
        arrange=fault_actions.add_maintainer,
    ),
    faults.Fault(
        'co-maintainer-added',
        'somebody gets a role right after the first file is stored',
        routes=('upload',),
        act=fault_actions.add_maintainer_after,
        times=1,
    ),
    faults.Fault(
        'planted-file',
        'a foreign wheel lies under the version before the upload',
        arrange=fault_actions.plant,
    ),
    faults.Fault(
        'foreign-file',
        'a foreign wheel appears under the version during the upload',
        routes=('upload',),
        act=fault_actions.plant_after,
        times=1,
    ),
    faults.Fault(
        'closed-release',
        'the release is older than 14 days and takes no new file',
        arrange=fault_actions.close_release,
    ),
    faults.Fault(
        'archived-project',
        'the project is archived; every upload is refused',
        arrange=fault_actions.archive,
    ),
    faults.Fault(
        'quarantined-project',
        'the project is quarantined; uploads answer 200 and show nowhere',
        arrange=fault_actions.quarantine,
    ),
    faults.Fault(
        'read-only',
        'the index is in read-only mode',
        arrange=fault_actions.read_only,
    ),
    faults.Fault(
        'uploads-disabled',
        'an administrator has disabled new uploads',
        arrange=fault_actions.uploads_disabled,
    ),
    faults.Fault(
        'expired-token',
        'the token is expired when the upload arrives',
        routes=('upload',),
        act=fault_actions.expired,
    ),
    faults.Fault(
        'server-error-before-storing',
        'an upload answers 500 and was not stored',
        routes=('upload',),
        act=fault_actions.error(500, 'Internal Server Error'),
        times=1,
    ),
    faults.Fault(
        'server-error-after-storing',
        'an upload answers 500 although it was stored',
        routes=('upload',),
        act=fault_actions.error_after,
        times=1,
    ),
    faults.Fault(
        'server-error',
        'reads answer 500',
        routes=(*_DOCUMENTS, 'xmlrpc'),
        act=fault_actions.error(500, 'Internal Server Error'),
    ),
    faults.Fault(
        'bad-gateway',
        'the front of the index answers 502',
        routes=('upload', *_DOCUMENTS),
        act=fault_actions.error(502, 'Bad Gateway'),
        times=1,
    ),
    faults.Fault(
        'unavailable',
        'the index answers 503 with Retry-After',
        routes=('upload', *_DOCUMENTS),
        act=fault_actions.error(503, 'Service Unavailable'),
        times=1,
    ),
    faults.Fault(
        'too-many-requests',
        'the index answers 429 with Retry-After',
        routes=('upload', *_DOCUMENTS),
        act=fault_actions.error(429, 'Too Many Requests'),
        times=1,
    ),
    faults.Fault(
        'connection-cut-before-storing',
        'the connection breaks before an upload is looked at',
        routes=('upload',),
        act=fault_actions.cut_unprocessed,
        times=1,
    ),
    faults.Fault(
        'connection-cut',
        'the connection breaks before the answer, when all was done',
        routes=('upload',),
        act=fault_actions.cut_before_answer,
        times=1,
    ),
    faults.Fault(
        'connection-cut-in-body',
        'the connection breaks in the middle of an answer',
        routes=_DOCUMENTS,
        act=fault_actions.cut_mid_body,
    ),
    faults.Fault(
        'truncated-json',
        'documents end in the middle though the answer is complete',
        routes=_DOCUMENTS,
        act=fault_actions.truncate,
    ),
    faults.Fault(
        'html-page',
        'documents are an HTML page with status 200',
        routes=_DOCUMENTS,
        act=fault_actions.html_page,
    ),
    faults.Fault(
        'endless-body',
        'documents never end',
        routes=_DOCUMENTS,
        act=fault_actions.endless,
    ),
    faults.Fault(
        'roles-missing',
        'JSON has no ownership and XML-RPC answers a fault',
        routes=_ROLES,
        act=fault_actions.without_roles,
    ),
    faults.Fault(
        'roles-empty',
        'JSON and XML-RPC say that nobody holds a role',
        routes=_ROLES,
        act=fault_actions.empty_roles,
    ),
    faults.Fault(
        'roles-server-error',
        'JSON has no ownership and XML-RPC answers 500',
        routes=_ROLES,
        act=fault_actions.roles_server_error,
    ),
    faults.Fault(
        'roles-slow',
        'JSON has no ownership and XML-RPC keeps its client waiting',
        routes=_ROLES,
        act=fault_actions.roles_slow,
    ),
    faults.Fault(
        'xmlrpc-limit',
        'XML-RPC is over its limit: HTTP 200 with a fault',
        routes=('xmlrpc',),
        act=fault_actions.xmlrpc_limit,
    ),
    faults.Fault(
        'slow-answer',
        'answers keep their client waiting',
        routes=_DOCUMENTS,
        act=fault_actions.slow,
    ),
    faults.Fault(
        'slow-drip',
        'answers come byte by byte',
        routes=_DOCUMENTS,
        act=fault_actions.drip,
    ),
    faults.Fault(
        'stale-reads',
        'reads after an upload show for a while what was there before',
        routes=_DOCUMENTS,
        act=fault_actions.stale,
        times=6,
        once_stored=True,
    ),
    faults.Fault(
        'redirect-elsewhere',
        'reads and uploads are sent to another host',
        routes=('upload', *_DOCUMENTS),
        act=fault_actions.elsewhere,
    ),
)

FAULTS: Mapping[str, faults.Fault] = {fault.name: fault for fault in _FAULTS}
"""All switches, by name."""
