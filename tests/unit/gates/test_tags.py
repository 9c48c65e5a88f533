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

"""Tags, read from real git repositories."""

from __future__ import annotations

import datetime

import fixtures
import testtools

from openstack_publish import exceptions
from openstack_publish.gates import processes
from openstack_publish.gates import tags
from tests.support import gitrepo


class TestTags(testtools.TestCase):
    """A project's repository with one commit."""

    def setUp(self) -> None:
        super().setUp()
        self.repo = self.useFixture(gitrepo.GitRepository())
        self.repo.write('file', 'content')
        self.commit = self.repo.commit()
        self.tags = tags.Tags(str(self.repo.root), self.repo.programs)

    def test_a_tag_object_has_tagger_date_and_commit(self) -> None:
        self.repo.git('tag', '--annotate', '--message', 'x', '1.0.0')
        found = self.tags.read('1.0.0')
        assert found is not None
        self.assertEqual(self.commit, found.commit)
        self.assertEqual(
            self.repo.git('rev-parse', 'refs/tags/1.0.0'), found.object_id
        )
        self.assertNotEqual(found.commit, found.object_id)
        self.assertEqual('A Tester <tester@example.org>', found.tagger)
        assert found.tagged is not None
        self.assertEqual(
            self.repo.git(
                'for-each-ref', '--format=%(taggerdate:unix)', 'refs/tags'
            ),
            str(int(found.tagged.timestamp())),
        )
        self.assertEqual(datetime.UTC, found.tagged.tzinfo)

    def test_a_lightweight_tag_has_neither_tagger_nor_date(self) -> None:
        self.repo.git('tag', '1.0.0')
        found = self.tags.read('1.0.0')
        assert found is not None
        self.assertEqual(
            (self.commit, self.commit, None, None),
            (found.commit, found.object_id, found.tagger, found.tagged),
        )

    def test_a_tag_that_is_not_there_is_none(self) -> None:
        self.repo.git('branch', '1.0.0')
        self.assertIsNone(self.tags.read('1.0.0'))

    def test_a_tag_of_a_file_has_no_commit(self) -> None:
        self.repo.git('tag', '-a', '-m', 'x', '1.0.0', 'HEAD:file')
        found = self.tags.read('1.0.0')
        assert found is not None
        self.assertIsNone(found.commit)

    def test_a_tag_of_a_tag_peels_to_the_commit(self) -> None:
        self.repo.git('tag', '-a', '-m', 'x', 'inner')
        self.repo.git('tag', '-a', '-m', 'x', '1.0.0', 'inner')
        found = self.tags.read('1.0.0')
        assert found is not None
        self.assertEqual(self.commit, found.commit)

    def test_words_of_the_message_are_no_tagger(self) -> None:
        self.repo.git(
            'tag', '-a', '-m', 'tagger Mallory <m@x> 1 +0000', '1.0.0'
        )
        found = self.tags.read('1.0.0')
        assert found is not None
        self.assertEqual('A Tester <tester@example.org>', found.tagger)

    def test_a_git_directory_without_a_work_tree_will_do(self) -> None:
        self.repo.git('tag', '-a', '-m', 'x', '1.0.0')
        bare = self.useFixture(fixtures.TempDir()).path
        self.repo.git('clone', '--quiet', '--bare', '.', bare)
        for place in (bare, str(self.repo.root / '.git')):
            found = tags.Tags(place, self.repo.programs).read('1.0.0')
            assert found is not None
            self.assertEqual(self.commit, found.commit)

    def test_what_is_no_repository_is_wrong_usage(self) -> None:
        place = self.useFixture(fixtures.TempDir()).path
        for path in (place, f'{place}/nowhere'):
            error = self.assertRaises(
                exceptions.Misconfigured,
                tags.Tags,
                path,
                self.repo.programs,
            )
            self.assertEqual('--git-dir', error.where)

    def test_without_git_nothing_is_known(self) -> None:
        nowhere = processes.Processes({'PATH': '/nonexistent'})
        gate = tags.Tags(str(self.repo.root), nowhere)
        self.assertRaises(exceptions.Unavailable, gate.read, '1.0.0')
