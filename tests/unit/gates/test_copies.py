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

"""Private copies of originals, on a real disk."""

from __future__ import annotations

import hashlib
import os
import pathlib
import stat

import fixtures
import testtools

from openstack_publish import exceptions
from openstack_publish import seams
from openstack_publish.gates import copies

CONTENT = b'what was signed' * 100_000
"""More than one chunk."""


class TestCopies(testtools.TestCase):
    def setUp(self) -> None:
        super().setUp()
        self.place = pathlib.Path(self.useFixture(fixtures.TempDir()).path)
        (self.place / 'a.whl').write_bytes(CONTENT)
        (self.place / 'a.whl.asc').write_bytes(b'signature')
        self.taken = self.useFixture(_Entered()).copies

    def original(self, sha256: str | None = None) -> seams.Original:
        path = str(self.place / 'a.whl')
        return seams.Original(
            'a.whl',
            sha256 or hashlib.sha256(CONTENT).hexdigest(),
            len(CONTENT),
            path,
            f'{path}.asc',
            path,
        )

    def test_a_copy_has_the_bytes_and_the_signature(self) -> None:
        path = pathlib.Path(self.taken.take(self.original()))
        self.assertEqual('a.whl', path.name)
        self.assertEqual(CONTENT, path.read_bytes())
        self.assertEqual(
            b'signature', pathlib.Path(f'{path}.asc').read_bytes()
        )

    def test_nobody_else_can_reach_it(self) -> None:
        path = self.taken.take(self.original())
        mode = os.stat(os.path.dirname(path)).st_mode
        self.assertEqual(0o700, stat.S_IMODE(mode))

    def test_bytes_that_changed_since_are_refused(self) -> None:
        error = self.assertRaises(
            exceptions.Unavailable, self.taken.take, self.original('0' * 64)
        )
        self.assertIn('0' * 64, error.cause)
        self.assertIn(hashlib.sha256(CONTENT).hexdigest(), error.cause)

    def test_a_file_that_went_away_is_unavailable(self) -> None:
        os.remove(self.place / 'a.whl.asc')
        self.assertRaises(
            exceptions.Unavailable, self.taken.take, self.original()
        )

    def test_a_pipe_that_nobody_writes_to_is_not_waited_for(self) -> None:
        os.remove(self.place / 'a.whl.asc')
        os.mkfifo(self.place / 'a.whl.asc')
        error = self.assertRaises(
            exceptions.Unavailable, self.taken.take, self.original()
        )
        self.assertIn('no regular file', error.cause)

    def test_everything_goes_at_the_end(self) -> None:
        with copies.Copies() as taken:
            directory = os.path.dirname(taken.take(self.original()))
            self.assertTrue(os.path.isdir(directory))
        self.assertFalse(os.path.exists(directory))

    def test_without_a_place_for_them_nothing_begins(self) -> None:
        self.useFixture(
            fixtures.MonkeyPatch(
                'tempfile.tempdir', str(self.place / 'nowhere')
            )
        )
        self.assertRaises(exceptions.Unavailable, copies.Copies().__enter__)


class _Entered(fixtures.Fixture):
    def _setUp(self) -> None:
        self.copies = copies.Copies()
        self.copies.__enter__()
        self.addCleanup(self.copies.__exit__, None, None, None)
