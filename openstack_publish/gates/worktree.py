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

"""What git sees as changed in a checkout of openstack/releases."""

from __future__ import annotations

import os

from openstack_publish import exceptions
from openstack_publish.gates import processes

PLACES = ('deliverables', 'data', 'doc/source/static')
"""What orders, policy and keys are read of; the rest is of no interest."""

TIMEOUT = 5.0
"""Longest run of git, in seconds. Comparing the 6,500 files of these places
takes some 0.05 s."""

_GIT = (
    'git',
    # Looking is not to write, and the checkout's own configuration is not
    # to start a program.
    '--no-optional-locks',
    '-c',
    'core.fsmonitor=false',
)
_CODE = 3
"""Characters before a path: two of state and a space (git-status(1))."""


class WorkTree:
    """Fits :class:`~openstack_publish.seams.WorkTree`.

    :param root: the checkout's directory
    :param programs: runs git
    """

    def __init__(self, root: str, programs: processes.Processes) -> None:
        self._root = root
        self._programs = programs

    def changed(self) -> tuple[str, ...]:
        """Return files of :data:`PLACES` that differ from HEAD, new ones too.

        :raises Unavailable: git did not say
        """
        done = self._programs.run(
            [
                *_GIT,
                '-C',
                self._root,
                'status',
                '--porcelain',
                '-z',
                '--no-renames',
                '--untracked-files=normal',
                '--',
                *PLACES,
            ],
            timeout=TIMEOUT,
        )
        if done.returncode != 0:
            raise exceptions.Unavailable(
                f'what differs from HEAD in {self._root}',
                done.stderr.strip() or f'git ended with {done.returncode}',
            )
        return tuple(
            os.fsdecode(entry[_CODE:])
            for entry in done.stdout.split(b'\0')
            if entry
        )
