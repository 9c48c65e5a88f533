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

"""Distributions as large as they may be, read in a process of its own."""

from __future__ import annotations

import dataclasses
import gzip
import json
import os
import subprocess
import sys
import tarfile
import textwrap
from typing import ClassVar

import fixtures
import testtools

from openstack_publish.gates import distfiles
from openstack_publish.gates.distfiles import inspection
from tests.support import artifacts

LIMITS = distfiles.Limits()
STEM = 'oslo_demo-1.2.0'

SECONDS = 60.0
"""Processor time that one file may take; here most take 4, the worst 13."""

MEMORY = 256 * inspection.MIB
"""Bytes that one file may take beside the interpreter; a wheel with all
members that it may have takes 150 MiB, most of them zipfile's."""

SCRIPT = """
    import json, resource, sys, time
    from openstack_publish.gates import distfiles
    def peak():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    before = peak()
    dist = distfiles.Distributions().read(sys.argv[1], lambda done, of: None)
    print(json.dumps({
        'seconds': time.process_time(),
        'memory': peak() - before,
        'members': len(dist.members),
        'faults': [defect.fault.value for defect in dist.defects],
    }))
"""


@dataclasses.dataclass(frozen=True)
class Reading:
    """What reading one file took, and what came of it."""

    seconds: float
    memory: int
    members: int
    faults: list[str]


class LimitsTest(testtools.TestCase):
    many: ClassVar[int] = LIMITS.members - 20

    def setUp(self) -> None:
        super().setUp()
        self.here = self.useFixture(fixtures.TempDir()).path

    def read(self, path: str) -> Reading:
        done = subprocess.run(
            [sys.executable, '-c', textwrap.dedent(SCRIPT), path],
            capture_output=True,
            check=True,
            text=True,
            timeout=10 * SECONDS,
        )
        reading = Reading(**json.loads(done.stdout))
        self.assertLess(reading.seconds, SECONDS)
        self.assertLess(reading.memory, MEMORY)
        return reading

    def test_an_sdist_of_a_hundred_thousand_members(self) -> None:
        """Each a hundred directories deep, with a link to look out for."""
        link = tarfile.TarInfo(f'{STEM}/link')
        link.type = tarfile.SYMTYPE
        link.linkname = 'PKG-INFO'
        members: list[tuple[str | tarfile.TarInfo, bytes]] = [
            (f'{STEM}/{path}', content)
            for path, content in artifacts.sdist_members(
                'oslo.demo', '1.2.0'
            ).items()
        ]
        members.append((link, b''))
        deep = '/'.join('a' * 95)
        members += [
            (f'{STEM}/{deep}/{number}', b'x') for number in range(self.many)
        ]
        reading = self.read(
            artifacts.write(
                self.here, f'{STEM}.tar.gz', artifacts.tar_gz(members)
            )
        )
        self.assertEqual(len(members), reading.members)
        self.assertEqual([], reading.faults)

    def test_a_wheel_of_a_hundred_thousand_members(self) -> None:
        reading = self.read(
            artifacts.write_wheel(
                self.here,
                'oslo.demo',
                '1.2.0',
                extra={
                    f'oslo_demo/d{number % 100}/{number}.py': b'x'
                    for number in range(self.many)
                },
            )
        )
        self.assertGreater(reading.members, self.many)
        self.assertEqual([], reading.faults)

    def test_a_bomb_is_left_at_the_limit(self) -> None:
        """A gibibyte in a megabyte: it is unpacked up to the limit."""
        info = tarfile.TarInfo(f'{STEM}/zeros')
        info.size = 2 * LIMITS.unpacked
        path = os.path.join(self.here, f'{STEM}.tar.gz')
        zeros = gzip.compress(bytes(64 * inspection.MIB))
        with open(path, 'wb') as file:
            file.write(gzip.compress(info.tobuf()))
            for _ in range(2 * LIMITS.unpacked // (64 * inspection.MIB)):
                file.write(zeros)
        self.assertLess(os.path.getsize(path), 4 * inspection.MIB)
        self.assertEqual(['OSP206'], self.read(path).faults)
