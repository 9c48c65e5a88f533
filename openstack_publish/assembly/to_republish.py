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

"""What publishing the originals again needs."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Iterator

from openstack_publish import exceptions
from openstack_publish import republish
from openstack_publish import seams
from openstack_publish.assembly import many
from openstack_publish.assembly import parts
from openstack_publish.assembly import settings
from openstack_publish.assembly import to_publish
from openstack_publish.gates import clock
from openstack_publish.gates import copies
from openstack_publish.model import policy


@dataclasses.dataclass(frozen=True)
class Republication:
    """Everything that publishing the originals again needs."""

    policy: policy.Policy
    gates: republish.Gates


@contextlib.contextmanager
def republication(
    configuration: settings.Configuration, observer: seams.Observer
) -> Iterator[Republication]:
    """Build what it needs, and put it away at the end, the copies too.

    :raises Misconfigured: something that was named isn't there or is wrong
    """
    time = clock.SystemClock()
    with contextlib.ExitStack() as stack:
        reader = stack.enter_context(
            parts.reader(configuration, time, window=many.PATIENCE)
        )
        archive = parts.originals(configuration, reader)
        if archive is None:
            raise exceptions.Misconfigured(
                'name the archive that has the originals',
                where='--archive',
            )
        taken = stack.enter_context(copies.Copies())
        built = stack.enter_context(
            to_publish.publication(
                # Whatever is published is there already.
                dataclasses.replace(configuration, archive=None),
                observer,
            )
        )
        yield Republication(
            built.policy, republish.Gates(built.gates, archive, taken)
        )
