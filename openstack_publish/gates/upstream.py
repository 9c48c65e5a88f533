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

"""Keeps a checkout of openstack/releases as its origin has it."""

from __future__ import annotations

import datetime
import os

from openstack_publish import exceptions
from openstack_publish import seams
from openstack_publish.gates import processes
from openstack_publish.model import knowledge

TIMEOUT = 300.0
"""Longest fetch, in seconds."""

_GIT = (
    'git',
    '-c',
    'core.fsmonitor=false',
    # The checkout's own hooks are not to start a program.
    '-c',
    'core.hooksPath=/dev/null',
)


class Upstream:
    """Fits :class:`~openstack_publish.seams.alerts.Upstream`.

    :param root: the checkout's directory, a git work tree
    :param programs: runs git
    :param clock: tells when a fetch began
    :param fetches: whether :meth:`update` fetches (not with ``--no-fetch``)
    """

    def __init__(
        self,
        root: str,
        programs: processes.Processes,
        clock: seams.Clock,
        *,
        fetches: bool,
    ) -> None:
        self._clock = clock
        self._fetched: datetime.datetime | None = None
        self._root = os.path.abspath(root)
        self._programs = programs
        self._fetches = fetches

    def update(self) -> None:
        """Fetch, and move the work tree forward to what was fetched.

        Only forward: work of somebody's own in the checkout is not lost.

        :raises Unavailable: it could not be fetched, or not be followed
        """
        if not self._fetches:
            return
        began = self._clock.now()
        self._git('fetching', 'fetch', '--quiet')
        self._git('following', 'merge', '--quiet', '--ff-only', '@{upstream}')
        self._fetched = began

    def fetched(self) -> knowledge.Knowledge[datetime.datetime]:
        """Return when the checkout was last fetched, UTC.

        Where somebody else fetches, git tells: it writes ``FETCH_HEAD`` on
        every fetch, also one that brings nothing; a fresh clone has none,
        and is as old as its ``HEAD``.
        """
        if self._fetches:
            if self._fetched is None:
                return knowledge.Unknown(
                    f'when {self._root} was fetched', 'no fetch has succeeded'
                )
            return knowledge.Known(self._fetched)
        what = f'when {self._root} was fetched'
        try:
            directory = self._git(
                'examining', 'rev-parse', '--absolute-git-dir'
            )
        except exceptions.Unavailable as error:
            return knowledge.Unknown(what, str(error))
        return self._written(what, os.fsdecode(directory.rstrip(b'\n')))

    def _written(
        self, what: str, place: str
    ) -> knowledge.Knowledge[datetime.datetime]:
        """Return when git last wrote what it fetched, or made the clone."""
        for name in ('FETCH_HEAD', 'HEAD'):
            try:
                found = os.stat(os.path.join(place, name))
            except FileNotFoundError:
                continue
            except OSError as error:
                return knowledge.Unknown(what, str(error))
            if not found.st_size:
                # git empties it before it asks (2.39, seen 2026-11-22).
                return knowledge.Unknown(what, 'the last fetch failed')
            if name == 'FETCH_HEAD' and not self._is_merged():
                return knowledge.Unknown(
                    what, 'what was fetched last is not in the work tree'
                )
            try:
                return knowledge.Known(
                    datetime.datetime.fromtimestamp(
                        int(found.st_mtime), datetime.UTC
                    )
                )
            except (ValueError, OverflowError, OSError) as error:
                return knowledge.Unknown(what, f'of {name}: {error}')
        return knowledge.Unknown(what, 'it has neither FETCH_HEAD nor HEAD')

    def _is_merged(self) -> bool:
        """Say whether the work tree has what was fetched last."""
        try:
            self._git(
                *('examining', 'merge-base', '--is-ancestor'),
                *('FETCH_HEAD', 'HEAD'),
            )
        except exceptions.Unavailable:
            return False
        return True

    def _git(self, doing: str, *arguments: str) -> bytes:
        done = self._programs.run(
            [*_GIT, '-C', self._root, *arguments], timeout=TIMEOUT
        )
        if done.returncode != 0:
            raise exceptions.Unavailable(
                f'{doing} {self._root}',
                done.stderr.strip() or f'git ended with {done.returncode}',
            )
        return done.stdout
