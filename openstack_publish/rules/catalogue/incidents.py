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

"""8xx: incidents, as the watch tells them."""

from __future__ import annotations

from openstack_publish.rules.catalogue.page import Page

PAGES: tuple[Page, ...] = (
    Page(
        code='OSP801',
        title='A release is on the index that nobody ordered',
        severity='error',
        what=(
            'A release appeared on the index since the watch began, and no '
            'deliverable file of the releases repository orders its version '
            'for this project. It is said only from a checkout that was '
            'fetched after the file came, so an order that was merged a '
            'minute before is not missed.'
        ),
        why=(
            'In December 2022 XStatic-Font-Awesome 6.2.1.0 was released by a '
            'maintainer whom another maintainer had added, and its team '
            'learned of it from a bug report. A token that leaked is used in '
            'the same way. The releases repository is where every release of '
            'a deliverable is reviewed, so a release without an order is one '
            'that nobody reviewed.'
        ),
        remedy=(
            'Ask the team and the release team whether they know the '
            'release. If nobody does, let an Owner yank it on the release '
            'page at once, remove the account that uploaded it, and write to '
            'the security team of the index. If it is ours, order it in the '
            'releases repository; the incident closes by itself.'
        ),
    ),
    Page(
        code='OSP802',
        title='A file was added to an old release',
        severity='error',
        what=(
            'A file came more than 24 hours after the first one of its '
            'release, and the archive does not show it to be a signed '
            'original of ours.'
        ),
        why=(
            'A release takes files for 14 days. Installers prefer a wheel '
            'that fits exactly over the one that everybody has, so a file '
            'that is slipped into a release of last week reaches people '
            'without a new version; the feeds of the index do not show it.'
        ),
        remedy=(
            'Compare the file with what the team built. If it is not theirs, '
            'let an Owner delete it on the release page, and find out whose '
            'token uploaded it. If it completes a release, put the signed '
            'original into the archive.'
        ),
    ),
    Page(
        code='OSP803',
        title='A file on the index has other bytes than the archive',
        severity='error',
        what=(
            'A new file of an ordered release has another sha256 than the '
            'file of this name in the archive.'
        ),
        why=(
            'The release job puts the same bytes into both places. They '
            'differ where a release was rebuilt by a second run, which no '
            'signature then covers, or where one of the two was planted.'
        ),
        remedy=(
            "Verify both files by hand. If the archive's signature is good, "
            'its file is the original: yank the release on the index and '
            'order a new version. If not, ask the infrastructure team what '
            'wrote to the archive.'
        ),
    ),
    Page(
        code='OSP804',
        title='A file on the index has no good signature',
        severity='error',
        what=(
            'A new file of an ordered release has no signed original in the '
            'archive after 2 hours, or the signature there does not hold.'
        ),
        why=(
            'The signature says that the release job made these bytes. '
            'Without it a file that came with a stolen token looks like any '
            'other.'
        ),
        remedy=(
            'Look at the release job of this version. Where it failed '
            'between upload and archive, run it again: it goes on where it '
            'stopped. Where no job ran, treat the file as foreign (OSP801).'
        ),
    ),
    Page(
        code='OSP805',
        title='An ordered release is not on the index',
        severity='error',
        what=(
            'A deliverable file has ordered a release that reaches the index '
            'for more than 2 hours, and the index shows no file of it.'
        ),
        why=(
            'A release job can fail without anybody looking: the '
            'announcement is a job of its own. The upload to a release that '
            'was begun is possible for 14 days only.'
        ),
        remedy=(
            'Look at the release job of this version, and run it again, or '
            'publish by hand with openstack-publish republish.'
        ),
    ),
    Page(
        code='OSP806',
        title='Somebody was invited to a project',
        severity='error',
        what=(
            "The index's journal shows that an account was invited to a role, "
            'and no answer to it. Only the changelog tells it; the incident '
            'closes once the invitation is accepted, revoked or made void.'
        ),
        why=(
            'An invitation is the moment at which a new maintainer can still '
            'be stopped. The take-over of 2022 began with one.'
        ),
        remedy=(
            'Ask the Owner who invited. If nobody of the team knows of it, '
            'revoke the invitation on the collaboration page now, and change '
            'the password of the account that sent it.'
        ),
    ),
    Page(
        code='OSP807',
        title='A role appeared that the policy does not allow',
        severity='error',
        what=(
            'An account is Owner or Maintainer of the project, and the '
            'policy does not allow it.'
        ),
        why=(
            'Whoever holds a role can upload to any release that is still '
            'open, without a review and without our jobs.'
        ),
        remedy=(
            'Remove the role on the collaboration page of the project, or '
            'allow it in the policy, with a reason and an end; the incident '
            'closes by itself.'
        ),
    ),
    Page(
        code='OSP808',
        title='A role that must be there is gone',
        severity='error',
        what=(
            'An account that the policy requires no longer holds its role on '
            'the project.'
        ),
        why=(
            'Without it nobody of ours can yank a release, remove a role or '
            'publish. In 2025 os-net-config lived on under others for months '
            'before anybody noticed.'
        ),
        remedy=(
            'Ask the remaining Owners to give the role back. If they do not '
            'answer, ask the administrators of the index for the name, with '
            'the governance record of the project.'
        ),
    ),
    Page(
        code='OSP809',
        title='A role changed',
        severity='warning',
        what=(
            'A role was given, changed or removed, or was given and taken '
            'again between two looks, and what stands now is as the policy '
            'has it. It is told once.'
        ),
        why=(
            'A clean-up and a take-over begin alike. The list is where '
            'somebody notices the difference.'
        ),
        remedy=('Nothing, if the team knows of it.'),
    ),
    Page(
        code='OSP810',
        title='The owning organization is not the one of the policy',
        severity='error',
        what=(
            'The project belongs to an organization that the policy does not '
            'name, or no longer belongs to the one that it names.'
        ),
        why=(
            'The owners of an organization can do everything with its '
            'projects and show in no list of roles. The transfer leaves no '
            "row in the index's journal."
        ),
        remedy=(
            'Ask the Owners who transferred it. Transfer it back on the '
            'settings page, or name the organization in the policy.'
        ),
    ),
    Page(
        code='OSP811',
        title='The project was closed',
        severity='error',
        what=(
            'The status of the project on the index is archived or deprecated.'
        ),
        why=(
            'Nobody can upload to an archived project, and the index answers '
            'as if the account had no role. Archiving leaves no row in the '
            'journal.'
        ),
        remedy=(
            'Let an Owner unarchive it on the settings page, or relinquish '
            'the name in the policy.'
        ),
    ),
    Page(
        code='OSP812',
        title='The project was put into quarantine',
        severity='error',
        what=(
            'The index hides the files of the project and has frozen its '
            'owners.'
        ),
        why=(
            'The administrators of the index do that while they look into a '
            'report of malware.'
        ),
        remedy=(
            'Write to the security team of the index at once, with the '
            'receipts of the last releases.'
        ),
    ),
    Page(
        code='OSP813',
        title='A release was yanked',
        severity='warning',
        what=(
            'A release that was not yanked when it was last seen is yanked '
            'now.'
        ),
        why=(
            'Only an Owner or Maintainer can do that, by hand. Whoever does '
            'it without telling the team has either found something bad or '
            'is up to it.'
        ),
        remedy=(
            'Ask the Owners. Acknowledge the incident if it is meant to stay.'
        ),
    ),
    Page(
        code='OSP814',
        title='Something was deleted from the index',
        severity='error',
        what=(
            'A file, a release or a whole project that was there is there no '
            'more, or came and went between two looks. It is told once. A '
            'single release that the index puts into quarantine looks the '
            'same from outside.'
        ),
        why=(
            'What is deleted never comes back under its name: the index '
            'refuses a file name for ever. Deleting is also how a foreign '
            'release is hidden from those who come later.'
        ),
        remedy=(
            'Ask the Owners. If nobody of the team did it, treat the '
            'accounts with a role as broken into.'
        ),
    ),
    Page(
        code='OSP815',
        title='A file has an attestation of a publisher',
        severity='error',
        what=(
            "A new file carries PEP 740 provenance. OpenStack's releases are "
            'uploaded with a token and have none.'
        ),
        why=(
            'An attestation needs a Trusted Publisher on the project: a '
            'pipeline elsewhere that may upload, which shows in no list of '
            'roles and in no journal.'
        ),
        remedy=(
            'Look at the publishing page of the project, remove the '
            'publisher there if the team does not know it, and treat the '
            'release as foreign.'
        ),
    ),
    Page(
        code='OSP817',
        title='Something could not be known for hours',
        severity='error',
        what=(
            'Some part of what the index says of the project could not be '
            'read for more than 6 hours, or a new file could not be judged '
            'for as long: whether it is ordered, what the archive has, '
            'whether its signature is good.'
        ),
        why=(
            'Nobody watches what nobody can read. Silence must not be '
            'mistaken for safety.'
        ),
        remedy=(
            'Read the reason. Where it names the checkout, fetch it; where '
            'it names a key, trust it or find out whose it is; where it '
            'names the index and that answers for other projects, open the '
            "project's page there."
        ),
    ),
    Page(
        code='OSP818',
        title='The changelog does not answer any more',
        severity='warning',
        what=(
            "The index's changelog stopped answering, and the feeds are read "
            'in its place. It is told once.'
        ),
        why=(
            'The index plans to retire its XML-RPC interface. The feeds show '
            'everything but invitations and what is done and undone between '
            'two looks.'
        ),
        remedy=(
            'Nothing at once; watch with --source feeds if it does not come '
            'back.'
        ),
    ),
)
