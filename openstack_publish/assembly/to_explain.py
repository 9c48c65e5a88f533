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

"""What explaining a release needs."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Iterator

from openstack_publish.assembly import many
from openstack_publish.assembly import parts
from openstack_publish.assembly import settings
from openstack_publish.explain import request
from openstack_publish.gates import checkout
from openstack_publish.gates import clock
from openstack_publish.gates import orderhistory
from openstack_publish.gates import policyfile
from openstack_publish.gates import processes
from openstack_publish.gates import receiptfile
from openstack_publish.gates import statefile
from openstack_publish.gates import tags
from openstack_publish.model import policy
from openstack_publish.model import receipt_form
from openstack_publish.model import watching
from openstack_publish.proof import originals
from openstack_publish.proof import signatures


@dataclasses.dataclass(frozen=True)
class Explaining:
    """Everything that explaining a release needs."""

    policy: policy.Policy
    gates: request.Gates


@contextlib.contextmanager
def explanation(
    configuration: settings.Configuration,
    trusted: tuple[str, ...],
    git_dir: str | None = None,
) -> Iterator[Explaining]:
    """Build what explaining needs, and put it away at the end.

    :param trusted: fingerprints, and files of public keys
    :param git_dir: a clone of the project's repository
    :raises Misconfigured: something that was named isn't there or is wrong
    :raises Unavailable: the checkout cannot be read, or gpg not be run
    """
    time = clock.SystemClock()
    runner = processes.Processes(configuration.environment)
    place = parts.releases(configuration)
    rules = policyfile.read(configuration.policy, place)
    releases = checkout.Checkout(place, runner)
    url = parts.read_url(configuration, None, rules.index)
    with contextlib.ExitStack() as stack:
        reader = stack.enter_context(
            parts.reader(configuration, time, window=many.PATIENCE)
        )
        archive = parts.originals(parts.with_archive(configuration), reader)
        tools = None
        if archive is not None:
            verifier = stack.enter_context(parts.verifier(runner))
            trust = signatures.trust(releases, rules, trusted)
            tools = originals.Tools(archive, verifier, trust.all_in(verifier))
        yield Explaining(
            rules,
            request.Gates(
                checkout=releases,
                history=orderhistory.OrderHistory(place, runner),
                tags=None if git_dir is None else tags.Tags(git_dir, runner),
                archive=tools,
                index=stack.enter_context(
                    parts.index_of(rules.index, reader, url)
                ),
                clock=time,
            ),
        )


def incidents(path: str) -> tuple[watching.Incident, ...]:
    """Read what a watch has found, closed incidents too.

    :raises Misconfigured: it isn't there, or is no state of a watch
    :raises Unavailable: it cannot be read
    """
    with statefile.StateFile(path, watches=False) as memory:
        return tuple(memory.incidents().values())


def receipt(path: str) -> receipt_form.Named:
    """Read what a receipt names.

    :raises Misconfigured: it isn't there, or names no release
    """
    return receiptfile.read(path, '--receipt')
