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

"""What the archive's directories and files may be called, and their bytes."""

from __future__ import annotations

import hashlib
import os
import re
import stat

from openstack_publish import exceptions

SIGNATURE = '.asc'

CHUNK = 1024 * 1024
"""Bytes that are read or copied at a time."""

_NAME = re.compile(r'[A-Za-z0-9_][A-Za-z0-9._+-]*', re.ASCII)
"""One part of a repository's name; no dot first, so neither ``..`` nor
anything hidden."""

_UNSAFE = re.compile(r'[/\x00-\x1f\x7f]')


def root(path: str) -> str:
    """Return the directory of the repositories' directories, absolute.

    :raises Misconfigured: it is no directory
    """
    if not os.path.isdir(path):
        raise exceptions.Misconfigured(
            f'the archive {path} is no directory', where='--archive'
        )
    return os.path.abspath(path)


def words(repo: str) -> list[str]:
    """Return the parts of a repository's full name.

    :raises Misconfigured: the name is not one of a repository
    """
    found = repo.split('/')
    if len(found) < 2 or not all(map(_NAME.fullmatch, found)):
        raise exceptions.Misconfigured(
            f'{repo!r} is no full name of a git repository, such as '
            'openstack/nova',
            where='--git-repo',
        )
    return found


def checked(filename: str) -> str:
    """Return a file name that names a file of the directory.

    :raises Misconfigured: it doesn't, or a hidden one
    """
    if not filename or filename[0] == '.' or _UNSAFE.search(filename):
        raise exceptions.Misconfigured(
            f'{filename!r} is no name of a file in the archive'
        )
    return filename


def digest(path: str) -> str:
    """Return the SHA-256 of a regular file.

    :raises OSError: it is none, or cannot be read
    """
    return measured(path)[0]


def measured(path: str) -> tuple[str, int]:
    """Return the SHA-256 of a regular file and its size in bytes.

    :raises OSError: it is none, or cannot be read
    """
    with open(path, 'rb', opener=_without_waiting) as opened:
        if not stat.S_ISREG(os.fstat(opened.fileno()).st_mode):
            raise OSError(f'{path} is no regular file')
        found = hashlib.file_digest(opened, 'sha256').hexdigest()
        return found, opened.tell()


def is_there(path: str) -> bool:
    """Say whether a name is taken, by whatever it may be.

    :raises OSError: the directory cannot be searched
    """
    try:
        os.lstat(path)
    except FileNotFoundError:
        return False
    return True


def _without_waiting(path: str, flags: int) -> int:
    # A pipe that nobody writes to would be waited for.
    return os.open(path, flags | os.O_NONBLOCK)
