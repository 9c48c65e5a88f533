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

"""What is read of sound distributions, and of what cannot be read."""

from __future__ import annotations

import hashlib
import os

import fixtures
import testtools

from openstack_publish import exceptions
from openstack_publish.gates import distfiles
from openstack_publish.model import distribution
from tests.support import artifacts
from tests.support import reading


class TestRead(testtools.TestCase):
    """What is read of a sound file, and of one that cannot be read."""

    def setUp(self) -> None:
        super().setUp()
        self.here = self.useFixture(fixtures.TempDir()).path
        self.gate = distfiles.Distributions()

    def test_a_file_that_is_not_there_is_unavailable(self) -> None:
        path = os.path.join(self.here, 'a-1.tar.gz')
        error = self.assertRaises(
            exceptions.Unavailable, self.gate.read, path, reading.unseen
        )
        self.assertEqual('No such file or directory', error.cause)

    def test_a_file_that_changes_meanwhile_is_unavailable(self) -> None:
        path = artifacts.write_sdist(self.here, 'oslo.demo', '1.2.0')

        def grow(done: int, total: int) -> None:
            if done == total:
                with open(path, 'ab') as file:
                    file.write(b'more')

        error = self.assertRaises(
            exceptions.Unavailable, self.gate.read, path, grow
        )
        self.assertIn('the file changed meanwhile', error.cause)

    def test_a_file_that_is_replaced_by_one_of_its_size_is_unavailable(
        self,
    ) -> None:
        path = artifacts.write_sdist(self.here, 'oslo.demo', '1.2.0')
        size = os.stat(path).st_size

        def replace(done: int, total: int) -> None:
            if done == total:
                with open(path, 'r+b') as file:
                    file.write(b'x' * size)

        self.assertRaises(
            exceptions.Unavailable, self.gate.read, path, replace
        )

    def test_an_sdist_is_read(self) -> None:
        path = artifacts.write_sdist(
            self.here, 'oslo.demo', '1.2.0', git_version='abc1234'
        )
        seen: list[tuple[int, int]] = []
        dist = self.gate.read(
            path, lambda done, total: seen.append((done, total))
        )
        with open(path, 'rb') as file:
            content = file.read()
        self.assertEqual((), dist.defects)
        self.assertEqual(path, dist.path)
        self.assertEqual('oslo_demo-1.2.0.tar.gz', dist.filename)
        self.assertEqual('sdist', dist.kind)
        self.assertEqual(len(content), dist.size)
        self.assertEqual(hashlib.sha256(content).hexdigest(), dist.sha256)
        self.assertEqual(
            hashlib.blake2b(content, digest_size=32).hexdigest(),
            dist.blake2b_256,
        )
        self.assertEqual('oslo-demo', dist.project)
        self.assertEqual(
            distribution.BuildCommit('abc1234', True), dist.build_commit
        )
        self.assertEqual((), dist.wheel_tags)
        self.assertIn('oslo_demo-1.2.0/PKG-INFO', dist.members)
        self.assertEqual(
            [(0, len(content)), (len(content), len(content))], seen
        )

    def test_a_wheel_is_read(self) -> None:
        path = artifacts.write_wheel(
            self.here,
            'oslo.demo',
            '1.2.0',
            git_version='abc1234',
            is_release=False,
            tag='py2.py3-none-any',
            record=None,
            extra={
                'oslo_demo-1.2.0.dist-info/WHEEL': (
                    b'Wheel-Version: 1.0\n'
                    b'Tag: py2-none-any\nTag: py3-none-any\n'
                )
            },
        )
        dist = self.gate.read(path, reading.unseen)
        self.assertEqual((), dist.defects)
        self.assertEqual('bdist_wheel', dist.kind)
        self.assertEqual(('py2-none-any', 'py3-none-any'), dist.wheel_tags)
        self.assertEqual(
            distribution.BuildCommit('abc1234', False), dist.build_commit
        )
        self.assertIn('oslo_demo/__init__.py', dist.members)

    def test_the_metadata_is_what_pkginfo_reads(self) -> None:
        path = artifacts.write_sdist(
            self.here,
            'oslo.demo',
            '1.2.0',
            metadata={
                'License-File': ['LICENSE', 'AUTHORS'],
                'Project-URL': ['Source, https://opendev.org/openstack'],
                'Home-page': 'https://docs.openstack.org',
            },
        )
        metadata = self.gate.read(path, reading.unseen).metadata
        self.assertEqual(
            distribution.Metadata(
                metadata_version='2.4',
                name='oslo.demo',
                version='1.2.0',
                summary='A demonstration',
                description=artifacts.DESCRIPTION,
                description_content_type='text/x-rst; charset=UTF-8',
                classifiers=(
                    'Environment :: OpenStack',
                    'Programming Language :: Python :: 3',
                ),
                requires_dist=('pbr>=6.1.1',),
                requires_python='>=3.11',
                license_expression='Apache-2.0',
                license_files=('LICENSE', 'AUTHORS'),
                home_page='https://docs.openstack.org',
                project_urls=('Source, https://opendev.org/openstack',),
                author_email=(
                    'OpenStack <openstack-discuss@lists.openstack.org>'
                ),
            ),
            metadata,
        )

    def test_without_pbr_json_the_commit_is_none(self) -> None:
        for path in (
            artifacts.write_sdist(self.here, 'XStatic-Demo', '1.2.0.1'),
            artifacts.write_wheel(self.here, 'XStatic-Demo', '1.2.0.1'),
        ):
            dist = self.gate.read(path, reading.unseen)
            self.assertEqual((), dist.defects)
            self.assertIsNone(dist.build_commit)


class TestUnchanged(testtools.TestCase):
    """Does a file still have the bytes that were read?"""

    def setUp(self) -> None:
        super().setUp()
        self.here = self.useFixture(fixtures.TempDir()).path
        self.gate = distfiles.Distributions()
        self.path = artifacts.write_sdist(self.here, 'oslo.demo', '1.2.0')
        self.dist = self.gate.read(self.path, reading.unseen)

    def test_it_does(self) -> None:
        os.utime(self.path, (1, 1))
        self.assertTrue(self.gate.unchanged(self.dist))

    def test_one_byte_is_another(self) -> None:
        with open(self.path, 'r+b') as file:
            file.seek(-1, os.SEEK_END)
            file.write(b'\x01')
        self.assertFalse(self.gate.unchanged(self.dist))

    def test_it_has_grown(self) -> None:
        with open(self.path, 'ab') as file:
            file.write(b'\0')
        self.assertFalse(self.gate.unchanged(self.dist))

    def test_it_is_gone(self) -> None:
        os.unlink(self.path)
        self.assertRaises(
            exceptions.Unavailable, self.gate.unchanged, self.dist
        )
