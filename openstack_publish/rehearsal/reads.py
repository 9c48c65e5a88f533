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

"""What the stand-in index says when it is read: JSON API, simple API, files.

Forms and headers as PyPI's own software gave them on 2026-11-21. Every
function takes the state that it is to describe, so that an older one can be
served where a stale answer is wanted.
"""

from __future__ import annotations

import datetime
import html
import json
from collections.abc import Mapping

from openstack_publish.model import names
from openstack_publish.rehearsal import records
from openstack_publish.rehearsal import replies

SIMPLE_JSON = 'application/vnd.pypi.simple.v1+json'
SIMPLE_HTML = 'application/vnd.pypi.simple.v1+html'
API_VERSION = '1.4'

_CORS = {
    'Access-Control-Allow-Origin': '*',
    'Access-Control-Allow-Headers': ', '.join(
        (
            'Content-Type',
            'If-Match',
            'If-Modified-Since',
            'If-None-Match',
            'If-Unmodified-Since',
        )
    ),
    'Access-Control-Allow-Methods': 'GET',
    'Access-Control-Max-Age': '86400',
    'Access-Control-Expose-Headers': 'X-PyPI-Last-Serial',
}


def project_json(
    state: records.State, base_url: str, name: str
) -> replies.Reply:
    """Answer ``/pypi/NAME/json``."""
    if (moved := _moved(base_url, name, '/pypi/{}/json')) is not None:
        return moved
    project = _visible(state, name)
    release = project.newest_release() if project else None
    if project is None or release is None:
        return _no_json()
    document = _document(base_url, project, release)
    document['releases'] = {
        each.version: _file_objects(base_url, each)
        for each in project.releases.values()
    }
    return _json_reply(document, project)


def release_json(
    state: records.State, base_url: str, name: str, version: str
) -> replies.Reply:
    """Answer ``/pypi/NAME/VERSION/json``."""
    if (
        moved := _moved(base_url, name, '/pypi/{}/' + version + '/json')
    ) is not None:
        return moved
    project = _visible(state, name)
    try:
        release = project.find_release(version) if project else None
    except ValueError:
        release = None
    if project is None or release is None:
        return _no_json()
    return _json_reply(_document(base_url, project, release), project)


def simple_project(
    state: records.State, base_url: str, name: str, accept: str
) -> replies.Reply:
    """Answer ``/simple/NAME/`` in the form that the client prefers."""
    if (moved := _moved(base_url, name, '/simple/{}/')) is not None:
        return moved
    project = state.find_project(name)
    if project is None:
        return replies.text(404, 'Not Found', '404 Not Found\n')
    headers = {
        'Cache-Control': 'max-age=600, public',
        'Vary': 'Accept',
        'X-PyPI-Last-Serial': str(project.last_serial),
        **_CORS,
    }
    releases = (
        {} if project.status == 'quarantined' else project.releases
    ).values()
    files = sorted(
        (
            (release, file)
            for release in releases
            for file in release.files.values()
        ),
        key=lambda pair: pair[1].filename,
    )
    if _prefers_json(accept):
        return replies.as_json(
            {
                'meta': {
                    '_last-serial': project.last_serial,
                    'api-version': API_VERSION,
                },
                'name': project.normalized_name,
                'project-status': {'status': project.status},
                'versions': [release.version for release in releases],
                'alternate-locations': [],
                'files': [
                    _simple_object(base_url, release, file)
                    for release, file in files
                ],
            },
            content_type=SIMPLE_JSON,
            headers=headers,
        )
    title = html.escape(f'Links for {project.normalized_name}')
    links = ''.join(
        _simple_link(base_url, release, file) for release, file in files
    )
    return replies.Reply(
        status=200,
        reason='OK',
        headers={**headers, 'Content-Type': _html_type(accept)},
        body=(
            '<!DOCTYPE html>\n<html>\n  <head>\n'
            f'    <meta name="pypi:repository-version" '
            f'content="{API_VERSION}">\n'
            f'    <meta name="pypi:project-status" '
            f'content="{project.status}">\n'
            f'    <title>{title}</title>\n  </head>\n  <body>\n'
            f'    <h1>{title}</h1>\n{links}'
            f'</body>\n</html>\n<!--SERIAL {project.last_serial}-->'
        ).encode(),
    )


def simple_index(
    state: records.State, base_url: str, accept: str
) -> replies.Reply:
    """Answer ``/simple/``: every project."""
    projects = [state.projects[name] for name in sorted(state.projects)]
    headers = {
        'Cache-Control': 'max-age=600, public',
        'Vary': 'Accept',
        'X-PyPI-Last-Serial': str(state.last_serial),
        **_CORS,
    }
    if _prefers_json(accept):
        return replies.as_json(
            {
                'meta': {
                    '_last-serial': state.last_serial,
                    'api-version': API_VERSION,
                },
                'projects': [
                    {'name': each.name, '_last-serial': each.last_serial}
                    for each in projects
                ],
            },
            content_type=SIMPLE_JSON,
            headers=headers,
        )
    links = ''.join(
        f'    <a href="/simple/{each.normalized_name}/">'
        f'{html.escape(each.name)}</a>\n'
        for each in projects
    )
    return replies.Reply(
        status=200,
        reason='OK',
        headers={**headers, 'Content-Type': _html_type(accept)},
        body=(
            '<!DOCTYPE html>\n<html>\n  <head>\n'
            f'    <meta name="pypi:repository-version" '
            f'content="{API_VERSION}">\n    <title>Simple index</title>\n'
            f'  </head>\n  <body>\n{links}</body>\n</html>\n'
            f'<!--SERIAL {state.last_serial}-->'
        ).encode(),
    )


def stored_file(state: records.State, path: str) -> replies.Reply:
    """Answer a path on the file host: a distribution, or its METADATA."""
    for _, _, file in state.files():
        if path == file.path:
            return replies.Reply(
                status=200,
                reason='OK',
                headers={
                    'Content-Type': 'application/octet-stream',
                    'Cache-Control': 'max-age=365000000, immutable, public',
                },
                body=file.content,
            )
        if path == f'{file.path}.metadata' and file.core_metadata:
            return replies.Reply(
                status=200,
                reason='OK',
                headers={'Content-Type': 'application/octet-stream'},
                body=file.core_metadata,
            )
    return replies.text(404, 'Not Found')


def rfc3339(moment: datetime.datetime) -> str:
    """Return a time as the APIs write it, with microseconds and Z."""
    return moment.strftime('%Y-%m-%dT%H:%M:%S.%fZ')


def _visible(state: records.State, name: str) -> records.Project | None:
    project = state.find_project(name)
    if project is None or project.status == 'quarantined':
        return None
    return project


def _moved(base_url: str, name: str, route: str) -> replies.Reply | None:
    normalized = names.project_name(name)
    if normalized == name:
        return None
    return replies.redirect(base_url + route.format(normalized))


def _no_json() -> replies.Reply:
    return replies.Reply(
        status=404,
        reason='Not Found',
        headers={'Content-Type': 'application/json', **_CORS},
        body=json.dumps({'message': 'Not Found'}).encode(),
    )


def _json_reply(
    document: Mapping[str, object], project: records.Project
) -> replies.Reply:
    return replies.as_json(
        document,
        headers={
            'Cache-Control': 'max-age=900, public',
            'X-PyPI-Last-Serial': str(project.last_serial),
            **_CORS,
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
            'core-metadata': _core_metadata(file),
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
            'upload_time_iso_8601': rfc3339(file.uploaded),
            'url': base_url + file.path,
            'yanked': release.yanked,
            'yanked_reason': release.yanked_reason,
        }
        for file in sorted(
            release.files.values(), key=lambda each: each.filename
        )
    ]


def _core_metadata(file: records.StoredFile) -> object:
    digest = file.core_metadata_sha256
    return False if digest is None else {'sha256': digest}


def _simple_object(
    base_url: str, release: records.Release, file: records.StoredFile
) -> dict[str, object]:
    return {
        'core-metadata': _core_metadata(file),
        'data-dist-info-metadata': _core_metadata(file),
        'filename': file.filename,
        'hashes': {'sha256': file.digests.sha256},
        'provenance': None,
        'requires-python': file.requires_python,
        'size': file.size,
        'upload-time': rfc3339(file.uploaded),
        'url': base_url + file.path,
        'yanked': (release.yanked_reason or True) if release.yanked else False,
    }


def _simple_link(
    base_url: str, release: records.Release, file: records.StoredFile
) -> str:
    attributes = ''
    if file.requires_python:
        attributes += (
            f' data-requires-python="{html.escape(file.requires_python)}"'
        )
    if release.yanked:
        reason = html.escape(release.yanked_reason or '')
        attributes += f' data-yanked="{reason}"'
    if file.core_metadata_sha256 is not None:
        digest = f'sha256={file.core_metadata_sha256}'
        attributes += f' data-dist-info-metadata="{digest}"'
        attributes += f' data-core-metadata="{digest}"'
    url = html.escape(f'{base_url}{file.path}#sha256={file.digests.sha256}')
    return (
        f'    <a href="{url}"{attributes}>'
        f'{html.escape(file.filename)}</a><br />\n'
    )


def _html_type(accept: str) -> str:
    return SIMPLE_HTML if SIMPLE_HTML in accept else 'text/html; charset=UTF-8'


def _prefers_json(accept: str) -> bool:
    """Say whether JSON comes first; HTML wins where nothing is said."""
    best: dict[str, float] = {}
    for part in accept.split(','):
        kind, *parameters = (each.strip() for each in part.split(';'))
        quality = 1.0
        for parameter in parameters:
            key, _, value = parameter.partition('=')
            if key.strip() == 'q':
                try:
                    quality = float(value)
                except ValueError:
                    quality = 0.0
        best[kind.lower()] = quality
    wants_json = max(
        best.get(SIMPLE_JSON, 0.0),
        best.get(SIMPLE_JSON.replace('.v1', '.latest'), 0.0),
    )
    wants_html = max(
        best.get(kind, 0.0)
        for kind in (SIMPLE_HTML, 'text/html', 'text/*', '*/*')
    )
    return wants_json > 0 and wants_json >= wants_html
