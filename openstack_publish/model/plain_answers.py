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

from openstack_publish.model import knowledge
from openstack_publish.model import listing
from openstack_publish.model import names
from openstack_publish.model import simple_json

Page = knowledge.Knowledge[simple_json.SimpleDocument | None]
"""A project's page; None where the index has none."""

Projects = knowledge.Knowledge[frozenset[names.ProjectName]]
"""The projects that an index names."""

Files = knowledge.Knowledge[tuple[listing.ListedFile, ...]]


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
    known = overview(project, page, projects)
    return listing.Listing(
        project=project,
        version=version,
        new=known.new,
        status=known.status,
        files=known.files,
        release=release,
        maintainers=known.maintainers,
        serial=known.serial,
    )


def overview(
    project: names.ProjectName, page: Page, projects: Projects | None
) -> listing.Overview:
    """Put together what a plain index says of a project and all its files.

    :param projects: what the index names, where it has no page of this one
    """
    return listing.Overview(
        project,
        _new(project, page, projects),
        _status(project, page),
        _files(project, page),
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
    """Return the files that a page lists under a version."""
    return listing.under(project, version, _files(project, page))


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
