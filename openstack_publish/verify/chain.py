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

"""The chain of one release, link by link.

1. **order**: a deliverable file orders this version and commit.
2. **archive**: the archive has each file of it, and its signature.
3. **signature**: each is good, by a key of the cycles within its window.
4. **index**: the index has the same bytes.
5. **commit**: they say that they were built from the ordered commit.
6. **files**: nothing else is on the index under the version.
7. **time**: the upload came within a day of the signature.
8. **maintainers**: who may publish is who should.
"""

from __future__ import annotations

from openstack_publish.model import distribution
from openstack_publish.model import finding
from openstack_publish.model import knowledge
from openstack_publish.model import listing
from openstack_publish.model import publishing as reaching
from openstack_publish.model import verification
from openstack_publish.render import as_text
from openstack_publish.render import moment
from openstack_publish.rules import findings
from openstack_publish.rules import links
from openstack_publish.rules import maintainership
from openstack_publish.rules import order_fit
from openstack_publish.rules import project_state
from openstack_publish.rules import publishing
from openstack_publish.verify import evidence
from openstack_publish.verify import ledger
from openstack_publish.verify import ordering
from openstack_publish.verify import recognition
from openstack_publish.verify import request
from openstack_publish.verify import signing


class Chain:
    """One release, while its links are held against each other.

    :param listed: what the index says
    :param seen: the originals
    :param more: what else is to be said of a link
    """

    def __init__(
        self,
        gates: request.Gates,
        terms: request.Terms,
        release: ordering.Release,
        listed: listing.Listing,
        seen: evidence.Evidence,
        more: ledger.More | None = None,
    ) -> None:
        self._gates = gates
        self._terms = terms
        self._release = release
        self._listed = listed
        self._seen = seen
        self._ledger = ledger.Ledger(terms, release, more)

    def told(self) -> verification.Verification:
        """Go through all links, and return what is to be said of them."""
        self.order()
        self.archive()
        self.signature()
        self.index()
        self.commit()
        self.files()
        self.time()
        self.maintainers()
        return self._ledger.drawn()

    def order(self) -> None:
        """Link 1: a deliverable file orders this version and commit."""
        self._ledger.link(
            'order', *ordering.of_order(self._terms, self._release)
        )

    def archive(self) -> None:
        """Link 2: the archive has each file, and its signature."""
        archive, subject = self._gates.archive, self._release.subject
        if archive is None:
            self._ledger.link('archive', [links.no_archive(subject)])
            return
        if self._release.order is None:
            self._ledger.link(
                'archive',
                not_looked=['of which repository it is, is not known'],
            )
            return
        named = self._seen.archived
        found: tuple[finding.Finding, ...] = ()
        there = self._originals
        if named is not None:
            there = tuple(
                one.value
                for one in named.values()
                if isinstance(one, knowledge.Known) and one.value is not None
            )
            found = links.named(archive.place, self._read, named)
        found += links.archived(
            subject,
            archive.place,
            there,
            recognition.lacking(self._seen, self._listed, self._reach),
            self._uploaded_before_any_key(),
        )
        held = [f'{each.place} and .asc' for each in there]
        self._ledger.link('archive', found, held, self._seen.unread)

    def signature(self) -> None:
        """Link 3: each is signed, by a key of the cycles in its window."""
        found: list[finding.Finding] = []
        not_looked = list(self._seen.lacking)
        for each in self._seen.examined:
            if each.signed is None:
                not_looked.append(f'{each.filename} has no signature to check')
            elif isinstance(each.signed, knowledge.Unknown):
                found.append(
                    findings.unknown('OSP513', each.filename, each.signed)
                )
            else:
                found += signing.judged(
                    self._terms, each.filename, each.signed.value
                )
            if isinstance(each.on_index, knowledge.Unknown):
                found.append(
                    findings.unknown('OSP513', each.filename, each.on_index)
                )
            elif each.on_index is not None:
                found += signing.judged(
                    self._terms,
                    f'{each.filename} on the index',
                    each.on_index.value,
                )
        held = [
            f'{each.filename}.asc by {each.signature.primary}, made '
            f'{moment.rfc3339(each.signature.created)}'
            for each in self._seen.examined
            if each.signature is not None
        ]
        self._ledger.link('signature', found, held, not_looked)

    def index(self) -> None:
        """Link 4: the index has the same bytes."""
        found = links.same_bytes(
            self._release.subject,
            self._originals,
            self._kinds if self._seen.archived is None else (),
            self._listed.release,
            self._reach,
            new=self._listed.new == knowledge.Known(True),
        ) + project_state.yanked(self._release.subject, self._listed.release)
        held = [self._gates.index.read_url]
        held += [
            f'{each.filename} sha256 {each.sha256}' for each in self._originals
        ]
        self._ledger.link('index', found, held, self._seen.lacking)

    def commit(self) -> None:
        """Link 5: the bytes say that they are what was ordered."""
        order = self._release.order
        if order is None:
            self._ledger.link('commit', not_looked=['no commit is ordered'])
            return
        found = []
        readable = []
        for each in self._seen.examined:
            hidden = each.hidden_commit
            if hidden is not None:
                found.append(findings.unknown('OSP110', each.filename, hidden))
            elif isinstance(each.read, knowledge.Known):
                readable.append(each.read.value)
        found += [
            one
            for one in order_fit.agree(
                order,
                readable,
                self._terms.policy.of(self._release.project),
            )
            # That is about the order alone, and was said there.
            if one.code != 'OSP106'
        ]
        held = [
            f'{dist.filename} was built from {dist.build_commit.git_version}'
            for dist in readable
            if dist.build_commit is not None
        ]
        self._ledger.link('commit', found, held, self._seen.lacking)

    def files(self) -> None:
        """Link 6: nothing else is on the index under the version."""
        ours, dark = recognition.ours(
            self._seen,
            self._release.order,
            self._files,
            self._kinds if self._gates.archive is None else frozenset(),
        )
        if self._release.order is None and not ours:
            self._ledger.link('files', not_looked=[evidence.NO_ORIGINAL])
            return
        found = links.nothing_else(
            self._release.subject, ours, self._listed.release, dark
        )
        listed = sorted(file.filename for file in self._files)
        held = [f'listed are {", ".join(listed)}'] if listed else []
        none = [] if listed else [f'none of {self._release.subject} is listed']
        self._ledger.link('files', found, held, none)

    def time(self) -> None:
        """Link 7: the upload came within a day of the signature."""
        found: list[finding.Finding] = []
        held = []
        not_looked = list(self._seen.lacking)
        shown = {file.filename: file for file in self._files}
        kind = self._gates.index.kind
        for each in self._seen.examined:
            made, file = each.signature, shown.get(each.filename)
            if made is None or file is None:
                what = 'upload' if file is None else 'good signature'
                not_looked.append(f'of {each.filename} there is no {what}')
            elif file.uploaded is None:
                found.append(links.no_time(each.filename, kind))
            else:
                found += links.in_time(
                    each.filename, made.created, file.uploaded
                )
                held.append(
                    f'{each.filename} was uploaded '
                    f'{moment.rfc3339(file.uploaded)}'
                )
        if kind == 'plain' and not held and not not_looked:
            # There is nothing that could hold.
            self._ledger.say(found)
            return
        self._ledger.link('time', found, held, not_looked)

    def maintainers(self) -> None:
        """Link 8: who may publish is who should."""
        project, kind = self._release.project, self._gates.index.kind
        terms = self._terms.policy.of(project)
        if maintainership.is_given_up(terms, self._terms.today):
            self._ledger.say([links.given_up(project, terms)])
            return
        found = [
            *maintainership.before(
                project, self._listed, terms, self._terms.today, kind
            ),
            *(
                links.attested(
                    file.filename, self._gates.attestations.read(file)
                )
                for file in self._files
                if file.provenance is not None
            ),
        ]
        who = self._listed.maintainers
        if isinstance(who, knowledge.Unknown) and kind == 'plain':
            self._ledger.say(found)
            return
        absent = self._listed.new == knowledge.Known(True)
        held = []
        if isinstance(who, knowledge.Known) and not absent:
            held.append(as_text.of_maintainers(who.value))
        none = [f'{project} is not on the index'] if absent else []
        self._ledger.link('maintainers', found, held, none)

    @property
    def _originals(self) -> tuple[verification.Original, ...]:
        return tuple(each.original for each in self._seen.examined)

    @property
    def _read(self) -> tuple[distribution.Distribution, ...]:
        """The originals that could be read."""
        return tuple(
            each.read.value
            for each in self._seen.examined
            if isinstance(each.read, knowledge.Known)
        )

    @property
    def _files(self) -> tuple[listing.ListedFile, ...]:
        """What the index lists under the version, as far as it is known."""
        release = self._listed.release
        return release.value if isinstance(release, knowledge.Known) else ()

    @property
    def _reach(self) -> reaching.Reach:
        order = self._release.order
        return publishing.reaches(
            self._release.version,
            '' if order is None else order.repo,
            self._terms.publishing,
        )

    @property
    def _kinds(self) -> frozenset[distribution.Kind]:
        return self._terms.policy.of(self._release.project).release.kinds

    def _uploaded_before_any_key(self) -> frozenset[str]:
        first = self._terms.first_key
        return frozenset(
            file.filename
            for file in self._files
            if first is not None
            and file.uploaded is not None
            and file.uploaded.date() < first
        )
