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

"""What the releases repository orders, as fresh as it can be had."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Iterable
from collections.abc import Iterator

from openstack_publish import exceptions
from openstack_publish import seams
from openstack_publish.model import deliverable
from openstack_publish.model import knowledge
from openstack_publish.model import located
from openstack_publish.model import names
from openstack_publish.model import policy
from openstack_publish.model import publishing
from openstack_publish.model import watching
from openstack_publish.rules import managed
from openstack_publish.rules import publishing as reaching
from openstack_publish.watch import request


@dataclasses.dataclass(frozen=True)
class Merged:
    """What was merged since the last look."""

    head: str | None
    """The commit that was looked at; None outside git."""

    expected: tuple[watching.Expected, ...] = ()
    unknown: tuple[str, ...] = ()


class OrderBook:
    """The orders of a checkout, kept for as long as it does not move."""

    def __init__(self, gates: request.Gates) -> None:
        self._read_policy = gates.policy
        self.policy: policy.Policy = gates.policy()
        """As of the last look."""
        self._checkout = gates.checkout
        self._history = gates.history
        self._upstream = gates.upstream
        self._reader = gates.config
        self._config: publishing.Publishing | None = None
        self._deliverables: tuple[deliverable.Deliverable, ...] | None = None
        self._searched: dict[
            tuple[names.ProjectName, str], seams.OrderSearch
        ] = {}
        self._head: str | None = None
        self._unreadable: tuple[str, ...] = ()
        self._fetched: knowledge.Knowledge[datetime.datetime] = (
            knowledge.Unknown(
                'when the checkout was fetched', 'nobody has looked'
            )
        )

    def refresh(self, last: str | None, now: datetime.datetime) -> Merged:
        """Fetch, and return what was merged since.

        Policy and project-config are read anew: the one may have come with
        the fetch, and somebody else fetches the other.

        :param last: the commit that was looked at before
        :raises Misconfigured: checkout, policy or project-config are
            malformed
        :raises Unavailable: policy or project-config cannot be read
        """
        unknown = []
        if self._upstream is not None:
            try:
                self._upstream.update()
            except exceptions.Unavailable as error:
                unknown.append(str(error))
            self._fetched = self._upstream.fetched()
        self.policy = self._read_policy()
        if self._reader is not None:
            self._config = self._reader.read()
        head = self._checkout.head()
        if isinstance(head, knowledge.Unknown):
            self._forget(None)
            return Merged(last, unknown=(*unknown, f'{head.what}: {head.why}'))
        if head.value is None or head.value != self._head:
            self._forget(head.value)
        if head.value is None or last is None or head.value == last:
            return Merged(head.value, unknown=tuple(unknown))
        try:
            return Merged(
                head.value,
                tuple(self._expected(f'{last}..{head.value}', now)),
                tuple(unknown),
            )
        except exceptions.Unavailable as error:
            # Looked at again in the next round: no order is passed over.
            return Merged(last, unknown=(*unknown, str(error)))
        except exceptions.Misconfigured as error:
            # The commit of the last look is gone, as by a new clone, and
            # does not come back; what came meanwhile is told as unknown once.
            return Merged(head.value, unknown=(*unknown, str(error)))

    def projects(self) -> frozenset[names.ProjectName]:
        """Return every project that is ours to watch.

        :raises Misconfigured: the list of series is malformed
        :raises Unavailable: the checkout cannot be read
        """
        if self._deliverables is None:
            found: list[deliverable.Deliverable] = []
            unreadable: list[str] = []
            for path in self._checkout.paths():
                reading = self._checkout.read_deliverable(path)
                if reading.deliverable is not None:
                    found.append(reading.deliverable)
                unreadable.extend(
                    located.described(problem) for problem in reading.problems
                )
            self._unreadable = tuple(unreadable)
            self._deliverables = tuple(found)
        return frozenset(
            one.project
            for one in managed.managed(
                self._deliverables,
                [one.name for one in self._checkout.read_series()],
                self._config,
                self.policy.projects,
            )
        )

    @property
    def unreadable(self) -> tuple[str, ...]:
        """Return what is wrong with deliverable files: they may name more."""
        return self._unreadable

    def ordered(
        self,
        project: names.ProjectName,
        version: str,
        came: datetime.datetime,
    ) -> knowledge.Knowledge[bool]:
        """Say whether somebody ordered a release.

        That nobody did is known only from a checkout that was fetched after
        the release came.

        :param came: when the index received its first file, UTC
        """
        what = f'whether {project} {version} is ordered'
        try:
            search = self._search(project, version)
        except exceptions.Unavailable as error:
            return knowledge.Unknown(what, str(error))
        if search.orders or self._published_without(project):
            return knowledge.Known(True)
        if search.problems:
            place = search.problems[0].place
            return knowledge.Unknown(
                what, f'{place.path}: {search.problems[0].message}'
            )
        if isinstance(self._fetched, knowledge.Unknown):
            return knowledge.Unknown(what, self._fetched.why)
        if self._fetched.value <= came:
            return knowledge.Unknown(
                what,
                f'the checkout was fetched at {self._fetched.value}, before '
                f'the release came at {came}',
            )
        return knowledge.Known(False)

    def repositories(
        self, project: names.ProjectName, version: str
    ) -> tuple[str, ...]:
        """Return what releases a version, or may without an order.

        :raises Unavailable: the checkout cannot be read
        """
        ordering = {
            order.repo for order in self._search(project, version).orders
        }
        return tuple(sorted(ordering or self._published_without(project)))

    def withdrawn(
        self, expected: Iterable[watching.Expected]
    ) -> tuple[watching.Expected, ...]:
        """Return what no file orders any more."""
        found = []
        for order in expected:
            try:
                search = self._search(order.project, order.version)
            except exceptions.Unavailable:
                continue
            if not search.orders and not search.problems:
                found.append(order)
        return tuple(found)

    def _search(
        self, project: names.ProjectName, version: str
    ) -> seams.OrderSearch:
        """Search the checkout; once for as long as it does not move.

        :raises Unavailable: the checkout cannot be read
        """
        key = (project, version)
        if key not in self._searched:
            self._searched[key] = self._checkout.find_orders(project, version)
        return self._searched[key]

    def _forget(self, head: str | None) -> None:
        self._head = head
        self._deliverables = None
        self._searched.clear()

    def _published_without(self, project: names.ProjectName) -> set[str]:
        """Return repositories that the policy lets go without an order."""
        if self._config is None:
            return set()
        allowed = self.policy.of(project).release.without_deliverable
        return {
            repo
            for repo in self._config.templates
            if names.project_name(repo.rpartition('/')[2]) == project
            and any(entry.covers(repo) for entry in allowed)
        }

    def _expected(
        self, revisions: str, now: datetime.datetime
    ) -> Iterator[watching.Expected]:
        """Yield the orders that were added and reach the index."""
        if self._history is None:
            return
        for file in self._history.changes(revisions).files:
            before = {
                (each.version, each.repo) for each in _orders(file.before)
            }
            for order in _orders(file.after):
                if (order.version, order.repo) in before:
                    continue
                reach = reaching.reaches(
                    order.version, order.repo, self._config
                )
                if reach.answer == 'yes':
                    yield watching.Expected(
                        order.project, order.version, file.path, now
                    )


def _orders(
    reading: seams.DeliverableReading | None,
) -> Iterator[deliverable.Order]:
    if reading is None or reading.deliverable is None:
        return
    for release in reading.deliverable.releases:
        for repo in release.repos:
            yield deliverable.Order(reading.deliverable, release, repo)
