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

"""``verify`` of a release on a plain index, which keeps signatures itself."""

from __future__ import annotations

import json
from typing import Any

import fixtures
import testtools

from tests.support import fast_time
from tests.support import plain
from tests.support import scene


class TestPlainIndex(testtools.TestCase):
    """A real pypiserver, to which a release was really published."""

    def setUp(self) -> None:
        super().setUp()
        self.useFixture(fixtures.FakeLogger())
        self.useFixture(fast_time.FastTime())
        self.server = plain.PypiServer('--disable-fallback')
        self.addCleanup(self.server.stop)
        self.server.empty()
        self.stage = self.useFixture(
            plain.PlainStage(self.server.upload_url, self.server.simple_url)
        )
        published = self.stage.publish()
        self.assertEqual(0, published.code, published.stderr)

    def verify(self) -> dict[str, Any]:
        words = ['verify', self.stage.project, self.stage.version]
        words += ['--releases', str(self.stage.releases_dir)]
        words += ['--archive', str(self.stage.archive), '-f', 'json']
        words += ['--read-url', self.server.simple_url]
        words += ['--policy', str(self.stage.policy)]
        result = scene.run(words, {})
        (row,) = json.loads(result.stdout)
        return dict(row)

    def test_signatures_on_the_index_are_verified_too(self) -> None:
        row = self.verify()
        self.assertEqual('held', row['verdict'], json.dumps(row, indent=1))
        with self.subTest('what such an index does not say is left out'):
            self.assertEqual(
                ['order', 'archive', 'signature', 'index', 'commit', 'files'],
                [link['name'] for link in row['links']],
            )
            self.assertEqual(
                {'OSP404', 'OSP734'},
                {
                    found['code']
                    for found in row['findings']
                    if found['verdict'] == 'noted'
                },
            )
        wheel, sdist = self.stage.filenames
        with self.subTest('the index has another signature'):
            packages = self.server.packages
            (packages / f'{wheel}.asc').write_bytes(
                (packages / f'{sdist}.asc').read_bytes()
            )
            row = self.verify()
            self.assertEqual('failed', row['verdict'])
            (found,) = (
                each for each in row['findings'] if each['code'] == 'OSP501'
            )
            self.assertEqual(f'{wheel} on the index', found['subject'])
        with self.subTest('the index has no signature, which it need not'):
            (packages / f'{wheel}.asc').unlink()
            self.assertEqual('held', self.verify()['verdict'])
