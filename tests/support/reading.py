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

"""Test cases that write distributions and read them."""

from __future__ import annotations

import tarfile
from collections.abc import Mapping

import fixtures
import testtools

from openstack_publish.gates import distfiles
from openstack_publish.model import distribution
from tests.support import artifacts

STEM = 'oslo_demo-1.2.0'
"""What the file names of the demonstration begin with."""


def unseen(done: int, total: int) -> None:
    """Show no progress."""


class ReadingTestCase(testtools.TestCase):
    """Reads files that it writes."""

    filename: str
    limits: distfiles.Limits | None = None

    def setUp(self) -> None:
        super().setUp()
        self.here = self.useFixture(fixtures.TempDir()).path
        self.gate = distfiles.Distributions(self.limits)

    def read(self, path: str) -> distribution.Distribution:
        """Read a file."""
        return self.gate.read(path, unseen)

    def bytes_read(
        self, content: bytes, name: str | None = None
    ) -> distribution.Distribution:
        """Write a file and read it."""
        return self.read(
            artifacts.write(self.here, name or self.filename, content)
        )

    def assert_defects(
        self,
        dist: distribution.Distribution,
        *expected: tuple[distribution.Fault, str],
    ) -> None:
        """Compare faults, and look for a part of each detail."""
        self.assertEqual(
            [fault for fault, _ in expected],
            [defect.fault for defect in dist.defects],
            str([defect.detail for defect in dist.defects]),
        )
        for (_, part), defect in zip(expected, dist.defects, strict=True):
            self.assertIn(part, defect.detail)


class SdistTestCase(ReadingTestCase):
    """Reads sdists."""

    filename = f'{STEM}.tar.gz'

    def sound(self) -> list[tuple[str | tarfile.TarInfo, bytes]]:
        """Return the members of an sdist without defects."""
        members = artifacts.sdist_members('oslo.demo', '1.2.0')
        return [
            (f'{STEM}/{path}', content) for path, content in members.items()
        ]

    def with_members(
        self, *more: tuple[str | tarfile.TarInfo, bytes]
    ) -> distribution.Distribution:
        """Read a sound sdist with more members."""
        return self.bytes_read(artifacts.tar_gz([*self.sound(), *more]))


class WheelTestCase(ReadingTestCase):
    """Reads wheels."""

    filename = f'{STEM}-py3-none-any.whl'

    def sound(self) -> dict[str, bytes]:
        """Return the members of a wheel without defects."""
        return artifacts.wheel_members('oslo.demo', '1.2.0')

    def whole(self) -> bytearray:
        """Return a wheel without defects."""
        return bytearray(artifacts.zip_archive(self.sound().items()))

    def with_record(
        self, record: Mapping[str, str | None] | bytes
    ) -> distribution.Distribution:
        """Read a sound wheel with another RECORD."""
        return self.read(
            artifacts.write_wheel(
                self.here, 'oslo.demo', '1.2.0', record=record
            )
        )
