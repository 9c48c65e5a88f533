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

"""One original, looked at: read, and its signatures checked over the bytes.

gpg reads the file by itself, so what it says counts only where the file is
still the one that was read.
"""

from __future__ import annotations

import dataclasses
import datetime
import os
from collections.abc import Sequence

from openstack_publish import exceptions
from openstack_publish import seams
from openstack_publish.model import distribution
from openstack_publish.model import knowledge
from openstack_publish.model import listing
from openstack_publish.model import signature
from openstack_publish.model import verification
from openstack_publish.verify import request

SIGNATURES_UNTIL = datetime.datetime(2023, 5, 24, tzinfo=datetime.UTC)
"""PyPI has a signature beside a file that was uploaded before this day."""

_CHANGED = 'the file changed while it was looked at'

Reading = knowledge.Knowledge[signature.SignatureReading]
Files = Sequence[listing.ListedFile]

_HIDE_THE_COMMIT = frozenset(
    {
        distribution.Fault.UNREADABLE,
        distribution.Fault.TOO_LARGE_INSIDE,
        distribution.Fault.METADATA_AMBIGUOUS,
        distribution.Fault.METADATA_MISSING,
        distribution.Fault.METADATA_ENCODING,
        distribution.Fault.PBR_JSON,
    }
)
"""What may keep a distribution's reader from its ``pbr.json``."""


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

    @property
    def hidden_commit(self) -> knowledge.Unknown | None:
        """Say what keeps the commit that it was built from unknown."""
        what = f'the commit in {self.filename}'
        if isinstance(self.read, knowledge.Unknown):
            return knowledge.Unknown(
                what, f'{self.read.what}: {self.read.why}'
            )
        if self.read.value.build_commit is not None:
            return None
        for defect in self.read.value.defects:
            if defect.fault in _HIDE_THE_COMMIT:
                return knowledge.Unknown(what, defect.detail)
        return None


def placed(held: seams.Original) -> verification.Original:
    """Return where an original of the archive is, and its digest."""
    return verification.Original(
        held.filename, held.url, held.sha256, held.signature_url
    )


def of_original(
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
            placed(original),
            original.path,
            original.signature_path,
            listed,
        )
    )


def of_file(
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
