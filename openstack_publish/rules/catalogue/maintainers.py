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

"""4xx: who holds a role on the project, before a release and in an audit."""

from __future__ import annotations

from openstack_publish.rules.catalogue import audit
from openstack_publish.rules.catalogue.page import Page

PAGES: tuple[Page, ...] = (
    Page(
        code='OSP401',
        title='Somebody holds a role that the policy does not allow',
        severity='error',
        what=(
            'A user is Owner or Maintainer of the project on the index and '
            'is neither required nor allowed by the policy, or the '
            'allowance has ended. Users compare without case, roles '
            'exactly; an allowed Owner may also be Maintainer. With '
            '"unexpected: warning" in the policy this is a warning.'
        ),
        why=(
            'Whoever holds a role can upload a file to any release that is '
            'still open, without a review and without our jobs. When teams '
            'looked in January 2023, 14 of Ironic\'s 18 packages had '
            'maintainers who were not of its core team, some of them known '
            'to nobody; each is one stolen password away from a release '
            'that nobody ordered.'
        ),
        remedy=(
            'Remove the role on the collaboration page of the project, or '
            'allow it in the policy, with a reason and an end.'
        ),
    ),
    Page(
        code='OSP402',
        title='A role that the policy requires is missing',
        severity='error',
        what=(
            'A user that must hold a role on the project holds none, or a '
            'lesser one.'
        ),
        why=(
            'A required Owner is how we can yank a release, remove a role '
            'and recover the project. Without it somebody else decides '
            'about all three, and a token may stop working at any time.'
        ),
        remedy=(
            'Ask an Owner of the project to invite the user with that role, '
            'accept the invitation, and run again.'
        ),
    ),
    Page(
        code='OSP403',
        title='Another organization owns the project than the policy says',
        severity='error',
        what=(
            'The organization that owns the project on the index is not the '
            'one in the policy; where the policy names none, the project '
            'must belong to none.'
        ),
        why=(
            'The owners of an organization can upload to its projects and '
            'give roles on them, and the list of roles does not show them.'
        ),
        remedy=(
            'Find out who moved the project. Then move it back, or name the '
            'organization in the policy.'
        ),
    ),
    Page(
        code='OSP404',
        title='Who holds a role could not be read',
        severity='error',
        what=(
            'The index did not say who holds a role on the project or which '
            'organization owns it, said it in a form that cannot be read, '
            'named nobody though the project exists, or two of its answers '
            'contradict each other. XML-RPC is asked where the JSON has no '
            'roles, and knows nothing of organizations.'
        ),
        why=(
            'A check that reads "no answer" as "nobody" passes when it is '
            'needed most. What is not known is shown as unknown, and '
            'nothing is published on top of it.'
        ),
        remedy=(
            'Try again in a few minutes. If it stays, look at the project '
            'with a browser, and at the status page of the index. A project '
            'whose releases are all gone shows its organization to no '
            'program: look at its page, and upload its first file by hand.'
        ),
    ),
    Page(
        code='OSP405',
        title='The project was given up and is not ours to publish',
        severity='error',
        what=(
            'The policy says that the project was relinquished: its name '
            'was handed to somebody else.'
        ),
        why=(
            'A release from us would put our files under a name that its '
            'users have been told belongs to others.'
        ),
        remedy=(
            'Do not publish. If the project came back, remove '
            '"relinquished" from the policy in a reviewed change.'
        ),
    ),
    Page(
        code='OSP406',
        title='Somebody got a role while the release was being published',
        severity='error',
        what=(
            'A role was added or raised, or the owning organization '
            'changed, between the reading before the upload and the one '
            'after it; or a project that this run created has more roles '
            'than the policy requires.'
        ),
        why=(
            'Nobody gives out roles in the minutes of a release by '
            'accident. It is what somebody does who holds an account or a '
            'token that they should not hold, and what comes next is a file '
            'of their own.'
        ),
        remedy=(
            'Undo the change on the collaboration page of the project, '
            'check every file on its releases page, and yank the release if '
            'one is not ours. Owners can do that.'
        ),
    ),
    Page(
        code='OSP407',
        title='A role was removed while the release was being published',
        severity='warning',
        what=(
            'A role that the policy does not require was there before the '
            'upload and is not there after it. That a required one is gone '
            'is OSP402.'
        ),
        why=(
            'A clean-up is welcome at any time, but somebody should know of '
            'it.'
        ),
        remedy=(
            'Make sure that somebody of ours did it, and take the role out '
            'of the policy if it stands there.'
        ),
    ),
    Page(
        code='OSP408',
        title='The project is new: it has no maintainers yet',
        severity='note',
        what=(
            'JSON and simple page both answer, in the index\'s own words, '
            'that there is no such project, and XML-RPC names nobody. The '
            'first upload creates it and makes the uploader its only Owner; '
            'the roles are read after it.'
        ),
        why=(
            'A name that is free can be taken by anybody until the first '
            'upload, and a deleted or forbidden name looks the same from '
            'outside.'
        ),
        remedy=(
            'Check that the name is the one that is meant. If the project '
            'should exist, stop: somebody deleted it.'
        ),
    ),
    Page(
        code='OSP409',
        title='The change leaves no valid policy behind',
        severity='error',
        what=(
            'data/publish-policy.yaml, as the change leaves it, is no valid '
            'policy: a key is unknown or stands twice, a value has the wrong '
            'type, the file is empty. The change itself is judged by the '
            'policy before it.'
        ),
        why=(
            'Publishing refuses to run with a malformed policy. The mistake '
            'would be met by the next release, in a job that nobody watches.'
        ),
        remedy='Mend the file in the same change.',
    ),
    *audit.PAGES,
)
