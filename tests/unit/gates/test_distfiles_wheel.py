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

"""What is wrong inside wheels, as their reader sees it."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Mapping

from openstack_publish.gates import distfiles
from openstack_publish.model import distribution
from tests.support import artifacts
from tests.support import reading

Fault = distribution.Fault
INFO = f'{reading.STEM}.dist-info'
CODE = 'oslo_demo/__init__.py'


class TestMembers(reading.WheelTestCase):
    """Members that are not safe to unpack."""

    def with_member(
        self, member: str | zipfile.ZipInfo, content: bytes = b'x'
    ) -> distribution.Distribution:
        members = self.sound()
        return self.bytes_read(
            artifacts.zip_archive([*members.items(), (member, content)])
        )

    def test_paths(self) -> None:
        for name, detail in (
            ('/etc/passwd', 'has an absolute path'),
            ('../x', 'has ".." in its path'),
            ('a\\b', 'has a backslash'),
            ('C:/x', 'has a drive letter'),
            ('a\x1bb', 'has a control character'),
        ):
            self.assert_defects(
                self.with_member(name), (Fault.UNSAFE_MEMBER, detail)
            )

    def test_a_name_that_ends_for_other_programs(self) -> None:
        """Python cuts a name at a zero byte, others do not."""
        members = self.sound()
        whole = artifacts.zip_archive(
            [*members.items(), ('aXb.py', b'x')]
        ).replace(b'aXb.py', b'a\0b.py')
        self.assert_defects(
            self.bytes_read(whole),
            (Fault.UNSAFE_MEMBER, 'has a control character'),
        )

    def test_one_name_twice(self) -> None:
        with self.assertWarnsRegex(UserWarning, 'Duplicate name'):
            dist = self.with_member(CODE)
        self.assertEqual(Fault.UNSAFE_MEMBER, dist.defects[0].fault)
        self.assertEqual(f'{CODE} is there twice', dist.defects[0].detail)

    def test_one_name_of_a_letter_twice(self) -> None:
        members = [*self.sound().items(), ('a', b'x')]
        with self.assertWarnsRegex(UserWarning, 'Duplicate name'):
            dist = self.bytes_read(
                artifacts.zip_archive([*members, ('a', b'x')])
            )
        self.assertIn(
            distribution.Defect(Fault.UNSAFE_MEMBER, 'a is there twice'),
            dist.defects,
        )

    def test_names_that_are_one_file_elsewhere(self) -> None:
        """On file systems of macOS and Windows."""
        self.assert_defects(
            self.with_member('Oslo_Demo/__init__.py'),
            (Fault.UNSAFE_MEMBER, f'is one file with {CODE} where case'),
        )

    def test_links(self) -> None:
        info = zipfile.ZipInfo('oslo_demo/link')
        info.external_attr = 0o120777 << 16
        self.assert_defects(
            self.with_member(info, b'/etc/passwd'),
            (Fault.UNSAFE_MEMBER, 'is no file or directory'),
        )

    def test_directories_are_accepted_and_need_no_record(self) -> None:
        self.assertEqual((), self.with_member('oslo_demo/', b'').defects)


class TestStructure(reading.WheelTestCase):
    """The .dist-info directory and WHEEL."""

    def test_no_dist_info(self) -> None:
        self.assert_defects(
            self.bytes_read(artifacts.zip_archive([('a.py', b'')])),
            (Fault.METADATA_MISSING, '0 directories .dist-info instead of'),
        )

    def test_two_dist_infos(self) -> None:
        path = artifacts.write_wheel(
            self.here,
            'oslo.demo',
            '1.2.0',
            extra={'other-1.dist-info/METADATA': b'Name: other\n'},
        )
        dist = self.read(path)
        self.assert_defects(
            dist,
            (
                Fault.METADATA_AMBIGUOUS,
                f'2 directories .dist-info instead of one, {INFO}, other-1',
            ),
        )
        self.assertIsNone(dist.metadata)

    def test_a_dist_info_that_is_not_at_the_top_is_none(self) -> None:
        path = artifacts.write_wheel(
            self.here,
            'oslo.demo',
            '1.2.0',
            extra={'oslo_demo/data/x-1.dist-info/METADATA': b''},
        )
        self.assertEqual((), self.read(path).defects)

    def test_no_metadata(self) -> None:
        path = artifacts.write_wheel(
            self.here, 'oslo.demo', '1.2.0', omit=[f'{INFO}/METADATA']
        )
        self.assert_defects(
            self.read(path),
            (Fault.METADATA_MISSING, f'there is no file {INFO}/METADATA'),
            (Fault.RECORD, f'RECORD lists {INFO}/METADATA, which is not'),
        )

    def test_no_wheel(self) -> None:
        path = artifacts.write_wheel(
            self.here,
            'oslo.demo',
            '1.2.0',
            omit=[f'{INFO}/WHEEL'],
            record={f'{INFO}/WHEEL': None},
        )
        self.assert_defects(
            self.read(path),
            (Fault.WHEEL_STRUCTURE, f'there is no file {INFO}/WHEEL'),
        )

    def test_a_dist_info_that_is_not_called_like_the_file(self) -> None:
        path = artifacts.write_wheel(
            self.here,
            'oslo.demo',
            '1.2.0',
            dist_info='oslo.demo-1.2.0.dist-info',
        )
        self.assert_defects(
            self.read(path),
            (
                Fault.WHEEL_STRUCTURE,
                f'the file is named for {INFO}, and holds '
                'oslo.demo-1.2.0.dist-info',
            ),
        )

    def with_wheel(self, content: bytes) -> distribution.Distribution:
        return self.read(
            artifacts.write_wheel(
                self.here,
                'oslo.demo',
                '1.2.0',
                extra={f'{INFO}/WHEEL': content},
            )
        )

    def test_a_wheel_version_that_installers_do_not_know(self) -> None:
        self.assert_defects(
            self.with_wheel(b'Wheel-Version: 2.0\nTag: py3-none-any\n'),
            (Fault.WHEEL_STRUCTURE, "Wheel-Version '2.0'"),
        )

    def test_tags_that_the_file_is_not_named_for(self) -> None:
        self.assert_defects(
            self.with_wheel(b'Wheel-Version: 1.0\nTag: cp311-none-any\n'),
            (
                Fault.WHEEL_STRUCTURE,
                'the file is named for the tags py3-none-any; WHEEL has '
                'cp311-none-any',
            ),
        )

    def test_no_tags_and_no_text_at_all(self) -> None:
        self.assert_defects(
            self.with_wheel(b'\xff\0\xfe'),
            (Fault.WHEEL_STRUCTURE, "Wheel-Version ''"),
            (Fault.WHEEL_STRUCTURE, 'WHEEL has none'),
        )

    def test_a_name_that_is_none_of_a_wheel(self) -> None:
        dist = self.bytes_read(bytes(self.whole()), 'oslo_demo.whl')
        self.assertEqual(Fault.FILENAME, dist.defects[0].fault)
        self.assertEqual((), dist.wheel_tags)

    def test_metadata_that_is_not_utf_8(self) -> None:
        path = artifacts.write_wheel(
            self.here, 'oslo.demo', '1.2.0', pkg_info=b'Name: \xff\n'
        )
        self.assert_defects(self.read(path), (Fault.METADATA_ENCODING, '0xff'))

    def test_a_malformed_pbr_json(self) -> None:
        path = artifacts.write_wheel(
            self.here,
            'oslo.demo',
            '1.2.0',
            extra={f'{INFO}/pbr.json': b'{'},
        )
        self.assert_defects(
            self.read(path),
            (Fault.PBR_JSON, f'{INFO}/pbr.json is no JSON'),
        )


class TestLimits(reading.WheelTestCase):
    """Bombs: what is too large is not read."""

    limits = distfiles.Limits(
        members=20,
        names=3000,
        unpacked=300_000,
        metadata=5000,
        ratio=50,
        ratio_from=100_000,
    )

    def with_extra(self, extra: Mapping[str, bytes]) -> str:
        return artifacts.write_wheel(
            self.here, 'oslo.demo', '1.2.0', extra=extra
        )

    def assert_too_large(self, extra: Mapping[str, bytes], part: str) -> None:
        dist = self.read(self.with_extra(extra))
        self.assert_defects(dist, (Fault.TOO_LARGE_INSIDE, part))
        self.assertIsNone(dist.metadata)

    def test_more_members_than_the_limit(self) -> None:
        self.assert_too_large(
            {f'{n}': b'' for n in range(20)}, 'the limit is 20'
        )

    def test_a_larger_directory_than_the_limit(self) -> None:
        self.assert_too_large({'x' * 3000: b''}, 'the limit is 3000')

    def test_more_bytes_than_the_limit(self) -> None:
        self.assert_too_large({'x': b'\0' * 300_000}, 'the limit is 300000')

    def test_a_higher_ratio_than_pypi_accepts(self) -> None:
        self.assert_too_large({'x': b'\0' * 150_000}, 'PyPI accepts 50 times')

    def test_a_larger_metadata_file_than_the_limit(self) -> None:
        path = artifacts.write_wheel(
            self.here, 'oslo.demo', '1.2.0', description='x' * 5000
        )
        dist = self.read(path)
        self.assert_defects(
            dist, (Fault.TOO_LARGE_INSIDE, f'{INFO}/METADATA has ')
        )
        self.assertIsNone(dist.metadata)

    def test_a_member_that_unpacks_to_more_than_it_says(self) -> None:
        """Only what the directory claims is unpacked; the CRC tells."""
        whole = bytearray(
            artifacts.zip_archive(
                [('x', b'\0' * 200_000), *self.sound().items()]
            )
        )
        whole[22:26] = struct.pack('<L', 10)
        at = whole.index(b'PK\x01\x02')
        whole[at + 24 : at + 28] = struct.pack('<L', 10)
        dist = self.bytes_read(bytes(whole))
        self.assert_defects(dist, (Fault.UNREADABLE, 'Bad CRC-32'))
