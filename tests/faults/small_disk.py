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

"""A disk that is full when a test wants it to be: a small tmpfs."""

from __future__ import annotations

import os
import pathlib
import shutil
import subprocess

import fixtures

SIZE = 512 * 1024
"""Bytes; a stage has some 50 kB."""

LIMIT = 30
"""Longest run of mount, in seconds."""


class SmallDisk(fixtures.Fixture):
    """Puts a small file system in the place of a directory.

    It takes a user who may mount: root, also one of a user namespace
    (``unshare --map-root-user --mount``), as ``tox -e faults`` makes it.

    :param place: a directory; what is in it is copied
    """

    def __init__(self, place: pathlib.Path) -> None:
        super().__init__()
        self._place = place
        self._filler = place / '.filler'

    def _setUp(self) -> None:
        beside = self._place.with_name(f'{self._place.name}-below')
        shutil.copytree(self._place, beside, symlinks=True)
        _run(
            'mount', '-t', 'tmpfs', '-o', f'size={SIZE}', 'tmpfs', self._place
        )
        self.addCleanup(_run, 'umount', '--lazy', self._place)
        shutil.copytree(beside, self._place, symlinks=True, dirs_exist_ok=True)
        os.chmod(self._place, 0o700)

    def fill(self) -> None:
        """Leave no byte."""
        with self._filler.open('wb', buffering=0) as stream:
            try:
                while True:
                    stream.write(bytes(4096))
            except OSError:
                return

    def empty(self) -> None:
        """Give the bytes back."""
        self._filler.unlink(missing_ok=True)


def _run(*command: str | pathlib.Path) -> None:
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=LIMIT
    )
    if done.returncode != 0:
        raise AssertionError(f'{command}: {done.stderr}')
