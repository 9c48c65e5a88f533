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

"""Publishing to a real devpi-server: simple JSON, no signatures."""

from __future__ import annotations

import requests
import testtools

from tests.support import fast_time
from tests.support import plain
from tests.support import scene

JSON = 'application/vnd.pypi.simple.v1+json'


class TestDevpi(testtools.TestCase):
    """A test with an index of its own on one devpi-server."""

    server: plain.DevpiServer

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.server = plain.DevpiServer()
        cls.addClassCleanup(cls.server.stop)

    def setUp(self) -> None:
        super().setUp()
        self.useFixture(fast_time.FastTime())
        self.upload_url = self.server.add_index()
        self.stage = self.useFixture(
            plain.PlainStage(
                self.upload_url, f'{self.upload_url}+simple/', 'root'
            )
        )

    def assertPublished(self, result: scene.Result) -> None:
        """Exit 0, and the index holds our files."""
        self.assertEqual(0, result.code, result.stdout + result.stderr)
        self.assertEqual('published', result.receipt['outcome'])
        self.assertEqual(sorted(self.stage.filenames), self.listed())

    def assertRefused(self, result: scene.Result, *codes: str) -> None:
        """Exit 1, and exactly these findings refuse."""
        self.assertEqual(1, result.code, result.stdout + result.stderr)
        self.assertEqual('refused', result.receipt['outcome'])
        self.assertEqual(set(codes), result.codes, result.stdout)
        self.assertEqual([], self.stage.archived())

    def listed(self) -> list[str]:
        """Names of the project's files on the index."""
        answer = requests.get(
            f'{self.upload_url}+simple/{self.stage.project}/',
            headers={'Accept': JSON},
            timeout=plain.START,
        )
        if answer.status_code == 404:
            return []
        return sorted(file['filename'] for file in answer.json()['files'])

    def put(self, filename: str, content: bytes) -> None:
        """Upload a file as somebody else would."""
        is_wheel = filename.endswith('.whl')
        answer = requests.post(
            self.upload_url,
            data={
                ':action': 'file_upload',
                'metadata_version': '2.1',
                'name': self.stage.project,
                'version': self.stage.version,
                'filetype': 'bdist_wheel' if is_wheel else 'sdist',
                'pyversion': 'py3' if is_wheel else 'source',
            },
            files={'content': (filename, content)},
            auth=('root', plain.PASSWORD),
            timeout=plain.START,
        )
        self.assertEqual(200, answer.status_code, answer.text)

    def test_a_release_is_published_and_confirmed(self) -> None:
        result = self.stage.publish()
        self.assertPublished(result)
        self.assertEqual(list(range(1, 16)), result.steps())
        self.assertEqual(set(), result.codes)
        for artifact in result.receipt['artifacts']:
            self.assertIs(True, artifact['confirmed'])
            self.assertTrue(
                artifact['url'].startswith(f'{self.upload_url}+f/'),
                artifact['url'],
            )

    def test_dropped_signatures_and_unsaid_roles_are_noted(self) -> None:
        result = self.stage.publish()
        self.assertPublished(result)
        self.assertIs(False, result.receipt['index']['keeps_signatures'])
        self.assertEqual('note', result.finding('OSP515')['severity'])
        maintainers = result.receipt['maintainers']
        self.assertEqual('unknown', maintainers['before']['state'])
        self.assertEqual('unknown', maintainers['after']['state'])
        self.assertIsNone(maintainers['drift'])

    def test_a_second_run_has_nothing_to_do(self) -> None:
        self.assertPublished(self.stage.publish())
        result = self.stage.publish()
        self.assertEqual(0, result.code, result.stdout)
        self.assertEqual('nothing-to-do', result.receipt['outcome'])

    def test_what_is_there_already_is_not_uploaded_again(self) -> None:
        wheel, sdist = self.stage.both()
        self.put(*wheel)
        result = self.stage.publish()
        self.assertPublished(result)
        self.assertEqual(
            {wheel[0]: 'already-there', sdist[0]: 'uploaded'},
            {
                item['filename']: item['step']
                for item in result.receipt['artifacts']
            },
        )

    def test_other_bytes_under_our_name_refuse(self) -> None:
        self.put(self.stage.sdist, b'other bytes')
        self.assertRefused(self.stage.publish(), 'OSP302')

    def test_a_foreign_file_under_our_version_refuses(self) -> None:
        stem, version = self.stage.stem, self.stage.version
        name = f'{stem}-{version}-cp312-cp312-win_amd64.whl'
        self.put(name, b'planted')
        result = self.stage.publish()
        self.assertRefused(result, 'OSP303')
        self.assertEqual(name, result.finding('OSP303')['subject'])
        self.assertEqual([name], self.listed())

    def test_the_wrong_password_is_refused_in_the_servers_words(self) -> None:
        result = self.stage.publish(token='wrong')
        self.assertRefused(result, 'OSP605')
        self.assertIn('401 Unauthorized', result.finding('OSP605')['message'])

    def test_a_list_that_names_what_has_no_page_is_not_believed(self) -> None:
        """At the URL of an index devpi lists projects, but has no pages."""
        self.put(*self.stage.both()[0])
        result = self.stage.publish('--read-url', self.upload_url)
        self.assertEqual(3, result.code, result.stdout)
        (found,) = (
            found['message']
            for found in result.receipt['findings']
            if found['verdict'] == 'unknown'
        )
        self.assertIn('the index names it, but has no page of it', found)
        self.assertEqual([self.stage.wheel], self.listed())

    def test_a_list_without_pages_is_found_out_after_the_upload(self) -> None:
        result = self.stage.publish('--read-url', self.upload_url)
        self.assertEqual(4, result.code, result.stdout)
        self.assertEqual({'OSP701'}, result.codes)
        result = self.stage.publish('--confirm-only')
        self.assertPublished(result)

    def test_an_index_that_is_not_there_is_unknown(self) -> None:
        nowhere = f'{self.server.url}/root/nowhere/+simple/'
        result = self.stage.publish('--read-url', nowhere)
        self.assertEqual(3, result.code, result.stdout)
        self.assertEqual([], self.listed())
