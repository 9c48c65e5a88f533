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

"""Tell what became of one release: who did what, when, and who says so.

Nothing is judged but whether what is told fits together. What nobody was
asked, and what could not be read, is a gap that is named.
"""

from __future__ import annotations

import dataclasses

from openstack_publish.explain import request
from openstack_publish.explain import telling as telling_of
from openstack_publish.model import policy
from openstack_publish.model import timeline
from openstack_publish.proof import selection


def explain(
    asked: request.Request, allowed: policy.Policy, gates: request.Gates
) -> timeline.Timeline:
    """Return one timeline from everything that is known.

    :raises Misconfigured: the checkout is malformed, or the receipt is of
        another release
    """
    order, said = selection.of_release(
        gates.checkout, asked.project, asked.version, asked.repo
    )
    if order is not None:  # asked for by its repository's name, perhaps
        asked = dataclasses.replace(asked, project=order.project)
    telling = telling_of.Telling(asked, allowed, gates)
    telling.say(said)
    telling.of_order(order)
    telling.of_tag(order)
    archived = telling.of_archive(order)
    telling.of_index(archived)
    telling.of_receipt()
    telling.of_watch()
    return telling.told()
