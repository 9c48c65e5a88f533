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

"""Steps 1 to 9 as a whole: all that is done before anything is sent."""

from __future__ import annotations

from openstack_publish.proof import evidence
from openstack_publish.proof import judgement
from openstack_publish.proof import run as runs


def gather(run: runs.Run) -> None:
    """Do steps 1 to 4: what was ordered, what was built, what is there.

    :raises Misconfigured: something that was named isn't there
    """
    evidence.read_order(run)
    evidence.read_distributions(run)
    evidence.hold_against_order(run)
    evidence.read_index(run)


def judge(run: runs.Run) -> bool:
    """Do steps 5 to 9, and say whether the release may go on.

    :raises Misconfigured: something that was named isn't there
    """
    judgement.foresee_acceptance(run)
    judgement.judge_maintainers(run)
    judgement.read_credential(run)
    judgement.check_signatures(run)
    return judgement.pass_gate(run)
