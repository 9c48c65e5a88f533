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

"""What twine alone does where ``publish`` refuses: the comparison holds.

doc/source/user/compared.rst says these things of twine 7. twine is a program
of its own here; it takes the stand-in for PyPI where it asks whether the
index is PyPI, since ``--skip-existing`` is refused elsewhere.
"""

from __future__ import annotations

import dataclasses
import os
import subprocess
import sys

from tests.functional import base

LIMIT = 120
"""Longest run of twine, in seconds."""

TWINE = """\
import sys
from twine import __main__, repository

repository.WAREHOUSE, repository.LEGACY_PYPI = sys.argv[1:3]
del sys.argv[1:3]
sys.exit(__main__.main())
"""


@dataclasses.dataclass(frozen=True)
class Ran:
    """How twine ended."""

    code: int
    output: str


class BesideTwineTest(base.SceneTest):
    """The same files, to the same index, by both."""

    def twine(self, *more: str) -> Ran:
        """Upload what is in the directory, as the release job does."""
        names = sorted(
            path
            for path in self.scene.dist.iterdir()
            if not path.name.startswith(self.scene.project + '-1.0.0.rec')
        )
        local = self.scene.index.url.replace('127.0.0.1', 'localhost')
        done = subprocess.run(
            [
                *(sys.executable, '-c', TWINE),
                *(f'{self.scene.index.url}/', f'{local}/'),
                *('upload', '--non-interactive', '--disable-progress-bar'),
                *('--repository-url', self.scene.upload_url, *more),
                *map(str, names),
            ],
            env={
                'HOME': str(self.scene.directory),
                'PATH': os.environ['PATH'],
                'TERM': 'dumb',
                'COLUMNS': '500',
                'NO_PROXY': '127.0.0.1,localhost',
                'TWINE_USERNAME': '__token__',
                'TWINE_PASSWORD': self.scene.token,
            },
            capture_output=True,
            text=True,
            timeout=LIMIT,
            check=False,
        )
        return Ran(done.returncode, done.stdout + done.stderr)

    def stored(self, filename: str) -> bytes:
        """Return what the index has under a name."""
        release = self.scene.index.store.release(
            self.scene.project, self.scene.version
        )
        return release.files[filename].content.read_bytes()

    def plant(self, filename: str, content: bytes) -> None:
        """Put a file under our version, whoever does it."""
        self.scene.index.store.add_file(
            self.scene.project, self.scene.version, filename, content
        )


class TestTwineAlone(BesideTwineTest):
    """Where twine ends with 0."""

    def test_a_planted_file_of_our_name_passes_as_ours(self) -> None:
        self.plant(self.scene.wheel, b'planted')
        ran = self.twine('--skip-existing')
        self.assertEqual(0, ran.code, ran.output)
        self.assertIn('Skipping', ran.output)
        self.assertEqual(b'planted', self.stored(self.scene.wheel))
        result = self.scene.publish()
        self.assertEqual((1, {'OSP302'}), (result.code, result.codes))

    def test_a_file_beside_ours_is_not_looked_for(self) -> None:
        planted = self.scene.wheel.replace(
            'py3-none-any', 'cp312-cp312-manylinux_2_17_x86_64'
        )
        self.plant(planted, b'planted')
        ran = self.twine()
        self.assertEqual(0, ran.code, ran.output)
        self.assertEqual(3, len(self.scene.listed()))
        result = self.scene.publish()
        self.assertEqual((1, {'OSP303'}), (result.code, result.codes))

    def test_whoever_else_has_a_role_is_not_asked(self) -> None:
        self.scene.index.store.add_role(self.scene.project, 'mallory', 'Owner')
        result = self.scene.publish()
        self.assertRefused(result, 'OSP401')
        ran = self.twine()
        self.assertEqual(0, ran.code, ran.output)

    def test_no_order_is_needed(self) -> None:
        order = self.scene.releases_dir / self.scene.release.deliverable_path
        order.unlink()
        self.assertIn('OSP102', self.scene.publish().codes)
        ran = self.twine()
        self.assertEqual(0, ran.code, ran.output)

    def test_a_quarantined_project_shows_nothing_afterwards(self) -> None:
        self.scene.index.store.set_status(self.scene.project, 'quarantined')
        result = self.scene.publish()
        self.assertEqual(1, result.code)
        self.assertIn('OSP306', result.codes)
        self.assertSentNothing()
        ran = self.twine()
        self.assertEqual(0, ran.code, ran.output)

    def test_signatures_are_sent_unread_and_are_gone(self) -> None:
        for name in self.scene.filenames:
            (self.scene.dist / f'{name}.asc').write_text('no signature at all')
        ran = self.twine()
        self.assertEqual(0, ran.code, ran.output)
        self.assertIn('silently ignore', ran.output)
        self.assertEqual(sorted(self.scene.filenames), self.scene.listed())
        result = self.scene.publish()
        self.assertIn('OSP503', result.codes)

    def test_the_token_goes_with_its_question_too(self) -> None:
        self.twine('--skip-existing')
        asked = [
            one for one in self.scene.index.requests if one.route == 'json'
        ]
        self.assertEqual([True], [one.authorized for one in asked])
        self.scene.index.forget_requests()
        self.assertEqual(0, self.scene.publish().code)
        self.assertEqual(
            [],
            [
                one.path
                for one in self.scene.index.requests
                if one.authorized and one.route != 'upload'
            ],
        )


class TestHalf(BesideTwineTest):
    """Where twine ends with 1."""

    def test_it_leaves_half_a_release_for_a_cause_that_was_there_before(
        self,
    ) -> None:
        """Today's PyPI refuses the old form of an sdist's name."""
        sdist = self.scene.dist / self.scene.sdist
        sdist.rename(
            self.scene.dist
            / self.scene.sdist.replace(self.scene.stem, self.scene.project)
        )
        result = self.scene.publish()
        self.assertEqual(1, result.code, result.stdout)
        self.assertEqual((), self.scene.index.uploads)
        ran = self.twine()
        self.assertEqual(1, ran.code, ran.output)
        self.assertEqual([self.scene.wheel], self.scene.listed())
