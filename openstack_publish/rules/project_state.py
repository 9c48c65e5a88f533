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

"""What an index says of a project or a release as a whole."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from collections.abc import Sequence

from openstack_publish.model import finding
from openstack_publish.model import knowledge
from openstack_publish.model import listing
from openstack_publish.model import names
from openstack_publish.rules import findings

Project = listing.Listing | listing.Overview

_ACCEPTING = frozenset({'active', 'deprecated'})
"""PEP 792 statuses under which uploads are taken."""

_STANDARD_LIBRARY = frozenset(
    names.project_name(module) for module in sys.stdlib_module_names
)


def yanked(
    subject: str, listed: knowledge.Knowledge[tuple[listing.ListedFile, ...]]
) -> tuple[finding.Finding, ...]:
    """Tell that a release is yanked, and the reason given (OSP739).

    On PyPI a release is yanked with all its files; elsewhere a file may be
    (PEP 592).
    """
    if isinstance(listed, knowledge.Unknown):
        return ()
    gone = [file for file in listed.value if file.yanked]
    if not gone:
        return ()
    names = ', '.join(sorted(file.filename for file in gone))
    given = {f'"{file.yanked_reason}"' for file in gone if file.yanked_reason}
    return (
        findings.failed(
            'OSP739',
            subject,
            f'{names}: yanked, so that installers take it only where it is '
            'asked for by its exact version; the reason given is '
            f'{", ".join(sorted(given)) or "none"}',
        ),
    )


def unknown_parts(
    listed: Project, kind: listing.IndexKind
) -> Iterator[finding.Finding]:
    """Say which parts of an index's answer are missing (OSP316)."""
    told = []
    for part in (listed.new, listed.files):
        if isinstance(part, knowledge.Unknown):
            told.append(part)
            yield findings.unknown('OSP316', listed.project, part)
    marker = listed.status
    # What isn't there yet has no status. Files and status are of one
    # document: that it did not come is told once.
    if (
        listed.new == knowledge.Known(True)
        or isinstance(marker, knowledge.Known)
        or marker in told
    ):
        return
    if kind == 'pypi':
        yield findings.unknown('OSP316', listed.project, marker)
    elif listed.new == knowledge.Known(False):
        yield findings.noted(
            'OSP316',
            listed.project,
            f'{marker.what}: {marker.why}',
            remedy='Nothing: an index of this kind need not say it.',
        )


def status(listed: Project) -> Iterator[finding.Finding]:
    """Judge a project's status: OSP305, OSP306, OSP316."""
    if isinstance(listed.status, knowledge.Unknown):
        return
    marker = listed.status.value
    if marker == 'archived':
        yield findings.failed(
            'OSP305', listed.project, 'the project is archived'
        )
    elif marker == 'quarantined':
        yield findings.failed(
            'OSP306', listed.project, 'the project is in quarantine'
        )
    elif marker not in _ACCEPTING:
        yield findings.unknown(
            'OSP316',
            listed.project,
            knowledge.Unknown(
                'whether the project takes uploads',
                f'the index gives the status {marker}, which is not known '
                'here',
            ),
        )


def new_project(
    listed: Project, kind: listing.IndexKind, subjects: Sequence[str]
) -> Iterator[finding.Finding]:
    """Judge whether a project is new, and may be: OSP301, OSP319, OSP321.

    :param subjects: what would be refused for its name
    """
    if isinstance(listed.new, knowledge.Unknown):
        return
    if not listed.new.value:
        if not listed.has_visible_release:
            yield findings.noted(
                'OSP321',
                listed.project,
                'the project exists and shows no release',
            )
        return
    yield findings.noted(
        'OSP319',
        listed.project,
        'the project is not on the index yet; the first upload makes it'
        + (', with the uploader as its only Owner' if kind == 'pypi' else ''),
    )
    if kind == 'pypi' and listed.project in _STANDARD_LIBRARY:
        yield from (
            findings.failed(
                'OSP301',
                subject,
                f'{listed.project} is the name of a module of the standard '
                'library, which no new project may have',
            )
            for subject in subjects
        )


def unforeseen(project: names.ProjectName) -> finding.Finding:
    """Note the refusals that no client can know of (OSP317)."""
    return findings.noted(
        'OSP317',
        project,
        'not known to any client: whether a file of this name was there '
        'and deleted, raised size limits, names that PyPI finds too '
        'similar, limits on new projects',
    )
