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

"""3xx: what the index says of an order's project, before there are files."""

from __future__ import annotations

from openstack_publish.rules.catalogue.page import Page

PAGES: tuple[Page, ...] = (
    Page(
        code='OSP326',
        title='The index has this version already',
        severity='error',
        what=(
            'The index lists files under the version that is ordered. It is '
            'a note where the order stood in its file before, or where no '
            'change says that it is new: that release was made.'
        ),
        why=(
            'No index takes other bytes for a file that it has or had, so a '
            'new order for the version cannot be carried out. Either '
            'somebody made the release in another way, or the version is '
            'meant to be the next one.'
        ),
        remedy=(
            'Choose the next version. Where the file is to record a release '
            'that was made long ago, let a waiver of the policy say so.'
        ),
    ),
    Page(
        code='OSP327',
        title='The index has no such project, and need not have it',
        severity='note',
        what=(
            'The index answers that there is no project of this name, and '
            'nothing says that the repository publishes one: no checkout of '
            'openstack/project-config was given, or it has no template that '
            'publishes such a version. The row is absent, which is neither '
            'held nor failed.'
        ),
        why=(
            'Many deliverables never reach PyPI. Without project-config a '
            'name that is not there may be new, or may be one of those.'
        ),
        remedy=(
            'Name a checkout of openstack/project-config with '
            '--project-config.'
        ),
    ),
)
