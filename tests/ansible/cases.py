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

"""What a release job meets, wherever the executor runs it."""

from __future__ import annotations

import os
import pathlib
import shutil

from openstack_publish.rehearsal import release
from tests.ansible import base
from tests.ansible import executor
from tests.support import keys

SHADOW = executor.ROOT / 'playbooks/shadow/pypi.yaml'


class ReleaseJob(base.RoleTest):
    """The five cases; a subclass says where they run."""

    def rebuild(self) -> None:
        """Let the job have built other bytes of the same names."""
        made = release.rebuilt(self.scene.release, os.environ)
        place = pathlib.Path(made.distributions[0]).parent
        self.addCleanup(shutil.rmtree, place)
        self.executor.collect(place)

    def another_key(self) -> dict[str, str]:
        """Return a secret key that nobody trusts, as a job has it."""
        keyring = self.useFixture(keys.Keyring())
        made = keyring.subkeys_file(keyring.generate())
        return {'private': pathlib.Path(made).read_text('ascii')}

    def test_a_first_release_is_published_signed_and_archived(self) -> None:
        originals = self.built()
        done = self.play()
        self.assertPlayed(done)
        self.assertWhole(originals)
        self.assertEqual('published', done.receipt['outcome'])
        self.assertEqual(
            self.scene.release.commit, done.receipt['release']['hash']
        )
        self.assertEqual(
            {
                'mode': 'publish',
                'exit_code': 0,
                'outcome': 'published',
                'project': self.scene.project,
                'version': self.scene.version,
            },
            done.returned['openstack_publish'],
        )
        (artifact,) = done.artifacts
        self.assertTrue((done.log_root / artifact['url']).is_file())

    def test_a_rerun_with_rebuilt_files_completes_the_first_build(
        self,
    ) -> None:
        originals = self.built()
        flags = self.scene.index.store.set_flags
        hooks = self.scene.index.faults.after_upload
        hooks.append(lambda request: flags(read_only=True))
        done = self.play()
        self.assertFailed(
            done, 'ended with 4: this run uploaded something', 'OSP'
        )
        self.assertEqual([self.scene.wheel], self.scene.listed())
        self.assertEqual('incomplete', done.receipt['outcome'])
        self.assertIn('error (failed)', done.warnings)
        hooks.clear()
        flags(read_only=False)
        self.rebuild()
        done = self.play()
        self.assertPlayed(done)
        self.assertWhole(originals)
        self.assertEqual('published', done.receipt['outcome'])

    def test_a_key_that_nobody_trusts_publishes_nothing(self) -> None:
        done = self.play(gpg_key=self.another_key())
        self.assertFailed(
            done, 'ended with 1: refused, and this run uploaded nothing'
        )
        self.assertSentNothing()
        self.assertEqual('refused', done.receipt['outcome'])
        self.assertIn('OSP5', done.warnings)

    def test_a_dry_run_sends_nothing_and_writes_nothing(self) -> None:
        done = self.play(openstack_publish_mode='dry-run')
        self.assertPlayed(done)
        self.assertSentNothing()
        self.assertEqual('dry-run', done.receipt['outcome'])
        self.assertEqual(
            sorted(self.scene.filenames),
            sorted(path.name for path in self.executor.artifacts.iterdir()),
        )

    def test_in_shadow_it_tells_and_twine_uploads(self) -> None:
        done = self.play(SHADOW, gpg_key=self.another_key())
        self.assertPlayed(done)
        self.assertEqual(sorted(self.scene.filenames), self.scene.listed())
        self.assertEqual([], self.scene.archived())
        self.assertIn('would refuse this release: OSP5', done.warnings)
        self.assertEqual('refused', done.receipt['outcome'])
        for sent in self.scene.index.uploads:
            self.assertNotIn('openstack-publish', sent.user_agent)
