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

"""Names for files that are not whole yet.

A file is written under such a name, in the directory that it is to lie in,
and renamed when it is whole and on disk. A run that is killed leaves one;
the next that writes the same file removes it.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import secrets
import stat
from collections.abc import Iterator


def beside(target: str) -> str:
    """Return a path for what is to become *target*; hidden, and new."""
    return marked(target, secrets.token_hex(4))


def marked(target: str, mark: str) -> str:
    """Return a path as :func:`beside` does, the same for the same mark.

    :param mark: eight hexadecimal digits, lower case
    """
    place, name = os.path.split(os.path.abspath(target))
    return os.path.join(place, f'.{name}.{mark}.part')


def put(target: str, content: bytes, *, replace: bool = True) -> None:
    """Write a file: whole or not at all, and on disk.

    :param replace: whether a file that is there may go
    :raises FileExistsError: it is there and may not, or is no regular file
    :raises OSError: it cannot be written
    """
    _refuse_what_is_no_file(target)
    part = beside(target)
    try:
        forget(target)
        with open(part, 'xb') as opened:
            opened.write(content)
            opened.flush()
            os.fsync(opened.fileno())
        if replace:
            os.replace(part, target)
        else:
            # A rename would replace what came meanwhile.
            os.link(part, target)
    finally:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(part)
    # The name is on disk once the directory is.
    on_disk(os.path.dirname(part))


def _refuse_what_is_no_file(target: str) -> None:
    """Refuse to put a file where a pipe or a device is.

    ``/dev/stdout`` may be named as a file; whoever may write to ``/dev``
    would have a file there afterwards, for every program.

    :raises FileExistsError: there is one, or a link to one
    """
    with contextlib.suppress(FileNotFoundError):
        if not stat.S_ISREG(os.stat(target).st_mode):
            raise FileExistsError(
                errno.EEXIST, 'what is there is no regular file', target
            )


def on_disk(path: str) -> None:
    """Wait until a file's bytes, or a directory's names, are on disk.

    :raises OSError: they cannot be written
    """
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def forget(target: str) -> None:
    """Remove the files that killed runs left of *target*.

    :raises OSError: one is there and cannot be removed
    """
    found: list[str] = []
    with contextlib.suppress(FileNotFoundError):
        found += left(target)
    for path in found:
        # Another run may be at the same.
        with contextlib.suppress(FileNotFoundError):
            os.unlink(path)


def left(target: str) -> Iterator[str]:
    """Yield the paths of what killed runs left of *target*.

    :raises OSError: its directory cannot be read
    """
    place, name = os.path.split(os.path.abspath(target))
    part = re.compile(rf'\.{re.escape(name)}\.[0-9a-f]{{8}}\.part')
    for found in os.listdir(place):
        if part.fullmatch(found):
            yield os.path.join(place, found)
