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

"""Names of the files that an audit's site has.

A name from outside is in no file name as it is: it may hold anything, and on
file systems without case two of them may be one.
"""

from __future__ import annotations

import hashlib
import re

LONGEST = 64
"""Longest name that is used as it is, in characters."""

AUDIT = 'audit.json'
HISTORY = 'history.json'
LISTS = ('projects.html', 'teams.html', 'accounts.html')
ASSETS = ('icon.svg', 'site.css', 'site.js')
CHARTS = (
    'chart-narrow-dark.svg',
    'chart-narrow-light.svg',
    'chart-wide-dark.svg',
    'chart-wide-light.svg',
)
DIRECTORIES = ('account', 'project', 'team')

NOBODY = 'team/_.html'
"""The page of projects without a team; no name gives it."""

_TOP = frozenset(('index.html', AUDIT, HISTORY, *LISTS, *ASSETS, *CHARTS))
_PLAIN = re.compile(r'[a-z0-9](?:[a-z0-9-]*[a-z0-9])?')
_PAGE = re.compile(
    f'(?:{"|".join(DIRECTORIES)})' r'/[a-z0-9_-]+\.html', re.ASCII
)
_RESERVED = re.compile(r'aux|con|nul|prn|com[0-9]|lpt[0-9]')
"""Names that Windows keeps for devices, whatever stands behind the dot
(Microsoft, Naming Files, Paths, and Namespaces, 2024-08-28)."""


def slug(name: str) -> str:
    """Return what stands for a name in a file name and a URL.

    A short name of lower-case letters, digits and dashes stands for itself.
    Of any other one the rest is replaced, and an underscore and the
    beginning of its SHA-256 say which it was: since no name of the first
    sort has an underscore, two names never share a file, whatever they are.

    >>> slug('oslo-config')
    'oslo-config'
    >>> slug('Release Management')
    'release-management_7900270186e88bfabd0d'
    """
    if (
        len(name) <= LONGEST
        and _PLAIN.fullmatch(name)
        and not _RESERVED.fullmatch(name)
    ):
        return name
    readable = re.sub('[^a-z0-9]+', '-', name[:LONGEST].lower()).strip('-')
    encoded = name.encode('utf-8', 'surrogatepass')
    return f'{readable}_{hashlib.sha256(encoded).hexdigest()[:20]}'


def of_project(name: str) -> str:
    """Return the path of a project's page."""
    return f'project/{slug(name)}.html'


def of_team(name: str | None) -> str:
    """Return the path of a team's page."""
    return NOBODY if name is None else f'team/{slug(name)}.html'


def of_account(user: str) -> str:
    """Return the path of an account's page; users compare without case."""
    return f'account/{slug(user.casefold())}.html'


def has(path: str) -> bool:
    """Say whether a site can have a file at this path."""
    return path in _TOP or _PAGE.fullmatch(path) is not None
