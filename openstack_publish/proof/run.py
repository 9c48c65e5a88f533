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

"""A run of the proof: what it knows so far.

The steps fill it one after the other; a receipt can be drawn from it at any
moment, also when the run is cut short.
"""

from __future__ import annotations

import contextlib
import dataclasses
import datetime
import os
from collections.abc import Iterable
from collections.abc import Mapping

from openstack_publish.model import credential
from openstack_publish.model import deliverable
from openstack_publish.model import distribution
from openstack_publish.model import finding
from openstack_publish.model import knowledge
from openstack_publish.model import listing
from openstack_publish.model import names
from openstack_publish.model import plan
from openstack_publish.model import policy
from openstack_publish.model import receipt
from openstack_publish.model import signature
from openstack_publish.proof import lines
from openstack_publish.proof import request as asked
from openstack_publish.proof import signatures
from openstack_publish.proof import steps as numbered
from openstack_publish.rules import acceptance_state
from openstack_publish.rules import waivers


@dataclasses.dataclass
class Run:
    """Everything that a run has found out and done."""

    terms: asked.Terms
    gates: asked.Gates
    started: datetime.datetime

    # Steps 1 to 4: evidence.
    project: names.ProjectName | None = None
    version: str | None = None
    paths: tuple[str, ...] = ()
    order: deliverable.Order | None = None
    order_commit: str | None = None
    distributions: tuple[distribution.Distribution, ...] = ()
    listed: listing.Listing | None = None
    archived: Mapping[str, knowledge.Knowledge[str | None]] = (
        dataclasses.field(default_factory=dict)
    )
    """For each distribution the digest of what the archive has placed."""

    # Steps 5 to 9: judgement.
    plan: plan.Plan | None = None
    credential: credential.Credential | None = None
    trusted: frozenset[names.Fingerprint] = frozenset()
    key: signature.KeyProof | None = None
    signed: dict[str, signatures.Signed] = dataclasses.field(
        default_factory=dict
    )
    """By file name of the distribution."""

    # Steps 10 to 12: delivery.
    sending: bool = False
    """A POST has begun: from now on the index may hold something of us."""

    stored: dict[str, receipt.ArtifactStep] = dataclasses.field(
        default_factory=dict
    )
    """Distributions that the index holds, by file name."""

    unsettled: str | None = None
    """The distribution that was posted and is not settled yet."""

    in_doubt: bool = False
    """Whether the last POST stored anything could not be found out."""

    archive_states: dict[str, receipt.ArchivedArtifact] = dataclasses.field(
        default_factory=dict
    )

    receipt_begun: bool = False
    """A receipt of this run is on disk."""

    receipt_before: str | None = None
    """Outcome of the receipt that was there before it."""

    # Steps 13 to 15: confirmation.
    reading: listing.ReleaseReading | None = None
    confirmed: dict[str, bool] = dataclasses.field(default_factory=dict)
    keeps_signatures: bool | None = None
    before: receipt.MaintainersReading = receipt.NOT_READ
    after: receipt.MaintainersReading = receipt.NOT_READ
    drift: tuple[str, ...] | None = None
    finished: datetime.datetime | None = None

    findings: list[finding.Finding] = dataclasses.field(default_factory=list)
    steps: list[receipt.StepRecord] = dataclasses.field(default_factory=list)

    @property
    def request(self) -> asked.Request:
        """Return what was asked for."""
        return self.terms.request

    @property
    def today(self) -> datetime.date:
        """Return the day of the run, UTC."""
        return self.started.date()

    @property
    def subject(self) -> str:
        """Return what findings about the whole release are about."""
        return f'{self.project or "release"} {self.version or ""}'.rstrip()

    @property
    def project_policy(self) -> policy.ProjectPolicy:
        """Return what the policy says of the project."""
        if self.project is None:
            return self.terms.policy.general
        return self.terms.policy.of(self.project)

    @property
    def uploaded(self) -> bool:
        """Say whether this run put something on the index, or may have."""
        return self.in_doubt or 'uploaded' in self.stored.values()

    @property
    def complete(self) -> bool:
        """Say whether the index holds every distribution."""
        return all(dist.filename in self.stored for dist in self.distributions)

    @property
    def shown(self) -> bool:
        """Say whether the index was seen to hold every distribution."""
        return bool(self.distributions) and all(
            self.confirmed.get(dist.filename, False)
            for dist in self.distributions
        )

    @property
    def receipt_path(self) -> str | None:
        """Return where the receipt goes; None until that can be said."""
        if self.request.receipt is not None:
            return self.request.receipt
        if self.project is None or self.version is None or not self.paths:
            return None
        place = self.request.receipts_in
        if place is None:
            place = os.path.dirname(self.paths[0])
        return os.path.join(
            place, f'{self.project}-{self.version}.receipt.json'
        )

    def say(self, findings: Iterable[finding.Finding]) -> None:
        """Add findings, each in the light of the policy's waivers."""
        self.findings.extend(
            waivers.apply(
                tuple(findings),
                self.terms.policy.waivers,
                self.project,
                self.today,
            )
        )

    def step(
        self, number: int
    ) -> contextlib.AbstractContextManager[numbered.Step]:
        """Do one step: tell the observer, take the time, keep the record."""
        return numbered.step(
            number,
            self.gates.observer,
            self.gates.clock,
            self.findings,
            self.steps,
        )

    def draw(self, outcome: receipt.Outcome) -> receipt.Receipt:
        """Draw the receipt as things stand now."""
        archive = self.gates.archive
        return receipt.Receipt(
            outcome=outcome,
            started=self.started,
            finished=self.finished,
            release=self._release(),
            index=receipt.IndexSummary(
                self.gates.index.kind,
                self.gates.uploader.upload_url,
                self.gates.index.read_url,
                self.keeps_signatures,
                self._serial(),
            ),
            token_user_id=(
                None if self.credential is None else self.credential.user_id
            ),
            artifacts=tuple(
                self._artifact(dist)
                for dist in plan.in_upload_order(self.distributions)
            ),
            before=self.before,
            after=self.after,
            drift=self.drift,
            archive=(
                None
                if archive is None
                else receipt.ArchiveSummary(
                    archive.place, tuple(self.archive_states.values())
                )
            ),
            findings=tuple(
                lines.located_by(item, self.gates.checkout.place)
                for item in self.findings
            ),
            steps=tuple(self.steps),
            days_left=self._days_left(),
        )

    def _days_left(self) -> float | None:
        """Return for how many days the index takes files of the release."""
        if self.gates.index.kind != 'pypi':
            return None
        now = self.gates.clock.now()
        for files in self._known_releases():
            left = acceptance_state.days_left(files, now)
            if left is not None:
                return left
        return float(acceptance_state.DAYS_OPEN) if self.uploaded else None

    def _known_releases(
        self,
    ) -> tuple[knowledge.Knowledge[tuple[listing.ListedFile, ...]], ...]:
        """Return the release's files on the index, newest reading first."""
        found = []
        if self.reading is not None:
            found.append(self.reading.files)
        if self.listed is not None:
            found.append(self.listed.release)
        return tuple(found)

    def _serial(self) -> int | None:
        for read in (self.reading, self.listed):
            if read is not None and read.serial is not None:
                return read.serial
        return None

    def _release(self) -> receipt.ReleaseSummary:
        order = self.order
        file = None if order is None else order.deliverable
        return receipt.ReleaseSummary(
            version=self.version,
            project=self.project,
            repo=None if order is None else order.repo,
            commit=None if order is None else order.commit,
            deliverable=None if file is None else file.path,
            series=None if file is None else file.series,
            team=None if file is None else file.team,
            order_commit=self.order_commit,
        )

    def _artifact(self, dist: distribution.Distribution) -> receipt.Artifact:
        signed = self.signed.get(dist.filename)
        return receipt.Artifact(
            distribution=dist,
            step=self.stored.get(dist.filename, 'not-uploaded'),
            confirmed=self.confirmed.get(dist.filename),
            url=self._url(dist),
            signature_filename=(
                None if signed is None else signed.reading.filename
            ),
            signature_sha256=None if signed is None else signed.reading.sha256,
            signature=None if signed is None else signed.signature,
        )

    def _url(self, dist: distribution.Distribution) -> str | None:
        for files in self._known_releases():
            if isinstance(files, knowledge.Known):
                for file in files.value:
                    if (file.filename, file.sha256) == (
                        dist.filename,
                        dist.sha256,
                    ):
                        return file.url
        return None
