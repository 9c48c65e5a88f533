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

"""Looks at the GnuPG that is installed, without asking for a key."""

from __future__ import annotations

import os
import re
import shutil
import tempfile

from openstack_publish import exceptions
from openstack_publish.gates import processes as runners
from openstack_publish.gates.openpgp import home
from openstack_publish.model import checkup

_VERSION = re.compile(r'gpg \(GnuPG[^)]*\) (\S+)')
_RANDOM = 8
"""Characters that make the name of a private home one of its own."""


class Inspection:
    """Fits :class:`~openstack_publish.seams.GnuPG`.

    :param gnupg_home: home with the signing key; default: the user's
    :param from_file: the signing key comes from a file instead
    """

    def __init__(
        self,
        processes: runners.Processes,
        *,
        gnupg_home: str | None,
        from_file: bool,
    ) -> None:
        self._processes = processes
        self._home = gnupg_home
        self._from_file = from_file

    def installation(self) -> checkup.Installation:
        """Return what is installed, and which home is used.

        :raises Misconfigured: it isn't there, or the home is not
        :raises Unavailable: it could not be run
        """
        path = self._processes.environment['PATH']
        program = shutil.which('gpg', path=path)
        if program is None:
            raise exceptions.Misconfigured(
                f'GnuPG is not installed: there is no gpg in {path}',
                where='PATH',
            )
        said = self._said([program, '--version'])
        version = _VERSION.match(said)
        if version is None:
            raise exceptions.Unavailable(
                f'the version of {program}',
                f'it says {said.partition(chr(10))[0]!r}',
            )
        if self._home is not None and not os.path.isdir(self._home):
            raise exceptions.Misconfigured(
                f'there is no GnuPG home {self._home}', where='--gnupg-home'
            )
        return checkup.Installation(version.group(1), program, self._place())

    def socket_rooms(self) -> tuple[checkup.SocketRoom, ...]:
        """Return the homes whose paths the agents' sockets lengthen.

        The private ones lie in the directory for temporary files; the
        user's matters where its agent keeps its sockets in it, which it
        does where there is no directory for them in /run/user.

        :raises Unavailable: GnuPG could not be asked
        """
        private = os.path.join(
            tempfile.gettempdir(), home.PREFIX + 'x' * _RANDOM
        )
        rooms = [_room(private)]
        place = self._place()
        if place is not None:
            agent = self._asked('agent-socket', place)
            if agent.startswith(place + os.sep):
                rooms.append(_room(place))
        return tuple(rooms)

    def _place(self) -> str | None:
        if self._from_file:
            return None
        if self._home is not None:
            return os.path.abspath(self._home)
        return self._asked('homedir')

    def _asked(self, name: str, place: str | None = None) -> str:
        at = [] if place is None else ['--homedir', place]
        said = self._said(['gpgconf', *at, '--list-dirs', name])
        return said.removesuffix('\n')

    def _said(self, command: list[str]) -> str:
        done = self._processes.run(command)
        if done.returncode != 0:
            raise exceptions.Unavailable(
                f'asking {os.path.basename(command[0])}',
                done.stderr.strip() or f'it ended with {done.returncode}',
            )
        return os.fsdecode(done.stdout)


def _room(path: str) -> checkup.SocketRoom:
    return checkup.SocketRoom(path, len(os.fsencode(path)), home.PATH_LIMIT)
