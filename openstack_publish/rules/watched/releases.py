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

"""New releases, new files, and files that are gone.

What is new is said by :mod:`~openstack_publish.rules.watched.arrivals`.
"""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Collection
from collections.abc import Iterator
from collections.abc import Mapping

from openstack_publish.model import finding
from openstack_publish.model import knowledge
from openstack_publish.model import listing
from openstack_publish.model import watching
from openstack_publish.rules import catalogue
from openstack_publish.rules import findings
from openstack_publish.rules.watched import moments


@dataclasses.dataclass(frozen=True)
class Proof:
    """What the archive says of a file that is on the index."""

    original: knowledge.Knowledge[str | None]
    """sha256 of the archive's file of this name; None where it has none."""

    signature: tuple[finding.Finding, ...] = ()
    """What is to be said of the original's signature."""

    @property
    def good(self) -> bool:
        """Say whether there is a signed original."""
        return (
            isinstance(self.original, knowledge.Known)
            and self.original.value is not None
            and finding.worst(self.signature) is None
        )


@dataclasses.dataclass(frozen=True)
class Evidence:
    """What is known beside the index."""

    orders: Mapping[str, knowledge.Knowledge[bool]]
    """By version: whether a deliverable file orders it."""

    proofs: Mapping[str, Proof] | None
    """By file name; None where no archive is named."""


def judge(
    now: watching.Snapshot,
    new: Collection[listing.ListedFile],
    evidence: Evidence,
    time: datetime.datetime,
) -> watching.Judgement:
    """Judge new files and the releases that they are of."""
    found = _Found(now)
    for version in sorted({_release(file) for file in new}):
        found.take(_order(now, version, evidence, time))
    for file in new:
        found.take(_file(now, file, evidence, time))
    return found.judgement


class _Found:
    """Collects what is said of the files of one project."""

    def __init__(self, now: watching.Snapshot) -> None:
        self._now = now
        self._standing: list[watching.Condition] = []
        self._undecided: set[str] = set()
        self._pending: list[watching.Pending] = []

    def take(
        self,
        told: Iterator[watching.Condition | _Undecided | watching.Pending],
    ) -> None:
        for item in told:
            match item:
                case watching.Condition():
                    self._standing.append(item)
                case _Undecided(condition=condition):
                    self._undecided.add(condition.id)
                case watching.Pending():
                    self._pending.append(item)

    @property
    def judgement(self) -> watching.Judgement:
        return watching.Judgement(
            self._now.project,
            tuple(self._standing),
            undecided=frozenset(self._undecided),
            pending=tuple(self._pending),
        )


@dataclasses.dataclass(frozen=True)
class _Undecided:
    """What would be told if it were known to hold."""

    condition: watching.Condition


_Told = Iterator[watching.Condition | _Undecided | watching.Pending]


def _order(
    now: watching.Snapshot,
    version: str,
    evidence: Evidence,
    time: datetime.datetime,
) -> _Told:
    """Did somebody order this release? (OSP801)"""
    files = now.of(version)
    condition = watching.Condition(
        now.project,
        findings.failed(
            'OSP801',
            now.project,
            f'{now.project} {version} is on the index and no deliverable '
            'file orders it: ' + '; '.join(_shown(file) for file in files),
            remedy=_remedy('OSP801', now),
        ),
        version,
    )
    ordered = evidence.orders.get(version)
    if isinstance(ordered, knowledge.Known):
        if not ordered.value:
            yield condition
        return
    yield _Undecided(condition)
    why = 'nobody looked' if ordered is None else ordered.why
    for file in files:
        yield watching.Pending(
            now.project, file.filename, file.uploaded or time, why
        )


def _file(
    now: watching.Snapshot,
    file: listing.ListedFile,
    evidence: Evidence,
    time: datetime.datetime,
) -> _Told:
    """Is this file what the release job made? (OSP802, 803, 804, 815)"""
    if file.provenance is not None:
        yield _condition(
            now,
            file,
            'OSP815',
            f'{file.filename} has an attestation of a publisher '
            f'({file.provenance}); releases of OpenStack have none',
        )
    proofs = evidence.proofs
    proof = None if proofs is None else proofs.get(file.filename)
    first = _first_upload(now.of(_release(file)))
    if (
        first is not None
        and file.uploaded is not None
        and file.uploaded - first > moments.OLD
    ):
        late = _condition(
            now,
            file,
            'OSP802',
            f'{_shown(file)} was added to a release whose first file came '
            f'{moments.spelled(first)}',
        )
        if proof is None or not proof.good:
            yield _Undecided(late) if _waits(proof, file, time) else late
        elif proof.original != knowledge.Known(file.sha256):
            yield late
    ordered = evidence.orders.get(_release(file))
    if proof is not None and ordered == knowledge.Known(True):
        yield from _held_against(now, file, proof, time)


def _waits(
    proof: Proof | None, file: listing.ListedFile, time: datetime.datetime
) -> bool:
    """Say whether the archive may still show that a file is ours."""
    if proof is None:
        return False
    if isinstance(proof.original, knowledge.Unknown):
        return True
    if proof.original.value is None:
        return time - (file.uploaded or time) <= moments.GRACE
    return finding.worst(proof.signature) == 'unknown'


def _held_against(
    now: watching.Snapshot,
    file: listing.ListedFile,
    proof: Proof,
    time: datetime.datetime,
) -> _Told:
    """Hold a file against its signed original."""
    came = file.uploaded or time
    other = _condition(
        now,
        file,
        'OSP803',
        f'{_shown(file)} has other bytes than the archive has under this name',
    )
    unsigned = _condition(
        now, file, 'OSP804', f'{_shown(file)} has no signed original'
    )
    match proof.original:
        case knowledge.Unknown(what=what, why=why):
            yield _Undecided(other)
            yield _Undecided(unsigned)
            yield watching.Pending(
                now.project, file.filename, came, f'{what}: {why}'
            )
        case knowledge.Known(value=None):
            if time - came > moments.GRACE:
                yield unsigned
            else:
                yield _Undecided(unsigned)
                yield watching.Pending(
                    now.project,
                    file.filename,
                    came,
                    'the archive does not have it yet',
                )
        case knowledge.Known(value=digest) if digest != file.sha256:
            yield _condition(
                now,
                file,
                'OSP803',
                f'{file.filename} has sha256 {file.sha256 or "unknown"} on '
                f'the index and {digest} in the archive',
            )
        case knowledge.Known():
            yield from _signature(now, file, proof, unsigned, came)


def _signature(
    now: watching.Snapshot,
    file: listing.ListedFile,
    proof: Proof,
    unsigned: watching.Condition,
    came: datetime.datetime,
) -> _Told:
    refusing = [found for found in proof.signature if found.refuses]
    if not refusing:
        return
    said = '; '.join(found.message for found in refusing)
    if finding.worst(proof.signature) == 'unknown':
        yield _Undecided(unsigned)
        yield watching.Pending(now.project, file.filename, came, said)
        return
    yield _condition(
        now,
        file,
        'OSP804',
        f'the signature of {file.filename} in the archive does not hold: '
        f'{said}',
    )


def _condition(
    now: watching.Snapshot, file: listing.ListedFile, code: str, message: str
) -> watching.Condition:
    return watching.Condition(
        now.project,
        findings.failed(code, now.project, message, remedy=_remedy(code, now)),
        file.filename,
    )


def _remedy(code: str, now: watching.Snapshot) -> str:
    """Return what to do, and who can: nobody looks that up at such a time."""
    owners = [
        role.user
        for role in (now.who.roles if now.who is not None else ())
        if role.role == 'Owner'
    ]
    return (
        f'{catalogue.page(code).remedy} Owners, who can yank and delete: '
        f'{", ".join(owners) or "not known"}.'
    )


def _release(file: listing.ListedFile) -> str:
    return watching.release_of(file.filename)


def _first_upload(
    files: Collection[listing.ListedFile],
) -> datetime.datetime | None:
    return min(
        (file.uploaded for file in files if file.uploaded is not None),
        default=None,
    )


def _shown(file: listing.ListedFile) -> str:
    when = ''
    if file.uploaded is not None:
        when = f', uploaded {moments.spelled(file.uploaded)}'
    return f'{file.filename} (sha256 {file.sha256 or "unknown"}{when})'
