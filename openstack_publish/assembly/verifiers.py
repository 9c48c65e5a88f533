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

"""Gates to verify with, built where they are used."""

from __future__ import annotations

import contextlib
import datetime
from collections.abc import Iterator

from openstack_publish import seams
from openstack_publish import verify
from openstack_publish.assembly import many
from openstack_publish.assembly import parts
from openstack_publish.assembly import settings
from openstack_publish.gates import attestations
from openstack_publish.gates import checkout
from openstack_publish.gates import distfiles
from openstack_publish.gates import openpgp
from openstack_publish.gates import processes
from openstack_publish.gates import projectconfig
from openstack_publish.gates import worktree
from openstack_publish.gates.index import signatures
from openstack_publish.model import policy


@contextlib.contextmanager
def built(
    configuration: settings.Configuration,
    rules: policy.Policy,
    trusted: tuple[str, ...],
    time: seams.Clock,
    now: datetime.datetime,
) -> Iterator[tuple[verify.Gates, verify.Terms]]:
    """Build gates, read what releases are held against, put the gates away.

    :param rules: the policy
    :param trusted: fingerprints, and files of public keys
    :param now: the time of the run, UTC
    :raises Misconfigured: something that was named isn't there or is wrong
    :raises Unavailable: the checkout cannot be read, or gpg not be run
    """
    runner = processes.Processes(configuration.environment)
    place = parts.releases(configuration)
    releases = checkout.Checkout(place, runner)
    url = parts.read_url(configuration, None, rules.index)
    with contextlib.ExitStack() as stack:
        reader = stack.enter_context(
            parts.reader(configuration, time, window=many.PATIENCE)
        )
        # A reader of its own: the two sites are asked side by side.
        archive = stack.enter_context(
            parts.reader(configuration, time, window=many.PATIENCE)
        )
        verifier = stack.enter_context(parts.verifier(runner))
        gates = verify.Gates(
            checkout=releases,
            index=stack.enter_context(
                parts.index_of(rules.index, reader, url)
            ),
            archive=parts.originals(
                parts.with_archive(configuration), archive
            ),
            distributions=distfiles.Distributions(),
            verifier=verifier,
            served=signatures.Served(reader),
            attestations=attestations.Provenances(reader),
        )
        terms = verify.terms(
            releases,
            worktree.WorkTree(place, runner),
            verifier,
            openpgp.CycleKeys(runner),
            rules,
            trusted,
            now,
            (
                None
                if configuration.project_config is None
                else projectconfig.ProjectConfig(configuration.project_config)
            ),
        )
        yield gates, terms
