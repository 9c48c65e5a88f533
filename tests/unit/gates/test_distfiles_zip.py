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

"""Wheels that are no whole archive, or can be read in two ways."""

from __future__ import annotations

import io
import struct
import zipfile

from openstack_publish.model import distribution
from tests.support import artifacts
from tests.support import reading

Fault = distribution.Fault
CODE = 'oslo_demo/__init__.py'


class TestBroken(reading.WheelTestCase):
    """Files that are no whole archive."""

    def test_an_empty_file(self) -> None:
        self.assert_defects(
            self.bytes_read(b''), (Fault.UNREADABLE, 'the file is empty')
        )

    def test_no_archive(self) -> None:
        self.assert_defects(
            self.bytes_read(b'<html>404</html>'),
            (Fault.UNREADABLE, 'no zip archive, or is cut off'),
        )

    def test_a_file_that_is_cut_off_anywhere(self) -> None:
        whole = self.whole()
        for length in range(1, len(whole), 7):
            dist = self.bytes_read(bytes(whole[:length]))
            self.assertEqual(
                [Fault.UNREADABLE], [defect.fault for defect in dist.defects]
            )

    def test_another_byte_in_a_member(self) -> None:
        members = self.sound()
        stored = bytearray(
            artifacts.zip_archive(members.items(), zipfile.ZIP_STORED)
        )
        stored[stored.index(artifacts.CODE)] ^= 1
        self.assert_defects(
            self.bytes_read(bytes(stored)),
            (Fault.UNREADABLE, 'Bad CRC-32'),
        )

    def test_damaged_compression(self) -> None:
        whole = self.whole()
        at = 30 + len(CODE)
        whole[at : at + 8] = b'\xff' * 8
        [defect] = self.bytes_read(bytes(whole)).defects
        self.assertEqual(Fault.UNREADABLE, defect.fault)

    def test_encrypted_members(self) -> None:
        whole = self.whole()
        whole[6] |= 1
        at = whole.index(b'PK\x01\x02')
        whole[at + 8] |= 1
        dist = self.bytes_read(bytes(whole))
        self.assertEqual(Fault.UNREADABLE, dist.defects[0].fault)
        self.assertEqual(f'{CODE} is encrypted', dist.defects[0].detail)

    def test_compression_that_installers_lack(self) -> None:
        self.assert_defects(
            self.bytes_read(
                artifacts.zip_archive(self.sound().items(), zipfile.ZIP_LZMA)
            ),
            *[(Fault.UNREADABLE, 'compressed by method 14')] * 4,
            (Fault.METADATA_MISSING, '0 directories .dist-info'),
        )

    def test_compression_that_nobody_knows(self) -> None:
        whole = self.whole()
        whole[8] = 200
        at = whole.index(b'PK\x01\x02')
        whole[at + 10] = 200
        dist = self.bytes_read(bytes(whole))
        self.assertIn('compressed by method 200', dist.defects[0].detail)


class TestFraming(reading.WheelTestCase):
    """Archives that two programs read in two ways."""

    def test_data_after_the_end(self) -> None:
        self.assert_defects(
            self.bytes_read(bytes(self.whole()) + b'trailing'),
            (Fault.UNREADABLE, 'data after the end'),
        )

    def test_data_before_the_beginning(self) -> None:
        """Python reads such an archive: self-extracting ones are made so."""
        self.assert_defects(
            self.bytes_read(b'#!/bin/sh\n' + bytes(self.whole())),
            (Fault.UNREADABLE, 'belongs to no member'),
        )

    def test_two_archives_one_after_the_other(self) -> None:
        other = artifacts.zip_archive([('evil.py', b'x')])
        self.assert_defects(
            self.bytes_read(other + bytes(self.whole())),
            (Fault.UNREADABLE, 'belongs to no member'),
        )

    def test_a_member_that_the_directory_leaves_out(self) -> None:
        """Its bytes are there for whoever streams the archive."""
        raw = io.BytesIO()
        with zipfile.ZipFile(raw, 'w') as archive:
            archive.writestr('hidden.py', b'x')
            for name, content in self.sound().items():
                archive.writestr(name, content)
            del archive.filelist[0]
        dist = self.bytes_read(raw.getvalue())
        self.assertEqual(Fault.UNREADABLE, dist.defects[0].fault)
        self.assertIn(
            'the member before it ends at byte 0', dist.defects[0].detail
        )

    def test_a_name_that_differs_in_its_own_header(self) -> None:
        whole = self.whole()
        whole[30] = ord('x')
        dist = self.bytes_read(bytes(whole))
        self.assertIn(
            f'{CODE} is called xslo_demo/__init__.py in its own header',
            dist.defects[0].detail,
        )

    def test_a_size_that_differs_in_its_own_header(self) -> None:
        whole = self.whole()
        whole[22:26] = struct.pack('<L', 1)
        self.assert_defects(
            self.bytes_read(bytes(whole)),
            (Fault.UNREADABLE, 'in its own header 1 ('),
        )

    def test_a_size_behind_the_data(self) -> None:
        class Pipe(io.BytesIO):
            def seekable(self) -> bool:
                return False

            def seek(self, *where: int) -> int:
                raise OSError

            def tell(self) -> int:
                raise OSError

        raw = Pipe()
        with zipfile.ZipFile(raw, 'w') as archive:
            for name, content in self.sound().items():
                archive.writestr(name, content)
        self.assert_defects(
            self.bytes_read(raw.getvalue()),
            (Fault.UNREADABLE, 'data descriptor'),
        )

    def test_a_comment_on_a_member(self) -> None:
        info = zipfile.ZipInfo(CODE)
        info.comment = b'hello'
        members = self.sound()
        code = members.pop(CODE)
        self.assert_defects(
            self.bytes_read(
                artifacts.zip_archive([(info, code), *members.items()])
            ),
            (Fault.UNREADABLE, 'has a comment in the central directory'),
        )

    def test_a_count_that_is_wrong(self) -> None:
        whole = self.whole()
        whole[-14:-10] = struct.pack('<HH', 2, 2)
        self.assert_defects(
            self.bytes_read(bytes(whole)),
            (Fault.UNREADABLE, 'has 4 members, its end says 2'),
        )

    def test_a_comment_on_the_archive_is_accepted(self) -> None:
        raw = io.BytesIO()
        with zipfile.ZipFile(raw, 'w') as archive:
            for name, content in self.sound().items():
                archive.writestr(name, content)
            archive.comment = b'built by hand'
        self.assertEqual((), self.bytes_read(raw.getvalue()).defects)

    def test_zip64_is_accepted(self) -> None:
        raw = io.BytesIO()
        with zipfile.ZipFile(raw, 'w') as archive:
            for name, content in self.sound().items():
                with archive.open(name, 'w', force_zip64=True) as member:
                    member.write(content)
        self.assertEqual((), self.bytes_read(raw.getvalue()).defects)

    def test_a_zip64_end_record_is_accepted(self) -> None:
        whole = bytes(self.whole())
        end = len(whole) - 22
        count, _, size, offset = struct.unpack('<HHLL', whole[-14:-2])
        record = struct.pack(
            '<4sQHHLLQQQQ',
            b'PK\x06\x06',
            44,
            45,
            45,
            0,
            0,
            count,
            count,
            size,
            offset,
        )
        locator = struct.pack('<4sLQL', b'PK\x06\x07', 0, end, 1)
        self.assertEqual(
            (),
            self.bytes_read(
                whole[:end] + record + locator + whole[end:]
            ).defects,
        )
        for wrong in (end - 1, end + 1, 0, 1 << 62, (1 << 64) - 1):
            locator = struct.pack('<4sLQL', b'PK\x06\x07', 0, wrong, 1)
            dist = self.bytes_read(
                whole[:end] + record + locator + whole[end:]
            )
            self.assertEqual(
                [Fault.UNREADABLE], [defect.fault for defect in dist.defects]
            )
