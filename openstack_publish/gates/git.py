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

"""Asks git for what a repository's objects say.

The work tree is not looked at, and nothing in the repository's own
configuration can change an answer: no replacement object, no graft, no
program that its configuration names.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from openstack_publish import exceptions
from openstack_publish.gates import processes

TIMEOUT = 60.0
"""Longest run of git, in seconds."""

_CHUNK = 1024 * 1024
"""Bytes of one read of what is not kept."""

COMMAND = (
    'git',
    '--no-replace-objects',
    '--literal-pathspecs',
    '-c',
    'advice.graftFileDeprecated=false',
    '-c',
    'core.fsmonitor=false',
)
"""Replacement objects would let a local ref stand for another commit; a path
may have any character."""

VARIABLES = {
    # A partial clone fetches what it lacks with whatever program its own
    # configuration names. No protocol is allowed; git from 2.44 on does not
    # even try.
    'GIT_ALLOW_PROTOCOL': '',
    'GIT_NO_LAZY_FETCH': '1',
    'GIT_TERMINAL_PROMPT': '0',
    # A graft would give a commit other parents.
    'GIT_GRAFT_FILE': '/dev/null',
}


class Repository:
    """A git repository.

    :param root: the top of its work tree
    :param programs: runs git
    """

    def __init__(self, root: str, programs: processes.Processes) -> None:
        self.root = root
        self._programs = programs
        # The repository's own configuration may name another work tree, and
        # paths would be taken relative to that one.
        self._variables = {**VARIABLES, 'GIT_WORK_TREE': root}

    def run(self, what: str, *arguments: str) -> bytes:
        """Return what git prints.

        :param what: what we want to know, for the message
        :raises Unavailable: git failed; in its own words
        """
        done = self._run(arguments)
        if done.returncode != 0:
            raise exceptions.Unavailable(
                what,
                done.stderr.strip() or f'git ended with {done.returncode}',
            )
        return done.stdout

    def maybe(self, *arguments: str) -> bytes | None:
        """Return what git prints; None where it finds nothing.

        For commands that say by their exit code alone, being quiet, that
        something is not there.

        :raises Unavailable: git could not be run, or says why it failed
        """
        done = self._run(arguments)
        if done.returncode == 0:
            return done.stdout
        if done.stderr.strip():
            raise exceptions.Unavailable(
                f'asking git in {self.root}', done.stderr.strip()
            )
        return None

    @contextlib.contextmanager
    def objects(self) -> Iterator[Objects]:
        """Open the store of objects, to read several of them.

        :raises Unavailable: git could not be run
        """
        with self._programs.converse(
            [*COMMAND, '-C', self.root, 'cat-file', '--batch'],
            variables=self._variables,
            timeout=TIMEOUT,
        ) as git:
            yield Objects(git, self.root)

    def _run(self, arguments: tuple[str, ...]) -> processes.Finished:
        return self._programs.run(
            [*COMMAND, '-C', self.root, *arguments],
            variables=self._variables,
            timeout=TIMEOUT,
        )


class Objects:
    """The store of a repository's objects, open for reading."""

    def __init__(self, git: processes.Conversation, root: str) -> None:
        self._git = git
        self._root = root

    def find(self, name: str, kind: str, limit: int) -> bytes | None:
        """Return an object's content.

        :param name: its hash
        :param kind: ``commit`` or ``blob``
        :param limit: bytes; of a larger object the first ones, and one more
        :returns: None where the repository hasn't got it
        :raises Unavailable: it is of another kind, or git failed
        """
        fields = self._git.ask(name.encode()).split()
        if fields[-1:] == [b'missing']:
            return None
        if (
            len(fields) != 3
            or fields[1] != kind.encode()
            or not fields[2].isdigit()
        ):
            raise self._unavailable(name, b' '.join(fields))
        # A line break follows the content.
        size = int(fields[2]) + 1
        kept = min(size - 1, limit + 1)
        content = self._git.read(kept)
        for at in range(kept, size, _CHUNK):
            self._git.read(min(_CHUNK, size - at))
        return content

    def _unavailable(self, name: str, said: bytes) -> exceptions.Unavailable:
        return exceptions.Unavailable(
            f'the object {name} of {self._root}',
            f'git answers {said.decode("utf-8", "backslashreplace")!r}',
        )
