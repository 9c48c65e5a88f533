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

"""The project that an order is for, as the index has it, without artifacts."""

from __future__ import annotations

import dataclasses
import datetime

from openstack_publish.model import checking
from openstack_publish.model import deliverable
from openstack_publish.model import finding
from openstack_publish.model import knowledge
from openstack_publish.model import listing
from openstack_publish.model import names
from openstack_publish.model import policy
from openstack_publish.model import publishing
from openstack_publish.rules import acceptance_state
from openstack_publish.rules import findings
from openstack_publish.rules import maintainership
from openstack_publish.rules import order_changes
from openstack_publish.rules import project_state


@dataclasses.dataclass(frozen=True)
class Terms:
    """What a project is judged by."""

    policy: policy.Policy
    kind: listing.IndexKind
    now: datetime.datetime
    """UTC."""


def project(
    subject: checking.Subject,
    overview: listing.Overview,
    reach: publishing.Reach,
    terms: Terms,
) -> tuple[finding.Finding, ...]:
    """Judge the project of an order that may reach the index.

    Each finding points at the order's file.
    """
    order = subject.order
    found = (
        *project_state.unknown_parts(overview, terms.kind),
        *project_state.status(overview),
        *_presence(subject, overview, reach, terms),
        *_maintainers(order, overview, reach, terms),
    )
    return tuple(_pointing(each, order) for each in found)


def is_absent(
    overview: listing.Overview | None, reach: publishing.Reach
) -> bool:
    """Say whether the index has no such project and need not have it."""
    return (
        overview is not None
        and overview.new == knowledge.Known(True)
        and reach.answer != 'yes'
    )


def _presence(
    subject: checking.Subject,
    overview: listing.Overview,
    reach: publishing.Reach,
    terms: Terms,
) -> tuple[finding.Finding, ...]:
    """Judge whether project and version are there, and should be."""
    order = subject.order
    if overview.new == knowledge.Known(True):
        if is_absent(overview, reach):
            return (
                findings.noted(
                    'OSP327',
                    overview.project,
                    'the index has no such project, and whether it is to '
                    f'have one is not known: {reach.why}',
                ),
            )
        return (
            *_form(order),
            *project_state.new_project(
                overview, terms.kind, [overview.project]
            ),
            *_unforeseen(overview, terms.kind),
            *order_changes.not_last(subject),
        )
    found: list[finding.Finding] = []
    if overview.new == knowledge.Known(False):
        found += project_state.new_project(overview, terms.kind, ())
    release = overview.release(order.version)
    if isinstance(release, knowledge.Unknown):
        if isinstance(overview.files, knowledge.Known):
            # Not the files are unknown, but which of them are of it.
            found.append(findings.unknown('OSP316', overview.project, release))
        return tuple(found)
    if not release.value:
        return (*found, *order_changes.not_last(subject))
    return (*found, *_there(subject, overview, release.value, terms))


def _form(order: deliverable.Order) -> tuple[finding.Finding, ...]:
    """Say that a name is none that a project may have (OSP301)."""
    source = order.sources[0]
    if names.is_project_name(source.name):
        return ()
    return (
        findings.failed(
            'OSP301',
            order.project,
            f"{source.field} says '{source.name}', which can be no project's "
            'name: ASCII letters, digits and "._-", with a letter or digit '
            'at both ends',
            place=order.place(source.key),
        ),
    )


def _there(
    subject: checking.Subject,
    overview: listing.Overview,
    files: tuple[listing.ListedFile, ...],
    terms: Terms,
) -> tuple[finding.Finding, ...]:
    """Judge an order for a version that the index has."""
    order = subject.order
    told = (
        f'the index has {len(files)} files of {overview.project} '
        f'{order.version}: ' + ', '.join(sorted(f.filename for f in files))
    )
    place = order.place((*order.release.key, 'version'))
    subject_name = f'{overview.project} {order.version}'
    if not subject.added:
        return (findings.noted('OSP326', subject_name, told, place=place),)
    found = [findings.failed('OSP326', subject_name, told, place=place)]
    if terms.kind == 'pypi':
        closed = acceptance_state.closed(
            overview.project, order.version, files, terms.now
        )
        if closed is not None:
            found.append(
                dataclasses.replace(
                    closed, path=order.path, key=_version_key(order)
                )
            )
    return tuple(found)


def _unforeseen(
    overview: listing.Overview, kind: listing.IndexKind
) -> tuple[finding.Finding, ...]:
    if kind != 'pypi':
        return ()
    return (project_state.unforeseen(overview.project),)


def _maintainers(
    order: deliverable.Order,
    overview: listing.Overview,
    reach: publishing.Reach,
    terms: Terms,
) -> tuple[finding.Finding, ...]:
    if is_absent(overview, reach):
        return ()
    if isinstance(overview.new, knowledge.Unknown) and isinstance(
        overview.maintainers, knowledge.Unknown
    ):
        # What the index left open is told once.
        return ()
    return maintainership.before(
        overview.project,
        overview,
        terms.policy.of(overview.project),
        terms.now.date(),
        terms.kind,
    )


def _version_key(order: deliverable.Order) -> tuple[str | int, ...]:
    return (*order.release.key, 'version')


def _pointing(
    found: finding.Finding, order: deliverable.Order
) -> finding.Finding:
    """Return a finding with the line of the order's repository."""
    if found.path is not None:
        return found
    return dataclasses.replace(
        found, path=order.path, key=(*order.ordered.key, 'repo')
    )
