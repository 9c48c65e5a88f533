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

"""What a chain is made of: the originals, read and their signatures checked.

Originals lie in the archive, or were named. Each is looked at and put away
again before the next one, so that no more than one is at hand at a time. How
one is looked at stands in :mod:`.examination`.
"""

from __future__ import annotations

import dataclasses
import os
import re
from collections.abc import Collection
from collections.abc import Mapping
from collections.abc import Sequence

from openstack_publish.model import deliverable
from openstack_publish.model import distribution
from openstack_publish.model import knowledge
from openstack_publish.model import listing
from openstack_publish.model import verification
from openstack_publish.proof import originals
from openstack_publish.rules import links
from openstack_publish.verify import examination
from openstack_publish.verify import request

NO_ORIGINAL = 'there is no original to look at'

_PLAIN = re.compile(r'[A-Za-z0-9_][A-Za-z0-9._+!-]*', re.ASCII)
"""What a file may be called that an archive is asked for. The index may list
any name; one of another form is no file of ours."""

Kinds = Collection[distribution.Kind]
Archived = Mapping[str, knowledge.Knowledge[verification.Original | None]]


@dataclasses.dataclass(frozen=True)
class Evidence:
    """The originals of a release."""

    examined: tuple[examination.Examined, ...] = ()
    looked: links.Looked = dataclasses.field(default_factory=dict)
    """Kinds that were asked for and not found."""

    also: frozenset[str] = frozenset()
    """Other files that the index lists and the archive has."""

    dark: Mapping[str, knowledge.Unknown] = dataclasses.field(
        default_factory=dict
    )
    """Other files that the index lists and the archive was asked for in
    vain."""

    archived: Archived | None = None
    """For files that were named, what the archive has; None where the
    originals are those of the archive."""

    @property
    def lacking(self) -> tuple[str, ...]:
        """Return the originals that cannot be compared with anything."""
        if not self.examined:
            return (NO_ORIGINAL,)
        return (
            *self.unread,
            *(
                f'there is no original {links.KINDS[kind]}'
                for kind in self.looked
            ),
        )

    @property
    def unread(self) -> tuple[str, ...]:
        """Return what keeps originals from being compared with anything."""
        return tuple(
            f'{each.filename} could not be read: {each.read.why}'
            for each in self.examined
            if each.original.sha256 is None
            and isinstance(each.read, knowledge.Unknown)
        )


def of_archive(
    gates: request.Gates,
    order: deliverable.Order,
    listed: Sequence[listing.ListedFile],
    kinds: Kinds,
) -> Evidence:
    """Examine what the archive has of a release.

    A site gives no list of what it has. So it is asked for each kind that
    there must be, and for whatever else the index lists.

    :param listed: files under the version on the index
    """
    archive = gates.archive
    if archive is None:
        return Evidence()
    shown = _askable(listed)
    examined: dict[str, examination.Examined] = {}
    looked: dict[
        distribution.Kind, tuple[tuple[str, ...], knowledge.Unknown | None]
    ] = {}
    for kind in sorted(kinds):
        likely = [name for name in shown if links.kind_of(name) == kind]
        with originals.holding(archive, order, kind, likely) as search:
            found = examination.of_original(gates, search.found, listed)
            if isinstance(found, knowledge.Unknown):
                looked[kind] = (search.asked, found)
            elif found.value is None:
                looked[kind] = (search.asked, None)
            else:
                examined[found.value.filename] = found.value
    dark: dict[str, knowledge.Unknown] = {}
    for filename in shown:
        if filename in examined:
            continue
        kind = links.kind_of(filename)
        if kind in looked:
            # Each of that kind was asked for, until there was no answer.
            _, why = looked[kind]
            if why is not None:
                dark[filename] = why
            continue
        with archive.holding(order.repo, filename) as held:
            more = examination.of_original(gates, held, listed)
            if isinstance(more, knowledge.Unknown):
                dark[filename] = more
            elif more.value is not None:
                examined[filename] = more.value
    return Evidence(tuple(examined.values()), looked, dark=dark)


def of_files(
    gates: request.Gates,
    order: deliverable.Order | None,
    listed: examination.Files,
    paths: Sequence[str],
) -> Evidence:
    """Examine files that were named; the archive is to have the same bytes.

    A signature lies beside a file, else in the archive for those bytes.
    """
    found: list[examination.Examined] = []
    archived: dict[str, knowledge.Knowledge[verification.Original | None]] = {}
    for path in paths:
        filename = os.path.basename(path)
        beside = gates.distributions.signature_of(path)
        if gates.archive is None or order is None:
            found.append(examination.of_file(gates, path, beside, listed))
            continue
        with gates.archive.holding(order.repo, filename) as held:
            if isinstance(held, knowledge.Unknown):
                archived[filename] = held
                found.append(examination.of_file(gates, path, beside, listed))
                continue
            original = held.value
            archived[filename] = knowledge.Known(
                None if original is None else examination.placed(original)
            )
            if beside is None and original is not None:
                # For other bytes it says that it does not fit them.
                beside = original.signature_path
            found.append(examination.of_file(gates, path, beside, listed))
    also = set()
    dark: dict[str, knowledge.Unknown] = {}
    if gates.archive is not None and order is not None:
        for filename in _askable(listed):
            if filename in archived:
                continue
            has = gates.archive.has(order.repo, filename)
            if isinstance(has, knowledge.Unknown):
                dark[filename] = has
            elif has.value:
                also.add(filename)
    return Evidence(
        tuple(found), also=frozenset(also), dark=dark, archived=archived
    )


def _askable(listed: examination.Files) -> list[str]:
    """Return the listed files that an archive can be asked for."""
    return [
        file.filename
        for file in listed
        if _PLAIN.fullmatch(file.filename)
        and not file.filename.endswith('.asc')
    ]
