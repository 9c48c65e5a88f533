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

"""bubblewrap around a command, as Zuul's executor puts it there."""

from __future__ import annotations

import os
import pathlib
import sys
from collections.abc import Sequence

UID = 10001
"""Of the user zuul in the images of the executor."""

_SYSTEM = ('/usr', '/bin', '/sbin', '/lib', '/lib64')
_SETTINGS = (
    '/etc/alternatives',
    '/etc/hosts',
    '/etc/ld.so.cache',
    '/etc/localtime',
    '/etc/nsswitch.conf',
    '/etc/resolv.conf',
    '/etc/ssl/certs',
)


def command(
    work_root: pathlib.Path,
    settings: pathlib.Path,
    *,
    readable: Sequence[pathlib.Path],
    writable: Sequence[pathlib.Path],
) -> list[str]:
    """Return what goes before a command.

    The options are those of Zuul's bubblewrap driver: no namespace but the
    network's is shared, ``/tmp`` is empty and gone at the end, the system is
    read-only, the user is nobody in particular and at home in the work root,
    and there is no AFS.

    :param settings: where the files are written that tell who the user is
    :param readable: what the test needs inside, beside the interpreter
    :param writable: likewise; what stands for the AFS of a job that has it
    """
    words = ['bwrap', '--unshare-all', '--share-net', '--die-with-parent']
    words += ['--uid', str(UID), '--gid', str(UID)]
    words += ['--proc', '/proc', '--dev', '/dev']
    words += ['--tmpfs', '/tmp', '--dir', '/var/tmp']
    for place in (*_SYSTEM, *_SETTINGS):
        if os.path.islink(place):
            words += ['--symlink', os.readlink(place), place]
        elif os.path.exists(place):
            words += ['--ro-bind', place, place]
    for name, line in (
        ('passwd', f'zuul:x:{UID}:{UID}::{work_root}:/bin/sh'),
        ('group', f'zuul:x:{UID}:'),
    ):
        (settings / name).write_text(f'{line}\n', 'utf-8')
        words += ['--ro-bind', str(settings / name), f'/etc/{name}']
    for path in (work_root, *writable):
        words += ['--bind', str(path), str(path)]
    for path in (*map(pathlib.Path, (sys.base_prefix, sys.prefix)), *readable):
        words += ['--ro-bind', str(path), str(path)]
    return [*words, '--chdir', str(work_root), '--']
