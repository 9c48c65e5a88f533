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

"""What a path of a tree leads to."""

from __future__ import annotations

import subprocess

import testtools

from openstack_publish.model import source
from tests.support import trees


class TestBlobId(testtools.TestCase):
    def test_it_is_the_one_that_git_gives(self) -> None:
        for content in (b'', b'x\n', b'\0\xff' * 1000):
            printed = subprocess.run(
                ['git', 'hash-object', '--stdin'],
                input=content,
                capture_output=True,
                check=True,
            ).stdout
            self.assertEqual(printed.decode().strip(), source.blob_id(content))


class TestFile(testtools.TestCase):
    def setUp(self) -> None:
        super().setUp()
        self.tree = trees.tree(
            {'a/file': b'content', 'top': b'at the top'},
            {
                'a/link': 'file',
                'up': 'a/../top',
                'twice': 'a/link',
                'dangling': 'nothing',
                'absolute': '/etc/passwd',
                'outside': '../top',
                'one': 'other',
                'other': 'one',
                'directory': 'a',
            },
            ('sub',),
        )

    def test_a_file_leads_to_itself(self) -> None:
        self.assertEqual('a/file', self.tree.file('a/file'))

    def test_links_are_followed_from_where_they_lie(self) -> None:
        self.assertEqual('a/file', self.tree.file('a/link'))
        self.assertEqual('top', self.tree.file('up'))
        self.assertEqual('a/file', self.tree.file('twice'))

    def test_nothing_leads_to_no_file(self) -> None:
        for path in (
            *('nothing', 'a', 'dangling', 'absolute', 'outside'),
            *('one', 'directory', 'sub'),
        ):
            self.assertIsNone(self.tree.file(path), path)

    def test_a_path_below_a_submodule_lies_in_it(self) -> None:
        self.assertEqual('sub', self.tree.submodule_of('sub/deep/file'))
        self.assertIsNone(self.tree.submodule_of('a/file'))
        self.assertIsNone(self.tree.submodule_of('top'))
