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

"""The stand-in index is a sound HTTP server."""

from __future__ import annotations

import concurrent.futures
import email.utils
import hashlib
import http.client
import os
import pathlib
import socket
import threading
import time
import tracemalloc
from collections.abc import Iterator

import fixtures
import requests
import testtools

from openstack_publish.rehearsal import forms
from openstack_publish.rehearsal import replies
from openstack_publish.rehearsal import server
from tests.support import standin

MIB = 1024 * 1024


class TestForms(testtools.TestCase):
    def setUp(self) -> None:
        super().setUp()
        self.directory = pathlib.Path(self.useFixture(fixtures.TempDir()).path)
        self._places = 0

    def _spool(self) -> pathlib.Path:
        self._places += 1
        return self.directory / str(self._places)

    def _read(self, *chunks: bytes) -> forms.Form:
        return forms.read(
            iter(chunks), 'multipart/form-data; boundary=xyz', self._spool
        )

    def test_body_of_another_type_is_malformed(self) -> None:
        for content_type in ('', 'text/plain', 'multipart/form-data'):
            self.assertRaises(
                forms.Malformed,
                forms.read,
                iter([b'x']),
                content_type,
                self._spool,
            )

    def test_body_that_ends_early_leaves_no_file(self) -> None:
        self.assertRaises(
            forms.Malformed,
            self._read,
            b'--xyz\r\nContent-Disposition: form-data; name="content"; '
            b'filename="x"\r\n\r\nsome bytes',
        )
        self.assertEqual([], list(self.directory.iterdir()))

    def test_client_that_goes_away_leaves_no_file(self) -> None:
        def chunks() -> Iterator[bytes]:
            yield (
                b'--xyz\r\nContent-Disposition: form-data; name="content"; '
                b'filename="x"\r\n\r\nsome bytes'
            )
            raise ConnectionError('gone')

        self.assertRaises(
            ConnectionError,
            forms.read,
            chunks(),
            'multipart/form-data; boundary=xyz',
            self._spool,
        )
        self.assertEqual([], list(self.directory.iterdir()))

    def test_value_that_is_no_utf8_is_malformed(self) -> None:
        self.assertRaises(
            forms.Malformed,
            self._read,
            b'--xyz\r\nContent-Disposition: form-data; name="a"\r\n\r\n'
            b'\xff\r\n--xyz--\r\n',
        )

    def test_value_has_a_limit(self) -> None:
        error = self.assertRaises(
            forms.Malformed,
            self._read,
            b'--xyz\r\nContent-Disposition: form-data; name="a"\r\n\r\n',
            *[b'x' * MIB] * 9,
        )
        self.assertIn('8388608 bytes', str(error))

    def test_parts_come_in_any_pieces(self) -> None:
        body = (
            b'--xyz\r\nContent-Disposition: form-data; name="a"\r\n\r\n'
            b'one\r\n--xyz\r\n'
            b'Content-Disposition: form-data; name="a"\r\n\r\ntwo\r\n'
            b'--xyz\r\nContent-Disposition: form-data; name="content"; '
            b'filename="x-1.tar.gz"\r\nContent-Type: application/gzip'
            b'\r\n\r\n' + b'\r\n--xy' * 100 + b'\r\n--xyz--\r\n'
        )
        for step in (1, 7, len(body)):
            form = self._read(
                *(body[at : at + step] for at in range(0, len(body), step))
            )
            part = form.files['content']
            self.assertEqual(['one', 'two'], form.values['a'])
            self.assertEqual('one', form.first('a'))
            self.assertEqual('', form.first('b'))
            self.assertEqual(('a', 'content'), form.names)
            self.assertEqual('x-1.tar.gz', part.filename)
            self.assertEqual('application/gzip', part.content_type)
            content = b'\r\n--xy' * 100
            self.assertEqual(content, part.content.read_bytes())
            self.assertEqual(len(content), part.size)
            self.assertEqual(
                hashlib.sha256(content).hexdigest(), part.digests.sha256
            )

    def test_large_file_is_never_held_in_memory(self) -> None:
        def chunks() -> Iterator[bytes]:
            yield (
                b'--xyz\r\nContent-Disposition: form-data; name="content"; '
                b'filename="x"\r\n\r\n'
            )
            for _ in range(64 * 4):
                yield os.urandom(MIB // 4)
            yield b'\r\n--xyz--\r\n'

        tracemalloc.start()
        try:
            form = forms.read(
                chunks(), 'multipart/form-data; boundary=xyz', self._spool
            )
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
        self.assertEqual(64 * MIB, form.files['content'].size)
        self.assertLess(peak, 8 * MIB)


class TestHttp(standin.TestCase):
    def test_answer_has_a_date(self) -> None:
        stated = email.utils.parsedate_to_datetime(
            self.get('/simple/').headers['Date']
        )
        self.assertLess(abs(stated.timestamp() - time.time()), 60)

    def test_head_has_headers_and_no_body(self) -> None:
        self.accepts(self.sdist())
        url = self.index.url + '/pypi/oslo-demo/json'
        whole = requests.get(url, timeout=standin.SECONDS)
        head = requests.head(url, timeout=standin.SECONDS)
        self.assertEqual(b'', head.content)
        for name in ('Content-Length', 'ETag', 'X-PyPI-Last-Serial'):
            self.assertEqual(whole.headers[name], head.headers[name])

    def test_connection_serves_many_requests(self) -> None:
        self.accepts(self.sdist())
        connection = http.client.HTTPConnection(
            '127.0.0.1', self._port(), timeout=standin.SECONDS
        )
        self.addCleanup(connection.close)
        sockets = set()
        for path in ('/simple/', '/nothing', '/pypi/oslo-demo/json') * 2:
            connection.request('GET', path)
            connection.getresponse().read()
            assert connection.sock is not None
            sockets.add(connection.sock.getsockname())
        self.assertEqual(1, len(sockets))

    def test_refused_upload_leaves_the_connection_usable(self) -> None:
        session = requests.Session()
        self.addCleanup(session.close)
        for _ in range(2):
            response = session.post(
                self.index.upload_url,
                data=b'x' * MIB,
                timeout=standin.SECONDS,
            )
            self.assertEqual(400, response.status_code)
        self.assertEqual(
            [MIB, MIB], [each.body_bytes for each in self.index.uploads]
        )

    def test_body_without_a_length_is_refused(self) -> None:
        response = requests.post(
            self.index.upload_url,
            data=iter([b'x']),
            timeout=standin.SECONDS,
        )
        self.assertEqual(411, response.status_code)

    def test_client_that_goes_away_in_mid_body_harms_nobody(self) -> None:
        with socket.create_connection(
            ('127.0.0.1', self._port()), timeout=standin.SECONDS
        ) as client:
            client.sendall(
                b'POST /legacy/ HTTP/1.1\r\nHost: x\r\n'
                b'Content-Type: multipart/form-data; boundary=x\r\n'
                b'Content-Length: 1000\r\n\r\n--x\r\n'
            )
        self.accepts(self.sdist())

    def test_eight_clients_are_served_at_once(self) -> None:
        self.accepts(self.sdist())
        meeting = threading.Barrier(8)
        self.index.faults.before_read.append(
            lambda request: meeting.wait(standin.SECONDS)
        )
        with concurrent.futures.ThreadPoolExecutor(8) as workers:
            answers = workers.map(self.get, ['/pypi/oslo-demo/json'] * 8)
            self.assertEqual({200}, {each.status_code for each in answers})

    def test_reason_is_one_line_of_latin_1_whatever_the_name(self) -> None:
        response = requests.post(
            self.index.upload_url,
            files={
                ':action': (None, 'file_upload'),
                'name': (None, 'x\r\nSet-Cookie: a=b \N{SNOWMAN}'),
            },
            auth=('__token__', self.token),
            timeout=standin.SECONDS,
        )
        self.assertEqual(400, response.status_code)
        self.assertNotIn('Set-Cookie', response.headers)
        self.assertIn('is an invalid value for Name', response.reason)

    def test_log_tells_what_came_and_can_begin_anew(self) -> None:
        requests.get(
            self.index.url + '/simple/?x=1',
            headers={'User-Agent': 'tester/1', 'Cookie': 'a=b'},
            timeout=standin.SECONDS,
        )
        (logged,) = self.index.requests
        self.assertEqual(
            ('GET', '/simple/?x=1', 'simple', 200, 'tester/1', False),
            (
                logged.method,
                logged.path,
                logged.route,
                logged.status,
                logged.user_agent,
                logged.authorized,
            ),
        )
        self.assertNotIn('cookie', logged.headers)
        self.assertEqual((), self.index.uploads)
        self.index.forget_requests()
        self.assertEqual((), self.index.requests)

    def test_unknown_paths_are_not_found(self) -> None:
        for path in ('/', '/help/', '/pypi/', '/project/x/', '/legacy/'):
            self.assertEqual(404, self.get(path).status_code)
        response = requests.post(
            self.index.url + '/simple/', data=b'x', timeout=standin.SECONDS
        )
        self.assertEqual(404, response.status_code)

    def test_latency_makes_each_request_longer(self) -> None:
        self.index.latency_ms = 100
        for act in (
            lambda: self.get('/simple/'),
            lambda: self.accepts(self.sdist()),
        ):
            began = time.monotonic()
            act()
            self.assertGreaterEqual(time.monotonic() - began, 0.1)

    def _port(self) -> int:
        return int(self.index.url.rpartition(':')[2])


class TestLife(testtools.TestCase):
    def test_index_that_stopped_is_gone_with_its_files(self) -> None:
        index = server.StandInIndex().start()
        kept = requests.Session()
        self.addCleanup(kept.close)
        kept.get(index.url + '/simple/', timeout=standin.SECONDS)
        index.stop()
        self.assertFalse(index.store.directory.exists())
        self.assertRaises(
            requests.ConnectionError,
            kept.get,
            index.url + '/simple/',
            timeout=standin.SECONDS,
        )

    def test_index_that_stops_ends_slow_answers(self) -> None:
        with server.StandInIndex() as index:
            index.faults.set('slow-answer')
            with concurrent.futures.ThreadPoolExecutor(1) as worker:
                answer = worker.submit(
                    requests.get,
                    index.url + '/simple/',
                    timeout=standin.SECONDS,
                )
                while not index.requests:
                    time.sleep(0.005)
                began = time.monotonic()
                index.stop()
                self.assertIsInstance(
                    answer.exception(), requests.ConnectionError
                )
        self.assertLess(time.monotonic() - began, 5)

    def test_index_that_never_started_stops(self) -> None:
        index = server.StandInIndex()
        index.stop()
        self.assertFalse(index.store.directory.exists())

    def test_named_directory_and_port_are_used(self) -> None:
        directory = self.useFixture(fixtures.TempDir()).path
        with server.StandInIndex(pathlib.Path(directory)) as index:
            port = int(index.url.rpartition(':')[2])
            index.store.add_file('x', '1', 'x-1.tar.gz', b'content')
        self.assertEqual(1, len(os.listdir(directory)))
        with server.StandInIndex(port=port) as again:
            self.assertEqual(index.url, again.url)

    def test_index_listens_on_loopback_only(self) -> None:
        with server.StandInIndex() as index:
            self.assertTrue(index.url.startswith('http://127.0.0.1:'))

    def test_error_of_the_stand_in_is_told(self) -> None:
        self.useFixture(fixtures.FakeLogger('openstack_publish.rehearsal'))

        def broken(request: replies.Request) -> None:
            raise RuntimeError('broken hook')

        with server.StandInIndex() as index:
            index.faults.before_read.append(broken)
            response = requests.get(
                index.url + '/simple/', timeout=standin.SECONDS
            )
            self.assertEqual(500, response.status_code)
            (error,) = index.errors
            self.assertEqual('broken hook', str(error))
