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

"""What the functional tests have in common."""

from __future__ import annotations

import testtools

from tests.support import fast_time
from tests.support import scene


class SceneTest(testtools.TestCase):
    """A test on a fresh stage, whose project is known to the index."""

    known = True

    def setUp(self) -> None:
        super().setUp()
        self.useFixture(fast_time.FastTime())
        self.scene = self.useFixture(scene.Scene(self.known))

    def tearDown(self) -> None:
        super().tearDown()
        self.assertEqual((), self.scene.index.errors)

    def assertSentNothing(self) -> None:
        """No POST was made, nothing was archived, nothing was written."""
        self.assertEqual((), self.scene.index.uploads)
        self.assertEqual([], self.scene.archived())
        self.assertEqual(
            sorted(self.scene.filenames),
            sorted(path.name for path in self.scene.dist.iterdir()),
        )

    def assertRefused(self, result: scene.Result, *codes: str) -> None:
        """Exit 1, exactly these findings refuse, and nothing was sent."""
        self.assertEqual(1, result.code, result.stdout + result.stderr)
        self.assertEqual('refused', result.receipt['outcome'])
        self.assertEqual(set(codes), result.codes, result.stdout)
        self.assertSentNothing()

    def assertUnknown(self, result: scene.Result, *codes: str) -> None:
        """Exit 3, exactly these findings refuse, and nothing was sent."""
        self.assertEqual(3, result.code, result.stdout + result.stderr)
        self.assertEqual('unavailable', result.receipt['outcome'])
        self.assertEqual(set(codes), result.codes, result.stdout)
        self.assertSentNothing()

    def assertPublished(self, result: scene.Result) -> None:
        """Exit 0, and the index holds exactly our files."""
        self.assertEqual(0, result.code, result.stdout + result.stderr)
        self.assertEqual('published', result.receipt['outcome'])
        self.assertEqual(sorted(self.scene.filenames), self.scene.listed())
