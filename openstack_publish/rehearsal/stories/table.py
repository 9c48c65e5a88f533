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

"""Every story of ``rehearse --fault``."""

from __future__ import annotations

from collections.abc import Mapping

from openstack_publish.rehearsal.stories import at_the_gate
from openstack_publish.rehearsal.stories import on_the_way
from openstack_publish.rehearsal.stories import story

STORIES: Mapping[str, story.Story] = {
    each.name: each for each in (*at_the_gate.STORIES, *on_the_way.STORIES)
}
"""All stories, by name: those that the gate refuses, then the others."""
