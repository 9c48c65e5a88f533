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

"""Check the orders that a change to openstack/releases adds.

There are no artifacts yet, or those that a test job built; nothing is
written or sent. What could not be known of one project leaves the others.
"""

from __future__ import annotations

import contextlib
import dataclasses
import datetime
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from concurrent import futures

from openstack_publish import exceptions
from openstack_publish import seams
from openstack_publish.check import rows
from openstack_publish.model import checking
from openstack_publish.model import deliverable
from openstack_publish.model import finding
from openstack_publish.model import listing
from openstack_publish.model import names
from openstack_publish.model import policy as policies
from openstack_publish.model import publishing as models
from openstack_publish.model import receipt
from openstack_publish.model import series
from openstack_publish.proof import changed
from openstack_publish.proof import cycle_keys
from openstack_publish.proof import dry
from openstack_publish.proof import request as proofs
from openstack_publish.proof import run as runs
from openstack_publish.rules import findings
from openstack_publish.rules import order_changes
from openstack_publish.rules import order_ends
from openstack_publish.rules import order_project
from openstack_publish.rules import publishing
from openstack_publish.rules import waivers


@dataclasses.dataclass(frozen=True)
class Request:
    """What was asked for, as plain values."""

    files: tuple[str, ...] = ()
    """Deliverable files; none for those that the change has."""

    revisions: str | None = None
    """The change; None for what HEAD brings."""

    distributions: str | None = None
    """A directory of what a test job built of one of the orders."""


@dataclasses.dataclass(frozen=True)
class Gates:
    """Everything outside that a check asks.

    What depends on the policy is made once that is known.
    """

    checkout: seams.Checkout
    history: seams.History
    policy: Callable[[seams.Changes | None], policies.Policy]
    """Returns the policy in force before a change; without one, today's."""

    config: seams.ProjectConfig | None
    keys: seams.CycleKeys
    workers: Callable[
        [listing.IndexKind],
        contextlib.AbstractContextManager[seams.Workers[seams.Index]],
    ]
    dry_run: Callable[
        [policies.Policy], contextlib.AbstractContextManager[proofs.Gates]
    ]
    """Makes what steps 1 to 9 of publishing need."""

    clock: seams.Clock
    observer: seams.Observer


def check(request: Request, gates: Gates) -> checking.Check:
    """Look at every order, and return what is to be said of each.

    :raises Misconfigured: something that was named isn't there or is wrong
    :raises Unavailable: what the change does could not be read
    """
    now = gates.clock.now()
    config = None if gates.config is None else gates.config.read()
    selection = changed.select(
        gates.checkout, gates.history, request.files, request.revisions
    )
    checker = _Checker(
        gates, gates.policy(selection.changes), config, now, selection.changes
    )
    # What is on disk is looked at while the index answers.
    with futures.ThreadPoolExecutor(max_workers=1) as beside:
        key = beside.submit(checker.keys)
        told = [
            *checker.proposed_policy(),
            *checker.orders(selection.files, beside),
        ]
    if request.distributions is not None:
        checker.distributions(told, request.distributions)
    judged, *others = rows.settled(
        [key.result(), *told], gates.checkout, gates.history
    )
    return checking.Check(judged, tuple(others), selection.in_change)


@dataclasses.dataclass(frozen=True)
class _Checker:
    """What all rows have in common."""

    gates: Gates
    policy: policies.Policy
    config: models.Publishing | None
    now: datetime.datetime
    changes: seams.Changes | None

    def keys(self) -> rows.Row:
        """Judge the key of the day, once."""
        row = rows.Row(series.STATUS_FILE)
        self._say(
            row,
            cycle_keys.examine(self.gates.checkout, self.gates.keys, self.now),
        )
        return row

    def proposed_policy(self) -> Iterator[rows.Row]:
        """Judge the policy that the change leaves behind, by its form.

        :raises Unavailable: git did not say
        """
        if self.changes is None:
            return
        try:
            self.gates.history.policy(self.changes.head)
        except exceptions.Misconfigured as error:
            row = rows.Row(policies.IN_CHECKOUT)
            self._say(row, findings.malformed('OSP409', error.problems))
            yield row

    def orders(
        self, files: tuple[changed.File, ...], beside: futures.Executor
    ) -> list[rows.Row]:
        """Judge every file, and every order in it.

        :raises Unavailable: other files cannot be read
        """
        told = []
        judged: list[tuple[rows.Row, checking.Subject]] = []
        for file in files:
            after = None if file.after is None else file.after.deliverable
            if file.findings or not file.subjects:
                row = rows.Row(file.path, file.commit, after)
                self._say(row, file.findings)
                told.append(row)
            for subject in file.subjects:
                row = rows.Row(file.path, file.commit, after, subject.order)
                told.append(row)
                judged.append((row, subject))
        searched = beside.submit(
            self._others, [_release(subject.order) for _, subject in judged]
        )
        self._projects(judged)
        others = searched.result()
        listed = self._series()
        for row, subject in judged:
            found = (
                *order_changes.order(
                    subject, others.get(_release(subject.order), ())
                ),
                *order_ends.ended(subject, listed),
            )
            # What is wrong with the order itself is told first.
            row.findings = [*self._waived(row, found), *row.findings]
        return told

    def distributions(self, told: list[rows.Row], place: str) -> None:
        """Do steps 1 to 9 of publishing with what was built of an order.

        :raises Misconfigured: there is no such directory
        """
        with self.gates.dry_run(self.policy) as gates:
            asked = proofs.Request(places=(place,), dry_run=True)
            run = runs.Run(proofs.Terms(asked, self.policy), gates, self.now)
            dry.gather(run)
            dry.judge(run)
            # The receipt's findings have their lines.
            found = run.draw(receipt.Outcome.DRY_RUN).findings
        ours = [
            row
            for row in told
            if row.order is not None
            and (row.order.project, row.order.version)
            == (run.project, run.version)
        ]
        if not ours:
            file = None if run.order is None else run.order.deliverable
            ours = [
                rows.Row(
                    place if file is None else file.path,
                    None,
                    file,
                    run.order,
                )
            ]
            told += ours
        for row in ours:
            said = {(each.code, each.message) for each in row.findings}
            row.findings += [
                each for each in found if (each.code, each.message) not in said
            ]

    def _say(self, row: rows.Row, found: Iterable[finding.Finding]) -> None:
        """Add findings, each in the light of the policy's waivers."""
        row.findings += self._waived(row, found)

    def _waived(
        self, row: rows.Row, found: Iterable[finding.Finding]
    ) -> tuple[finding.Finding, ...]:
        return waivers.apply(
            tuple(found),
            self.policy.waivers,
            None if row.order is None else row.order.project,
            self.now.date(),
        )

    def _projects(
        self, judged: Iterable[tuple[rows.Row, checking.Subject]]
    ) -> None:
        """Judge the project of each order that may reach PyPI.

        Each one while the index is waited for that says the next.
        """
        waiting: dict[
            names.ProjectName,
            list[tuple[rows.Row, checking.Subject, models.Reach]],
        ] = {}
        for row, subject in judged:
            order = subject.order
            reach = publishing.reaches(order.version, order.repo, self.config)
            if reach.answer == 'no':
                self._say(row, order_changes.reach(order, reach))
            else:
                waiting.setdefault(order.project, []).append(
                    (row, subject, reach)
                )
        for project, overview in self._overviews(sorted(waiting)):
            for row, subject, reach in waiting[project]:
                self._project(row, subject, reach, overview)

    def _project(
        self,
        row: rows.Row,
        subject: checking.Subject,
        reach: models.Reach,
        overview: listing.Overview,
    ) -> None:
        """Judge the project of one order."""
        row.absent = order_project.is_absent(overview, reach)
        if not row.absent and self.config is not None:
            self._say(row, order_changes.reach(subject.order, reach))
        self._say(
            row,
            order_project.project(
                subject,
                overview,
                reach,
                order_project.Terms(self.policy, self.policy.index, self.now),
            ),
        )

    def _series(self) -> tuple[series.Series, ...]:
        """Return every series; none where they cannot be read.

        That is told in the row of the key.
        """
        try:
            return self.gates.checkout.read_series()
        except (exceptions.Misconfigured, exceptions.Unavailable):
            return ()

    def _others(
        self, releases: list[tuple[str, str]]
    ) -> Mapping[tuple[str, str], list[deliverable.Deliverable]]:
        """Return for each release the files that order it.

        :raises Unavailable: they cannot be read
        """
        if self.changes is None:
            files = self.gates.checkout.ordering(releases)
        else:
            files = self.gates.history.ordering(self.changes.head, releases)
        found: dict[tuple[str, str], list[deliverable.Deliverable]] = {
            release: [] for release in releases
        }
        for file in files:
            for release in file.releases:
                for repo in release.repos:
                    if (repo.repo, release.version) in found:
                        found[repo.repo, release.version].append(file)
        return found

    def _overviews(
        self, wanted: Sequence[names.ProjectName]
    ) -> Iterator[tuple[names.ProjectName, listing.Overview]]:
        """Give the overview of every project, as they come."""
        if not wanted:
            return
        with self.gates.workers(self.policy.index) as workers:
            answers = workers.each(_overview, wanted)
            for count, (position, overview) in enumerate(answers, 1):
                self.gates.observer.counted(
                    'projects read', count, len(wanted)
                )
                yield wanted[position], overview


def _release(order: deliverable.Order) -> tuple[str, str]:
    return (order.repo, order.version)


def _overview(
    index: seams.Index, project: names.ProjectName
) -> listing.Overview:
    """Read one project; done by the workers."""
    return index.read_overview(project)
