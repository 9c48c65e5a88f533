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

"""Checks that a zip archive can be read in one way only.

A zip says what it holds twice: in its central directory, which Python
reads, and in a header before each member, which other unpackers stream.
Where the two differ, people install different files from one archive.
PyPI refuses such archives (``warehouse/utils/zipfiles.py``, 2025-08), with
any bytes that belong to neither. Form: PKWARE's APPNOTE.TXT, version 6.3.
"""

from __future__ import annotations

import dataclasses
import io
import struct
import zipfile
from collections.abc import Iterator
from collections.abc import Sequence
from typing import IO

from openstack_publish.gates.distfiles import inspection

_END = b'PK\x05\x06'
_END_SIZE = 22
_END64 = b'PK\x06\x06'
_END64_SIZE = 56
_LOCATOR64 = b'PK\x06\x07'
_LOCATOR64_SIZE = 20
_LOCAL = b'PK\x03\x04'
_LOCAL_SIZE = 30
_LONGEST_COMMENT = 0xFFFF
_IN_EXTRA_FIELD = 0xFFFFFFFF
_ZIP64_EXTRA = 0x0001

UTF8_NAME = 0x800
ENCRYPTED = 0x1
DATA_DESCRIPTOR = 0x8
"""Bits of a member's flags (APPNOTE 4.4.4)."""


@dataclasses.dataclass(frozen=True)
class Directory:
    """Where a zip's central directory says that it is."""

    members: int
    offset: int
    size: int
    """Bytes."""


def directory(file: IO[bytes], size: int) -> Directory:
    """Find the central directory from the end of the archive.

    :param size: of the file, in bytes
    :raises zipfile.BadZipFile: it isn't where it has to be
    """
    tail_at = max(0, size - _END_SIZE - _LONGEST_COMMENT)
    file.seek(tail_at)
    tail = file.read(size - tail_at)
    at = tail.rfind(_END)
    if tail[-_END_SIZE:].startswith(_END) and tail.endswith(b'\0\0'):
        at = len(tail) - _END_SIZE
    if at < 0 or len(tail) - at < _END_SIZE:
        raise zipfile.BadZipFile('it is no zip archive, or is cut off')
    disk, start_disk, here, members, length, offset, comment = struct.unpack(
        '<HHHHLLH', tail[at + 4 : at + _END_SIZE]
    )
    if at + _END_SIZE + comment != len(tail):
        raise zipfile.BadZipFile('there is data after the end of the archive')
    end = tail_at + at
    if end >= _LOCATOR64_SIZE:
        file.seek(end - _LOCATOR64_SIZE)
        locator = file.read(_LOCATOR64_SIZE)
        if locator.startswith(_LOCATOR64):
            end = struct.unpack('<Q', locator[8:16])[0]
            file.seek(end)
            record = file.read(_END64_SIZE)
            if len(record) < _END64_SIZE or not record.startswith(_END64):
                raise zipfile.BadZipFile('its zip64 end record is not there')
            if end + _END64_SIZE != tail_at + at - _LOCATOR64_SIZE:
                raise zipfile.BadZipFile('its zip64 end record is misplaced')
            disk, start_disk, here, members, length, offset = struct.unpack(
                '<LLQQQQ', record[16:]
            )
    if disk or start_disk or here != members:
        raise zipfile.BadZipFile('it is one part of a split archive')
    if offset + length != end:
        raise zipfile.BadZipFile(
            'there is data before the archive or within it that belongs to '
            'no member'
        )
    return Directory(members, offset, length)


def problems(
    file: IO[bytes], infos: Sequence[zipfile.ZipInfo], found: Directory
) -> Iterator[str]:
    """Compare each member's own header with the central directory.

    Ends at the first member after which the next cannot be found.

    :param infos: as the central directory lists them
    :raises zipfile.BadZipFile: a header isn't there
    """
    if len(infos) != found.members:
        yield (
            f'its central directory has {len(infos)} members, its end says '
            f'{found.members}'
        )
    position = 0
    for info in sorted(infos, key=lambda info: info.header_offset):
        name = inspection.shown(info.orig_filename)
        if info.header_offset != position:
            yield (
                f'{name} begins at byte {info.header_offset}, the member '
                f'before it ends at byte {position}'
            )
            return
        if info.comment:
            yield f'{name} has a comment in the central directory'
        file.seek(position)
        header = file.read(_LOCAL_SIZE)
        if len(header) < _LOCAL_SIZE or not header.startswith(_LOCAL):
            raise zipfile.BadZipFile(f'{name} has no header of its own')
        flags, packed, unpacked, name_length, extra_length = struct.unpack(
            '<HLLHH', header[6:8] + header[18:]
        )
        local_name = file.read(name_length).decode(
            'utf-8' if flags & UTF8_NAME else 'cp437', 'surrogateescape'
        )
        if local_name != info.orig_filename:
            yield (
                f'{name} is called {inspection.shown(local_name)} in its own '
                'header'
            )
        if flags & DATA_DESCRIPTOR:
            yield f'{name} has its size behind its data (a data descriptor)'
        else:
            packed, unpacked = _sizes(
                packed, unpacked, file.read(extra_length)
            )
            if (packed, unpacked) != (info.compress_size, info.file_size):
                yield (
                    f'{name} has {info.file_size} bytes ({info.compress_size} '
                    f'packed), in its own header {unpacked} ({packed} packed)'
                )
        position += (
            _LOCAL_SIZE + name_length + extra_length + info.compress_size
        )
        if flags & DATA_DESCRIPTOR:
            # Where the next member begins is not said anywhere.
            return
    if position != found.offset:
        yield (
            f'the last member ends at byte {position}, the central directory '
            f'begins at byte {found.offset}'
        )


def _sizes(packed: int, unpacked: int, extra: bytes) -> tuple[int, int]:
    """Return a member's sizes, from the zip64 field where they are there."""
    fields = io.BytesIO(extra)
    while len(start := fields.read(4)) == 4:
        kind, length = struct.unpack('<HH', start)
        data = io.BytesIO(fields.read(length))
        if kind != _ZIP64_EXTRA:
            continue
        if unpacked == _IN_EXTRA_FIELD:
            [unpacked] = struct.unpack('<Q', data.read(8))
        if packed == _IN_EXTRA_FIELD:
            [packed] = struct.unpack('<Q', data.read(8))
    return packed, unpacked
