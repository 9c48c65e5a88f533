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

    def __init__(self, terms: request.Terms, gates: request.Gates) -> None:
        self._policy: policy.Policy = terms.policy
        self._checkout = gates.checkout
        self._history = gates.history
        self._upstream = gates.upstream
        self._reader = gates.config
        self._config: publishing.Publishing | None = None
        self._projects: frozenset[names.ProjectName] | None = None
        self._head: str | None = None
        self._unreadable: tuple[str, ...] = ()
        self._fetched: knowledge.Knowledge[datetime.datetime] = (
            knowledge.Unknown(
                'when the checkout was fetched', 'nobody has looked'
            )
        )

    def refresh(self, last: str | None, now: datetime.datetime) -> Merged:
        """Fetch, and return what was merged since.

        :param last: the commit that was looked at before
        :raises Misconfigured: the checkout or project-config is malformed
        """
        unknown = []
        if self._upstream is not None:
            try:
                self._upstream.update()
            except exceptions.Unavailable as error:
                unknown.append(str(error))
            self._fetched = self._upstream.fetched()
        head = self._checkout.head()
        if isinstance(head, knowledge.Unknown):
            return Merged(last, unknown=(*unknown, f'{head.what}: {head.why}'))
        if head.value is None or head.value != self._head:
            self._projects = None
            self._head = head.value
        if head.value is None or last is None or head.value == last:
            return Merged(head.value, unknown=tuple(unknown))
        try:
            return Merged(
                head.value,
                tuple(self._expected(f'{last}..{head.value}', now)),
                tuple(unknown),
            )
        except exceptions.PublishError as error:
            # The commit of the last look may be gone from a shallow clone.
            return Merged(head.value, unknown=(*unknown, str(error)))

    def projects(self) -> frozenset[names.ProjectName]:
        """Return every project that is ours to watch.

        :raises Misconfigured: project-config is malformed
        :raises Unavailable: the checkout cannot be read
        """
        if self._projects is None:
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
            self._projects = frozenset(
                one.project
                for one in managed.managed(
                    found,
                    [one.name for one in self._checkout.read_series()],
                    self._publishing(),
                    self._policy.projects,
                )
            )
        return self._projects

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
            search = self._checkout.find_orders(project, version)
        except exceptions.Unavailable as error:
            return knowledge.Unknown(what, str(error))
        if search.orders or self._is_published_without(project):
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

    def _publishing(self) -> publishing.Publishing | None:
        if self._config is None and self._reader is not None:
            self._config = self._reader.read()
        return self._config

    def _is_published_without(self, project: names.ProjectName) -> bool:
        """Say whether the policy lets a project go without an order."""
        config = self._publishing()
        return config is not None and any(
            entry.covers(repo)
            for repo in config.templates
            if names.project_name(repo.rpartition('/')[2]) == project
            for entry in self._policy.of(project).release.without_deliverable
        )

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
                    order.version, order.repo, self._publishing()
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
