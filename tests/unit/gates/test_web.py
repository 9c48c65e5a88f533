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

from __future__ import annotations

import gzip
import json
import os
import pathlib
import threading
import time

import certifi
import fixtures
import testtools

from openstack_publish import exceptions
from openstack_publish.gates import web
from tests.support import hand_clocks
from tests.support import httpd

JSON = 'application/json'
DATES_OF_NO_YEAR = (
    '1 Jan 99999999999999999999 00:00:00 GMT',
    'Mon, 01 Jan 2001 00:00:00 +99999999999999',
)


class WebTestCase(testtools.TestCase):
    def setUp(self) -> None:
        super().setUp()
        self.server = self.useFixture(httpd.Server())
        self.clock = hand_clocks.HandClock()
        self.web = web.Web(self.clock)

    def get(self, path: str = '/x', max_bytes: int = 1000) -> web.Answer:
        return self.web.get(
            self.server.url + path, accept=JSON, max_bytes=max_bytes
        )

    def cause(self, path: str = '/x', max_bytes: int = 1000) -> str:
        error = self.assertRaises(
            exceptions.Unavailable, self.get, path, max_bytes
        )
        self.assertEqual(self.server.url + path, error.what)
        return str(error.cause)


class TestTroubleOnTheWay(WebTestCase):
    """Each has its own few words, and the limit where there is one."""

    def test_a_refused_connection(self) -> None:
        error = self.assertRaises(
            exceptions.Unavailable,
            self.web.get,
            f'http://127.0.0.1:{httpd.free_port()}/x',
            accept=JSON,
            max_bytes=1000,
        )
        self.assertEqual(
            'connection refused (tried 3 times within 20 s)', error.cause
        )

    def test_a_host_that_is_not_there(self) -> None:
        error = self.assertRaises(
            exceptions.Unavailable,
            self.web.get,
            'https://index.invalid/x',
            accept=JSON,
            max_bytes=1000,
        )
        self.assertEqual(
            'the host name cannot be resolved (tried 3 times within 20 s)',
            error.cause,
        )

    def test_a_reset_connection(self) -> None:
        self.server.on('/x', httpd.reset)
        self.assertIn('the server closed the connection', self.cause())

    def test_a_connection_closed_without_a_word(self) -> None:
        self.server.on('/x', httpd.raw(b''))
        self.assertIn('the server closed the connection', self.cause())

    def test_an_answer_cut_in_mid_body(self) -> None:
        self.server.on('/x', httpd.cut_off(b'{"half":'))
        self.assertIn('the answer was cut off after 8 bytes', self.cause())

    def test_an_answer_cut_in_mid_chunk(self) -> None:
        self.server.on('/x', httpd.cut_chunk())
        self.assertIn('the answer was cut off', self.cause())

    def test_an_answer_that_is_no_http(self) -> None:
        self.server.on('/x', httpd.raw(b'SSH-2.0-OpenSSH_9.2\r\n'))
        self.assertIn('what came back is not HTTP', self.cause())

    def test_broken_compression(self) -> None:
        self.server.on(
            '/x',
            httpd.answer(b'no gzip', headers={'Content-Encoding': 'gzip'}),
        )
        self.assertIn('the answer cannot be unpacked', self.cause())

    def test_tls_to_a_server_without_it(self) -> None:
        error = self.assertRaises(
            exceptions.Unavailable,
            self.web.get,
            f'https://127.0.0.1:{self.server.port}/x',
            accept=JSON,
            max_bytes=1000,
        )
        self.assertIn('TLS: ', error.cause)

    def test_no_object_is_shown_in_a_cause(self) -> None:
        for reply in (httpd.reset, httpd.raw(b'?'), httpd.cut_off(b'')):
            self.server.on('/x', reply)
            self.assertNotIn('object at', self.cause())


class TestLimits(WebTestCase):
    def test_a_silent_server_is_waited_for_as_long_as_said(self) -> None:
        self.web = web.Web(self.clock, timeout=0.1)
        self.server.on('/x', httpd.silent)
        self.assertIn('no answer within 0.1 s', self.cause())

    def test_a_body_that_stops_is_waited_for_as_long_as_said(self) -> None:
        self.web = web.Web(self.clock, timeout=0.1)

        def stop(exchange: httpd.Exchange) -> None:
            httpd.raw(b'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx')(
                exchange
            )
            httpd.silent(exchange)

        self.server.on('/x', stop)
        self.assertIn('the answer stopped for 0.1 s', self.cause())

    def test_a_body_that_drips_ends_at_twice_the_timeout(self) -> None:
        self.web = web.Web(hand_clocks.WallClock(), timeout=0.2)
        self.server.on(
            '/x',
            httpd.drip(
                b'HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n', b'x'
            ),
        )
        began = time.monotonic()
        self.assertIn('no whole answer within 0.4 s', self.cause())
        self.assertLess(time.monotonic() - began, 10)

    def test_headers_that_drip_end_at_twice_the_timeout(self) -> None:
        self.web = web.Web(hand_clocks.WallClock(), timeout=0.2)
        self.server.on('/x', httpd.drip(b'HTTP/1.1 200 OK\r\nX: ', b'x'))
        self.assertIn('no whole answer within 0.4 s', self.cause())

    def test_a_body_of_exactly_the_limit_is_read(self) -> None:
        self.server.on('/x', httpd.answer(b'x' * 1000))
        self.assertEqual(1000, len(self.get().body))

    def test_a_body_over_the_limit_is_refused_at_once(self) -> None:
        self.server.on('/x', httpd.answer(b'x' * 1001))
        self.assertEqual('the answer has more than 1000 bytes', self.cause())
        self.assertEqual([], self.clock.slept)

    def test_a_bomb_is_not_unpacked(self) -> None:
        self.server.on('/x', httpd.bomb(300_000_000))
        self.assertEqual(
            'the answer has more than 1000000 bytes',
            self.cause(max_bytes=1_000_000),
        )

    def test_only_gzip_is_unpacked(self) -> None:
        self.server.on(
            '/x',
            httpd.answer(b'x', headers={'Content-Encoding': 'gzip, gzip'}),
        )
        self.assertEqual(
            "packed as 'gzip, gzip', which was not asked for", self.cause()
        )

    def test_gzip_is_unpacked(self) -> None:
        self.server.on(
            '/x',
            httpd.answer(
                gzip.compress(b'{}'), headers={'Content-Encoding': 'gzip'}
            ),
        )
        self.assertEqual(b'{}', self.get().body)
        self.assertEqual(
            'gzip', self.server.requests[0].headers['accept-encoding']
        )


class TestTries(WebTestCase):
    def test_a_passing_trouble_is_lived_through(self) -> None:
        self.server.on(
            '/x',
            httpd.cut_off(b'{'),
            httpd.answer(b'', status='503 Service Unavailable'),
            httpd.answer(b'{}'),
        )
        self.assertEqual(b'{}', self.get().body)
        self.assertEqual([1.0, 4.0], self.clock.slept)

    def test_a_lasting_500_is_told_with_its_words(self) -> None:
        self.server.on('/x', httpd.answer(status='500 Internal Server Error'))
        self.assertEqual(
            'the server answers 500 Internal Server Error '
            '(tried 3 times within 20 s)',
            self.cause(),
        )
        self.assertEqual(3, len(self.server.requests))

    def test_retry_after_in_seconds_is_honoured(self) -> None:
        self.server.on(
            '/x',
            httpd.answer(
                status='429 Too Many Requests', headers={'Retry-After': '7'}
            ),
            httpd.answer(b'{}'),
        )
        self.get()
        self.assertEqual([7.0], self.clock.slept)

    def test_retry_after_as_a_date_is_honoured(self) -> None:
        self.server.on(
            '/x',
            httpd.answer(
                status='429 Too Many Requests',
                headers={'Retry-After': 'Fri, 20 Nov 2026 12:00:09 GMT'},
            ),
            httpd.answer(b'{}'),
        )
        self.get()
        self.assertEqual([9.0], self.clock.slept)

    def test_nobody_waits_longer_than_the_window(self) -> None:
        self.server.on(
            '/x',
            httpd.answer(
                status='429 Too Many Requests', headers={'Retry-After': '600'}
            ),
        )
        self.assertEqual(
            'the server answers 429 Too Many Requests (tried once within '
            '20 s); it asks to wait 600 s',
            self.cause(),
        )
        self.assertEqual([], self.clock.slept)

    def test_a_malformed_retry_after_is_passed_over(self) -> None:
        values = ('soon', '-1', '1e9', '²', '', *DATES_OF_NO_YEAR)
        for value in values:
            self.server.on(
                '/x',
                httpd.answer(
                    status='503 Busy', headers={'Retry-After': value}
                ),
                httpd.answer(b'{}'),
            )
            self.get()
        self.assertEqual([1.0] * len(values), self.clock.slept)

    def test_a_404_is_an_answer(self) -> None:
        answer = self.get('/nowhere')
        self.assertEqual(
            (404, 'text/plain'), (answer.status, answer.media_type)
        )

    def test_a_status_that_says_nothing_is_no_answer(self) -> None:
        self.server.on('/x', httpd.answer(status='304 Not Modified'))
        self.assertEqual('the server answers 304 Not Modified', self.cause())


class TestRedirects(WebTestCase):
    def test_one_on_the_same_server_is_followed(self) -> None:
        self.server.on('/x', httpd.redirect('/y/'))
        self.server.on('/y/', httpd.answer(b'{}'))
        self.assertEqual(self.server.url + '/y/', self.get().url)

    def test_one_to_another_host_is_never_followed(self) -> None:
        self.server.on('/x', httpd.redirect('http://user@localhost:1/y'))
        self.assertEqual(
            "redirected off the server's host, to 'localhost:1'", self.cause()
        )

    def test_one_to_another_port_is_never_followed(self) -> None:
        other = self.useFixture(httpd.Server())
        self.server.on('/x', httpd.redirect(other.url + '/x'))
        self.assertIn("redirected off the server's host", self.cause())
        self.assertEqual([], other.requests)

    def test_one_to_another_scheme_is_never_followed(self) -> None:
        for target in ('https://127.0.0.1/', 'file:///etc/passwd'):
            self.server.on('/x', httpd.redirect(target))
            self.assertIn("redirected off the server's host", self.cause())

    def test_one_to_what_is_no_url_is_not_followed(self) -> None:
        self.server.on('/x', httpd.redirect('http://['))
        self.assertEqual('redirected to what is no URL', self.cause())

    def test_a_circle_ends(self) -> None:
        self.server.on('/x', httpd.redirect('/x'))
        self.assertEqual('more than 5 redirects', self.cause())
        self.assertEqual(6, len(self.server.requests))

    def test_a_question_is_not_redirected(self) -> None:
        self.server.on('/q', httpd.redirect('/r', '307 Temporary Redirect'))
        error = self.assertRaises(
            exceptions.Unavailable,
            self.web.post,
            self.server.url + '/q',
            b'<x/>',
            'text/xml',
            max_bytes=10,
        )
        self.assertEqual('redirected, which a question never is', error.cause)

    def test_the_body_of_a_redirect_is_not_read(self) -> None:
        self.web = web.Web(hand_clocks.WallClock(), timeout=0.2)
        self.server.on(
            '/x',
            httpd.drip(
                b'HTTP/1.1 302 Found\r\nLocation: /y\r\n'
                b'Content-Length: 100000\r\n\r\n',
                b'x',
            ),
        )
        self.server.on('/y', httpd.answer(b'{}'))
        self.assertEqual(b'{}', self.get().body)


class TestWhatIsSent(WebTestCase):
    def test_who_asks_and_for_what(self) -> None:
        self.server.on('/x', httpd.answer(b'{}'))
        self.web.get(
            self.server.url + '/x',
            accept=JSON,
            max_bytes=10,
            fresh=True,
            etag='"1"',
        )
        headers = self.server.requests[0].headers
        self.assertEqual(JSON, headers['accept'])
        self.assertEqual('no-cache', headers['cache-control'])
        self.assertEqual('"1"', headers['if-none-match'])
        self.assertRegex(
            headers['user-agent'], r'^openstack-publish/\S+ \(\+https://\S+\)$'
        )

    def test_a_304_to_a_known_etag_is_an_answer(self) -> None:
        self.server.on('/x', httpd.answer(status='304 Not Modified'))
        answer = self.web.get(
            self.server.url + '/x', accept=JSON, max_bytes=10, etag='"1"'
        )
        self.assertEqual((304, b''), (answer.status, answer.body))

    def test_neither_netrc_nor_cookies_are_sent(self) -> None:
        home = pathlib.Path(self.useFixture(fixtures.TempHomeDir()).path)
        netrc = home / '.netrc'
        netrc.write_text('machine 127.0.0.1 login me password secret\n')
        netrc.chmod(0o600)
        self.server.on(
            '/x', httpd.answer(b'{}', headers={'Set-Cookie': 'a=b'})
        )
        self.get()
        self.get()
        for request in self.server.requests:
            self.assertNotIn('authorization', request.headers)
            self.assertNotIn('cookie', request.headers)

    def test_a_question_is_posted(self) -> None:
        self.server.on('/q', httpd.answer(b'<a/>', 'text/xml'))
        answer = self.web.post(
            self.server.url + '/q', b'<x/>', 'text/xml', max_bytes=10
        )
        self.assertEqual(
            (b'<a/>', 'text/xml'), (answer.body, answer.media_type)
        )
        request = self.server.requests[0]
        self.assertEqual(('POST', b'<x/>'), (request.method, request.body))

    def test_threads_may_share_a_reader(self) -> None:
        self.server.on('/x', httpd.answer(b'{}'))
        bodies: list[bytes] = []
        threads = [
            threading.Thread(target=lambda: bodies.append(self.get().body))
            for _ in range(8)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual([b'{}'] * 8, bodies)


class TestTls(WebTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.server = self.useFixture(httpd.Server(tls=True))
        self.server.on('/x', httpd.answer(b'{}'))

    def test_a_certificate_that_nobody_vouches_for_is_not_believed(
        self,
    ) -> None:
        self.assertIn('its certificate is not valid: self', self.cause())
        self.assertEqual([], self.server.requests)

    def test_a_named_bundle_is_believed(self) -> None:
        self.web = web.Web(self.clock, cert=httpd.CERTIFICATE)
        self.assertEqual(b'{}', self.get().body)

    def test_a_named_bundle_outranks_the_environment(self) -> None:
        for name in ('REQUESTS_CA_BUNDLE', 'CURL_CA_BUNDLE'):
            self.useFixture(
                fixtures.EnvironmentVariable(name, certifi.where())
            )
        self.web = web.Web(self.clock, cert=httpd.CERTIFICATE)
        self.assertEqual(b'{}', self.get().body)

    def test_a_bundle_in_the_environment_is_believed(self) -> None:
        self.useFixture(
            fixtures.EnvironmentVariable(
                'REQUESTS_CA_BUNDLE', httpd.CERTIFICATE
            )
        )
        self.assertEqual(b'{}', self.get().body)

    def test_a_client_certificate_is_shown(self) -> None:
        self.server = self.useFixture(httpd.Server(tls=True, ask_client=True))
        self.server.on('/x', httpd.answer(b'{}'))
        self.web = web.Web(self.clock, cert=httpd.CERTIFICATE)
        self.cause()
        self.web = web.Web(
            self.clock,
            cert=httpd.CERTIFICATE,
            client_cert=httpd.CERTIFICATE,
        )
        self.assertEqual(b'{}', self.get().body)

    def test_headers_that_drip_end_here_too(self) -> None:
        self.server.on('/x', httpd.drip(b'HTTP/1.1 200 OK\r\nX: ', b'x'))
        self.web = web.Web(
            hand_clocks.WallClock(), timeout=0.2, cert=httpd.CERTIFICATE
        )
        self.assertIn('no whole answer within 0.4 s', self.cause())


class TestProxies(WebTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.proxy = self.useFixture(httpd.Server())
        for name in ('http_proxy', 'https_proxy', 'all_proxy'):
            for spelled in (name, name.upper()):
                self.useFixture(
                    fixtures.EnvironmentVariable(spelled, self.proxy.url)
                )
        for name in ('no_proxy', 'NO_PROXY'):
            self.useFixture(fixtures.EnvironmentVariable(name, None))

    def test_an_index_elsewhere_is_read_through_the_proxy(self) -> None:
        error = self.assertRaises(
            exceptions.Unavailable,
            self.web.get,
            'https://index.invalid/x',
            accept=JSON,
            max_bytes=1,
        )
        self.assertIn('the proxy does not let us through', error.cause)
        self.assertEqual(
            {('CONNECT', 'index.invalid:443')},
            {(one.method, one.path) for one in self.proxy.requests},
        )

    def test_this_machine_is_never_read_through_a_proxy(self) -> None:
        self.server.on('/x', httpd.answer(b'{}'))
        self.assertEqual(b'{}', self.get().body)
        self.assertEqual([], self.proxy.requests)


class TestMisuse(WebTestCase):
    def test_what_may_not_be_asked(self) -> None:
        for url, why in (
            ('http://192.0.2.1/x', 'is http, and its host is not'),
            ('ftp://127.0.0.1/x', 'is neither https nor http'),
            ('https:///x', 'names no host'),
            ('http://127.0.0.1:port/', 'is no URL'),
            ('http://127.0.0.1/a b', 'characters that no URL may hold'),
            ('https://me:secret@127.0.0.1/', 'holds a user name'),
        ):
            error = self.assertRaises(
                exceptions.Misconfigured,
                self.web.get,
                url,
                accept=JSON,
                max_bytes=1,
            )
            self.assertIn(why, error.message)
            self.assertNotIn('secret', error.message)

    def test_a_certificate_file_that_is_not_there(self) -> None:
        for option in ('cert', 'client_cert'):
            error = self.assertRaises(
                exceptions.Misconfigured,
                web.Web,
                self.clock,
                **{option: os.devnull + '/no'},
            )
            self.assertEqual(f'{os.devnull}/no is not there', error.message)

    def test_a_certificate_that_is_not_believed(self) -> None:
        # An empty bundle is no bundle, and requests says so with an OSError.
        path = self.useFixture(fixtures.TempDir()).join('none.pem')
        pathlib.Path(path).write_text('')
        self.web = web.Web(self.clock, cert=path)
        error = self.assertRaises(
            exceptions.Unavailable,
            self.web.get,
            f'https://127.0.0.1:{self.server.port}/x',
            accept=JSON,
            max_bytes=1,
        )
        self.assertNotIn('object at', json.dumps(error.cause))
