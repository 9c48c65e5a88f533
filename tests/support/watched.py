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

"""Snapshots of a project, as the watch's rules are shown them."""

from __future__ import annotations

import datetime

from openstack_publish.model import knowledge
from openstack_publish.model import listing
from openstack_publish.model import maintainers
from openstack_publish.model import names
from openstack_publish.model import policy
from openstack_publish.model import watching
from openstack_publish.rules import findings

PROJECT = names.project_name('os-vif')
BEGUN = datetime.datetime(2026, 11, 1, tzinfo=datetime.UTC)
NOW = datetime.datetime(2026, 11, 20, 12, tzinfo=datetime.UTC)
CI = maintainers.Role('openstackci', 'Owner')
MALLORY = maintainers.Role('mallory', 'Maintainer')
TERMS = policy.ProjectPolicy(
    policy.MaintainersPolicy(), policy.ReleasePolicy()
)


def ago(**units: float) -> datetime.datetime:
    """Return a time before now."""
    return NOW - datetime.timedelta(**units)


def file(
    filename: str,
    uploaded: datetime.datetime | None = None,
    *,
    sha256: str = 'a' * 64,
    yanked: bool = False,
    provenance: str | None = None,
) -> listing.ListedFile:
    """Return a file that came a minute ago, unless another time is given."""
    return listing.ListedFile(
        filename,
        f'https://files.example/{filename}',
        sha256,
        10,
        uploaded or ago(minutes=1),
        yanked,
        provenance,
    )


def sdist(
    version: str, uploaded: datetime.datetime | None = None
) -> listing.ListedFile:
    """Return the sdist of a release."""
    return file(f'os_vif-{version}.tar.gz', uploaded)


def who(
    *roles: maintainers.Role, organization: str | None = None
) -> maintainers.Maintainers:
    """Return maintainers; openstackci alone unless others are given."""
    return maintainers.maintainers(
        roles or (CI,), knowledge.Known(organization)
    )


def snapshot(
    *files: listing.ListedFile,
    read: datetime.datetime = NOW,
    status: str = 'active',
    people: maintainers.Maintainers | None = None,
    unread_since: datetime.datetime | None = None,
) -> watching.Snapshot:
    """Return a project as it was read."""
    return watching.Snapshot(
        PROJECT,
        read,
        True,
        status,
        people or who(),
        files,
        1,
        unread_since,
    )


def condition(
    code: str = 'OSP801',
    about: str = '6.6.6',
    *,
    account: str | None = None,
    stands: bool = True,
    project: names.ProjectName = PROJECT,
) -> watching.Condition:
    """Return a condition."""
    return watching.Condition(
        project,
        findings.failed(code, project, f'{project} {about}'),
        about,
        account,
        stands,
    )


def codes(found: tuple[watching.Condition, ...]) -> list[tuple[str, str]]:
    """Return code and subject matter of each condition."""
    return [(one.code, one.about) for one in found]
