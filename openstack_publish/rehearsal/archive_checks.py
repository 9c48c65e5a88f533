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

"""The checks of an uploaded file: its name, then its archive.

In PyPI's order and with its texts, as of August 2026.
"""

from __future__ import annotations

import os
import pathlib
import re
import tarfile
import zipfile
import zlib

from packaging import metadata
from packaging import utils
from packaging import version

from openstack_publish.model import names
from openstack_publish.rehearsal import records
from openstack_publish.rehearsal import replies

RATIO = 50
"""Highest ratio of a zip's size unpacked to its own."""

RATIO_MIN_BYTES = 64 * records.MIB
"""Smaller ones are not looked at."""

METADATA_BYTES = 10 * records.MIB
"""More of a wheel's METADATA isn't read."""

_CONTROL = re.compile(r'[\x00-\x1f\x7f]')
_EXTENSION = re.compile(r'.+?(?P<extension>\.(tar\.gz|zip|whl))', re.I)
_EXTENSIONS = {'sdist': {'.zip', '.tar.gz'}, 'bdist_wheel': {'.whl'}}

_PLATFORMS = frozenset(
    {
        'any',
        'win32',
        'win_amd64',
        'win_arm64',
        'win_ia64',
        'linux_armv6l',
        'linux_armv7l',
        'manylinux1_i686',
        'manylinux1_x86_64',
        'manylinux2010_i686',
        'manylinux2010_x86_64',
        'manylinux2014_aarch64',
        'manylinux2014_armv7l',
        'manylinux2014_i686',
        'manylinux2014_ppc64',
        'manylinux2014_ppc64le',
        'manylinux2014_s390x',
        'manylinux2014_x86_64',
    }
)
_PLATFORM = re.compile(
    r'(manylinux|musllinux)_\d+_\d+_'
    r'(aarch64|armv7l|i686|ppc64|ppc64le|riscv64|s390x|x86_64)'
    r'|macosx_\d+_\d+_'
    r'(arm64|fat|fat32|fat64|i386|intel|ppc|ppc64|universal|universal2'
    r'|x86_64)'
    r'|ios_\d+_\d+_(arm64|x86_64)_(iphoneos|iphonesimulator)'
    r'|android_\d+_(armeabi_v7a|arm64_v8a|x86|x86_64)'
    r'|pyodide_\d+_\d+_wasm32'
)


def check_filename(filename: str, packagetype: str) -> None:
    """Check characters and extension of a filename.

    :raises .replies.Refusal: PyPI doesn't take such a name
    """
    if _CONTROL.search(filename):
        raise replies.Refusal(
            400,
            'Cannot upload a file with non-printable characters '
            '(ordinals 0-31) or the DEL character (ordinal 127) in the name.',
        )
    if '/' in filename or '\\' in filename:
        raise replies.Refusal(
            400, "Cannot upload a file with '/' or '\\' in the name."
        )
    match = _EXTENSION.fullmatch(filename)
    if match is None:
        raise replies.Refusal(
            400,
            'Invalid file extension: Use .tar.gz, .whl or .zip extension. '
            'See https://www.python.org/dev/peps/pep-0527 and '
            'https://peps.python.org/pep-0715/ for more information',
        )
    extension = match.group('extension')
    if extension not in _EXTENSIONS[packagetype]:
        raise replies.Refusal(
            400,
            f'Invalid file extension: Extension {extension} is invalid for '
            f'filetype {packagetype}. '
            'See https://www.python.org/dev/peps/pep-0527 '
            'for more information.',
        )


def check_archive(path: pathlib.Path, filename: str) -> None:
    """Check that a file is an archive of its kind.

    :raises .replies.Refusal: it is not
    """
    if filename.endswith('.tar.gz'):
        wrong = _wrong_tarball(path)
    else:
        wrong = _wrong_zip(path, filename)
    if wrong is not None:
        raise replies.Refusal(400, f'Invalid distribution file. {wrong}')


def check_sdist(
    path: pathlib.Path,
    filename: str,
    project_name: str,
    parsed: metadata.Metadata,
) -> None:
    """Check an sdist's name (PEP 625) and that its licences are in it.

    :raises .replies.Refusal: PyPI doesn't take it
    """
    try:
        named = utils.parse_sdist_filename(filename)[0]
    except utils.InvalidSdistFilename as err:
        raise replies.Refusal(
            400, f'Invalid source distribution filename: {filename}'
        ) from err
    normalized = names.project_name(project_name)
    stem = normalized.replace('-', '_')
    if str(named) != normalized and not _post_release_stem(
        filename, parsed, stem
    ):
        raise replies.Refusal(
            400, f'Start filename for {project_name!r} with {stem!r}.'
        )
    expected = f'{stem}-{parsed.version}.tar.gz'
    if filename != expected:
        raise replies.Refusal(
            400, f'Filename {filename!r} is invalid, should be {expected!r}.'
        )
    with tarfile.open(path, 'r:gz') as archive:
        members = archive.getnames()
    top = _top_level(members)
    for licence in parsed.license_files or []:
        place = os.path.join(top, licence)
        if place not in members:
            raise replies.Refusal(
                400,
                f'License-File {licence} does not exist in '
                f'distribution file {filename} at {place}',
            )


def check_wheel(
    path: pathlib.Path,
    filename: str,
    project_name: str,
    parsed: metadata.Metadata,
) -> bytes:
    """Check a wheel's name (PEP 427) and what must be in it.

    :returns: its METADATA
    :raises .replies.Refusal: PyPI doesn't take it
    """
    try:
        name, wheel_version, _, tags = utils.parse_wheel_filename(filename)
    except utils.InvalidWheelFilename as err:
        raise replies.Refusal(400, str(err)) from err
    for tag in sorted(tags, key=str):
        if tag.platform not in _PLATFORMS and not _PLATFORM.fullmatch(
            tag.platform
        ):
            raise replies.Refusal(
                400,
                f"Binary wheel '{filename}' has an unsupported platform tag "
                f"'{tag.platform}'.",
            )
    normalized = names.project_name(project_name)
    stem = normalized.replace('-', '_')
    if str(name) != normalized:
        raise replies.Refusal(
            400, f'Start filename for {project_name!r} with {stem!r}.'
        )
    written = filename.split('-', 1)[0]
    if written != stem:
        raise replies.Refusal(
            400,
            f'Filename {filename!r} should contain the normalized project '
            f'name {stem!r}, not {written!r}.',
        )
    if wheel_version != parsed.version:
        raise replies.Refusal(
            400,
            f'Version in filename should be {str(parsed.version)!r} not '
            f'{str(wheel_version)!r}.',
        )
    info = '-'.join(filename.split('-', 2)[:2]) + '.dist-info'
    with zipfile.ZipFile(path) as archive:
        members = set(archive.namelist())
        for licence in parsed.license_files or []:
            place = f'{info}/licenses/{licence}'
            if place not in members:
                raise replies.Refusal(
                    400,
                    f'License-File {licence} does not exist in '
                    f'distribution file {filename} at {place}',
                )
        for required in ('RECORD', 'METADATA'):
            if f'{info}/{required}' not in members:
                raise replies.Refusal(
                    400,
                    f"Wheel '{filename}' does not contain the required "
                    f'{required} file: {info}/{required}',
                )
        with archive.open(f'{info}/METADATA') as stream:
            return stream.read(METADATA_BYTES)


def _top_level(members: list[str]) -> str:
    # PyPI compares characters, not path components.
    return os.path.commonprefix(members)  # noqa: RUF071


def _post_release_stem(
    filename: str, parsed: metadata.Metadata, stem: str
) -> bool:
    """Say whether a hyphen in a post-release's version hides the name."""
    if not parsed.version.is_postrelease or filename.count('-') < 2:
        return False
    named = filename.rpartition('-')[0].rpartition('-')[0]
    try:
        version.Version(filename[len(named) + 1 :].removesuffix('.tar.gz'))
    except version.InvalidVersion:
        return False
    return names.project_name(named).replace('-', '_') == stem


def _wrong_tarball(path: pathlib.Path) -> str | None:
    try:
        with tarfile.open(path, 'r:gz') as archive:
            members = archive.getnames()
    except (tarfile.TarError, EOFError, OSError, zlib.error):
        return 'File is not a tarfile'
    top = _top_level(members)
    if top in {'.', '/', ''}:
        return 'Incorrect number of top-level directories in sdist'
    place = os.path.join(top, 'PKG-INFO')
    return None if place in members else f'PKG-INFO not found at {place}'


def _wrong_zip(path: pathlib.Path, filename: str) -> str | None:
    try:
        with zipfile.ZipFile(path) as archive:
            infos = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError):
        return 'File is not a zipfile'
    unpacked = sum(info.file_size for info in infos)
    if unpacked > RATIO_MIN_BYTES and unpacked / path.stat().st_size > RATIO:
        return f'File exceeds compression ratio of {RATIO}'
    if any(
        info.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
        for info in infos
    ):
        return 'File does not use a supported compression type'
    members = [info.filename for info in infos]
    if filename.endswith('.zip'):
        top = _top_level(members)
        if top in {'.', '/', ''}:
            return 'Incorrect number of top-level directories in sdist'
        required = os.path.join(top, 'PKG-INFO')
    else:
        parts = filename.split('-', 2)
        if len(parts) < 3:
            return 'Unable to parse name and version from wheel filename'
        required = f'{parts[0]}-{parts[1]}.dist-info/WHEEL'
    if required not in members:
        return f'{required.rpartition("/")[2]} not found at {required}'
    if len(set(members)) != len(members):
        return (
            'ZIP archive not accepted: Duplicate filename in central '
            'directory.'
        )
    return None
