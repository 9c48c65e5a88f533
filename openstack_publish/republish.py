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

"""Publish the originally signed bytes of a release again.

The originals are taken from the archive into a private directory, each with
its signature, and go the way of every publication: ordered, built from the
ordered commit, signed by a trusted key, and accepted by the index as far as
that can be told. Nothing is signed and nothing is built here.
"""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Sequence

from openstack_publish import exceptions
from openstack_publish import publish
from openstack_publish import seams
from openstack_publish.model import deliverable
from openstack_publish.model import finding
from openstack_publish.model import knowledge
from openstack_publish.model import listing
from openstack_publish.model import names
from openstack_publish.model import policy
from openstack_publish.model import receipt
from openstack_publish.proof import originals
from openstack_publish.proof import request
from openstack_publish.proof import selection
from openstack_publish.proof import signatures
from openstack_publish.rules import acceptance_state
from openstack_publish.rules import findings
from openstack_publish.rules import links
from openstack_publish.rules import publishing
from openstack_publish.rules import windows


@dataclasses.dataclass(frozen=True)
class Request:
    """What was asked for, as plain values."""

    project: names.ProjectName
    version: str
    repo: str | None = None
    """The only repository whose order counts."""

    trusted: tuple[str, ...] = ()
    """Fingerprints, and files of public keys."""

    receipt: str | None = None
    """None for the working directory: an archive gets no receipts."""

    wait: float = 600.0
    """Longest wait for the index to show what was uploaded, in seconds."""

    dry_run: bool = False


@dataclasses.dataclass(frozen=True)
class Gates:
    """Everything outside, each once."""

    publication: request.Gates
    archive: seams.Originals
    copies: seams.Copies


@dataclasses.dataclass(frozen=True)
class Taken:
    """One original, as it was taken."""

    filename: str
    path: str
    """Of the private copy."""

    sha256: str


def republish(
    asked: Request, allowed: policy.Policy, gates: Gates
) -> receipt.Receipt:
    """Complete a release on the index with its originals.

    Whatever happens is told by the receipt, as by
    :func:`~openstack_publish.publish.publish`.
    """
    now = gates.publication.clock.now()
    try:
        return _republish(asked, allowed, gates)
    except (exceptions.PublishError, KeyboardInterrupt) as error:
        return publish.not_begun(error, now)
    except Exception as error:  # noqa: BLE001  publish tells of its own; this
        # was before it began.
        gates.publication.observer.broke(error)
        return publish.not_begun(error, now)


def _republish(
    asked: Request, allowed: policy.Policy, gates: Gates
) -> receipt.Receipt:
    order, said = selection.of_release(
        gates.publication.checkout, asked.project, asked.version, asked.repo
    )
    if order is None:
        return _ended(gates, asked, None, said)
    taken, lacking = _take(gates, allowed, order)
    if finding.worst(lacking) is not None:
        return _ended(gates, asked, order, (*said, *lacking))
    listed = gates.publication.index.read_project(order.project, order.version)
    return publish.publish(
        request.Terms(
            _publication(asked, order, taken),
            allowed,
            (
                *_in_window(asked, allowed, gates, taken),
                *_what_is_there(taken, listed, gates),
            ),
        ),
        dataclasses.replace(
            gates.publication, archive=_AsTaken(gates.archive.place, taken)
        ),
    )


def _take(
    gates: Gates, allowed: policy.Policy, order: deliverable.Order
) -> tuple[tuple[Taken, ...], tuple[finding.Finding, ...]]:
    """Copy each kind of file that the release must have (OSP325)."""
    subject = f'{order.project} {order.version}'
    reach = publishing.reaches(order.version, order.repo, None)
    if reach.answer == 'no':
        return (), (
            findings.failed(
                'OSP325',
                subject,
                reach.why,
                remedy='Nothing: it has no files.',
            ),
        )
    kinds = sorted(allowed.of(order.project).release.kinds)
    taken: list[Taken] = []
    lacking: list[finding.Finding] = []
    for number, kind in enumerate(kinds, 1):
        with originals.holding(gates.archive, order, kind) as search:
            found = search.found
            if isinstance(found, knowledge.Unknown):
                lacking.append(findings.unknown('OSP325', subject, found))
            elif found.value is None:
                lacking.append(
                    findings.failed(
                        'OSP325',
                        subject,
                        f'{gates.archive.place} has no {links.KINDS[kind]} '
                        'of it; looked for ' + ', '.join(search.asked),
                    )
                )
            elif found.value.signature_path is None:
                lacking.append(
                    findings.failed(
                        'OSP325',
                        found.value.filename,
                        f'{found.value.url} has no signature beside it',
                    )
                )
            else:
                file = found.value
                path = gates.copies.take(file)
                taken.append(Taken(file.filename, path, file.sha256))
        gates.publication.observer.counted(
            'taking the originals', number, len(kinds)
        )
    return tuple(taken), tuple(lacking)


def _publication(
    asked: Request, order: deliverable.Order, taken: Sequence[Taken]
) -> request.Request:
    return request.Request(
        places=tuple(one.path for one in taken),
        version=order.version,
        repo=asked.repo,
        signatures='require',
        trusted=asked.trusted,
        receipt=asked.receipt,
        receipts_in='',
        wait=asked.wait,
        dry_run=asked.dry_run,
    )


def _in_window(
    asked: Request,
    allowed: policy.Policy,
    gates: Gates,
    taken: Sequence[Taken],
) -> Iterator[finding.Finding]:
    """Warn of signatures outside the windows of their keys (OSP530).

    Whether they are good is judged by the publication.

    :raises Misconfigured: a named key file isn't one
    :raises Unavailable: gpg could not be run
    """
    checkout = gates.publication.checkout
    signer = gates.publication.signer
    signatures.trust(checkout, allowed, asked.trusted).all_in(signer)
    keys = windows.of(checkout.read_series())
    for one in taken:
        reading = signer.verify(f'{one.path}.asc', one.path)
        yield from windows.signature(one.filename, reading, keys)


def _what_is_there(
    taken: Sequence[Taken], listed: listing.Listing, gates: Gates
) -> Iterator[finding.Finding]:
    """Say what the index has of the originals, and what it lacks (OSP752).

    What it doesn't say is told by the publication, which asks again.
    """
    if isinstance(listed.release, knowledge.Unknown):
        return
    shown = {(file.filename, file.sha256) for file in listed.release.value}
    words = []
    for label, there in (('on the index', True), ('missing there', False)):
        ours = [
            one.filename
            for one in taken
            if ((one.filename, one.sha256) in shown) is there
        ]
        if ours:
            words.append(f'{label}: {", ".join(sorted(ours))}')
    left = None
    if gates.publication.index.kind == 'pypi':
        left = acceptance_state.days_left(
            listed.release, gates.publication.clock.now()
        )
    if left is not None:
        words.append(
            f'{left:.2f} of the {acceptance_state.DAYS_OPEN} days are left'
        )
    yield findings.noted(
        'OSP752', f'{listed.project} {listed.version}', '; '.join(words)
    )


def _ended(
    gates: Gates,
    asked: Request,
    order: deliverable.Order | None,
    said: tuple[finding.Finding, ...],
) -> receipt.Receipt:
    """Return the receipt of a release that has no originals to send."""
    now = gates.publication.clock.now()
    file = None if order is None else order.deliverable
    refused = finding.worst(said) == 'failed'
    return receipt.Receipt(
        receipt.Outcome.REFUSED if refused else receipt.Outcome.UNAVAILABLE,
        now,
        now,
        release=receipt.ReleaseSummary(
            version=asked.version,
            project=asked.project if order is None else order.project,
            repo=None if order is None else order.repo,
            commit=None if order is None else order.commit,
            deliverable=None if file is None else file.path,
            series=None if file is None else file.series,
            team=None if file is None else file.team,
        ),
        findings=said,
    )


class _AsTaken:
    """Fits :class:`~openstack_publish.seams.Archive`, and writes nothing.

    The archive has everything: that is where the files are from.

    :param place: of the archive
    """

    def __init__(self, place: str, taken: Sequence[Taken]) -> None:
        self.place = place
        self._taken = {one.filename: one for one in taken}

    def find(
        self, repo: str, filename: str
    ) -> knowledge.Knowledge[seams.ArchivedFile | None]:
        """Return the copy of a file."""
        one = self._taken.get(filename)
        if one is None:
            return knowledge.Known(None)
        return knowledge.Known(
            seams.ArchivedFile(one.path, one.sha256, f'{one.path}.asc')
        )

    def agree(
        self,
        repo: str,
        signed: Sequence[seams.SignedFile],
        good: Callable[[seams.SignedFile, str], bool],
    ) -> tuple[seams.SignedFile, ...]:
        """Replace nothing: the signatures are the archive's."""
        return ()

    def stage(
        self, repo: str, files: Sequence[seams.CheckedFile]
    ) -> tuple[receipt.ArchivedArtifact, ...]:
        """Say of each file that it is there already."""
        return tuple(
            receipt.ArchivedArtifact(
                os.path.basename(file.path), 'already-there'
            )
            for file in files
        )

    def promote(
        self, repo: str, filenames: Sequence[str]
    ) -> tuple[receipt.ArchivedArtifact, ...]:
        """Do nothing: nothing was staged."""
        return ()

    def discard(
        self, repo: str, filenames: Sequence[str]
    ) -> tuple[receipt.ArchivedArtifact, ...]:
        """Do nothing: nothing was staged."""
        return ()
