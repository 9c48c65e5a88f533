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

"""Documents of an index, read into values.

Formats: PyPI's JSON API (``/pypi/NAME/json``) and the simple repository API
as JSON (PEP 691, with PEP 700's sizes and times, PEP 740's provenance and
PEP 792's status). An index is not trusted: what is not in its form is
malformed as a whole, and nothing of it is believed.
"""

from __future__ import annotations

import dataclasses
import datetime
import json
import re
from collections.abc import Callable
from typing import TypeVar
from urllib import parse

from packaging import utils
from packaging import version as packaging_version

from openstack_publish.model import knowledge
from openstack_publish.model import listing
from openstack_publish.model import maintainers
from openstack_publish.model import names
from openstack_publish.model import urls

T = TypeVar('T')

_SHA256 = re.compile(r'[0-9a-f]{64}')


class Malformed(ValueError):
    """A document is not in the form that it should have."""


@dataclasses.dataclass(frozen=True)
class JsonDocument:
    """``/pypi/NAME/json`` or ``/pypi/NAME/VERSION/json``."""

    version: packaging_version.Version
    files: tuple[listing.ListedFile, ...]
    """The files of :attr:`version` (``urls``)."""

    maintainers: maintainers.Maintainers | Malformed | None
    """None where the document has no ``ownership``."""

    serial: int | None


@dataclasses.dataclass(frozen=True)
class SimpleDocument:
    """``/simple/NAME/``."""

    status: str
    files: tuple[listing.ListedFile, ...]
    serial: int | None


def read_json(body: bytes, asked: names.ProjectName) -> JsonDocument:
    """Read a document of the JSON API.

    :raises Malformed: it is none, or another project's
    """
    data = _load(body)
    info = _member(data, 'info', dict)
    _same_project(_member(info, 'name', str), asked)
    written = _member(info, 'version', str)
    try:
        version = packaging_version.Version(written)
    except packaging_version.InvalidVersion as error:
        raise Malformed(f'info.version is {written!r}') from error
    return JsonDocument(
        version,
        tuple(_json_file(item) for item in _member(data, 'urls', list)),
        _ownership(data.get('ownership')),
        _serial(data.get('last_serial')),
    )


def read_simple(
    body: bytes, asked: names.ProjectName, url: str
) -> SimpleDocument:
    """Read a project's page of the simple API.

    :param url: where it was read, for links that are relative to it
    :raises Malformed: it is none, of another major version, or another
        project's
    """
    data = _load(body)
    meta = _member(data, 'meta', dict)
    api = _member(meta, 'api-version', str)
    if api.partition('.')[0] != '1':
        raise Malformed(f'meta.api-version is {api!r}, not 1.x')
    _same_project(_member(data, 'name', str), asked)
    # PEP 792: a project without a status marker is active.
    status = 'active'
    if 'project-status' in data:
        marker = _member(data, 'project-status', dict)
        if 'status' in marker:
            status = _member(marker, 'status', str)
        if not status:
            raise Malformed('project-status.status is empty')
    return SimpleDocument(
        status,
        tuple(
            _simple_file(item, url) for item in _member(data, 'files', list)
        ),
        _serial(meta.get('_last-serial')),
    )


def version_of(filename: str) -> packaging_version.Version | None:
    """Return the version in a file name; None where it cannot be told.

    Eggs, installers and other old forms have no name that could be parsed.
    """
    try:
        if filename.endswith('.whl'):
            return utils.parse_wheel_filename(filename)[1]
        return utils.parse_sdist_filename(filename)[1]
    except (utils.InvalidSdistFilename, utils.InvalidWheelFilename):
        return None


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
            raise Malformed(
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
        )
    return tuple(found.values())


def _load(body: bytes) -> dict[str, object]:
    try:
        data = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Malformed(
            f'{len(body)} bytes that are no JSON document'
        ) from error
    if not isinstance(data, dict):
        raise Malformed('the JSON document is no object')
    return data


def _member(data: dict[str, object], key: str, kind: type[T]) -> T:
    value = data.get(key)
    if not isinstance(value, kind) or isinstance(value, bool):
        raise Malformed(f'{key} is no {kind.__name__}')
    return value


def _same_project(name: str, asked: names.ProjectName) -> None:
    if names.project_name(name) != asked:
        raise Malformed(f'it is about {name!r}, we asked for {asked}')


def _serial(value: object) -> int | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise Malformed('the serial is no number')
    return value


def _ownership(
    value: object,
) -> maintainers.Maintainers | Malformed | None:
    """Read the roles; what is wrong there spoils nothing else."""
    if value is None:
        return None
    try:
        if not isinstance(value, dict):
            raise Malformed('ownership is no object')
        roles = [_role(item) for item in _member(value, 'roles', list)]
        if not roles:
            # Whoever could be asked by mail or remove a release stands
            # there; "nobody" is an answer that PyPI cannot mean.
            raise Malformed('ownership names nobody')
        organization = value.get('organization', '')
        if organization is not None and (
            not isinstance(organization, str) or not organization
        ):
            raise Malformed('ownership.organization is no slug')
    except Malformed as error:
        return error
    return maintainers.maintainers(roles, knowledge.Known(organization))


def _role(item: object) -> maintainers.Role:
    if not isinstance(item, dict):
        raise Malformed('a role is no object')
    user, role = _member(item, 'user', str), _member(item, 'role', str)
    if not user.strip() or not role.strip():
        raise Malformed('a role has an empty user or role')
    return maintainers.Role(user, role)


def _json_file(item: object) -> listing.ListedFile:
    if not isinstance(item, dict):
        raise Malformed('an entry of urls is no object')
    filename = _filename(item)
    yanked = item.get('yanked', False)
    if not isinstance(yanked, bool):
        raise Malformed(f'{filename}: yanked is neither true nor false')
    return listing.ListedFile(
        filename,
        _url(filename, _member(item, 'url', str)),
        _sha256(filename, _member(item, 'digests', dict)),
        _optional(item, filename, 'size', _size),
        _optional(item, filename, 'upload_time_iso_8601', _time),
        yanked,
    )


def _simple_file(item: object, base: str) -> listing.ListedFile:
    if not isinstance(item, dict):
        raise Malformed('an entry of files is no object')
    filename = _filename(item)
    yanked = item.get('yanked', False)
    if not isinstance(yanked, bool | str):
        raise Malformed(f'{filename}: yanked is neither bool nor text')
    return listing.ListedFile(
        filename,
        _url(filename, _joined(base, _member(item, 'url', str))),
        _sha256(filename, _member(item, 'hashes', dict)),
        _optional(item, filename, 'size', _size),
        _optional(item, filename, 'upload-time', _time),
        # PEP 592: a reason may be empty, and the file is yanked all the same.
        yanked is not False,
        _optional(item, filename, 'provenance', _provenance),
    )


def _filename(item: dict[str, object]) -> str:
    filename = _member(item, 'filename', str)
    if not filename or '/' in filename or '\0' in filename:
        raise Malformed(f'{filename!r} is no file name')
    return filename


def _joined(base: str, url: str) -> str:
    """Return a link as PEP 691 allows it: whole, or relative to its page."""
    try:
        return parse.urljoin(base, url)
    except ValueError:
        return url


def _url(filename: str, url: str) -> str:
    objection = urls.objection(url)
    if objection is not None:
        raise Malformed(f'{filename}: its URL {objection}')
    return url


def _sha256(filename: str, digests: dict[str, object]) -> str | None:
    value = digests.get('sha256')
    if value is None:
        return None
    if not isinstance(value, str) or not _SHA256.fullmatch(value):
        raise Malformed(f'{filename}: sha256 is not 64 hexadecimal digits')
    return value


def _optional(
    item: dict[str, object],
    filename: str,
    key: str,
    read: Callable[[object], T],
) -> T | None:
    value = item.get(key)
    if value is None:
        return None
    try:
        return read(value)
    except (TypeError, ValueError, OverflowError) as error:
        raise Malformed(f'{filename}: {key} is malformed') from error


def _size(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise TypeError('no size')
    return value


def _time(value: object) -> datetime.datetime:
    if not isinstance(value, str):
        raise TypeError('no time')
    time = datetime.datetime.fromisoformat(value)
    if time.tzinfo is None:
        raise ValueError('a time without its zone')
    return time.astimezone(datetime.UTC)


def _provenance(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError('no URL')
    return value
