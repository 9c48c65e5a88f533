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

import datetime
import json
import pathlib
import uuid

import fixtures
import keyring.backend
import keyring.backends.fail
import keyring.credentials
import pypitoken
import testtools
import twine.utils

from openstack_publish import exceptions
from openstack_publish.gates import credentials
from openstack_publish.model import credential
from openstack_publish.model import names
from tests.support import hand_clocks

URL = 'http://127.0.0.1:9/legacy/'
NOW = hand_clocks.NOW
PROJECT = names.project_name('oslo.demo')
USER_ID = '00000000-0000-4000-8000-000000000001'
KEY = 'key'


def token(*caveats: object) -> str:
    """Return a token as PyPI mints it, with the given caveats."""
    made = pypitoken.Token.create(
        domain='pypi.example', identifier=str(uuid.uuid4()), key=KEY
    )
    for caveat in caveats:
        made._macaroon.add_first_party_caveat(json.dumps(caveat))
    dumped: str = made.dump()
    return dumped


class Backend(keyring.backend.KeyringBackend):
    """A key store with one entry, or one that is broken."""

    priority = 1

    def __init__(
        self,
        username: str = 'me',
        password: str | None = None,
        error: Exception | None = None,
    ) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.username = username
        self.password = password
        self.error = error
        self.asked: list[tuple[str, str]] = []

    def get_password(self, service: str, username: str) -> str | None:
        self.asked.append((service, username))
        if self.error is not None:
            raise self.error
        return self.password if username == self.username else None

    def get_credential(
        self, service: str, username: str | None
    ) -> keyring.credentials.Credential | None:
        if self.error is not None:
            raise self.error
        if self.password is None:
            return None
        return keyring.credentials.SimpleCredential(
            self.username, self.password
        )

    def set_password(self, service: str, username: str, password: str) -> None:
        raise NotImplementedError

    def delete_password(self, service: str, username: str) -> None:
        raise NotImplementedError


class CredentialsTestCase(testtools.TestCase):
    def setUp(self) -> None:
        super().setUp()
        self.home = pathlib.Path(self.useFixture(fixtures.TempHomeDir()).path)
        backend = keyring.backends.fail.Keyring()  # type: ignore[no-untyped-call]
        self.store(backend)

    def store(self, backend: keyring.backend.KeyringBackend) -> None:
        self.addCleanup(keyring.set_keyring, keyring.get_keyring())
        keyring.set_keyring(backend)

    def pypirc(self, text: str) -> None:
        (self.home / '.pypirc').write_text(text, encoding='utf-8')

    def found(
        self,
        *,
        repository: str = 'pypi',
        url: str | None = URL,
        username: str | None = None,
        password: str | None = None,
    ) -> credentials.TwineCredentials:
        return credentials.TwineCredentials(
            credentials.UploadSettings(
                repository=repository,
                repository_url=url,
                username=username,
                password=password,
                non_interactive=True,
            )
        )

    def login(
        self, found: credentials.TwineCredentials
    ) -> tuple[str, str] | None:
        login = found.login(PROJECT, NOW)
        return None if login is None else (login.username, login.password)


class TestConfiguration(CredentialsTestCase):
    """What is wrong is said without showing what is secret."""

    def refused(
        self,
        url: str | None = URL,
        repository: str = 'pypi',
        config_file: str = twine.utils.DEFAULT_CONFIG_FILE,
        cert: str | None = None,
        client_cert: str | None = None,
    ) -> str:
        error = self.assertRaises(
            exceptions.Misconfigured,
            credentials.TwineCredentials,
            credentials.UploadSettings(
                repository=repository,
                repository_url=url,
                config_file=config_file,
                cert=cert,
                client_cert=client_cert,
                password='secret',
            ),
        )
        self.assertNotIn('secret', repr(error) + str(error.where))
        # Nor in what a traceback would show.
        self.assertIsNone(error.__cause__)
        return str(error.message)

    def test_http_over_a_network(self) -> None:
        self.assertEqual(
            'the upload URL http://192.0.2.1/legacy/ is http, and its host '
            'is not this machine',
            self.refused('http://me:secret@192.0.2.1/legacy/'),
        )

    def test_what_is_no_url(self) -> None:
        for url, why in (
            ('index', 'is neither https nor http'),
            ('ftp://127.0.0.1/', 'is neither https nor http'),
            ('https://me:secret@[', 'is no URL'),
            ('https://me:secret@/x', 'names no host'),
        ):
            self.assertIn(why, self.refused(url))

    def test_a_url_in_the_file_is_held_to_the_same(self) -> None:
        self.pypirc(
            '[distutils]\nindex-servers = x\n'
            '[x]\nrepository = http://me:secret@192.0.2.1/\n'
        )
        self.assertIn('is http, and', self.refused(None, 'x'))

    def test_a_section_that_is_not_there(self) -> None:
        self.assertIn(
            "Missing 'x' section from ~/.pypirc", self.refused(None, 'x')
        )

    def test_a_section_without_a_repository(self) -> None:
        self.pypirc('[distutils]\nindex-servers = x\n[x]\npassword = secret\n')
        self.assertIn(
            "~/.pypirc cannot be used for 'x': its section names no "
            'repository',
            self.refused(None, 'x'),
        )

    def test_a_malformed_file(self) -> None:
        self.pypirc('[pypi]\npassword secret\n')
        # In whose words depends on the version of twine.
        self.assertIn('~/.pypirc', self.refused(None))

    def test_a_file_that_is_named_and_not_there(self) -> None:
        self.assertIn(
            'No such file', self.refused(None, config_file='/no/pypirc')
        )

    def test_a_file_that_is_not_text(self) -> None:
        (self.home / '.pypirc').write_bytes(b'\xff\xfe\x00[')
        self.assertIn('.pypirc', self.refused(None))

    def test_certificates_that_are_not_there(self) -> None:
        self.assertEqual('/no is not there', self.refused(cert='/no'))
        self.assertEqual('/no is not there', self.refused(client_cert='/no'))

    def test_the_upload_url_is_shown_without_its_user(self) -> None:
        found = self.found(url='http://me:secret@127.0.0.1:9/legacy/')
        self.assertEqual(URL, found.upload_url)
        self.assertEqual(('me', 'secret'), self.login(found))

    def test_pypi_is_the_default(self) -> None:
        self.assertEqual(
            twine.utils.DEFAULT_REPOSITORY, self.found(url=None).upload_url
        )

    def test_no_secret_is_in_a_repr(self) -> None:
        settings = credentials.UploadSettings(password='secret')
        found = credentials.TwineCredentials(settings)
        login = found.login(PROJECT, NOW)
        assert login is not None
        self.assertEqual('secret', login.password)
        shown = repr((settings, found, vars(found)['_found'], login))
        self.assertNotIn('secret', shown)


class TestWhereItComesFrom(CredentialsTestCase):
    def test_nowhere(self) -> None:
        found = self.found()
        self.assertIsNone(found.describe())
        self.assertIsNone(found.login(PROJECT, NOW))
        self.assertIsNone(self.found(username='me').describe())
        self.assertIsNone(self.found(url=None).describe())

    def test_empty_values_are_not_given(self) -> None:
        self.assertIsNone(self.found(username='', password='').describe())

    def test_what_is_handed_in_comes_first(self) -> None:
        self.pypirc(f'[pypi]\nrepository={URL}\nusername=a\npassword=b\n')
        found = self.found(url=None, username='me', password='mine')
        self.assertEqual(('me', 'mine'), self.login(found))

    def test_then_the_file(self) -> None:
        self.pypirc(f'[pypi]\nrepository={URL}\nusername=a\npassword=b\n')
        self.assertEqual(('a', 'b'), self.login(self.found(url=None)))

    def test_the_file_is_not_read_where_a_url_is_named(self) -> None:
        self.pypirc(f'[pypi]\nrepository={URL}\nusername=a\npassword=b\n')
        self.assertIsNone(self.found().describe())

    def test_then_the_keyring(self) -> None:
        backend = Backend('me', 'kept')
        self.store(backend)
        self.assertEqual(('me', 'kept'), self.login(self.found()))
        self.assertEqual([(URL, 'me')], backend.asked)

    def test_a_keyring_with_another_user_has_none_for_us(self) -> None:
        self.store(Backend('other', 'kept'))
        self.assertIsNone(self.found(username='me').describe())

    def test_a_keyring_that_fails_is_not_an_empty_one(self) -> None:
        self.store(Backend(error=RuntimeError('secret is locked')))
        for username in (None, 'me'):
            found = self.found(username=username)
            error = self.assertRaises(exceptions.Unavailable, found.describe)
            self.assertEqual('the credential in the keyring', error.what)
            self.assertEqual(
                'the keyring fails with RuntimeError', error.cause
            )
            self.assertIsNone(error.__cause__)

    def test_a_person_is_asked_last(self) -> None:
        asked = []
        answers = iter(['me', 'typed'])

        def ask(prompt: str) -> str:
            asked.append(prompt)
            return next(answers)

        found = credentials.TwineCredentials(
            credentials.UploadSettings(repository_url=URL, ask=ask)
        )
        self.assertEqual(('me', 'typed'), self.login(found))
        self.assertEqual(('me', 'typed'), self.login(found))
        self.assertEqual(
            [
                f'Enter your user name for {URL}: ',
                f'Enter your password for {URL}: ',
            ],
            asked,
        )

    def test_nobody_there_to_ask_is_none(self) -> None:
        def ask(prompt: str) -> str:
            raise EOFError

        found = credentials.TwineCredentials(
            credentials.UploadSettings(repository_url=URL, ask=ask)
        )
        self.assertIsNone(found.describe())

    def test_a_token_alone_needs_no_user_name(self) -> None:
        given = token()
        login = self.login(self.found(password=f' {given}\n'))
        assert login is not None
        self.assertEqual('__token__', login[0])
        self.assertFalse(login[1].endswith('\n'))

    def test_at_pypi_the_user_name_in_the_file_is_passed_over(self) -> None:
        self.pypirc('[pypi]\nusername = a\npassword = b\n')
        self.assertEqual(('__token__', 'b'), self.login(self.found(url=None)))


class TestDescription(CredentialsTestCase):
    def described(self, *caveats: object) -> credential.Credential:
        found = self.found(password=token(*caveats)).describe()
        assert found is not None
        return found

    def test_a_token_for_the_whole_account(self) -> None:
        self.assertEqual(
            credential.Credential('api-token', '__token__', user_id=USER_ID),
            self.described([3, USER_ID]),
        )

    def test_a_token_for_projects(self) -> None:
        found = self.described([1, ['oslo-demo', 'os-vif']], [3, USER_ID])
        self.assertEqual({'oslo-demo', 'os-vif'}, found.projects)

    def test_restrictions_only_narrow(self) -> None:
        found = self.described(
            [1, ['oslo-demo', 'os-vif']],
            [0, 2_000_000_000, 1_000_000_000],
            [1, ['os-vif', 'nova']],
            [0, 1_900_000_000, 1_100_000_000],
            [0, 3_000_000_000, 900_000_000],
        )
        self.assertEqual({'os-vif'}, found.projects)
        utc = datetime.UTC
        self.assertEqual(
            datetime.datetime.fromtimestamp(1_100_000_000, utc),
            found.not_before,
        )
        self.assertEqual(
            datetime.datetime.fromtimestamp(1_900_000_000, utc),
            found.not_after,
        )

    def test_the_old_forms_are_read(self) -> None:
        found = self.described(
            {'version': 1, 'permissions': 'user'},
            {'version': 1, 'permissions': {'projects': ['oslo-demo']}},
            {'nbf': 1_000_000_000, 'exp': 2_000_000_000},
        )
        self.assertEqual({'oslo-demo'}, found.projects)
        self.assertIsNotNone(found.not_after)
        self.assertEqual(0, found.unread_caveats)

    def test_what_cannot_be_read_is_counted(self) -> None:
        found = self.described(
            [3, USER_ID],
            [2, [USER_ID]],
            [4, 'publisher'],
            'nonsense',
            [0, 10**30, 0],
            {'version': 2},
        )
        self.assertEqual(5, found.unread_caveats)
        self.assertEqual(USER_ID, found.user_id)
        self.assertIsNone(found.projects)

    def test_a_password_is_no_token(self) -> None:
        found = self.found(username='me', password='secret').describe()
        self.assertEqual(credential.Credential('other', 'me'), found)

    def test_what_only_begins_like_a_token_is_none(self) -> None:
        for password in ('pypi-', 'pypi-secret', 'pypi-' + 'A' * 200):
            found = self.found(password=password).describe()
            self.assertEqual(
                credential.Credential('other', '__token__'), found
            )


class TestNarrowing(CredentialsTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.given = token([3, USER_ID])
        login = self.found(password=self.given).login(PROJECT, NOW)
        assert login is not None
        self.narrowed = pypitoken.Token.load(login.password)

    def check(
        self,
        project: str = 'oslo-demo',
        seconds: int = 0,
    ) -> None:
        self.narrowed.check(
            key=KEY,
            project_name=project,
            user_id=USER_ID,
            now=NOW + datetime.timedelta(seconds=seconds),
        )

    def test_a_narrowed_token_holds_for_the_project_and_the_time(
        self,
    ) -> None:
        for seconds in (-300, 0, 899):
            self.check(seconds=seconds)

    def test_it_does_not_hold_for_another_project(self) -> None:
        self.assertRaises(
            pypitoken.ValidationError, self.check, project='os-vif'
        )

    def test_it_does_not_hold_at_another_time(self) -> None:
        for seconds in (-301, 900):
            self.assertRaises(
                pypitoken.ValidationError, self.check, seconds=seconds
            )

    def test_the_token_itself_is_not_changed(self) -> None:
        found = self.found(password=self.given)
        found.login(PROJECT, NOW)
        described = found.describe()
        assert described is not None
        self.assertIsNone(described.projects)

    def test_what_is_no_token_goes_as_it_is(self) -> None:
        found = self.found(username='me', password='secret')
        self.assertEqual(('me', 'secret'), self.login(found))
