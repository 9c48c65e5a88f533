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

"""The doctor: one line each, within its time, and nothing is left behind."""

from __future__ import annotations

import datetime
import email.utils
import json
import os
import tempfile
import time

import fixtures

from openstack_publish.gates import openpgp
from tests.functional import base
from tests.support import httpd
from tests.support import keys
from tests.support import scene

NAMES = [
    'gpg',
    'sockets',
    'key',
    'index',
    'clock',
    'token',
    'policy',
    'checkout',
]
PAGE = '/simple/openstack-publish/'


class DoctorTest(base.SceneTest):
    def setUp(self) -> None:
        super().setUp()
        # What a loaded machine needs is no matter here, but in one test.
        self.limit(60.0)

    def limit(self, seconds: float) -> None:
        self.useFixture(
            fixtures.MonkeyPatch('openstack_publish.doctor.LIMIT', seconds)
        )

    def examine(
        self,
        *more: str,
        token: str | None = '',
        key: bool = True,
        releases: bool = True,
        url: str | None = None,
        environment: dict[str, str] | None = None,
    ) -> scene.Result:
        """Run ``doctor`` with all that a release job has."""
        words = ['doctor', '-f', 'json', '--repository-url']
        words.append(url or self.scene.index.upload_url)
        if key:
            words += ['--sign-key-file', self.scene.release.secret_key_file]
        if releases:
            words += ['--releases', str(self.scene.releases_dir)]
        changed = dict(environment or {})
        if token is not None:
            changed['TWINE_PASSWORD'] = token or self.scene.token
        return scene.run([*words, *more], changed)

    def checks(self, result: scene.Result) -> dict[str, tuple[str, str]]:
        """Return verdict and detail by name, all of them in order."""
        document = json.loads(result.stdout)
        for check in document:
            self.assertEqual(['name', 'verdict', 'detail'], list(check))
        self.assertEqual(NAMES, [check['name'] for check in document])
        return {
            check['name']: (check['verdict'], check['detail'])
            for check in document
        }

    def assertOnly(
        self, result: scene.Result, code: int, **expected: tuple[str, str]
    ) -> None:
        """These lines have this verdict and these words; the rest held."""
        found = self.checks(result)
        self.assertEqual(
            {name: verdict for name, (verdict, _) in expected.items()},
            {
                name: verdict
                for name, (verdict, _) in found.items()
                if verdict != 'held'
            },
            result.stdout,
        )
        for name, (_, words) in expected.items():
            self.assertIn(words, found[name][1])
        self.assertEqual(code, result.code, result.stderr)


class TestHeld(DoctorTest):
    def test_where_all_is_well_everything_holds(self) -> None:
        result = self.examine('--project', self.scene.project)
        self.assertOnly(result, 0)
        found = self.checks(result)
        self.assertIn('trusted', found['key'][1])
        self.assertIn('expires on', found['key'][1])
        self.assertIn('HEAD ', found['checkout'][1])
        self.assertIn('GnuPG 2.', found['gpg'][1])
        self.assertEqual('', result.stderr)

    def test_it_sends_nothing_and_leaves_nothing(self) -> None:
        where = self.useFixture(keys.ShortDirectory()).path
        self.useFixture(fixtures.MonkeyPatch('tempfile.tempdir', where))
        self.assertEqual(0, self.examine().code)
        self.assertSentNothing()
        self.assertEqual([], os.listdir(where))
        self.assertEqual([], keys.agents_left(where))
        self.assertEqual(
            [('GET', PAGE)],
            [
                (asked.method, asked.path)
                for asked in self.scene.index.requests
            ],
        )

    def test_what_is_not_given_does_not_fail(self) -> None:
        result = self.examine(key=False, releases=False, token=None)
        self.assertOnly(result, 0)
        for name in ('key', 'token', 'checkout'):
            self.assertRegex(self.checks(result)[name][1], '^not given: ')

    def test_a_person_gets_a_line_each(self) -> None:
        result = self.examine('-f', 'text')
        lines = result.stdout.splitlines()
        self.assertEqual(
            [('held', name) for name in NAMES],
            [tuple(line.split()[:2]) for line in lines],
        )

    def test_no_secret_is_shown(self) -> None:
        result = self.examine('-f', 'text')
        self.assertNotIn('pypi-Ag', result.stdout + result.stderr)


class TestGnuPG(DoctorTest):
    def test_without_gpg_nothing_can_be_signed(self) -> None:
        empty = self.useFixture(fixtures.TempDir()).path
        result = self.examine(environment={'PATH': empty})
        found = self.checks(result)
        self.assertEqual(1, result.code)
        self.assertEqual('failed', found['gpg'][0])
        self.assertIn('not installed', found['gpg'][1])
        self.assertEqual('unknown', found['key'][0])

    def test_too_long_a_path_for_the_sockets_fails(self) -> None:
        long = os.path.join(tempfile.gettempdir(), 'x' * 90)
        self.useFixture(fixtures.MonkeyPatch('tempfile.tempdir', long))
        os.mkdir(long)
        self.addCleanup(os.rmdir, long)
        result = self.examine(key=False)
        self.assertOnly(result, 1, sockets=('failed', 'at most 86 bytes'))

    def test_a_home_that_is_not_there_fails(self) -> None:
        ring = self.useFixture(keys.Keyring())
        key = ring.generate()
        result = self.examine(
            *('--gnupg-home', '/no/such/home', '--sign-key', key.primary),
            key=False,
        )
        found = self.checks(result)
        self.assertEqual(1, result.code)
        self.assertEqual('failed', found['gpg'][0])
        self.assertEqual('failed', found['key'][0])

    def test_an_expired_key_fails(self) -> None:
        ring = self.useFixture(keys.Keyring())
        key = ring.generate(when='20200131T120000')
        result = self.examine(
            *('--gnupg-home', ring.home, '--sign-key', key.primary),
            *('--trusted-key', key.primary),
            key=False,
        )
        self.assertOnly(result, 1, key=('failed', 'expired on 2021-01-30'))

    def test_a_key_that_is_not_trusted_fails(self) -> None:
        ring = self.useFixture(keys.Keyring())
        key = ring.generate()
        own = ('--gnupg-home', ring.home, '--sign-key', key.primary)
        result = self.examine(*own, key=False)
        self.assertOnly(result, 1, key=('failed', 'is not among the trusted'))
        public = ring.public_file(key)
        self.assertOnly(
            self.examine(*own, '--trusted-key', public, key=False), 0
        )

    def test_without_a_checkout_trust_is_left_open(self) -> None:
        result = self.examine(releases=False)
        self.assertOnly(result, 0)
        self.assertIn('not judged', self.checks(result)['key'][1])

    def test_a_trusted_key_that_is_not_there_fails(self) -> None:
        result = self.examine('--trusted-key', 'nowhere.asc')
        self.assertOnly(result, 1, key=('failed', 'nowhere.asc'))

    def test_a_fingerprint_that_is_none_fails(self) -> None:
        result = self.examine('--sign-key', 'F00')
        self.assertOnly(result, 1, key=('failed', '40 hexadecimal digits'))


class TestIndex(DoctorTest):
    def server(self, *replies: httpd.Reply) -> str:
        """Return the upload URL of an index that answers so."""
        server = self.useFixture(httpd.Server())
        server.on(PAGE, *replies)
        return f'{server.url}/legacy/'

    def dated(self, seconds: float) -> httpd.Reply:
        """Answer as an index whose clock is so far ahead of ours."""
        when = datetime.datetime.now(datetime.UTC) + datetime.timedelta(
            seconds=seconds
        )
        date = email.utils.format_datetime(when, usegmt=True)
        return httpd.answer(
            b'404 Not Found',
            'text/plain',
            '404 Not Found',
            {'Date': date},
        )

    def test_an_index_that_is_away_is_unknown(self) -> None:
        url = f'http://127.0.0.1:{httpd.free_port()}/legacy/'
        self.assertOnly(
            self.examine(url=url),
            3,
            index=('unknown', 'connection refused'),
            clock=('unknown', 'did not answer'),
        )

    def test_what_failed_outranks_what_is_unknown(self) -> None:
        url = f'http://127.0.0.1:{httpd.free_port()}/legacy/'
        now = datetime.datetime.now(datetime.UTC)
        expired = self.scene.index.token(
            scene.USER,
            not_before=now - datetime.timedelta(hours=2),
            not_after=now - datetime.timedelta(hours=1),
        )
        self.assertOnly(
            self.examine(url=url, token=expired),
            1,
            index=('unknown', ''),
            clock=('unknown', ''),
            token=('failed', 'the token ended at'),
        )

    def test_an_index_that_says_nothing_is_not_waited_for(self) -> None:
        self.limit(1.0)
        began = time.monotonic()
        result = self.examine(
            key=False, releases=False, url=self.server(httpd.silent)
        )
        # As long as a server may be silent elsewhere.
        self.assertLess(time.monotonic() - began, 60)
        self.assertEqual(3, result.code)
        self.assertEqual('unknown', self.checks(result)['index'][0])

    def test_whoever_answers_must_be_an_index(self) -> None:
        portal = httpd.answer(b'<h1>Log in</h1>', 'text/html', '403 No')
        missing = httpd.answer(b'<h1>No</h1>', 'text/html', '404 Not Found')
        for reply in (portal, missing):
            self.assertOnly(
                self.examine(url=self.server(reply)),
                3,
                index=('unknown', 'not in the words of an index'),
                clock=('unknown', ''),
            )

    def test_a_clock_that_is_ahead_fails(self) -> None:
        """The index would say that our tokens are not valid yet."""
        self.assertOnly(
            self.examine(url=self.server(self.dated(-400))),
            1,
            clock=('failed', "s ahead of the index's clock"),
        )

    def test_a_clock_that_is_behind_fails(self) -> None:
        self.assertOnly(
            self.examine(url=self.server(self.dated(400))),
            1,
            clock=('failed', "s behind the index's clock"),
        )

    def test_a_clock_may_be_a_little_off(self) -> None:
        for seconds in (-200, 200):
            url = self.server(self.dated(seconds))
            self.assertOnly(self.examine(url=url), 0)

    def test_without_a_date_the_clock_is_unknown(self) -> None:
        url = self.server(
            httpd.answer(b'404 Not Found', 'text/plain', '404 Not Found')
        )
        self.assertOnly(
            self.examine(url=url), 3, clock=('unknown', 'without a Date')
        )

    def test_an_address_that_may_not_be_asked_fails(self) -> None:
        result = self.examine('--read-url', 'http://index.example/')
        self.assertOnly(
            result,
            1,
            index=('failed', 'index.example'),
            clock=('unknown', ''),
        )


class TestPapers(DoctorTest):
    def test_a_checkout_that_is_not_there_fails(self) -> None:
        result = self.examine(
            '--releases', '/no/such/checkout', releases=False
        )
        self.assertOnly(
            result,
            1,
            checkout=('failed', '/no/such/checkout'),
            key=('unknown', 'which keys are trusted'),
        )

    def test_a_changed_deliverable_fails(self) -> None:
        path = self.scene.releases_dir / self.scene.release.deliverable_path
        path.write_text(path.read_text() + '# changed\n')
        self.assertOnly(
            self.examine(),
            1,
            checkout=('failed', self.scene.release.deliverable_path),
        )

    def test_a_deliverable_that_was_never_committed_fails(self) -> None:
        path = self.scene.releases_dir / self.scene.release.deliverable_path
        path.with_name('new.yaml').write_text('team: nova\n')
        self.assertOnly(
            self.examine(), 1, checkout=('failed', '1 files differ from HEAD')
        )

    def test_files_alone_are_no_git_checkout(self) -> None:
        os.rename(
            self.scene.releases_dir / '.git', self.scene.directory / 'away'
        )
        result = self.examine()
        self.assertOnly(result, 0)
        self.assertIn('no git checkout', self.checks(result)['checkout'][1])

    def test_a_policy_that_is_not_valid_fails_with_its_line(self) -> None:
        path = self.scene.directory / 'policy.yaml'
        path.write_text('schema: openstack-publish/policy/1\nindx: pypi\n')
        self.assertOnly(
            self.examine('--policy', str(path)),
            1,
            policy=('failed', f'{path}:2'),
            key=('unknown', 'which keys are trusted'),
        )

    def test_a_token_for_another_project_fails(self) -> None:
        token = self.scene.index.token(scene.USER, projects=('nova',))
        result = self.examine('--project', 'glance', token=token)
        self.assertOnly(result, 1, token=('failed', 'not for glance'))
        self.assertNotIn(token, result.stdout + result.stderr)

    def test_nobody_is_asked_for_a_token(self) -> None:
        result = self.examine('-u', 'somebody', token=None)
        self.assertOnly(result, 0)
        self.assertIn('not given', self.checks(result)['token'][1])

    def test_an_error_of_our_own_costs_its_line_alone(self) -> None:
        def broken(gate: openpgp.Inspection) -> None:
            raise RuntimeError('it broke')

        self.useFixture(
            fixtures.MonkeyPatch(
                'openstack_publish.gates.openpgp.Inspection.socket_rooms',
                broken,
            )
        )
        self.assertOnly(
            self.examine(),
            3,
            sockets=('unknown', 'error of this program: RuntimeError'),
            key=('unknown', 'error of this program: RuntimeError'),
        )
