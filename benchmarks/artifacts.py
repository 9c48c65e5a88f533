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

"""Writes distributions of any size, without holding them in memory."""

from __future__ import annotations

import base64
import gzip
import hashlib
import io
import pathlib
import random
import shutil
import tarfile
import zipfile
from typing import Literal, get_args

from openstack_publish.rehearsal import release as releases
from tests.support import artifacts

Kind = Literal['wheel', 'sdist']
KINDS: tuple[Kind, ...] = get_args(Kind)

_BLOCK = random.Random(2026).randbytes(1024 * 1024)
"""What large files are full of: nothing that looks like a zip bomb."""


_PLACE = 'large.bin'


def write(
    directory: pathlib.Path,
    made: releases.ThrowAwayRelease,
    kind: Kind,
    size: int,
) -> None:
    """Write a distribution of a throw-away release.

    :param size: of the one large file in it, in bytes; as the file is not
        compressed, that of the distribution is a little above
    """
    name, version = made.recipe.name, made.version
    stem = artifacts.stem(name, version)
    if kind == 'wheel':
        members = artifacts.wheel_members(
            name,
            version,
            git_version=made.commit[:7],
            record={_PLACE: _record_line(size)},
        )
        target = directory / f'{stem}-py3-none-any.whl'
        _write_wheel(target, members, size)
    else:
        members = artifacts.sdist_members(
            name, version, git_version=made.commit[:7]
        )
        _write_sdist(directory / f'{stem}.tar.gz', stem, members, size)


class _Content(io.RawIOBase):
    """A file that is made up as it is read."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self._at = 0
        self._size = size

    def read(self, size: int = -1) -> bytes:
        """Return so many bytes, or up to the end of a block."""
        begin = self._at % len(_BLOCK)
        end = len(_BLOCK) if size < 0 else begin + size
        part = _BLOCK[begin : min(end, begin + self._size - self._at)]
        self._at += len(part)
        return part


def _write_wheel(
    target: pathlib.Path, members: dict[str, bytes], size: int
) -> None:
    with zipfile.ZipFile(target, 'w', zipfile.ZIP_STORED) as archive:
        with archive.open(_PLACE, 'w') as opened:
            shutil.copyfileobj(_Content(size), opened)
        for path, content in members.items():
            archive.writestr(path, content)


def _write_sdist(
    target: pathlib.Path, top: str, members: dict[str, bytes], size: int
) -> None:
    with gzip.GzipFile(target, 'wb', compresslevel=0) as packed:
        with tarfile.open(fileobj=packed, mode='w') as archive:
            for path, content in members.items():
                info = tarfile.TarInfo(f'{top}/{path}')
                info.size = len(content)
                archive.addfile(info, io.BytesIO(content))
            info = tarfile.TarInfo(f'{top}/{_PLACE}')
            info.size = size
            archive.addfile(info, _Content(size))


def _record_line(size: int) -> str:
    """Return the line of a wheel's RECORD for the large file."""
    content, digest = _Content(size), hashlib.sha256()
    while block := content.read():
        digest.update(block)
    hashed = base64.urlsafe_b64encode(digest.digest()).rstrip(b'=')
    return f'{_PLACE},sha256={hashed.decode("ascii")},{size}'
