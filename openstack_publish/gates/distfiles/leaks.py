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

"""Looks for tokens and private keys in the files of a distribution.

Each file is looked at as it stands, while it is unpacked for other reasons;
archives inside of it are not opened. What is found is told by its kind and
never by its content.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from collections.abc import Iterator

from openstack_publish.gates.distfiles import inspection
from openstack_publish.model import distribution

OVERLAP = 2048
"""Bytes that two pieces of one file have in common; no pattern is longer."""

KEPT = 1000
"""Leaks that are kept of one distribution; then the search is over."""

_MATERIAL = (
    # Line ends, quotes and headers before a line of base64 (RFC 7468,
    # RFC 1421): words that are shorter, up to the next such mark. It never
    # goes back, so that no input makes it slow.
    rb'(?:(?!-----)[A-Za-z0-9+/]{0,31}+[^A-Za-z0-9+/]){0,60}+'
    rb'[A-Za-z0-9+/]{32}'
)
"""Key material behind the first line: test data of programs that read keys,
and documents, have that line alone."""

_PATTERNS = (
    (
        'a PyPI API token',
        # A macaroon of the second form, in base64: version, then its location,
        # the host name of PyPI or TestPyPI (warehouse/macaroons; the prefix
        # that GitHub's secret scanning has, too, 2025).
        b'pypi-AgE',
        rb'pypi-AgE(?:IcHlwaS5vcmc|NdGVzdC5weXBpLm9yZw)[A-Za-z0-9_-]{70}',
    ),
    (
        'a private key',
        b'PRIVATE KEY',
        rb'-----BEGIN [A-Z0-9 ]{0,20}PRIVATE KEY-----' + _MATERIAL,
    ),
    (
        'an OpenPGP private key',
        b'PGP PRIVATE KEY BLOCK',
        rb'-----BEGIN PGP PRIVATE KEY BLOCK-----' + _MATERIAL,
    ),
    *(
        (
            'a GitHub token',
            mark,
            rb'(?<![A-Za-z0-9_])' + mark + rb'[A-Za-z0-9]{36}(?![A-Za-z0-9])',
        )
        for mark in (b'ghp_', b'gho_', b'ghu_', b'ghs_', b'ghr_')
    ),
    (
        'a GitHub token',
        b'github_pat_',
        rb'(?<![A-Za-z0-9_])github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59}',
    ),
    (
        'a GitLab token',
        b'glpat-',
        rb'(?<![A-Za-z0-9_])glpat-[A-Za-z0-9_-]{20}',
    ),
    (
        'an AWS access key',
        b'AKIA',
        # Without the one of Amazon's own documentation.
        rb'(?<![A-Za-z0-9+/])AKIA(?!IOSFODNN7EXAMPLE)[A-Z2-7]{16}'
        rb'(?![A-Za-z0-9+/])',
    ),
    (
        'a Slack token',
        b'xox',
        rb'(?<![A-Za-z0-9_])xox[abeoprs]-[0-9]{10,13}-[A-Za-z0-9-]{20}',
    ),
)
"""Kind, what must be there before it is worth to look closer, and how it
looks; none of these matches less than a whole one."""


class Leaks:
    """Everything that was found in one distribution."""

    def __init__(self) -> None:
        self._found: dict[distribution.Leak, None] = {}
        self._patterns = [
            (kind, mark, re.compile(pattern))
            for kind, mark, pattern in _PATTERNS
        ]

    def watched(self, path: str, pieces: Iterable[bytes]) -> Iterator[bytes]:
        """Yield the pieces of a file as they are, and look into each."""
        before = b''
        for piece in pieces:
            if len(self._found) < KEPT:
                self._look(path, before + piece)
                before = (before + piece)[-OVERLAP:]
            yield piece

    def all(self) -> tuple[distribution.Leak, ...]:
        """Return what was found, each kind once a file."""
        return tuple(self._found)

    def _look(self, path: str, content: bytes) -> None:
        for kind, mark, pattern in self._patterns:
            if mark in content and pattern.search(content):
                leak = distribution.Leak(inspection.text(path), kind)
                self._found[leak] = None
