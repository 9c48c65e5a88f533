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

import base64
import contextlib
import dataclasses
import datetime
import email
import email.message
import email.policy
import hashlib
import io
import logging
import os
import pathlib
import threading
import time

import fixtures
import pypitoken
import rich
import testtools

from openstack_publish import exceptions
from openstack_publish import seams
from openstack_publish.gates import credentials
from openstack_publish.gates import uploader
from openstack_publish.model import distribution
from openstack_publish.model import names
from tests.support import artifacts
from tests.support import hand_clocks
from tests.support import httpd
from tests.support import standin

NAME, VERSION = 'oslo.demo', '1.2.0'
PROJECT = names.project_name(NAME)
NOW = hand_clocks.NOW
TOKEN = pypitoken.Token.create(
    domain='pypi.example',
    identifier='11111111-2222-4333-8444-555555555555',
    key='key',
).dump()


def described(path: str, name: str = NAME) -> distribution.Distribution:
    """Return a file as its reader would."""
    content = pathlib.Path(path).read_bytes()
    return distribution.Distribution(
        path,
        os.path.basename(path),
        'bdist_wheel' if path.endswith('.whl') else 'sdist',
        len(content),
        hashlib.sha256(content).hexdigest(),
        hashlib.blake2b(content, digest_size=32).hexdigest(),
        distribution.Metadata('2.4', name, VERSION),
        None,
    )


def parts(request: httpd.Request) -> dict[str, email.message.EmailMessage]:
    """Return the fields of an upload's form, by name."""
    head = f'Content-Type: {request.headers["content-type"]}\r\n\r\n'
    message = email.message_from_bytes(
        head.encode() + request.body, policy=email.policy.HTTP
    )
    found: dict[str, email.message.EmailMessage] = {}
    for part in message.walk():
        name = part.get_param('name', header='content-disposition')
        if isinstance(name, str):
            found[name] = part
    return found


class UploaderTestCase(testtools.TestCase):
    def setUp(self) -> None:
        super().setUp()
        self.useFixture(fixtures.TempHomeDir())
        self.log = self.useFixture(fixtures.FakeLogger(level=logging.DEBUG))
        self.directory = self.useFixture(fixtures.TempDir()).path
        self.sdist = described(
            artifacts.write_sdist(self.directory, NAME, VERSION)
        )
        asc = pathlib.Path(self.directory, 'elsewhere.asc')
        asc.write_bytes(b'the signature')
        self.signature = seams.CheckedFile(
            str(asc), hashlib.sha256(b'the signature').hexdigest()
        )
        self.clock = hand_clocks.HandClock()
        self.progress: list[tuple[int, int]] = []

    def sender(
        self,
        url: str,
        *,
        username: str | None = None,
        password: str | None = TOKEN,
        timeout: float = uploader.TIMEOUT,
        attestations: bool = False,
        clock: seams.Clock | None = None,
    ) -> uploader.TwineUploader:
        return uploader.TwineUploader(
            credentials.TwineCredentials(
                credentials.UploadSettings(
                    repository_url=url,
                    username=username,
                    password=password,
                    non_interactive=True,
                )
            ),
            clock or self.clock,
            timeout=timeout,
            attestations=attestations,
        )

    def send(
        self,
        to: uploader.TwineUploader,
        dist: distribution.Distribution | None = None,
        now: datetime.datetime = NOW,
    ) -> seams.UploadAnswer:
        return to.upload(
            dist or self.sdist,
            self.signature,
            now,
            lambda done, total: self.progress.append((done, total)),
        )


class AgainstAServer(UploaderTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.server = self.useFixture(httpd.Server())
        self.url = f'{self.server.url}/legacy/'
        self.server.on('/legacy/', httpd.answer(b'200 OK', 'text/html'))

    def answer(self, reply: httpd.Reply | None = None) -> seams.UploadAnswer:
        if reply is not None:
            self.server.on('/legacy/', reply)
        return self.send(self.sender(self.url))


class TestAnswers(AgainstAServer):
    """What a status line says, and what it leaves in doubt."""

    def test_200_is_stored(self) -> None:
        self.assertEqual(
            seams.UploadAnswer('stored', 200, 'OK'), self.answer()
        )

    def test_every_other_status(self) -> None:
        for status, outcome in (
            ('201 Created', 'doubtful'),
            ('202 Accepted', 'doubtful'),
            ('400 Bad Request', 'doubtful'),
            ('401 Unauthorized', 'refused'),
            ("403 Invalid API Token: it's expired", 'refused'),
            ('404 Not Found', 'refused'),
            ('409 Conflict', 'doubtful'),
            ('410 Gone', 'refused'),
            ('429 Too Many Requests', 'refused'),
            ('500 Internal Server Error', 'doubtful'),
            ('503 Service Unavailable', 'doubtful'),
        ):
            self.assertEqual(
                seams.UploadAnswer(
                    outcome,  # type: ignore[arg-type]
                    int(status[:3]),
                    status[4:],
                ),
                self.answer(httpd.answer(status=status)),
            )

    def test_no_answer_is_posted_again(self) -> None:
        self.answer(httpd.answer(status='500 Internal Server Error'))
        self.answer(httpd.reset)
        self.assertEqual(2, len(self.server.requests))
        self.assertEqual([], self.clock.slept)

    def test_a_reason_in_utf_8_is_read_as_it_was_meant(self) -> None:
        self.assertEqual(
            'Nicht möglich ☃ später',
            self.answer(
                httpd.answer(status='400 Nicht möglich ☃ später')
            ).reason,
        )

    def test_a_reason_in_latin_1_too(self) -> None:
        self.assertEqual(
            'möglich',
            self.answer(
                httpd.raw(
                    b'HTTP/1.1 400 m\xf6glich\r\nContent-Length: 0\r\n\r\n'
                )
            ).reason,
        )

    def test_an_endless_reason_is_cut(self) -> None:
        reason = self.answer(httpd.answer(status='400 ' + 'x' * 9000)).reason
        self.assertEqual('x' * 2000 + ' … (cut at 2000 characters)', reason)

    def test_retry_after_is_told(self) -> None:
        for value, seconds in (
            ('60', 60.0),
            ('Fri, 20 Nov 2026 12:01:00 GMT', 60.0),
            ('Fri, 20 Nov 2026 11:00:00 GMT', 0.0),
            ('later', None),
            ('1 Jan 99999999999999999999 00:00:00 GMT', None),
        ):
            self.assertEqual(
                seconds,
                self.answer(
                    httpd.answer(
                        status='503 Busy', headers={'Retry-After': value}
                    )
                ).retry_after,
            )

    def test_a_redirect_is_refused_and_names_the_host_only(self) -> None:
        for location, host in (
            ('https://h.example/x?token=y', "'h.example'"),
            ('https://me:secret@h.example:8/', "'h.example:8'"),
            ('/elsewhere/', f"'127.0.0.1:{self.server.port}'"),
            ('http://[', 'what is no URL'),
        ):
            self.assertEqual(
                seams.UploadAnswer('refused', 301, f'redirected to {host}'),
                self.answer(httpd.redirect(location)),
            )
        self.assertEqual(
            {'/legacy/'}, {request.path for request in self.server.requests}
        )

    def test_the_body_of_an_answer_is_not_waited_for(self) -> None:
        answer = self.answer(
            httpd.drip(
                b'HTTP/1.1 403 No\r\nContent-Length: 100000\r\n\r\n', b'x'
            )
        )
        self.assertEqual(seams.UploadAnswer('refused', 403, 'No'), answer)

    def test_a_server_that_repeats_our_secret_is_not_quoted(self) -> None:
        def reply(exchange: httpd.Exchange) -> None:
            pair = exchange.request.headers['authorization'].split()[1]
            secret = base64.b64decode(pair).decode().partition(':')[2]
            httpd.answer(status=f'403 {pair} or {secret}')(exchange)

        self.assertEqual('<secret> or <secret>', self.answer(reply).reason)


class TestNoAnswer(AgainstAServer):
    """Whatever happens on the way leaves a doubt, never an exception."""

    def doubt(
        self, reply: httpd.Reply, timeout: float = uploader.TIMEOUT
    ) -> str:
        self.server.on('/legacy/', reply)
        answer = self.send(
            self.sender(
                self.url, timeout=timeout, clock=hand_clocks.WallClock()
            )
        )
        self.assertEqual(('doubtful', None), (answer.outcome, answer.status))
        self.assertNotIn('object at', answer.reason)
        return answer.reason

    def test_a_reset(self) -> None:
        self.assertEqual(
            'the server closed the connection', self.doubt(httpd.reset)
        )

    def test_a_connection_closed_without_a_word(self) -> None:
        self.assertEqual(
            'the server closed the connection', self.doubt(httpd.raw(b''))
        )

    def test_what_is_no_http(self) -> None:
        self.assertEqual(
            'what came back is not HTTP', self.doubt(httpd.raw(b'?\r\n'))
        )

    def test_silence(self) -> None:
        self.assertEqual(
            'no answer within 0.3 s', self.doubt(httpd.silent, 0.3)
        )

    def test_headers_that_drip(self) -> None:
        began = time.monotonic()
        self.assertEqual(
            'no answer within 0.5 s',
            self.doubt(httpd.drip(b'HTTP/1.1 200 OK\r\nX: ', b'x'), 0.5),
        )
        self.assertLess(time.monotonic() - began, 5)

    def test_nobody_there(self) -> None:
        port = httpd.free_port()
        answer = self.send(self.sender(f'http://127.0.0.1:{port}/'))
        self.assertEqual(
            seams.UploadAnswer('doubtful', None, 'connection refused'),
            answer,
        )

    def test_tls_to_a_server_without_it(self) -> None:
        answer = self.send(
            self.sender(f'https://127.0.0.1:{self.server.port}/')
        )
        self.assertEqual('doubtful', answer.outcome)
        self.assertIn('TLS: ', answer.reason)


class TestWhatIsSent(AgainstAServer):
    def setUp(self) -> None:
        super().setUp()
        netrc = pathlib.Path(os.environ['HOME'], '.netrc')
        netrc.write_text('machine 127.0.0.1 login other password other\n')
        netrc.chmod(0o600)

    def test_the_file_and_its_signature_go_together(self) -> None:
        self.answer()
        (request,) = self.server.requests
        form = parts(request)
        content = form['content']
        self.assertEqual(self.sdist.filename, content.get_filename())
        self.assertEqual(
            pathlib.Path(self.sdist.path).read_bytes(),
            content.get_payload(decode=True),
        )
        # The name is the file's own, wherever the signature lay.
        self.assertEqual(
            f'{self.sdist.filename}.asc',
            form['gpg_signature'].get_filename(),
        )
        self.assertEqual(
            b'the signature', form['gpg_signature'].get_payload(decode=True)
        )
        self.assertEqual(
            self.sdist.sha256, form['sha256_digest'].get_payload()
        )

    def test_a_file_may_go_without_a_signature(self) -> None:
        self.sender(self.url).upload(
            self.sdist, None, NOW, lambda done, total: None
        )
        self.assertNotIn('gpg_signature', parts(self.server.requests[0]))

    def test_the_token_is_narrowed_to_this_very_moment(self) -> None:
        later = NOW + datetime.timedelta(hours=1)
        to = self.sender(self.url)
        self.send(to)
        self.send(to, now=later)
        for request, now in zip(
            self.server.requests, (NOW, later), strict=True
        ):
            pair = request.headers['authorization'].split()[1]
            user, _, sent = base64.b64decode(pair).decode().partition(':')
            self.assertEqual('__token__', user)
            self.assertNotEqual(TOKEN, sent)
            moment = int(now.timestamp())
            self.assertEqual(
                [
                    pypitoken.DateRestriction(moment - 300, moment + 900),
                    pypitoken.ProjectNamesRestriction([PROJECT]),
                ],
                pypitoken.Token.load(sent).restrictions,
            )

    def test_a_password_beyond_latin_1_is_sent_as_utf_8(self) -> None:
        to = self.sender(self.url, username='me', password='pässwörd☃☃')
        self.assertEqual('stored', self.send(to).outcome)
        pair = self.server.requests[0].headers['authorization'].split()[1]
        self.assertEqual('me:pässwörd☃☃', base64.b64decode(pair).decode())

    def test_twine_and_we_say_who_we_are(self) -> None:
        self.answer()
        self.assertRegex(
            self.server.requests[0].headers['user-agent'],
            r'^twine/\S+ .*openstack-publish/\S+ \(\+https://\S+\)$',
        )

    def test_attestations_go_only_where_they_are_wanted(self) -> None:
        for kind in ('publish', 'build'):
            pathlib.Path(f'{self.sdist.path}.{kind}.attestation').write_text(
                f'{{"kind": "{kind}"}}'
            )
        self.answer()
        self.send(self.sender(self.url, attestations=True))
        without, with_them = self.server.requests
        self.assertNotIn('attestations', parts(without))
        self.assertEqual(
            '[{"kind": "build"}, {"kind": "publish"}]',
            parts(with_them)['attestations'].get_payload(),
        )

    def test_progress_runs_from_the_first_byte_to_the_last(self) -> None:
        big = described(
            artifacts.write_sdist(
                self.directory,
                NAME,
                '1.2.1',
                extra={'noise': os.urandom(200_000)},
            )
        )
        self.send(self.sender(self.url), big)
        done = [one for one, _ in self.progress]
        totals = {total for _, total in self.progress}
        self.assertEqual(1, len(totals))
        self.assertEqual(sorted(done), done)
        self.assertEqual(totals.pop(), done[-1])
        self.assertGreater(len(set(done)), 5)

    def test_nothing_is_printed(self) -> None:
        stdout, stderr = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(stdout):
            with contextlib.redirect_stderr(stderr):
                self.answer()
                self.answer(httpd.answer(status='500 Oops'))
        self.assertEqual('', stdout.getvalue() + stderr.getvalue())

    def test_other_threads_go_on_printing_meanwhile(self) -> None:
        stdout = io.StringIO()

        def reply(exchange: httpd.Exchange) -> None:
            # On the server's thread, while the upload waits.
            rich.print('from another thread')
            httpd.answer()(exchange)

        with contextlib.redirect_stdout(stdout):
            self.answer(reply)
        self.assertEqual('from another thread\n', stdout.getvalue())

    def test_uploads_may_run_side_by_side(self) -> None:
        to = self.sender(self.url)
        answers: list[seams.UploadAnswer] = []
        threads = [
            threading.Thread(target=lambda: answers.append(self.send(to)))
            for _ in range(4)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(
            ['stored'] * 4, [answer.outcome for answer in answers]
        )


class TestWhereItGoes(AgainstAServer):
    def test_a_token_is_never_sent_through_a_proxy_to_this_machine(
        self,
    ) -> None:
        proxy = self.useFixture(httpd.Server())
        for name in ('http_proxy', 'HTTP_PROXY', 'ALL_PROXY'):
            self.useFixture(fixtures.EnvironmentVariable(name, proxy.url))
        for name in ('no_proxy', 'NO_PROXY'):
            self.useFixture(fixtures.EnvironmentVariable(name, None))
        self.assertEqual('stored', self.answer().outcome)
        self.assertEqual([], proxy.requests)

    def test_a_certificate_that_nobody_vouches_for_gets_nothing(
        self,
    ) -> None:
        server = self.useFixture(httpd.Server(tls=True))
        answer = self.send(self.sender(server.url + '/'))
        self.assertEqual('doubtful', answer.outcome)
        self.assertIn('its certificate is not valid', answer.reason)
        self.assertEqual([], server.requests)

    def test_a_named_bundle_and_client_certificate_are_used(self) -> None:
        server = self.useFixture(httpd.Server(tls=True, ask_client=True))
        server.on('/', httpd.answer())
        self.useFixture(
            fixtures.EnvironmentVariable('REQUESTS_CA_BUNDLE', os.devnull)
        )
        to = uploader.TwineUploader(
            credentials.TwineCredentials(
                credentials.UploadSettings(
                    repository_url=server.url + '/',
                    password=TOKEN,
                    cert=httpd.CERTIFICATE,
                    client_cert=httpd.CERTIFICATE,
                )
            ),
            self.clock,
        )
        self.assertEqual('stored', self.send(to).outcome)


class TestWhatIsNotSent(AgainstAServer):
    """Nothing goes out where the file is not the one that was checked."""

    def refused(
        self,
        dist: distribution.Distribution | None = None,
        to: uploader.TwineUploader | None = None,
    ) -> str:
        error = self.assertRaises(
            exceptions.Misconfigured,
            self.send,
            to or self.sender(self.url),
            dist,
        )
        self.assertEqual([], self.server.requests)
        return str(error.message)

    def written(self, name: str, content: bytes) -> distribution.Distribution:
        path = os.path.join(self.directory, name)
        pathlib.Path(path).write_bytes(content)
        return described(path)

    def test_a_signature_that_changed(self) -> None:
        pathlib.Path(self.signature.path).write_bytes(b'another one')
        sha256 = hashlib.sha256(b'another one').hexdigest()
        self.assertEqual(
            f'{self.signature.path} changed since it was verified: sha256 '
            f'{sha256}, before {self.signature.sha256}',
            self.refused(),
        )

    def test_a_file_that_changed(self) -> None:
        was = dataclasses.replace(self.sdist, sha256='0' * 64)
        self.assertEqual(
            f'{was.filename} changed since it was read: sha256 '
            f'{self.sdist.sha256}, before {was.sha256}',
            self.refused(was),
        )

    def test_a_file_with_another_name_inside(self) -> None:
        other = described(self.sdist.path, name='os-vif')
        self.assertEqual(
            f"{other.filename}: twine reads the name 'oslo.demo', we read "
            'os-vif',
            self.refused(other),
        )

    def test_files_that_twine_cannot_read(self) -> None:
        whole = pathlib.Path(self.sdist.path).read_bytes()
        for name, content in (
            ('oslo_demo-1.2.0.exe', b'MZ'),
            ('oslo_demo-1.2.1.tar.gz', b''),
            ('oslo_demo-1.2.2.tar.gz', b'no archive'),
            ('oslo_demo-1.2.3.tar.gz', whole[: len(whole) // 2]),
            ('oslo_demo-1.2.4-py3-none-any.whl', b'PK\x03\x04'),
            ('oslo_demo-1.2.5-py3-none-any.whl', whole),
            ('oslo_demo.whl', b''),
        ):
            self.assertIn(name, self.refused(self.written(name, content)))

    def test_metadata_that_twine_refuses(self) -> None:
        odd = described(
            artifacts.write_sdist(
                self.directory,
                NAME,
                '1.2.6',
                metadata={'Requires-Python': 'always'},
            )
        )
        self.assertIn(
            f'{odd.filename}: Invalid distribution metadata', self.refused(odd)
        )

    def test_a_file_that_is_gone(self) -> None:
        gone = dataclasses.replace(self.sdist, path='/no/oslo.tar.gz')
        self.assertIn(self.sdist.filename, self.refused(gone))

    def test_a_signature_that_is_gone(self) -> None:
        self.signature = seams.CheckedFile('/no/such.asc', '0' * 64)
        self.assertIn('/no/such.asc', self.refused())

    def test_attestations_that_are_wanted_and_not_there(self) -> None:
        self.assertIn(
            'has none beside it',
            self.refused(to=self.sender(self.url, attestations=True)),
        )

    def test_an_attestation_that_is_no_json(self) -> None:
        pathlib.Path(f'{self.sdist.path}.x.attestation').write_text('{')
        self.assertIn(
            'invalid JSON in attestation',
            self.refused(to=self.sender(self.url, attestations=True)),
        )

    def test_nothing_without_a_credential(self) -> None:
        to = self.sender(self.url, password=None)
        self.assertIsNone(to.read_credential(NOW))
        self.assertEqual(
            'there is no credential to upload with', self.refused(to=to)
        )


class TestSecrets(AgainstAServer):
    def test_the_token_is_in_no_log_line_answer_or_repr(self) -> None:
        to = self.sender(self.url)
        answers = [
            self.send(to),
            self.answer(httpd.answer(status='403 No')),
            self.answer(httpd.reset),
            self.answer(httpd.redirect('https://h.example/')),
        ]
        sent = set()
        for request in self.server.requests:
            pair = request.headers['authorization'].split()[1]
            sent |= {pair, base64.b64decode(pair).decode().partition(':')[2]}
        told = self.log.output + repr((to, vars(to), answers))
        told += repr(to.read_credential(NOW))
        for secret in {TOKEN, *sent}:
            self.assertNotIn(secret, told)
            # Nor a part that would be enough to know it.
            self.assertNotIn(secret[40:80], told)
        self.assertIn('POST /legacy/', self.log.output)


class TestAgainstTheStandIn(UploaderTestCase):
    """The answers of a server that was written after PyPI's."""

    def setUp(self) -> None:
        super().setUp()
        self.standin = self.useFixture(standin.StandIn()).index
        self.store = self.standin.store
        self.store.add_user('openstackci')
        self.store.add_user('mallory')
        self.store.add_project(NAME, owner='openstackci')

    def answer(
        self,
        user: str = 'openstackci',
        projects: tuple[str, ...] | None = None,
        dist: distribution.Distribution | None = None,
    ) -> seams.UploadAnswer:
        to = self.sender(
            self.standin.upload_url,
            password=self.standin.token(user, projects=projects),
        )
        now = datetime.datetime.now(datetime.UTC)
        return self.send(to, dist, now.replace(microsecond=0))

    def test_a_file_is_stored_and_stored_again(self) -> None:
        self.assertEqual('stored', self.answer().outcome)
        self.assertEqual('stored', self.answer().outcome)
        self.assertEqual(2, len(self.standin.uploads))

    def test_a_new_project_is_created(self) -> None:
        path = artifacts.write_wheel(self.directory, 'brand.new', VERSION)
        answer = self.answer(dist=described(path, 'brand.new'))
        self.assertEqual('stored', answer.outcome)

    def test_other_bytes_under_our_name_leave_a_doubt(self) -> None:
        self.store.add_file(NAME, VERSION, self.sdist.filename, b'other')
        answer = self.answer()
        self.assertEqual(('doubtful', 400), (answer.outcome, answer.status))
        self.assertIn('File already exists', answer.reason)

    def test_what_is_not_allowed_is_refused_in_its_words(self) -> None:
        answer = self.answer('mallory')
        self.assertEqual(('refused', 403), (answer.outcome, answer.status))
        self.assertIn(
            "The user 'mallory' isn't allowed to upload to project "
            "'oslo.demo'",
            answer.reason,
        )

    def test_a_token_for_another_project_is_refused(self) -> None:
        answer = self.answer(projects=('os-vif',))
        self.assertEqual(
            seams.UploadAnswer(
                'refused',
                403,
                'Invalid API Token: project-scoped token is not valid for '
                "project: 'oslo.demo'",
            ),
            answer,
        )

    def test_an_upload_with_an_old_clock_is_refused(self) -> None:
        to = self.sender(
            self.standin.upload_url,
            password=self.standin.token('openstackci'),
        )
        answer = self.send(to, now=NOW - datetime.timedelta(days=1))
        self.assertEqual(
            seams.UploadAnswer(
                'refused', 403, 'Invalid API Token: token is expired'
            ),
            answer,
        )
