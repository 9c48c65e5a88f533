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

"""What the pages of a plain index say together of a project.

A plain index has one page for each project, with its files, and one that
names every project. Neither says who may upload.
"""

from __future__ import annotations

from packaging import version as packaging_version

from openstack_publish.model import index_form
from openstack_publish.model import knowledge
from openstack_publish.model import listing
from openstack_publish.model import names
from openstack_publish.model import simple_json

Page = knowledge.Knowledge[simple_json.SimpleDocument | None]
"""A project's page; None where the index has none."""

Projects = knowledge.Knowledge[frozenset[names.ProjectName]]
"""The projects that an index names."""

Files = knowledge.Knowledge[tuple[listing.ListedFile, ...]]

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


def listed(
    project: names.ProjectName,
    version: str,
    page: Page,
    projects: Projects | None,
    release: Files,
) -> listing.Listing:
    """Put together what a plain index says of a project.

    :param projects: what the index names, where it has no page of this one
    :param release: the files under the version, each with its digest
    """
    new = _new(project, page, projects)
    return listing.Listing(
        project,
        version,
        new,
        _status(project, page),
        _files(project, page),
        release,
        _nobody(project, page),
        _serial(page),
    )


def read_back(
    project: names.ProjectName, page: Page, release: Files
) -> listing.ReleaseReading:
    """Put together what a plain index says of a release.

    :param release: the files under the version, each with its digest
    """
    return listing.ReleaseReading(
        release,
        _nobody(project, page),
        release,
        _status(project, page),
        _serial(page),
    )


def under(project: names.ProjectName, version: str, page: Page) -> Files:
    """Return the files that a page lists under a version.

    A name that cannot be taken apart counts as soon as an installer could
    read the version out of it: nothing else says to which release it
    belongs.
    """
    what = f'files of {project} {version}'
    try:
        wanted = packaging_version.Version(version)
    except ValueError:
        # InvalidVersion, or a number longer than Python reads.
        return knowledge.Unknown(what, f'{version!r} is no version')
    if isinstance(page, knowledge.Unknown):
        return page
    files: dict[str, listing.ListedFile] = {}
    for file in () if page.value is None else page.value.files:
        if not _belongs(file.filename, project, wanted):
            continue
        known = files.setdefault(file.filename, file)
        if (known.url, known.sha256) != (file.url, file.sha256):
            return knowledge.Unknown(
                what,
                f'the index lists {file.filename} twice, with sha256 '
                f'{known.sha256 or "not stated"} at {known.url} and with '
                f'{file.sha256 or "not stated"} at {file.url}',
            )
    return knowledge.Known(tuple(files.values()))


def _belongs(
    filename: str,
    project: names.ProjectName,
    wanted: packaging_version.Version,
) -> bool:
    mine = names.file_pattern(project).fullmatch(filename)
    if mine is None or filename.lower().endswith(_SIGNATURE):
        return False
    found = index_form.version_of(filename)
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


def _new(
    project: names.ProjectName, page: Page, projects: Projects | None
) -> knowledge.Knowledge[bool]:
    what = f'whether {project} is new'
    if isinstance(page, knowledge.Unknown):
        return knowledge.Unknown(what, f'{page.what}: {page.why}')
    if page.value is not None:
        return knowledge.Known(False)
    match projects:
        case None:
            return knowledge.Unknown(what, 'the index has no page of it')
        case knowledge.Unknown(what=asked, why=why):
            return knowledge.Unknown(
                what,
                'there is no page of it, which every place says that is no '
                f'simple index at all; and {asked}: {why}',
            )
        case knowledge.Known(value=known):
            if project in known:
                return knowledge.Unknown(
                    what, 'the index names it, but has no page of it'
                )
            return knowledge.Known(True)


def _status(
    project: names.ProjectName, page: Page
) -> knowledge.Knowledge[str]:
    what = f'status of {project}'
    if isinstance(page, knowledge.Unknown):
        return knowledge.Unknown(what, f'{page.what}: {page.why}')
    if page.value is None:
        return knowledge.Unknown(what, 'the index has no page of it')
    if not page.value.says_status:
        return knowledge.Unknown(
            what, 'the index has simple pages without status markers'
        )
    return knowledge.Known(page.value.status)


def _files(project: names.ProjectName, page: Page) -> Files:
    if isinstance(page, knowledge.Unknown):
        return page
    return knowledge.Known(() if page.value is None else page.value.files)


def _nobody(project: names.ProjectName, page: Page) -> knowledge.Unknown:
    what = f'maintainers of {project}'
    if isinstance(page, knowledge.Unknown):
        return knowledge.Unknown(what, f'{page.what}: {page.why}')
    return knowledge.Unknown(what, 'a simple index names none')


def _serial(page: Page) -> int | None:
    if isinstance(page, knowledge.Unknown) or page.value is None:
        return None
    return page.value.serial
