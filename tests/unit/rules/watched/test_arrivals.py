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


import datetime

import testtools

from openstack_publish.rules.watched import arrivals
from tests.support import watched

OLD = watched.sdist('1.0', watched.ago(days=3))


class TestNewFiles(testtools.TestCase):
    """Which files are judged at all."""

    def test_of_a_project_first_seen_only_what_came_since_is_new(
        self,
    ) -> None:
        before = watched.sdist('0.9', watched.ago(days=400))
        new = watched.sdist('1.0')
        now = watched.snapshot(before, new)
        self.assertEqual((new,), arrivals.new_files(None, now, watched.BEGUN))

    def test_a_file_whose_bytes_changed_under_its_name_is_new(self) -> None:
        was = watched.snapshot(OLD)
        other = watched.file(OLD.filename, OLD.uploaded, sha256='b' * 64)
        self.assertEqual(
            (other,),
            arrivals.new_files(was, watched.snapshot(other), watched.BEGUN),
        )

    def test_what_was_hidden_since_before_the_watch_is_no_news(self) -> None:
        """A release in quarantine comes back as it was."""
        was = watched.snapshot(OLD)
        for uploaded, new in (
            (watched.BEGUN - datetime.timedelta(days=1), 0),
            (watched.BEGUN + datetime.timedelta(seconds=1), 1),
            # The index' clock may be behind ours.
            (watched.BEGUN - datetime.timedelta(minutes=5), 1),
        ):
            now = watched.snapshot(OLD, watched.sdist('0.9', uploaded))
            self.assertEqual(
                new, len(arrivals.new_files(was, now, watched.BEGUN))
            )

    def test_what_was_asked_for_is_judged_again(self) -> None:
        was = watched.snapshot(OLD)
        self.assertEqual((), arrivals.new_files(was, was, watched.BEGUN))
        self.assertEqual(
            (OLD,),
            arrivals.new_files(was, was, watched.BEGUN, {OLD.filename}),
        )
