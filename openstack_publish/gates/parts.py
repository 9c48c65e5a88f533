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
import os
import re
import secrets


def beside(target: str) -> str:
    """Return a path for what is to become *target*; hidden, and new."""
    place, name = os.path.split(os.path.abspath(target))
    return os.path.join(place, f'.{name}.{secrets.token_hex(4)}.part')


def put(target: str, content: bytes, *, replace: bool = True) -> None:
    """Write a file: whole or not at all, and on disk.

    :param replace: whether a file that is there may go
    :raises FileExistsError: it is there and may not
    :raises OSError: it cannot be written
    """
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
    directory = os.open(os.path.dirname(part), os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)


def forget(target: str) -> None:
    """Remove what killed runs left of *target*.

    :raises OSError: it is there and cannot be removed
    """
    place, name = os.path.split(os.path.abspath(target))
    part = re.compile(rf'\.{re.escape(name)}\.[0-9a-f]{{8}}\.part')
    with contextlib.suppress(FileNotFoundError):
        for found in os.listdir(place):
            if part.fullmatch(found):
                os.unlink(os.path.join(place, found))
