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

"""Stories in which something happens once the upload has begun."""

from __future__ import annotations

from openstack_publish.model import receipt
from openstack_publish.rehearsal.stories import changes
from openstack_publish.rehearsal.stories import promises
from openstack_publish.rehearsal.stories import story
from openstack_publish.rehearsal.stories import usual

_Outcome = receipt.Outcome

STORIES = (
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
                changes.fault('co-maintainer-added'),
            ),
            story.Act(
                'An Owner removes mallory, looks at the list of files, and '
                'would yank the release if one were not ours. Then the '
                'command is typed that the tool names, with --confirm-only: '
                'it uploads nothing and reads everything back.',
                usual.CONFIRMED,
                changes.role_removed,
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
                changes.fault('foreign-file'),
            ),
            story.Act(
                'Whose file it is has to be found out, and who could upload '
                'it. An Owner removes it, and the command that the tool '
                'names, with --confirm-only, confirms the release.',
                usual.CONFIRMED,
                changes.foreign_file_removed,
                confirm_only=True,
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
                    *usual.PUBLISHED,
                    promises.stores(2),
                ),
                changes.fault('server-error-after-storing'),
            ),
            usual.ENQUEUED_AGAIN,
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
                    *usual.PUBLISHED,
                    promises.stores(2),
                ),
                changes.fault('connection-cut'),
            ),
            usual.ENQUEUED_AGAIN,
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
                    *usual.PUBLISHED,
                ),
                changes.fault('stale-reads', changes.STALE_READS),
            ),
            usual.ENQUEUED_AGAIN,
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
                changes.fault('read-only'),
            ),
            story.Act(
                'Look at the status page of the index, and enqueue the job '
                'again once the mode has ended.',
                usual.PUBLISHED,
                changes.writable_again,
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
                'gets SIGKILL, and can neither tell anybody nor put anything '
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
                    *usual.COMPLETE,
                    promises.stores(2),
                ),
            ),
        ),
    ),
)
