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

"""Files that are read for their digest, and answers from elsewhere."""

import gzip
import hashlib

import testtools

from openstack_publish import exceptions
from openstack_publish.gates import web
from tests.support import hand_clocks
from tests.support import httpd

CONTENT = bytes(range(256)) * 12_000
DIGEST = hashlib.sha256(CONTENT).hexdigest()


class DigestTest(testtools.TestCase):
    def setUp(self) -> None:
        super().setUp()
        self.server = self.useFixture(httpd.Server())
        self.web = web.Web(hand_clocks.WallClock())

    def digest(self, max_bytes: int = len(CONTENT)) -> str:
        return self.web.sha256(f'{self.server.url}/f', max_bytes=max_bytes)

    def cause(self, max_bytes: int = len(CONTENT)) -> str:
        error = self.assertRaises(
            exceptions.Unavailable, self.digest, max_bytes
        )
        return str(error.cause)

    def test_what_is_no_file_has_no_digest(self) -> None:
        for reply, why in (
            (httpd.answer(status='404 Not Found'), 'answers 404'),
            (httpd.answer(status='204 No Content'), 'answers 204'),
            (httpd.answer(status='500 Oops'), 'answers 500 Oops'),
            (httpd.cut_off(CONTENT), 'cut off after'),
            (httpd.reset, 'closed the connection'),
        ):
            with self.subTest(why):
                self.server.on('/f', reply)
                self.assertIn(why, self.cause())

    def test_a_larger_file_than_allowed_is_left(self) -> None:
        self.server.on('/f', httpd.answer(CONTENT))
        self.assertEqual(
            f'the answer has more than {len(CONTENT) - 1} bytes',
            self.cause(len(CONTENT) - 1),
        )

    def test_a_url_that_may_not_be_asked_is_refused(self) -> None:
        self.assertRaises(
            exceptions.Misconfigured,
            self.web.sha256,
            'http://h.example/f',
            max_bytes=1,
        )

    def test_a_file_is_hashed_as_it_is_sent(self) -> None:
        self.server.on('/f', httpd.answer(CONTENT))
        self.assertEqual(DIGEST, self.digest())
        (request,) = self.server.requests
        self.assertEqual('identity', request.headers['accept-encoding'])
        self.assertEqual('no-cache', request.headers['cache-control'])

    def test_a_packed_file_is_not_unpacked(self) -> None:
        """Some servers call a .tar.gz a packed .tar."""
        packed = gzip.compress(CONTENT)
        self.server.on(
            '/f', httpd.answer(packed, headers={'Content-Encoding': 'gzip'})
        )
        self.assertEqual(hashlib.sha256(packed).hexdigest(), self.digest())

    def test_a_file_that_was_cut_off_is_asked_for_again(self) -> None:
        self.server.on('/f', httpd.cut_off(b'half'), httpd.answer(CONTENT))
        self.assertEqual(DIGEST, self.digest())

    def test_a_redirect_on_the_host_is_followed(self) -> None:
        self.server.on('/f', httpd.redirect('/g'))
        self.server.on('/g', httpd.answer(CONTENT))
        self.assertEqual(DIGEST, self.digest())


class ElsewhereTest(testtools.TestCase):
    def test_only_a_redirect_to_another_server_is_elsewhere(self) -> None:
        server = self.useFixture(httpd.Server())
        other = self.useFixture(httpd.Server())
        reader = web.Web(hand_clocks.HandClock())
        for reply, kind in (
            (httpd.redirect(f'{other.url}/x'), web.Elsewhere),
            (
                httpd.redirect('https://h.example/x', '303 See Other'),
                web.Elsewhere,
            ),
            (httpd.redirect('/x'), exceptions.Unavailable),
            (httpd.redirect('http://['), exceptions.Unavailable),
            (httpd.answer(status='503 Busy'), exceptions.Unavailable),
        ):
            server.on('/x', reply)
            error = self.assertRaises(
                exceptions.Unavailable,
                reader.get,
                f'{server.url}/x',
                accept='*/*',
                max_bytes=10,
            )
            self.assertIs(kind, type(error))
        self.assertEqual([], other.requests)
