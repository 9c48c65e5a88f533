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

"""What the status of releases needs."""

from __future__ import annotations

import contextlib
import dataclasses
import functools
from collections.abc import Iterator

from openstack_publish import seams
from openstack_publish import status
from openstack_publish.assembly import many
from openstack_publish.assembly import parts
from openstack_publish.assembly import settings
from openstack_publish.gates import checkout
from openstack_publish.gates import clock
from openstack_publish.gates import policyfile
from openstack_publish.gates import processes
from openstack_publish.gates import projectconfig
from openstack_publish.gates import workers
from openstack_publish.model import policy
from openstack_publish.proof import originals
from openstack_publish.proof import signatures


@dataclasses.dataclass(frozen=True)
class Looking:
    """Everything that the status of releases needs."""

    policy: policy.Policy
    gates: status.Gates


@contextlib.contextmanager
def looking(
    configuration: settings.Configuration,
    trusted: tuple[str, ...],
    observer: seams.Observer,
) -> Iterator[Looking]:
    """Build what the status of releases needs, and put it away at the end.

    :param trusted: fingerprints, and files of public keys
    :raises Misconfigured: something that was named isn't there or is wrong
    :raises Unavailable: the checkout cannot be read, or gpg not be run
    """
    time = clock.SystemClock()
    runner = processes.Processes(configuration.environment)
    rules = policyfile.read(
        configuration.policy, configuration.releases, configuration.repository
    )
    releases = checkout.Checkout(parts.releases(configuration), runner)
    with contextlib.ExitStack() as stack:
        tools = functools.partial(
            _tools, configuration, runner, time, rules, releases, trusted
        )
        crew = stack.enter_context(workers.Threads(tools, configuration.jobs))
        yield Looking(
            rules,
            status.Gates(
                checkout=releases,
                project_config=(
                    None
                    if configuration.project_config is None
                    else projectconfig.ProjectConfig(
                        configuration.project_config
                    )
                ),
                workers=crew,
                clock=time,
                observer=observer,
            ),
        )


@contextlib.contextmanager
def _tools(
    configuration: settings.Configuration,
    runner: processes.Processes,
    time: seams.Clock,
    rules: policy.Policy,
    releases: checkout.Checkout,
    trusted: tuple[str, ...],
) -> Iterator[status.Tools]:
    """Build what several threads ask."""
    with (
        many.overviews(configuration, time, rules.index) as index,
        parts.reader(configuration, time, window=many.PATIENCE) as reader,
        parts.verifier(runner) as verifier,
    ):
        archive = parts.originals(parts.with_archive(configuration), reader)
        if archive is None:
            yield status.Tools(index, None)
            return
        trust = signatures.trust(releases, rules, trusted)
        yield status.Tools(
            index,
            originals.Tools(archive, verifier, trust.all_in(verifier)),
        )
