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

"""What the name of a distribution says of project and version."""

from __future__ import annotations

from packaging import utils
from packaging import version as packaging_version

from openstack_publish.model import names

_SIGNATURE = '.asc'
"""What the name of a signature ends with that is listed like a file
(pypiserver 2.4, seen 2026-11-22); it belongs to the file that it signs."""

# What a distribution's name may end with that packaging does not take apart
# but installers may take (pip's FILE_EXTENSIONS, and older forms).
_ENDINGS = (
    '.tar.bz2',
    '.tar.gz',
    '.tar.lz',
    '.tar.lzma',
    '.tar.xz',
    '.egg',
    '.exe',
    '.tar',
    '.tbz',
    '.tgz',
    '.tlz',
    '.txz',
    '.whl',
    '.zip',
)


def version_of(filename: str) -> packaging_version.Version | None:
    """Return the version in a file name; None where it cannot be told.

    Eggs, installers and other old forms have no name that could be parsed.
    """
    try:
        if filename.endswith('.whl'):
            return utils.parse_wheel_filename(filename)[1]
        return utils.parse_sdist_filename(filename)[1]
    except ValueError:
        # packaging's own two, or a number longer than Python reads.
        return None


def belongs(
    filename: str,
    project: names.ProjectName,
    wanted: packaging_version.Version,
) -> bool:
    """Say whether a file is, or could be taken for, one of a release.

    A name that cannot be taken apart counts as soon as an installer could
    read the version out of it: nothing else says to which release it
    belongs.
    """
    mine = names.file_pattern(project).fullmatch(filename)
    if mine is None or filename.lower().endswith(_SIGNATURE):
        return False
    found = version_of(filename)
    if found is not None:
        return found == wanted
    rest = mine[1]
    for ending in _ENDINGS:
        if rest.lower().endswith(ending):
            rest = rest[: -len(ending)]
            break
    return any(
        names.same_version(text, str(wanted))
        for text in (rest, rest.partition('-')[0])
    )
