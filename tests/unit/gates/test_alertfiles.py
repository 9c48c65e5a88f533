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


"""Files that tell of incidents."""

from __future__ import annotations

import pathlib
import resource
import signal

import fixtures
import testtools

from openstack_publish import exceptions
from openstack_publish.gates import alertfiles


class TestLines(testtools.TestCase):
    """Whole lines, or none."""

    def setUp(self) -> None:
        super().setUp()
        directory = pathlib.Path(self.useFixture(fixtures.TempDir()).path)
        self.path = directory / 'lines'
        self.files = alertfiles.AlertFiles(None, str(self.path))

    def limit(self, size: int) -> None:
        """Let no file become larger, as a disk that is full does."""
        before = resource.getrlimit(resource.RLIMIT_FSIZE)
        ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
        self.addCleanup(signal.signal, signal.SIGXFSZ, ignored)
        self.addCleanup(resource.setrlimit, resource.RLIMIT_FSIZE, before)

    def test_a_full_disk_leaves_no_part_of_a_line(self) -> None:
        self.files.append(['one'])
        self.limit(10)
        error = self.assertRaises(
            exceptions.Unavailable, self.files.append, ['two', 'three' * 9]
        )
        self.assertIn(str(self.path), str(error))
        self.assertEqual('one\n', self.path.read_text())
        self.files.append(['two'])
        self.assertEqual('one\ntwo\n', self.path.read_text())

    def test_a_line_that_a_kill_cut_off_spoils_no_other(self) -> None:
        self.path.write_text('{"half')
        self.files.append(['one', 'two'])
        self.assertEqual('{"half\none\ntwo\n', self.path.read_text())

    def test_nothing_to_tell_makes_no_file(self) -> None:
        self.files.append([])
        self.assertFalse(self.path.exists())
