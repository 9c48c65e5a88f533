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
again before the next one, so that no more than one is at hand at a time.
"""

from __future__ import annotations

import dataclasses
import datetime
import os
import re
from collections.abc import Collection
from collections.abc import Mapping
from collections.abc import Sequence

from openstack_publish import exceptions
from openstack_publish import seams
from openstack_publish.model import deliverable
from openstack_publish.model import distribution
from openstack_publish.model import knowledge
from openstack_publish.model import listing
from openstack_publish.model import signature
from openstack_publish.model import verification
from openstack_publish.proof import originals
from openstack_publish.rules import links
from openstack_publish.verify import request

SIGNATURES_UNTIL = datetime.datetime(2023, 5, 24, tzinfo=datetime.UTC)
"""PyPI has a signature beside a file that was uploaded before this day."""

_CHANGED = 'the file changed while it was looked at'

_PLAIN = re.compile(r'[A-Za-z0-9_][A-Za-z0-9._+!-]*', re.ASCII)
"""What a file may be called that an archive is asked for. The index may list
any name; one of another form is no file of ours."""

Reading = knowledge.Knowledge[signature.SignatureReading]
Files = Sequence[listing.ListedFile]
Kinds = Collection[distribution.Kind]


@dataclasses.dataclass(frozen=True)
class Examined:
    """One original, looked at."""

    original: verification.Original
    read: knowledge.Knowledge[distribution.Distribution]
    signed: Reading | None
    """None where there is no signature."""

    on_index: Reading | None = None
    """Of the signature that the index itself has, if it has one."""

    @property
    def filename(self) -> str:
        """Return the file's name."""
        return self.original.filename

    @property
    def signature(self) -> signature.Signature | None:
        """Return the one valid signature, if that is what there is."""
        if not isinstance(self.signed, knowledge.Known):
            return None
        valid = self.signed.value.valid
        return valid[0] if len(valid) == 1 else None


@dataclasses.dataclass(frozen=True)
class Evidence:
    """The originals of a release."""

    examined: tuple[Examined, ...] = ()
    looked: links.Looked = dataclasses.field(default_factory=dict)
    """Kinds that were asked for and not found."""

    dark: Mapping[str, knowledge.Unknown] = dataclasses.field(
        default_factory=dict
    )
    """Other files that the index lists and the archive was asked for in
    vain."""

    archived: Mapping[str, knowledge.Knowledge[str | None]] | None = None
    """For files that were named, the digests that the archive has; None
    where the originals are those of the archive."""


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
    shown = [
        file.filename
        for file in listed
        if _PLAIN.fullmatch(file.filename)
        and not file.filename.endswith('.asc')
    ]
    examined: dict[str, Examined] = {}
    looked: dict[
        distribution.Kind, tuple[tuple[str, ...], knowledge.Unknown | None]
    ] = {}
    for kind in sorted(kinds):
        likely = [name for name in shown if links.kind_of(name) == kind]
        with originals.holding(archive, order, kind, likely) as search:
            found = _archived(gates, search.found, listed)
            if isinstance(found, knowledge.Unknown):
                looked[kind] = (search.asked, found)
            elif found.value is None:
                looked[kind] = (search.asked, None)
            else:
                examined[found.value.filename] = found.value
    dark: dict[str, knowledge.Unknown] = {}
    for filename in shown:
        if filename in examined or links.kind_of(filename) in looked:
            continue
        with archive.holding(order.repo, filename) as held:
            more = _archived(gates, held, listed)
            if isinstance(more, knowledge.Unknown):
                dark[filename] = more
            elif more.value is not None:
                examined[filename] = more.value
    return Evidence(tuple(examined.values()), looked, dark)


def of_files(
    gates: request.Gates,
    order: deliverable.Order | None,
    listed: Files,
    paths: Sequence[str],
) -> Evidence:
    """Examine files that were named; the archive is to have the same bytes.

    A signature lies beside a file, else in the archive for those bytes.
    """
    found: list[Examined] = []
    archived: dict[str, knowledge.Knowledge[str | None]] = {}
    for path in paths:
        filename = os.path.basename(path)
        beside = gates.distributions.signature_of(path)
        if gates.archive is None or order is None:
            found.append(_of_file(gates, path, beside, listed))
            continue
        with gates.archive.holding(order.repo, filename) as held:
            if isinstance(held, knowledge.Unknown):
                archived[filename] = held
                found.append(_of_file(gates, path, beside, listed))
                continue
            original = held.value
            archived[filename] = knowledge.Known(
                None if original is None else original.sha256
            )
            if beside is None and original is not None:
                # For other bytes it says that it does not fit them.
                beside = original.signature_path
            found.append(_of_file(gates, path, beside, listed))
    return Evidence(tuple(found), archived=archived)


def _archived(
    gates: request.Gates,
    held: knowledge.Knowledge[seams.Original | None],
    listed: Files,
) -> knowledge.Knowledge[Examined | None]:
    """Examine one file of the archive; None where it has none."""
    if isinstance(held, knowledge.Unknown):
        return held
    if held.value is None:
        return knowledge.Known(None)
    original = held.value
    return knowledge.Known(
        _examined(
            gates,
            verification.Original(
                original.filename,
                original.url,
                original.sha256,
                original.signature_url,
            ),
            original.path,
            original.signature_path,
            listed,
        )
    )


def _of_file(
    gates: request.Gates,
    path: str,
    signature_path: str | None,
    listed: Files,
) -> Examined:
    """Examine one file that was named."""
    return _examined(
        gates,
        verification.Original(
            os.path.basename(path), path, None, signature_path
        ),
        path,
        signature_path,
        listed,
    )


def _examined(
    gates: request.Gates,
    original: verification.Original,
    path: str,
    signature_path: str | None,
    listed: Files,
) -> Examined:
    """Read a file, and check its signature over the bytes that were read."""
    try:
        dist = gates.distributions.read(path, _unseen)
    except exceptions.Unavailable as error:
        why = knowledge.Unknown(error.what, error.cause)
        return Examined(original, why, None if signature_path is None else why)
    if original.sha256 not in (None, dist.sha256):
        why = knowledge.Unknown(f'the bytes of {original.place}', _CHANGED)
        return Examined(original, why, None if signature_path is None else why)
    signed: Reading | None = None
    on_index: Reading | None = None
    if signature_path is not None:
        signed = _checked(gates, signature_path, dist)
    file = _with_signature(gates.index.kind, listed, dist)
    if file is not None:
        with gates.served.holding(file) as held:
            if isinstance(held, knowledge.Unknown):
                on_index = held
            elif held.value is not None:
                on_index = _checked(gates, held.value, dist)
    return Examined(
        dataclasses.replace(original, sha256=dist.sha256),
        knowledge.Known(dist),
        signed,
        on_index,
    )


def _checked(
    gates: request.Gates, signature_path: str, dist: distribution.Distribution
) -> Reading:
    """Let gpg look at a signature over the bytes that were read."""
    try:
        reading = gates.verifier.verify(signature_path, dist.path)
        # gpg reads the file by itself, and it must be what we have read.
        if gates.distributions.unchanged(dist):
            return knowledge.Known(reading)
    except exceptions.Unavailable as error:
        return knowledge.Unknown(error.what, error.cause)
    return knowledge.Unknown(
        f'whether the signature of {dist.filename} is good', _CHANGED
    )


def _with_signature(
    kind: listing.IndexKind, listed: Files, dist: distribution.Distribution
) -> listing.ListedFile | None:
    """Return the index's own copy, if it may have a signature beside it.

    A signature beside other bytes is no signature of these.
    """
    for file in listed:
        if (file.filename, file.sha256) != (dist.filename, dist.sha256):
            continue
        old = file.uploaded is not None and file.uploaded < SIGNATURES_UNTIL
        return file if kind == 'plain' or old else None
    return None


def _unseen(done: int, total: int) -> None:
    """Show no progress: several files are read at once."""
