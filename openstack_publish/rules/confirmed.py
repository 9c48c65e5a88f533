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

"""7xx: the index shows our files, with our bytes, and no other one."""

from __future__ import annotations

from collections.abc import Iterator

from openstack_publish.model import distribution
from openstack_publish.model import finding
from openstack_publish.model import knowledge
from openstack_publish.model import listing
from openstack_publish.rules import findings

Distributions = tuple[distribution.Distribution, ...]

_CLOSED = frozenset({'quarantined', 'archived'})
"""Status markers (PEP 792) that a release of ours must not lead to."""


def files(
    distributions: Distributions,
    reading: listing.ReleaseReading,
    waited_seconds: float,
    kind: listing.IndexKind = 'pypi',
    *,
    in_doubt: Distributions = (),
) -> tuple[finding.Finding, ...]:
    """Hold a reading of the release against the files that should be there.

    Both must show them: the JSON API, which says who made the release, and
    the simple page, which is what installers read.

    :param waited_seconds: since the first reading, for the message
    :param kind: of the index; a plain one has the simple page only
    :param in_doubt: distributions that may be there as well
    """
    return (
        *_status(reading, kind),
        *(
            _route('JSON', distributions, reading.files, waited_seconds)
            if kind == 'pypi'
            else ()
        ),
        *_route(
            'simple page', distributions, reading.simple_files, waited_seconds
        ),
        *_strangers(distributions, reading, in_doubt),
    )


def unsaid(
    reading: listing.ReleaseReading, kind: listing.IndexKind
) -> tuple[finding.Finding, ...]:
    """Note what an index of this kind does not say of a release."""
    if (
        kind == 'plain'
        and isinstance(reading.status, knowledge.Unknown)
        and isinstance(reading.simple_files, knowledge.Known)
    ):
        return (
            findings.noted(
                'OSP704',
                'release',
                f'{reading.status.what}: {reading.status.why}',
                remedy='Nothing: an index of this kind need not say it.',
            ),
        )
    return ()


def _status(
    reading: listing.ReleaseReading, kind: listing.IndexKind
) -> Iterator[finding.Finding]:
    status = reading.status
    if isinstance(status, knowledge.Unknown):
        # Where the whole page is unknown, its files say so already.
        if kind == 'pypi' and isinstance(
            reading.simple_files, knowledge.Known
        ):
            yield findings.unknown('OSP704', 'release', status)
    elif status.value in _CLOSED:
        yield findings.failed(
            'OSP705',
            'release',
            f'after the upload the project is {status.value}',
        )


def _route(
    route: str,
    distributions: Distributions,
    shown: knowledge.Knowledge[tuple[listing.ListedFile, ...]],
    waited: float,
) -> Iterator[finding.Finding]:
    """Judge what one route shows of our own files."""
    if isinstance(shown, knowledge.Unknown):
        yield findings.unknown('OSP704', 'release', shown)
        return
    listed = {file.filename: file for file in shown.value}
    for dist in distributions:
        file = listed.get(dist.filename)
        if file is None:
            yield findings.failed(
                'OSP701',
                dist.filename,
                f'{route} does not show it, {waited:.0f} s after the first '
                'reading',
            )
        elif file.sha256 is None:
            yield findings.unknown(
                'OSP704',
                dist.filename,
                knowledge.Unknown(
                    f'digest of {dist.filename}', f'{route} states none'
                ),
            )
        elif file.sha256 != dist.sha256:
            yield findings.failed(
                'OSP702',
                dist.filename,
                f'{route} shows other bytes: sha256 {file.sha256}, ours is '
                f'{dist.sha256}',
            )


def _strangers(
    distributions: Distributions,
    reading: listing.ReleaseReading,
    in_doubt: Distributions,
) -> Iterator[finding.Finding]:
    """Name every file under our version that is none of ours.

    An index that keeps signatures may list them beside the files.
    """
    ours = {dist.filename for dist in distributions}
    ours |= {f'{name}.asc' for name in ours}
    named: set[str] = set()
    may_be = {(dist.filename, dist.sha256) for dist in in_doubt}
    for shown in (reading.files, reading.simple_files):
        if isinstance(shown, knowledge.Unknown):
            continue
        for file in shown.value:
            if file.filename in ours or file.filename in named:
                continue
            if (file.filename, file.sha256) in may_be:
                continue
            named.add(file.filename)
            yield findings.failed(
                'OSP703',
                file.filename,
                'is listed under our version and is not ours: '
                f'sha256 {file.sha256 or "not stated"}',
            )
