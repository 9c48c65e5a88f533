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

"""Describe the credential that publish would log in with.

It is found where publish finds it and read offline: nothing is sent, and
nothing of the secret is returned.
"""

from __future__ import annotations

import dataclasses

from openstack_publish import exceptions
from openstack_publish import seams
from openstack_publish.model import credential
from openstack_publish.model import names
from openstack_publish.rules import credential_fit


@dataclasses.dataclass(frozen=True)
class Gates:
    """Everything outside that describing needs."""

    credentials: seams.Credentials
    clock: seams.Clock


def describe(
    project: names.ProjectName | None, gates: Gates
) -> credential.Description:
    """Describe the credential, and judge it for a project.

    :param project: None to judge its times alone
    :raises Misconfigured: there is none
    :raises Unavailable: a key store did not answer
    """
    held = gates.credentials.describe()
    if held is None:
        raise exceptions.Misconfigured(
            'there is no credential: put an API token into TWINE_PASSWORD, '
            '.pypirc or the keyring',
            where='TWINE_PASSWORD',
        )
    now = gates.clock.now()
    return credential.Description(
        upload_url=gates.credentials.upload_url,
        credential=held,
        state=credential_fit.state(held, now),
        project=project,
        for_project=(
            None if project is None else credential_fit.covers(held, project)
        ),
        findings=credential_fit.fits(held, project, now, dry_run=False),
    )
