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

"""Reads RECORD, a wheel's list of its members and their digests.

Form: "Recording installed projects" and "Binary distribution format" of
the Python Packaging User Guide (PEP 376, PEP 427).
"""

from __future__ import annotations

import base64
import binascii
import csv
import dataclasses
import io

from openstack_publish.gates.distfiles import inspection
from openstack_publish.model import distribution

Fault = distribution.Fault

ALGORITHMS = ('sha256', 'sha384', 'sha512')
"""PEP 427: sha256 or better."""

NOT_LISTED = ('RECORD.jws', 'RECORD.p7s')
"""Signatures of RECORD itself, which it therefore cannot list."""


@dataclasses.dataclass(frozen=True)
class Line:
    """What RECORD says of one member."""

    algorithm: str | None
    digest: bytes
    size: int | None
    """Bytes; None where RECORD leaves it out, as it may."""


@dataclasses.dataclass(frozen=True)
class Member:
    """What a member really is."""

    digest: bytes
    """By the algorithm that RECORD names."""

    size: int


def parse(content: bytes, defects: inspection.Defects) -> dict[str, Line]:
    """Read RECORD; what is wrong with a line goes to *defects*."""
    lines: dict[str, Line] = {}
    try:
        rows = list(
            csv.reader(io.StringIO(content.decode('utf-8'), newline=''))
        )
    except (UnicodeDecodeError, csv.Error) as error:
        defects.add(
            Fault.RECORD, f'RECORD is no CSV: {inspection.because(error)}'
        )
        return lines
    for number, row in enumerate(rows, start=1):
        if not row:
            continue
        if len(row) != 3:
            defects.add(
                Fault.RECORD,
                f'RECORD line {number} has {len(row)} fields instead of 3',
            )
            continue
        path, hashed, size = row
        if path in lines:
            defects.add(
                Fault.RECORD, f'RECORD has {inspection.shown(path)} twice'
            )
            continue
        try:
            lines[path] = _line(hashed, size)
        except ValueError as error:
            defects.add(Fault.RECORD, f'RECORD line {number}: {error}')
            # It is listed, if badly; no second defect for that.
            lines[path] = Line(None, b'', None)
    return lines


def _line(hashed: str, size: str) -> Line:
    """Read hash and size of a line.

    :raises ValueError: they are not of the form that PEP 376 gives
    """
    length = None
    if size:
        if not (size.isascii() and size.isdigit() and len(size) < 20):
            raise ValueError(f'{inspection.shown(size)!r} is no size')
        length = int(size)
    if not hashed:
        return Line(None, b'', length)
    algorithm, _, encoded = hashed.partition('=')
    if algorithm not in ALGORITHMS:
        raise ValueError(
            f'{inspection.shown(algorithm)!r} is none of '
            f'{", ".join(ALGORITHMS)}'
        )
    try:
        digest = base64.b64decode(
            encoded + '=' * (-len(encoded) % 4), altchars=b'-_', validate=True
        )
    except (binascii.Error, ValueError) as error:
        raise ValueError(
            f'{inspection.shown(encoded)!r} is no digest in base64'
        ) from error
    return Line(algorithm, digest, length)


def compare(
    lines: dict[str, Line],
    members: dict[str, Member],
    dist_info: str,
    defects: inspection.Defects,
) -> None:
    """Hold RECORD against what is in the wheel.

    :param members: every file in the wheel, RECORD too
    """
    own = f'{dist_info}/RECORD'
    unlisted = {f'{dist_info}/{name}' for name in NOT_LISTED}
    for path, member in members.items():
        shown = inspection.shown(path)
        line = lines.get(path)
        if path in unlisted:
            if line is not None:
                defects.add(
                    Fault.RECORD, f'RECORD lists {shown}, its own signature'
                )
        elif line is None:
            defects.add(Fault.RECORD, f'{shown} is not in RECORD')
        elif path != own:
            _compare(shown, line, member, defects)
    for path in lines:
        if path not in members and path not in unlisted:
            defects.add(
                Fault.RECORD,
                f'RECORD lists {inspection.shown(path)}, which is not there',
            )


def _compare(
    shown: str, line: Line, member: Member, defects: inspection.Defects
) -> None:
    if line.algorithm is None:
        defects.add(Fault.RECORD, f'RECORD has no hash of {shown}')
    elif line.digest != member.digest:
        defects.add(
            Fault.RECORD,
            f'{shown} has {line.algorithm} {member.digest.hex()}, in RECORD '
            f'{line.digest.hex()}',
        )
    if line.size is not None and line.size != member.size:
        defects.add(
            Fault.RECORD,
            f'{shown} has {member.size} bytes, in RECORD {line.size}',
        )
