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

"""Reads what stands in PKG-INFO, METADATA and pbr.json.

Values are taken by pkginfo, as the release team's tools do; what is wrong
is said by packaging, as twine and PyPI do.
"""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Mapping

import pkginfo
from packaging import metadata as packaging_metadata
from packaging import version as packaging_version

from openstack_publish.gates.distfiles import inspection
from openstack_publish.model import distribution
from openstack_publish.model import names

Fault = distribution.Fault

_PARSED_AS = '2.4'
"""The form that pkginfo takes for a Metadata-Version it doesn't know; it
has every field that is of interest here."""

_LINE_END = re.compile(r'\r\n|\r|\n')
"""What ends a line to the parsers of e-mail; not all that Python knows."""

_KNOWN = frozenset({'1.0', '1.1', '1.2', '2.1', '2.2', '2.3', '2.4'})


def parse(
    content: bytes, defects: inspection.Defects, limits: inspection.Limits
) -> distribution.Metadata | None:
    """Read core metadata.

    :returns: None where it cannot be read, or gives no name or version
    """
    try:
        text = content.decode('utf-8')
    except UnicodeDecodeError as error:
        defects.add(
            Fault.METADATA_ENCODING,
            f'byte {error.start} (0x{content[error.start]:02x}) is no UTF-8: '
            f'{error.reason}',
        )
        return None
    fields = sum(
        1
        for line in itertools.takewhile(bool, _LINE_END.split(text))
        if not line.startswith((' ', '\t'))
    )
    if fields > limits.fields:
        defects.add(
            Fault.TOO_LARGE_INSIDE,
            f'the core metadata has {fields} fields; the limit is '
            f'{limits.fields}',
        )
        return None
    try:
        return _read(content, defects)
    except (ValueError, RecursionError) as error:
        # Numbers longer than Python reads, markers that nest too deep.
        defects.add(
            Fault.METADATA_INVALID,
            f'it cannot be parsed: {inspection.because(error)}',
        )
        return None


def _read(
    content: bytes, defects: inspection.Defects
) -> distribution.Metadata | None:
    version = _validate(content, defects)
    parsed = pkginfo.Distribution()
    # Given beforehand, since pkginfo warns of those that it doesn't know.
    parsed.metadata_version = version if version in _KNOWN else _PARSED_AS
    parsed.parse(content)
    if not parsed.name or not parsed.version:
        return None
    return distribution.Metadata(
        metadata_version=version,
        name=parsed.name,
        version=parsed.version,
        summary=parsed.summary,
        description=parsed.description,
        description_content_type=parsed.description_content_type,
        classifiers=tuple(parsed.classifiers),
        requires_dist=tuple(parsed.requires_dist),
        requires_python=parsed.requires_python,
        license=parsed.license,
        license_expression=parsed.license_expression,
        license_files=tuple(parsed.license_file),
        provides_dist=tuple(parsed.provides_dist),
        obsoletes_dist=tuple(parsed.obsoletes_dist),
        home_page=parsed.home_page,
        download_url=parsed.download_url,
        project_urls=tuple(parsed.project_urls),
        author_email=parsed.author_email,
        maintainer_email=parsed.maintainer_email,
    )


def _validate(content: bytes, defects: inspection.Defects) -> str:
    """Say what is wrong; return the Metadata-Version as written."""
    raw, unparsed = packaging_metadata.parse_email(content)
    version = raw.get('metadata_version', '')
    # setuptools before 77 wrote License-File while declaring 2.1. Twine
    # drops it there (twine/package.py, 7.0.0), so PyPI never sees it.
    if _older_than_licenses(version):
        raw.pop('license_files', None)
        unparsed.pop('license-file', None)
    for field in sorted(unparsed):
        defects.add(
            Fault.METADATA_INVALID,
            f'{inspection.shown(field)}: an unknown field, or one that '
            'stands there twice or is malformed',
        )
    try:
        packaging_metadata.Metadata.from_raw(raw)
    except packaging_metadata.ExceptionGroup as group:
        for problem in sorted(str(error) for error in group.exceptions):
            defects.add(Fault.METADATA_INVALID, inspection.shown(problem))
    return version


def _older_than_licenses(version: str) -> bool:
    try:
        return packaging_version.Version(
            version or '0'
        ) < packaging_version.Version('2.4')
    except packaging_version.InvalidVersion:
        return False


def commit(
    found: Mapping[str, bytes],
    metadata: distribution.Metadata | None,
    defects: inspection.Defects,
) -> distribution.BuildCommit | None:
    """Read the pbr.json of the distribution itself.

    An sdist may hold others in its test data; its own lies in the
    ``.egg-info`` directory that is called like the project. A wheel's lies
    in the one ``.dist-info`` directory.
    """
    own = [
        path
        for path in found
        if _directory(path).endswith('.dist-info')
        or metadata is None
        or names.project_name(_directory(path).removesuffix('.egg-info'))
        == names.project_name(metadata.name)
    ]
    if not own:
        return None
    if len(own) > 1:
        defects.add(
            Fault.PBR_JSON,
            f'there are {len(own)}: '
            + ', '.join(inspection.shown(path) for path in own[:5]),
        )
        return None
    [path] = own
    shown = inspection.shown(path)
    try:
        value = json.loads(found[path].decode('utf-8'))
    except (ValueError, RecursionError) as error:
        defects.add(
            Fault.PBR_JSON, f'{shown} is no JSON: {inspection.because(error)}'
        )
        return None
    if not isinstance(value, dict):
        defects.add(Fault.PBR_JSON, f'{shown} is no JSON object')
        return None
    version = value.get('git_version')
    is_release = value.get('is_release')
    if not isinstance(version, str) or not version:
        defects.add(
            Fault.PBR_JSON, f'git_version in {shown} is missing or no text'
        )
        return None
    if not isinstance(is_release, bool):
        defects.add(
            Fault.PBR_JSON,
            f'is_release in {shown} is missing or neither true nor false',
        )
        return None
    return distribution.BuildCommit(version, is_release)


def _directory(path: str) -> str:
    return path.split('/')[-2]
