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

"""The files inside distributions, one by one."""

from __future__ import annotations

import hashlib
import os
import tarfile

from openstack_publish import exceptions
from openstack_publish import seams
from openstack_publish.gates.distfiles import members
from openstack_publish.model import distribution
from openstack_publish.model import source
from tests.support import artifacts
from tests.support import reading

TOP = reading.STEM
INFO = b'Metadata-Version: 2.1\nName: oslo.demo\nVersion: 1.2.0\n'


def nothing(path: str) -> bool:
    return False


class MembersTestCase(reading.SdistTestCase):
    """Lists the members of files that are made for it."""

    def sdist(
        self, *files: tuple[str | tarfile.TarInfo, bytes]
    ) -> distribution.Distribution:
        return self.bytes_read(
            artifacts.tar_gz([(f'{TOP}/PKG-INFO', INFO), *files])
        )

    def listed(
        self,
        dist: distribution.Distribution,
        wanted: seams.Wanted = nothing,
    ) -> dict[str, source.Member]:
        return {one.path: one for one in self.gate.members(dist, wanted)}


class TestSdist(MembersTestCase):
    def test_every_file_below_the_top_with_its_digests(self) -> None:
        large = bytes(range(256)) * 1000
        directory = tarfile.TarInfo(f'{TOP}/demo')
        directory.type = tarfile.DIRTYPE
        found = self.listed(
            self.sdist(
                (directory, b''),
                (f'./{TOP}/demo/a.py', b'a\n'),
                (f'{TOP}/demo/empty', b''),
                (f'{TOP}/demo/large', large),
            )
        )
        self.assertEqual(
            {'PKG-INFO', 'demo/a.py', 'demo/empty', 'demo/large'}, set(found)
        )
        for path, content in (
            ('demo/a.py', b'a\n'),
            ('demo/empty', b''),
            ('demo/large', large),
        ):
            self.assertEqual(
                source.Member(
                    path,
                    size=len(content),
                    blob=source.blob_id(content),
                    sha256=hashlib.sha256(content).hexdigest(),
                ),
                found[path],
            )

    def test_links(self) -> None:
        soft = tarfile.TarInfo(f'{TOP}/soft')
        soft.type, soft.linkname = tarfile.SYMTYPE, 'PKG-INFO'
        hard = tarfile.TarInfo(f'{TOP}/hard')
        hard.type, hard.linkname = tarfile.LNKTYPE, f'{TOP}/PKG-INFO'
        found = self.listed(self.sdist((soft, b''), (hard, b'')))
        self.assertEqual(
            source.Member('soft', 'link', target='PKG-INFO'), found['soft']
        )
        self.assertEqual(
            source.Member('hard', 'hard link', target=f'{TOP}/PKG-INFO'),
            found['hard'],
        )

    def test_an_archive_that_is_not_sound(self) -> None:
        for files in (
            [(f'{TOP}/../a', b'')],
            [(f'{TOP}/a', b'1'), (f'{TOP}/a', b'2')],
            [('another/a', b'')],
        ):
            dist = self.sdist(*files)
            error = self.assertRaises(
                exceptions.Unavailable, self.listed, dist
            )
            self.assertEqual('the archive is not sound', error.cause)

    def test_a_file_that_was_replaced_since_it_was_read(self) -> None:
        dist = self.sdist((f'{TOP}/a', b'good'))
        self.sdist((f'{TOP}/a', b'evil'))
        error = self.assertRaises(exceptions.Unavailable, self.listed, dist)
        self.assertEqual(
            'the file no longer has the bytes that were read before',
            error.cause,
        )

    def test_a_file_that_changes_while_it_is_listed(self) -> None:
        dist = self.sdist((f'{TOP}/a', b'good'))
        listing = self.gate.members(dist, nothing)
        next(listing)
        os.utime(dist.path, (1, 1))
        self.assertRaises(exceptions.Unavailable, list, listing)

    def test_a_file_that_is_gone(self) -> None:
        dist = self.sdist()
        os.remove(dist.path)
        error = self.assertRaises(exceptions.Unavailable, self.listed, dist)
        self.assertIn('No such file', str(error.cause))


class TestWheel(MembersTestCase):
    def test_every_file_as_stored(self) -> None:
        path = artifacts.write_wheel(self.here, 'oslo.demo', '1.2.0')
        dist = self.read(path)
        found = self.listed(dist)
        self.assertEqual(
            {name for name in dist.members if not name.endswith('/')},
            set(found),
        )
        self.assertIn(f'{TOP}.dist-info/METADATA', found)


class TestContents(MembersTestCase):
    def test_only_what_is_wanted_is_kept(self) -> None:
        found = self.listed(
            self.sdist((f'{TOP}/a', b'A'), (f'{TOP}/b', b'B')),
            lambda path: path == 'b',
        )
        self.assertIsNone(found['a'].content)
        self.assertEqual(b'B', found['b'].content)

    def test_a_large_content_is_digested_but_not_kept(self) -> None:
        large = b'x' * (members.CONTENT_SIZE + 1)
        found = self.listed(
            self.sdist((f'{TOP}/most', large[1:]), (f'{TOP}/more', large)),
            lambda path: True,
        )
        self.assertEqual(large[1:], found['most'].content)
        self.assertIsNone(found['more'].content)
        self.assertEqual(source.blob_id(large), found['more'].blob)

    def test_all_contents_together_have_a_limit(self) -> None:
        content = b'x' * members.CONTENT_SIZE
        found = self.listed(
            self.sdist(*((f'{TOP}/{n:02}', content) for n in range(20))),
            lambda path: path != 'PKG-INFO',
        )
        kept = [one for one in found.values() if one.content is not None]
        self.assertEqual(members.CONTENTS, sum(one.size for one in kept))


class TestScripts(MembersTestCase):
    def script(self, content: bytes) -> source.Script | None:
        return self.listed(self.sdist((f'{TOP}/s', content)))['s'].script

    def test_the_first_line_and_the_digest_of_the_rest(self) -> None:
        for rest in (b'', b'one\ntwo\n', b'x' * 200_000):
            self.assertEqual(
                source.Script(
                    '#!/usr/bin/python3 -s', hashlib.sha256(rest).hexdigest()
                ),
                self.script(b'#!/usr/bin/python3 -s\n' + rest),
            )

    def test_what_is_no_script(self) -> None:
        for content in (
            *(b'', b'#', b'#!', b'#!/bin/sh', b'# !/bin/sh\n', b'\n#!x\n'),
            b'#!' + b'x' * 600 + b'\n',
            b'#!' + b'x' * 200_000,
            b'#!/bin/\xff\n',
        ):
            self.assertIsNone(self.script(content), repr(content[:20]))

    def test_a_first_line_that_comes_in_pieces(self) -> None:
        reader = members.ScriptReader()
        for byte in b'#!/bin/sh\nrest':
            reader.update(bytes([byte]))
        self.assertEqual(
            source.Script('#!/bin/sh', hashlib.sha256(b'rest').hexdigest()),
            reader.result(),
        )
