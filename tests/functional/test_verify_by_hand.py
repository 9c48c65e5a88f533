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

"""The how-to page: the same answer without this program, as printed."""

from __future__ import annotations

import os
import pathlib
import re
import subprocess

import fixtures
import testtools

from tests.support import archive_site
from tests.support import keys
from tests.support import scene

PAGE = (
    pathlib.Path(__file__).parents[2]
    / 'doc'
    / 'source'
    / 'user'
    / 'verify-by-hand.rst'
)
LIMIT = 60
"""Longest run of all commands, in seconds."""


def commands(section: str) -> list[str]:
    """Return the commands of a section of the page, each on one line."""
    text = PAGE.read_text(encoding='utf-8')
    begin = text.index(f'{section}\n{"=" * len(section)}')
    end = re.search(r'\n\n[^\n]+\n={5,}\n', text[begin:])
    assert end is not None
    return re.findall(r'^   \$ (.+)$', text[begin:][: end.start()], re.M)


class TestByHand(testtools.TestCase):
    """Every command of the page, with what ``verify`` printed."""

    def setUp(self) -> None:
        super().setUp()
        self.useFixture(fixtures.FakeLogger())
        self.scene = self.useFixture(scene.Scene())
        published = self.scene.publish()
        self.assertEqual(0, published.code, published.stderr)
        site = self.useFixture(
            archive_site.ArchiveSite(str(self.scene.archive))
        )
        words = ['verify', self.scene.project, self.scene.version]
        words += ['--releases', str(self.scene.releases_dir)]
        words += ['--archive', site.url, '--read-url', self.scene.index.url]
        result = scene.run(words, {})
        self.assertEqual(0, result.code, result.stdout + result.stderr)
        self.printed = result.stdout
        # A keyring's sockets lie in it.
        self.place = self.useFixture(keys.ShortDirectory()).path
        os.symlink(
            self.scene.releases_dir, os.path.join(self.place, 'releases')
        )

    def value(self, pattern: str) -> str:
        """Return what the output names first in this form."""
        found = re.search(pattern, self.printed)
        assert found is not None, self.printed
        return found[1]

    def run_page(self, **other: str) -> subprocess.CompletedProcess[str]:
        """Run the commands, with the values that were printed."""
        values = {
            'url': self.value(r'(http://\S+\.whl)\n'),
            'key': self.value(r'\.asc by\s+([0-9A-F]{40})'),
            'sha256': self.value(r'sha256\s+([0-9a-f]{64})'),
            **other,
        }
        lines = []
        for command in commands('With gpg and sha256sum alone'):
            name, equals, _ = command.partition('=')
            if equals and name in values:
                command = f'{name}={values.pop(name)}'
            lines.append(command)
        self.assertEqual({}, values, 'the page does not set them')
        return subprocess.run(
            ['bash', '-euo', 'pipefail', '-c', '\n'.join(lines)],
            cwd=self.place,
            env={'PATH': os.environ['PATH'], 'HOME': self.place},
            capture_output=True,
            text=True,
            timeout=LIMIT,
            check=False,
        )

    def test_the_commands_come_to_the_same_answer(self) -> None:
        done = self.run_page()
        self.assertEqual(0, done.returncode, done.stderr)
        valid, digest, *window = done.stdout.splitlines()
        key = self.scene.release.key_fingerprint
        self.assertTrue(valid.startswith('[GNUPG:] VALIDSIG '), valid)
        self.assertTrue(valid.endswith(f' {key}'), valid)
        self.assertEqual(f'{self.scene.wheel}: OK', digest)
        self.assertIn(key.lower(), window[0])
        self.assertIn('start: ', window[1])

    def test_they_fail_where_verify_would(self) -> None:
        with self.subTest('other bytes on the index'):
            done = self.run_page(sha256='a' * 64)
            self.assertNotEqual(0, done.returncode)
            self.assertIn('FAILED', done.stdout)

    def test_they_fail_for_an_altered_file(self) -> None:
        wheel = self.scene.archive / self.scene.release.repo / self.scene.wheel
        wheel.write_bytes(wheel.read_bytes() + b'\0')
        done = self.run_page()
        self.assertNotEqual(0, done.returncode)
        self.assertNotIn('VALIDSIG', done.stdout)
