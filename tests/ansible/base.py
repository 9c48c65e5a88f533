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

"""What the tests of the roles have in common."""

from __future__ import annotations

import base64
import functools
import pathlib
import re
import subprocess
from typing import Any

import testtools

from tests.ansible import executor
from tests.support import scene

PUBLISH = executor.HERE / 'playbooks/publish.yaml'


class RoleTest(testtools.TestCase):
    """A test on a fresh work root and a fresh index."""

    walled = False
    """Whether ansible-playbook runs under bubblewrap."""

    installed: tuple[pathlib.Path, ...] = ()
    """Where there is other people's code, which speaks of secrets, too."""

    def setUp(self) -> None:
        super().setUp()
        self.scene = self.useFixture(scene.Scene())
        self.executor = self.useFixture(
            executor.ReleaseExecutor(self.scene, walled=self.walled)
        )

    def tearDown(self) -> None:
        super().tearDown()
        self.assertEqual((), self.scene.index.errors)

    @functools.cached_property
    def secrets(self) -> list[bytes]:
        """What may be nowhere: token and key, whole and in pieces."""
        token = self.scene.token.encode()
        armored = pathlib.Path(self.scene.release.secret_key_file).read_bytes()
        _, _, body = armored.partition(b'\n\n')
        return [
            token,
            token[5:45],
            base64.b64encode(token)[:40],
            # A narrowed token begins like the one that it was made of.
            b'pypi-Ag',
            b'BEGIN PGP PRIVATE KEY',
            *body.splitlines()[:3],
        ]

    def play(
        self, playbook: pathlib.Path = PUBLISH, **variables: Any
    ) -> executor.Played:
        """Run a playbook, and look for secrets that it left."""
        known: dict[str, Any] = {
            'openstack_publish_archive': str(self.scene.archive)
        }
        done = self.executor.play(playbook, **{**known, **variables})
        self.assertKeptSecret('the output', done.output.encode())
        for path in (*self.executor.files(), *self.archived()):
            if not any(path.is_relative_to(place) for place in self.installed):
                self.assertKeptSecret(str(path), path.read_bytes())
        self.assertEqual([], list(self.executor.temporary.iterdir()))
        return done

    def archived(self) -> list[pathlib.Path]:
        """Return every file in the archive."""
        return [self.scene.archive / name for name in self.scene.archived()]

    def assertKeptSecret(self, where: str, content: bytes) -> None:
        """No secret is in something that was left."""
        for secret in self.secrets:
            if secret in content:
                self.fail(f'{where} holds a secret')

    def assertPlayed(self, done: executor.Played) -> None:
        """The playbook succeeded."""
        self.assertEqual(0, done.code, done.output)

    def assertFailed(self, done: executor.Played, *words: str) -> None:
        """The playbook failed, and its last words say why."""
        self.assertEqual(2, done.code, done.output)
        said = re.sub(r'\s+', ' ', done.output)
        for word in words:
            self.assertIn(word, said)

    def assertSentNothing(self) -> None:
        """No POST was made, and the archive is empty."""
        self.assertEqual((), self.scene.index.uploads)
        self.assertEqual([], self.scene.archived())

    def assertWhole(self, originals: dict[str, bytes]) -> None:
        """Index and archive have these bytes, and signatures over them."""
        self.assertEqual(sorted(originals), self.scene.listed())
        release = self.scene.index.store.release(
            self.scene.project, self.scene.version
        )
        place = self.scene.archive / self.scene.release.repo
        for name, content in originals.items():
            self.assertEqual(content, release.files[name].content.read_bytes())
            self.assertEqual(content, (place / name).read_bytes())
        self.assertSigned(place, originals)

    def assertSigned(
        self, place: pathlib.Path, names: dict[str, bytes]
    ) -> None:
        """The release's key has signed each file in a directory."""
        home = self.executor.directory / 'gpg'
        home.mkdir(mode=0o700, exist_ok=True)
        gpg = ['gpg', '--homedir', str(home), '--batch', '--no-autostart']
        subprocess.run(
            [*gpg, '--import', self.scene.release.public_key_file],
            check=True,
            capture_output=True,
        )
        for name in names:
            subprocess.run(
                [*gpg, '--verify', place / f'{name}.asc', place / name],
                check=True,
                capture_output=True,
            )

    def built(self) -> dict[str, bytes]:
        """Return what the job has built first."""
        return {
            path.name: path.read_bytes() for path in self.scene.dist.iterdir()
        }
