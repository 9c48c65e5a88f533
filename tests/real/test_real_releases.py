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

"""Real artifacts from PyPI, ordered by the real deliverable files.

Run by ``tox -e real``: pip downloads the artifacts, and the data of
openstack/releases is found as the other tests find it. What is published
goes to the stand-in index on loopback.
"""

from __future__ import annotations

import datetime
import os
import pathlib
import subprocess
import sys

import fixtures
import testtools

from openstack_publish.rehearsal import server
from tests.support import keys
from tests.support import real_releases
from tests.support import scene


class TestRealReleases(testtools.TestCase):
    def setUp(self) -> None:
        super().setUp()
        self.releases = real_releases.directory()
        self.directory = pathlib.Path(self.useFixture(fixtures.TempDir()).path)
        self.dist = self.directory / 'dist'
        self.dist.mkdir()
        self.index = self.useFixture(_Index()).index
        keyring = self.useFixture(keys.Keyring())
        self.key = keyring.generate()
        self.secret_file = keyring.secret_file(self.key)

    def download(self, name: str, version: str) -> None:
        """Let pip fetch wheel and sdist, as any user would."""
        for only in ('--only-binary', '--no-binary'):
            subprocess.run(
                [
                    *(sys.executable, '-m', 'pip', 'download', '--quiet'),
                    *('--no-deps', '--no-build-isolation'),
                    *(only, ':all:', '--dest', str(self.dist)),
                    f'{name}=={version}',
                ],
                check=True,
                timeout=300,
            )

    def publish(self, project: str, version: str) -> scene.Result:
        self.download(project, version)
        self.index.store.add_project(project, owner=scene.USER)
        self.index.store.add_file(
            project, '0.0.1', f'{project}-0.0.1.tar.gz', b'an older release'
        )
        return scene.run(
            [
                *('publish', str(self.dist), '-f', 'json', '--wait', '0'),
                *('--releases', str(self.releases)),
                *('--repository-url', self.index.upload_url),
                *('--sign-key-file', self.secret_file),
                *('--trusted-key', self.key.primary),
            ],
            {
                'TWINE_PASSWORD': self.index.token(scene.USER),
                'HOME': str(self.directory),
            },
        )

    def published(self, project: str, version: str, repo: str) -> None:
        result = self.publish(project, version)
        self.assertEqual(0, result.code, result.stdout + result.stderr)
        receipt = result.receipt
        self.assertEqual('published', receipt['outcome'])
        self.assertEqual(repo, receipt['release']['repo'])
        names = {item['filename'] for item in receipt['artifacts']}
        self.assertEqual(2, len(names))
        self.assertLessEqual(
            names | {f'{name}.asc' for name in names},
            set(os.listdir(self.dist)),
        )
        self.assertTrue(
            all(item['confirmed'] for item in receipt['artifacts'])
        )

    def test_os_vif(self) -> None:
        self.published('os-vif', '5.2.0', 'openstack/os-vif')

    def test_an_oslo_library(self) -> None:
        self.published('oslo.i18n', '6.9.0', 'openstack/oslo.i18n')

    def test_an_xstatic_package(self) -> None:
        """It has no pbr.json, which the shipped policy allows for its type."""
        self.published(
            'xstatic-angular-bootstrap',
            '2.5.0.1',
            'openstack/xstatic-angular-bootstrap',
        )


class _Index(fixtures.Fixture):
    def _setUp(self) -> None:
        self.index = server.StandInIndex(
            now=lambda: datetime.datetime.now(datetime.UTC)
        ).start()
        self.addCleanup(self.index.stop)
