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

"""Sdists and wheels on disk.

Fits :class:`openstack_publish.seams.Distributions`.
"""

from __future__ import annotations

import hashlib
import io
import os
import stat
from collections.abc import Iterator
from collections.abc import Sequence
from typing import IO

from packaging import utils

from openstack_publish import exceptions
from openstack_publish import seams
from openstack_publish.gates.distfiles import coremetadata
from openstack_publish.gates.distfiles import inspection
from openstack_publish.gates.distfiles import members
from openstack_publish.gates.distfiles import places as places_on_disk
from openstack_publish.gates.distfiles import sdist
from openstack_publish.gates.distfiles import wheel
from openstack_publish.model import distribution
from openstack_publish.model import source

Fault = distribution.Fault
Limits = inspection.Limits

CHUNK = inspection.MIB
"""Bytes that are hashed at once."""


CHANGED = 'the file no longer has the bytes that were read before'

UNSOUND = {
    Fault.UNREADABLE,
    Fault.TOO_LARGE_INSIDE,
    Fault.UNSAFE_MEMBER,
    Fault.METADATA_AMBIGUOUS,
}
"""With one of these it cannot be said what is inside a distribution."""


class _Source(io.RawIOBase):
    """An open file whose own errors are told from an archive's.

    ``gzip`` and ``zipfile`` raise OSError for broken archives, too.
    """

    def __init__(self, descriptor: int, path: str) -> None:
        super().__init__()
        self._descriptor = descriptor
        self._path = path

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    # typeshed writes the buffer as a protocol that only it can name.
    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        try:
            content = os.read(self._descriptor, len(buffer))
        except OSError as error:
            raise inspection.unreadable(self._path, error) from error
        buffer[: len(content)] = content
        return len(content)

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return os.lseek(self._descriptor, offset, whence)

    def tell(self) -> int:
        return os.lseek(self._descriptor, 0, os.SEEK_CUR)


class Distributions:
    """Finds and reads sdists and wheels.

    :param limits: how large the inside of a distribution may be
    """

    def __init__(self, limits: inspection.Limits | None = None) -> None:
        self.limits = inspection.Limits() if limits is None else limits

    def find(self, places: Sequence[str]) -> tuple[str, ...]:
        """Return the distributions that files and directories name.

        A directory gives its ``*.whl`` and ``*.tar.gz`` by name, without
        hidden ones and those in its subdirectories. Links are followed: a
        link to a distribution is one, under the link's name. A file named
        twice counts once. What belongs to a distribution that is named as
        well (``.asc``, ``.attestation``, a receipt) is passed over, so that
        ``dist/*`` may be given.

        :raises Misconfigured: a place isn't there, is something else than
            a sdist or wheel, or there is none in all of them
        :raises Unavailable: a directory cannot be read
        """
        return places_on_disk.find(places)

    def read(
        self, path: str, progress: seams.Progress
    ) -> distribution.Distribution:
        """Read one file; what is wrong with it stands in its defects.

        Digests, size and content come from one open file.

        :raises Unavailable: the file cannot be opened or read, or changes
            meanwhile
        """
        descriptor, before = _open(path)
        try:
            with io.BufferedReader(_Source(descriptor, path)) as file:
                sha256, blake2b = _digests(file, before.st_size, progress)
                read = self._examine(path, file, before.st_size)
                after = os.fstat(descriptor)
        finally:
            os.close(descriptor)
        if _state(before) != _state(after):
            raise exceptions.Unavailable(
                f'reading {path}',
                f'the file changed meanwhile (from {before.st_size} to '
                f'{after.st_size} bytes)',
            )
        contents, metadata, commit, tags, defects = read
        return distribution.Distribution(
            path=path,
            filename=os.path.basename(path),
            kind=_kind(path),
            size=before.st_size,
            sha256=sha256,
            blake2b_256=blake2b,
            metadata=metadata,
            build_commit=commit,
            wheel_tags=tags,
            members=contents.members,
            defects=defects,
            leaks=contents.leaks,
        )

    def signature_of(self, path: str) -> str | None:
        """Return where ``FILE.asc`` lies beside a file, if it is there.

        Whatever lies there counts, a link into nothing too: what cannot be
        verified is not to be written over.
        """
        beside = f'{path}.asc'
        return beside if os.path.lexists(beside) else None

    def unchanged(self, dist: distribution.Distribution) -> bool:
        """Say whether the file still has the bytes that were read.

        :raises Unavailable: the file cannot be opened or read
        """
        descriptor, state = _open(dist.path)
        try:
            if state.st_size != dist.size:
                return False
            with io.BufferedReader(_Source(descriptor, dist.path)) as file:
                digests = _digests(file, state.st_size, _unseen)
        finally:
            os.close(descriptor)
        return digests == (dist.sha256, dist.blake2b_256)

    def members(
        self, dist: distribution.Distribution, wanted: seams.Wanted
    ) -> Iterator[source.Member]:
        """Yield every file inside, with its digests.

        :param wanted: which contents are kept, up to a limit
        :raises Unavailable: the file cannot be read, is not sound, or no
            longer has the bytes that were read
        """
        what = f'the files inside {dist.filename}'
        if UNSOUND & {defect.fault for defect in dist.defects}:
            raise exceptions.Unavailable(what, 'the archive is not sound')
        descriptor, before = _open(dist.path)
        try:
            with io.BufferedReader(_Source(descriptor, dist.path)) as file:
                sha256, _ = _digests(file, before.st_size, _unseen)
                if sha256 != dist.sha256:
                    raise exceptions.Unavailable(what, CHANGED)
                file.seek(0)
                lister = members.Lister(wanted, self.limits)
                if dist.kind == 'bdist_wheel':
                    yield from lister.of_wheel(file)
                else:
                    yield from lister.of_sdist(file)
                if _state(os.fstat(descriptor)) != _state(before):
                    raise exceptions.Unavailable(what, CHANGED)
        except exceptions.PublishError:
            raise
        # Whatever else reading a file raises: it could not be read.
        except Exception as error:
            raise exceptions.Unavailable(
                what, inspection.because(error)
            ) from error
        finally:
            os.close(descriptor)

    def _examine(
        self, path: str, file: IO[bytes], size: int
    ) -> tuple[
        inspection.Contents,
        distribution.Metadata | None,
        distribution.BuildCommit | None,
        tuple[str, ...],
        tuple[distribution.Defect, ...],
    ]:
        """Read what is inside."""
        defects = inspection.Defects()
        filename = os.path.basename(path)
        tags = _check_name(filename, defects)
        contents = inspection.Contents()
        metadata = None
        commit = None
        file.seek(0)
        try:
            if size == 0:
                defects.add(Fault.UNREADABLE, 'the file is empty')
            elif _kind(path) == 'bdist_wheel':
                contents = wheel.read(
                    file, size, filename, defects, self.limits
                )
            else:
                contents = sdist.read(file, defects, self.limits)
            if contents.metadata is not None:
                metadata = coremetadata.parse(
                    contents.metadata, defects, self.limits
                )
            commit = coremetadata.commit(contents.commits, metadata, defects)
        except exceptions.PublishError:
            raise
        except MemoryError as error:
            raise exceptions.Unavailable(
                f'reading {path}', 'there is not enough memory'
            ) from error
        except Exception as error:  # noqa: BLE001
            # zlib.error, EOFError, struct.error, RecursionError and so on:
            # whatever a parser trips over is a defect of the file.
            defects.add(Fault.UNREADABLE, inspection.because(error))
        return contents, metadata, commit, tags, defects.all()


def _unseen(done: int, total: int) -> None:
    """Show no progress."""


def _kind(path: str) -> distribution.Kind:
    return 'bdist_wheel' if path.endswith('.whl') else 'sdist'


def _state(status: os.stat_result) -> tuple[int, int, int]:
    return status.st_size, status.st_mtime_ns, status.st_ctime_ns


def _open(path: str) -> tuple[int, os.stat_result]:
    """Open a regular file; never wait for the other end of a pipe.

    :raises Unavailable: it cannot be opened, or is no regular file
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        status = os.fstat(descriptor)
    except OSError as error:
        raise inspection.unreadable(path, error) from error
    if not stat.S_ISREG(status.st_mode):
        os.close(descriptor)
        raise exceptions.Unavailable(
            f'reading {path}', 'it is no regular file'
        )
    return descriptor, status


def _digests(
    file: IO[bytes], size: int, progress: seams.Progress
) -> tuple[str, str]:
    """Return SHA-256 and BLAKE2b-256 of a file, in hexadecimal."""
    sha256 = hashlib.sha256()
    blake2b = hashlib.blake2b(digest_size=32)
    done = 0
    progress(0, size)
    while chunk := file.read(CHUNK):
        sha256.update(chunk)
        blake2b.update(chunk)
        done += len(chunk)
        progress(done, size)
    return sha256.hexdigest(), blake2b.hexdigest()


def _check_name(filename: str, defects: inspection.Defects) -> tuple[str, ...]:
    """Read a file's name; return the tags of a wheel's."""
    try:
        if not filename.endswith('.whl'):
            if not filename.endswith('.tar.gz'):
                raise ValueError('it ends neither in .whl nor in .tar.gz')
            utils.parse_sdist_filename(filename)
            return ()
        _, _, _, tags = utils.parse_wheel_filename(filename)
    except ValueError as error:
        defects.add(Fault.FILENAME, inspection.because(error))
        return ()
    return tuple(sorted(str(tag) for tag in tags))
