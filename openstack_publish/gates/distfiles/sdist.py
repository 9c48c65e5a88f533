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

"""Reads sdists: gzipped tar archives, in one pass and forward only.

Form: "Source distribution format" of the Python Packaging User Guide
(PEP 517, PEP 625, PEP 643): one top-level directory that has a PKG-INFO.
"""

from __future__ import annotations

import gzip
import io
import posixpath
import tarfile
from collections.abc import Iterator
from typing import IO, Any, cast

from openstack_publish.gates.distfiles import inspection
from openstack_publish.gates.distfiles import leaks
from openstack_publish.model import distribution

Fault = distribution.Fault


class Unpacked(io.RawIOBase):
    """The tar inside the gzip: read forward, counted, in bounded pieces.

    ``tarfile`` asks for a whole extended header in one read, whatever size
    the archive claims for it; such a read is refused here before anything
    is unpacked for it.
    """

    def __init__(self, packed: IO[bytes], limits: inspection.Limits) -> None:
        super().__init__()
        self._gzip = gzip.GzipFile(fileobj=packed, mode='rb')
        self._limits = limits
        self._position = 0
        self.last = b''
        """What was read last."""

    def read(self, size: int | None = -1) -> bytes:
        """Return up to *size* bytes, fewer only at the end."""
        if size is None or size < 0 or size > self._limits.header:
            raise inspection.TooLarge(
                f'one header claims {size} bytes; the limit is '
                f'{self._limits.header} bytes'
            )
        self.last = self._gzip.read(size)
        self._position += len(self.last)
        if self._position > self._limits.unpacked:
            raise inspection.TooLarge(
                f'it unpacks to more than {self._limits.unpacked} bytes, '
                'the limit'
            )
        return self.last

    def tell(self) -> int:
        """Return how many bytes were unpacked."""
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go forward."""
        if whence != io.SEEK_SET or offset < self._position:
            raise tarfile.ReadError('a header points backwards')
        while self._position < offset:
            left = offset - self._position
            if not self.read(min(left, inspection.CHUNK)):
                break
        return self._position


def walk(
    packed: IO[bytes], limits: inspection.Limits
) -> Iterator[tuple[tarfile.TarInfo, Unpacked]]:
    """Yield each member's header, and the archive it may be read from.

    :param packed: the file, at its beginning
    :raises TarError: it is not a whole gzipped tar archive
    :raises TooLarge: a limit was reached
    """
    unpacked = Unpacked(packed, limits)
    with tarfile.TarFile(
        fileobj=cast(IO[bytes], unpacked),
        encoding='utf-8',
        errors='surrogateescape',
    ) as archive:
        while (info := archive.next()) is not None:
            # The list would hold every header of the archive.
            cast(Any, archive).members.clear()
            yield info, unpacked
    # tarfile takes a header that it cannot read for the end.
    if len(unpacked.last) != tarfile.BLOCKSIZE or any(unpacked.last):
        raise tarfile.ReadError(
            'it ends in the middle, or a header is damaged: there is no '
            'end-of-archive mark'
        )
    # Reading to the end lets gzip check length and CRC, and shows
    # what other unpackers might take for more members.
    while chunk := unpacked.read(inspection.CHUNK):
        if any(chunk):
            raise tarfile.ReadError(
                'there is data after the end-of-archive mark'
            )


def chunks(info: tarfile.TarInfo, unpacked: Unpacked) -> Iterator[bytes]:
    """Yield the content of a file that `walk` stands at, in pieces.

    :raises EOFError: the archive ends within it
    """
    unpacked.seek(info.offset_data)
    left = info.size
    while left > 0:
        chunk = unpacked.read(min(left, inspection.CHUNK))
        if not chunk:
            raise EOFError(f'it ends within {inspection.shown(info.name)}')
        left -= len(chunk)
        yield chunk


class _Reader:
    """One reading of one sdist."""

    def __init__(
        self, defects: inspection.Defects, limits: inspection.Limits
    ) -> None:
        self.defects = defects
        self.limits = limits
        self.members: list[str] = []
        self.names = 0
        self.seen = inspection.Names()
        self.leaks = leaks.Leaks()
        self.links: set[str] = set()
        self.tops: set[str] = set()
        self.infos: dict[str, bytes] = {}
        self.commits: dict[str, bytes] = {}
        self.ambiguous: str | None = None

    def read(self, packed: IO[bytes]) -> None:
        for info, unpacked in walk(packed, self.limits):
            self.member(info, unpacked)

    def member(self, info: tarfile.TarInfo, unpacked: Unpacked) -> None:
        self.members.append(inspection.text(info.name))
        self.names += len(info.name)
        if len(self.members) > self.limits.members:
            raise inspection.TooLarge(
                f'it has more than {self.limits.members} members, the limit'
            )
        if self.names > self.limits.names:
            raise inspection.TooLarge(
                'the names of its members have more than '
                f'{self.limits.names} characters, the limit'
            )
        path = info.name.removeprefix('./').rstrip('/')
        if path in ('', '.') and info.isdir():
            return
        problem = inspection.path_problem(path) or self.problem(info, path)
        if problem is not None:
            self.defects.add(
                Fault.UNSAFE_MEMBER,
                f'{inspection.shown(info.name)} {problem}',
            )
            return
        parts = path.split('/')
        self.tops.add(parts[0])
        if not info.isreg():
            return
        if len(parts) == 2 and parts[1] == 'PKG-INFO':
            self.keep(self.infos, info, path, unpacked)
        elif (
            parts[-1] == 'pbr.json'
            and len(parts) in (3, 4)
            and parts[-2].endswith('.egg-info')
        ):
            self.keep(self.commits, info, path, unpacked)
        else:
            for _ in self.content(info, path, unpacked):
                pass

    def content(
        self, info: tarfile.TarInfo, path: str, unpacked: Unpacked
    ) -> Iterator[bytes]:
        """Yield a member's content, once it was looked at."""
        return self.leaks.watched(path, chunks(info, unpacked))

    def problem(self, info: tarfile.TarInfo, path: str) -> str | None:
        """Say why a member is not safe, apart from its path."""
        if not info.isdir():
            problem = self.seen.problem(path)
            if problem is not None:
                if path in self.infos:
                    self.ambiguous = path
                return problem
        ancestor = posixpath.dirname(path) if self.links else ''
        while ancestor:
            if ancestor in self.links:
                return f'is to be unpacked through the link {ancestor}'
            ancestor = posixpath.dirname(ancestor)
        if info.issparse():
            return 'is a sparse file'
        if info.isdir() or info.isreg():
            return None
        if info.issym() or info.islnk():
            self.links.add(path)
            base = posixpath.dirname(path) if info.issym() else ''
            target = posixpath.normpath(posixpath.join(base, info.linkname))
            if (
                not info.linkname
                or info.linkname.startswith('/')
                or target.split('/')[0] != path.split('/')[0]
                or inspection.path_problem(target) is not None
            ):
                return (
                    'is a link to '
                    f'{inspection.shown(info.linkname) or "nothing"}, outside '
                    'the top-level directory'
                )
            return None
        return 'is no file, directory or link'

    def keep(
        self,
        kept: dict[str, bytes],
        info: tarfile.TarInfo,
        path: str,
        unpacked: Unpacked,
    ) -> None:
        """Read one small file whole."""
        if info.size > self.limits.metadata:
            self.defects.add(
                Fault.TOO_LARGE_INSIDE,
                f'{inspection.shown(path)} has {info.size} bytes; the limit '
                f'is {self.limits.metadata}',
            )
            return
        kept[path] = b''.join(self.content(info, path, unpacked))


def read(
    packed: IO[bytes], defects: inspection.Defects, limits: inspection.Limits
) -> inspection.Contents:
    """Read an sdist; what is wrong with it goes to *defects*.

    :param packed: the file, at its beginning
    """
    reader = _Reader(defects, limits)
    try:
        reader.read(packed)
    except inspection.TooLarge as error:
        defects.add(Fault.TOO_LARGE_INSIDE, str(error))
        return inspection.Contents(tuple(reader.members))
    except tarfile.TarError as error:
        defects.add(
            Fault.UNREADABLE,
            f'not a whole gzipped tar archive: {inspection.because(error)}',
        )
        return inspection.Contents(tuple(reader.members))
    return inspection.Contents(
        tuple(reader.members),
        _metadata(reader),
        reader.commits,
        reader.leaks.all(),
    )


def _metadata(reader: _Reader) -> bytes | None:
    """Return the one PKG-INFO, or say why there is no such one."""
    if len(reader.tops) > 1:
        tops = sorted(reader.tops)
        listed = ', '.join(inspection.shown(top) for top in tops[:5])
        reader.defects.add(
            Fault.METADATA_AMBIGUOUS,
            f'{len(tops)} names at the top instead of one directory: {listed}'
            + (', …' if len(tops) > 5 else ''),
        )
        return None
    if reader.ambiguous is not None:
        reader.defects.add(
            Fault.METADATA_AMBIGUOUS,
            f'there are two files {inspection.shown(reader.ambiguous)}',
        )
        return None
    if not reader.infos:
        top = next(iter(reader.tops), None)
        reader.defects.add(
            Fault.METADATA_MISSING,
            'the archive is empty'
            if top is None
            else f'there is no file {inspection.shown(top)}/PKG-INFO',
        )
        return None
    [content] = reader.infos.values()
    return content
