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

"""The JSON API of the stand-in index.

Forms and headers as PyPI's own software gave them on 2026-11-21. Every
function takes the state that it is to describe, so that an older one can be
served where a stale answer is wanted.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from packaging import version as packaging_version

from openstack_publish.rehearsal import reads
from openstack_publish.rehearsal import records
from openstack_publish.rehearsal import replies


def project(state: records.State, base_url: str, name: str) -> replies.Reply:
    """Answer ``/pypi/NAME/json``."""
    found = _visible(state, name)
    release = found.newest_release() if found else None
    if found is None or release is None:
        return _no_json()
    redirect = reads.moved(base_url, found, name, '/pypi/{}/json')
    if redirect is not None:
        return redirect
    document = _document(base_url, found, release)
    document['releases'] = {
        each.version: _file_objects(base_url, each)
        for each in found.releases.values()
    }
    return _reply(document, found)


def release(
    state: records.State, base_url: str, name: str, version: str
) -> replies.Reply:
    """Answer ``/pypi/NAME/VERSION/json``."""
    found = _visible(state, name)
    try:
        wanted = found.find_release(version) if found else None
    except packaging_version.InvalidVersion:
        wanted = None
    if found is None or wanted is None:
        return _no_json()
    redirect = reads.moved(
        base_url, found, name, '/pypi/{}/' + wanted.version + '/json'
    )
    if redirect is not None:
        return redirect
    return _reply(_document(base_url, found, wanted), found)


def _visible(state: records.State, name: str) -> records.Project | None:
    project = state.find_project(name)
    if project is None or project.status == 'quarantined':
        return None
    return project


def _no_json() -> replies.Reply:
    return replies.Reply(
        status=404,
        reason='Not Found',
        headers={'Content-Type': 'application/json', **reads.CORS},
        body=json.dumps({'message': 'Not Found'}).encode(),
    )


def _reply(
    document: Mapping[str, object], project: records.Project
) -> replies.Reply:
    return replies.as_json(
        document,
        headers={
            'Cache-Control': 'max-age=900, public',
            'X-PyPI-Last-Serial': str(project.last_serial),
            **reads.CORS,
        },
    )


def _document(
    base_url: str, project: records.Project, release: records.Release
) -> dict[str, object]:
    package_url = f'{base_url}/project/{project.normalized_name}/'
    return {
        'info': {
            **release.metadata,
            'bugtrack_url': None,
            'docs_url': None,
            'downloads': {'last_day': -1, 'last_month': -1, 'last_week': -1},
            'name': project.name,
            'package_url': package_url,
            'project_url': package_url,
            'release_url': f'{package_url}{release.version}/',
            'version': release.version,
            'yanked': release.yanked,
            'yanked_reason': release.yanked_reason,
        },
        'last_serial': project.last_serial,
        'ownership': {
            'organization': project.organization,
            'roles': [
                {'role': role, 'user': user}
                for user, role in project.sorted_roles()
            ],
        },
        'urls': _file_objects(base_url, release),
        'vulnerabilities': [],
    }


def _file_objects(
    base_url: str, release: records.Release
) -> list[dict[str, object]]:
    return [
        {
            'comment_text': file.comment,
            'core-metadata': reads.core_metadata(file),
            'digests': {
                'blake2b_256': file.digests.blake2b_256,
                'md5': file.digests.md5,
                'sha256': file.digests.sha256,
            },
            'downloads': -1,
            'filename': file.filename,
            'has_sig': False,
            'md5_digest': file.digests.md5,
            'packagetype': file.packagetype,
            'python_version': file.python_version,
            'requires_python': file.requires_python,
            'size': file.size,
            'upload_time': file.uploaded.strftime('%Y-%m-%dT%H:%M:%S'),
            'upload_time_iso_8601': reads.rfc3339(file.uploaded),
            'url': base_url + file.path,
            'yanked': release.yanked,
            'yanked_reason': release.yanked_reason,
        }
        for file in sorted(
            release.files.values(), key=lambda each: each.filename
        )
    ]
