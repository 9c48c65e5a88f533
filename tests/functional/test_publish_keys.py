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

"""Publishing, and the public keys of the cycles."""

from __future__ import annotations

from tests.functional import base


class TestCycleKeys(base.SceneTest):
    """Everybody's keys are loaded where there is something to verify."""

    def setUp(self) -> None:
        super().setUp()
        fingerprint = self.scene.release.key_fingerprint.lower()
        static = self.scene.releases_dir / 'doc' / 'source' / 'static'
        (static / f'0x{fingerprint}.txt').write_text('no key', 'ascii')

    def test_a_broken_one_is_wrong_configuration_for_who_verifies(
        self,
    ) -> None:
        (self.scene.dist / f'{self.scene.wheel}.asc').write_text('x', 'ascii')
        result = self.scene.publish()
        self.assertEqual(2, result.code, result.stdout + result.stderr)
        self.assertIn(
            'holds no OpenPGP public key', result.finding('OSP714')['message']
        )
        self.assertEqual((), self.scene.index.uploads)

    def test_a_broken_one_is_of_no_concern_where_nothing_is_signed(
        self,
    ) -> None:
        """Which key may sign, the list of the cycles says."""
        self.assertPublished(self.scene.publish())
