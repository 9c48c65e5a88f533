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

"""7xx, from 750: what became of a release, and its originals sent again."""

from __future__ import annotations

from openstack_publish.rules.catalogue.page import Page

PAGES: tuple[Page, ...] = (
    Page(
        code='OSP750',
        title='The tag is not on the commit that was ordered',
        severity='error',
        what=(
            'The repository that was named with --git-dir has a tag of this '
            'version, and it peels to another commit than the one that the '
            'deliverable file orders. Both are told.'
        ),
        why=(
            'The job that makes tags does nothing where a tag is there '
            'already, on whatever commit, and says so to nobody. The release '
            'job builds what the tag points to.'
        ),
        remedy=(
            'Find out what was built: `pbr.json` in the artifacts names the '
            'commit. A tag that was published is never moved; order and '
            'release another version.'
        ),
    ),
    Page(
        code='OSP751',
        title='Things did not happen in the order in which they must',
        severity='warning',
        what=(
            'A release is ordered, then tagged, then built and signed. One '
            'of these times lies more than 5 minutes before that of what '
            'must come before it. Both times are told.'
        ),
        why=(
            'The dates of a commit, of a tag and of a signature are what '
            'their authors say they are. A clock that was wrong is harmless; '
            'a signature that is older than the tag it was built from was '
            'dated back, or is of another build.'
        ),
        remedy=(
            'Look at the log of the release job, whose times are those of '
            'another clock. Run `openstack-publish verify` on the release.'
        ),
    ),
    Page(
        code='OSP752',
        title='What the index lacked before its originals were sent again',
        severity='note',
        what=(
            'Said by `republish` before anything is sent: which of the '
            'originals the index has, which it lacks, and for how many of '
            'the 14 days it still takes files of this release.'
        ),
        why=(
            'PyPI takes new files of a release for 14 days after its first '
            'one. A release that was uploaded by halves can be completed '
            'until then, and only with the bytes that were signed.'
        ),
        remedy='Nothing: the run goes on, or its other findings say why not.',
    ),
)
