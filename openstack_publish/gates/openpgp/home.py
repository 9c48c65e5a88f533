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

"""Private GnuPG homes: short, ours alone, and gone when we are.

A home is a directory in the system's directory for temporary files. A lock
in it is held as long as the process lives that made it, so that a later run
finds the homes of killed ones, ends their agents and removes them: a key
that was imported for one release must not outlive it.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import stat
import tempfile
from types import TracebackType

from openstack_publish import exceptions
from openstack_publish.gates import processes

PREFIX = 'osp-'
LOCK = 'openstack-publish.lock'

PATH_LIMIT = 86
"""Longest path of a home, in bytes: the agent's sockets lie in it, the
longest is called ``S.gpg-agent.browser``, and the path of a socket ends at
107 bytes (tried with gpg 2.2.40: 87 say only "No agent running")."""


class Home:
    """A private GnuPG home; use it in a ``with`` block, or close it.

    :param runner: runs gpgconf, which ends the home's agent
    :raises Misconfigured: the directory for temporary files has too long a
        path
    :raises Unavailable: the home cannot be made
    """

    def __init__(self, runner: processes.Processes) -> None:
        self._runner = runner
        where = tempfile.gettempdir()
        _sweep(where, runner)
        try:
            self.path = tempfile.mkdtemp(prefix=PREFIX, dir=where)
        except OSError as error:
            raise exceptions.Unavailable(
                f'making a GnuPG home in {where}', str(error)
            ) from error
        self._lock: int | None = None
        try:
            check_length(self.path, 'TMPDIR')
            self._lock = _locked(self.path)
        except OSError as error:
            shutil.rmtree(self.path, ignore_errors=True)
            raise exceptions.Unavailable(
                f'making a GnuPG home in {where}', str(error)
            ) from error
        except exceptions.Misconfigured:
            shutil.rmtree(self.path, ignore_errors=True)
            raise

    def __enter__(self) -> Home:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the home's agent and remove the home with all keys in it.

        :raises Unavailable: something of it is left
        """
        if self._lock is None:
            return
        try:
            _remove(self.path, self._runner)
        finally:
            os.close(self._lock)
            self._lock = None


def check_length(path: str, where: str) -> None:
    """Refuse a GnuPG home whose path is too long for the agent's sockets.

    :param where: the option or variable that is to be changed
    :raises Misconfigured: it is too long
    """
    length = len(os.fsencode(path))
    if length > PATH_LIMIT:
        raise exceptions.Misconfigured(
            f'the GnuPG home {path} has a path of {length} bytes, and its '
            f'agent works up to {PATH_LIMIT}; choose a shorter one',
            where=where,
        )


def _locked(path: str) -> int:
    """Put a held lock into a home and return its descriptor.

    It gets its name once it is held: a lock that another run finds and can
    take is the lock of a dead process.
    """
    early = os.path.join(path, f'{LOCK}.new')
    lock = os.open(early, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        os.rename(early, os.path.join(path, LOCK))
    except OSError:
        os.close(lock)
        raise
    return lock


def _sweep(where: str, runner: processes.Processes) -> None:
    """Remove homes of this user whose processes are gone.

    What cannot be removed is left for the next run: it is no reason not to
    work now.
    """
    try:
        found = [
            entry.path
            for entry in os.scandir(where)
            if entry.name.startswith(PREFIX)
        ]
    except OSError:
        return
    for path in found:
        lock = _abandoned(path)
        if lock is None:
            continue
        try:
            with contextlib.suppress(exceptions.Unavailable):
                _remove(path, runner)
        finally:
            os.close(lock)


def _abandoned(path: str) -> int | None:
    """Take the lock of a home whose process is dead.

    :returns: None where it is no home of ours, or its process lives
    """
    try:
        status = os.lstat(path)
        if not stat.S_ISDIR(status.st_mode) or status.st_uid != os.getuid():
            return None
        lock = os.open(os.path.join(path, LOCK), os.O_RDWR | os.O_NOFOLLOW)
    except OSError:
        return None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(lock)
        return None
    return lock


def _remove(path: str, runner: processes.Processes) -> None:
    """End the agent of a home and remove the home.

    :raises Unavailable: something of it is left
    """
    # Without gpgconf there is no gpg either, and so no agent.
    with contextlib.suppress(exceptions.Unavailable):
        at = ['gpgconf', '--homedir', path]
        # The agent takes its scdaemon along, and our gpg starts no dirmngr
        # (--disable-dirmngr): to end "all" would ask each of the three.
        runner.run([*at, '--kill', 'gpg-agent'])
        # Where there is /run/user the sockets lie in a directory there.
        runner.run([*at, '--remove-socketdir'])
    # An agent that ends removes its sockets while we do.
    shutil.rmtree(path, ignore_errors=True)
    if not os.path.lexists(path):
        return
    try:
        shutil.rmtree(path)
    except FileNotFoundError:
        pass
    except OSError as error:
        raise exceptions.Unavailable(
            f'removing the GnuPG home {path}',
            f'{error}; it may hold a signing key: remove it by hand',
        ) from error
