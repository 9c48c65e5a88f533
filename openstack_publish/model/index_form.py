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

"""Documents of PyPI's JSON API (``/pypi/NAME/json``), read into values.

An index is not trusted: what is not in its form is malformed as a whole, and
nothing of it is believed.
"""

from __future__ import annotations

import dataclasses

from packaging import version as packaging_version

from openstack_publish.model import documents
from openstack_publish.model import knowledge
from openstack_publish.model import listing
from openstack_publish.model import maintainers
from openstack_publish.model import names
from openstack_publish.model import simple_json


@dataclasses.dataclass(frozen=True)
class JsonDocument:
    """``/pypi/NAME/json`` or ``/pypi/NAME/VERSION/json``."""

    version: packaging_version.Version
    files: tuple[listing.ListedFile, ...]
    """The files of :attr:`version` (``urls``)."""

    maintainers: maintainers.Maintainers | documents.Malformed | None
    """None where the document has no ``ownership``."""

    serial: int | None


def read_json(body: bytes, asked: names.ProjectName, url: str) -> JsonDocument:
    """Read a document of the JSON API.

    :param url: where it was read; a mirror in front of PyPI may make links
        relative to it (seen 2026-11-22)
    :raises Malformed: it is none, or another project's
    """
    data = documents.load(body)
    info = documents.member(data, 'info', dict)
    documents.same_project(documents.member(info, 'name', str), asked)
    written = documents.member(info, 'version', str)
    try:
        version = packaging_version.Version(written)
    except ValueError as error:
        # InvalidVersion, or a number longer than Python reads.
        raise documents.Malformed(f'info.version is {written!r}') from error
    return JsonDocument(
        version,
        tuple(
            _json_file(item, url)
            for item in documents.member(data, 'urls', list)
        ),
        _ownership(data.get('ownership')),
        documents.read_serial(data.get('last_serial')),
    )


def merged(
    one: tuple[listing.ListedFile, ...], other: tuple[listing.ListedFile, ...]
) -> tuple[listing.ListedFile, ...]:
    """Return the union of what two documents list, by file name.

    :raises Malformed: they give one file different digests
    """
    found = {file.filename: file for file in one}
    for file in other:
        known = found.setdefault(file.filename, file)
        if known.sha256 is None or file.sha256 is None:
            digest = known.sha256 or file.sha256
        elif known.sha256 != file.sha256:
            raise documents.Malformed(
                f'the index gives {file.filename} two digests: sha256 '
                f'{known.sha256} and {file.sha256}'
            )
        else:
            digest = known.sha256
        found[file.filename] = dataclasses.replace(
            known,
            sha256=digest,
            size=known.size if known.size is not None else file.size,
            uploaded=known.uploaded or file.uploaded,
            yanked=known.yanked or file.yanked,
            provenance=known.provenance or file.provenance,
            yanked_reason=known.yanked_reason or file.yanked_reason,
        )
    return tuple(found.values())


def _ownership(
    value: object,
) -> maintainers.Maintainers | documents.Malformed | None:
    """Read the roles; what is wrong there spoils nothing else."""
    if value is None:
        return None
    try:
        if not isinstance(value, dict):
            raise documents.Malformed('ownership is no object')
        roles = [
            _role(item) for item in documents.member(value, 'roles', list)
        ]
        if not roles:
            # Whoever could be asked by mail or remove a release stands
            # there; "nobody" is an answer that PyPI cannot mean.
            raise documents.Malformed('ownership names nobody')
        organization = value.get('organization', '')
        if organization is not None and (
            not isinstance(organization, str) or not organization
        ):
            raise documents.Malformed('ownership.organization is no slug')
    except documents.Malformed as error:
        return error
    return maintainers.maintainers(roles, knowledge.Known(organization))


def _role(item: object) -> maintainers.Role:
    if not isinstance(item, dict):
        raise documents.Malformed('a role is no object')
    user, role = (
        documents.member(item, 'user', str),
        documents.member(item, 'role', str),
    )
    if not user.strip() or not role.strip():
        raise documents.Malformed('a role has an empty user or role')
    return maintainers.Role(user, role)


def _json_file(item: object, base: str) -> listing.ListedFile:
    if not isinstance(item, dict):
        raise documents.Malformed('an entry of urls is no object')
    filename = documents.read_filename(item)
    yanked = item.get('yanked', False)
    if not isinstance(yanked, bool):
        raise documents.Malformed(
            f'{filename}: yanked is neither true nor false'
        )
    return listing.ListedFile(
        filename,
        documents.read_url(
            filename,
            simple_json.joined(base, documents.member(item, 'url', str)),
        ),
        documents.read_sha256(
            filename, documents.member(item, 'digests', dict)
        ),
        documents.optional(item, filename, 'size', documents.read_size),
        documents.optional(
            item, filename, 'upload_time_iso_8601', documents.read_time
        ),
        yanked,
        yanked_reason=documents.optional(
            item, filename, 'yanked_reason', simple_json.read_reason
        ),
    )
