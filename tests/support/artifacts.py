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

"""Small sdists and wheels, built byte by byte.

What they hold is decided by the caller, so that a test can ask for any
defect. The same arguments give the same bytes.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import io
import json
import os
import tarfile
import zipfile
from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence

from packaging import utils

Headers = Mapping[str, str | Sequence[str] | None]
"""Fields of core metadata; a list repeats the field, None leaves it out."""

MTIME = 1_790_000_000
"""When everything was last changed, in seconds since 1970."""

DESCRIPTION = 'A demonstration\n===============\n\nNothing more.\n'
CODE = b'"""A demonstration."""\n'


def stem(name: str, version: str) -> str:
    """Return what file names of a release begin with (PEP 625, PEP 427)."""
    normalised = utils.canonicalize_name(name).replace('-', '_')
    return f'{normalised}-{version}'


def core_metadata(
    name: str,
    version: str,
    metadata: Headers | None = None,
    description: str | None = DESCRIPTION,
) -> bytes:
    """Return a PKG-INFO or METADATA file.

    :param metadata: fields beside or instead of the usual ones
    """
    fields: dict[str, str | Sequence[str] | None] = {
        'Metadata-Version': '2.4',
        'Name': name,
        'Version': version,
        'Summary': 'A demonstration',
        'Author-email': 'OpenStack <openstack-discuss@lists.openstack.org>',
        'License-Expression': 'Apache-2.0',
        'Classifier': [
            'Environment :: OpenStack',
            'Programming Language :: Python :: 3',
        ],
        'Requires-Python': '>=3.11',
        'Requires-Dist': ['pbr>=6.1.1'],
        'Description-Content-Type': 'text/x-rst; charset=UTF-8',
        **(metadata or {}),
    }
    lines = []
    for field, value in fields.items():
        if value is None:
            continue
        for one in [value] if isinstance(value, str) else value:
            lines.append(f'{field}: {one}\n')
    if description is not None:
        lines.append(f'\n{description}')
    return ''.join(lines).encode('utf-8')


def pbr_json(git_version: str, is_release: bool = True) -> bytes:
    """Return pbr's record of the commit that was built."""
    return json.dumps(
        {'git_version': git_version, 'is_release': is_release}
    ).encode('ascii')


def tar_gz(
    members: Iterable[tuple[str | tarfile.TarInfo, bytes]],
    format: int = tarfile.PAX_FORMAT,  # noqa: A002  as tarfile calls it
) -> bytes:
    """Return a gzipped tar archive.

    :param members: for each its name, or a TarInfo that says what it is,
        and its content
    """
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode='w', format=format) as archive:
        for member, content in members:
            if isinstance(member, str):
                info = tarfile.TarInfo(member)
                info.mtime = MTIME
                info.mode = 0o644
            else:
                info = member
            if info.isreg():
                info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return gzip.compress(raw.getvalue(), mtime=MTIME)


def zip_archive(
    members: Iterable[tuple[str | zipfile.ZipInfo, bytes]],
    compression: int = zipfile.ZIP_DEFLATED,
) -> bytes:
    """Return a zip archive; members with one name are kept, all of them.

    :param members: for each its name, or a ZipInfo that says what it is,
        and its content
    """
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, 'w', compression) as archive:
        for member, content in members:
            if isinstance(member, str):
                info = zipfile.ZipInfo(member, (2026, 9, 21, 12, 0, 0))
                info.external_attr = 0o100644 << 16
                info.compress_type = compression
            else:
                info = member
            archive.writestr(info, content)
    return raw.getvalue()


def record_line(path: str, content: bytes) -> str:
    """Return the line of a wheel's RECORD for one member."""
    digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest())
    hashed = digest.rstrip(b'=').decode('ascii')
    quoted = f'"{path}"' if ',' in path else path
    return f'{quoted},sha256={hashed},{len(content)}'


def sdist_members(
    name: str,
    version: str,
    *,
    git_version: str | None = None,
    is_release: bool = True,
    metadata: Headers | None = None,
    description: str | None = DESCRIPTION,
    pkg_info: bytes | None = None,
    extra: Mapping[str, bytes] | None = None,
    omit: Sequence[str] = (),
) -> dict[str, bytes]:
    """Return what an sdist holds, by path below its top directory.

    :param git_version: abbreviated commit for ``pbr.json``; None leaves
        that file out
    :param pkg_info: instead of what the other arguments would give
    :param extra: more members, or other content of the usual ones
    :param omit: members that are to be left out
    """
    if pkg_info is None:
        pkg_info = core_metadata(name, version, metadata, description)
    package = utils.canonicalize_name(name).replace('-', '_')
    egg_info = f'{name.replace("-", "_")}.egg-info'
    members = {
        'PKG-INFO': pkg_info,
        'setup.cfg': f'[metadata]\nname = {name}\n'.encode(),
        f'{package}/__init__.py': CODE,
        f'{egg_info}/PKG-INFO': pkg_info,
        f'{egg_info}/top_level.txt': f'{package}\n'.encode(),
    }
    if git_version is not None:
        members[f'{egg_info}/pbr.json'] = pbr_json(git_version, is_release)
    members.update(extra or {})
    return {
        path: content for path, content in members.items() if path not in omit
    }


def write_sdist(
    directory: str,
    name: str,
    version: str,
    *,
    git_version: str | None = None,
    is_release: bool = True,
    metadata: Headers | None = None,
    description: str | None = DESCRIPTION,
    pkg_info: bytes | None = None,
    extra: Mapping[str, bytes] | None = None,
    omit: Sequence[str] = (),
    filename: str | None = None,
    top: str | None = None,
) -> str:
    """Write an sdist and return its path.

    :param filename: instead of the PEP 625 form
    :param top: the directory that everything is in, if not the file's stem

    The other parameters are those of :func:`sdist_members`.
    """
    members = sdist_members(
        name,
        version,
        git_version=git_version,
        is_release=is_release,
        metadata=metadata,
        description=description,
        pkg_info=pkg_info,
        extra=extra,
        omit=omit,
    )
    top = stem(name, version) if top is None else top
    content = tar_gz(
        (f'{top}/{path}', content) for path, content in members.items()
    )
    return write(
        directory, filename or f'{stem(name, version)}.tar.gz', content
    )


def wheel_members(
    name: str,
    version: str,
    *,
    git_version: str | None = None,
    is_release: bool = True,
    metadata: Headers | None = None,
    description: str | None = DESCRIPTION,
    pkg_info: bytes | None = None,
    extra: Mapping[str, bytes] | None = None,
    omit: Sequence[str] = (),
    tag: str = 'py3-none-any',
    dist_info: str | None = None,
    record: Mapping[str, str | None] | bytes | None = None,
) -> dict[str, bytes]:
    """Return what a wheel holds, by path; RECORD comes last.

    :param pkg_info: METADATA instead of what the other arguments give
    :param extra: more members, or other content of the usual ones; all
        stand in RECORD
    :param omit: members that are left out of the archive; RECORD still
        has them
    :param dist_info: name of the ``.dist-info`` directory
    :param record: RECORD's bytes, or for a path the line that stands there
        instead (None: no line); a path that is no member adds a line
    """
    if pkg_info is None:
        pkg_info = core_metadata(name, version, metadata, description)
    package = utils.canonicalize_name(name).replace('-', '_')
    if dist_info is None:
        dist_info = f'{stem(name, version)}.dist-info'
    members = {
        f'{package}/__init__.py': CODE,
        f'{dist_info}/METADATA': pkg_info,
        f'{dist_info}/WHEEL': (
            'Wheel-Version: 1.0\n'
            'Generator: tests\n'
            'Root-Is-Purelib: true\n'
            f'Tag: {tag}\n'
        ).encode(),
    }
    if git_version is not None:
        members[f'{dist_info}/pbr.json'] = pbr_json(git_version, is_release)
    members.update(extra or {})
    record_path = f'{dist_info}/RECORD'
    if not isinstance(record, bytes):
        lines: dict[str, str | None] = {
            path: record_line(path, content)
            for path, content in members.items()
            if path != record_path
        }
        lines[record_path] = f'{record_path},,'
        lines.update(record or {})
        record = ''.join(
            f'{line}\n' for line in lines.values() if line is not None
        ).encode()
    members[record_path] = record
    return {
        path: content for path, content in members.items() if path not in omit
    }


def write_wheel(
    directory: str,
    name: str,
    version: str,
    *,
    git_version: str | None = None,
    is_release: bool = True,
    metadata: Headers | None = None,
    description: str | None = DESCRIPTION,
    pkg_info: bytes | None = None,
    extra: Mapping[str, bytes] | None = None,
    omit: Sequence[str] = (),
    tag: str = 'py3-none-any',
    dist_info: str | None = None,
    record: Mapping[str, str | None] | bytes | None = None,
    filename: str | None = None,
) -> str:
    """Write a wheel and return its path.

    :param filename: instead of the PEP 427 form

    The other parameters are those of :func:`wheel_members`.
    """
    members = wheel_members(
        name,
        version,
        git_version=git_version,
        is_release=is_release,
        metadata=metadata,
        description=description,
        pkg_info=pkg_info,
        extra=extra,
        omit=omit,
        tag=tag,
        dist_info=dist_info,
        record=record,
    )
    return write(
        directory,
        filename or f'{stem(name, version)}-{tag}.whl',
        zip_archive(members.items()),
    )


def write(directory: str, filename: str, content: bytes) -> str:
    """Write a file and return its path."""
    path = os.path.join(directory, filename)
    with open(path, 'wb') as file:
        file.write(content)
    return path
