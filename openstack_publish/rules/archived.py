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

"""Rules over what the archive holds."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping

from openstack_publish.model import distribution
from openstack_publish.model import finding
from openstack_publish.model import knowledge
from openstack_publish.rules import findings

_AGAIN = (
    'Run the same command without --confirm-only: it uploads nothing that '
    'is there, and archives what is not.'
)


def archived(
    distributions: Iterable[distribution.Distribution],
    found: Mapping[str, knowledge.Knowledge[str | None]],
) -> tuple[finding.Finding, ...]:
    """Refuse distributions of which the archive holds other bytes.

    :param found: for each file name the SHA-256 of what is placed in the
        archive, or None; a name that is missing was not looked for, because
        there is no archive
    """
    said = []
    for dist in distributions:
        placed = found.get(dist.filename)
        if placed is None:
            continue
        if isinstance(placed, knowledge.Unknown):
            said.append(findings.unknown('OSP320', dist.filename, placed))
        elif placed.value is not None and placed.value != dist.sha256:
            said.append(
                findings.failed(
                    'OSP320',
                    dist.filename,
                    f'the archive holds other bytes: sha256 {placed.value} '
                    f'there, {dist.sha256} here',
                )
            )
    return tuple(said)


def lacking(
    distributions: Iterable[distribution.Distribution],
    found: Mapping[str, knowledge.Knowledge[str | None]],
) -> tuple[finding.Finding, ...]:
    """Refuse to call what the index has a release that is archived.

    :param found: as of :func:`archived`
    """
    return tuple(
        findings.failed(
            'OSP730',
            dist.filename,
            'the index has it and the archive has not: sha256 '
            f'{dist.sha256} here',
            remedy=_AGAIN,
        )
        for dist in distributions
        if found.get(dist.filename) == knowledge.Known(None)
    )


def unsigned(dist: distribution.Distribution) -> finding.Finding:
    """Refuse to call a file archived that has no signature beside it."""
    return findings.failed(
        'OSP731',
        dist.filename,
        f'the archive has no {dist.filename}.asc beside it',
        remedy=_AGAIN,
    )
