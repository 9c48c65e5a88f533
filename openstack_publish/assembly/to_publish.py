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

"""What publishing needs."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Iterator

from openstack_publish import seams
from openstack_publish.assembly import parts
from openstack_publish.assembly import settings
from openstack_publish.gates import archive
from openstack_publish.gates import checkout
from openstack_publish.gates import clock
from openstack_publish.gates import distfiles
from openstack_publish.gates import policyfile
from openstack_publish.gates import processes
from openstack_publish.gates import receiptfile
from openstack_publish.gates import sourcetree
from openstack_publish.model import policy
from openstack_publish.proof import request


@dataclasses.dataclass(frozen=True)
class Publication:
    """Everything that publishing needs."""

    policy: policy.Policy
    gates: request.Gates


@contextlib.contextmanager
def publication(
    configuration: settings.Configuration, observer: seams.Observer
) -> Iterator[Publication]:
    """Build what publishing needs, and put it away at the end.

    :raises Misconfigured: something that was named isn't there or is wrong
    """
    releases = parts.releases(configuration)
    time = clock.SystemClock()
    runner = processes.Processes(configuration.environment)
    rules = policyfile.read(
        configuration.policy, releases, configuration.repository
    )
    with contextlib.ExitStack() as stack:
        signer = stack.enter_context(parts.signer(configuration, runner))
        signer.prepare()
        sender = parts.sender(configuration, time)
        reader = stack.enter_context(parts.reader(configuration, time))
        index = stack.enter_context(
            parts.index_of(
                rules.index,
                reader,
                parts.read_url(configuration, sender.upload_url, rules.index),
            )
        )
        yield Publication(
            rules,
            request.Gates(
                distributions=distfiles.Distributions(),
                checkout=checkout.Checkout(releases, runner),
                index=index,
                uploader=sender,
                signer=signer,
                archive=(
                    None
                    if configuration.archive is None
                    else archive.DirectoryArchive(configuration.archive)
                ),
                receipts=receiptfile.ReceiptFiles(),
                clock=time,
                observer=observer,
                source_tree=(
                    None
                    if configuration.source_tree is None
                    else sourcetree.SourceTree(
                        configuration.source_tree, runner
                    )
                ),
            ),
        )
