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

"""A signing key that is found beside other work."""

from __future__ import annotations

import os

import fixtures
import testtools

from openstack_publish import exceptions
from openstack_publish.gates import openpgp
from openstack_publish.gates import processes
from tests.support import keys


class TestPrepare(testtools.TestCase):
    """Nothing is different but the time at which gpg works."""

    def setUp(self) -> None:
        super().setUp()
        self.keyring = self.useFixture(keys.Keyring())
        self.path = os.path.join(
            self.useFixture(fixtures.TempDir()).path, 'nova-1.0.tar.gz'
        )
        # Short: the homes' sockets lie in it.
        self.where = self.useFixture(fixtures.TempDir()).path
        self.useFixture(fixtures.MonkeyPatch('tempfile.tempdir', self.where))
        with open(self.path, 'wb') as opened:
            opened.write(b'the bytes')
        self.target = f'{self.path}.asc'

    def gpg(self, sign_key_file: str | None = None) -> openpgp.OpenPGP:
        made = openpgp.OpenPGP(
            processes.Processes(dict(os.environ)), sign_key_file=sign_key_file
        )
        self.addCleanup(made.close)
        return made

    def test_a_key_file_that_is_none_is_told_at_the_first_question(
        self,
    ) -> None:
        """Each time, and only to who asks for that key."""
        gpg = self.gpg(os.path.join(self.where, 'nothing'))
        gpg.prepare()
        public = self.keyring.public_file(self.keyring.generate())
        gpg.trust([public])
        for _ in range(2):
            error = self.assertRaises(exceptions.Misconfigured, gpg.prove)
            self.assertEqual('--sign-key-file', error.where)
            self.assertRaises(
                exceptions.Misconfigured, gpg.sign, self.path, self.target
            )

    def test_several_keys_in_a_pipe_are_told_though_it_is_read_once(
        self,
    ) -> None:
        both = self.keyring.secret_file(
            self.keyring.generate(), self.keyring.generate()
        )
        reading, writing = os.pipe()
        self.addCleanup(os.close, reading)
        with open(both, 'rb') as opened:
            os.write(writing, opened.read())
        os.close(writing)
        gpg = self.gpg(f'/dev/fd/{reading}')
        gpg.prepare()
        error = self.assertRaises(exceptions.Misconfigured, gpg.prove)
        self.assertIn('holds 2 secret keys', error.message)

    def test_it_goes_without_a_key(self) -> None:
        gpg = self.gpg()
        gpg.prepare()
        self.assertIsNone(gpg.prove())
        self.assertEqual([], os.listdir(self.where))

    def test_a_key_that_is_never_asked_for_leaves_nothing(self) -> None:
        key = self.keyring.generate()
        gpg = self.gpg(self.keyring.secret_file(key))
        gpg.prepare()
        gpg.close()
        self.assertEqual([], os.listdir(self.where))

    def test_the_key_signs(self) -> None:
        key = self.keyring.generate()
        gpg = self.gpg(self.keyring.secret_file(key))
        gpg.prepare()
        proof = gpg.prove()
        assert proof is not None
        self.assertEqual('usable', proof.state.value, proof.detail)
        gpg.sign(self.path, self.target)
        (made,) = gpg.verify(self.target, self.path).valid
        self.assertEqual(key.signing, made.fingerprint)
