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

"""What PyPI refuses in a file, whatever it holds already."""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Sequence

from packaging import requirements

from openstack_publish.model import distribution
from openstack_publish.model import finding
from openstack_publish.model import knowledge
from openstack_publish.model import listing
from openstack_publish.rules import acceptance_metadata
from openstack_publish.rules import findings
from openstack_publish.rules import readme

NAME = re.compile(r'[A-Z0-9](?:[A-Z0-9._-]*[A-Z0-9])?', re.I | re.ASCII)
"""PyPI's form of a project name; the core metadata specification's too."""

_PLATFORMS = re.compile(
    r"""
    any
    | win32 | win_[a-z0-9]+
    | linux_armv[67]l
    | manylinux(?:1|2010|2014)_[a-z0-9_]+
    | (?:many|musl)linux_[0-9]+_[0-9]+_[a-z0-9_]+
    | macosx_[0-9]+_[0-9]+_[a-z0-9_]+
    | ios_[0-9]+_[0-9]+_[a-z0-9_]+_(?:iphoneos|iphonesimulator)
    | android_[0-9]+_[a-z0-9_]+
    | (?:pyodide|pyemscripten)_[0-9]+_[0-9]+_wasm32
    """,
    re.VERBOSE,
)
"""Forms of platform tags that PyPI accepts (``forklift/legacy.py``, 2025).
Its lists of architectures and macOS versions grow and are not copied; bare
Linux tags are out, those of the Raspberry Pi excepted."""


def form(
    distributions: Sequence[distribution.Distribution],
    kind: listing.IndexKind = 'pypi',
) -> tuple[finding.Finding, ...]:
    """Return what the index would refuse in the files themselves.

    OSP301, OSP307 to OSP311 and OSP313.

    :param kind: of the index; of a plain one only OSP324 says that these
        rules are PyPI's
    """
    if kind != 'pypi':
        return (
            findings.noted(
                'OSP324',
                'index',
                'the index is a plain one: what only PyPI refuses was not '
                'looked for (OSP301, OSP304, OSP307 to OSP315)',
            ),
        )
    found = list(_second_sdist(distributions))
    rendered: set[tuple[str | None, str | None]] = set()
    for dist in distributions:
        found.extend(_platforms(dist))
        if dist.metadata is None:
            # The reader's defect has said why.
            continue
        found.extend(_name(dist, dist.metadata))
        found.extend(_filename(dist, dist.metadata))
        found.extend(acceptance_metadata.problems(dist, dist.metadata))
        found.extend(_version_and_dependencies(dist, dist.metadata))
        text = dist.metadata.description
        content_type = dist.metadata.description_content_type
        if (text, content_type) not in rendered:
            rendered.add((text, content_type))
            problem = readme.problem(text, content_type)
            if isinstance(problem, knowledge.Unknown):
                found.append(
                    findings.unknown('OSP309', dist.filename, problem)
                )
            elif problem is not None:
                found.append(findings.failed('OSP309', dist.filename, problem))
    return tuple(found)


def _second_sdist(
    distributions: Sequence[distribution.Distribution],
) -> Iterator[finding.Finding]:
    sdists = [dist for dist in distributions if dist.kind == 'sdist']
    for dist in sdists[1:]:
        yield findings.failed(
            'OSP310',
            dist.filename,
            f'{sdists[0].filename} is an sdist of the release, too',
        )


def _platforms(dist: distribution.Distribution) -> Iterator[finding.Finding]:
    for platform in sorted({tag.split('-')[-1] for tag in dist.wheel_tags}):
        if not _PLATFORMS.fullmatch(platform):
            yield findings.failed(
                'OSP307',
                dist.filename,
                f'PyPI takes no wheels for the platform tag {platform}',
            )


def _name(
    dist: distribution.Distribution, metadata: distribution.Metadata
) -> Iterator[finding.Finding]:
    if not NAME.fullmatch(metadata.name):
        yield findings.failed(
            'OSP301',
            dist.filename,
            f'Name {metadata.name} may hold ASCII letters, digits and "._-" '
            'only, and has to begin and end with a letter or digit',
        )


def _filename(
    dist: distribution.Distribution, metadata: distribution.Metadata
) -> Iterator[finding.Finding]:
    """Compare a file's name with the only form that PyPI takes."""
    if dist.project is None or dist.version is None:
        return
    name = dist.project.replace('-', '_')
    if dist.kind == 'sdist':
        expected = f'{name}-{dist.version}.tar.gz'
    else:
        _, dash, rest = dist.filename.partition('-')
        expected = f'{name}{dash}{rest}'
    if dist.filename != expected:
        yield findings.failed(
            'OSP311',
            dist.filename,
            f'the file has to be called {expected} for Name {metadata.name} '
            f'and Version {metadata.version}',
        )


def _version_and_dependencies(
    dist: distribution.Distribution, metadata: distribution.Metadata
) -> Iterator[finding.Finding]:
    if dist.version is not None and dist.version.local is not None:
        yield findings.failed(
            'OSP313',
            dist.filename,
            f'Version {metadata.version} has a local part, '
            f'+{dist.version.local}',
        )
    for field, values in (
        ('Requires-Dist', metadata.requires_dist),
        ('Provides-Dist', metadata.provides_dist),
        ('Obsoletes-Dist', metadata.obsoletes_dist),
    ):
        for value in values:
            try:
                url = requirements.Requirement(value).url
            except (ValueError, RecursionError):
                # OSP308 says that.
                continue
            if url is not None:
                yield findings.failed(
                    'OSP313',
                    dist.filename,
                    f'{field} {value} is a direct dependency, on a URL',
                )
