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

"""Publishing to real pypiservers: simple HTML, and signatures are kept."""

from __future__ import annotations

import typing

import testtools

from openstack_publish.gates import uploader
from tests.support import fast_time
from tests.support import httpd
from tests.support import plain
from tests.support import scene


class PypiServerTest(testtools.TestCase):
    """A test with a pypiserver, which is started once for its class."""

    options: typing.ClassVar[tuple[str, ...]] = ('--disable-fallback',)
    server: plain.PypiServer

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.server = plain.PypiServer(*cls.options)
        cls.addClassCleanup(cls.server.stop)

    def setUp(self) -> None:
        super().setUp()
        self.useFixture(fast_time.FastTime())
        self.server.empty()
        self.stage = self.useFixture(
            plain.PlainStage(self.server.upload_url, self.server.simple_url)
        )

    def assertPublished(self, result: scene.Result) -> None:
        """Exit 0, and the index holds our files and their signatures."""
        self.assertEqual(0, result.code, result.stdout + result.stderr)
        self.assertEqual('published', result.receipt['outcome'])
        self.assertEqual(self.ours(), self.server.files())

    def assertRefused(self, result: scene.Result, *codes: str) -> None:
        """Exit 1, and exactly these findings refuse."""
        self.assertEqual(1, result.code, result.stdout + result.stderr)
        self.assertEqual('refused', result.receipt['outcome'])
        self.assertEqual(set(codes), result.codes, result.stdout)
        self.assertEqual([], self.stage.archived())

    def ours(self) -> list[str]:
        """Names of our files and of their signatures."""
        names = self.stage.filenames
        return sorted([*names, *(f'{name}.asc' for name in names)])

    def plant(self, filename: str, content: bytes) -> None:
        """Put a file onto the index right before our first upload."""
        real = uploader.TwineUploader.upload

        def upload(
            sender: uploader.TwineUploader, *arguments: typing.Any
        ) -> object:
            if filename not in self.server.files():
                self.server.put(filename, content)
            return real(sender, *arguments)

        self.patch(uploader.TwineUploader, 'upload', upload)


class TestPublish(PypiServerTest):
    def test_a_release_is_published_and_confirmed(self) -> None:
        result = self.stage.publish()
        self.assertPublished(result)
        receipt = result.receipt
        self.assertEqual(list(range(1, 16)), result.steps())
        self.assertEqual('plain', receipt['index']['kind'])
        for artifact in receipt['artifacts']:
            self.assertEqual('uploaded', artifact['step'])
            self.assertIs(True, artifact['confirmed'])
            self.assertEqual(
                f'{self.server.url}/packages/{artifact["filename"]}',
                artifact['url'],
            )

    def test_the_index_serves_the_very_signatures_that_were_sent(self) -> None:
        result = self.stage.publish()
        self.assertPublished(result)
        self.assertIs(True, result.receipt['index']['keeps_signatures'])
        for name in self.stage.filenames:
            self.assertEqual(
                (self.stage.dist / f'{name}.asc').read_bytes(),
                (self.server.packages / f'{name}.asc').read_bytes(),
            )

    def test_what_the_index_does_not_say_is_noted(self) -> None:
        result = self.stage.publish()
        self.assertPublished(result)
        self.assertEqual(set(), result.codes)
        maintainers = result.receipt['maintainers']
        for moment in ('before', 'after'):
            self.assertEqual('unknown', maintainers[moment]['state'])
            self.assertIn(
                'a simple index names none', maintainers[moment]['reason']
            )
        self.assertIsNone(maintainers['drift'])
        findings = result.receipt['findings']
        noted = {found['code']: found['message'] for found in findings}
        self.assertEqual(len(noted), len(findings), 'something twice')
        self.assertIn('OSP304', noted['OSP324'])
        self.assertIn('maintainers of', noted['OSP404'])
        self.assertIn('without status markers', noted['OSP704'])
        self.assertIn('sent as it is', noted['OSP603'])

    def test_no_day_of_fourteen_is_counted(self) -> None:
        result = self.stage.publish('-f', 'text')
        self.assertEqual(0, result.code, result.stderr)
        self.assertNotIn('14 days', result.stdout)

    def test_a_second_run_has_nothing_to_do(self) -> None:
        self.assertPublished(self.stage.publish())
        self.plant('another-1.0.tar.gz', b'uploaded again')
        result = self.stage.publish()
        self.assertEqual(0, result.code, result.stdout)
        self.assertEqual('nothing-to-do', result.receipt['outcome'])
        self.assertEqual(self.ours(), self.server.files())
        self.assertIs(True, result.receipt['index']['keeps_signatures'])

    def test_confirm_only_reads_back_what_is_there(self) -> None:
        self.assertPublished(self.stage.publish())
        self.stage.receipt_path.unlink()
        result = self.stage.publish('--confirm-only', token=None, key=False)
        self.assertEqual(0, result.code, result.stdout)
        self.assertEqual([1, 2, 3, 4, 13, 14, 15], result.steps())

    def test_confirm_only_of_what_is_not_there_fails(self) -> None:
        result = self.stage.publish('--confirm-only')
        self.assertEqual(1, result.code, result.stdout)
        self.assertIn('OSP701', result.codes)

    def test_a_project_with_older_releases_is_not_new(self) -> None:
        older = f'{self.stage.stem}-0.9.0.tar.gz'
        self.server.put(older, b'the release before')
        result = self.stage.publish()
        self.assertEqual(0, result.code, result.stdout)
        self.assertNotIn(
            'OSP319', {found['code'] for found in result.receipt['findings']}
        )


class TestJudgement(PypiServerTest):
    def test_other_bytes_under_our_name_refuse(self) -> None:
        self.server.put(self.stage.sdist, b'other bytes')
        self.assertRefused(self.stage.publish(), 'OSP302')
        self.assertEqual([self.stage.sdist], self.server.files())

    def test_a_foreign_wheel_under_our_version_refuses(self) -> None:
        stem, version = self.stage.stem, self.stage.version
        self.server.put(f'{stem}-{version}-cp312-cp312-win_amd64.whl', b'bad')
        self.assertRefused(self.stage.publish(), 'OSP303')

    def test_a_foreign_file_of_an_old_form_refuses(self) -> None:
        """pip installs it; packaging cannot take its name apart."""
        name = f'{self.stage.stem}-{self.stage.version}.tar.bz2'
        self.server.put(name, b'bad')
        result = self.stage.publish()
        self.assertRefused(result, 'OSP303')
        self.assertEqual(name, result.finding('OSP303')['subject'])

    def test_what_is_there_already_is_not_uploaded_again(self) -> None:
        wheel, sdist = self.stage.both()
        self.server.put(*wheel)
        result = self.stage.publish()
        self.assertEqual(0, result.code, result.stdout)
        self.assertEqual(
            {wheel[0]: 'already-there', sdist[0]: 'uploaded'},
            {
                item['filename']: item['step']
                for item in result.receipt['artifacts']
            },
        )
        # The wheel lies there without its signature.
        self.assertIs(False, result.receipt['index']['keeps_signatures'])
        self.assertEqual('note', result.finding('OSP515')['severity'])

    def test_another_signature_of_our_file_is_told(self) -> None:
        for name, content in self.stage.both():
            self.server.put(name, content)
            self.server.put(f'{name}.asc', b'another one')
        result = self.stage.publish()
        self.assertEqual(0, result.code, result.stdout)
        self.assertIsNone(result.receipt['index']['keeps_signatures'])
        self.assertIn(
            'it serves 11 bytes that are not the',
            result.finding('OSP515')['message'],
        )

    def test_the_wrong_password_is_refused_in_the_servers_words(self) -> None:
        result = self.stage.publish(token='wrong')
        self.assertRefused(result, 'OSP605')
        self.assertIn('403 Forbidden', result.finding('OSP605')['message'])
        self.assertEqual([], self.server.files())

    def test_other_bytes_that_come_in_between_are_told(self) -> None:
        self.plant(self.stage.wheel, b'other bytes')
        result = self.stage.publish()
        self.assertRefused(result, 'OSP302')
        self.assertEqual([self.stage.wheel], self.server.files())

    def test_our_bytes_that_come_in_between_are_ours(self) -> None:
        wheel, sdist = self.stage.both()
        self.plant(*wheel)
        result = self.stage.publish()
        self.assertEqual(0, result.code, result.stdout)
        self.assertEqual(
            {wheel[0]: 'uploaded', sdist[0]: 'uploaded'},
            {
                item['filename']: item['step']
                for item in result.receipt['artifacts']
            },
        )

    def test_a_file_that_is_stored_with_a_400_is_found_by_reading(
        self,
    ) -> None:
        """pypiserver stores the file, and then stumbles over the .asc."""
        self.server.put(f'{self.stage.wheel}.asc', b'left over')
        result = self.stage.publish()
        self.assertPublished(result)
        self.assertIsNone(result.receipt['index']['keeps_signatures'])
        self.assertIn(
            'it serves 9 bytes that are not the',
            result.finding('OSP515')['message'],
        )

    def test_a_page_that_is_no_simple_index_is_unknown(self) -> None:
        """The server's own welcome page links to its simple index."""
        result = self.stage.publish('--read-url', self.server.upload_url)
        self.assertEqual(3, result.code, result.stdout)
        self.assertEqual({'OSP316'}, result.codes)
        self.assertEqual([], self.server.files())


class TestFallback(PypiServerTest):
    """pypiserver sends whoever asks for what it has not to PyPI."""

    elsewhere: httpd.Server

    @classmethod
    def setUpClass(cls) -> None:
        cls.elsewhere = httpd.Server()
        cls.elsewhere.setUp()
        cls.addClassCleanup(cls.elsewhere.cleanUp)
        cls.options = ('--fallback-url', f'{cls.elsewhere.url}/simple/')
        super().setUpClass()

    def test_a_redirect_to_another_host_means_not_here(self) -> None:
        result = self.stage.publish()
        self.assertPublished(result)
        self.assertEqual('note', result.finding('OSP319')['severity'])
        self.assertEqual([], self.elsewhere.requests)


class TestWithoutDigests(PypiServerTest):
    options = ('--disable-fallback', '--hash-algo=off')

    def test_files_are_downloaded_and_hashed(self) -> None:
        result = self.stage.publish()
        self.assertPublished(result)
        self.assertEqual(
            [True, True],
            [item['confirmed'] for item in result.receipt['artifacts']],
        )

    def test_a_second_run_has_nothing_to_do(self) -> None:
        self.assertPublished(self.stage.publish())
        result = self.stage.publish()
        self.assertEqual(0, result.code, result.stdout)
        self.assertEqual('nothing-to-do', result.receipt['outcome'])

    def test_other_bytes_under_our_name_refuse(self) -> None:
        self.server.put(self.stage.wheel, b'other bytes')
        self.assertRefused(self.stage.publish(), 'OSP302')


class TestWithOtherDigests(TestWithoutDigests):
    """Of a file with another digest than SHA-256 nothing is known either."""

    options = ('--disable-fallback', '--hash-algo=md5')
