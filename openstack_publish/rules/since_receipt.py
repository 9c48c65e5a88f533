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

"""What a receipt names, held against what there is now (OSP736, OSP737)."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence

from openstack_publish.model import deliverable
from openstack_publish.model import finding
from openstack_publish.model import knowledge
from openstack_publish.model import listing
from openstack_publish.model import maintainers
from openstack_publish.model import receipt_form
from openstack_publish.model import signature
from openstack_publish.model import verification
from openstack_publish.rules import findings
from openstack_publish.rules import role_changes


def ordered(
    named: receipt_form.Named, order: deliverable.Order | None
) -> tuple[finding.Finding, ...]:
    """Is it what the deliverable file orders now?"""
    if order is None:
        return ()
    then = f'{named.repo} at {named.commit}'
    now = f'{order.repo} at {order.commit}'
    if then == now:
        return ()
    return (
        findings.failed(
            'OSP736',
            f'{named.project} {named.version}',
            f'the receipt says that {then} was ordered, {order.path} now '
            f'orders {now}',
        ),
    )


def originals(
    named: receipt_form.Named, found: Sequence[verification.Original]
) -> tuple[finding.Finding, ...]:
    """Are the originals the files that were published?"""
    there = {each.filename: each for each in found}
    said = []
    for file in named.files:
        original = there.get(file.filename)
        if original is None or original.sha256 in (None, file.sha256):
            continue
        said.append(
            findings.failed(
                'OSP736',
                file.filename,
                f'the receipt has sha256 {file.sha256}, {original.place} '
                f'{original.sha256}',
            )
        )
    return tuple(said)


def signatures(
    named: receipt_form.Named,
    found: Mapping[str, signature.SignatureReading],
) -> tuple[finding.Finding, ...]:
    """Are the signatures those that were made then?

    :param found: by file name of the distribution
    """
    said = []
    for file in named.files:
        reading = found.get(file.filename)
        if file.signature is None or reading is None:
            continue
        if reading.sha256 != file.signature.sha256:
            said.append(
                findings.failed(
                    'OSP736',
                    file.filename,
                    'the receipt names a signature with sha256 '
                    f'{file.signature.sha256}, by '
                    f'{file.signature.primary}; the one that is there has '
                    f'{reading.sha256}',
                )
            )
    return tuple(said)


def listed(
    named: receipt_form.Named,
    found: knowledge.Knowledge[tuple[listing.ListedFile, ...]],
) -> tuple[finding.Finding, ...]:
    """Does the index have the files that were published?

    What it does not say is said by the rules over originals.
    """
    if isinstance(found, knowledge.Unknown):
        return ()
    shown = {file.filename: file.sha256 for file in found.value}
    said = []
    for file in named.files:
        if file.filename not in shown:
            said.append(
                findings.failed(
                    'OSP736',
                    file.filename,
                    f'the receipt has sha256 {file.sha256}, and the index '
                    'does not list it',
                )
            )
        elif shown[file.filename] not in (None, file.sha256):
            said.append(
                findings.failed(
                    'OSP736',
                    file.filename,
                    f'the receipt has sha256 {file.sha256}, the index '
                    f'{shown[file.filename]}',
                )
            )
    return tuple(said)


def roles(
    named: receipt_form.Named,
    now: knowledge.Knowledge[maintainers.Maintainers],
) -> tuple[finding.Finding, ...]:
    """Say who has come or gone since (OSP737)."""
    if named.maintainers is None or isinstance(now, knowledge.Unknown):
        return ()
    return tuple(
        findings.failed('OSP737', change.subject, change.text)
        for change in role_changes.between(named.maintainers, now.value)
    )
