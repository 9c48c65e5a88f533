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

"""The archive as a directory that is read."""

from __future__ import annotations

import contextlib
import datetime
import os
import stat
from collections.abc import Iterator

from openstack_publish import exceptions
from openstack_publish import seams
from openstack_publish.gates.archive import places
from openstack_publish.model import knowledge


class DirectoryOriginals:
    """Fits :class:`~openstack_publish.seams.Originals`.

    Files lie as the job writes them (``ROOT/openstack/nova/FILE``), or as
    the older site showed them (``ROOT/nova/FILE``). Where both are there,
    the first one counts.

    :param root: the directory with the repositories' directories
    :raises Misconfigured: it is no directory
    """

    def __init__(self, root: str) -> None:
        self._root = places.root(root)

    @property
    def place(self) -> str:
        """Where it is."""
        return self._root

    @contextlib.contextmanager
    def holding(
        self, repo: str, filename: str
    ) -> Iterator[knowledge.Knowledge[seams.Original | None]]:
        """Give a file and its signature in their places.

        :raises Misconfigured: the repository's or the file's name is none
        """
        yield self._find(repo, filename)

    def unchanged(self, file: seams.Original) -> bool:
        """Read a file in its place again.

        :raises Unavailable: it cannot be read any more
        """
        try:
            return places.digest(file.path) == file.sha256
        except OSError as error:
            raise exceptions.Unavailable(
                f'reading {file.path}', error.strerror or str(error)
            ) from error

    def has(self, repo: str, filename: str) -> knowledge.Knowledge[bool]:
        """Say whether the archive has a file, without reading it.

        :raises Misconfigured: the repository's or the file's name is none
        """
        for path in self._paths(repo, filename):
            try:
                found = os.stat(path)
            except FileNotFoundError:
                continue
            except OSError as error:
                return _unknown(path, str(error))
            if stat.S_ISREG(found.st_mode):
                return knowledge.Known(True)
            return _unknown(path, 'it is no regular file')
        gone = self._gone(filename)
        return knowledge.Known(False) if gone is None else gone

    def _find(
        self, repo: str, filename: str
    ) -> knowledge.Knowledge[seams.Original | None]:
        for path in self._paths(repo, filename):
            signed = f'{path}{places.SIGNATURE}'
            try:
                sha256, size = places.measured(path)
                has_signature = places.is_there(signed)
                written = os.stat(path).st_mtime
            except FileNotFoundError:
                continue
            except OSError as error:
                return _unknown(path, str(error))
            return knowledge.Known(
                seams.Original(
                    filename=filename,
                    sha256=sha256,
                    size=size,
                    path=path,
                    signature_path=signed if has_signature else None,
                    url=path,
                    modified=_moment(written),
                )
            )
        gone = self._gone(filename)
        return knowledge.Known(None) if gone is None else gone

    def _paths(self, repo: str, filename: str) -> tuple[str, ...]:
        words = places.words(repo)
        name = places.checked(filename)
        return (
            os.path.join(self._root, *words, name),
            os.path.join(self._root, words[-1], name),
        )

    def _gone(self, filename: str) -> knowledge.Unknown | None:
        """Say that the archive itself went away, if that is why."""
        if os.path.isdir(self._root):
            return None
        return _unknown(
            os.path.join(self._root, filename),
            f'{self._root} is no directory any more',
        )


def _unknown(path: str, why: str) -> knowledge.Unknown:
    return knowledge.Unknown(f'what the archive holds as {path}', why)


def _moment(seconds: float) -> datetime.datetime | None:
    """Return a file's time; None where no year has it."""
    try:
        return datetime.datetime.fromtimestamp(seconds, datetime.UTC)
    except (ValueError, OverflowError, OSError):
        return None
