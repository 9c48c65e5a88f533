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

"""Reads what a receipt names, from its JSON document."""

from __future__ import annotations

import dataclasses
import datetime

from openstack_publish.model import documents
from openstack_publish.model import knowledge
from openstack_publish.model import listing
from openstack_publish.model import maintainers
from openstack_publish.model import names
from openstack_publish.model import receipt


@dataclasses.dataclass(frozen=True)
class NamedSignature:
    """The signature of a file, as a receipt names it."""

    sha256: str
    """Of the ``.asc``."""

    primary: names.Fingerprint
    created: datetime.datetime


@dataclasses.dataclass(frozen=True)
class NamedFile:
    """A distribution, as a receipt names it."""

    filename: str
    sha256: str
    signature: NamedSignature | None


@dataclasses.dataclass(frozen=True)
class Named:
    """What a receipt says of a release."""

    outcome: str
    project: names.ProjectName
    version: str
    repo: str | None
    commit: str | None
    kind: listing.IndexKind
    read_url: str
    archive: str | None
    files: tuple[NamedFile, ...]
    maintainers: maintainers.Maintainers | None
    """Who could publish after the upload, or before where there was none;
    None where neither was read."""

    finished: datetime.datetime | None = None
    """When the run ended, UTC; None of one that was killed."""


def read(document: dict[str, object]) -> Named:
    """Return what a receipt names.

    :raises Malformed: it is no receipt, or names no release
    """
    if document.get('schema') != receipt.SCHEMA:
        raise documents.Malformed(
            f'its schema is {document.get("schema")!r}, not {receipt.SCHEMA!r}'
        )
    outcome = documents.member(document, 'outcome', str)
    release = _object(document, 'release')
    index = _object(document, 'index', f'of a run that was {outcome}: ')
    archive = document.get('archive')
    files = tuple(
        map(_file, _objects(documents.member(document, 'artifacts', list)))
    )
    if not files:
        raise documents.Malformed('it names no file')
    kind = index.get('kind')
    if kind != 'pypi' and kind != 'plain':
        raise documents.Malformed(f'the index is of kind {kind!r}')
    project = documents.member(release, 'project', str)
    return Named(
        outcome,
        names.project_name(project),
        documents.member(release, 'version', str),
        _text(release, 'repo'),
        _text(release, 'hash'),
        kind,
        documents.member(index, 'read_url', str),
        None
        if archive is None
        else documents.member(_object(document, 'archive'), 'place', str),
        files,
        _who(_object(document, 'maintainers')),
        documents.optional(
            document, 'receipt', 'finished', documents.read_time
        ),
    )


def _file(item: dict[str, object]) -> NamedFile:
    filename = documents.read_filename(item)
    sha256 = documents.read_sha256(filename, item)
    if sha256 is None:
        raise documents.Malformed(f'{filename}: sha256 is missing')
    signature = None
    if item.get('signature') is not None:
        signature = _signature(filename, _object(item, 'signature'))
    return NamedFile(filename, sha256, signature)


def _signature(filename: str, item: dict[str, object]) -> NamedSignature:
    sha256 = documents.read_sha256(filename, item)
    created = documents.optional(
        item, filename, 'created', documents.read_time
    )
    if sha256 is None or created is None:
        raise documents.Malformed(f'{filename}: its signature is malformed')
    try:
        primary = names.fingerprint(
            documents.member(item, 'primary_fingerprint', str)
        )
    except ValueError as error:
        raise documents.Malformed(f'{filename}: {error}') from error
    return NamedSignature(sha256, primary, created)


def _who(item: dict[str, object]) -> maintainers.Maintainers | None:
    """Return who could publish, as the last reading that was made has it."""
    for moment in ('after', 'before'):
        reading = _object(item, moment)
        if reading.get('state') != 'known':
            continue
        roles = [
            maintainers.Role(
                documents.member(role, 'user', str),
                documents.member(role, 'role', str),
            )
            for role in _objects(documents.member(reading, 'roles', list))
        ]
        return maintainers.maintainers(
            roles, knowledge.Known(_text(reading, 'organization'))
        )
    return None


def _object(
    data: dict[str, object], key: str, what: str = ''
) -> dict[str, object]:
    value = data.get(key)
    if not isinstance(value, dict):
        raise documents.Malformed(f'{what}{key} is no object')
    return value


def _objects(values: list[object]) -> list[dict[str, object]]:
    found = []
    for value in values:
        if not isinstance(value, dict):
            raise documents.Malformed('a list holds what is no object')
        found.append(value)
    return found


def _text(data: dict[str, object], key: str) -> str | None:
    value = data.get(key)
    if not isinstance(value, str | None):
        raise documents.Malformed(f'{key} is no text')
    return value
