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

"""The release job is enqueued again and has built other bytes."""

from __future__ import annotations

import os
import shutil

from openstack_publish.rehearsal import release
from tests.functional import base
from tests.support import tampering


class TestRebuilt(base.SceneTest):
    def setUp(self) -> None:
        super().setUp()
        made = release.rebuilt(self.scene.release, os.environ)
        self.addCleanup(shutil.rmtree, os.path.dirname(made.distributions[0]))
        self.rebuilt = made.distributions

    def rebuild(self) -> None:
        """Put other bytes of the same names in place of the first ones."""
        shutil.rmtree(self.scene.dist)
        self.scene.dist.mkdir()
        for path in self.rebuilt:
            shutil.copy2(path, self.scene.dist)

    def half_published(self) -> None:
        """Publish the wheel, and not the sdist."""
        flags = self.scene.index.store.set_flags
        hooks = self.scene.index.faults.after_upload
        hooks.append(lambda request: flags(read_only=True))
        self.assertEqual(4, self.scene.publish().code)
        hooks.clear()
        flags(read_only=False)
        self.scene.index.forget_requests()

    def test_by_default_a_rebuild_is_refused(self) -> None:
        self.half_published()
        self.rebuild()
        result = self.scene.publish()
        self.assertEqual(1, result.code, result.stdout)
        self.assertLessEqual({'OSP302', 'OSP320'}, result.codes)
        self.assertEqual((), self.scene.index.uploads)

    def test_nothing_is_confirmed_that_the_archive_has_otherwise(self) -> None:
        self.assertPublished(self.scene.publish())
        place = self.scene.archive / self.scene.release.repo
        with open(place / self.scene.sdist, 'ab') as opened:
            opened.write(b'more')
        result = self.scene.publish('--confirm-only')
        self.assertEqual(1, result.code, result.stdout)
        self.assertIn('OSP320', result.codes)
        self.assertEqual('refused', result.receipt['outcome'])
        self.assertEqual(
            [True, True],
            [each['confirmed'] for each in result.receipt['artifacts']],
        )

    def test_adopt_publishes_the_signed_originals(self) -> None:
        self.half_published()
        originals = {
            path.name: path.read_bytes()
            for path in (
                self.scene.archive / self.scene.release.repo
            ).iterdir()
        }
        self.rebuild()
        result = self.scene.publish('--on-existing', 'adopt')
        self.assertPublished(result)
        self.assertEqual(
            [self.scene.sdist],
            [sent.filename for sent in self.scene.index.uploads],
        )
        self.assertEqual(
            originals,
            {
                path.name: path.read_bytes()
                for path in (
                    self.scene.archive / self.scene.release.repo
                ).iterdir()
            },
        )
        notes = [
            found['subject']
            for found in result.receipt['findings']
            if found['code'] == 'OSP323'
        ]
        self.assertEqual(sorted(self.scene.filenames), sorted(notes))

    def test_adopt_without_originals_refuses(self) -> None:
        self.half_published()
        shutil.rmtree(self.scene.archive / 'openstack')
        self.rebuild()
        result = self.scene.publish('--on-existing', 'adopt')
        self.assertEqual(1, result.code, result.stdout)
        self.assertIn('OSP325', result.codes)
        self.assertEqual((), self.scene.index.uploads)

    def test_adopt_of_an_original_with_another_signature_refuses(self) -> None:
        self.half_published()
        place = self.scene.archive / self.scene.release.repo
        shutil.copy(
            place / f'{self.scene.sdist}.asc',
            place / f'{self.scene.wheel}.asc',
        )
        self.rebuild()
        result = self.scene.publish('--on-existing', 'adopt')
        self.assertEqual(1, result.code, result.stdout)
        self.assertIn('OSP501', result.codes)
        self.assertEqual((), self.scene.index.uploads)

    def test_adopted_originals_are_held_against_the_source_too(self) -> None:
        for path in self.scene.dist.iterdir():
            if path.name == self.scene.wheel:
                tampering.wheel(path, **{'evil.pth': b'import os\n'})
        self.half_published()
        self.rebuild()
        result = self.scene.publish(
            '--on-existing',
            'adopt',
            '--source-tree',
            self.scene.release.source_tree,
        )
        self.assertEqual(1, result.code, result.stdout)
        self.assertIn('OSP117', result.codes)
        self.assertEqual((), self.scene.index.uploads)

    def test_adopt_changes_nothing_where_nothing_was_begun(self) -> None:
        result = self.scene.publish('--on-existing', 'adopt')
        self.assertPublished(result)
        self.assertNotIn(
            'OSP323', [found['code'] for found in result.receipt['findings']]
        )
