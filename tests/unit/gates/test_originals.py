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

"""The archive as it is read: what it has, hasn't, and does not say."""

from __future__ import annotations

import hashlib
import os
import pathlib
import tempfile
import tracemalloc

import fixtures
import testtools

from openstack_publish import exceptions
from openstack_publish import seams
from openstack_publish.gates import archive
from openstack_publish.gates import web
from openstack_publish.gates.archive import website
from openstack_publish.model import knowledge
from tests.support import archive_site
from tests.support import hand_clocks
from tests.support import httpd

REPO = 'openstack/nova'
SDIST = 'nova-1.0.0.tar.gz'
PLACE = f'{REPO}/{SDIST}'
CONTENT = b'the bytes of nova'
SIGNATURE = b'-----BEGIN PGP SIGNATURE-----'
NAMES_OF_NO_REPOSITORY = ('', 'nova', '../nova', 'openstack/..', 'a//b')
NAMES_OF_NO_FILE = ('', '.hidden', 'a/b', '..', 'a\nb')


class OriginalsTestCase(testtools.TestCase):
    """Originals in a directory that a test fills."""

    def value(
        self, held: knowledge.Knowledge[seams.Original | None]
    ) -> seams.Original:
        """Return what is held, which must be something."""
        assert isinstance(held, knowledge.Known), held
        assert held.value is not None
        return held.value

    def refuses_names(self, originals: seams.Originals) -> None:
        """Assert that nothing is looked for under names that are none."""
        for repo, filename in (
            *((repo, SDIST) for repo in NAMES_OF_NO_REPOSITORY),
            *((REPO, filename) for filename in NAMES_OF_NO_FILE),
        ):
            with testtools.ExpectedException(exceptions.Misconfigured):
                originals.has(repo, filename)
            with testtools.ExpectedException(exceptions.Misconfigured):
                with originals.holding(repo, filename):
                    pass


class TestDirectory(OriginalsTestCase):
    """The archive as a directory."""

    def setUp(self) -> None:
        super().setUp()
        self.root = pathlib.Path(self.useFixture(fixtures.TempDir()).path)
        self.originals = archive.DirectoryOriginals(str(self.root))

    def write(self, path: str, content: bytes = CONTENT) -> str:
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
        return str(target)

    def held(
        self, filename: str = SDIST
    ) -> knowledge.Knowledge[seams.Original | None]:
        with self.originals.holding(REPO, filename) as held:
            return held

    def test_a_root_that_is_not_there(self) -> None:
        error = self.assertRaises(
            exceptions.Misconfigured,
            archive.DirectoryOriginals,
            str(self.root / 'no'),
        )
        self.assertEqual('--archive', error.where)

    def test_names_that_may_be_no_paths(self) -> None:
        self.refuses_names(self.originals)

    def test_a_file_that_changes_while_it_is_at_hand_is_told(self) -> None:
        path = self.write(PLACE)
        file = self.value(self.held())
        self.assertTrue(self.originals.unchanged(file))
        self.write(PLACE, CONTENT.swapcase())
        self.assertFalse(self.originals.unchanged(file))
        os.unlink(path)
        self.assertRaises(
            exceptions.Unavailable, self.originals.unchanged, file
        )

    def test_what_is_not_there(self) -> None:
        self.assertEqual(knowledge.Known(None), self.held())
        self.assertEqual(
            knowledge.Known(False), self.originals.has(REPO, SDIST)
        )

    def test_a_root_that_went_away_is_no_empty_archive(self) -> None:
        self.root.rmdir()
        for said in (self.held(), self.originals.has(REPO, SDIST)):
            assert isinstance(said, knowledge.Unknown)
            self.assertIn('no directory any more', said.why)
        self.root.mkdir()

    def test_what_is_no_file_is_unknown(self) -> None:
        (self.root / PLACE).mkdir(parents=True)
        for said in (self.held(), self.originals.has(REPO, SDIST)):
            assert isinstance(said, knowledge.Unknown)
            self.assertIn(PLACE, said.what)

    def test_what_cannot_be_looked_at_is_unknown(self) -> None:
        self.write('openstack', b'a file where a directory should be')
        for said in (self.held(), self.originals.has(REPO, SDIST)):
            self.assertIsInstance(said, knowledge.Unknown)

    def test_a_file_of_a_year_that_is_none_has_no_time(self) -> None:
        # A file system in memory keeps times that others do not.
        self.root = pathlib.Path(
            self.useFixture(fixtures.TempDir('/dev/shm')).path
        )
        self.originals = archive.DirectoryOriginals(str(self.root))
        for year in (318857, -314918):
            moment = (year - 1970) * 365.2425 * 86400
            os.utime(self.write(PLACE), (moment, moment))
            self.assertIsNone(self.value(self.held()).modified)

    def test_a_file_in_either_layout_with_and_without_signature(self) -> None:
        for place in (f'nova/{SDIST}', PLACE):
            path = self.write(place)
            unsigned = self.value(self.held())
            self.assertEqual(
                seams.Original(
                    filename=SDIST,
                    sha256=hashlib.sha256(CONTENT).hexdigest(),
                    size=len(CONTENT),
                    path=path,
                    signature_path=None,
                    url=path,
                    modified=unsigned.modified,
                ),
                unsigned,
            )
            self.assertIsNone(unsigned.signature_url)
            signed = self.write(f'{place}.asc', SIGNATURE)
            self.assertEqual(signed, self.value(self.held()).signature_path)
            for name in (SDIST, f'{SDIST}.asc'):
                self.assertEqual(
                    knowledge.Known(True), self.originals.has(REPO, name)
                )

    def test_a_placed_file_counts_before_one_of_the_older_layout(self) -> None:
        self.write(f'nova/{SDIST}', b'older')
        path = self.write(PLACE)
        self.assertEqual(path, self.value(self.held()).path)


class TestSite(OriginalsTestCase):
    """The archive as a site."""

    def setUp(self) -> None:
        super().setUp()
        self.site = self.useFixture(archive_site.ArchiveSite())
        self.clock = hand_clocks.HandClock()
        self.reader = web.Web(self.clock, timeout=5)
        self.addCleanup(self.reader.close)
        self.originals = archive.SiteOriginals(self.reader, self.site.url)
        self.useFixture(
            fixtures.MonkeyPatch(
                'tempfile.tempdir', self.useFixture(fixtures.TempDir()).path
            )
        )

    def held(
        self, filename: str = SDIST
    ) -> knowledge.Knowledge[seams.Original | None]:
        with self.originals.holding(REPO, filename) as held:
            return held

    def why(self, said: object) -> str:
        assert isinstance(said, knowledge.Unknown), said
        return said.why

    def left(self) -> list[str]:
        return os.listdir(tempfile.gettempdir())

    def test_places_that_may_not_be_asked(self) -> None:
        for base in (
            'tarballs',
            'ftp://127.0.0.1/',
            'http://tarballs.example.org/',
            'https://user:secret@127.0.0.1/',
            'https://127.0.0.1/?C=M',
            'https://127.0.0.1/#top',
        ):
            error = self.assertRaises(
                exceptions.Misconfigured,
                archive.SiteOriginals,
                self.reader,
                base,
            )
            self.assertEqual('--archive', error.where)
            self.assertNotIn('secret', error.message)

    def test_names_that_may_be_no_paths(self) -> None:
        self.refuses_names(self.originals)
        self.assertEqual([], self.site.requests)

    def test_only_a_404_says_that_a_file_is_not_there(self) -> None:
        self.assertEqual(knowledge.Known(None), self.held())
        self.assertEqual(
            knowledge.Known(False), self.originals.has(REPO, SDIST)
        )

    def test_any_other_answer_is_unknown(self) -> None:
        for status in ('401 No', '403 No', '410 Gone', '500 No', '503 No'):
            self.site.on(PLACE, archive_site.failing(status))
            for said in (self.held(), self.originals.has(REPO, SDIST)):
                self.assertIn(
                    f'the server answers {status[:3]}', self.why(said)
                )

    def test_an_error_in_one_layout_is_not_made_good_by_the_other(
        self,
    ) -> None:
        self.site.on(PLACE, archive_site.failing())
        self.site.place(REPO, SDIST, CONTENT, flat=True)
        self.assertIn('500', self.why(self.held()))

    def test_a_signature_that_answers_500_is_not_a_missing_one(self) -> None:
        self.site.place(REPO, SDIST, CONTENT)
        self.site.on(f'{PLACE}.asc', archive_site.failing())
        held = self.held()
        self.assertIn('the server answers 500', self.why(held))
        assert isinstance(held, knowledge.Unknown)
        self.assertIn(f'{PLACE}.asc', held.what)

    def test_a_page_in_place_of_a_file_is_unknown(self) -> None:
        page = b'\n <!DOCTYPE html>\n<title>Index of /</title>'
        for kind in ('text/html; charset=utf-8', 'application/octet-stream'):
            self.site.on(PLACE, httpd.answer(page, kind))
            self.assertIn('a page of HTML', self.why(self.held()))
        self.site.on(PLACE, httpd.answer(b'', 'text/html'))
        self.assertIn(
            'a page of HTML', self.why(self.originals.has(REPO, SDIST))
        )

    def test_a_page_in_place_of_a_signature_is_unknown(self) -> None:
        self.site.place(REPO, SDIST, CONTENT)
        self.site.on(f'{PLACE}.asc', httpd.answer(b'<html>', 'text/html'))
        self.assertIn('a page of HTML', self.why(self.held()))

    def test_the_list_of_a_directory_is_no_file(self) -> None:
        self.site.place(f'{REPO}/{SDIST}', 'inside', CONTENT)
        self.assertIn('a page of HTML', self.why(self.held()))

    def test_a_server_that_points_elsewhere_is_not_followed(self) -> None:
        self.site.on(PLACE, httpd.redirect('https://other.example/nova'))
        for said in (self.held(), self.originals.has(REPO, SDIST)):
            self.assertIn("'other.example'", self.why(said))

    def test_a_redirect_on_the_same_server_is_followed(self) -> None:
        self.site.place('old/nova', SDIST, CONTENT)
        self.site.on(PLACE, httpd.redirect(f'/old/nova/{SDIST}'))
        self.assertEqual(
            knowledge.Known(True), self.originals.has(REPO, SDIST)
        )
        self.assertEqual(len(CONTENT), self.value(self.held()).size)

    def test_what_is_cut_off_is_asked_for_again_and_whole(self) -> None:
        self.site.on(
            PLACE,
            httpd.cut_off(CONTENT * 2, 'application/gzip'),
            httpd.answer(CONTENT, 'application/gzip'),
        )
        held = self.value(self.held())
        self.assertEqual(hashlib.sha256(CONTENT).hexdigest(), held.sha256)
        self.assertEqual(len(CONTENT), held.size)
        self.assertEqual(['GET', 'GET'], self.site.asked(PLACE))

    def test_what_stays_cut_off_is_unknown(self) -> None:
        self.site.on(PLACE, httpd.cut_off(CONTENT, 'application/gzip'))
        self.assertIn('cut off', self.why(self.held()))
        self.assertEqual(['GET'] * 3, self.site.asked(PLACE))
        self.assertEqual([], self.left())

    def test_a_file_that_is_too_large_is_unknown_with_its_limit(self) -> None:
        self.useFixture(
            fixtures.MonkeyPatch(
                'openstack_publish.gates.archive.website.MAX_FILE', 16
            )
        )
        self.site.place(REPO, SDIST, CONTENT)
        self.assertIn('more than 16 bytes', self.why(self.held()))
        self.assertEqual([], self.left())

    def test_a_signature_that_is_too_large_is_unknown(self) -> None:
        self.site.place(REPO, SDIST, CONTENT)
        self.site.place(
            REPO, f'{SDIST}.asc', b'-' * (website.MAX_SIGNATURE + 1)
        )
        self.assertIn('more than 65536 bytes', self.why(self.held()))

    def test_a_disk_that_takes_nothing_is_unknown(self) -> None:
        self.site.place(REPO, SDIST, CONTENT)
        self.useFixture(
            fixtures.MonkeyPatch('tempfile.tempdir', '/proc/nowhere')
        )
        self.assertIn('no place to download', self.why(self.held()))

    def test_a_file_that_cannot_be_written_is_asked_for_once(self) -> None:
        self.site.place(REPO, SDIST, CONTENT)
        answer = testtools.ExpectedException(
            exceptions.Unavailable, '.*writing /proc/nowhere/file'
        )
        with answer:
            self.reader.download(
                f'{self.site.url}{PLACE}',
                '/proc/nowhere/file',
                max_bytes=website.MAX_FILE,
            )
        self.assertEqual(['GET'], self.site.asked(PLACE))

    def test_the_copies_go_with_the_context_also_after_an_error(self) -> None:
        self.site.place(REPO, SDIST, CONTENT)
        self.site.place(REPO, f'{SDIST}.asc', SIGNATURE)

        def fail() -> None:
            with self.originals.holding(REPO, SDIST) as held:
                original = self.value(held)
                with open(original.path, 'rb') as opened:
                    self.assertEqual(CONTENT, opened.read())
                assert original.signature_path is not None
                with open(original.signature_path, 'rb') as opened:
                    self.assertEqual(SIGNATURE, opened.read())
                directory = os.path.dirname(original.path)
                self.assertEqual(0o700, os.stat(directory).st_mode & 0o777)
                raise RuntimeError

        self.assertRaises(RuntimeError, fail)
        self.assertEqual([], self.left())

    def test_both_layouts_are_found_and_the_last_one_asked_first(self) -> None:
        self.site.place(REPO, SDIST, CONTENT, flat=True)
        self.site.place(REPO, f'{SDIST}.asc', SIGNATURE, flat=True)
        original = self.value(self.held())
        self.assertEqual(f'{self.site.url}nova/{SDIST}', original.url)
        self.assertEqual(
            f'{self.site.url}nova/{SDIST}.asc', original.signature_url
        )
        self.assertEqual(1, len(self.site.asked(PLACE)))
        self.assertEqual(
            knowledge.Known(True), self.originals.has(REPO, SDIST)
        )
        self.assertEqual(1, len(self.site.asked(PLACE)))

    def test_every_file_of_a_thread_comes_by_one_connection(self) -> None:
        for name in ('a.tar.gz', 'b.tar.gz'):
            self.site.place(REPO, name, CONTENT)
        for name in ('a.tar.gz', 'none.tar.gz', 'b.tar.gz'):
            self.held(name)
            self.originals.has(REPO, name)
        self.assertEqual(1, self.site.connections)

    def test_a_name_is_quoted_where_an_url_needs_it(self) -> None:
        name = 'nova-1.0.0+a b?#.tar.gz'
        self.site.place(REPO, name, CONTENT)
        self.assertEqual(name, self.value(self.held(name)).filename)

    def test_a_large_file_takes_no_more_memory_than_a_small_one(self) -> None:
        def peak(size: int) -> int:
            path = self.site.place(REPO, SDIST, b'')
            os.truncate(path, size)
            tracemalloc.start()
            try:
                self.assertEqual(size, self.value(self.held()).size)
                return tracemalloc.get_traced_memory()[1]
            finally:
                tracemalloc.stop()

        small = peak(1024 * 1024)
        large = peak(48 * 1024 * 1024)
        self.assertThat(
            large, testtools.matchers.LessThan(small + 3 * 1024 * 1024)
        )
