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

"""What to look for when one release is searched in thousands of files.

Parsing every deliverable file takes a second, and searching their bytes a
tenth of that. So a file is parsed only where its bytes may hold the order:
the project's or the repository's name and the version, each in every form
that means the same. The search may name a file too many; it must never miss
one.
"""

from __future__ import annotations

import re
import string
from collections.abc import Collection

from packaging import version as packaging_version

from openstack_publish.model import deliverable
from openstack_publish.model import names

_LETTERS = {'a': 'a', 'b': 'b', 'rc': '(?:r?c|pre)'}
"""How the three kinds of pre-releases begin in their spellings (PEP 440,
"Pre-release spelling"): alpha, beta, c, pre, preview."""

_WORD = re.compile(rb'[\w./+!-]+')
"""What repositories and versions are made of."""


class OrderPattern:
    """What an order of one release looks like.

    :param project: the project's name
    :param version: as anybody may write it
    :param repo: full name of the only repository that counts, if there is
        one
    """

    def __init__(
        self, project: names.ProjectName, version: str, repo: str | None
    ) -> None:
        self._project = project
        self._version = version
        self._repo = repo
        self._version_bytes = re.compile(_version_pattern(version).encode())
        searched = [project]
        if repo is not None:
            searched.append(_called_like(repo))
        self._name_bytes = re.compile(
            '|'.join(_name_pattern(name) for name in searched).encode()
        )

    def may_be_in(self, content: bytes) -> bool:
        """Say whether a file's bytes may hold such an order.

        An escape in a quoted string ("\\x35.2.0") could hide both name and
        version. One of 6,026 files has a backslash (2026-08-21), so those
        are simply parsed.
        """
        if b'\\' in content:
            return True
        return (
            self._version_bytes.search(content) is not None
            and self._name_bytes.search(content) is not None
        )

    def orders(
        self, found: deliverable.Deliverable
    ) -> tuple[deliverable.Order, ...]:
        """Return the orders of this version that may be meant."""
        return tuple(
            order
            for release in found.releases
            if names.same_version(release.version, self._version)
            for ordered in release.repos
            if self._may_mean(
                order := deliverable.Order(found, release, ordered)
            )
        )

    def names_project(self, order: deliverable.Order) -> bool:
        """Say whether the file gives the project just this name."""
        return order.project == self._project

    def _may_mean(self, order: deliverable.Order) -> bool:
        if self._repo is not None:
            return order.repo == self._repo
        return _called_like(order.repo) == self._project or any(
            source.project == self._project for source in order.sources
        )


class ReleasePattern:
    """What orders of many releases look like, each a repository's version.

    Looks for whole words, of which a file's bytes are taken apart once: for
    hundreds of releases that is faster than to search for each.
    """

    def __init__(self, releases: Collection[tuple[str, str]]) -> None:
        self._versions: dict[bytes, set[bytes]] = {}
        for repo, version in releases:
            versions = self._versions.setdefault(repo.encode(), set())
            versions.add(version.encode())

    def may_be_in(self, content: bytes) -> bool:
        """Say whether a file's bytes may order one of them.

        As :meth:`OrderPattern.may_be_in`, it may say so too often.
        """
        if b'\\' in content:
            return True
        words = set(_WORD.findall(content))
        return any(
            not words.isdisjoint(self._versions[repo])
            for repo in self._versions.keys() & words
        )


def _called_like(repo: str) -> names.ProjectName:
    """Return the last part of a repository's name as a project's."""
    return names.project_name(repo.rpartition('/')[2])


def _name_pattern(project: str) -> str:
    """Return a pattern for every spelling that PEP 503 folds into one."""
    return r'[-_.]+'.join(
        ''.join(
            f'[{letter}{letter.upper()}]'
            if letter in string.ascii_lowercase
            else re.escape(letter)
            for letter in part
        )
        for part in project.split('-')
    )


def _version_pattern(written: str) -> str:
    """Return a pattern for every spelling that PEP 440 calls equal.

    It begins with literal text, which ``re`` searches much faster; what may
    not stand before that text is looked at behind it. A ``v``, an epoch and
    leading zeros may.
    """
    try:
        parsed = packaging_version.Version(written)
    except ValueError:
        # InvalidVersion, or a number longer than Python reads.
        return re.escape(written)
    release = list(parsed.release)
    while len(release) > 1 and release[-1] == 0:
        release.pop()
    first, *others = (str(number) for number in release)
    begin = rf'{first}\.' if others else first
    pattern = (
        rf'{begin}(?<![1-9A-UW-Za-uw-z.]{begin})'
        + r'\.'.join(f'0*{number}' for number in others)
        + r'(?:\.0+)*'
    )
    if parsed.pre is not None:
        return rf'{pattern}[-_.]?(?i:{_LETTERS[parsed.pre[0]]})'
    if parsed.post is not None or parsed.dev is not None:
        return rf'{pattern}[-_.]?(?i:[0-9a-z])'
    return rf'{pattern}(?![-_.]?[0-9A-Za-z])'
