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

"""Defects of core metadata and pbr.json."""

from __future__ import annotations

from openstack_publish.model import distribution
from tests.support import artifacts
from tests.support import reading

Fault = distribution.Fault
INFO = f'{reading.STEM}.dist-info'


class TestMetadata(reading.SdistTestCase):
    """Defects of PKG-INFO and pbr.json."""

    def with_pkg_info(self, pkg_info: bytes) -> distribution.Distribution:
        return self.read(
            artifacts.write_sdist(
                self.here, 'oslo.demo', '1.2.0', pkg_info=pkg_info
            )
        )

    def with_headers(
        self, metadata: artifacts.Headers
    ) -> distribution.Distribution:
        return self.with_pkg_info(
            artifacts.core_metadata('oslo.demo', '1.2.0', metadata)
        )

    def test_not_utf_8(self) -> None:
        dist = self.with_pkg_info(
            b'Metadata-Version: 2.1\nName: x\nVersion: 1\nAuthor: Jos\xe9\n'
        )
        self.assert_defects(dist, (Fault.METADATA_ENCODING, '(0xe9)'))
        self.assertIsNone(dist.metadata)

    def test_empty(self) -> None:
        dist = self.with_pkg_info(b'')
        self.assertEqual(
            {Fault.METADATA_INVALID}, {defect.fault for defect in dist.defects}
        )
        self.assertIsNone(dist.metadata)

    def test_no_metadata_at_all(self) -> None:
        dist = self.with_pkg_info(b'\0\x01\x02' * 1000)
        self.assertEqual(
            {Fault.METADATA_INVALID}, {defect.fault for defect in dist.defects}
        )

    def test_a_field_that_may_be_there_once_is_there_twice(self) -> None:
        dist = self.with_headers({'Name': ['oslo.demo', 'other']})
        self.assertIn(
            'name: an unknown field, or one that stands there twice',
            dist.defects[0].detail,
        )

    def test_fields_are_named_with_what_is_wrong(self) -> None:
        for field, value, detail in (
            ('Version', 'one', "'one' is invalid for 'version'"),
            ('Name', '-x-', "'-x-' is invalid for 'name'"),
            ('Metadata-Version', '9.9', "'9.9' is not a valid metadata"),
            ('Requires-Dist', 'a b c', 'requires-dist'),
            ('Requires-Python', 'three', 'requires-python'),
            ('License-Expression', 'Nonsense', 'license-expression'),
            ('Description-Content-Type', 'text/html', 'must be one of'),
            ('Favourite-Colour', 'blue', 'favourite-colour'),
        ):
            dist = self.with_headers({field: value})
            self.assert_defects(dist, (Fault.METADATA_INVALID, detail))

    def test_numbers_and_nesting_beyond_what_python_reads(self) -> None:
        for field, value in (
            ('Version', '9' * 5000),
            ('Metadata-Version', '9' * 5000),
            ('Requires-Dist', f'a; {"(" * 5000}os_name == "x"{")" * 5000}'),
        ):
            dist = self.with_headers({field: value})
            self.assertEqual(
                {Fault.METADATA_INVALID},
                {defect.fault for defect in dist.defects},
            )
            self.assertIsNone(dist.metadata)

    def test_more_fields_than_the_limit(self) -> None:
        """Looking each of a million fields up among all takes hours."""
        dist = self.with_headers({f'X-{n}': '1' for n in range(2000)})
        self.assert_defects(
            dist, (Fault.TOO_LARGE_INSIDE, 'fields; the limit is 2000')
        )
        self.assertIsNone(dist.metadata)

    def test_the_fields_are_counted_as_parsers_read_them(self) -> None:
        for end in ('\r', '\r\n', ' \n \n', '\x0c\n', '\u2028\n'):
            dist = self.with_pkg_info(
                f'X-A: 1{end}'.encode() + b'X-B: 1\n' * 2000
            )
            self.assert_defects(
                dist, (Fault.TOO_LARGE_INSIDE, 'has 2001 fields')
            )

    def test_a_long_description_in_a_field_is_one_field(self) -> None:
        dist = self.with_pkg_info(
            artifacts.core_metadata(
                'oslo.demo',
                '1.2.0',
                {'Description': 'x\n' + '        x\n' * 3000 + '        x'},
                description=None,
            )
        )
        self.assertEqual((), dist.defects)
        assert dist.metadata is not None
        assert dist.metadata.description is not None
        self.assertEqual(3002, len(dist.metadata.description.splitlines()))

    def test_a_field_that_is_newer_than_the_metadata_version(self) -> None:
        self.assert_defects(
            self.with_headers(
                {'Metadata-Version': '2.1', 'License-Expression': 'MIT'}
            ),
            (Fault.METADATA_INVALID, 'introduced in metadata version 2.4'),
        )

    def test_the_license_file_of_older_setuptools_is_none(self) -> None:
        dist = self.with_headers(
            {
                'Metadata-Version': '2.1',
                'License-Expression': None,
                'License-File': 'LICENSE',
            }
        )
        self.assertEqual((), dist.defects)

    def test_a_newer_metadata_version_is_kept_as_written(self) -> None:
        dist = self.with_headers({'Metadata-Version': '2.5'})
        self.assertEqual((), dist.defects)
        assert dist.metadata is not None
        self.assertEqual('2.5', dist.metadata.metadata_version)
        self.assertEqual('Apache-2.0', dist.metadata.license_expression)

    def with_pbr_json(self, content: bytes) -> distribution.Distribution:
        return self.read(
            artifacts.write_sdist(
                self.here,
                'oslo.demo',
                '1.2.0',
                extra={'oslo.demo.egg-info/pbr.json': content},
            )
        )

    def test_a_malformed_pbr_json_says_why(self) -> None:
        for content, detail in (
            (b'', 'is no JSON'),
            (b'{"git_version": "abc', 'is no JSON'),
            (b'\xff', 'is no JSON'),
            (b'[' * 100_000, 'is no JSON'),
            (b'["abc1234"]', 'is no JSON object'),
            (b'{"is_release": true}', 'git_version'),
            (b'{"git_version": 1234567, "is_release": true}', 'git_version'),
            (b'{"git_version": "", "is_release": true}', 'git_version'),
            (b'{"git_version": "abc1234"}', 'is_release'),
            (
                b'{"git_version": "abc1234", "is_release": "yes"}',
                'is_release',
            ),
        ):
            dist = self.with_pbr_json(content)
            self.assert_defects(dist, (Fault.PBR_JSON, detail))
            self.assertIsNone(dist.build_commit)

    def test_the_pbr_json_of_test_data_is_not_ours(self) -> None:
        path = artifacts.write_sdist(
            self.here,
            'oslo.demo',
            '1.2.0',
            git_version='abc1234',
            extra={
                'tests/other.egg-info/pbr.json': artifacts.pbr_json('ffffff1')
            },
        )
        dist = self.read(path)
        self.assertEqual((), dist.defects)
        self.assertEqual(
            distribution.BuildCommit('abc1234', True), dist.build_commit
        )

    def test_the_egg_info_may_lie_below_src(self) -> None:
        path = artifacts.write_sdist(
            self.here,
            'oslo.demo',
            '1.2.0',
            extra={
                'src/oslo_demo.egg-info/pbr.json': artifacts.pbr_json('abc12')
            },
        )
        self.assertEqual(
            distribution.BuildCommit('abc12', True),
            self.read(path).build_commit,
        )

    def test_two_of_our_own_are_no_commit(self) -> None:
        path = artifacts.write_sdist(
            self.here,
            'oslo.demo',
            '1.2.0',
            git_version='abc1234',
            extra={
                'src/oslo_demo.egg-info/pbr.json': artifacts.pbr_json(
                    'abc1234'
                )
            },
        )
        dist = self.read(path)
        self.assert_defects(dist, (Fault.PBR_JSON, 'there are 2: '))
        self.assertIsNone(dist.build_commit)
