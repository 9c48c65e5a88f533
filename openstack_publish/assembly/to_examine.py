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

"""What an examination needs."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

from openstack_publish import doctor
from openstack_publish import exceptions
from openstack_publish import seams
from openstack_publish.assembly import parts
from openstack_publish.assembly import settings
from openstack_publish.gates import checkout
from openstack_publish.gates import clock
from openstack_publish.gates import openpgp
from openstack_publish.gates import policyfile
from openstack_publish.gates import probe
from openstack_publish.gates import processes
from openstack_publish.gates import web
from openstack_publish.gates import worktree
from openstack_publish.model import policy

if TYPE_CHECKING:
    from openstack_publish.gates import credentials


@contextlib.contextmanager
def examination(
    configuration: settings.Configuration, observer: seams.Observer
) -> Iterator[doctor.Gates]:
    """Build what an examination needs, and put it away at the end.

    Whatever is named wrongly shows in the line that is about it.
    """
    time = clock.SystemClock()
    runner = processes.Processes(configuration.environment)
    releases = configuration.releases

    def allowed() -> policy.Policy:
        return policyfile.read(
            configuration.policy, releases, configuration.repository
        )

    def login() -> credentials.TwineCredentials:
        return parts.login(configuration)

    def question() -> probe.IndexProbe:
        try:
            kind = allowed().index
        except exceptions.PublishError:
            kind = 'pypi'
        reader = stack.enter_context(
            web.Web(
                clock=time,
                # An answer as a whole may take twice as long.
                timeout=doctor.LIMIT / 2,
                tries=1,
                cert=configuration.cert,
                client_cert=configuration.client_cert,
            )
        )
        url = parts.read_url(configuration, login().upload_url, kind)
        return probe.IndexProbe(reader, url, kind, time)

    with contextlib.ExitStack() as stack:
        yield doctor.Gates(
            gnupg=openpgp.Inspection(
                runner,
                gnupg_home=configuration.gnupg_home,
                from_file=configuration.sign_key_file is not None,
            ),
            signer=lambda: stack.enter_context(
                parts.signer(configuration, runner)
            ),
            probe=question,
            credentials=login,
            policy=allowed,
            checkout=(
                None
                if releases is None
                else lambda: checkout.Checkout(releases, runner)
            ),
            worktree=(
                None
                if releases is None
                else worktree.WorkTree(releases, runner)
            ),
            clock=time,
            observer=observer,
        )
