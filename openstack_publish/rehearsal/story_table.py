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

from openstack_publish.model import receipt
from openstack_publish.rehearsal import promises
from openstack_publish.rehearsal import story
from openstack_publish.rehearsal import story_changes

_Outcome = receipt.Outcome

_SENT_NOTHING = (
    promises.sends(),
    promises.archives_nothing(),
    promises.writes_nothing(),
)
"""Of a run that ended at the gate."""

_COMPLETE = (
    promises.holds(*promises.BOTH),
    promises.archives_everything(),
    promises.records(_Outcome.PUBLISHED),
)
"""Of a release that is on the index, in the archive and written down."""

_PUBLISHED = (
    promises.ends(_Outcome.PUBLISHED),
    promises.sends(*promises.BOTH),
    *_COMPLETE,
)

_CONFIRMED = (
    promises.ends(_Outcome.PUBLISHED),
    promises.sends(),
    *_COMPLETE,
)
"""Of a run with --confirm-only."""

_ENQUEUED_AGAIN = story.Act(
    happens=(
        'Nothing: the release is published and confirmed. Somebody who '
        'did not see that enqueues the job again.'
    ),
    promises=(
        promises.ends(_Outcome.NOTHING_TO_DO),
        promises.sends(),
        *_COMPLETE,
    ),
)

_STORIES = (
    story.Story(
        'co-maintainer-before',
        'somebody whom no policy allows holds a role before the upload',
        'A role that the policy does not allow refuses the release before '
        'anything is sent or written.',
        (
            story.Act(
                'The user mallory has become a Maintainer of the project, and '
                'the policy allows nobody but openstackci. Whoever holds a '
                'role may upload files of their own to the release.',
                (
                    promises.ends(_Outcome.REFUSED),
                    promises.finds('OSP401', 'mallory'),
                    *_SENT_NOTHING,
                    promises.holds(),
                ),
                story_changes.fault('co-maintainer-before'),
            ),
            story.Act(
                'An Owner removes mallory on the collaboration page of the '
                'project, after a look at every file that mallory could have '
                'uploaded. Then the job is enqueued again.',
                _PUBLISHED,
                story_changes.role_removed,
            ),
        ),
    ),
    story.Story(
        'co-maintainer-during',
        'somebody gets a role while the files are uploaded',
        'A role that is added between the two readings is told as drift, '
        'and the release is not confirmed.',
        (
            story.Act(
                'The maintainers are as the policy wants them when step 6 '
                'reads them. Right after the first file is stored, mallory '
                'becomes a Maintainer.',
                (
                    promises.ends(_Outcome.UNCONFIRMED),
                    promises.finds('OSP406', 'mallory'),
                    promises.drifts('added Maintainer mallory'),
                    promises.sends(*promises.BOTH),
                    promises.holds(*promises.BOTH),
                    promises.archives_everything(),
                    promises.records(_Outcome.UNCONFIRMED),
                ),
                story_changes.fault('co-maintainer-added'),
            ),
            story.Act(
                'An Owner removes mallory, looks at the list of files, and '
                'would yank the release if one were not ours. Then the '
                'command of the last line is typed: it uploads nothing and '
                'reads everything back.',
                _CONFIRMED,
                story_changes.role_removed,
                confirm_only=True,
            ),
        ),
    ),
    story.Story(
        'foreign-file',
        'a foreign wheel appears under the version during the upload',
        'A file that is not ours is found when the files are read back, and '
        'the release is not confirmed.',
        (
            story.Act(
                'While the files are uploaded, somebody else uploads a '
                'wheel for one platform to the same version. pip prefers it '
                'to ours, which fits every platform.',
                (
                    promises.ends(_Outcome.UNCONFIRMED),
                    promises.finds('OSP703', 'manylinux'),
                    promises.sends(*promises.BOTH),
                    promises.holds(*promises.BOTH, foreign=1),
                    promises.archives_everything(),
                    promises.records(_Outcome.UNCONFIRMED),
                ),
                story_changes.fault('foreign-file'),
            ),
            story.Act(
                'Whose file it is has to be found out, and who could upload '
                'it. An Owner removes it, and the command of the last line '
                'confirms the release.',
                _CONFIRMED,
                story_changes.foreign_file_removed,
                confirm_only=True,
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
                    *_SENT_NOTHING,
                    promises.holds(foreign=1),
                ),
                story_changes.fault('planted-file'),
            ),
            story.Act(
                'Whose file it is has to be found out, and who could upload '
                'it. An Owner removes it, and the job is enqueued again.',
                _PUBLISHED,
                story_changes.foreign_file_removed,
            ),
        ),
    ),
    story.Story(
        'server-error-after-storing',
        'the index stores a file and answers 500',
        'What became of a file is read from the index, so that no file is '
        'sent twice and the release is complete.',
        (
            story.Act(
                'The index stores the first file and then answers '
                '500 Internal Server Error. The answer alone does not tell '
                'whether the file is there.',
                (
                    promises.answers(
                        'the index answers 500 to the first of two uploads',
                        500,
                        200,
                    ),
                    *_PUBLISHED,
                    promises.stores(2),
                ),
                story_changes.fault('server-error-after-storing'),
            ),
            _ENQUEUED_AGAIN,
        ),
    ),
    story.Story(
        'connection-cut',
        'the connection breaks after a file is stored, before the answer',
        'What became of a file is read from the index, so that no file is '
        'sent twice and the release is complete.',
        (
            story.Act(
                'The index stores the first file, and the connection breaks '
                'before it can say so. The tool has no answer at all.',
                (
                    promises.answers(
                        'the first of two uploads gets no answer', None, 200
                    ),
                    *_PUBLISHED,
                    promises.stores(2),
                ),
                story_changes.fault('connection-cut'),
            ),
            _ENQUEUED_AGAIN,
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
                    *_SENT_NOTHING,
                    promises.holds(),
                ),
                story_changes.fault('truncated-json'),
            ),
            story.Act(
                'Wait until the index answers as it should, and enqueue the '
                'job again.',
                _PUBLISHED,
                story_changes.answers_again,
            ),
        ),
    ),
    story.Story(
        'stale-reads',
        'the index shows for a while what was there before the upload',
        'The release is read again until every file shows, and only then '
        'counts as confirmed.',
        (
            story.Act(
                'The files are stored, but a cache before the index still '
                'has the documents of a minute ago. The first reading shows '
                'none of our files.',
                (
                    promises.rereads(),
                    *_PUBLISHED,
                ),
                story_changes.fault(
                    'stale-reads', story_changes.STALE_READS
                ),
            ),
            _ENQUEUED_AGAIN,
        ),
    ),
    story.Story(
        'read-only-mode',
        'the index is in read-only mode and refuses the first file',
        'A refusal before anything was stored leaves no trace on the index '
        'and in the archive.',
        (
            story.Act(
                'The index is in read-only mode. No document says so; the '
                'answer to the first upload does.',
                (
                    promises.answers(
                        'the index answers 403 to the only upload', 403
                    ),
                    promises.ends(_Outcome.REFUSED),
                    promises.finds('OSP318', 'Read-only mode'),
                    promises.sends('wheel'),
                    promises.holds(),
                    promises.archives_nothing(),
                ),
                story_changes.fault('read-only'),
            ),
            story.Act(
                'Look at the status page of the index, and enqueue the job '
                'again once the mode has ended.',
                _PUBLISHED,
                story_changes.writable_again,
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
                    *_SENT_NOTHING,
                    promises.holds('wheel'),
                ),
                story_changes.half_published,
            ),
            story.Act(
                'The version cannot be completed any more. The next one is '
                'ordered, tagged and built, and published instead.',
                _PUBLISHED,
                story_changes.next_version,
            ),
        ),
    ),
    story.Story(
        'expired-token',
        'the API token ended yesterday',
        'A token that has ended is found before the upload, without showing '
        'it to anybody.',
        (
            story.Act(
                'The API token of the job was valid until yesterday. The '
                'token itself says so, and is read without the index.',
                (
                    promises.ends(_Outcome.REFUSED),
                    promises.finds('OSP601'),
                    *_SENT_NOTHING,
                    promises.holds(),
                ),
                story_changes.expired_token,
            ),
            story.Act(
                'A new token is made in the account of openstackci and put '
                'where the job finds it. Then the job is enqueued again.',
                _PUBLISHED,
                story_changes.new_token,
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
                    *_SENT_NOTHING,
                    promises.holds(),
                ),
                story_changes.expired_key,
            ),
            story.Act(
                'The job is given the key of this cycle, which '
                'data/series_status.yaml names. Then it is enqueued again.',
                _PUBLISHED,
                story_changes.current_key,
            ),
        ),
    ),
    story.Story(
        'killed-and-run-again',
        'the process is killed when the first file is stored',
        'A run that was killed is completed by the next one, and nothing is '
        'stored twice.',
        (
            story.Act(
                'The job runs in a process of its own. When the index has '
                'stored the first file and has not answered yet, the process '
                'gets SIGKILL: the machine is gone, and nothing can be put '
                'away.',
                (
                    promises.killed(),
                    promises.sends('wheel'),
                    promises.holds('wheel'),
                    promises.keeps_a_copy(),
                    promises.records(_Outcome.INCOMPLETE),
                ),
                killed=True,
            ),
            story.Act(
                'The job is enqueued again with the same files. The index is '
                'read, and what it has already is not sent again.',
                (
                    promises.ends(_Outcome.PUBLISHED),
                    promises.sends('sdist'),
                    *_COMPLETE,
                    promises.stores(2),
                ),
            ),
        ),
    ),
)

STORIES: Mapping[str, story.Story] = {each.name: each for each in _STORIES}
"""All stories, by name."""
