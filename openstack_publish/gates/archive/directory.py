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
shows them, and they are never replaced. What is *staged* lies beside its
place under a hidden name (:mod:`~openstack_publish.gates.archive.placing`).

Signatures are placed before the files that they belong to: whoever sees a
file also finds its signature, at whatever moment a run is killed. A run
that is killed is run again with the same bytes. What it left goes once the
files are in their places, whoever put them there.
"""

from __future__ import annotations

import contextlib
import dataclasses
import errno
import functools
import os
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Sequence

from openstack_publish import exceptions
from openstack_publish import seams
from openstack_publish.gates import parts
from openstack_publish.gates.archive import places
from openstack_publish.gates.archive import placing
from openstack_publish.model import knowledge
from openstack_publish.model import receipt


@dataclasses.dataclass(frozen=True)
class _Staged:
    """What this run stages."""

    file: seams.CheckedFile
    content: str
    """SHA-256 of the distribution that it is, or is the signature of."""


class DirectoryArchive:
    """Fits :class:`~openstack_publish.seams.Archive`.

    :param root: the directory with the repositories' directories
    :raises Misconfigured: it is no directory
    """

    def __init__(self, root: str) -> None:
        self._root = places.root(root)
        self._made: list[str] = []
        self._staged: dict[placing.Place, _Staged] = {}

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
        path = self._place(repo, filename).path
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

    def agree(
        self,
        repo: str,
        signed: Sequence[seams.SignedFile],
        good: Callable[[seams.SignedFile, str], bool],
    ) -> tuple[seams.SignedFile, ...]:
        """Have the same signatures as every other run of the same bytes.

        The signature counts that is placed with its file, else the first
        one that a run came here with. It replaces the one at hand.

        :param good: judges another run's signature, given a copy's path
        :returns: what has another signature now
        :raises Misconfigured: the repository's or a file's name is none
        :raises Unavailable: the archive cannot be written, or the signature
            that is placed is none that may be used
        """
        with self._all_or_nothing(f'agreeing on the signatures of {repo}'):
            return tuple(
                one
                for one in signed
                if placing.persistently(
                    functools.partial(self._agree, repo, one, good)
                )
            )

    def stage(
        self, repo: str, files: Sequence[seams.CheckedFile]
    ) -> tuple[receipt.ArchivedArtifact, ...]:
        """Copy files beside their places.

        A file that is placed with the same bytes is left as it is. Where one
        file cannot be staged, none is.

        :raises Misconfigured: the repository's or a file's name is none
        :raises Unavailable: the archive cannot be written, other bytes are
            placed there, or a file no longer has those that were checked
        """
        asked = [
            self._place(repo, os.path.basename(file.path)) for file in files
        ]
        contents = {
            place: file.sha256
            for place, file in zip(asked, files, strict=True)
        }
        with self._all_or_nothing(f'staging files of {repo}'):
            found = []
            for place, file in zip(asked, files, strict=True):
                content = contents.get(place.distribution, file.sha256)
                staged = _Staged(file, content)
                self._staged[place] = staged
                found.append(
                    placing.persistently(
                        functools.partial(self._stage, place, staged)
                    )
                )
            return tuple(found)

    def promote(
        self, repo: str, filenames: Sequence[str]
    ) -> tuple[receipt.ArchivedArtifact, ...]:
        """Put staged files into their places; placed bytes stay.

        :returns: what became of each, in the order given
        :raises Misconfigured: the repository's or a file's name is none
        :raises Unavailable: the archive cannot be written, other bytes are
            placed there, or a file was not staged by this run
        """
        asked = [self._place(repo, filename) for filename in filenames]
        found = {}
        with _reported(f'placing files of {repo}'):
            for place in sorted(asked, key=lambda place: not place.signs):
                found[place] = placing.persistently(
                    functools.partial(self._put, place)
                )
                parts.on_disk(place.directory)
            # Nothing of this has a use any more.
            for place in asked:
                place.tidy()
            for place in asked:
                if place.signs:
                    file = found.get(place.distribution)
                    placing.persistently(
                        functools.partial(
                            place.keep,
                            self._staged[place].file,
                            first=file is not None and file.state == 'placed',
                        )
                    )
        return tuple(found[place] for place in asked)

    def discard(
        self, repo: str, filenames: Sequence[str]
    ) -> tuple[receipt.ArchivedArtifact, ...]:
        """Remove files that this run staged; what is placed stays.

        :returns: what became of those that it staged
        :raises Misconfigured: the repository's or the file's name is none
        :raises Unavailable: the archive cannot be written
        """
        return self._take_back(
            self._place(repo, filename) for filename in filenames
        )

    def _agree(
        self,
        repo: str,
        signed: seams.SignedFile,
        good: Callable[[seams.SignedFile, str], bool],
    ) -> bool:
        """Say whether a signature was replaced by another run's."""
        content, ours = signed.file.sha256, signed.signature
        file = self._place(repo, os.path.basename(signed.file.path))
        place = file.signature
        waiting = place.waiting(content)
        self._make(file.directory)
        self._staged[place] = _Staged(ours, content)
        if not _are_placed(file, content):
            place.offer(ours, waiting)
        # Looked at again: who has placed the files has tidied up after that,
        # and what we offered was not the first.
        placed = _are_placed(file, content)
        theirs = place.path if placed else waiting
        sha256 = places.digest(theirs)
        if sha256 == ours.sha256:
            return False
        beside = placing.Place(*os.path.split(ours.path))
        beside.tidy()
        with beside.copied(seams.CheckedFile(theirs, sha256)) as copy:
            if good(signed, copy):
                os.replace(copy, ours.path)
                return True
        if placed:
            raise exceptions.Unavailable(
                f'agreeing on {place.path}',
                'the signature that is placed may not be used, and is never '
                f'replaced: sha256 {sha256} there, {ours.sha256} here',
            )
        placing.remove(waiting)
        raise FileExistsError(
            errno.EEXIST, 'signatures that may not be used', waiting
        )

    def _stage(
        self, place: placing.Place, staged: _Staged
    ) -> receipt.ArchivedArtifact:
        self._make(place.directory)
        waits = place.prepare(staged.file, staged.content)
        return receipt.ArchivedArtifact(
            place.filename, 'staged' if waits else 'already-there'
        )

    def _put(self, place: placing.Place) -> receipt.ArchivedArtifact:
        staged = self._staged.get(place)
        if staged is None:
            raise exceptions.Unavailable(
                f'placing {place.path}', 'this run has not staged it'
            )
        if not place.put(staged.file, staged.content):
            return receipt.ArchivedArtifact(place.filename, 'already-there')
        return receipt.ArchivedArtifact(place.filename, 'placed')

    def _take_back(
        self, asked: Iterable[placing.Place]
    ) -> tuple[receipt.ArchivedArtifact, ...]:
        found = []
        with _reported('removing what was staged'):
            for place in asked:
                staged = self._staged.pop(place, None)
                if staged is None:
                    continue
                placing.remove(place.waiting(staged.content))
                there = place.holds(staged.file.sha256)
                found.append(
                    receipt.ArchivedArtifact(
                        place.filename, 'already-there' if there else 'removed'
                    )
                )
        # Only directories that this run made, and deepest first. Another run
        # may have come to use one.
        with contextlib.suppress(OSError):
            while self._made:
                os.rmdir(self._made[-1])
                self._made.pop()
        return tuple(found)

    @contextlib.contextmanager
    def _all_or_nothing(self, what: str) -> Iterator[None]:
        """Take everything back where something cannot be staged."""
        try:
            with _reported(what):
                yield
        except exceptions.PublishError:
            with contextlib.suppress(exceptions.Unavailable):
                self._take_back(list(self._staged))
            raise

    def _place(self, repo: str, filename: str) -> placing.Place:
        """Return where a file of a repository lies.

        :raises Misconfigured: the repository's or the file's name is none
        """
        directory = os.path.join(self._root, *places.words(repo))
        return placing.Place(directory, places.checked(filename))

    def _make(self, directory: str) -> None:
        """Make a directory and those above it, and remember which."""
        if os.path.isdir(directory):
            return
        self._make(os.path.dirname(directory))
        os.mkdir(directory, 0o755)
        self._made.append(directory)
        parts.on_disk(os.path.dirname(directory))


def _are_placed(file: placing.Place, sha256: str) -> bool:
    """Say whether a file is there with these bytes, and its signature."""
    return file.holds(sha256) and file.signature.is_taken


@contextlib.contextmanager
def _reported(what: str) -> Iterator[None]:
    """Turn the system's errors into ours."""
    try:
        yield
    except OSError as error:
        raise exceptions.Unavailable(what, str(error)) from error
