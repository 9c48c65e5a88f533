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

"""Sdists that are no whole archive, or larger than a limit."""

from __future__ import annotations

import gzip
import os
import struct
import tarfile
import zlib

from openstack_publish.gates import distfiles
from openstack_publish.model import distribution
from tests.support import artifacts
from tests.support import reading

Fault = distribution.Fault
TOP = reading.STEM


class TestBroken(reading.SdistTestCase):
    """Files that are no whole archive."""

    def test_an_empty_file(self) -> None:
        dist = self.bytes_read(b'')
        self.assert_defects(dist, (Fault.UNREADABLE, 'the file is empty'))
        self.assertIsNone(dist.metadata)

    def test_no_archive(self) -> None:
        self.assert_defects(
            self.bytes_read(b'<html>404</html>'),
            (Fault.UNREADABLE, 'Not a gzipped file'),
        )

    def test_a_gzip_that_holds_no_tar(self) -> None:
        self.assert_defects(
            self.bytes_read(gzip.compress(b'hello' * 1000)),
            (Fault.UNREADABLE, 'not a whole gzipped tar archive'),
        )

    def test_a_gzip_that_holds_nothing(self) -> None:
        self.assert_defects(
            self.bytes_read(gzip.compress(b'')),
            (Fault.UNREADABLE, 'empty file'),
        )

    def test_a_file_that_is_cut_off_anywhere(self) -> None:
        whole = artifacts.tar_gz(self.sound())
        for length in range(1, len(whole), 7):
            dist = self.bytes_read(whole[:length])
            self.assertEqual(
                [Fault.UNREADABLE], [defect.fault for defect in dist.defects]
            )

    def test_a_tar_that_is_cut_off_at_a_member(self) -> None:
        """tarfile by itself takes this for the end of the archive."""
        tar = gzip.decompress(artifacts.tar_gz(self.sound()))
        self.assert_defects(
            self.bytes_read(gzip.compress(tar[:2048])),
            (Fault.UNREADABLE, 'no end-of-archive mark'),
        )

    def test_a_damaged_header_in_the_middle(self) -> None:
        """tarfile by itself passes over what comes after it."""
        tar = bytearray(gzip.decompress(artifacts.tar_gz(self.sound())))
        second = tar.index(f'{TOP}/setup.cfg'.encode())
        tar[second + 148 : second + 156] = b'0000000\0'
        self.assert_defects(
            self.bytes_read(gzip.compress(bytes(tar))),
            (Fault.UNREADABLE, 'no end-of-archive mark'),
        )

    def test_a_wrong_checksum(self) -> None:
        whole = bytearray(artifacts.tar_gz(self.sound()))
        whole[-8] ^= 1
        self.assert_defects(
            self.bytes_read(bytes(whole)),
            (Fault.UNREADABLE, 'CRC check failed'),
        )

    def test_damaged_compression(self) -> None:
        compressor = zlib.compressobj(wbits=31)
        start = compressor.compress(os.urandom(70000)) + compressor.flush(
            zlib.Z_FULL_FLUSH
        )
        self.assert_defects(
            self.bytes_read(start + b'\xff' * 100), (Fault.UNREADABLE, '')
        )

    def test_data_after_the_gzip(self) -> None:
        self.assert_defects(
            self.bytes_read(artifacts.tar_gz(self.sound()) + b'trailing'),
            (Fault.UNREADABLE, 'Not a gzipped file'),
        )

    def test_a_second_archive_after_the_first(self) -> None:
        whole = artifacts.tar_gz(self.sound())
        self.assert_defects(
            self.bytes_read(whole + whole),
            (Fault.UNREADABLE, 'data after the end-of-archive mark'),
        )

    def test_a_header_that_points_backwards(self) -> None:
        tar = bytearray(gzip.decompress(artifacts.tar_gz(self.sound())))
        # A size below zero in GNU's base-256 form, and its checksum.
        tar[124:136] = b'\xff' * 10 + b'\xf0\x00'
        tar[148:156] = b' ' * 8
        tar[148:156] = f'{sum(tar[:512]):06o}\0 '.encode()
        dist = self.bytes_read(gzip.compress(bytes(tar)))
        self.assertEqual(
            {Fault.UNREADABLE}, {defect.fault for defect in dist.defects}
        )

    def test_another_extension(self) -> None:
        path = artifacts.write(
            self.here, f'{TOP}.tgz', artifacts.tar_gz(self.sound())
        )
        self.assert_defects(
            self.read(path),
            (Fault.FILENAME, 'neither in .whl nor in .tar.gz'),
        )

    def test_a_name_that_says_neither_project_nor_version(self) -> None:
        self.assert_defects(
            self.bytes_read(artifacts.tar_gz(self.sound()), 'demo.tar.gz'),
            (Fault.FILENAME, 'Invalid sdist filename'),
        )


class TestLimits(reading.SdistTestCase):
    """Bombs: what is too large is not read."""

    limits = distfiles.Limits(
        members=50, names=2000, unpacked=200_000, metadata=5000, header=70_000
    )

    def test_more_members_than_the_limit(self) -> None:
        self.assert_defects(
            self.with_members(*((f'{TOP}/{n}', b'') for n in range(50))),
            (Fault.TOO_LARGE_INSIDE, 'more than 50 members'),
        )

    def test_longer_names_than_the_limit(self) -> None:
        self.assert_defects(
            self.with_members((f'{TOP}/{"x" * 2000}', b'')),
            (Fault.TOO_LARGE_INSIDE, 'more than 2000 characters'),
        )

    def test_more_bytes_than_the_limit(self) -> None:
        self.assert_defects(
            self.with_members((f'{TOP}/x', b'\0' * 200_000)),
            (Fault.TOO_LARGE_INSIDE, 'more than 200000 bytes'),
        )

    def test_more_bytes_after_the_end_than_the_limit(self) -> None:
        tar = gzip.decompress(artifacts.tar_gz(self.sound()))
        self.assert_defects(
            self.bytes_read(gzip.compress(tar + b'\0' * 200_000)),
            (Fault.TOO_LARGE_INSIDE, 'more than 200000 bytes'),
        )

    def test_a_larger_metadata_file_than_the_limit(self) -> None:
        dist = self.read(
            artifacts.write_sdist(
                self.here, 'oslo.demo', '1.2.0', description='x' * 5000
            )
        )
        self.assertEqual(Fault.TOO_LARGE_INSIDE, dist.defects[0].fault)
        self.assertIn('the limit is 5000', dist.defects[0].detail)
        self.assertIsNone(dist.metadata)

    def test_a_header_that_claims_more_than_the_limit(self) -> None:
        """tarfile by itself would make room for all that it claims."""
        tar = bytearray(
            gzip.decompress(
                artifacts.tar_gz(
                    [(f'{TOP}/{"x" * 300}', b''), *self.sound()],
                    tarfile.GNU_FORMAT,
                )
            )
        )
        tar[124:136] = b'\x80' + struct.pack('>Q', 1 << 40).rjust(11, b'\0')
        tar[148:156] = b' ' * 8
        tar[148:156] = f'{sum(tar[:512]):06o}\0 '.encode()
        self.assert_defects(
            self.bytes_read(gzip.compress(bytes(tar))),
            (Fault.TOO_LARGE_INSIDE, 'one header claims 1099511627776 bytes'),
        )
