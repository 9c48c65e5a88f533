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

"""What is wrong inside sdists, as their reader sees it."""

from __future__ import annotations

import gzip
import json
import tarfile

from openstack_publish.model import distribution
from tests.support import artifacts
from tests.support import reading

Fault = distribution.Fault
TOP = reading.STEM
INFO = f'{reading.STEM}.dist-info'


def entry(name: str, kind: bytes, target: str = '') -> tarfile.TarInfo:
    """Return the header of a member that is no file."""
    info = tarfile.TarInfo(name)
    info.type = kind
    info.linkname = target
    return info


class TestStructure(reading.SdistTestCase):
    """Which PKG-INFO is the one."""

    def test_no_pkg_info(self) -> None:
        self.assert_defects(
            self.bytes_read(artifacts.tar_gz([(f'{TOP}/setup.py', b'')])),
            (Fault.METADATA_MISSING, f'there is no file {TOP}/PKG-INFO'),
        )

    def test_only_the_one_of_the_egg_info(self) -> None:
        path = artifacts.write_sdist(
            self.here, 'oslo.demo', '1.2.0', omit=['PKG-INFO']
        )
        self.assert_defects(self.read(path), (Fault.METADATA_MISSING, TOP))

    def test_an_archive_without_members(self) -> None:
        self.assert_defects(
            self.bytes_read(gzip.compress(b'\0' * 10240)),
            (Fault.METADATA_MISSING, 'the archive is empty'),
        )

    def test_two_top_level_directories(self) -> None:
        self.assert_defects(
            self.with_members(('other-1.0/PKG-INFO', b'Name: other\n')),
            (
                Fault.METADATA_AMBIGUOUS,
                f'2 names at the top instead of one directory: {TOP}, '
                'other-1.0',
            ),
        )

    def test_a_file_beside_the_top_level_directory(self) -> None:
        self.assert_defects(
            self.with_members(('PKG-INFO', b'Name: other\n')),
            (Fault.METADATA_AMBIGUOUS, f'PKG-INFO, {TOP}'),
        )

    def test_two_pkg_infos_of_one_path(self) -> None:
        dist = self.with_members((f'{TOP}/PKG-INFO', b'Name: other\n'))
        self.assert_defects(
            dist,
            (Fault.UNSAFE_MEMBER, f'{TOP}/PKG-INFO is there twice'),
            (Fault.METADATA_AMBIGUOUS, 'there are two files'),
        )
        self.assertIsNone(dist.metadata)

    def test_a_path_that_begins_with_a_dot(self) -> None:
        dist = self.bytes_read(
            artifacts.tar_gz(
                [
                    (entry('.', tarfile.DIRTYPE), b''),
                    *(
                        (f'./{path}', content)
                        for path, content in self.sound()
                    ),
                ]
            )
        )
        self.assertEqual((), dist.defects)
        self.assertEqual('oslo-demo', dist.project)

    def test_a_pkg_info_that_is_a_link_is_none(self) -> None:
        members = artifacts.sdist_members(
            'oslo.demo', '1.2.0', omit=['PKG-INFO']
        )
        dist = self.bytes_read(
            artifacts.tar_gz(
                [
                    *(
                        (f'{TOP}/{path}', content)
                        for path, content in members.items()
                    ),
                    (
                        entry(
                            f'{TOP}/PKG-INFO',
                            tarfile.SYMTYPE,
                            'oslo.demo.egg-info/PKG-INFO',
                        ),
                        b'',
                    ),
                ]
            )
        )
        self.assert_defects(dist, (Fault.METADATA_MISSING, 'PKG-INFO'))

    def test_gnu_and_pax_headers_are_read(self) -> None:
        long = f'{TOP}/{"d" * 90}/{"e" * 90}/file.py'
        for form in (tarfile.GNU_FORMAT, tarfile.PAX_FORMAT):
            dist = self.bytes_read(
                artifacts.tar_gz([*self.sound(), (long, b'x')], form)
            )
            self.assertEqual((), dist.defects)
            self.assertIn(long, dist.members)


class TestMembers(reading.SdistTestCase):
    """Members that are not safe to unpack."""

    def assert_unsafe(
        self, name: str | tarfile.TarInfo, detail: str, content: bytes = b'x'
    ) -> None:
        self.assert_defects(
            self.with_members((name, content)), (Fault.UNSAFE_MEMBER, detail)
        )

    def test_absolute_paths(self) -> None:
        self.assert_unsafe('/etc/passwd', 'has an absolute path')

    def test_paths_that_lead_up(self) -> None:
        self.assert_unsafe(f'{TOP}/../../x', 'has ".." in its path')
        self.assert_unsafe('..', 'has ".." in its path')

    def test_paths_that_no_system_opens(self) -> None:
        self.assert_unsafe(
            f'{TOP}/{"a/" * 100_000}x',
            'has a path of 200017 characters; the limit is 4096',
        )

    def test_paths_of_other_systems(self) -> None:
        self.assert_unsafe(f'{TOP}\\x', 'has a backslash')
        self.assert_unsafe('C:/x', 'has a drive letter')

    def test_control_characters(self) -> None:
        self.assert_unsafe(f'{TOP}/a\nb', 'has a control character')

    def test_names_that_are_not_utf_8(self) -> None:
        info = tarfile.TarInfo(f'{TOP}/caf\udce9')
        dist = self.bytes_read(
            artifacts.tar_gz([*self.sound(), (info, b'')], tarfile.GNU_FORMAT)
        )
        self.assert_defects(
            dist, (Fault.UNSAFE_MEMBER, f'{TOP}/caf\\udce9 has a name')
        )
        # Everything that is kept can be printed and written as JSON.
        json.dumps(dist.members, ensure_ascii=False).encode('utf-8')

    def test_one_name_twice(self) -> None:
        self.assert_unsafe(f'{TOP}/setup.cfg', 'is there twice')

    def test_names_that_are_one_file_elsewhere(self) -> None:
        """On file systems of macOS and Windows."""
        self.assert_unsafe(
            f'{TOP}/Setup.CFG', f'is one file with {TOP}/setup.cfg where case'
        )
        for one, other in (
            ('caf\u00e9', 'cafe\u0301'),
            ('CAF\u00c9', 'cafe\u0301'),
            ('stra\u00dfe', 'STRASSE'),
        ):
            self.assert_defects(
                self.with_members(
                    (f'{TOP}/{one}', b''), (f'{TOP}/{other}', b'')
                ),
                (Fault.UNSAFE_MEMBER, f'{other} is one file with {TOP}/{one}'),
            )

    def test_names_that_only_look_alike_are_two_files(self) -> None:
        dist = self.with_members(
            (f'{TOP}/a', b''),
            (f'{TOP}/\u0430', b''),
            (f'{TOP}/\uff41', b''),
        )
        self.assertEqual((), dist.defects)

    def test_a_path_through_more_directories_than_the_limit(self) -> None:
        self.assert_unsafe(
            TOP + '/a' * 101, 'lies 101 directories deep; the limit is 100'
        )

    def test_directories_may_be_there_twice(self) -> None:
        directory = entry(f'{TOP}/doc', tarfile.DIRTYPE)
        self.assertEqual(
            (), self.with_members((directory, b''), (directory, b'')).defects
        )

    def test_devices_and_pipes(self) -> None:
        for kind in (tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE):
            self.assert_unsafe(
                entry(f'{TOP}/x', kind), 'is no file, directory or link'
            )

    def test_links_out_of_the_top_level_directory(self) -> None:
        for target in ('/etc', '../..', '../other', 'a/../../../b', ''):
            name = f'{TOP}/link' if target else f'{TOP}/sub/../link'
            self.assert_unsafe(entry(name, tarfile.SYMTYPE, target), f'{TOP}/')
        self.assert_unsafe(
            entry(f'{TOP}/link', tarfile.LNKTYPE, 'other/file'),
            'is a link to other/file, outside the top-level directory',
        )

    def test_links_inside_are_accepted(self) -> None:
        dist = self.with_members(
            (entry(f'{TOP}/doc/readme', tarfile.SYMTYPE, '../setup.cfg'), b''),
            (entry(f'{TOP}/hard', tarfile.LNKTYPE, f'{TOP}/setup.cfg'), b''),
        )
        self.assertEqual((), dist.defects)

    def test_a_member_behind_a_link(self) -> None:
        dist = self.with_members(
            (entry(f'{TOP}/link', tarfile.SYMTYPE, 'oslo_demo'), b''),
            (f'{TOP}/link/__init__.py', b'x'),
        )
        self.assert_defects(
            dist,
            (Fault.UNSAFE_MEMBER, f'unpacked through the link {TOP}/link'),
        )

    def test_a_sparse_file(self) -> None:
        info = entry(f'{TOP}/sparse', tarfile.GNUTYPE_SPARSE)
        tar = bytearray(
            gzip.decompress(
                artifacts.tar_gz(
                    [(info, b''), *self.sound()], tarfile.GNU_FORMAT
                )
            )
        )
        self.assert_defects(
            self.bytes_read(gzip.compress(bytes(tar))),
            (Fault.UNSAFE_MEMBER, 'is a sparse file'),
        )

    def test_a_thousand_defects_of_one_kind_are_ten_and_a_number(
        self,
    ) -> None:
        dist = self.with_members(
            *((f'/x{number}', b'') for number in range(1000))
        )
        self.assertEqual(11, len(dist.defects))
        self.assertEqual('and 990 more of the kind', dist.defects[-1].detail)
