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

"""Pages of the simple repository API as JSON, read into values.

Formats: PEP 691, with PEP 700's sizes and times, PEP 740's provenance and
PEP 792's status. :mod:`~openstack_publish.model.simple_html` reads the older
form of the same pages.
"""

from __future__ import annotations

import dataclasses
import re
from urllib import parse

from openstack_publish.model import documents
from openstack_publish.model import listing
from openstack_publish.model import names

STATUS_SINCE = (1, 4)
"""The version of the simple API that brought status markers (PEP 792)."""

_VERSION = re.compile(r'([0-9]{1,9})\.([0-9]{1,9})')


@dataclasses.dataclass(frozen=True)
class SimpleDocument:
    """``/simple/NAME/``."""

    status: str
    files: tuple[listing.ListedFile, ...]
    serial: int | None
    says_status: bool = True
    """Whether it names a status, or could: before PEP 792 no page did."""


def read_page(
    body: bytes, asked: names.ProjectName, url: str
) -> SimpleDocument:
    """Read a project's page of the simple API.

    :param url: where it was read, for links that are relative to it
    :raises Malformed: it is none, of another major version, or another
        project's
    """
    data = documents.load(body)
    meta, api = _meta(data)
    documents.same_project(documents.member(data, 'name', str), asked)
    # PEP 792: a project without a status marker is active.
    status, marked = 'active', False
    if 'project-status' in data:
        marker = documents.member(data, 'project-status', dict)
        marked = 'status' in marker
        if marked:
            status = documents.member(marker, 'status', str)
        if not status:
            raise documents.Malformed('project-status.status is empty')
    return SimpleDocument(
        status,
        tuple(
            read_file(item, url)
            for item in documents.member(data, 'files', list)
        ),
        documents.read_serial(meta.get('_last-serial'), or_text=True),
        marked or api >= STATUS_SINCE,
    )


def read_list(body: bytes) -> frozenset[names.ProjectName]:
    """Read the page of the simple API that names every project.

    :raises Malformed: it is none, or of another major version
    """
    data = documents.load(body)
    _meta(data)
    found = set()
    for item in documents.member(data, 'projects', list):
        if not isinstance(item, dict):
            raise documents.Malformed('an entry of projects is no object')
        found.add(names.project_name(documents.member(item, 'name', str)))
    return frozenset(found)


def read_version(key: str, text: str) -> tuple[int, int]:
    """Return the version of the simple API that a page is of.

    :param key: what the page calls it, for the message
    :raises Malformed: it is none, or of another major version than 1
    """
    found = _VERSION.fullmatch(text)
    if found is None or found[1] != '1':
        raise documents.Malformed(f'{key} is {text!r}, not 1.x')
    return int(found[1]), int(found[2])


def read_file(item: object, base: str) -> listing.ListedFile:
    """Read an entry of ``files``.

    :param base: what its link may be relative to
    :raises Malformed: it is none
    """
    if not isinstance(item, dict):
        raise documents.Malformed('an entry of files is no object')
    filename = documents.read_filename(item)
    yanked = item.get('yanked', False)
    if not isinstance(yanked, bool | str):
        raise documents.Malformed(
            f'{filename}: yanked is neither bool nor text'
        )
    return listing.ListedFile(
        filename,
        documents.read_url(
            filename, joined(base, documents.member(item, 'url', str))
        ),
        documents.read_sha256(
            filename, documents.member(item, 'hashes', dict)
        ),
        documents.optional(item, filename, 'size', documents.read_size),
        documents.optional(item, filename, 'upload-time', documents.read_time),
        # PEP 592: a reason may be empty, and the file is yanked all the same.
        yanked is not False,
        documents.optional(item, filename, 'provenance', _provenance),
        yanked if isinstance(yanked, str) and yanked else None,
    )


def read_reason(value: object) -> str | None:
    """Read why a file was yanked; None where no reason is given.

    :raises TypeError: it is no text
    """
    if not isinstance(value, str):
        raise TypeError('no text')
    return value or None


def joined(base: str, url: str) -> str:
    """Return a link as a page may have it: whole, or relative to the page."""
    if url.startswith(('https://', 'http://')):
        return url
    try:
        return parse.urljoin(base, url)
    except ValueError:
        return url


def _meta(
    data: dict[str, object],
) -> tuple[dict[str, object], tuple[int, int]]:
    meta: dict[str, object] = documents.member(data, 'meta', dict)
    version = documents.member(meta, 'api-version', str)
    return meta, read_version('meta.api-version', version)


def _provenance(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError('no URL')
    return value
