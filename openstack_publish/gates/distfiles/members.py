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

"""Lists every file inside a distribution, with its digests.

For archives that were read before, and found sound: their size, their
number of members and their paths are within the limits already.
"""

from __future__ import annotations

import hashlib
import tarfile
import zipfile
from collections.abc import Iterable
from collections.abc import Iterator
from typing import IO

from openstack_publish import seams
from openstack_publish.gates.distfiles import inspection
from openstack_publish.gates.distfiles import sdist
from openstack_publish.model import source

CONTENT_SIZE = inspection.MIB
"""Bytes of one content that is kept."""

CONTENTS = 16 * inspection.MIB
"""Bytes of all contents that are kept of one distribution."""

FIRST_LINE = 512
"""Bytes of the first line of a script. Linux reads 256 of them."""


class Lister:
    """Makes a value of each file inside one distribution.

    :param wanted: which contents are kept, up to the limits here
    """

    def __init__(
        self, wanted: seams.Wanted, limits: inspection.Limits
    ) -> None:
        self._wanted = wanted
        self._limits = limits
        self._kept = 0

    def of_sdist(self, packed: IO[bytes]) -> Iterator[source.Member]:
        """Yield the files of an sdist, below its top-level directory.

        :param packed: the file, at its beginning
        """
        for info, unpacked in sdist.walk(packed, self._limits):
            path = inspection.text(info.name).removeprefix('./')
            path = path.partition('/')[2].rstrip('/')
            if info.isdir():
                continue
            if info.isreg():
                yield self._member(
                    path, info.size, sdist.chunks(info, unpacked)
                )
                continue
            yield source.Member(
                path,
                'link' if info.type == tarfile.SYMTYPE else 'hard link',
                target=inspection.text(info.linkname),
            )

    def of_wheel(self, file: IO[bytes]) -> Iterator[source.Member]:
        """Yield the files of a wheel."""
        with zipfile.ZipFile(file) as archive:
            for info in archive.infolist():
                if info.is_dir():
                    continue
                with archive.open(info) as content:
                    yield self._member(
                        inspection.text(info.orig_filename),
                        info.file_size,
                        iter(lambda: content.read(inspection.CHUNK), b''),
                    )

    def _member(
        self, path: str, size: int, chunks: Iterable[bytes]
    ) -> source.Member:
        """Digest one file, and keep its content where it's wanted."""
        # The name that git gives it; see the decision on trees.
        blob = hashlib.sha1(b'blob %d\0' % size)  # noqa: S324
        sha256 = hashlib.sha256()
        keep = self._keep(path, size)
        content = bytearray()
        script = ScriptReader()
        for chunk in chunks:
            blob.update(chunk)
            sha256.update(chunk)
            script.update(chunk)
            if keep:
                content += chunk
        return source.Member(
            path,
            size=size,
            blob=blob.hexdigest(),
            sha256=sha256.hexdigest(),
            script=script.result(),
            content=bytes(content) if keep else None,
        )

    def _keep(self, path: str, size: int) -> bool:
        """Say whether a content is wanted, and count it."""
        if size > CONTENT_SIZE or not self._wanted(path):
            return False
        self._kept += size
        return self._kept <= CONTENTS


class ScriptReader:
    """Tells the first line of a script from the rest, piece by piece."""

    def __init__(self) -> None:
        self._first: bytes | None = b''
        """What was read of the first line; None if it is no script."""

        self._rest: hashlib._Hash | None = None

    def update(self, chunk: bytes) -> None:
        if self._rest is not None:
            self._rest.update(chunk)
            return
        if self._first is None:
            return
        start = self._first + chunk
        line, end, rest = start.partition(b'\n')
        if not start.startswith(b'#!'[: len(start)]) or len(line) > FIRST_LINE:
            self._first = None
            return
        if end:
            self._first = line
            self._rest = hashlib.sha256(rest)
        else:
            self._first = start

    def result(self) -> source.Script | None:
        if self._first is None or self._rest is None:
            return None
        try:
            interpreter = self._first.decode('utf-8')
        except UnicodeDecodeError:
            return None
        return source.Script(interpreter, self._rest.hexdigest())
