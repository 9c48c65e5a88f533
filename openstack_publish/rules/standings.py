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

"""How far an ordered release came: which cells of its row hold.

What is wrong is said by the rules that verifying has as well
(:mod:`.links`), and by OSP304 where it is too late to mend it.
"""

from __future__ import annotations

import dataclasses
import datetime
import math
from collections.abc import Mapping

from openstack_publish.model import deliverable
from openstack_publish.model import distribution
from openstack_publish.model import finding
from openstack_publish.model import knowledge
from openstack_publish.model import listing
from openstack_publish.model import policy
from openstack_publish.model import publishing
from openstack_publish.model import standing
from openstack_publish.model import verdicts
from openstack_publish.model import verification
from openstack_publish.rules import acceptance_state
from openstack_publish.rules import findings
from openstack_publish.rules import links
from openstack_publish.rules import project_state
from openstack_publish.rules import waivers


@dataclasses.dataclass(frozen=True)
class Archived:
    """What the archive has of a release."""

    place: str
    originals: tuple[verification.Original, ...]
    looked: links.Looked
    """For a kind that was not found the names that were asked for, and why
    one of them could not be known."""

    signatures: Mapping[str, tuple[finding.Finding, ...]]
    """By file name what is to be said of its signature; a file whose
    signature was not looked at is missing."""


@dataclasses.dataclass(frozen=True)
class Asked:
    """One order, and what its row is held against."""

    order: deliverable.Order
    reach: publishing.Reach
    policy: policy.Policy
    now: datetime.datetime
    first_key: datetime.date | None = None
    """First day on which a key of the cycles signed anything."""

    @property
    def kinds(self) -> frozenset[distribution.Kind]:
        """Return what the release must consist of."""
        return self.policy.of(self.order.project).release.kinds


def out_of_reach(asked: Asked) -> standing.Standing | None:
    """Return the row of an order that leads to no file; None for others."""
    if asked.reach.answer == 'no':
        return _row(asked, asked.reach.why)
    given_up = asked.policy.of(asked.order.project).relinquished
    if given_up is not None:
        return _row(
            asked,
            f'the policy says that the project was handed over on {given_up}',
        )
    return None


def reached(
    asked: Asked, archived: Archived | None, listed: listing.Overview
) -> standing.Standing:
    """Return the row of an order that may lead to files.

    :param archived: None where no archive was named
    :param listed: of the order's project
    """
    release = listed.release(asked.order.version)
    row = dataclasses.replace(
        _row(asked),
        archive=_in_archive(archived),
        index=_on_index(release),
        same_bytes=_same_bytes(archived, release),
        days_left=_days_left(asked, release),
    )
    new = listed.new == knowledge.Known(True)
    if new and asked.reach.answer != 'yes':
        return dataclasses.replace(
            row, why=f'the index has no such project; {asked.reach.why}'
        )
    said = (
        *((links.no_archive(_subject(asked)),) if archived is None else ()),
        *_of_archive(asked, archived, release),
        *links.same_bytes(
            _subject(asked),
            () if archived is None else archived.originals,
            asked.kinds,
            release,
            asked.reach,
            new=new,
        ),
        *project_state.yanked(_subject(asked), release),
    )
    said = waivers.apply(
        (*said, *_too_late(asked, said, row.days_left)),
        asked.policy.waivers,
        asked.order.project,
        asked.now.date(),
    )
    return dataclasses.replace(row, verdict=verdicts.of(said), findings=said)


def unread(
    name: str, series: str | None, said: tuple[finding.Finding, ...]
) -> standing.Standing:
    """Return the row of what was asked for and gives no order."""
    return standing.Standing(
        name, None, None, series, verdicts.of(said), findings=said
    )


def _row(asked: Asked, why: str = '') -> standing.Standing:
    """Return the row of an order of which nothing is known yet."""
    order = asked.order
    return standing.Standing(
        project=order.project,
        version=order.version,
        repo=order.repo,
        series=None if order.deliverable is None else order.deliverable.series,
        verdict='absent',
        why=why,
    )


def _in_archive(archived: Archived | None) -> standing.InArchive:
    if archived is None:
        return standing.InArchive()
    there = {links.kind_of(one.filename) for one in archived.originals}

    def has(kind: distribution.Kind) -> bool | None:
        if kind in there:
            return True
        _, why = archived.looked.get(kind, ((), None))
        return False if why is None else None

    return standing.InArchive(
        has('sdist'), has('bdist_wheel'), _signed(archived)
    )


def _signed(archived: Archived) -> bool | None:
    """Say whether every file that is there has a good signature."""
    if not archived.originals:
        return None
    verdict: str = 'held'
    for original in archived.originals:
        if original.signature is None:
            return False
        said = archived.signatures.get(original.filename)
        found = 'unknown' if said is None else verdicts.of(said)
        if found == 'failed':
            return False
        if found == 'unknown':
            verdict = 'unknown'
    return True if verdict == 'held' else None


def _on_index(release: links.Listed) -> standing.OnIndex:
    if isinstance(release, knowledge.Unknown):
        return standing.OnIndex()
    there = {links.kind_of(file.filename) for file in release.value}
    return standing.OnIndex('sdist' in there, 'bdist_wheel' in there)


def _same_bytes(
    archived: Archived | None, release: links.Listed
) -> bool | None:
    """Compare the digests of every file that both have."""
    if archived is None or isinstance(release, knowledge.Unknown):
        return None
    shown = {file.filename: file.sha256 for file in release.value}
    both = [
        (one.sha256, shown[one.filename])
        for one in archived.originals
        if one.filename in shown
    ]
    same = [
        None if None in digests else digests[0] == digests[1]
        for digests in both
    ]
    if False in same:
        return False
    return None if None in same or not same else True


def _days_left(asked: Asked, release: links.Listed) -> float | None:
    if asked.policy.index != 'pypi':
        return None
    left = acceptance_state.days_left(release, asked.now)
    # Down, so that 0.0 is said only of a release that is closed, or is so
    # within the quarter of an hour.
    return None if left is None else math.floor(left * 100) / 100


def _of_archive(
    asked: Asked, archived: Archived | None, release: links.Listed
) -> tuple[finding.Finding, ...]:
    if archived is None:
        return ()
    said = links.archived(
        _subject(asked),
        archived.place,
        archived.originals,
        archived.looked,
        _unsigned_then(asked, release),
    )
    for original in archived.originals:
        said += archived.signatures.get(original.filename, ())
    return said


def _unsigned_then(asked: Asked, release: links.Listed) -> frozenset[str]:
    """Return files that were uploaded before there was a key to sign."""
    if asked.first_key is None or isinstance(release, knowledge.Unknown):
        return frozenset()
    return frozenset(
        file.filename
        for file in release.value
        if file.uploaded is not None and file.uploaded.date() < asked.first_key
    )


def _too_late(
    asked: Asked,
    said: tuple[finding.Finding, ...],
    days_left: float | None,
) -> tuple[finding.Finding, ...]:
    """Say that what the index lacks can no longer be added (OSP304)."""
    lacks = any(
        found.code == 'OSP733' and found.verdict == 'failed' for found in said
    )
    if not lacks or days_left is None or days_left > 0:
        return ()
    return (
        findings.failed(
            'OSP304',
            _subject(asked),
            f'the first file came more than {acceptance_state.DAYS_OPEN} '
            'days ago: PyPI takes no more files of this release',
        ),
    )


def _subject(asked: Asked) -> str:
    return f'{asked.order.project} {asked.order.version}'
