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

"""The rules of step 3: the distributions against their order."""

from __future__ import annotations

import re
from collections.abc import Sequence

from packaging import utils
from packaging import version as packaging_version

from openstack_publish.model import deliverable
from openstack_publish.model import distribution
from openstack_publish.model import finding
from openstack_publish.model import knowledge
from openstack_publish.model import names
from openstack_publish.model import policy
from openstack_publish.rules import findings

_ABBREVIATED = re.compile(r'[0-9a-f]{7,40}')
"""An abbreviated commit hash; git's own shortest is seven digits."""


def one_release(
    filenames: Sequence[str],
) -> tuple[tuple[names.ProjectName, str] | None, tuple[finding.Finding, ...]]:
    """Return the one release that files are of, by their names (OSP114).

    :param filenames: of sdists and wheels, without directories
    :returns: project and version, or None with findings that say why
    """
    releases: dict[
        tuple[names.ProjectName, packaging_version.Version], list[str]
    ] = {}
    wrong = []
    for filename in filenames:
        try:
            if filename.endswith('.whl'):
                name, version, _, _ = utils.parse_wheel_filename(filename)
            else:
                name, version = utils.parse_sdist_filename(filename)
        except (
            utils.InvalidWheelFilename,
            utils.InvalidSdistFilename,
        ) as error:
            wrong.append(
                findings.failed(
                    'OSP114',
                    filename,
                    f'which release it is of cannot be told: {error}',
                )
            )
            continue
        key = (names.ProjectName(name), version)
        releases.setdefault(key, []).append(filename)
    if len(releases) > 1:
        wrong.append(
            findings.failed(
                'OSP114',
                ', '.join(filenames),
                'the distributions are of more than one release: '
                + '; '.join(
                    f'{project} {version} ({", ".join(files)})'
                    for (project, version), files in releases.items()
                ),
            )
        )
    if wrong or not releases:
        return None, tuple(wrong)
    project, version = next(iter(releases))
    return (project, str(version)), ()


def agree(
    order: deliverable.Order,
    distributions: Sequence[distribution.Distribution],
    terms: policy.ProjectPolicy,
) -> tuple[finding.Finding, ...]:
    """Hold distributions against their order: name, version and commit.

    :param terms: what the policy says of the project
    """
    file = order.deliverable
    release_type = None if file is None else file.release_type
    return (
        *names_agree(order, distributions),
        *versions_agree(order, distributions),
        *commits_agree(order, distributions, terms.commit_rule(release_type)),
    )


def names_agree(
    order: deliverable.Order,
    distributions: Sequence[distribution.Distribution],
) -> tuple[finding.Finding, ...]:
    """Hold every name of the project against each other (OSP106, OSP107)."""
    first, *others = order.sources
    found = [
        findings.failed(
            'OSP106',
            f'{order.project} {order.version}',
            f"{first.field} says that {order.repo} is '{first.name}', "
            f"{source.field} says '{source.name}'",
            place=order.place(source.key),
        )
        for source in others
        if source.project != first.project
    ]
    for dist in distributions:
        if dist.metadata is None:
            found.append(_unread('OSP107', dist, 'name'))
        elif dist.project != order.project:
            found.append(
                findings.failed(
                    'OSP107',
                    dist.filename,
                    f"its metadata has the name '{dist.metadata.name}', "
                    f"ordered is '{first.name}' (by {first.field})",
                    place=order.place(first.key),
                )
            )
    return tuple(found)


def versions_agree(
    order: deliverable.Order,
    distributions: Sequence[distribution.Distribution],
) -> tuple[finding.Finding, ...]:
    """Hold the versions in the metadata against the order (OSP108)."""
    found = []
    for dist in distributions:
        if dist.metadata is None:
            found.append(_unread('OSP108', dist, 'version'))
            continue
        if names.same_version(dist.metadata.version, order.version):
            continue
        found.append(
            findings.failed(
                'OSP108',
                dist.filename,
                f"its metadata has the version '{dist.metadata.version}', "
                f"ordered is '{order.version}'",
                place=order.place((*order.release.key, 'version')),
            )
        )
    return tuple(found)


def kinds_agree(
    distributions: Sequence[distribution.Distribution],
    kinds: frozenset[distribution.Kind],
) -> tuple[finding.Finding, ...]:
    """Hold the kinds of the distributions against the policy's (OSP109)."""
    expected = ' and '.join(sorted(kinds))
    found = [
        findings.failed(
            'OSP109',
            dist.filename,
            f'it is of the kind {dist.kind}, a release must consist of '
            f'{expected}',
        )
        for dist in distributions
        if dist.kind not in kinds
    ]
    found += [
        findings.failed(
            'OSP109',
            ', '.join(dist.filename for dist in distributions)
            or 'the release',
            f'there is no {kind}, a release must consist of {expected}',
        )
        for kind in sorted(kinds - {dist.kind for dist in distributions})
    ]
    for kind in sorted(kinds):
        several = [dist for dist in distributions if dist.kind == kind]
        if len(several) > 1:
            found.append(
                findings.failed(
                    'OSP109',
                    ', '.join(dist.filename for dist in several),
                    f'there are {len(several)} of the kind {kind}, a release '
                    'must consist of exactly one of each kind',
                )
            )
    return tuple(found)


def commits_agree(
    order: deliverable.Order,
    distributions: Sequence[distribution.Distribution],
    rule: policy.CommitRule,
) -> tuple[finding.Finding, ...]:
    """Hold the commits in ``pbr.json`` against the order (OSP110, OSP111)."""
    found = []
    recorded = [dist for dist in distributions if dist.build_commit]
    for dist in distributions:
        if dist.build_commit is not None:
            short = dist.build_commit.git_version
            if not _ABBREVIATED.fullmatch(short):
                says = 'no hash of at least 7 lower-case hexadecimal digits'
            elif not order.commit.startswith(short):
                says = 'another commit'
            else:
                continue
            found.append(
                findings.failed(
                    'OSP110',
                    dist.filename,
                    f"pbr.json says '{short}', which is {says}; ordered is "
                    f'{order.commit}',
                    place=order.place((*order.ordered.key, 'hash')),
                )
            )
            continue
        lacks = 'no pbr.json in it says from which commit it was built'
        if recorded:
            lacks += f', while one in {recorded[0].filename} does'
        elif rule == 'required':
            lacks += f', and the policy requires it; ordered is {order.commit}'
        else:
            lacks += f', as the policy allows; ordered is {order.commit}'
        build = findings.failed
        if not recorded and rule == 'if-present':
            build = findings.noted
        found.append(build('OSP111', dist.filename, lacks))
    return tuple(found)


def _unread(
    code: str, dist: distribution.Distribution, what: str
) -> finding.Finding:
    return findings.unknown(
        code,
        dist.filename,
        knowledge.Unknown(
            f'the {what} in its metadata', 'the metadata could not be read'
        ),
    )
