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

"""What many stories have in common."""

from __future__ import annotations

from openstack_publish.model import receipt
from openstack_publish.rehearsal.stories import promises
from openstack_publish.rehearsal.stories import story

_Outcome = receipt.Outcome

SENT_NOTHING = (
    promises.sends(),
    promises.archives_nothing(),
    promises.writes_nothing(),
)
"""Of a run that ended at the gate."""

COMPLETE = (
    promises.holds(*promises.BOTH),
    promises.archives_everything(),
    promises.records(_Outcome.PUBLISHED),
)
"""Of a release that is on the index, in the archive and written down."""

PUBLISHED = (
    promises.ends(_Outcome.PUBLISHED),
    promises.sends(*promises.BOTH),
    *COMPLETE,
)

CONFIRMED = (
    promises.ends(_Outcome.PUBLISHED),
    promises.sends(),
    *COMPLETE,
)
"""Of a run with --confirm-only."""

ENQUEUED_AGAIN = story.Act(
    happens=(
        'Nothing: the release is published and confirmed. Somebody who '
        'did not see that enqueues the job again.'
    ),
    promises=(
        promises.ends(_Outcome.NOTHING_TO_DO),
        promises.sends(),
        *COMPLETE,
    ),
)
