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

"""Names and numbers that have one written form."""

from __future__ import annotations

import functools
import re
from typing import NewType

from packaging import utils
from packaging import version as packaging_version

ProjectName = NewType('ProjectName', str)
"""A project's name on an index in its PEP 503 form."""

Fingerprint = NewType('Fingerprint', str)
"""An OpenPGP v4 fingerprint: 40 upper-case hexadecimal digits."""

_FINGERPRINT = re.compile(r'(?:0x)?([0-9A-F]{40})', re.IGNORECASE)
_PROJECT = re.compile(
    r'[A-Z0-9]|[A-Z0-9][A-Z0-9._-]*[A-Z0-9]', re.ASCII | re.IGNORECASE
)
_COMMIT = re.compile(r'[0-9a-f]{40}')


def project_name(text: str) -> ProjectName:
    """Return *text* in its PEP 503 form (lower case, runs of ``-_.`` as -)."""
    return ProjectName(utils.canonicalize_name(text))


def is_project_name(text: str) -> bool:
    """Say whether *text* may name a project (PEP 508, section Names)."""
    return _PROJECT.fullmatch(text) is not None


@functools.lru_cache(maxsize=64)
def file_pattern(project: ProjectName) -> re.Pattern[str]:
    """Return what matches names of files that say they are a project's.

    Its group is what stands behind the project's name and a dash. That is
    how installers find the files of a project on a page of many.
    """
    spelled = '[-_.]+'.join(map(re.escape, project.split('-')))
    return re.compile(f'{spelled}-(.+)', re.IGNORECASE | re.DOTALL)


def fingerprint(text: str) -> Fingerprint:
    """Return a fingerprint in its one form.

    Spaces and a leading ``0x`` are accepted, as gpg prints them.

    :raises ValueError: *text* is not 40 hexadecimal digits
    """
    match = _FINGERPRINT.fullmatch(text.replace(' ', ''))
    if match is None:
        raise ValueError(
            f'{text!r} is no OpenPGP fingerprint (40 hexadecimal digits)'
        )
    return Fingerprint(match.group(1).upper())


def is_commit_hash(text: str) -> bool:
    """Say whether *text* is a whole git commit hash (SHA-1, lower case)."""
    return _COMMIT.fullmatch(text) is not None


def same_version(one: str, other: str) -> bool:
    """Say whether two spellings are one version (PEP 440).

    What is no version is the same only as itself: tags such as
    ``stein-em`` and the spellings of long ago.
    """
    try:
        return packaging_version.Version(one) == packaging_version.Version(
            other
        )
    except ValueError:
        # InvalidVersion, or a number longer than Python reads.
        return one == other
