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

"""The tarballs archive, as a directory that the release job writes.

``ROOT/openstack/nova/FILE`` and ``FILE.asc`` are *placed*: the web server
shows them, and they are never replaced. What is *staged* lies in a hidden
directory of the repository's, so that placing it is a rename.

Signatures are placed before the files that they belong to: whoever sees a
file also finds its signature, at whatever moment a run is killed. A run
that is killed is run again with the same bytes.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from collections.abc import Sequence

from openstack_publish import exceptions
from openstack_publish import seams
from openstack_publish.gates import parts
from openstack_publish.gates.archive import places
from openstack_publish.model import knowledge
from openstack_publish.model import receipt

STAGED = '.openstack-publish-staged'
"""Directory of what is staged, in the repository's directory."""


class DirectoryArchive:
    """Fits :class:`~openstack_publish.seams.Archive`.

    :param root: the directory with the repositories' directories
    :raises Misconfigured: it is no directory
    """

    def __init__(self, root: str) -> None:
        self._root = places.root(root)
        self._made: list[str] = []
        self._ours: dict[str, seams.CheckedFile] = {}
        """What this run stages, by its place: another run of the same
        release stages under the same names."""

        self._copied: dict[str, str] = {}
        """SHA-256 of what it did copy, by the path of the copy."""

    @property
    def place(self) -> str:
        """Where it is."""
        return self._root

    def find(
        self, repo: str, filename: str
    ) -> knowledge.Knowledge[seams.ArchivedFile | None]:
        """Return a placed file of a repository; None if there is none.

        :raises Misconfigured: the repository's or the file's name is none
        """
        path = os.path.join(self._directory(repo), places.checked(filename))
        signed = f'{path}{places.SIGNATURE}'
        try:
            sha256 = places.digest(path)
            signature_path = signed if places.is_there(signed) else None
            return knowledge.Known(
                seams.ArchivedFile(path, sha256, signature_path)
            )
        except FileNotFoundError:
            if os.path.isdir(self._root):
                return knowledge.Known(None)
            why = f'{self._root} is no directory any more'
        except OSError as error:
            why = str(error)
        return knowledge.Unknown(f'what the archive holds as {path}', why)

    def stage(
        self, repo: str, files: Sequence[seams.CheckedFile]
    ) -> tuple[receipt.ArchivedArtifact, ...]:
        """Copy files beside their places, replacing what is staged there.

        A file that is placed with the same bytes is left as it is. Where one
        file cannot be staged, none is.

        :raises Misconfigured: the repository's or a file's name is none
        :raises Unavailable: the archive cannot be written, other bytes are
            placed there, or a file no longer has those that were checked
        """
        directory = self._directory(repo)
        filenames = [
            places.checked(os.path.basename(file.path)) for file in files
        ]
        try:
            with _reported(f'staging files in {directory}'):
                self._make(directory)
                for file, filename in zip(files, filenames, strict=True):
                    self._ours[os.path.join(directory, filename)] = file
                found = tuple(
                    self._stage(directory, file.path) for file in files
                )
                for file, filename in zip(files, filenames, strict=True):
                    _same_as_checked(directory, filename, file.sha256)
                return found
        except exceptions.Unavailable:
            with contextlib.suppress(exceptions.Unavailable):
                self.discard(repo, filenames)
            raise

    def promote(
        self, repo: str, filenames: Sequence[str]
    ) -> tuple[receipt.ArchivedArtifact, ...]:
        """Rename staged files into their places; placed bytes stay.

        :returns: what became of each, in the order given
        :raises Misconfigured: the repository's or a file's name is none
        :raises Unavailable: the archive cannot be written, other bytes are
            placed there, or a file is neither staged nor placed
        """
        directory = self._directory(repo)
        signatures_first = sorted(
            map(places.checked, filenames),
            key=lambda name: name[-4:] != places.SIGNATURE,
        )
        found = {}
        with _reported(f'placing files in {directory}'):
            for filename in signatures_first:
                found[filename] = self._placed(directory, filename)
                parts.on_disk(directory)
            _forget(os.path.join(directory, STAGED))
        return tuple(found[filename] for filename in filenames)

    def discard(
        self, repo: str, filenames: Sequence[str]
    ) -> tuple[receipt.ArchivedArtifact, ...]:
        """Remove staged files; what was placed before stays.

        :returns: those that were staged
        :raises Misconfigured: the repository's or a file's name is none
        :raises Unavailable: the archive cannot be written
        """
        directory = self._directory(repo)
        staging = os.path.join(directory, STAGED)
        found = []
        with _reported(f'removing staged files from {directory}'):
            for filename in filenames:
                staged = os.path.join(staging, places.checked(filename))
                parts.forget(staged)
                with contextlib.suppress(FileNotFoundError):
                    if not self._is_ours(staged):
                        continue
                    os.unlink(staged)
                    found.append(receipt.ArchivedArtifact(filename, 'removed'))
            _forget(staging)
            # Only what this run made, and deepest first.
            while self._made and not os.path.isdir(self._made[-1]):
                self._made.pop()
            while self._made and not os.listdir(self._made[-1]):
                os.rmdir(self._made.pop())
        return tuple(found)

    def _directory(self, repo: str) -> str:
        """Return where a repository's files lie.

        :raises Misconfigured: the name is not one of a repository
        """
        return os.path.join(self._root, *places.words(repo))

    def _stage(self, directory: str, path: str) -> receipt.ArchivedArtifact:
        filename = os.path.basename(path)
        sha256 = places.digest(path)
        if _settled(directory, filename, sha256):
            return receipt.ArchivedArtifact(filename, 'already-there')
        staging = os.path.join(directory, STAGED)
        self._make(staging)
        staged = os.path.join(staging, filename)
        parts.forget(staged)
        self._copied[staged] = sha256
        _copy(path, staged)
        parts.on_disk(staging)
        return receipt.ArchivedArtifact(filename, 'staged')

    def _is_ours(self, staged: str) -> bool:
        """Say whether a staged file is the one that this run staged.

        One that this run has not staged was left by a killed run.

        :raises FileNotFoundError: there is none
        """
        ours = self._copied.get(staged)
        return ours is None or places.digest(staged) == ours

    def _placed(
        self, directory: str, filename: str
    ) -> receipt.ArchivedArtifact:
        """Place a file with the bytes that were checked, and no other.

        What is staged is taken under a name of this run's own first: from
        then on no other run of this release can put its own there.

        :raises Unavailable: the file no longer has those bytes
        """
        ours = self._ours.get(os.path.join(directory, filename))
        staged = os.path.join(directory, STAGED, filename)
        if ours is None:
            return _place(directory, filename, staged)
        taken = parts.beside(staged)
        try:
            with contextlib.suppress(FileNotFoundError):
                os.rename(staged, taken)
                if places.digest(taken) == ours.sha256:
                    return _place(directory, filename, taken)
                os.rename(taken, staged)
            # Another run has placed it, or staged its own.
            self._make(os.path.dirname(staged))
            _copy(ours.path, taken)
            if places.digest(taken) != ours.sha256:
                raise exceptions.Unavailable(
                    f'placing {filename}', 'it changed since it was staged'
                )
            return _place(directory, filename, taken)
        finally:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(taken)

    def _make(self, directory: str) -> None:
        """Make a directory and those above it, and remember which."""
        if os.path.isdir(directory):
            return
        self._make(os.path.dirname(directory))
        os.mkdir(directory, 0o755)
        self._made.append(directory)
        parts.on_disk(os.path.dirname(directory))


def _same_as_checked(directory: str, filename: str, sha256: str) -> None:
    """Hold what is staged, or placed already, against what was checked.

    :raises Unavailable: it has other bytes
    """
    try:
        held = places.digest(os.path.join(directory, STAGED, filename))
    except FileNotFoundError:
        held = places.digest(os.path.join(directory, filename))
    if held != sha256:
        raise exceptions.Unavailable(
            f'staging {filename}',
            f'it changed since it was checked: sha256 {held} now, {sha256} '
            'then',
        )


def _settled(directory: str, filename: str, sha256: str) -> bool:
    """Say whether a file is in its place already, with these bytes.

    A signature without its file was left by a killed run; it settles nothing.

    :raises Unavailable: other bytes are placed there
    """
    path = os.path.join(directory, filename)
    try:
        placed = places.digest(path)
    except FileNotFoundError:
        return False
    if placed == sha256:
        return True
    if _is_stray(directory, filename):
        return False
    raise exceptions.Unavailable(
        f'placing {path}',
        f'other bytes are there, and placed bytes are never replaced: sha256 '
        f'{placed} there, {sha256} here',
    )


def _place(
    directory: str, filename: str, staged: str
) -> receipt.ArchivedArtifact:
    """Rename one staged file into its place."""
    placed = os.path.join(directory, filename)
    try:
        sha256 = places.digest(staged)
    except FileNotFoundError:
        if places.is_there(placed):
            return receipt.ArchivedArtifact(filename, 'already-there')
        raise
    if _settled(directory, filename, sha256):
        os.unlink(staged)
        return receipt.ArchivedArtifact(filename, 'already-there')
    if _is_stray(directory, filename):
        with contextlib.suppress(FileNotFoundError):
            os.unlink(placed)
    try:
        # Unlike a rename this never replaces what another run placed just
        # now.
        os.link(staged, placed)
    except FileExistsError:
        if places.digest(placed) != sha256:
            raise
    except OSError:
        # AFS has no hard links between directories.
        os.rename(staged, placed)
        return receipt.ArchivedArtifact(filename, 'placed')
    os.unlink(staged)
    return receipt.ArchivedArtifact(filename, 'placed')


def _is_stray(directory: str, filename: str) -> bool:
    """Say whether this is a signature that is there without its file."""
    return (
        filename.endswith(places.SIGNATURE)
        and places.is_there(os.path.join(directory, filename))
        and not places.is_there(
            os.path.join(directory, filename.removesuffix(places.SIGNATURE))
        )
    )


def _copy(path: str, target: str) -> None:
    """Copy a file, whole or not at all."""
    part = parts.beside(target)
    try:
        descriptor = os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o644)
        with open(descriptor, 'wb') as copy, open(path, 'rb') as source:
            while chunk := source.read(places.CHUNK):
                copy.write(chunk)
            copy.flush()
            os.fsync(copy.fileno())
        os.replace(part, target)
    finally:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(part)


def _forget(staging: str) -> None:
    """Remove the staging directory unless somebody's files are in it."""
    with contextlib.suppress(FileNotFoundError):
        if not os.listdir(staging):
            # Another run may be about to stage there.
            with contextlib.suppress(OSError):
                os.rmdir(staging)


@contextlib.contextmanager
def _reported(what: str) -> Iterator[None]:
    """Turn the system's errors into ours."""
    try:
        yield
    except OSError as error:
        raise exceptions.Unavailable(what, str(error)) from error
