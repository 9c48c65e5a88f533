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

"""One round of the watch.

What a part of the source tells is judged, remembered and told before the
cursor moves: a watch that is killed anywhere tells it again, and whoever was
told before is not told twice.
"""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Collection
from collections.abc import Iterable
from collections.abc import Iterator

from openstack_publish import exceptions
from openstack_publish.model import names
from openstack_publish.model import watching
from openstack_publish.rules import findings
from openstack_publish.rules.watched import lifecycle
from openstack_publish.seams import alerts
from openstack_publish.watch import delivery
from openstack_publish.watch import gathering
from openstack_publish.watch import heartbeat
from openstack_publish.watch import judging
from openstack_publish.watch import orders
from openstack_publish.watch import request
from openstack_publish.watch import sources

BEGUN = 'begun'
COMMIT = 'releases-commit'
SWEPT = 'swept'
LOST = 'changelog-lost'

_INDEX = names.ProjectName('changelog')
"""What an incident of the source itself is about; no project can have this
name and be ours."""


_NOTHING = alerts.Changed()


class Look:
    """One round: what is due is read, judged, remembered and told."""

    def __init__(
        self,
        terms: request.Terms,
        gates: request.Gates,
        book: orders.OrderBook,
        now: datetime.datetime,
    ) -> None:
        self._terms = terms
        self._gates = gates
        self._memory = gates.memory
        self._book = book
        self._now = now
        self._unknown: list[str] = []
        self._opened: dict[str, watching.Incident] = {}
        self._recorded: dict[str, watching.Incident] = {}
        self._read: set[names.ProjectName] = set()
        self._source: watching.Source = 'feeds'
        self._post = delivery.Post(gates.memory, gates.teller)

    def run(self) -> watching.Round:
        begun = self._begin()
        merged = self._book.refresh(self._memory.value(COMMIT), self._now)
        self._unknown += merged.unknown
        self._memory.write(alerts.Changed(expected=merged.expected))
        self._memory.write(
            alerts.Changed(
                arrived=self._book.withdrawn(self._memory.expected())
            )
        )
        managed = self._managed()
        self._unknown += self._book.unreadable
        if self._gates.prover is not None:
            self._gates.prover.forget_keys()
        bench = judging.Bench(
            self._book.policy,
            self._book,
            self._gates.prover,
            begun,
            self._now,
        )
        try:
            self._post.deliver()
            for batch in self._batches(managed):
                self._turn(bench, managed, batch)
            self._turn(bench, managed, self._rest(managed, merged))
            self._beat(managed)
        except delivery.Undelivered as error:
            self._unknown.append(str(error))
        self._unknown += self._post.noted
        self._unknown += [
            f'{item.filename} of {item.project}: {item.why}'
            for item in self._memory.pending()
        ]
        incidents = tuple(self._memory.incidents().values())
        try:
            self._gates.teller.show(incidents, self._now)
        except exceptions.Unavailable as error:
            self._unknown.append(str(error))
        return watching.Round(
            tuple(self._opened.values()),
            tuple(one for one in incidents if one.state == 'open'),
            tuple(self._unknown),
            len(managed),
            len(self._read),
            self._source,
            tuple(self._recorded.values()),
        )

    def _managed(self) -> frozenset[names.ProjectName]:
        """Return every project that is ours.

        A file that cannot be read may name any of those that were.
        """
        managed = self._book.projects()
        if self._book.unreadable:
            return managed | self._memory.read_times().keys()
        return managed

    def _begin(self) -> datetime.datetime:
        """Return when the watch began; now, the first time."""
        written = self._memory.value(BEGUN)
        if written is None:
            written = self._now.isoformat()
            self._memory.write(alerts.Changed(values={BEGUN: written}))
        return datetime.datetime.fromisoformat(written)

    def _batches(
        self, managed: Collection[names.ProjectName]
    ) -> Iterator[sources.Batch]:
        """Ask the source; where the changelog is lost, the feed."""
        if self._terms.source != 'feeds':
            self._source = 'changelog'
            lost = None
            for batch in sources.changelog(
                self._gates.changelog, self._memory, managed
            ):
                if isinstance(batch, sources.Lost):
                    lost = batch
                    self._unknown.append(batch.why)
                else:
                    yield batch
            if lost is None or lost.comes_back:
                return
            self._source = 'feeds'
            yield from self._fall_back(lost)
        for batch in sources.feed(self._gates.updates, self._memory, managed):
            if isinstance(batch, sources.Lost):
                self._unknown.append(batch.why)
            else:
                yield batch

    def _fall_back(self, lost: sources.Lost) -> Iterator[sources.Batch]:
        """Tell once that the changelog is lost, and read every project once.

        What it would have told meanwhile, nobody knows.
        """
        since = self._memory.value(sources.SERIAL) or 'the beginning'
        if self._memory.value(LOST) == since:
            return
        if self._terms.source == 'changelog':
            condition = watching.Condition(
                _INDEX,
                findings.failed('OSP818', 'changelog', lost.why),
                f'since {since}',
                stands=False,
            )
            self._tell([watching.Judgement(_INDEX, told_once=(condition,))])
        yield sources.Batch({}, cursors={LOST: since}, everything=True)

    def _rest(
        self, managed: Collection[names.ProjectName], merged: orders.Merged
    ) -> sources.Batch:
        """Return what is due whatever the source says."""
        times = self._memory.read_times()
        last = self._memory.value(SWEPT)
        sweep = request.SWEEP[self._source]
        swept = self._now - sweep
        if last is not None:
            told = datetime.datetime.fromisoformat(last)
            # A clock that was far ahead is not waited for.
            if swept < told < self._now + sweep:
                swept = min(told, self._now)
        # A few in each round, the longest unread ones first, none in most
        # rounds where there are few projects. What is left of a project is
        # taken over to the next round.
        count = int(len(managed) * ((self._now - swept) / sweep))
        never = [project for project in managed if project not in times]
        oldest = sorted(
            (
                project
                for project in managed
                if project in times and project not in self._read
            ),
            key=lambda project: times[project],
        )
        due = [*never, *oldest[:count]]
        cursors = {}
        if count:
            swept += sweep * (count / len(managed))
            cursors[SWEPT] = swept.isoformat()
        if merged.head is not None:
            cursors[COMMIT] = merged.head
        return sources.Batch(
            {
                **dict.fromkeys(due, 0),
                **{
                    project: serial
                    for project, serial in self._memory.unread().items()
                    if project in managed and project not in self._read
                },
            },
            cursors=cursors,
        )

    def _turn(
        self,
        bench: judging.Bench,
        managed: frozenset[names.ProjectName],
        batch: sources.Batch,
    ) -> None:
        """Read, judge, remember and tell what one batch is about.

        :raises Undelivered: a letter was not taken; the cursor stays
        """
        found = gathering.gather(self._gates, managed, batch, self._now)
        judgements = [bench.judge(case) for case in found.cases]
        if self._spreads(judgements):
            rest = gathering.rest(
                self._gates, managed - self._read - found.read, self._now
            )
            found = found.and_also(rest)
            judgements += [bench.judge(case) for case in rest.cases]
        self._read |= found.read
        self._unknown += found.unknown
        judgements += [
            # What is no longer ours is no longer told.
            watching.Judgement(project)
            for project in {
                *judging.by_project(self._memory.incidents().values()),
                *(item.project for item in self._memory.pending()),
            }
            if project not in managed
        ]
        self._tell(
            judgements,
            alerts.Changed(
                pending={
                    judged.project: judged.pending for judged in judgements
                },
                unread=found.again,
            ),
        )
        self._memory.write(
            alerts.Changed(
                snapshots=[
                    case.now
                    for case in found.cases
                    if case.now.project in found.read
                ],
                arrived=[
                    order
                    for case in found.cases
                    for order in case.expected
                    if case.now.of(order.version)
                ],
                read=found.read - found.again.keys(),
                values=batch.cursors,
            )
        )

    def _spreads(self, judgements: Iterable[watching.Judgement]) -> bool:
        """Say whether an account shows up that may do so everywhere.

        The journal shows it at once; the feeds show no roles, and fifty
        projects that are read one after the other would be fifty letters.
        """
        if self._source != 'feeds' or self._terms.baseline:
            return False
        known = self._memory.incidents()
        return any(
            condition.account is not None
            and lifecycle.is_news(known.get(condition.id), condition)
            for judged in judgements
            for condition in (*judged.standing, *judged.told_once)
        )

    def _tell(
        self,
        judgements: Iterable[watching.Judgement],
        changed: alerts.Changed = _NOTHING,
    ) -> None:
        """Open, repeat and close incidents, and tell it.

        :raises Undelivered: a letter was not taken
        """
        outcome = lifecycle.proceed(
            tuple(judgements),
            self._memory.incidents(),
            self._now,
            self._terms.repeat,
            silent=self._terms.baseline,
        )
        self._opened.update(
            (incident.id, incident)
            for letter in outcome.letters
            if letter.occasion == 'opened'
            for incident in letter.incidents
        )
        if self._terms.baseline:
            self._recorded.update(
                (incident.id, incident)
                for incident in outcome.incidents
                if incident.opened == self._now
            )
        self._memory.write(
            dataclasses.replace(
                changed, incidents=outcome.incidents, letters=outcome.letters
            )
        )
        self._post.deliver()

    def _beat(self, managed: Collection[names.ProjectName]) -> None:
        """Tell that the watch is alive, where that is due."""
        letter = heartbeat.due(
            self._memory,
            self._terms.heartbeat,
            self._now,
            heartbeat.Health(managed, self._source, len(self._unknown)),
        )
        if letter is not None:
            self._memory.write(letter)
            self._post.deliver()
