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

"""The token and the passphrase are nowhere but where they are needed."""

from __future__ import annotations

import os
import pathlib
import shutil
import stat
import subprocess
import sys

import fixtures

from openstack_publish.gates import index
from tests.functional import base
from tests.support import keys

PASSPHRASE = 'correct horse battery staple'

# Records what a child process is given, then becomes the real program.
_SPY = """\
#!/bin/sh
{{ tr '\\0' '\\n' < /proc/$$/cmdline; tr '\\0' '\\n' < /proc/$$/environ; \
env; }} >> '{record}'
exec '{program}' "$@"
"""


class TestSecrets(base.SceneTest):
    def setUp(self) -> None:
        super().setUp()
        keyring = self.useFixture(keys.Keyring())
        self.key = keyring.generate(passphrase=PASSPHRASE)
        self.secret_file = keyring.secret_file(self.key)
        self.spies = self.scene.directory / 'spies'
        self.spies.mkdir()
        self.record = self.scene.directory / 'record'

    def spy_on(self, program: str) -> None:
        """Put a program that tells in the place of the real one."""
        real = shutil.which(program)
        self.assertIsNotNone(real, f'{program} is not installed')
        spy = self.spies / program
        spy.write_text(_SPY.format(record=self.record, program=real))
        spy.chmod(0o755)

    def environment(self, token: str) -> dict[str, str]:
        return {
            'PATH': f'{self.spies}:{os.environ["PATH"]}',
            'HOME': str(self.scene.directory),
            'TMPDIR': os.environ.get('TMPDIR', '/tmp'),
            'TWINE_PASSWORD': token,
            'OPENSTACK_PUBLISH_PASSPHRASE': PASSPHRASE,
            'PYTHON_KEYRING_BACKEND': 'keyring.backends.null.Keyring',
        }

    def run_as_process(self, token: str, *more: str) -> str:
        """Publish in a process of its own; return all that it left."""
        log = self.scene.directory / 'log'
        words = self.scene.arguments(
            *('--sign-key-file', self.secret_file),
            *('--trusted-key', self.key.primary),
            *more,
            key=False,
        )
        done = subprocess.run(
            [
                *(sys.executable, '-m', 'openstack_publish', '-vvv'),
                *('--debug', '--log-file', str(log), *words),
            ],
            env=self.environment(token),
            capture_output=True,
            text=True,
            timeout=120,
        )
        self.code = done.returncode
        left = done.stdout + done.stderr + log.read_text('utf-8')
        self.assertIn('openstack-publish/receipt/1', done.stdout)
        for place in (self.scene.dist, self.scene.archive):
            for path in pathlib.Path(place).rglob('*'):
                if path.is_file():
                    left += path.read_bytes().decode('latin-1')
        self.assertEqual(0o600, stat.S_IMODE(log.stat().st_mode))
        return left

    def assertHidden(self, left: str, token: str) -> None:
        for secret in (token, token.partition('-')[2][:40], PASSPHRASE):
            self.assertNotIn(secret, left)
        # A narrowed token begins like the one that it was made of.
        self.assertNotIn('pypi-Ag', left)

    def test_a_run_that_publishes_shows_no_secret(self) -> None:
        for program in ('gpg', 'git', 'gpgconf'):
            self.spy_on(program)
        left = self.run_as_process(self.scene.token)
        self.assertEqual(0, self.code, left)
        self.assertHidden(left, self.scene.token)
        given = self.record.read_text('utf-8', 'replace')
        self.assertIn('--verify', given)
        self.assertIn('cat-file', given)
        self.assertHidden(given, self.scene.token)
        self.assertNotIn('TWINE_PASSWORD', given)
        self.assertNotIn('OPENSTACK_PUBLISH_PASSPHRASE', given)

    def test_a_run_that_is_refused_shows_no_secret(self) -> None:
        token = self.scene.index.tokens.forge(self.scene.token)
        left = self.run_as_process(token)
        self.assertEqual(1, self.code, left)
        self.assertHidden(left, token)

    def test_a_token_that_cannot_be_read_is_not_shown(self) -> None:
        token = 'pypi-AgNoTokenAtAllButStillASecretOfSomebody'
        left = self.run_as_process(token)
        self.assertEqual(1, self.code, left)
        self.assertHidden(left, token)

    def test_a_traceback_shows_no_secret(self) -> None:
        def broken(*args: object, **keywords: object) -> None:
            raise RuntimeError(f'it broke over {self.scene.token}')

        self.useFixture(
            fixtures.MonkeyPatch(
                f'{index.PypiIndex.__module__}.PypiIndex.read_project', broken
            )
        )
        words = self.scene.arguments()
        from tests.support import scene

        result = scene.run(
            ['--debug', *words], {'TWINE_PASSWORD': self.scene.token}
        )
        self.assertEqual(3, result.code)
        self.assertIn('Traceback', result.stderr)
        self.assertIn('RuntimeError: it broke over <hidden>', result.stderr)
        self.assertHidden(result.stderr + result.stdout, self.scene.token)
        self.assertEqual({'OSP707'}, result.codes)

    def test_no_traceback_without_debug(self) -> None:
        def broken(*args: object, **keywords: object) -> None:
            raise RuntimeError('it broke')

        self.useFixture(
            fixtures.MonkeyPatch(
                f'{index.PypiIndex.__module__}.PypiIndex.read_project', broken
            )
        )
        result = self.scene.publish()
        self.assertEqual(3, result.code)
        self.assertNotIn('Traceback', result.stderr)
        self.assertIn('again with --debug', result.stderr)
