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

"""What every reader of an archive needs: limits, and a place for defects.

An archive is input that somebody else made. Whatever is wrong with it ends
up as a defect of the distribution; nothing in it may cost more memory or
time than the limits here.
"""

from __future__ import annotations

import dataclasses
import unicodedata
from collections.abc import Mapping

from openstack_publish import exceptions
from openstack_publish.model import distribution

MIB = 1024 * 1024
CHUNK = 64 * 1024
"""Bytes that are unpacked at once."""


@dataclasses.dataclass(frozen=True)
class Limits:
    """How large the inside of a distribution may be."""

    members: int = 100_000
    """Members of one archive."""

    names: int = 32 * MIB
    """Bytes of all member names, or of a zip's central directory."""

    unpacked: int = 1024 * MIB
    """Bytes of the whole archive, unpacked."""

    metadata: int = 10 * MIB
    """Bytes of one file that is read whole (METADATA, RECORD, ...)."""

    fields: int = 2000
    """Fields of core metadata. Parsers look each one up among all."""

    header: int = MIB
    """Bytes of one header of a tar archive (long names, PAX records)."""

    ratio: int = 50
    """How many times larger than the file a wheel may unpack. PyPI's limit
    (``COMPRESSION_RATIO_THRESHOLD``, read in 2025)."""

    ratio_from: int = 64 * MIB
    """Bytes, unpacked, up to which the ratio doesn't matter; PyPI's too
    (``COMPRESSION_RATIO_MIN_SIZE``)."""


class TooLarge(Exception):
    """A limit was reached; the archive is not read any further."""


DEEPEST_PATH = 100
"""Directories that a member may lie in. Whoever checks a member against each
of them has as much to do, a hundred thousand times."""

LONGEST_PATH = 4096
"""Characters of a member's path; Linux opens no longer ones (PATH_MAX)."""

SHOWN = 200
"""Characters of a member's name that a message shows."""

KEPT = 10
"""Defects of one kind that are kept one by one."""


class Defects:
    """Collects defects; a thousand of one kind become ten and a number."""

    def __init__(self) -> None:
        self._found: list[distribution.Defect] = []
        self._counts: dict[distribution.Fault, int] = {}

    def add(self, fault: distribution.Fault, detail: str) -> None:
        """Note one defect."""
        count = self._counts.get(fault, 0) + 1
        self._counts[fault] = count
        if count <= KEPT:
            self._found.append(distribution.Defect(fault, detail))

    def all(self) -> tuple[distribution.Defect, ...]:
        """Return what was found."""
        more = tuple(
            distribution.Defect(fault, f'and {count - KEPT} more of the kind')
            for fault, count in self._counts.items()
            if count > KEPT
        )
        return (*self._found, *more)


@dataclasses.dataclass(frozen=True)
class Contents:
    """What an archive holds, as far as it is of interest."""

    members: tuple[str, ...] = ()
    metadata: bytes | None = None
    """PKG-INFO or METADATA."""

    commits: Mapping[str, bytes] = dataclasses.field(default_factory=dict)
    """Every ``pbr.json`` that may be the distribution's own, by path."""

    leaks: tuple[distribution.Leak, ...] = ()


def text(name: str) -> str:
    """Return a member's name as text that can be encoded.

    Archives may hold names that are not UTF-8; their readers turn those
    bytes into lone surrogates.
    """
    return name.encode('utf-8', 'backslashreplace').decode('utf-8')


def shown(name: str) -> str:
    """Return a member's name for a message, cut where it is very long."""
    name = text(name)
    return name if len(name) <= SHOWN else f'{name[:SHOWN]}…'


def path_problem(name: str) -> str | None:
    """Say why a member's name is not safe to unpack; None if it is.

    As PEP 721's ``data`` filter, and for other systems' separators too.
    """
    if text(name) != name:
        return 'has a name that is not UTF-8'
    if not name or name.strip('/') == '':
        return 'has no name'
    if len(name) > LONGEST_PATH:
        return (
            f'has a path of {len(name)} characters; the limit is '
            f'{LONGEST_PATH}'
        )
    if name.count('/') > DEEPEST_PATH:
        return (
            f'lies {name.count("/")} directories deep; the limit is '
            f'{DEEPEST_PATH}'
        )
    if any(ord(char) < 0x20 or ord(char) == 0x7F for char in name):
        return 'has a control character in its name'
    if name.startswith('/'):
        return 'has an absolute path'
    if '\\' in name:
        return 'has a backslash in its path'
    if name[1:2] == ':' and name[0].isalpha():
        return 'has a drive letter in its path'
    if '..' in name.split('/'):
        return 'has ".." in its path'
    return None


class Names:
    """Names of one archive's files; no two may be one file anywhere.

    File systems of macOS and Windows take no notice of case, and that of
    macOS none of the form in which Unicode writes an accent: there the
    second of two such files replaces the first.
    """

    def __init__(self) -> None:
        self._seen: dict[str, str] = {}

    def problem(self, name: str) -> str | None:
        """Take down a name, and say which one before it is the same file."""
        folded = name.lower() if name.isascii() else _folded(name)
        before = self._seen.get(folded)
        if before is None:
            self._seen[folded] = name
            return None
        if before == name:
            return 'is there twice'
        return (
            f'is one file with {shown(before)} where case or the form of '
            'Unicode makes no difference'
        )


def _folded(name: str) -> str:
    """Return what caseless canonical matching compares (Unicode, 3.13)."""
    decomposed = unicodedata.normalize('NFD', name)
    return unicodedata.normalize('NFD', decomposed.casefold())


def because(error: BaseException) -> str:
    """Return what an exception of a parser says, never nothing."""
    said = text(str(error))[:SHOWN]
    kind = type(error).__name__
    return f'{said} ({kind})' if said else kind


def unreadable(path: str, error: OSError) -> exceptions.Unavailable:
    """Return the exception for a file that the system doesn't give us."""
    return exceptions.Unavailable(
        f'reading {path}', error.strerror or str(error)
    )
