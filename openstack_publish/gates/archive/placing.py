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

"""The place of one file in the archive's directory.

Several runs may be at work on one release, and nothing tells one that
another is there: no lock holds on every file system (AFS). What holds
everywhere is that a name in a directory is given once, by ``link`` within
that directory, and that a rename replaces a file whole. So

* a file waits for its place beside it, under a hidden name that is made of
  the digest of the distribution: runs of the same bytes share it, and runs
  of other bytes never meet;
* it gets its place by a link, which never replaces what is there;
* what a run needs may be gone at any moment, because another run has put
  the same bytes into their place and tidied up. It is made again.
"""

from __future__ import annotations

import contextlib
import dataclasses
import errno
import os
import stat
from collections.abc import Callable
from collections.abc import Iterator
from typing import TypeVar

from openstack_publish import exceptions
from openstack_publish import seams
from openstack_publish.gates import parts
from openstack_publish.gates.archive import places

ATTEMPTS = 5
"""How often something is tried that other runs are in the way of."""

_IN_THE_WAY = frozenset({errno.ENOENT, errno.EEXIST, errno.ESTALE})
"""What the system says where another run was faster."""

_Result = TypeVar('_Result')


@dataclasses.dataclass(frozen=True)
class Place:
    """Where a file is to lie, beside other releases' files."""

    directory: str
    filename: str

    @property
    def path(self) -> str:
        """Return the file's path when it is in its place."""
        return os.path.join(self.directory, self.filename)

    @property
    def signs(self) -> bool:
        """Say whether the file is a signature."""
        return self.filename.endswith(places.SIGNATURE)

    @property
    def signature(self) -> Place:
        """Return the place of the file's signature."""
        return Place(self.directory, f'{self.filename}{places.SIGNATURE}')

    @property
    def distribution(self) -> Place:
        """Return the place of what the file is the signature of."""
        return Place(
            self.directory, self.filename.removesuffix(places.SIGNATURE)
        )

    @property
    def is_taken(self) -> bool:
        """Say whether anything is in the place.

        :raises OSError: the directory cannot be searched
        """
        return places.is_there(self.path)

    @property
    def is_stray(self) -> bool:
        """Say whether this is a signature that is there without its file.

        :raises OSError: the directory cannot be searched
        """
        return self.signs and self.is_taken and not self.distribution.is_taken

    def holds(self, sha256: str) -> bool:
        """Say whether the file is in its place with these bytes.

        :raises OSError: it cannot be read
        """
        return _digest(self.path) == sha256

    def waiting(self, content: str) -> str:
        """Return where the file waits for its place.

        :param content: SHA-256 of the distribution that it is, or that it is
            the signature of
        """
        return parts.marked(self.path, content[:8])

    def is_settled(self, sha256: str) -> bool:
        """Say whether the file is in its place already, with these bytes.

        A signature without its file was left by a killed run; it settles
        nothing.

        :raises Unavailable: other bytes are placed there
        :raises OSError: it cannot be read
        """
        held = _digest(self.path)
        if held is None or held == sha256:
            return held is not None
        if self.is_stray:
            return False
        raise exceptions.Unavailable(
            f'placing {self.path}',
            'other bytes are there, and placed bytes are never replaced: '
            f'sha256 {held} there, {sha256} here',
        )

    def prepare(self, file: seams.CheckedFile, content: str) -> bool:
        """Have a file wait for its place.

        :param content: as of :meth:`waiting`
        :returns: whether it has to; it may be in its place already
        :raises Unavailable: other bytes are there, or the file no longer has
            those that were checked
        :raises OSError: it cannot be written
        """
        # A signature without its file has to wait, with our bytes too:
        # until the file comes, a run of another build may take it away.
        if self.is_settled(file.sha256) and not self.is_stray:
            self.tidy()
            return False
        waiting = self.waiting(content)
        if _digest(waiting) != file.sha256:
            self.copy(file, waiting)
        parts.on_disk(self.directory)
        return True

    def offer(self, file: seams.CheckedFile, waiting: str) -> None:
        """Have a file wait for its place, unless another one waits there.

        :raises Unavailable, OSError: as :meth:`prepare`
        """
        if places.is_there(waiting):
            return
        with self.copied(file) as part, contextlib.suppress(FileExistsError):
            _name(part, waiting)

    def put(self, file: seams.CheckedFile, content: str) -> bool:
        """Put a file into its place, with the bytes that were checked.

        :param content: as of :meth:`waiting`
        :returns: whether this did it, and it was not there before
        :raises Unavailable, OSError: as :meth:`prepare`; FileExistsError,
            FileNotFoundError: another run was in the way
        """
        if self.signs:
            # What another build has got, no signature of ours belongs to.
            self.distribution.is_settled(content)
        if self.is_settled(file.sha256):
            return False
        if self.is_stray:
            self._take_away()
        part = parts.beside(self.path)
        try:
            with contextlib.suppress(OSError):
                os.link(self.waiting(content), part)
            # From here on nobody replaces these bytes. Without hard links,
            # or where it waits no more, there are none yet.
            if not _is_own(part) or _digest(part) != file.sha256:
                self.copy(file, part)
            _name(part, self.path)
        finally:
            remove(part)
        return True

    def keep(self, file: seams.CheckedFile, *, first: bool) -> None:
        """Put a signature back that was in its place a moment ago.

        Before its file was there, a run of other bytes may have taken it
        away for a killed run's. If it did so before anybody has tidied up,
        it is missing now; if later, that run puts it back itself.

        :param first: whether this run has put the signature's file there; if
            another one has, its signature counts
        :raises Unavailable, OSError: as :meth:`prepare`
        """
        there = self.holds if first else self.is_settled
        if not there(file.sha256):
            self.copy(file, self.path)

    def copy(self, file: seams.CheckedFile, target: str) -> None:
        """Copy a file to a path in this directory, whole or not at all.

        :raises Unavailable: it no longer has the bytes that were checked
        :raises OSError: it cannot be read or written
        """
        with self.copied(file) as part:
            os.replace(part, target)

    def tidy(self) -> None:
        """Remove what waits for this place, whoever had put it there.

        :raises OSError: it cannot be removed
        """
        parts.forget(self.path)

    @contextlib.contextmanager
    def copied(self, file: seams.CheckedFile) -> Iterator[str]:
        """Give a copy under a name of its own, which goes afterwards."""
        part = parts.beside(self.path)
        try:
            descriptor = os.open(
                part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o644
            )
            with open(descriptor, 'wb') as copy, open(file.path, 'rb') as read:
                while chunk := read.read(places.CHUNK):
                    copy.write(chunk)
                copy.flush()
                os.fsync(copy.fileno())
            sha256 = places.digest(part)
            if sha256 != file.sha256:
                raise exceptions.Unavailable(
                    f'staging {self.filename}',
                    f'it changed since it was checked: sha256 {sha256} now, '
                    f'{file.sha256} then',
                )
            yield part
        finally:
            remove(part)

    def _take_away(self) -> None:
        """Remove a signature that was left without its file."""
        taken = parts.beside(self.path)
        os.rename(self.path, taken)
        try:
            if self.distribution.is_taken:
                # It has come meanwhile, and what was taken is its signature.
                os.replace(taken, self.path)
        finally:
            remove(taken)


def persistently(attempt: Callable[[], _Result]) -> _Result:
    """Do something, and again where another run was in the way.

    :raises OSError: it was each time, or something else is wrong
    """
    for _ in range(ATTEMPTS - 1):
        try:
            return attempt()
        except OSError as error:
            if error.errno not in _IN_THE_WAY:
                raise
    return attempt()


def _name(part: str, path: str) -> None:
    """Give a file its name.

    :raises FileExistsError: there is one of this name
    :raises OSError: there cannot be
    """
    try:
        os.link(part, path)
    except (FileExistsError, FileNotFoundError):
        raise
    except OSError as error:
        # A file system without hard links. Two runs that come here in the
        # same moment are not told apart.
        if places.is_there(path):
            raise FileExistsError(
                errno.EEXIST, os.strerror(errno.EEXIST), path
            ) from error
        os.rename(part, path)


def _is_own(path: str) -> bool:
    """Say whether a file's bytes are no one else's to change later.

    What waits was not always made by us. A link to a symbolic link is one
    too (Linux), and the owner of a file may write to it in whatever
    directory it lies. Where owners are others than users (AFS) it is copied.
    """
    try:
        found = os.lstat(path)
    except FileNotFoundError:
        return False
    return stat.S_ISREG(found.st_mode) and found.st_uid == os.geteuid()


def _digest(path: str) -> str | None:
    """Return the SHA-256 of a file; None where there is none."""
    try:
        return places.digest(path)
    except FileNotFoundError:
        return None


def remove(path: str) -> bool:
    """Remove a file, and say whether it was there.

    :raises OSError: it cannot be removed
    """
    try:
        os.unlink(path)
    except FileNotFoundError:
        return False
    return True
