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

"""What the JSON API and the simple API have in common, and the files."""

from __future__ import annotations

import datetime

from openstack_publish.rehearsal import records
from openstack_publish.rehearsal import replies

CORS = {
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
"""Headers that let a page of another origin read."""


def moved(
    base_url: str, project: records.Project, name: str, route: str
) -> replies.Reply | None:
    """Return the redirect to a project's normalised name, None if it is.

    :param route: of the answer, with ``{}`` where the name goes
    """
    if project.normalized_name == name:
        return None
    return replies.redirect(base_url + route.format(project.normalized_name))


def core_metadata(file: records.StoredFile) -> object:
    """Return how both APIs tell that METADATA is served beside a file."""
    digest = file.core_metadata_sha256
    return False if digest is None else {'sha256': digest}


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
