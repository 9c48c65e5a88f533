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

"""7xx, from 730: releases that are out there, verified link by link."""

from __future__ import annotations

from openstack_publish.rules.catalogue.page import Page

PAGES: tuple[Page, ...] = (
    Page(
        code='OSP730',
        title='The archive does not have a file of the release',
        severity='error',
        what=(
            'The tarballs archive was asked for the sdist and the wheel of '
            'the release, under every name that they may have, and has none '
            'of that kind. Where no archive was named, or it did not answer, '
            'this is unknown. With `publish --confirm-only` the files that '
            'were given are on the index, and a named archive has none of '
            'their name.'
        ),
        why=(
            'PyPI drops signatures, so the archive is the only place where '
            'the originals and their signatures are. In the release job the '
            'upload to PyPI comes before the upload to the archive: a job '
            'that fails between the two leaves a release that nobody can '
            'verify.'
        ),
        remedy=(
            'Name the archive with --archive. If it lacks the file, find the '
            'bytes that were signed, in the log or the artifacts of the '
            'release job, and put them there with their signature.'
        ),
    ),
    Page(
        code='OSP731',
        title='The archive has no signature beside a file',
        severity='error',
        what=(
            'The archive has a file of the release and no `FILE.asc` beside '
            'it. Of a file that was uploaded before the first cycle key '
            'signed anything, this is unknown: nothing was signed then.'
        ),
        why=(
            'Without its signature a file is what somebody put there. The '
            'first key of a cycle signed from 2016-08-03 on, and some '
            'artifacts of that first cycle were not signed yet.'
        ),
        remedy=(
            'Look for the signature in the log of the release job, which '
            'prints it. A signature that is made now proves nothing about '
            'then.'
        ),
    ),
    Page(
        code='OSP732',
        title='Index and archive have different bytes',
        severity='error',
        what=(
            'The index states another sha256 for a file than the original '
            'has, which is the file in the archive or the one that was '
            'named. Both digests are told.'
        ),
        why=(
            'The signature in the archive says nothing of what users '
            'install. It need not be an attack: a release job that is '
            'enqueued again builds again, PyPI keeps the first files and '
            'the archive gets the second ones. Nobody can tell the two '
            'cases apart without comparing the files.'
        ),
        remedy=(
            'Compare what is inside of both files with the ordered commit. '
            'If only build times differ, find the signature of the file on '
            'the index; otherwise yank the release and treat the account as '
            'compromised until it is explained.'
        ),
    ),
    Page(
        code='OSP733',
        title='The index lacks a file of the release',
        severity='error',
        what=(
            'The archive has a file, or the policy wants a kind of file, '
            'that the index does not list under the version. Where the '
            'index has no such project at all, and nothing says that the '
            'repository publishes there, this is unknown.'
        ),
        why=(
            'Half a release is worse than none: some users get it and '
            'others do not. What reaches PyPI is decided by the templates in '
            'openstack/project-config and by the form of the tag, not by '
            'the deliverable file.'
        ),
        remedy=(
            'If the release was ordered, run `openstack-publish republish` '
            'within 14 days of the first file. Name a checkout of '
            'openstack/project-config with --project-config where the '
            'project may not be published.'
        ),
    ),
    Page(
        code='OSP734',
        title='Upload and signature lie too far apart',
        severity='warning',
        what=(
            'The index received a file more than 24 hours after it was '
            'signed, or before it was signed; 5 minutes are allowed for '
            'clocks that differ. Both times are told.'
        ),
        why=(
            'The time in a signature is what the signer says it is: who '
            'holds an old key can write an old time. The time of the upload '
            'is what the index says. In a release job minutes lie between '
            'the two.'
        ),
        remedy=(
            'Find out why: a release that was repaired days later is '
            'harmless. An upload long after the window of the key that '
            'signed is not.'
        ),
    ),
    Page(
        code='OSP735',
        title='A file has attestations, and OpenStack publishes none',
        severity='error',
        what=(
            'The index has PEP 740 attestations of a file. With the extra '
            '`attestations` they are verified and their publisher is named; '
            'without it the message says what to install.'
        ),
        why=(
            'PyPI takes attestations only from a Trusted Publisher, such as '
            'a workflow of a code hosting site. OpenStack publishes with an '
            'API token from Zuul, which can be no Trusted Publisher: '
            'somebody has set one up for this project, and what it may '
            'upload shows in no list of roles.'
        ),
        remedy=(
            'Look at the publishers of the project '
            '(/manage/project/NAME/settings/publishing/ on the index), '
            'remove those that are not ours, and treat the file as uploaded '
            'by a stranger until it is explained.'
        ),
    ),
    Page(
        code='OSP736',
        title='What the receipt says does not hold any more',
        severity='error',
        what=(
            'The receipt names an order, a digest or a signature, and '
            'deliverable file, archive or index now say something else. '
            'Both values are told.'
        ),
        why=(
            'A receipt tells what was read back right after the upload. '
            'What differs today was changed since, or the receipt is not '
            'the one that the run wrote: its own signature tells which.'
        ),
        remedy=(
            'Verify the signature of the receipt first. If it is good, find '
            'out who changed what differs.'
        ),
    ),
    Page(
        code='OSP737',
        title='The maintainers changed since the receipt was written',
        severity='warning',
        what=(
            'Somebody holds a role on the project who did not when the '
            'receipt was written, or the other way round. Whether the '
            'policy allows it is said by other findings.'
        ),
        why=(
            'A change of roles is rare and never part of a release. The '
            'receipt is the last word on who could publish at that time.'
        ),
        remedy=(
            'Look at the security history of the project, and ask those who '
            'hold a role now.'
        ),
    ),
    Page(
        code='OSP738',
        title='Nothing of this order goes to an index',
        severity='note',
        what=(
            'The version that was ordered is a tag that no job builds '
            'artifacts of, such as `victoria-eol`. The rest of the chain is '
            'left out.'
        ),
        why=(
            'Tags that end a branch match neither the pipeline of releases '
            'nor that of pre-releases. There is nothing to verify beyond '
            'the order, and nothing is missing.'
        ),
        remedy='Nothing: there is nothing to verify beyond the order.',
    ),
    Page(
        code='OSP739',
        title='The release is yanked',
        severity='warning',
        what=(
            'The index has the release and says that it is yanked. The '
            'reason is told in the words of whoever gave it.'
        ),
        why=(
            'A release that is yanked is one that somebody warns of. It '
            'takes an Owner or a Maintainer and a browser; no release job '
            'does it. The bytes are still there, and are what they were, so '
            'this is no reason to believe them less. When it was done only '
            'the watch sees (OSP813).'
        ),
        remedy=(
            'Ask the Owners if the team does not know of it. If it is meant '
            'to stay, release another version.'
        ),
    ),
)
