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

"""Everything that there is to say of one project in one round."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Collection
from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence

from openstack_publish.model import knowledge
from openstack_publish.model import listing
from openstack_publish.model import names
from openstack_publish.model import policy
from openstack_publish.model import watching
from openstack_publish.rules import maintainership
from openstack_publish.rules.watched import arrivals
from openstack_publish.rules.watched import departures
from openstack_publish.rules.watched import journal
from openstack_publish.rules.watched import people
from openstack_publish.rules.watched import releases
from openstack_publish.watch import orders
from openstack_publish.watch import proving

_OF_FILES = frozenset({'OSP802', 'OSP803', 'OSP804', 'OSP815'})
"""Incidents whose ``about`` is the name of a file."""


@dataclasses.dataclass(frozen=True)
class Case:
    """One project, and what was remembered of it."""

    before: watching.Snapshot | None
    now: watching.Snapshot
    incidents: tuple[watching.Incident, ...] = ()
    """Those of it that are not closed."""

    pending: tuple[watching.Pending, ...] = ()
    expected: tuple[watching.Expected, ...] = ()
    rows: Sequence[watching.JournalRow] = ()
    why_unread: str | None = None

    def about(self, codes: Collection[str]) -> set[str]:
        """Return what open incidents of these codes are about."""
        return {
            incident.condition.about
            for incident in self.incidents
            if incident.condition.code in codes
        }

    @property
    def accounts_told(self) -> set[str]:
        """Return accounts whose roles were told and not seen to end yet."""
        return {
            incident.condition.account
            for incident in self.incidents
            if incident.condition.code in ('OSP807', 'OSP808')
            and incident.mails
            and incident.condition.account is not None
        }

    def ids(self, code: str) -> set[str]:
        """Return the ids of the open incidents of a code."""
        return {
            incident.id
            for incident in self.incidents
            if incident.condition.code == code
        }


@dataclasses.dataclass(frozen=True)
class Bench:
    """What every case is judged by."""

    policy: policy.Policy
    book: orders.OrderBook
    prover: proving.Prover | None
    begun: datetime.datetime
    """When the watch began, UTC."""

    time: datetime.datetime

    def judge(self, case: Case) -> watching.Judgement:
        """Judge one project."""
        project = case.now.project
        terms = self.policy.of(project)
        today = self.time.date()
        if maintainership.is_given_up(terms, today):
            return watching.Judgement(project)
        files = self._files(case)
        told = journal.read(case.rows, case.before, case.now)
        roles = people.standing(case.now, terms, today)
        invited = self._still_invited(case, told)
        return watching.Judgement(
            project,
            (
                *files.standing,
                *departures.yanked(
                    case.before, case.now, case.about({'OSP813'})
                ),
                *departures.missing(
                    case.expected, {project: case.now}, self.time
                ),
                *roles,
                *people.state(case.now),
                *people.unread(case.now, case.why_unread, self.time),
                *people.undecided(files.pending, self.time),
                *told.invited,
            ),
            (
                *departures.gone(case.before, case.now),
                *people.changed(
                    case.before, case.now, roles, case.accounts_told
                ),
                *told.over,
            ),
            files.undecided | invited | _never_read(case),
            files.pending,
        )

    def _files(self, case: Case) -> watching.Judgement:
        """Judge what is new, and what was not decided before."""
        versions = case.about({'OSP801'})
        asked = {
            *case.about(_OF_FILES),
            *(item.filename for item in case.pending),
            *(
                file.filename
                for version in versions
                for file in case.now.of(version)
            ),
        }
        new = arrivals.new_files(case.before, case.now, self.begun, asked)
        ordered = self._orders(case.now, new)
        return releases.judge(
            case.now,
            new,
            releases.Evidence(ordered, self._proofs(case.now, new, ordered)),
            self.time,
        )

    def _orders(
        self, now: watching.Snapshot, new: Iterable[listing.ListedFile]
    ) -> Mapping[str, knowledge.Knowledge[bool]]:
        return {
            version: self.book.ordered(
                now.project, version, _came(now.of(version), self.time)
            )
            for version in {watching.release_of(file.filename) for file in new}
        }

    def _proofs(
        self,
        now: watching.Snapshot,
        new: Iterable[listing.ListedFile],
        ordered: Mapping[str, knowledge.Knowledge[bool]],
    ) -> Mapping[str, releases.Proof] | None:
        """Ask the archive of what was ordered; nobody signs the rest."""
        if self.prover is None:
            return None
        proofs = {}
        for file in new:
            version = watching.release_of(file.filename)
            if ordered[version] == knowledge.Known(True):
                proofs[file.filename] = self.prover.prove(
                    self.book.repositories(now.project, version),
                    file.filename,
                    self.policy,
                )
        return proofs

    @staticmethod
    def _still_invited(case: Case, told: journal.Told) -> set[str]:
        """Return invitations of which nothing shows that they are answered.

        Who holds a role has accepted, whichever source is read.
        """
        holders = {
            role.user.casefold()
            for role in (case.now.who.roles if case.now.who else ())
        }
        return {
            incident.id
            for incident in case.incidents
            if incident.condition.code == 'OSP806'
            and incident.condition.account is not None
            and incident.condition.account.casefold()
            not in told.answered | holders
        }


def _never_read(case: Case) -> set[str]:
    """Return incidents that nothing can be said of: no such part was read."""
    found: set[str] = set()
    if case.now.files is None:
        for code in (*_OF_FILES, 'OSP801', 'OSP805', 'OSP813'):
            found |= case.ids(code)
    if case.now.who is None:
        for code in ('OSP807', 'OSP808', 'OSP810'):
            found |= case.ids(code)
    return found


def _came(
    files: Iterable[listing.ListedFile], time: datetime.datetime
) -> datetime.datetime:
    """Return when the first file of a release came; now if nobody says."""
    return min(
        (file.uploaded for file in files if file.uploaded is not None),
        default=time,
    )


def by_project(
    incidents: Iterable[watching.Incident],
) -> dict[names.ProjectName, list[watching.Incident]]:
    """Return the incidents that are not closed, by project."""
    found: dict[names.ProjectName, list[watching.Incident]] = {}
    for incident in incidents:
        if incident.state != 'closed':
            found.setdefault(incident.condition.project, []).append(incident)
    return found
