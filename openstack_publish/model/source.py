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

"""What a commit of a git repository holds, and what distributions hold.

Files of both are known by their blob id, the name that git gives a content:
SHA-1 over ``blob <size>`` and a null byte and the content (gitformat-pack,
"Object names"). It can be computed of any file, with or without git.
"""

from __future__ import annotations

import dataclasses
import hashlib
import posixpath
from collections.abc import Mapping
from typing import Literal

EntryKind = Literal['file', 'link', 'submodule']

LINK_HOPS = 40
"""Symbolic links that are followed one after the other, as Linux does."""


def blob_id(content: bytes) -> str:
    """Return the id that git gives a file of this content.

    >>> blob_id(b'')
    'e69de29bb2d1d6434b8b29ae775ad8c2e48c5391'
    """
    # SHA-1 is git's choice; see the decision on how trees are compared.
    return hashlib.sha1(  # noqa: S324
        b'blob %d\0' % len(content) + content
    ).hexdigest()


@dataclasses.dataclass(frozen=True, slots=True)
class Entry:
    """One path in a tree."""

    kind: EntryKind
    id: str
    """Blob id of the content, or of a link's target; of a submodule the
    commit that it is at."""


@dataclasses.dataclass(frozen=True)
class Tree:
    """All that one commit holds."""

    commit: str
    entries: Mapping[str, Entry]
    """By path; directories are not among them, as git has none."""

    links: Mapping[str, str] = dataclasses.field(default_factory=dict)
    """Targets of symbolic links, by the link's path."""

    contents: Mapping[str, bytes] = dataclasses.field(default_factory=dict)
    """Contents of the files that were asked for, by path."""

    def file(self, path: str) -> str | None:
        """Return the path of the file that a path leads to, if to any.

        Symbolic links are followed within the tree.
        """
        for _ in range(LINK_HOPS):
            entry = self.entries.get(path)
            if entry is None or entry.kind == 'submodule':
                return None
            if entry.kind == 'file':
                return path
            target = self.links.get(path, '')
            if target.startswith('/'):
                return None
            path = posixpath.normpath(
                posixpath.join(posixpath.dirname(path), target)
            )
        return None

    def submodule_of(self, path: str) -> str | None:
        """Return the submodule that a path lies in, if in any."""
        parent = posixpath.dirname(path)
        while parent:
            entry = self.entries.get(parent)
            if entry is not None and entry.kind == 'submodule':
                return parent
            parent = posixpath.dirname(parent)
        return None


@dataclasses.dataclass(frozen=True)
class NoTree:
    """Why a repository does not show what a commit holds, for certain."""

    why: str


@dataclasses.dataclass(frozen=True, slots=True)
class Script:
    """A file that begins with ``#!``."""

    interpreter: str
    """The first line, without its end."""

    rest: str
    """SHA-256 of what comes after the first line."""


@dataclasses.dataclass(frozen=True, slots=True)
class Member:
    """One file of a distribution."""

    path: str
    """Of an sdist below its top-level directory, of a wheel as stored."""

    kind: Literal['file', 'link', 'hard link'] = 'file'
    size: int = 0
    """Bytes."""

    blob: str = ''
    """Blob id; empty unless it is a file."""

    sha256: str = ''
    """Empty unless it is a file."""

    target: str = ''
    """Where a link leads, as stored."""

    script: Script | None = None
    content: bytes | None = None
    """Where it was asked for, and is not too large to be kept."""
