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

"""What is written down of one release while its chain is gone through."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence

from openstack_publish.model import finding
from openstack_publish.model import verification
from openstack_publish.rules import waivers
from openstack_publish.verify import ordering
from openstack_publish.verify import request

More = Mapping[verification.LinkName, tuple[finding.Finding, ...]]


class Ledger:
    """The links of a release that were judged, and every finding, once.

    :param more: what else is to be said of a link
    """

    def __init__(
        self,
        terms: request.Terms,
        release: ordering.Release,
        more: More | None = None,
    ) -> None:
        self._terms = terms
        self._release = release
        self._more = more or {}
        self._links: list[verification.Link] = []
        self._findings: list[finding.Finding] = []

    def say(
        self, found: Iterable[finding.Finding]
    ) -> tuple[finding.Finding, ...]:
        """Keep findings, each in the light of the policy's waivers."""
        said = waivers.apply(
            tuple(found),
            self._terms.policy.waivers,
            self._release.project,
            self._terms.today,
        )
        # What one reading leaves open is open for several links.
        self._findings += [each for each in said if each not in self._findings]
        return said

    def link(
        self,
        name: verification.LinkName,
        found: Iterable[finding.Finding] = (),
        held: Sequence[str] = (),
        not_looked: Sequence[str] = (),
    ) -> None:
        """Judge a link by its findings.

        :param held: what was seen, where nothing is wrong
        :param not_looked: what could not be looked at because another link
            does not hold
        """
        said = self.say((*found, *self._more.get(name, ())))
        self._links.append(verification.link(name, said, held, not_looked))

    def drawn(self) -> verification.Verification:
        """Return what is written down."""
        return verification.Verification(
            self._release.project,
            self._release.version,
            tuple(self._links),
            tuple(self._findings),
        )
