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

"""What a chain is about: the release, and its order."""

from __future__ import annotations

import dataclasses

from openstack_publish.model import deliverable
from openstack_publish.model import finding
from openstack_publish.model import knowledge
from openstack_publish.model import names
from openstack_publish.model import verification
from openstack_publish.rules import findings
from openstack_publish.rules import order_fit
from openstack_publish.rules import ordered
from openstack_publish.verify import request


@dataclasses.dataclass(frozen=True)
class Release:
    """What a chain is about."""

    project: names.ProjectName
    version: str
    order: deliverable.Order | None
    """None where there is none, or not one."""

    said: tuple[finding.Finding, ...] = ()
    """Of the search for the order."""

    @property
    def subject(self) -> str:
        """Return what findings about the whole release are about."""
        return f'{self.project} {self.version}'


def of_order_alone(
    terms: request.Terms, release: Release, why: str
) -> verification.Verification:
    """Return the chain of a release that leads to no file.

    :param why: what says so
    """
    found, held = of_order(terms, release)
    return verification.Verification(
        release.project,
        release.version,
        (verification.link('order', found, (*held, why)),),
        (*found, findings.noted('OSP738', release.subject, why)),
    )


def of_order(
    terms: request.Terms, release: Release
) -> tuple[list[finding.Finding], list[str]]:
    """Return what is to be said of the order, and what it is."""
    order = release.order
    found = list(release.said)
    held = []
    if order is not None:
        held.append(
            f'{order.path}: {order.repo} {order.version} at {order.commit}'
        )
        found += order_fit.names_agree(order, ())
        found += ordered.committed(
            order, terms.as_committed(order.path), terms.head
        )
    if isinstance(terms.head, knowledge.Known) and terms.head.value:
        for path in terms.deciding:
            found += ordered.decided(
                path, terms.as_committed(path), terms.head.value
            )
    return found, held
