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

"""Names for files that are not whole yet."""

from __future__ import annotations

import os
import pathlib
import stat

import fixtures
import testtools

from openstack_publish.gates import parts


class PartsTestCase(testtools.TestCase):
    """A test with a directory of its own."""

    def setUp(self) -> None:
        super().setUp()
        self.here = pathlib.Path(self.useFixture(fixtures.TempDir()).path)
        self.target = str(self.here / 'a-1.0.tar.gz')

    def names(self) -> list[str]:
        return sorted(path.name for path in self.here.iterdir())


class TestParts(PartsTestCase):
    def test_a_directory_that_is_not_there_holds_no_part(self) -> None:
        parts.forget(str(self.here / 'none' / 'a'))

    def test_a_directory_in_the_place_of_a_part_is_an_error(self) -> None:
        (self.here / '.a-1.0.tar.gz.0a1b2c3d.part').mkdir()
        self.assertRaises(OSError, parts.forget, self.target)

    def test_what_only_looks_like_a_part_of_it_stays(self) -> None:
        names = [
            '.a-1.0.tar.gz.0A1B2C3D.part',
            '.a-1.0.tar.gz.asc.0a1b2c3d.part',
            '.a-1x0.tar.gz.0a1b2c3d.part',
            'a-1.0.tar.gz',
            'a-1.0.tar.gz.0a1b2c3d.part',
        ]
        for name in names:
            (self.here / name).touch()
        parts.forget(self.target)
        self.assertEqual(names, self.names())

    def test_what_was_left_of_the_file_goes(self) -> None:
        for _ in range(2):
            pathlib.Path(parts.beside(self.target)).touch()
        self.assertEqual(2, len(self.names()))
        parts.forget(self.target)
        self.assertEqual([], self.names())

    def test_a_part_is_hidden_and_lies_beside_the_file(self) -> None:
        part = pathlib.Path(parts.beside(self.target))
        self.assertEqual(self.here, part.parent)
        self.assertEqual('.', part.name[0])


class TestPut(PartsTestCase):
    """A file is written whole or not at all."""

    def test_a_file_is_replaced_unless_it_may_not_be(self) -> None:
        for content in (b'one', b'two'):
            parts.put(self.target, content)
            self.assertEqual(content, pathlib.Path(self.target).read_bytes())
        self.assertRaises(
            FileExistsError, parts.put, self.target, b'three', replace=False
        )
        self.assertEqual(b'two', pathlib.Path(self.target).read_bytes())
        self.assertEqual(['a-1.0.tar.gz'], self.names())

    def test_a_pipe_or_a_device_is_not_replaced(self) -> None:
        """Nor the link that leads to one, as /dev/stdout is."""
        pipe = str(self.here / 'pipe')
        os.mkfifo(pipe)
        link = str(self.here / 'link')
        os.symlink('/dev/null', link)
        for target in (pipe, link):
            with testtools.ExpectedException(FileExistsError):
                parts.put(target, b'new')
        self.assertEqual(['link', 'pipe'], self.names())
        self.assertTrue(stat.S_ISFIFO(os.lstat(pipe).st_mode))
        self.assertEqual('/dev/null', os.readlink(link))

    def test_a_link_to_nothing_is_replaced(self) -> None:
        os.symlink('nowhere', self.target)
        parts.put(self.target, b'new')
        self.assertEqual([os.path.basename(self.target)], self.names())

    def test_a_new_file_is_written_where_none_may_be_replaced(self) -> None:
        parts.put(self.target, b'one', replace=False)
        self.assertEqual(['a-1.0.tar.gz'], self.names())
        self.assertEqual(b'one', pathlib.Path(self.target).read_bytes())

    def test_what_cannot_be_written_leaves_nothing(self) -> None:
        (self.here / 'a-1.0.tar.gz').mkdir()
        for replace in (True, False):
            self.assertRaises(
                OSError, parts.put, self.target, b'one', replace=replace
            )
        self.assertEqual(['a-1.0.tar.gz'], self.names())
