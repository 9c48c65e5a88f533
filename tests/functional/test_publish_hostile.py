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

"""Files that change, and files that hardly belong, under a whole run."""

from __future__ import annotations

import os
import pathlib
import shutil
from collections.abc import Callable

from tests.functional import base
from tests.support import artifacts
from tests.support import moments

OTHER = b'other bytes'


class HostileTest(base.SceneTest):
    def at_step(
        self, number: int, act: Callable[[], object]
    ) -> moments.AtStep:
        """Do something in the moment in which a step begins."""
        return moments.AtStep(number, act)

    def sound_again(self) -> None:
        """Put the distributions back, without what a run has made."""
        shutil.rmtree(self.scene.dist)
        self.scene.dist.mkdir()
        for path in self.scene.release.distributions:
            shutil.copy2(path, self.scene.dist)

    def assertNothingOut(self) -> None:
        self.assertEqual((), self.scene.index.uploads)
        self.assertEqual([], self.scene.archived())


class TestChanging(HostileTest):
    """What was judged in the beginning is what is posted in the end."""

    def of_the_same_size(self, name: str) -> Callable[[], None]:
        """Return what replaces a file by another of its size and time."""
        path = self.scene.dist / name

        def replace() -> None:
            status = path.stat()
            part = path.with_name('new')
            part.write_bytes(path.read_bytes()[::-1])
            os.utime(part, ns=(status.st_atime_ns, status.st_mtime_ns))
            os.replace(part, path)

        return replace

    def test_a_file_that_is_replaced_in_any_step_is_not_posted(self) -> None:
        for step in range(3, 13):
            self.sound_again()
            replace = self.of_the_same_size(self.scene.wheel)
            with self.at_step(step, replace):
                result = self.scene.publish()
            self.assertIn(result.code, (1, 3), result.stdout)
            self.assertNotEqual(set(), result.codes & {'OSP212', 'OSP709'})
            self.assertNothingOut()

    def test_a_file_that_is_replaced_while_the_first_goes_out(self) -> None:
        replace = self.of_the_same_size(self.scene.sdist)
        hooks = self.scene.index.faults.after_upload
        hooks.append(lambda request: replace())
        result = self.scene.publish()
        hooks.clear()
        self.assertEqual(4, result.code, result.stdout)
        self.assertEqual('incomplete', result.receipt['outcome'])
        self.assertEqual(
            {'OSP212', 'OSP712'}, result.codes & {'OSP212', 'OSP712'}
        )
        self.assertEqual([self.scene.wheel], self.scene.listed())
        self.assertIn(
            next(
                item['sha256']
                for item in result.receipt['artifacts']
                if item['filename'] == self.scene.sdist
            ),
            result.finding('OSP212')['message'],
        )
        for path in self.scene.release.distributions:
            shutil.copy2(path, self.scene.dist)
        self.assertPublished(self.scene.publish())
        self.assertEqual(2, self.scene.index.store.stored)

    def test_a_directory_that_grows_adds_nothing_to_a_run(self) -> None:
        other = f'{self.scene.stem}-{self.scene.version}-py2-none-any.whl'
        path = self.scene.dist / other
        with self.at_step(2, lambda: path.write_bytes(OTHER)):
            self.assertPublished(self.scene.publish())
        self.assertEqual(
            [], [name for name in self.scene.archived() if other in name]
        )


class TestPlaces(HostileTest):
    """What lies in the directory need not be a file."""

    def linked(self, name: str) -> pathlib.Path:
        """Put a link in the place of a distribution."""
        real = self.scene.directory / 'built'
        os.replace(self.scene.dist / name, real)
        (self.scene.dist / name).symlink_to(real)
        return real

    def test_a_distribution_behind_a_link_is_published(self) -> None:
        self.linked(self.scene.wheel)
        self.assertPublished(self.scene.publish())
        for name in self.scene.filenames:
            path = self.scene.archive / self.scene.release.repo / name
            self.assertFalse(path.is_symlink(), path)
            self.assertTrue((self.scene.dist / f'{name}.asc').is_file())

    def test_a_link_that_leads_elsewhere_later_is_not_followed(self) -> None:
        self.linked(self.scene.wheel)
        other = self.scene.directory / 'other'
        other.write_bytes(OTHER)
        path = self.scene.dist / self.scene.wheel

        def lead_elsewhere() -> None:
            path.unlink()
            path.symlink_to(other)

        with self.at_step(10, lead_elsewhere):
            result = self.scene.publish()
        self.assertIn(result.code, (1, 3), result.stdout)
        self.assertNothingOut()

    def test_pipes_and_devices_are_wrong_usage_and_not_waited_for(
        self,
    ) -> None:
        path = self.scene.dist / 'x-1.0.tar.gz'
        for device in (None, '/dev/zero', '/dev/tty'):
            if device is None:
                os.mkfifo(path)
            else:
                path.symlink_to(device)
            result = self.scene.publish()
            self.assertEqual(2, result.code, result.stdout)
            self.assertIn(
                f'{path} is no regular file',
                result.finding('OSP714')['message'],
            )
            path.unlink()
        self.assertNothingOut()

    def test_a_directory_called_like_a_wheel_is_wrong_usage(self) -> None:
        path = self.scene.dist / 'x-1.0-py3-none-any.whl'
        path.mkdir()
        result = self.scene.publish()
        self.assertEqual(2, result.code, result.stdout)
        self.assertIn(str(path), result.finding('OSP714')['message'])
        self.assertNothingOut()

    def test_the_signature_of_another_file_refuses(self) -> None:
        """A good one, by a trusted key, over the wheel, beside the sdist."""
        self.assertPublished(self.scene.publish())
        signature = self.scene.dist / f'{self.scene.wheel}.asc'
        beside = self.scene.dist / f'{self.scene.sdist}.asc'
        shutil.copy2(signature, beside)
        result = self.scene.publish('--dry-run')
        self.assertEqual(1, result.code, result.stdout)
        self.assertEqual({'OSP501'}, result.codes)
        self.assertEqual(self.scene.sdist, result.finding('OSP501')['subject'])
        self.assertEqual(2, self.scene.index.store.stored)


class TestContents(HostileTest):
    """What hardly belongs there is told, and refuses nothing."""

    def test_each_is_a_warning_with_its_path(self) -> None:
        key = b'-----BEGIN PRIVATE ' + b'KEY-----\n' + b'A1b2C3d4' * 8
        project, version = self.scene.project, self.scene.version
        commit = self.scene.release.commit
        expected = {
            'OSP214': 'sneaky.pth',
            'OSP215': 'requests',
            'OSP216': f'{self.scene.stem}/tests/a.key',
            'OSP217': f'{self.scene.stem}/__pycache__/a.cpython-311.pyc',
        }
        extra = {
            expected['OSP214']: b'import requests\n',
            'requests/__init__.py': b'',
            expected['OSP216']: key,
            expected['OSP217']: b'\0',
        }
        artifacts.write_wheel(
            str(self.scene.dist),
            project,
            version,
            git_version=commit[:10],
            extra=extra,
        )
        artifacts.write_sdist(
            str(self.scene.dist), project, version, git_version=commit[:10]
        )
        result = self.scene.publish()
        self.assertPublished(result)
        for code, part in expected.items():
            found = result.finding(code)
            self.assertEqual('warning', found['severity'])
            self.assertEqual(self.scene.wheel, found['subject'])
            self.assertIn(part, found['message'])
        self.assertNotIn('A1b2C3d4A1b2', result.stdout + result.stderr)
