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

"""What signing needs."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Iterator

from openstack_publish import seams
from openstack_publish import sign
from openstack_publish.assembly import parts
from openstack_publish.assembly import settings
from openstack_publish.gates import checkout
from openstack_publish.gates import clock
from openstack_publish.gates import distfiles
from openstack_publish.gates import policyfile
from openstack_publish.gates import processes
from openstack_publish.model import policy


@dataclasses.dataclass(frozen=True)
class Signing:
    """Everything that signing needs."""

    policy: policy.Policy
    gates: sign.Gates


@contextlib.contextmanager
def signing(
    configuration: settings.Configuration, observer: seams.Observer
) -> Iterator[Signing]:
    """Build what signing needs, and put it away at the end.

    :raises Misconfigured: something that was named isn't there or is wrong
    """
    runner = processes.Processes(configuration.environment)
    releases = configuration.releases
    rules = policyfile.read(configuration.policy, releases)
    with parts.signer(configuration, runner) as signer:
        yield Signing(
            rules,
            sign.Gates(
                distributions=distfiles.Distributions(),
                checkout=(
                    None
                    if releases is None
                    else checkout.Checkout(releases, runner)
                ),
                signer=signer,
                clock=clock.SystemClock(),
                observer=observer,
            ),
        )
