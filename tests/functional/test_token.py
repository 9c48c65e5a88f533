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

"""The token is described as far as it tells by itself, and never shown."""

from __future__ import annotations

import datetime
import json
from typing import Any

import keyring
import keyring.backend

from tests.functional import base
from tests.support import scene

NOW = datetime.datetime.now(datetime.UTC).replace(microsecond=0)


def in_minutes(minutes: int) -> datetime.datetime:
    return NOW + datetime.timedelta(minutes=minutes)


class Broken(keyring.backend.KeyringBackend):
    """A key store that answers nobody."""

    # Below that of no key store at all, which other tests shall find.
    priority = -10

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]

    def get_password(self, service: str, username: str) -> str | None:
        raise RuntimeError('the bus is gone')

    def set_password(self, service: str, username: str, password: str) -> None:
        raise NotImplementedError


class TestToken(base.SceneTest):
    def describe(
        self, *more: str, token: str | None = None, **environment: str
    ) -> scene.Result:
        """Run ``token``; whatever comes out, no secret does."""
        if token is not None:
            environment['TWINE_PASSWORD'] = token
        result = scene.run(['-vvv', '--debug', 'token', *more], environment)
        self.assertNotIn('pypi-Ag', result.stdout + result.stderr)
        self.assertNotIn(
            (token or 'none given')[-40:], result.stdout + result.stderr
        )
        self.assertEqual((), self.scene.index.requests)
        return result

    def document(self, result: scene.Result) -> dict[str, Any]:
        document: dict[str, Any] = json.loads(result.stdout)
        return document

    def token(
        self,
        projects: tuple[str, ...] | None = None,
        begins: int | None = None,
        ends: int | None = None,
    ) -> str:
        """Return a token, its times in minutes from now."""
        return self.scene.index.token(
            scene.USER,
            projects=projects,
            not_before=None if begins is None else in_minutes(begins),
            not_after=None if ends is None else in_minutes(ends),
        )

    def test_without_a_token_it_is_wrong_usage(self) -> None:
        result = self.describe('-f', 'json')
        self.assertEqual(2, result.code)
        document = self.document(result)
        self.assertIsNone(document['kind'])
        self.assertIsNone(document['state'])
        self.assertIn('TWINE_PASSWORD', result.stderr)
        self.assertEqual('', self.describe().stdout)

    def test_a_key_store_that_fails_is_unknown(self) -> None:
        self.addCleanup(keyring.set_keyring, keyring.get_keyring())
        keyring.set_keyring(Broken())
        result = self.describe('-f', 'json')
        self.assertEqual(3, result.code, result.stderr)
        self.assertIsNone(self.document(result)['kind'])

    def test_an_expired_token_fails(self) -> None:
        result = self.describe('-f', 'json', token=self.token(None, -60, -30))
        self.assertEqual(1, result.code, result.stderr)
        document = self.document(result)
        self.assertEqual('expired', document['state'])
        self.assertEqual(
            ['OSP601'], [found['code'] for found in document['findings']]
        )

    def test_a_token_of_tomorrow_fails(self) -> None:
        result = self.describe('-f', 'json', token=self.token(None, 30, 60))
        self.assertEqual(1, result.code, result.stderr)
        self.assertEqual('not-yet-valid', self.document(result)['state'])

    def test_a_token_of_another_project_fails_for_this_one_alone(
        self,
    ) -> None:
        token = self.token(('nova', 'glance'))
        result = self.describe(
            '-f', 'json', '--project', 'os-vif', token=token
        )
        self.assertEqual(1, result.code, result.stderr)
        document = self.document(result)
        self.assertIs(False, document['for_project'])
        self.assertEqual(['glance', 'nova'], document['projects'])
        result = self.describe('-f', 'json', token=token)
        self.assertEqual(0, result.code, result.stderr)
        self.assertIsNone(self.document(result)['for_project'])

    def test_a_name_that_is_none_is_wrong_usage(self) -> None:
        result = self.describe('--project', 'no name', token=self.token())
        self.assertEqual(2, result.code)
        self.assertEqual('', result.stdout)

    def test_the_token_is_no_argument(self) -> None:
        self.assertEqual(2, self.describe('-p', 'secret').code)

    def test_a_token_is_described_whole(self) -> None:
        result = self.describe(
            *('-f', 'json', '--project', 'Os_Vif'),
            *('--repository-url', self.scene.index.upload_url),
            token=self.token(('os-vif',), -10, 60),
        )
        self.assertEqual(0, result.code, result.stderr)
        user = self.scene.index.store.user(scene.USER)
        self.assertEqual(
            {
                'kind': 'api-token',
                'username': '__token__',
                'upload_url': self.scene.index.upload_url,
                'user_id': user.id,
                'projects': ['os-vif'],
                'not_before': f'{in_minutes(-10):%Y-%m-%dT%H:%M:%SZ}',
                'not_after': f'{in_minutes(60):%Y-%m-%dT%H:%M:%SZ}',
                'unread_caveats': 0,
                'state': 'in-time',
                'project': 'os-vif',
                'for_project': True,
                'findings': [],
            },
            self.document(result),
        )

    def test_a_restriction_that_is_not_known_leaves_the_project_open(
        self,
    ) -> None:
        user = self.scene.index.store.user(scene.USER)
        token = self.scene.index.tokens.mint(user, project_ids=['an-id'])
        result = self.describe('-f', 'json', '--project', 'nova', token=token)
        self.assertEqual(0, result.code, result.stderr)
        document = self.document(result)
        self.assertEqual(1, document['unread_caveats'])
        self.assertIsNone(document['for_project'])

    def test_a_password_is_described_by_its_user_alone(self) -> None:
        result = self.describe(
            *('-f', 'json', '-u', 'somebody'),
            token='the password of somebody that is never to be seen',
        )
        self.assertEqual(0, result.code, result.stderr)
        document = self.document(result)
        self.assertEqual('other', document['kind'])
        self.assertEqual('somebody', document['username'])
        self.assertEqual('unknown', document['state'])

    def test_it_is_found_in_the_file_as_publish_finds_it(self) -> None:
        file = self.scene.directory / 'pypirc'
        file.write_text(
            '[distutils]\nindex-servers = ours\n[ours]\n'
            f'repository = {self.scene.index.upload_url}\n'
            f'username = __token__\npassword = {self.token()}\n'
        )
        result = self.describe('-r', 'ours', '--config-file', str(file))
        self.assertEqual(0, result.code, result.stderr)
        self.assertIn(self.scene.index.upload_url, result.stdout)
        self.assertIn('every project of its user', result.stdout)

    def test_a_person_reads_what_it_is_good_for(self) -> None:
        result = self.describe(
            *('--project', 'glance'), token=self.token(('nova',), -60, -30)
        )
        self.assertEqual(1, result.code, result.stderr)
        for words in ('expired', 'NOT for it', 'OSP601', 'OSP602'):
            self.assertIn(words, result.stdout)
