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

"""Documents that are kept in a directory."""

from __future__ import annotations

import json
import os
import pathlib
import stat
import threading
import zlib

import fixtures
import testtools

from openstack_publish import seams
from openstack_publish.gates import cache

URL, ACCEPT = 'https://h.example/pypi/a/json', 'application/json'
ANSWER = seams.CachedAnswer('"1"', b'{"a": 1}', ACCEPT)


class CacheTestCase(testtools.TestCase):
    def setUp(self) -> None:
        super().setUp()
        self.root = pathlib.Path(self.useFixture(fixtures.TempDir()).path)
        self.place = self.root / 'deep' / 'cache'
        self.cache = cache.DirectoryCache(str(self.place))

    def file(self) -> pathlib.Path:
        (found,) = self.place.iterdir()
        return found

    def put(self) -> pathlib.Path:
        self.cache.put(URL, ACCEPT, ANSWER)
        return self.file()

    def get(self) -> seams.CachedAnswer | None:
        return self.cache.get(URL, ACCEPT)


class TestWhatCountsAsNothing(CacheTestCase):
    def test_what_was_never_kept(self) -> None:
        self.assertIsNone(self.get())
        self.assertFalse(self.place.exists())

    def test_another_place_or_form(self) -> None:
        self.put()
        self.assertIsNone(self.cache.get(URL + '?', ACCEPT))
        self.assertIsNone(self.cache.get(URL, 'text/html'))

    def test_a_file_that_is_not_as_it_was_written(self) -> None:
        path = self.put()
        whole = path.read_bytes()
        head, _, packed = whole.partition(b'\n')
        said = json.loads(head)

        def with_head(**changed: object) -> bytes:
            return json.dumps({**said, **changed}).encode() + b'\n' + packed

        for content in (
            b'',
            b'\n',
            head,
            b'[1]\n' + packed,
            b'{}\n' + packed,
            b'[' * 10_000 + b'\n' + packed,
            whole[:-1],
            whole + b'x',
            head + b'\n' + zlib.compress(b'{"a": 2}'),
            head + b'\nno zlib',
            with_head(url='https://h.example/pypi/b/json'),
            with_head(accept='text/html'),
            with_head(form='openstack-publish/cache/0'),
            with_head(etag='"1"\r\nX: y'),
            with_head(etag=None),
            with_head(media_type=None),
            with_head(sha256=None),
            b'x' * (cache.MAX_HEAD + 1) + whole,
        ):
            path.write_bytes(content)
            self.assertIsNone(self.get(), repr(content[:80]))
        path.write_bytes(whole)
        self.assertEqual(ANSWER, self.get())

    def test_a_document_that_unpacks_to_too_much(self) -> None:
        path = self.put()
        head = path.read_bytes().partition(b'\n')[0]
        bomb = zlib.compress(bytes(cache.MAX_DOCUMENT + 1))
        path.write_bytes(head + b'\n' + bomb)
        self.assertIsNone(self.get())

    def test_a_file_that_is_too_large(self) -> None:
        path = self.put()
        with path.open('ab') as opened:
            opened.truncate(cache.MAX_FILE + 1)
        self.assertIsNone(self.get())

    def test_a_file_that_others_may_write(self) -> None:
        path = self.put()
        for mode in (0o620, 0o602):
            path.chmod(mode)
            self.assertIsNone(self.get())

    def test_a_link_a_pipe_and_a_directory(self) -> None:
        path = self.put()
        other = path.rename(self.root / 'other')
        path.symlink_to(other)
        self.assertIsNone(self.get())
        path.unlink()
        os.mkfifo(path, 0o600)
        self.assertIsNone(self.get())
        path.unlink()
        path.mkdir()
        self.assertIsNone(self.get())


class TestWhatIsNotKept(CacheTestCase):
    def assert_nothing_kept(self, answer: seams.CachedAnswer) -> None:
        self.cache.put(URL, ACCEPT, answer)
        self.assertFalse(self.place.exists())

    def test_an_etag_that_no_header_may_hold(self) -> None:
        for etag in ('', 'a b', '"1"\n', '"ä"', 'x' * 1025):
            self.assert_nothing_kept(seams.CachedAnswer(etag, b'{}'))

    def test_a_document_that_is_too_large(self) -> None:
        body = bytes(cache.MAX_DOCUMENT + 1)
        self.assert_nothing_kept(seams.CachedAnswer('"1"', body))

    def test_a_document_that_packs_to_too_much(self) -> None:
        body = os.urandom(cache.MAX_FILE)
        self.assert_nothing_kept(seams.CachedAnswer('"1"', body))

    def test_a_directory_that_cannot_be_made_matters_to_nobody(self) -> None:
        file = self.root / 'file'
        file.write_text('here')
        for place in (file, file / 'cache', pathlib.Path('/proc/cache')):
            self.cache = cache.DirectoryCache(str(place))
            self.cache.put(URL, ACCEPT, ANSWER)
            self.assertIsNone(self.get())
        self.assertEqual('here', file.read_text())

    def test_a_file_that_cannot_be_replaced_leaves_no_part(self) -> None:
        path = self.put()
        path.unlink()
        path.mkdir()
        (path / 'in').touch()
        self.cache.put(URL, ACCEPT, ANSWER)
        self.assertEqual([path], list(self.place.iterdir()))


class TestKeeping(CacheTestCase):
    def test_what_was_kept_comes_back_whole(self) -> None:
        self.put()
        self.assertEqual(ANSWER, self.get())
        other = cache.DirectoryCache(str(self.place))
        self.assertEqual(ANSWER, other.get(URL, ACCEPT))

    def test_nobody_else_may_look(self) -> None:
        path = self.put()
        for one, mode in ((self.place, 0o700), (path, 0o600)):
            self.assertEqual(mode, stat.S_IMODE(one.stat().st_mode))

    def test_what_is_newer_takes_the_place(self) -> None:
        self.put()
        newer = seams.CachedAnswer('W/"2"', b'{"a": 2}', ACCEPT)
        self.cache.put(URL, ACCEPT, newer)
        self.assertEqual(newer, self.get())
        self.file()

    def test_many_threads_and_two_programs_share_it(self) -> None:
        caches = [cache.DirectoryCache(str(self.place)) for _ in range(2)]
        wrong: list[object] = []

        def use(number: int) -> None:
            mine = seams.CachedAnswer(f'"{number}"', bytes([number]) * 9000)
            for turn in range(20):
                caches[turn % 2].put(URL, ACCEPT, mine)
                found = caches[number % 2].get(URL, ACCEPT)
                if found is None or found.body != found.body[:1] * 9000:
                    wrong.append(found)

        threads = [
            threading.Thread(target=use, args=(number,)) for number in range(8)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual([], wrong)
        self.file()


class TestTheTotal(CacheTestCase):
    """The oldest go."""

    LIMIT = 100_000

    def setUp(self) -> None:
        super().setUp()
        self.cache = cache.DirectoryCache(str(self.place), self.LIMIT)

    def keep(self, number: int) -> None:
        answer = seams.CachedAnswer('"1"', os.urandom(10_000))
        before = set(self.place.iterdir()) if self.place.exists() else set()
        self.cache.put(f'{URL}?{number}', ACCEPT, answer)
        for path in set(self.place.iterdir()) - before:
            # As if a second lay between each two.
            os.utime(path, (number, number))

    def kept(self) -> list[int]:
        return [
            number
            for number in range(30)
            if self.cache.get(f'{URL}?{number}', ACCEPT) is not None
        ]

    def test_there_are_never_more_bytes_than_the_limit(self) -> None:
        for number in range(30):
            self.keep(number)
            total = sum(one.stat().st_size for one in self.place.iterdir())
            self.assertLessEqual(total, self.LIMIT)
        kept = self.kept()
        self.assertIn(29, kept)
        self.assertEqual(list(range(30 - len(kept), 30)), kept)
        self.assertGreaterEqual(len(kept), 7)

    def test_what_is_used_stays(self) -> None:
        for number in range(9):
            self.keep(number)
        self.assertIsNotNone(self.cache.get(f'{URL}?0', ACCEPT))
        self.keep(9)
        self.assertNotIn(1, self.kept())
        self.assertIn(0, self.kept())

    def test_what_was_there_before_counts(self) -> None:
        for number in range(9):
            self.keep(number)
        self.cache = cache.DirectoryCache(str(self.place), self.LIMIT // 2)
        self.keep(9)
        self.assertLess(len(self.kept()), 5)

    def test_parts_of_killed_programs_go_and_what_is_not_ours_stays(
        self,
    ) -> None:
        self.keep(1)
        part = self.place / f'.{"a" * 64}.01234567.part'
        foreign = self.place / 'letter.txt'
        for path in (part, foreign):
            path.write_bytes(bytes(self.LIMIT))
            os.utime(path, (0, 0))
        self.cache = cache.DirectoryCache(str(self.place), self.LIMIT)
        self.keep(2)
        self.assertFalse(part.exists())
        self.assertTrue(foreign.exists())
        self.assertEqual([1, 2], self.kept())
