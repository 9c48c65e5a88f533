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

"""Step 3, the part about the files alone: were they read, do they agree."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Sequence

from packaging import utils
from packaging import version as packaging_version

from openstack_publish.model import distribution
from openstack_publish.model import finding
from openstack_publish.rules import findings

Distributions = Sequence[distribution.Distribution]


def readable(distributions: Distributions) -> tuple[finding.Finding, ...]:
    """Return what the reader saw, and file names that say something else.

    OSP201 to OSP209, OSP211 and OSP308.
    """
    found = []
    for dist in distributions:
        for defect in dist.defects:
            found.append(
                findings.failed(
                    defect.fault.value, dist.filename, defect.detail
                )
            )
        found.extend(_name_and_metadata(dist))
    return tuple(found)


def _name_and_metadata(
    dist: distribution.Distribution,
) -> Iterator[finding.Finding]:
    """Compare a file's name with its metadata (OSP209)."""
    if dist.metadata is None:
        return
    try:
        name, version = _parsed(dist)
    except ValueError:
        # The reader has said so already.
        return
    if name != dist.project:
        yield findings.failed(
            'OSP209',
            dist.filename,
            f'the file is named for the project {name}, its metadata has '
            f'Name {dist.metadata.name}',
        )
    # A version that is none is the reader's defect.
    if dist.version is not None and version != dist.version:
        yield findings.failed(
            'OSP209',
            dist.filename,
            f'the file is named for version {version}, its metadata has '
            f'Version {dist.metadata.version}',
        )


def _parsed(
    dist: distribution.Distribution,
) -> tuple[str, packaging_version.Version]:
    """Return project and version that a file's name gives.

    :raises ValueError: it is not of the form
    """
    if dist.kind == 'bdist_wheel':
        name, version, _, _ = utils.parse_wheel_filename(dist.filename)
    else:
        name, version = utils.parse_sdist_filename(dist.filename)
    return name, version


def one_release(distributions: Distributions) -> tuple[finding.Finding, ...]:
    """Return where the files are not of one release (OSP210, OSP213)."""
    return (
        *_same_filename(distributions),
        *_differing(
            'OSP210',
            distributions,
            'project',
            lambda dist, metadata: dist.project or metadata.name,
        ),
        *_differing(
            'OSP210',
            distributions,
            'version',
            lambda dist, metadata: str(dist.version or metadata.version),
        ),
        *(
            found
            for field, read in _FROM_THE_FIRST_FILE
            for found in _differing('OSP213', distributions, field, read)
        ),
    )


def _same_filename(distributions: Distributions) -> Iterator[finding.Finding]:
    paths: dict[str, str] = {}
    for dist in distributions:
        other = paths.setdefault(dist.filename, dist.path)
        if other != dist.path:
            yield findings.failed(
                'OSP210',
                dist.filename,
                f'it is there twice: {other} and {dist.path}',
            )


def _differing(
    code: str,
    distributions: Distributions,
    field: str,
    read: Callable[[distribution.Distribution, distribution.Metadata], object],
) -> Iterator[finding.Finding]:
    """Compare one field of every file with that of the first."""
    first: tuple[distribution.Distribution, object] | None = None
    for dist in distributions:
        if dist.metadata is None:
            continue
        value = read(dist, dist.metadata)
        if first is None:
            first = dist, value
        elif value != first[1]:
            here, there = _written(value), _written(first[1])
            # Long texts are shown from where they differ.
            same = sum(
                1
                for _ in itertools.takewhile(
                    lambda pair: pair[0] == pair[1],
                    zip(here, there, strict=False),
                )
            )
            yield findings.failed(
                code,
                dist.filename,
                f'{field} is {_brief(here, max(0, same - 20))}, in '
                f'{first[0].filename} {_brief(there, max(0, same - 20))}',
            )


_SHOWN = 120
"""Characters of a field's value that a message shows."""


def _written(value: object) -> str:
    """Return a field's value on one line; nothing where it is missing."""
    if value is None:
        return ''
    text = ', '.join(value) if isinstance(value, tuple) else str(value)
    return ' '.join(text.split())


def _brief(text: str, begin: int) -> str:
    """Return a value for a message, cut at both ends where it is long."""
    if not text:
        return 'missing'
    begin = begin if len(text) > _SHOWN else 0
    cut = text[begin : begin + _SHOWN]
    return (
        f'"{"…" if begin else ""}{cut}'
        f'{"…" if begin + _SHOWN < len(text) else ""}"'
    )


_FROM_THE_FIRST_FILE: tuple[
    tuple[
        str,
        Callable[[distribution.Distribution, distribution.Metadata], object],
    ],
    ...,
] = (
    ('Summary', lambda _, metadata: metadata.summary),
    ('Description', lambda _, metadata: _text(metadata.description)),
    (
        'Description-Content-Type',
        lambda _, metadata: metadata.description_content_type,
    ),
    ('Classifier', lambda _, metadata: _set(metadata.classifiers)),
    ('Requires-Dist', lambda _, metadata: _set(metadata.requires_dist)),
    ('Requires-Python', lambda _, metadata: metadata.requires_python),
    ('License-Expression', lambda _, metadata: metadata.license_expression),
)
"""Fields that PyPI shows of a release; it keeps those of the file that comes
first (``forklift/legacy.py``, 2025). License-File is not among them: pbr
makes AUTHORS while it builds, so sdist and wheel of one release differ."""


def _text(text: str | None) -> str | None:
    """Return a text without what a build back end adds at its ends."""
    return None if text is None else text.strip()


def _set(values: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted(set(values)))


def changed(dist: distribution.Distribution) -> finding.Finding:
    """Return the finding that a file changed since it was read (OSP212)."""
    return findings.failed(
        'OSP212',
        dist.filename,
        f'{dist.path} no longer has the {dist.size} bytes with sha256 '
        f'{dist.sha256} that were checked',
    )
