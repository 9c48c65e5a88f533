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

"""The receipt: what happened, of one release, in one document.

Format: ``openstack-publish/receipt/1``; its JSON Schema is shipped as
``openstack_publish/data/receipt-1.schema.json``.
"""

from __future__ import annotations

import dataclasses
import datetime
import enum
from typing import Literal

from openstack_publish.model import distribution
from openstack_publish.model import finding
from openstack_publish.model import listing
from openstack_publish.model import maintainers
from openstack_publish.model import signature

SCHEMA = 'openstack-publish/receipt/1'


class Outcome(enum.Enum):
    """How a run ended."""

    PUBLISHED = 'published'
    NOTHING_TO_DO = 'nothing-to-do'
    DRY_RUN = 'dry-run'
    REFUSED = 'refused'
    UNAVAILABLE = 'unavailable'
    INCOMPLETE = 'incomplete'
    UNCONFIRMED = 'unconfirmed'
    MISCONFIGURED = 'misconfigured'


_EXIT_CODES = {
    Outcome.PUBLISHED: 0,
    Outcome.NOTHING_TO_DO: 0,
    Outcome.DRY_RUN: 0,
    Outcome.REFUSED: 1,
    Outcome.MISCONFIGURED: 2,
    Outcome.UNAVAILABLE: 3,
    Outcome.INCOMPLETE: 4,
    Outcome.UNCONFIRMED: 4,
}


def exit_code(outcome: Outcome) -> int:
    """Return the exit code of the contract: the one place that maps them."""
    return _EXIT_CODES[outcome]


@dataclasses.dataclass(frozen=True)
class ReleaseSummary:
    """What was ordered."""

    version: str | None = None
    project: str | None = None
    repo: str | None = None
    commit: str | None = None
    deliverable: str | None = None
    series: str | None = None
    team: str | None = None
    order_commit: str | None = None
    """HEAD of the openstack/releases checkout; None outside git."""


@dataclasses.dataclass(frozen=True)
class IndexSummary:
    """Where it went."""

    kind: listing.IndexKind
    upload_url: str | None
    read_url: str
    keeps_signatures: bool | None = None
    serial: int | None = None


StepOutcome = Literal['held', 'failed', 'unknown', 'not-done']
ArtifactStep = Literal['uploaded', 'already-there', 'not-uploaded']


@dataclasses.dataclass(frozen=True)
class Artifact:
    """One distribution and what became of it."""

    distribution: distribution.Distribution
    step: ArtifactStep = 'not-uploaded'
    confirmed: bool | None = None
    url: str | None = None
    signature_filename: str | None = None
    signature_sha256: str | None = None
    signature: signature.Signature | None = None


@dataclasses.dataclass(frozen=True)
class MaintainersReading:
    """The maintainers at one moment, or why they are not here."""

    state: Literal['known', 'new', 'unknown', 'not-read'] = 'not-read'
    reason: str | None = None
    maintainers: maintainers.Maintainers | None = None


NOT_READ = MaintainersReading()
"""The maintainers of a moment that a run did not come to."""


@dataclasses.dataclass(frozen=True)
class ArchivedArtifact:
    """One file and what became of it in the archive."""

    filename: str
    state: Literal['staged', 'placed', 'already-there', 'removed']


@dataclasses.dataclass(frozen=True)
class ArchiveSummary:
    """The archive and what was put there."""

    place: str
    files: tuple[ArchivedArtifact, ...] = ()


@dataclasses.dataclass(frozen=True)
class StepRecord:
    """One step of the proof, done."""

    number: int
    name: str
    seconds: float
    outcome: StepOutcome


@dataclasses.dataclass(frozen=True)
class Receipt:
    """The whole story of one run."""

    outcome: Outcome
    started: datetime.datetime
    finished: datetime.datetime | None = None
    release: ReleaseSummary = ReleaseSummary()
    index: IndexSummary | None = None
    token_user_id: str | None = None
    artifacts: tuple[Artifact, ...] = ()
    before: MaintainersReading = NOT_READ
    after: MaintainersReading = NOT_READ
    drift: tuple[str, ...] | None = None
    """What changed between the two; None unless both were read."""

    archive: ArchiveSummary | None = None
    findings: tuple[finding.Finding, ...] = ()
    steps: tuple[StepRecord, ...] = ()
    days_left: float | None = None
    """Days in which the index still takes files; not part of the document."""

    @property
    def lacks_only_confirmation(self) -> bool:
        """Say whether all is done but to read it back.

        What still waits for its place in the archive, only another run puts
        there.
        """
        files = () if self.archive is None else self.archive.files
        return self.outcome is Outcome.UNCONFIRMED and not any(
            file.state in ('staged', 'removed') for file in files
        )
