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

"""4xx: what an audit finds besides roles; what changed between two."""

from __future__ import annotations

from openstack_publish.rules.catalogue.page import Page

PAGES: tuple[Page, ...] = (
    Page(
        code='OSP410',
        title='A project that was on the index is not there any more',
        severity='error',
        what=(
            'Every route of the index answers that there is no such '
            'project, but a saved audit, or the entry that the project has '
            'in the policy, says that there was one. Without either, a name '
            'that is not on the index is absent and no finding: which names '
            'were ever published, no file says. Where a saved audit has the '
            'project and no route answers now, it is unknown whether it is '
            'still there.'
        ),
        why=(
            'An Owner can delete a project, and so can somebody who has '
            "taken over an Owner's account. After that the name can be "
            'registered by anybody, and everything that depends on it '
            'installs what they upload.'
        ),
        remedy=(
            'Find out who deleted it. If the name was given up, say so with '
            '"relinquished" in the policy; else ask the administrators of '
            'the index to hold it.'
        ),
    ),
    Page(
        code='OSP411',
        title='An account of ours holds a role on a project that was given up',
        severity='error',
        what=(
            'The policy says that the project was relinquished, and a user '
            'whom it requires on our own projects still is Owner or '
            'Maintainer there. Nothing else is judged of such a project.'
        ),
        why=(
            'Whoever steals our token could upload under a name that its '
            'users have been told belongs to others, and we would answer '
            'for it.'
        ),
        remedy=(
            'Log in as that user and leave the project on its collaboration '
            'page, once another Owner is there.'
        ),
    ),
    Page(
        code='OSP412',
        title='The status or the files of a project could not be read',
        severity='error',
        what=(
            'The simple page of the project did not answer, or in a form '
            'that cannot be read. So it is not known whether the project is '
            'archived or quarantined, nor whether its files have '
            'attestations.'
        ),
        why=(
            'An audit that takes no answer for "active and without '
            'attestations" passes over the very projects that have trouble.'
        ),
        remedy=(
            'Run the audit again in a few minutes. If it stays, look at the '
            'project with a browser.'
        ),
    ),
    Page(
        code='OSP413',
        title='The index has put the project into quarantine',
        severity='error',
        what=(
            'The simple page of the project has the status quarantined: its '
            'files are hidden, its JSON is not served, and an upload '
            'answers 200 and shows nowhere. Roles are then read by XML-RPC, '
            'which does not tell the organization.'
        ),
        why=(
            'Administrators quarantine a project that is reported to '
            'distribute malware. Until they have looked, nobody can install '
            'it, and its owners cannot change it.'
        ),
        remedy=(
            'Write to the security contact of the index, compare every '
            'release with its order, and treat the accounts of all owners '
            'as stolen until it is known otherwise.'
        ),
    ),
    Page(
        code='OSP414',
        title='The project is archived, and takes no uploads',
        severity='note',
        what=(
            'The simple page of the project has the status archived: it '
            'takes no uploads until an Owner opens it again. The roles are '
            'judged as those of any other project.'
        ),
        why=(
            'That is right for a deliverable that has ended, and keeps the '
            'next release of any other from the index. Archiving leaves no '
            'trace in the journal of the index.'
        ),
        remedy=(
            'If the deliverable is still released, open the project again '
            'on its settings page, and find out who archived it.'
        ),
    ),
    Page(
        code='OSP415',
        title='Files were uploaded by a Trusted Publisher',
        severity='error',
        what=(
            'Files of the project have attestations. The index takes those '
            'only from a Trusted Publisher: a workflow of GitHub, GitLab '
            'and the like that may upload without any account.'
        ),
        why=(
            'Our jobs run in Zuul and cannot be Trusted Publishers, so '
            'somebody else uploaded these files. Who may publish that way '
            'stands in no list of roles, in no API and in no journal; its '
            'files are the only thing that shows.'
        ),
        remedy=(
            'Look at the publishing page of the project, remove publishers '
            'that are not ours, and verify the files against their orders. '
            'For files of the past add a waiver to the policy.'
        ),
    ),
    Page(
        code='OSP416',
        title='Somebody got a role, or another one, since the saved audit',
        severity='warning',
        what=(
            'A user holds a role that the saved audit does not have, or '
            'another one than there. Whether the policy allows it is judged '
            'by itself (OSP401).'
        ),
        why=(
            'Roles on our projects change by agreement or by attack, and '
            'only people know which of the two it was.'
        ),
        remedy=(
            'Make sure that somebody of ours gave the role, and that the '
            'policy says why.'
        ),
    ),
    Page(
        code='OSP417',
        title='Somebody lost a role since the saved audit',
        severity='warning',
        what=(
            'A user of the saved audit holds no role any more. That a '
            'required user is gone is told as OSP402, too.'
        ),
        why=(
            'It is how a clean-up shows, and how a project is taken away '
            'from us.'
        ),
        remedy=(
            'If it is the clean-up, take the exception for the user out of '
            'the policy.'
        ),
    ),
    Page(
        code='OSP418',
        title='Another organization owns the project than in the saved audit',
        severity='warning',
        what=(
            'The project belongs to an organization and did not, or to '
            'another one, or to none any more. Whether the policy allows it '
            'is judged by itself (OSP403).'
        ),
        why=(
            'Owners of an organization can upload without being listed. A '
            'transfer leaves no trace in the journal of the index, so that '
            'comparing two audits is the way to see one.'
        ),
        remedy='Find out who moved the project, and whether we agreed to it.',
    ),
    Page(
        code='OSP419',
        title='The project has another status than in the saved audit',
        severity='warning',
        what=(
            'The status marker of the simple page (active, archived, '
            'quarantined) is not what the saved audit has.'
        ),
        why=(
            'Archiving and opening leave no trace in the journal of the '
            'index, and each is done by somebody who is Owner.'
        ),
        remedy='Make sure that somebody of ours did it.',
    ),
    Page(
        code='OSP420',
        title='The project came to the index since the saved audit',
        severity='warning',
        what=(
            'The saved audit has the name as absent, and the index knows it '
            'now.'
        ),
        why=(
            'Either its first release was published, or somebody registered '
            'one of our names before us.'
        ),
        remedy=('Check that the first release was ordered, and who is Owner.'),
    ),
    Page(
        code='OSP421',
        title='The verdict of a project is not that of the saved audit',
        severity='note',
        what=(
            'What the project amounts to (held, failed, unknown, absent) '
            'is different from what it was. What made it so is told by '
            'findings of its own.'
        ),
        why=(
            'It shows how a clean-up goes on, and what became known or '
            'unknown meanwhile.'
        ),
        remedy='Read the other findings of the project.',
    ),
    Page(
        code='OSP422',
        title='Whether it changed since the saved audit is not known',
        severity='note',
        what=(
            'The saved audit has a part of the project as unknown, so that '
            'there is nothing to compare with.'
        ),
        why=(
            'What was unknown may have been anything. It is neither a '
            'change nor none.'
        ),
        remedy='Compare with an older audit that knows it.',
    ),
    Page(
        code='OSP423',
        title='A file that may name projects could not be read',
        severity='error',
        what=(
            'A deliverable file of the checkout is malformed, so that it is '
            'not known which projects it names.'
        ),
        why=(
            'A project that is missing from the list is never looked at, '
            'and the audit would look complete.'
        ),
        remedy='Mend the file where the message says, and run again.',
    ),
    Page(
        code='OSP424',
        title='The index did not say on which projects a user holds a role',
        severity='error',
        what=(
            'With --from-index each required user is asked for by XML-RPC '
            '(user_packages), and there was no answer.'
        ),
        why=(
            'The projects that no file names are then not looked at, and '
            'the audit would look complete.'
        ),
        remedy=(
            'Run again in a few minutes. Over its limit PyPI answers again '
            'after an hour at most.'
        ),
    ),
)
