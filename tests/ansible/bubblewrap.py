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

"""The executor with walls: bubblewrap around ansible-playbook."""

from __future__ import annotations

import os
import pathlib
import sys

from tests.ansible import executor

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


class Bubblewrap(executor.Executor):
    """Runs ansible-playbook as Zuul's executor does.

    The options are those of Zuul's bubblewrap driver: no namespace but the
    network's is shared, ``/tmp`` is empty and gone at the end, the system is
    read-only, the user is nobody in particular and at home in the work root,
    and there is no AFS. What the test itself needs is let in: the program
    under test, the playbooks, and what stands for the AFS of a job that has
    it.
    """

    UID = 10001

    def _setUp(self) -> None:
        super()._setUp()
        for name, line in (
            (
                'passwd',
                f'zuul:x:{self.UID}:{self.UID}::{self.work_root}:/bin/sh',
            ),
            ('group', f'zuul:x:{self.UID}:'),
        ):
            (self.directory / name).write_text(f'{line}\n', 'ascii')

    def command(
        self, playbook: pathlib.Path, given: pathlib.Path
    ) -> list[str]:
        """Return what runs a playbook."""
        inside = ['--tmpfs', '/tmp', '--dir', '/var/tmp']
        for path in (*_SYSTEM, *_SETTINGS):
            if os.path.islink(path):
                inside += ['--symlink', os.readlink(path), path]
            elif os.path.exists(path):
                inside += ['--ro-bind', path, path]
        for path in (sys.base_prefix, sys.prefix, executor.ROOT):
            inside += ['--ro-bind', str(path), str(path)]
        for path in (self.work_root, self._stage.archive):
            inside += ['--bind', str(path), str(path)]
        inside += ['--ro-bind', str(given), str(given)]
        for name in ('passwd', 'group'):
            inside += ['--ro-bind', str(self.directory / name), f'/etc/{name}']
        return [
            *('bwrap', '--unshare-all', '--share-net', '--die-with-parent'),
            *('--uid', str(self.UID), '--gid', str(self.UID)),
            *('--proc', '/proc', '--dev', '/dev'),
            *inside,
            *('--chdir', str(self.work_root), '--'),
            *super().command(playbook, given),
        ]

    def environment(self, returned: pathlib.Path) -> dict[str, str]:
        """Return the environment of ansible-playbook."""
        return {**super().environment(returned), 'TMPDIR': '/tmp'}
