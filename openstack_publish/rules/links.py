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

"""The links between the archive and the index (OSP730 to OSP735).

What the other links say is said by the rules that publishing has as well:
:mod:`.ordered`, :mod:`.order_fit`, :mod:`.signed`, :mod:`.maintainership`.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence

from openstack_publish.model import distribution
from openstack_publish.model import finding
from openstack_publish.model import knowledge
from openstack_publish.model import listing
from openstack_publish.model import names
from openstack_publish.model import policy
from openstack_publish.model import publishing
from openstack_publish.model import verification
from openstack_publish.rules import archived as archives
from openstack_publish.rules import findings

Listed = knowledge.Knowledge[tuple[listing.ListedFile, ...]]
Originals = Sequence[verification.Original]
Looked = Mapping[
    distribution.Kind,
    tuple[tuple[str, ...], knowledge.Unknown | None],
]
"""For a kind that was not found the names that were asked for, and why one
of them could not be known."""

LATE = datetime.timedelta(hours=24)
"""How long after its signature a file may be uploaded."""

CLOCKS = datetime.timedelta(minutes=5)
"""How far the clocks of signer and index may differ."""

KINDS: Mapping[distribution.Kind, str] = {
    'sdist': 'sdist',
    'bdist_wheel': 'wheel',
}


def kind_of(filename: str) -> distribution.Kind:
    """Return the kind of a distribution, by its name."""
    return 'bdist_wheel' if filename.endswith('.whl') else 'sdist'


def archived(
    subject: str,
    place: str,
    originals: Originals,
    looked: Looked,
    unsigned_then: Collection[str] = (),
) -> tuple[finding.Finding, ...]:
    """Judge what the archive has of a release (OSP730, OSP731).

    :param subject: project and version
    :param looked: kinds that are wanted and were not found
    :param unsigned_then: files that were uploaded before any was signed
    """
    return tuple(_archived(subject, place, originals, looked, unsigned_then))


def named(
    place: str,
    distributions: Sequence[distribution.Distribution],
    found: Mapping[str, knowledge.Knowledge[verification.Original | None]],
) -> tuple[finding.Finding, ...]:
    """Hold files that were given against the archive (OSP320, OSP730).

    :param found: for each what the archive has under its name
    """
    digests: dict[str, knowledge.Knowledge[str | None]] = {}
    for filename, one in found.items():
        if isinstance(one, knowledge.Known):
            digests[filename] = knowledge.Known(
                None if one.value is None else one.value.sha256
            )
        else:
            digests[filename] = one
    return (
        *archives.archived(distributions, digests),
        *(
            findings.failed('OSP730', filename, f'{place} does not have it')
            for filename, one in found.items()
            if one == knowledge.Known(None)
        ),
    )


def no_archive(subject: str) -> finding.Finding:
    """Say that nobody named an archive, so nothing of it is known."""
    return findings.unknown(
        'OSP730',
        subject,
        knowledge.Unknown(
            'the originals', 'no archive was named; give --archive'
        ),
    )


def same_bytes(
    subject: str,
    originals: Originals,
    kinds: Collection[distribution.Kind],
    listed: Listed,
    reach: publishing.Reach,
    *,
    new: bool,
) -> tuple[finding.Finding, ...]:
    """Hold what the index states against the originals (OSP732, OSP733).

    :param kinds: that a release must consist of
    :param reach: whether the version reaches the index at all
    :param new: whether the index has no such project
    """
    if isinstance(listed, knowledge.Unknown):
        return (_not_read(subject, listed),)
    return tuple(
        _same_bytes(subject, originals, kinds, listed.value, reach, new)
    )


def nothing_else(
    subject: str,
    ours: Collection[str],
    listed: Listed,
    dark: Mapping[str, knowledge.Unknown] | None = None,
) -> tuple[finding.Finding, ...]:
    """Name every file of the version that is none of ours (OSP703).

    :param ours: names of the release's own files
    :param dark: files of which could not be known whether they are
    """
    if isinstance(listed, knowledge.Unknown):
        return (_not_read(subject, listed),)
    found = []
    for file in listed.value:
        if file.filename.removesuffix('.asc') in ours:
            continue
        why = (dark or {}).get(file.filename)
        if why is not None:
            found.append(findings.unknown('OSP703', file.filename, why))
            continue
        found.append(
            findings.failed(
                'OSP703',
                file.filename,
                "is listed under the version and is none of the release's "
                f'files: sha256 {file.sha256 or "not stated"}',
            )
        )
    return tuple(found)


def in_time(
    filename: str,
    signed: datetime.datetime,
    uploaded: datetime.datetime,
) -> tuple[finding.Finding, ...]:
    """Hold the time of the upload against that of the signature (OSP734)."""
    if -CLOCKS <= uploaded - signed <= LATE:
        return ()
    when = 'after' if uploaded > signed else 'before'
    hours = abs((uploaded - signed).total_seconds()) / 3600
    return (
        findings.failed(
            'OSP734',
            filename,
            f'was uploaded on {_time(uploaded)}, {hours:.1f} h {when} its '
            f'signature was made on {_time(signed)}; at most '
            f'{LATE.total_seconds() / 3600:g} h after is usual',
        ),
    )


def no_time(filename: str, kind: listing.IndexKind) -> finding.Finding:
    """Say that the index does not tell when it received a file.

    :param kind: a simple page need not have times (PEP 503), so of an index
        of kind ``plain`` this is a note
    """
    what = f'when {filename} was uploaded'
    if kind == 'plain':
        return findings.noted(
            'OSP734',
            filename,
            f'{what}: the index does not say (it need not)',
            remedy='Nothing: an index of this kind need not say it.',
        )
    return _not_read(
        filename, knowledge.Unknown(what, 'the index does not say')
    )


def attested(filename: str, told: verification.Attested) -> finding.Finding:
    """Say that a file has attestations, and whose (OSP735)."""
    message = f'has PEP 740 attestations: {told.said}'
    if told.install is not None:
        message += f'; to verify them, install {told.install}'
    return findings.failed('OSP735', filename, message)


def given_up(
    project: names.ProjectName, terms: policy.ProjectPolicy
) -> finding.Finding:
    """Say that who holds a role there is no matter of ours any more."""
    return findings.noted(
        'OSP405',
        project,
        f'{project} was given up on {terms.relinquished}: {terms.reason}',
        remedy='Nothing: it is not ours any more.',
    )


def _archived(
    subject: str,
    place: str,
    originals: Originals,
    looked: Looked,
    unsigned_then: Collection[str],
) -> Iterator[finding.Finding]:
    for kind, (asked, why) in looked.items():
        if why is not None:
            yield findings.unknown('OSP730', subject, why)
            continue
        yield findings.failed(
            'OSP730',
            subject,
            f'{place} has no {KINDS[kind]} of it: looked for '
            + ', '.join(asked),
        )
    for original in originals:
        if original.signature is not None:
            continue
        if original.filename in unsigned_then:
            yield findings.unknown(
                'OSP731',
                original.filename,
                knowledge.Unknown(
                    'whether it is what was built',
                    'it was uploaded before the first key of a cycle signed '
                    'anything',
                ),
            )
            continue
        yield findings.failed(
            'OSP731',
            original.filename,
            f'there is no {original.filename}.asc beside {original.place}',
        )


def _same_bytes(
    subject: str,
    originals: Originals,
    kinds: Collection[distribution.Kind],
    listed: tuple[listing.ListedFile, ...],
    reach: publishing.Reach,
    new: bool,
) -> Iterator[finding.Finding]:
    shown = {file.filename: file for file in listed}
    for original in originals:
        file = shown.get(original.filename)
        if original.sha256 is None:
            continue
        if file is None:
            yield _missing(
                original.filename, 'the index does not list it', reach, new
            )
        elif file.sha256 is None:
            yield _not_read(
                original.filename,
                knowledge.Unknown(
                    f'digest of {original.filename}', 'the index states none'
                ),
            )
        elif file.sha256 != original.sha256:
            yield findings.failed(
                'OSP732',
                original.filename,
                f'the index has sha256 {file.sha256}, the original '
                f'{original.sha256}',
            )
    have = {kind_of(each.filename) for each in originals}
    have |= {kind_of(file.filename) for file in listed}
    for kind in sorted(set(kinds) - have):
        yield _missing(
            subject, f'the index lists no {KINDS[kind]} of it', reach, new
        )


def _missing(
    subject: str, message: str, reach: publishing.Reach, new: bool
) -> finding.Finding:
    """Say that a file is not there, if it is known that it should be.

    A project that is on the index is one that is published there.
    """
    if new and reach.answer != 'yes':
        return findings.unknown(
            'OSP733',
            subject,
            knowledge.Unknown(
                'whether it should be on the index',
                f'the index has no such project; {reach.why}',
            ),
        )
    return findings.failed('OSP733', subject, message)


def _not_read(subject: str, why: knowledge.Unknown) -> finding.Finding:
    return findings.unknown(
        'OSP704', subject, why, remedy='Run again when the index answers.'
    )


def _time(when: datetime.datetime) -> str:
    return f'{when:%Y-%m-%dT%H:%M:%SZ}'
