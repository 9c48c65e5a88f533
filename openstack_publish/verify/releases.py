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

"""One release verified: found in the checkout, in an order, or by files."""

from __future__ import annotations

import os
from collections.abc import Sequence

from openstack_publish.model import deliverable
from openstack_publish.model import knowledge
from openstack_publish.model import listing
from openstack_publish.model import names
from openstack_publish.model import verification
from openstack_publish.proof import selection
from openstack_publish.rules import order_fit
from openstack_publish.rules import publishing
from openstack_publish.verify import chain
from openstack_publish.verify import evidence
from openstack_publish.verify import ordering
from openstack_publish.verify import request


def verify_release(
    gates: request.Gates,
    terms: request.Terms,
    project: names.ProjectName,
    version: str,
) -> verification.Verification:
    """Verify a release whose order is searched in the checkout.

    :raises Misconfigured: its repository has no name that an archive could
        have
    """
    return _verified(gates, terms, searched(gates, project, version))


def verify_order(
    gates: request.Gates, terms: request.Terms, order: deliverable.Order
) -> verification.Verification:
    """Verify the release that an order is about.

    :raises Misconfigured: as :func:`verify_release`
    """
    release = ordering.Release(order.project, order.version, order)
    return _verified(gates, terms, release)


def verify_files(
    gates: request.Gates, terms: request.Terms, paths: Sequence[str]
) -> verification.Verification:
    """Verify sdists and wheels on disk that are of one release.

    They are the originals; the archive and the index are to have the same
    bytes. Of a release not all files need to be given.

    :raises Misconfigured: as :func:`verify_release`
    """
    named, wrong = order_fit.one_release(
        [os.path.basename(path) for path in paths]
    )
    if named is None:
        return verification.Verification(
            None, None, (verification.link('order', wrong, ()),), wrong
        )
    release = searched(gates, *named)
    listed = gates.index.read_project(release.project, release.version)
    seen = evidence.of_files(gates, release.order, files_of(listed), paths)
    return chain.Chain(gates, terms, release, listed, seen).told()


def by_release(paths: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    """Return files in groups, each of one release.

    A file whose name does not tell its release is a group of its own.
    """
    groups: dict[object, list[str]] = {}
    for path in paths:
        named, _ = order_fit.one_release([os.path.basename(path)])
        groups.setdefault(path if named is None else named, []).append(path)
    return tuple(tuple(group) for group in groups.values())


def files_of(listed: listing.Listing) -> tuple[listing.ListedFile, ...]:
    """Return what the index lists under the version, as far as is known."""
    release = listed.release
    return release.value if isinstance(release, knowledge.Known) else ()


def searched(
    gates: request.Gates, project: names.ProjectName, version: str
) -> ordering.Release:
    """Search the checkout for the one order of a release.

    A repository may be asked for by its own name: on the index its project
    is called as the order has it, and another's may be called as it is.
    """
    order, said = selection.of_release(gates.checkout, project, version)
    if order is not None:
        project = order.project
    return ordering.Release(project, version, order, said)


def _verified(
    gates: request.Gates, terms: request.Terms, release: ordering.Release
) -> verification.Verification:
    """Verify a release by the originals that the archive has."""
    order = release.order
    if order is not None:
        reach = publishing.reaches(
            release.version, order.repo, terms.publishing
        )
        if reach.answer == 'no':
            return ordering.of_order_alone(terms, release, reach.why)
    listed = gates.index.read_project(release.project, release.version)
    seen = evidence.Evidence()
    if order is not None:
        kinds = terms.policy.of(release.project).release.kinds
        seen = evidence.of_archive(gates, order, files_of(listed), kinds)
    return chain.Chain(gates, terms, release, listed, seen).told()
