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

"""What an index refuses because of what it holds already."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from collections.abc import Sequence

from openstack_publish.model import distribution
from openstack_publish.model import finding
from openstack_publish.model import knowledge
from openstack_publish.model import listing
from openstack_publish.model import names
from openstack_publish.rules import findings
from openstack_publish.rules import project_state

DAYS_OPEN = 14
"""Days after a release's first file during which PyPI takes more files
(merged 2026-07-08; to be replaced once PEP 694 is there)."""

SIZE_LIMIT = 100 * 1024 * 1024
"""Bytes of one file that PyPI takes where a project has no raised limit."""

_DAY = 24 * 60 * 60.0

Files = Sequence[listing.ListedFile]
Distributions = Sequence[distribution.Distribution]


def against_listing(
    distributions: Distributions,
    listed: listing.Listing,
    now: datetime.datetime,
    kind: listing.IndexKind = 'pypi',
) -> tuple[finding.Finding, ...]:
    """Return what the index would refuse as it stands now.

    OSP302 to OSP306, OSP310, OSP312, OSP314, OSP316, OSP317, OSP319 and
    OSP321.

    :param kind: of the index; of a plain one the rules that only PyPI
        enforces are left out
    """
    return tuple(_findings(distributions, listed, now, kind))


def days_left(
    release: knowledge.Knowledge[tuple[listing.ListedFile, ...]],
    now: datetime.datetime,
) -> float | None:
    """Return for how many days PyPI takes more files of this release.

    Counted from the first file that is listed; 0.0 once it is closed.

    :param release: the files under its version
    :returns: None where there is no release yet, or where the time of its
        first file is unknown
    """
    if isinstance(release, knowledge.Unknown):
        return None
    first = _first_upload(release.value)
    if first is None:
        return None
    return max(0.0, DAYS_OPEN - (now - first).total_seconds() / _DAY)


def _findings(
    distributions: Distributions,
    listed: listing.Listing,
    now: datetime.datetime,
    kind: listing.IndexKind,
) -> Iterator[finding.Finding]:
    yield from project_state.unknown_parts(listed, kind)
    if isinstance(listed.release, knowledge.Unknown):
        yield findings.unknown('OSP316', listed.project, listed.release)
    yield from project_state.status(listed)
    yield from project_state.new_project(
        listed, kind, [dist.filename for dist in distributions]
    )
    if isinstance(listed.release, knowledge.Unknown):
        return
    release = listed.release.value
    missing = tuple(_missing(distributions, release))
    yield from _other_content(distributions, release)
    yield from _foreign(distributions, release)
    if kind != 'pypi':
        return
    yield from _closed(listed, release, missing, now)
    yield from _other_sdist(missing, release)
    if isinstance(listed.files, knowledge.Known):
        yield from _other_name(missing, listed.files.value)
        yield from _size(missing, listed.files.value)
    if missing:
        yield project_state.unforeseen(listed.project)


def _missing(
    distributions: Distributions, release: Files
) -> Iterator[distribution.Distribution]:
    """Return what the index doesn't have, or not surely."""
    there = {(file.filename, file.sha256) for file in release}
    for dist in distributions:
        if (dist.filename, dist.sha256) not in there:
            yield dist


def _other_content(
    distributions: Distributions, release: Files
) -> Iterator[finding.Finding]:
    by_name = {file.filename: file for file in release}
    for dist in distributions:
        file = by_name.get(dist.filename)
        if file is None:
            continue
        if file.sha256 is None:
            yield findings.unknown(
                'OSP316',
                dist.filename,
                knowledge.Unknown(
                    'whether the index has this very file',
                    'it lists one of this name without its sha256',
                ),
            )
        elif file.sha256 != dist.sha256:
            yield findings.failed(
                'OSP302',
                dist.filename,
                f'the index has sha256 {file.sha256}, this file has '
                f'{dist.sha256}',
            )


def _foreign(
    distributions: Distributions, release: Files
) -> Iterator[finding.Finding]:
    """Return files under our version that are not ours.

    Indexes that keep signatures list them as files (pypiserver 2.4); those
    go with the file that they sign.
    """
    ours = {dist.filename for dist in distributions}
    ours.update([f'{filename}.asc' for filename in ours])
    for file in release:
        if file.filename in ours:
            continue
        when = ''
        if file.uploaded is not None:
            when = f', uploaded {_spelled(file.uploaded)}'
        yield findings.failed(
            'OSP303',
            file.filename,
            f'the index has it under our version, with sha256 '
            f'{file.sha256 or "unknown"}{when}; it is none of our '
            f'{len(distributions)} files',
        )


def _closed(
    listed: listing.Listing,
    release: Files,
    missing: Distributions,
    now: datetime.datetime,
) -> Iterator[finding.Finding]:
    if not missing or not release:
        return
    found = closed(
        listed.project,
        listed.version,
        release,
        now,
        '; missing: ' + ', '.join(dist.filename for dist in missing),
    )
    if found is not None:
        yield found
        return
    if _first_upload(release) is None:
        yield findings.unknown(
            'OSP316',
            listed.project,
            knowledge.Unknown(
                f'the age of the release {listed.version}',
                'the index does not say when each of its files was uploaded',
            ),
        )


def closed(
    project: names.ProjectName,
    version: str,
    release: Files,
    now: datetime.datetime,
    missing: str = '',
) -> finding.Finding | None:
    """Say that a release takes no more files (OSP304); None if it does.

    :param missing: what it lacks, for the message
    """
    first = _first_known(release)
    if first is None:
        return None
    age = (now - first).total_seconds() / _DAY
    if age <= DAYS_OPEN:
        return None
    return findings.failed(
        'OSP304',
        project,
        f'the release {version} is {age:.1f} days old (its first file came '
        f'{_spelled(first)}); PyPI takes new files for {DAYS_OPEN} days'
        + missing,
    )


def _first_known(release: Files) -> datetime.datetime | None:
    """Return the earliest of the times that are known."""
    return min(
        (file.uploaded for file in release if file.uploaded is not None),
        default=None,
    )


def _first_upload(release: Files) -> datetime.datetime | None:
    """Return when the first file came; None where that isn't sure."""
    if any(file.uploaded is None for file in release):
        return None
    return _first_known(release)


def _other_sdist(
    missing: Distributions, release: Files
) -> Iterator[finding.Finding]:
    for dist in missing:
        if dist.kind != 'sdist':
            continue
        for file in release:
            if file.filename != dist.filename and file.filename.endswith(
                ('.tar.gz', '.zip', '.tar.bz2', '.tgz')
            ):
                yield findings.failed(
                    'OSP310',
                    dist.filename,
                    f'the index has an sdist of this release, {file.filename}',
                )


def _other_name(
    missing: Distributions, files: Files
) -> Iterator[finding.Finding]:
    by_digest = {file.sha256: file for file in files}
    for dist in missing:
        file = by_digest.get(dist.sha256)
        if file is not None and file.filename != dist.filename:
            yield findings.failed(
                'OSP314',
                dist.filename,
                f'the index has the same bytes, sha256 {dist.sha256}, as '
                f'{file.filename}',
            )


def _size(missing: Distributions, files: Files) -> Iterator[finding.Finding]:
    largest = max((file.size or 0 for file in files), default=0)
    for dist in missing:
        if dist.size <= SIZE_LIMIT:
            continue
        said = f'it has {dist.size} bytes; the limit is {SIZE_LIMIT}'
        if largest > SIZE_LIMIT:
            yield findings.noted(
                'OSP312',
                dist.filename,
                f'{said}, which PyPI has raised for this project: it has a '
                f'file of {largest} bytes',
            )
        else:
            yield findings.failed(
                'OSP312', dist.filename, f'{said} unless PyPI has raised it'
            )


def _spelled(when: datetime.datetime) -> str:
    return when.astimezone(datetime.UTC).strftime('%Y-%m-%dT%H:%M:%SZ')
