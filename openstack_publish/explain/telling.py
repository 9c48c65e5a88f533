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

"""One timeline, put together from what each gate knows."""

from __future__ import annotations

import datetime

from openstack_publish import exceptions
from openstack_publish.explain import request
from openstack_publish.model import deliverable
from openstack_publish.model import finding
from openstack_publish.model import knowledge
from openstack_publish.model import listing
from openstack_publish.model import names
from openstack_publish.model import policy
from openstack_publish.model import timeline
from openstack_publish.model import verification
from openstack_publish.proof import originals
from openstack_publish.render import as_text
from openstack_publish.rules import links
from openstack_publish.rules import ordered
from openstack_publish.rules import project_state
from openstack_publish.rules import publishing
from openstack_publish.rules import retold
from openstack_publish.rules import windows


class Telling:
    """One timeline, while it is put together."""

    def __init__(
        self,
        asked: request.Request,
        allowed: policy.Policy,
        gates: request.Gates,
    ) -> None:
        self._asked = asked
        self._allowed = allowed
        self._gates = gates
        self._subject = f'{asked.project} {asked.version}'
        self._events: list[timeline.Event] = []
        self._gaps: list[timeline.Gap] = []
        self._findings: list[finding.Finding] = []
        self._signed: dict[str, datetime.datetime] = {}
        self._keys = windows.of(gates.checkout.read_series())

    def told(self) -> timeline.Timeline:
        """Return the timeline, with what does not fit in it."""
        self.say(retold.in_turn(self._subject, self._events))
        return timeline.Timeline(
            self._asked.project,
            self._asked.version,
            retold.by_time(self._events),
            tuple(self._gaps),
            tuple(self._findings),
        )

    def say(self, found: tuple[finding.Finding, ...]) -> None:
        """Keep findings."""
        self._findings += found

    def gap(
        self, kind: timeline.Kind, why: str, *, failed: bool = False
    ) -> None:
        """Name something that is not known."""
        self._gaps.append(timeline.Gap(kind, why, failed))

    def tell(
        self,
        kind: timeline.Kind,
        time: datetime.datetime | None,
        what: str,
        source: str,
    ) -> None:
        """Keep one thing that happened."""
        self._events.append(timeline.Event(kind, time, what, source))

    def of_order(self, order: deliverable.Order | None) -> None:
        """Tell which commit of the checkout ordered the release."""
        if order is None:
            self.gap('ordered', 'no order of it could be told')
            return
        checkout = self._gates.checkout
        head = checkout.head()
        self.say(
            ordered.committed(order, checkout.as_committed(order.path), head)
            if head != knowledge.Known(None)
            else ()
        )
        commit = when = None
        match head:
            case knowledge.Unknown(what=what, why=why):
                self.gap('ordered', f'{what}: {why}', failed=True)
            case knowledge.Known(value=None):
                self.gap('ordered', 'when: the checkout is no git repository')
            case _:
                commit = self._ordering_commit(order)
        what, source = f'{order.repo} at {order.commit}', order.path
        if commit is not None:
            when = commit.authored
            what += f', by {commit.told}'
            source += f' in commit {commit.commit}'
        self.tell('ordered', when, what, source)

    def _ordering_commit(
        self, order: deliverable.Order
    ) -> timeline.OrderingCommit | None:
        try:
            commit = self._gates.history.ordered(order)
        except exceptions.Unavailable as error:
            self.gap('ordered', str(error), failed=True)
            return None
        if commit is None:
            self.gap('ordered', 'no commit up to HEAD has this order')
        return commit

    def of_tag(self, order: deliverable.Order | None) -> None:
        """Tell when the version was tagged, and whether as ordered."""
        tags = self._gates.tags
        if tags is None:
            self.gap('tagged', 'no repository was named; give --git-dir')
            return
        name = self._asked.version if order is None else order.version
        try:
            tag = tags.read(name)
        except exceptions.Unavailable as error:
            self.gap('tagged', str(error), failed=True)
            return
        if tag is None:
            self.gap('tagged', f'{tags.place} has no tag {name}', failed=True)
            return
        what = f'{tag.name} on {tag.commit or "no commit"}'
        if tag.tagger is None:
            what += ', with no tagger and no date'
        else:
            what += f', by {tag.tagger}, as tag object {tag.object_id}'
        self.tell('tagged', tag.tagged, what, tags.place)
        if order is not None:
            self.say(retold.tag_agrees(order, tag))

    def of_archive(
        self, order: deliverable.Order | None
    ) -> tuple[verification.Original, ...]:
        """Tell when the originals were signed, and when they came."""
        tools = self._gates.archive
        why = None
        if tools is None:
            why = 'no archive was named; give --archive'
        elif order is None:
            why = 'of which repository it is, is not known'
        else:
            reach = publishing.reaches(order.version, order.repo, None)
            why = reach.why if reach.answer == 'no' else None
        if tools is None or order is None or why is not None:
            self.gap('signed', str(why))
            self.gap('archived', str(why))
            return ()
        kinds = self._allowed.of(order.project).release.kinds
        seen = originals.examine(tools, order, kinds)
        for kind, (looked, unknown) in seen.looked.items():
            if unknown is not None:
                said = f'{unknown.what}: {unknown.why}'
            else:
                said = (
                    f'{seen.place} has no {links.KINDS[kind]} of it; looked '
                    'for ' + ', '.join(looked)
                )
            for event in ('archived', 'signed'):
                self.gap(event, said, failed=unknown is not None)
        for one in seen.examined:
            self._of_original(one)
        return seen.archived.originals

    def _of_original(self, one: originals.Examined) -> None:
        file = one.file
        if file.modified is None:
            self.gap('archived', f'{file.url}: the archive does not say when')
        self.tell(
            'archived',
            file.modified,
            f'{file.filename}, sha256 {file.sha256}',
            file.url,
        )
        self.say(one.findings)
        if file.signature_url is None:
            self.gap('signed', f'{file.url} has no signature beside it')
            return
        if one.reading is None:
            return
        self.say(windows.signature(file.filename, one.reading, self._keys))
        for made in one.reading.valid:
            self.tell(
                'signed',
                made.created,
                f'{file.filename} by key {self._named(made.primary)}',
                file.signature_url,
            )
            self._signed[file.filename] = made.created

    def _named(self, primary: names.Fingerprint) -> str:
        """Return a key with the cycles that it is of."""
        cycles = [key.series for key in self._keys if key.primary == primary]
        return f'{primary} of {", ".join(cycles)}' if cycles else primary

    def of_index(self, archived: tuple[verification.Original, ...]) -> None:
        """Tell when each file was uploaded, and who holds a role now."""
        index = self._gates.index
        listed = index.read_project(self._asked.project, self._asked.version)
        match listed.release:
            case knowledge.Unknown(what=what, why=why):
                self.gap('uploaded', f'{what}: {why}', failed=True)
            case knowledge.Known(value=()):
                self.gap('uploaded', f'{index.read_url} has none of it')
            case knowledge.Known(value=files):
                for file in files:
                    self._of_upload(file)
        self.say(
            project_state.yanked(
                f'{listed.project} {listed.version}', listed.release
            )
        )
        self.say(retold.other_bytes(archived, listed.release))
        self._of_roles(listed)

    def _of_upload(self, file: listing.ListedFile) -> None:
        url = self._gates.index.read_url
        if file.uploaded is None:
            self.gap('uploaded', f'{file.filename}: {url} does not say when')
        self.tell(
            'uploaded',
            file.uploaded,
            f'{file.filename}, sha256 {file.sha256 or "not stated"}'
            + (', yanked since then' if file.yanked else ''),
            url,
        )
        signed = self._signed.get(file.filename)
        if signed is not None and file.uploaded is not None:
            self.say(links.in_time(file.filename, signed, file.uploaded))

    def _of_roles(self, listed: listing.Listing) -> None:
        index = self._gates.index
        if index.kind == 'plain':
            self.gap('roles', 'an index of kind plain tells no roles')
            return
        match listed.maintainers:
            case knowledge.Known(value=who):
                self.tell(
                    'roles',
                    self._gates.clock.now(),
                    f'now: {as_text.of_maintainers(who)}',
                    index.read_url,
                )
                if self._asked.watched is None:
                    self.gap(
                        'roles',
                        'since when: changes of roles are seen by the watch, '
                        'and no state of it was named; give --state',
                    )
            case knowledge.Unknown(what=what, why=why):
                new = listed.new == knowledge.Known(True)
                self.gap('roles', f'{what}: {why}', failed=not new)

    def of_watch(self) -> None:
        """Tell what the watch has seen of the project and the release."""
        if self._asked.watched is None:
            self.gap('alerts', 'no state of a watch was named; give --state')
            return
        path, incidents = self._asked.watched
        self._events += retold.incidents(
            incidents, self._asked.project, self._asked.version, path
        )

    def of_receipt(self) -> None:
        """Tell what a receipt says of the run that published it.

        :raises Misconfigured: it is of another release
        """
        if self._asked.receipt is None:
            self.gap('published', 'no receipt was named; give --receipt')
            return
        path, named = self._asked.receipt
        if named.project != self._asked.project or not names.same_version(
            named.version, self._asked.version
        ):
            raise exceptions.Misconfigured(
                f'{path} is the receipt of {named.project} {named.version}',
                where='--receipt',
            )
        self.tell(
            'published', named.finished, f'a run ended: {named.outcome}', path
        )
        if named.maintainers is not None:
            self.tell(
                'roles',
                named.finished,
                f'then: {as_text.of_maintainers(named.maintainers)}',
                path,
            )
