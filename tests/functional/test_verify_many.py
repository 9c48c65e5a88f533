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

"""``verify --series``: 200 releases, of which five are wrong."""

from __future__ import annotations

import json
import os
import pathlib
import shutil
from typing import Any

import fixtures
import testtools

from openstack_publish.gates.yamlfile import forms
from openstack_publish.rehearsal import server
from tests.support import archive_site
from tests.support import fast_time
from tests.support import keys
from tests.support import out_there
from tests.support import scene

COUNT = 200


class TestSeries(testtools.TestCase):
    """An archive of many releases on loopback, and a stand-in index."""

    def setUp(self) -> None:
        super().setUp()
        self.useFixture(fixtures.FakeLogger())
        self.useFixture(fast_time.FastTime())
        directory = self.useFixture(keys.ShortDirectory()).path
        self.journal = os.path.join(directory, 'done.jsonl')
        self.policy = pathlib.Path(directory, 'policy.yaml')
        self.policy.write_bytes(forms.shipped_content())
        self.made = out_there.make(directory, COUNT, os.environ)
        self.site = self.useFixture(
            archive_site.ArchiveSite(self.made.archive)
        )
        self.index = server.StandInIndex()
        self.index.start()
        self.addCleanup(self.index.stop)
        self.made.fill(self.index)

    def verify(self, *more: str) -> scene.Result:
        words = ['verify', '--series', out_there.SERIES]
        words += ['--policy', str(self.policy)]
        words += ['--releases', self.made.releases_dir]
        words += ['--archive', self.site.url, '--read-url', self.index.url]
        return scene.run([*words, '-f', 'json', *more], {})

    def break_five(self) -> dict[str, tuple[str, set[str]]]:
        """Break five releases; what is to be said of each."""
        flipped, swapped, gone, more, down = self.made.names[7::40]
        wheel = pathlib.Path(self.made.files(flipped)[1])
        content = bytearray(wheel.read_bytes())
        content[len(content) // 2] ^= 1
        wheel.write_bytes(content)
        sdist, wheel_path = self.made.files(swapped)
        kept = f'{sdist}.kept'
        shutil.move(f'{sdist}.asc', kept)
        shutil.move(f'{wheel_path}.asc', f'{sdist}.asc')
        shutil.move(kept, f'{wheel_path}.asc')
        os.unlink(self.made.files(gone)[0])
        stem = os.path.basename(self.made.files(more)[1])
        self.index.store.add_file(
            more,
            out_there.VERSION,
            stem.replace('py3-none-any', 'cp312-cp312-manylinux_2_17_x86_64'),
            b'planted',
        )
        path = os.path.relpath(self.made.files(down)[0], self.made.archive)
        self.site.on(path, archive_site.failing())
        return {
            flipped: ('failed', {'OSP501', 'OSP732', 'OSP110'}),
            swapped: ('failed', {'OSP501'}),
            gone: ('failed', {'OSP730'}),
            more: ('failed', {'OSP703'}),
            down: ('unknown', {'OSP730'}),
        }

    def test_exactly_the_five_that_are_wrong_say_so(self) -> None:
        expected = self.break_five()
        result = self.verify('--continue', self.journal)
        rows: list[dict[str, Any]] = json.loads(result.stdout)
        self.assertEqual(1, result.code, result.stderr)
        self.assertEqual(
            list(self.made.names), [row['project'] for row in rows]
        )
        broken = {
            row['project']: (
                row['verdict'],
                {
                    found['code']
                    for found in row['findings']
                    if found['severity'] == 'error'
                },
            )
            for row in rows
            if row['verdict'] != 'held'
        }
        self.assertEqual(set(expected), set(broken))
        for name, (verdict, codes) in expected.items():
            self.assertEqual(verdict, broken[name][0], name)
            self.assertLessEqual(broken[name][1], codes, name)
            self.assertNotEqual(set(), broken[name][1], name)
        for row in rows:
            if row['verdict'] == 'held':
                self.assertEqual(
                    {'held'}, {link['verdict'] for link in row['links']}
                )
        self.assert_goes_on(result.stdout)

    def assert_goes_on(self, before: str) -> None:
        """A run that was killed goes on where it was, and tells everything."""
        with open(self.journal, 'rb') as opened:
            lines = opened.readlines()
        self.assertEqual(COUNT + 1, len(lines))
        # As a run leaves it that is killed in the middle of a line.
        with open(self.journal, 'wb') as opened:
            opened.write(b''.join(lines[:151]) + lines[151][:40])
        asked = len(self.site.requests)
        result = self.verify('--continue', self.journal)
        self.assertEqual(before, result.stdout)
        self.assertEqual(1, result.code)
        # 50 that were not done, and perhaps the one that was unknown.
        again = len(self.site.requests) - asked
        self.assertLess(again, 52 * 8)
        self.assertGreater(again, 50 * 3)
        self.assert_not_of_another_run()

    def assert_not_of_another_run(self) -> None:
        """What was held against something else is not taken over."""
        other = self.verify('--all', '--continue', self.journal)
        self.assertEqual(2, other.code)
        self.assertEqual([], json.loads(other.stdout))
        self.assertIn('is of another run: everything was false', other.stderr)
        first, rest = (
            pathlib.Path(self.journal).read_text().split('\n', maxsplit=1)
        )
        head = json.loads(first)
        head['run']['version'] = '0.0.1'
        earlier = self.policy.with_name('earlier.jsonl')
        earlier.write_text(f'{json.dumps(head)}\n{rest}')
        other = self.verify('--continue', str(earlier))
        self.assertEqual(2, other.code)
        self.assertIn('run: version was "0.0.1" and is', other.stderr)
        with self.policy.open('a') as opened:
            opened.write('# Somebody has been here.\n')
        other = self.verify('--continue', self.journal)
        self.assertEqual(2, other.code)
        self.assertIn('is of another run: policy_sha256 was', other.stderr)
