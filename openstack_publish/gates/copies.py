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

"""A private directory for files that are to be published again."""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
import tempfile
from types import TracebackType

from openstack_publish import exceptions
from openstack_publish import seams

CHUNK = 1024 * 1024
"""Bytes that are read or copied at a time."""

_SIGNATURE = '.asc'


class Copies:
    """Fits :class:`~openstack_publish.seams.Copies`; enter it to use it.

    Nobody but the user can write to the directory, so what is checked there
    is what is sent. It goes when it is left.
    """

    def __init__(self) -> None:
        self._directory = ''

    def __enter__(self) -> Copies:
        try:
            self._directory = tempfile.mkdtemp(prefix='openstack-publish-')
        except OSError as error:
            raise exceptions.Unavailable(
                'a private directory for the originals', str(error)
            ) from error
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        shutil.rmtree(self._directory, ignore_errors=True)

    def take(self, file: seams.Original) -> str:
        """Copy a file and its signature, and return where the copy is.

        :raises Unavailable: it cannot be copied, or no longer has the bytes
            that were read
        """
        target = os.path.join(self._directory, file.filename)
        try:
            digest = _copy(file.path, target)
            if file.signature_path is not None:
                _copy(file.signature_path, f'{target}{_SIGNATURE}')
        except OSError as error:
            raise exceptions.Unavailable(
                f'copying {file.url}', str(error)
            ) from error
        if digest != file.sha256:
            raise exceptions.Unavailable(
                f'copying {file.url}',
                f'it changed since it was read: sha256 {digest} now, '
                f'{file.sha256} then',
            )
        return target


def _copy(path: str, target: str) -> str:
    """Copy a file and return its SHA-256."""
    digest = hashlib.sha256()
    with (
        open(path, 'rb', opener=_without_waiting) as source,
        open(target, 'xb') as copy,
    ):
        if not stat.S_ISREG(os.fstat(source.fileno()).st_mode):
            raise OSError(f'{path} is no regular file')
        while chunk := source.read(CHUNK):
            digest.update(chunk)
            copy.write(chunk)
    return digest.hexdigest()


def _without_waiting(path: str, flags: int) -> int:
    # A pipe that nobody writes to would be waited for.
    return os.open(path, flags | os.O_NONBLOCK)
