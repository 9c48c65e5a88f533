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

"""Versions of orders: their form, their order, and which may be candidates.

Source of the form: ``versionutils.py`` of openstack/releases (2026-08-21).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from packaging import version as packaging_version
from pbr import version as pbr_version

from openstack_publish.model import deliverable
from openstack_publish.model import finding
from openstack_publish.rules import findings
from openstack_publish.rules import publishing

WITH_CANDIDATES = frozenset(
    {
        'cycle-with-milestones',
        'cycle-trailing',
        'cycle-with-rc',
        'independent',
    }
)
"""Release models that allow pre-releases (openstack/releases, 2026-08-21)."""

Before = list[tuple[packaging_version.Version, str]]
"""Versions that stand before one, each as it is written, too."""

_LONGEST = 100
"""Characters of a version that is taken apart; the longest has 16."""

_SERIES_TAG = re.compile(r'(?:[a-z]+|20[0-9]{2}\.[12])-(?:em|eom|eol|last)')
"""Tags that end a phase of a series: victoria-eol, 2023.1-eom."""


def versions(
    order: deliverable.Order,
    earlier: Sequence[deliverable.Release],
) -> tuple[finding.Finding, ...]:
    """Judge an order's version by its form and against earlier ones.

    :param earlier: releases that stand before it in its file
    :returns: OSP121 not canonical, OSP122 out of order, OSP123 a
        pre-release where there are none
    """
    file = order.deliverable
    if file is None or _SERIES_TAG.fullmatch(order.version):
        return ()
    return (
        *_canonical(order, file.release_type),
        *_after(order, file, earlier),
        *_candidate(order, file),
    )


def canonical(version: str, release_type: str | None) -> str | None:
    """Return the one form that a version has; None where it is no version.

    XStatic packages may have four parts, and are written as PEP 440 has
    them; all others as pbr has them.
    """
    if len(version) > _LONGEST:
        return None
    try:
        if release_type == 'xstatic':
            return str(packaging_version.Version(version))
        parsed = pbr_version.SemanticVersion.from_pip_string(version)
        return str(parsed.release_string())
    except (ValueError, KeyError):
        # pbr lets out both for what it cannot read.
        return None


def _canonical(
    order: deliverable.Order, release_type: str | None
) -> tuple[finding.Finding, ...]:
    rule = 'PEP 440' if release_type == 'xstatic' else 'pbr'
    right = canonical(order.version, release_type)
    if right == order.version:
        if publishing.tag_form(order.version) != 'neither':
            return ()
        message = (
            f"'{order.version}' is neither a release nor a pre-release: no "
            'job builds artifacts of such a tag'
        )
    elif right is None:
        message = f"'{order.version}' is no version by the rules of {rule}"
    else:
        message = (
            f"'{order.version}' is not in its canonical form, which by the "
            f"rules of {rule} is '{right}'"
        )
    return (_found('OSP121', order, message),)


def _after(
    order: deliverable.Order,
    file: deliverable.Deliverable,
    earlier: Sequence[deliverable.Release],
) -> tuple[finding.Finding, ...]:
    """Hold a version against those before it that are comparable."""
    ours = _parsed(order.version)
    if ours is None:
        return ()
    before = [
        (theirs, release.version)
        for release in earlier
        if any(repo.repo == order.repo for repo in release.repos)
        and (theirs := _parsed(release.version)) is not None
    ]
    for theirs, written in before:
        if theirs == ours:
            message = f'this file has a release {written} of {order.repo}'
            return (_found('OSP122', order, message),)
    if file.series == 'independent':
        before = _same_branch(ours, before)
    if not before or before[-1][0] < ours:
        return ()
    return (
        _found(
            'OSP122',
            order,
            f"'{order.version}' is lower than '{before[-1][1]}', which "
            'stands before it',
        ),
    )


def _same_branch(ours: packaging_version.Version, before: Before) -> Before:
    """Return those that are of the same branch, as far as numbers tell.

    A file in ``_independent`` has the releases of all branches: hacking
    1.1.0 stands there behind 2.0.0 (2026-08-21).
    """
    for parts in (2, 1):
        alike = [
            each
            for each in before
            if each[0].release[:parts] == ours.release[:parts]
        ]
        if alike:
            return alike
    return before


def _candidate(
    order: deliverable.Order, file: deliverable.Deliverable
) -> tuple[finding.Finding, ...]:
    parsed = _parsed(order.version)
    if (
        parsed is None
        or parsed.pre is None
        or file.release_model in WITH_CANDIDATES
    ):
        return ()
    model = file.release_model or 'none'
    return (
        _found(
            'OSP123',
            order,
            f"'{order.version}' is a pre-release, and the release-model is "
            f'{model}; it must be one of '
            + ', '.join(sorted(WITH_CANDIDATES)),
        ),
    )


def _parsed(version: str) -> packaging_version.Version | None:
    """Return a version that can be compared; None for a series' tag."""
    if len(version) > _LONGEST:
        return None
    try:
        return packaging_version.Version(version)
    except packaging_version.InvalidVersion:
        return None


def _found(
    code: str, order: deliverable.Order, message: str
) -> finding.Finding:
    return findings.failed(
        code,
        f'{order.project} {order.version}',
        message,
        place=order.place((*order.release.key, 'version')),
    )
