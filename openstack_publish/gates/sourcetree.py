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

"""Reads what a commit of a git repository holds, and believes no one.

The ordered hash names the commit, the commit names its tree, and the trees
name every file, each by the hash of its content. Every commit and tree that
git hands out is hashed here again, so that nothing in the repository can
stand for something else: no replacement, no graft, no edited object, and no
file of the work tree, which is not looked at.

Forms: gitformat-pack "Object names"; ``git cat-file --batch``, "BATCH
OUTPUT"; tree entries as ``git/tree-walk.c`` reads them (git 2.39).
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator

from openstack_publish import exceptions
from openstack_publish import seams
from openstack_publish.gates import git
from openstack_publish.gates import processes
from openstack_publish.model import names
from openstack_publish.model import source

ENTRIES = 200_000
"""Files and directories of one tree. OpenStack's largest has some 8,000; one
directory that stands in many places may claim billions."""

TREE_SIZE = 16 * 1024 * 1024
"""Bytes of one commit, or of one directory's tree object."""

NAMES = 32 * 1024 * 1024
"""Characters of all paths of one tree."""

CONTENT_SIZE = 1024 * 1024
"""Bytes of one file that is read."""

LINK_SIZE = 4096
"""Bytes of a symbolic link's target; Linux follows no longer one."""

TIMEOUT = 120.0
"""Longest reading of one tree, in seconds."""

_ID_SIZE = 20
_KIND_OF_MODE = 0o170000
_DIRECTORY = 0o040000
_KINDS: dict[int, source.EntryKind] = {
    0o100000: 'file',
    0o120000: 'link',
    0o160000: 'submodule',
}


class _Refuted(Exception):
    """The repository does not hold what the ordered hash stands for."""


class SourceTree:
    """A clone of the repository that a release is of.

    :param place: its work tree or git directory, or a directory in it
    :param programs: runs git
    :raises Misconfigured: it isn't there, or is in no git repository
    """

    def __init__(self, place: str, programs: processes.Processes) -> None:
        self.place = os.path.abspath(place)
        self._programs = programs
        if not os.path.isdir(self.place):
            raise exceptions.Misconfigured(
                f'there is no directory {place}', '--source-tree'
            )
        try:
            done = programs.run(
                [*git.COMMAND, '-C', self.place, 'rev-parse', '--git-dir']
            )
        except exceptions.Unavailable:
            # Reading will say so again, and then it is a finding.
            return
        if done.returncode != 0 and 'not a git repository' in done.stderr:
            raise exceptions.Misconfigured(
                f'{place} is no git repository', '--source-tree'
            )

    def read(
        self, commit: str, wanted: seams.Wanted
    ) -> source.Tree | source.NoTree:
        """Return every path of a commit with the id of its content.

        :raises Unavailable: git cannot be run, fails, or a limit is reached
        """
        if not names.is_commit_hash(commit):
            return source.NoTree(
                f"'{commit}' is no whole SHA-1 hash of a commit"
            )
        with self._programs.converse(
            [*git.COMMAND, '-C', self.place, 'cat-file', '--batch'],
            variables=git.VARIABLES,
            timeout=TIMEOUT,
        ) as asked:
            try:
                return _Reading(asked, self.place, wanted).read(commit)
            except _Refuted as refuted:
                return source.NoTree(str(refuted))


class _Reading:
    """One reading of one commit."""

    def __init__(
        self,
        git: processes.Conversation,
        place: str,
        wanted: seams.Wanted,
    ) -> None:
        self._git = git
        self._place = place
        self._wanted = wanted
        self._count = 0
        self._names = 0
        self._entries: dict[str, source.Entry] = {}

    def read(self, commit: str) -> source.Tree:
        found = self._find(commit, TREE_SIZE)
        if found is None:
            raise _Refuted(f'{self._place} does not hold the commit {commit}')
        kind, content = found
        if kind != 'commit':
            raise _Refuted(
                f'{commit} is no commit in {self._place} but a {kind}'
            )
        first = content.partition(b'\n')[0].split(b' ')
        if len(first) != 2 or first[0] != b'tree':
            raise self._malformed(commit)
        self._directory('', first[1].decode('ascii', 'replace'))
        links = {}
        contents = {}
        for path, entry in self._entries.items():
            if entry.kind == 'link':
                links[path] = _text(self._content(entry.id, LINK_SIZE))
            elif entry.kind == 'file' and self._wanted(path):
                contents[path] = self._content(entry.id, CONTENT_SIZE)
        return source.Tree(commit, self._entries, links, contents)

    def _directory(self, above: str, tree: str) -> None:
        """Take down everything below a directory."""
        pending = [(above, tree)]
        while pending:
            above, tree = pending.pop()
            kind, content = self._object(tree, TREE_SIZE)
            if kind != 'tree':
                raise self._malformed(tree)
            for mode, name, id_ in self._listed(tree, content):
                self._count += 1
                if self._count > ENTRIES:
                    raise self._unavailable(
                        f'it has more than {ENTRIES} entries, the limit'
                    )
                path = above + _text(name)
                self._names += len(path)
                if self._names > NAMES:
                    raise self._unavailable(
                        f'its paths have more than {NAMES} characters, the '
                        'limit'
                    )
                if mode & _KIND_OF_MODE == _DIRECTORY:
                    pending.append((f'{path}/', id_))
                    continue
                entry_kind = _KINDS.get(mode & _KIND_OF_MODE)
                if entry_kind is None or path in self._entries:
                    raise self._malformed(tree)
                self._entries[path] = source.Entry(entry_kind, id_)

    def _listed(
        self, tree: str, content: bytes
    ) -> Iterator[tuple[int, bytes, str]]:
        """Yield mode, name and id of each entry of a tree object."""
        at = 0
        while at < len(content):
            end = content.find(b'\0', at)
            mode, space, name = content[at:end].partition(b' ')
            at = end + 1 + _ID_SIZE
            if end < 0 or not space or not name or at > len(content):
                raise self._malformed(tree)
            try:
                bits = int(mode, 8)
            except ValueError as error:
                raise self._malformed(tree) from error
            yield bits, name, content[end + 1 : at].hex()

    def _content(self, id_: str, limit: int) -> bytes:
        kind, content = self._object(id_, limit)
        if kind != 'blob':
            raise self._malformed(id_)
        return content

    def _object(self, id_: str, limit: int) -> tuple[str, bytes]:
        """Return kind and content of an object that has to be there."""
        found = self._find(id_, limit)
        if found is None:
            raise self._unavailable(
                f'the object {id_} is not there; is it a partial clone?'
            )
        return found

    def _find(self, id_: str, limit: int) -> tuple[str, bytes] | None:
        """Return kind and content of an object, hashed again.

        :param limit: bytes
        :returns: None where the repository hasn't got it
        """
        answer = self._git.ask(id_.encode())
        fields = answer.decode('utf-8', 'replace').split(' ')
        if fields[-1] == 'missing':
            return None
        # In a repository with SHA-256, git answers for what begins so.
        if fields[0] != id_:
            return None
        if len(fields) != 3 or not fields[2].isdecimal():
            raise self._unavailable(f'git answered {" ".join(fields)!r}')
        kind, size = fields[1], int(fields[2])
        if size > limit:
            raise self._unavailable(
                f'the {kind} {id_} has {size} bytes; the limit is {limit}'
            )
        content = self._git.read(size)
        self._git.read(1)
        # SHA-1 is git's choice; see the decision on how trees are compared.
        actual = hashlib.sha1(  # noqa: S324
            f'{kind} {size}\0'.encode() + content
        ).hexdigest()
        if actual != id_:
            raise _Refuted(
                f'what {self._place} has under the name {id_} has the hash '
                f'{actual}: the repository is damaged or was tampered with'
            )
        return kind, content

    def _malformed(self, id_: str) -> exceptions.Unavailable:
        return self._unavailable(f'the object {id_} is malformed')

    def _unavailable(self, why: str) -> exceptions.Unavailable:
        return exceptions.Unavailable(f'the tree in {self._place}', why)


def _text(name: bytes) -> str:
    """Return a path as text that can be encoded, as those of members are."""
    return name.decode('utf-8', 'backslashreplace')
