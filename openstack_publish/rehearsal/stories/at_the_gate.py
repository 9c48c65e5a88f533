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

"""Stories in which a release is refused before anything is sent."""

from __future__ import annotations

from openstack_publish.model import receipt
from openstack_publish.rehearsal.stories import changes
from openstack_publish.rehearsal.stories import promises
from openstack_publish.rehearsal.stories import story
from openstack_publish.rehearsal.stories import usual

_Outcome = receipt.Outcome

STORIES = (
    story.Story(
        'co-maintainer-before',
        'somebody whom no policy allows holds a role before the upload',
        'A role that the policy does not allow refuses the release before '
        'anything is sent or written.',
        (
            story.Act(
                'The user mallory has become a Maintainer of the project, '
                'and the policy allows nobody but openstackci. Whoever holds '
                'a role may upload files of their own to the release.',
                (
                    promises.ends(_Outcome.REFUSED),
                    promises.finds('OSP401', 'mallory'),
                    *usual.SENT_NOTHING,
                    promises.holds(),
                ),
                changes.fault('co-maintainer-before'),
            ),
            story.Act(
                'An Owner removes mallory on the collaboration page of the '
                'project, after a look at every file that mallory could have '
                'uploaded. Then the job is enqueued again.',
                usual.PUBLISHED,
                changes.role_removed,
            ),
        ),
    ),
    story.Story(
        'planted-file',
        'a foreign wheel lies under the version before the upload',
        'A file under the version that is not ours refuses the release '
        'before anything is sent or written.',
        (
            story.Act(
                'The version is not released yet, but somebody has uploaded '
                'a wheel for one platform to it. With our files beside it '
                'the release would look like one of ours.',
                (
                    promises.ends(_Outcome.REFUSED),
                    promises.finds('OSP303', 'manylinux'),
                    *usual.SENT_NOTHING,
                    promises.holds(foreign=1),
                ),
                changes.fault('planted-file'),
            ),
            story.Act(
                'Whose file it is has to be found out, and who could upload '
                'it. An Owner removes it, and the job is enqueued again.',
                usual.PUBLISHED,
                changes.foreign_file_removed,
            ),
        ),
    ),
    story.Story(
        'truncated-json',
        'every document of the index ends in the middle',
        'What cannot be read is unknown, and an unknown refuses the release '
        'before anything is sent or written.',
        (
            story.Act(
                'Something before the index cuts every document in half, '
                'with status 200. Neither the files of the release nor the '
                'maintainers can be read.',
                (
                    promises.ends(_Outcome.UNAVAILABLE),
                    promises.finds('OSP404'),
                    *usual.SENT_NOTHING,
                    promises.holds(),
                ),
                changes.fault('truncated-json'),
            ),
            story.Act(
                'Wait until the index answers as it should, and enqueue the '
                'job again.',
                usual.PUBLISHED,
                changes.answers_again,
            ),
        ),
    ),
    story.Story(
        'closed-release',
        'the release is 15 days old and incomplete, and takes no new file',
        'A release that the index takes no more files for is refused before '
        'anything is sent or written.',
        (
            story.Act(
                'Fifteen days ago somebody uploaded the wheel by hand and '
                'forgot the sdist. An index takes new files of a release for '
                '14 days.',
                (
                    promises.ends(_Outcome.REFUSED),
                    promises.finds('OSP304', '14 days'),
                    *usual.SENT_NOTHING,
                    promises.holds('wheel'),
                ),
                changes.half_published,
            ),
            story.Act(
                'The version cannot be completed any more. The next one is '
                'ordered, tagged and built, and published instead.',
                usual.PUBLISHED,
                changes.next_version,
            ),
        ),
    ),
    story.Story(
        'expired-token',
        'the API token ended yesterday',
        'A token that has ended refuses the release before anything is sent '
        'or written.',
        (
            story.Act(
                'The API token of the job was valid until yesterday. The '
                'token itself says so, and is read without the index.',
                (
                    promises.ends(_Outcome.REFUSED),
                    promises.finds('OSP601'),
                    *usual.SENT_NOTHING,
                    promises.holds(),
                ),
                changes.expired_token,
            ),
            story.Act(
                'A new token is made in the account of openstackci and put '
                'where the job finds it. Then the job is enqueued again.',
                usual.PUBLISHED,
                changes.new_token,
            ),
        ),
    ),
    story.Story(
        'expired-key',
        'the signing key of the job has expired',
        'A key that cannot sign is found before anything is sent or '
        'written, and no other key is used instead.',
        (
            story.Act(
                'The job still has the signing key of the cycle before. It '
                'is trusted, but its life has ended.',
                (
                    promises.ends(_Outcome.REFUSED),
                    promises.finds('OSP509'),
                    *usual.SENT_NOTHING,
                    promises.holds(),
                ),
                changes.expired_key,
            ),
            story.Act(
                'The job is given the key of this cycle, which '
                'data/series_status.yaml names. Then it is enqueued again.',
                usual.PUBLISHED,
                changes.current_key,
            ),
        ),
    ),
)
