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

"""The simple API of the stand-in index, as JSON and as HTML.

Forms and headers as PyPI's own software gave them on 2026-11-21. Every
function takes the state that it is to describe, so that an older one can be
served where a stale answer is wanted.
"""

from __future__ import annotations

import html

from openstack_publish.rehearsal import reads
from openstack_publish.rehearsal import records
from openstack_publish.rehearsal import replies

SIMPLE_JSON = 'application/vnd.pypi.simple.v1+json'
SIMPLE_HTML = 'application/vnd.pypi.simple.v1+html'
API_VERSION = '1.4'


def project(
    state: records.State, base_url: str, name: str, accept: str
) -> replies.Reply:
    """Answer ``/simple/NAME/`` in the form that the client prefers."""
    found = state.find_project(name)
    if found is None:
        return replies.text(404, 'Not Found')
    redirect = reads.moved(base_url, found, name, '/simple/{}/')
    if redirect is not None:
        return redirect
    headers = {
        'Cache-Control': 'max-age=600, public',
        'Vary': 'Accept',
        'X-PyPI-Last-Serial': str(found.last_serial),
        **reads.CORS,
    }
    releases = (
        {} if found.status == 'quarantined' else found.releases
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
                    '_last-serial': found.last_serial,
                    'api-version': API_VERSION,
                },
                'name': found.normalized_name,
                'project-status': {'status': found.status},
                'versions': [release.version for release in releases],
                'alternate-locations': [],
                'files': [
                    _simple_object(base_url, found, release, file)
                    for release, file in files
                ],
            },
            content_type=SIMPLE_JSON,
            headers=headers,
        )
    title = html.escape(f'Links for {found.normalized_name}')
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
            f'content="{found.status}">\n'
            f'    <title>{title}</title>\n  </head>\n  <body>\n'
            f'    <h1>{title}</h1>\n{links}'
            f'</body>\n</html>\n<!--SERIAL {found.last_serial}-->'
        ).encode(),
    )


def index(state: records.State, base_url: str, accept: str) -> replies.Reply:
    """Answer ``/simple/``: every project."""
    projects = [state.projects[name] for name in sorted(state.projects)]
    headers = {
        'Cache-Control': 'max-age=600, public',
        'Vary': 'Accept',
        'X-PyPI-Last-Serial': str(state.last_serial),
        **reads.CORS,
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


def _simple_object(
    base_url: str,
    project: records.Project,
    release: records.Release,
    file: records.StoredFile,
) -> dict[str, object]:
    provenance = None
    if file.attested:
        provenance = (
            f'{base_url}/integrity/{project.normalized_name}/'
            f'{release.version}/{file.filename}/provenance'
        )
    return {
        'core-metadata': reads.core_metadata(file),
        'data-dist-info-metadata': reads.core_metadata(file),
        'filename': file.filename,
        'hashes': {'sha256': file.digests.sha256},
        'provenance': provenance,
        'requires-python': file.requires_python,
        'size': file.size,
        'upload-time': reads.rfc3339(file.uploaded),
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
