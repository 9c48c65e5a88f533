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

"""What a check of orders needs."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from openstack_publish import check
from openstack_publish import exceptions
from openstack_publish import seams
from openstack_publish.assembly import many
from openstack_publish.assembly import parts
from openstack_publish.assembly import settings
from openstack_publish.gates import checkout
from openstack_publish.gates import clock
from openstack_publish.gates import distfiles
from openstack_publish.gates import history
from openstack_publish.gates import openpgp
from openstack_publish.gates import policyfile
from openstack_publish.gates import processes
from openstack_publish.gates import projectconfig
from openstack_publish.gates import receiptfile
from openstack_publish.gates import workers
from openstack_publish.model import listing
from openstack_publish.model import policy
from openstack_publish.proof import request


def checking(
    configuration: settings.Configuration, observer: seams.Observer
) -> check.Gates:
    """Build what a check needs.

    :raises Misconfigured: something that was named isn't there or is wrong
    """
    if configuration.releases is None:
        raise exceptions.Misconfigured(
            'name the checkout of openstack/releases whose orders are to be '
            'checked, with --releases or OPENSTACK_PUBLISH_RELEASES',
            where='--releases',
        )
    time = clock.SystemClock()
    runner = processes.Processes(configuration.environment)
    orders = checkout.Checkout(configuration.releases, runner)
    past = history.History(configuration.releases, runner)

    def allowed(changes: seams.Changes | None) -> policy.Policy:
        if configuration.policy is None and changes is not None:
            return past.policy(changes.base, configuration.repository)
        return policyfile.read(
            configuration.policy,
            configuration.releases,
            configuration.repository,
        )

    @contextlib.contextmanager
    def threads(
        kind: listing.IndexKind,
    ) -> Iterator[seams.Workers[seams.Index]]:
        with workers.Threads(
            lambda: many.overviews(configuration, time, kind),
            configuration.jobs,
        ) as crew:
            yield crew

    @contextlib.contextmanager
    def dry_run(terms: policy.Policy) -> Iterator[request.Gates]:
        with contextlib.ExitStack() as stack:
            signer = stack.enter_context(parts.signer(configuration, runner))
            signer.prepare()
            sender = parts.sender(configuration, time)
            reader = stack.enter_context(parts.reader(configuration, time))
            yield request.Gates(
                distributions=distfiles.Distributions(),
                checkout=orders,
                index=stack.enter_context(
                    parts.index_of(
                        terms.index,
                        reader,
                        parts.read_url(
                            configuration, sender.upload_url, terms.index
                        ),
                    )
                ),
                uploader=sender,
                signer=signer,
                archive=None,
                receipts=receiptfile.ReceiptFiles(),
                clock=time,
                observer=observer,
            )

    return check.Gates(
        checkout=orders,
        history=past,
        policy=allowed,
        config=(
            None
            if configuration.project_config is None
            else projectconfig.ProjectConfig(configuration.project_config)
        ),
        keys=openpgp.CycleKeys(runner),
        workers=threads,
        dry_run=dry_run,
        clock=time,
        observer=observer,
    )
