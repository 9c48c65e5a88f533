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

"""Signing: with the named key and no other, or with a clear refusal."""

from __future__ import annotations

import datetime
import io
import logging
import os
import signal

import fixtures
import testtools

from openstack_publish import exceptions
from openstack_publish.gates import openpgp
from openstack_publish.gates import processes
from openstack_publish.gates.openpgp import client
from openstack_publish.model import signature
from tests.support import keys

PASSPHRASE = 'geheim-' + chr(0xE9) + chr(0x20AC)

State = signature.KeyState


class SignTestCase(testtools.TestCase):
    """A ring of keys, and gpgs that sign with one of them."""

    def setUp(self) -> None:
        super().setUp()
        self.keyring = self.useFixture(keys.Keyring())
        self.directory = self.useFixture(fixtures.TempDir()).path
        self.path = os.path.join(self.directory, 'nova-1.0.tar.gz')
        with open(self.path, 'wb') as opened:
            opened.write(b'the bytes')
        self.target = f'{self.path}.asc'

    def gpg(
        self,
        sign_key: str | None = None,
        *,
        gnupg_home: str | None = None,
        sign_key_file: str | None = None,
        passphrase: str | None = None,
        environment: dict[str, str] | None = None,
    ) -> openpgp.OpenPGP:
        made = openpgp.OpenPGP(
            processes.Processes(environment or dict(os.environ)),
            sign_key=sign_key,
            gnupg_home=gnupg_home,
            sign_key_file=sign_key_file,
            passphrase=passphrase,
        )
        self.addCleanup(made.close)
        return made

    def proof(self, gpg: openpgp.OpenPGP) -> signature.KeyProof:
        proof = gpg.prove()
        assert proof is not None
        return proof

    def assertSignedBy(self, key: keys.Key, gpg: openpgp.OpenPGP) -> None:
        """The target is one good signature of the path by this key."""
        self.keyring.gpg('--verify', self.target, self.path)
        (made,) = gpg.verify(self.target, self.path).valid
        self.assertEqual(
            (key.signing, key.primary), (made.fingerprint, made.primary)
        )

    def assertNotSigned(self, gpg: openpgp.OpenPGP) -> None:
        self.assertRaises(
            exceptions.Unavailable, gpg.sign, self.path, self.target
        )
        self.assertEqual(['nova-1.0.tar.gz'], os.listdir(self.directory))


class TestRefusals(SignTestCase):
    """Keys that cannot sign: each is told apart."""

    def test_a_fingerprint_that_is_none(self) -> None:
        error = self.assertRaises(
            exceptions.Misconfigured, self.gpg, 'DEADBEEF'
        )
        self.assertEqual('--sign-key', error.where)

    def test_a_home_together_with_a_key_file(self) -> None:
        error = self.assertRaises(
            exceptions.Misconfigured,
            self.gpg,
            gnupg_home='/a',
            sign_key_file='/b',
        )
        self.assertIn('one of them only', error.message)

    def test_a_home_that_is_not_there(self) -> None:
        gpg = self.gpg('A' * 40, gnupg_home='/nowhere')
        error = self.assertRaises(exceptions.Misconfigured, gpg.prove)
        self.assertEqual('--gnupg-home', error.where)

    def test_a_home_with_too_long_a_path(self) -> None:
        path = os.path.join(self.directory, 'h' * 90)
        os.mkdir(path, 0o700)
        # Where there is /run/user the sockets are there, and any home does.
        sockets = self.keyring.gpg('--version') and os.path.isdir(
            f'/run/user/{os.getuid()}'
        )
        gpg = self.gpg('A' * 40, gnupg_home=path)
        if sockets:
            self.assertIs(State.MISSING, self.proof(gpg).state)
        else:
            error = self.assertRaises(exceptions.Misconfigured, gpg.prove)
            self.assertIn('works up to 86', error.message)

    def test_a_key_file_that_is_not_there(self) -> None:
        gpg = self.gpg(sign_key_file='/nowhere')
        error = self.assertRaises(exceptions.Misconfigured, gpg.prove)
        self.assertEqual('--sign-key-file', error.where)

    def test_a_key_file_without_a_key(self) -> None:
        proof = self.proof(self.gpg(sign_key_file=self.path))
        self.assertIs(State.NO_SECRET, proof.state)
        self.assertEqual(self.path, proof.asked)

    def test_a_key_file_with_a_public_key(self) -> None:
        public = self.keyring.public_file(self.keyring.generate())
        self.assertIs(
            State.NO_SECRET,
            self.proof(self.gpg(sign_key_file=public)).state,
        )

    def test_a_public_key_file_with_its_key_named(self) -> None:
        key = self.keyring.generate()
        public = self.keyring.public_file(key)
        gpg = self.gpg(key.primary, sign_key_file=public)
        self.assertIs(State.NO_SECRET, self.proof(gpg).state)

    def test_a_key_file_with_several_keys_and_none_named(self) -> None:
        one = self.keyring.generate('one <o@example.org>')
        two = self.keyring.generate('two <t@example.org>')
        gpg = self.gpg(sign_key_file=self.keyring.secret_file(one, two))
        error = self.assertRaises(exceptions.Misconfigured, gpg.prove)
        self.assertIn(one.primary, error.message)
        self.assertIn(two.primary, error.message)

    def test_a_key_file_without_the_named_key(self) -> None:
        key = self.keyring.generate()
        path = self.keyring.secret_file(key)
        proof = self.proof(self.gpg('A' * 40, sign_key_file=path))
        self.assertIs(State.MISSING, proof.state)
        self.assertIn(key.primary, proof.detail)

    def test_a_missing_key_beside_one_that_could_sign(self) -> None:
        """gpg would sign with the other one and end with 0."""
        self.keyring.generate()
        gpg = self.gpg('A' * 40, gnupg_home=self.keyring.home)
        proof = self.proof(gpg)
        self.assertIs(State.MISSING, proof.state)
        self.assertEqual('A' * 40, proof.asked)
        self.assertIsNone(proof.primary)
        self.assertNotSigned(gpg)

    def test_no_home_at_all_is_not_made(self) -> None:
        nobody = os.path.join(self.directory, 'nobody')
        os.mkdir(nobody)
        environment = {'PATH': os.environ['PATH'], 'HOME': nobody}
        gpg = self.gpg('A' * 40, environment=environment)
        proof = self.proof(gpg)
        self.assertIs(State.MISSING, proof.state)
        self.assertEqual([], os.listdir(nobody))

    def test_a_primary_key_whose_secret_part_is_elsewhere(self) -> None:
        key = self.keyring.generate(subkey=False)
        other = self.useFixture(keys.Keyring())
        other.gpg('--import', self.keyring.public_file(key))
        gpg = self.gpg(key.primary, gnupg_home=other.home)
        proof = self.proof(gpg)
        self.assertIs(State.NO_SECRET, proof.state)
        self.assertEqual(key.primary, proof.primary)
        self.assertNotSigned(gpg)

    def test_an_expired_key(self) -> None:
        self.keyring.generate('another <a@example.org>')
        key = self.keyring.generate(when='20200101T000000', expires='30d')
        gpg = self.gpg(key.primary, gnupg_home=self.keyring.home)
        proof = self.proof(gpg)
        self.assertIs(State.EXPIRED, proof.state)
        self.assertEqual(
            datetime.datetime(2020, 1, 31, tzinfo=datetime.UTC),
            proof.expires,
        )
        self.assertIn('2020-01-31', proof.detail)
        self.assertNotSigned(gpg)

    def test_an_expired_subkey_of_a_key_that_could_sign_itself(self) -> None:
        key = self.keyring.generate(
            when='20200101T000000', expires='20y', subkey=False
        )
        subkey = self.keyring.add_subkey(
            key.primary, when='20200101T000000', expires='30d'
        )
        gpg = self.gpg(key.primary, gnupg_home=self.keyring.home)
        proof = self.proof(gpg)
        self.assertIs(State.EXPIRED, proof.state)
        self.assertEqual(subkey, proof.fingerprint)
        self.assertNotSigned(gpg)

    def test_a_revoked_key(self) -> None:
        key = self.keyring.generate()
        self.keyring.revoke(key)
        gpg = self.gpg(key.primary, gnupg_home=self.keyring.home)
        self.assertIs(State.REVOKED, self.proof(gpg).state)
        self.assertNotSigned(gpg)

    def test_a_revoked_subkey(self) -> None:
        key = self.keyring.generate(when='20240101T000000', expires='20y')
        self.keyring.revoke_subkey(key, reason=1, when='20250101T000000')
        gpg = self.gpg(key.signing, gnupg_home=self.keyring.home)
        proof = self.proof(gpg)
        self.assertIs(State.REVOKED, proof.state)
        self.assertIn('2025-01-01', proof.detail)
        self.assertNotSigned(gpg)

    def test_a_key_that_may_only_certify(self) -> None:
        key = self.keyring.generate(usage='cert', subkey=False)
        gpg = self.gpg(key.primary, gnupg_home=self.keyring.home)
        self.assertIs(State.CANNOT_SIGN, self.proof(gpg).state)
        self.assertNotSigned(gpg)

    def test_a_wrong_passphrase(self) -> None:
        key = self.keyring.generate(passphrase=PASSPHRASE)
        path = self.keyring.subkeys_file(key)
        gpg = self.gpg(sign_key_file=path, passphrase='wrong')
        proof = self.proof(gpg)
        self.assertIs(State.WRONG_PASSPHRASE, proof.state)
        self.assertEqual(key.signing, proof.fingerprint)
        self.assertNotSigned(gpg)

    def test_no_passphrase_where_one_is_needed(self) -> None:
        key = self.keyring.generate(passphrase=PASSPHRASE)
        path = self.keyring.subkeys_file(key)
        for passphrase in (None, ''):
            gpg = self.gpg(sign_key_file=path, passphrase=passphrase)
            self.assertIs(State.PASSPHRASE_NEEDED, self.proof(gpg).state)
            self.assertNotSigned(gpg)

    def test_a_passphrase_of_two_lines(self) -> None:
        error = self.assertRaises(
            exceptions.Misconfigured, self.gpg, passphrase='one\ntwo'
        )
        self.assertEqual('OPENSTACK_PUBLISH_PASSPHRASE', error.where)
        self.assertNotIn('two', str(error).split('line')[0])

    def test_a_target_that_cannot_be_written(self) -> None:
        key = self.keyring.generate()
        gpg = self.gpg(key.primary, gnupg_home=self.keyring.home)
        self.assertRaises(
            exceptions.Unavailable, gpg.sign, self.path, '/nowhere/f.asc'
        )

    def test_data_that_is_not_there(self) -> None:
        key = self.keyring.generate()
        gpg = self.gpg(key.primary, gnupg_home=self.keyring.home)
        os.unlink(self.path)
        self.assertRaises(
            exceptions.Unavailable, gpg.sign, self.path, self.target
        )
        self.assertEqual([], os.listdir(self.directory))

    def test_no_gpg(self) -> None:
        environment = {'PATH': self.directory, 'HOME': self.directory}
        gpg = self.gpg('A' * 40, environment=environment)
        for asked in (
            gpg.prove,
            lambda: gpg.trust([self.path]),
            lambda: gpg.verify(self.path, self.path),
            lambda: gpg.sign(self.path, self.target),
        ):
            error = self.assertRaises(exceptions.Unavailable, asked)
            self.assertIn('GnuPG is not installed', str(error))

    def test_a_second_signer_in_the_users_configuration(self) -> None:
        """gpg.conf may add signers; the signature is then not taken."""
        key = self.keyring.generate()
        other = self.keyring.generate('other <o@example.org>')
        with open(os.path.join(self.keyring.home, 'gpg.conf'), 'w') as opened:
            opened.write(f'local-user {other.primary}\n')
        gpg = self.gpg(key.primary, gnupg_home=self.keyring.home)
        self.assertNotSigned(gpg)


class TestSigning(SignTestCase):
    """Signatures that are made."""

    def test_no_key_is_no_proof(self) -> None:
        gpg = self.gpg()
        self.assertFalse(gpg.can_sign)
        self.assertIsNone(gpg.prove())

    def test_the_newest_subkey_signs_for_a_primary_key(self) -> None:
        key = self.keyring.generate(when='20260101T000000', expires='20y')
        newest = self.keyring.add_subkey(key.primary, when='20260201T000000')
        gpg = self.gpg(key.primary, gnupg_home=self.keyring.home)
        self.assertTrue(gpg.can_sign)
        proof = self.proof(gpg)
        self.assertIs(State.USABLE, proof.state)
        self.assertEqual(newest, proof.fingerprint)
        gpg.sign(self.path, self.target)
        self.assertSignedBy(keys.Key(key.primary, newest), gpg)

    def test_a_named_subkey_signs_though_a_newer_one_is_there(self) -> None:
        key = self.keyring.generate(when='20260101T000000', expires='20y')
        self.keyring.add_subkey(key.primary, when='20260201T000000')
        gpg = self.gpg(key.signing, gnupg_home=self.keyring.home)
        self.assertEqual(key.signing, self.proof(gpg).fingerprint)
        gpg.sign(self.path, self.target)
        self.assertSignedBy(key, gpg)

    def test_a_usable_subkey_signs_where_a_newer_one_has_expired(
        self,
    ) -> None:
        key = self.keyring.generate(when='20250101T000000', expires='20y')
        self.keyring.add_subkey(
            key.primary, when='20250201T000000', expires='30d'
        )
        gpg = self.gpg(key.primary, gnupg_home=self.keyring.home)
        self.assertEqual(key.signing, self.proof(gpg).fingerprint)

    def test_a_primary_key_without_subkeys_signs_itself(self) -> None:
        key = self.keyring.generate(subkey=False)
        gpg = self.gpg(key.primary, gnupg_home=self.keyring.home)
        gpg.sign(self.path, self.target)
        self.assertSignedBy(key, gpg)

    def test_a_fingerprint_may_be_written_as_gpg_prints_it(self) -> None:
        key = self.keyring.generate()
        spaced = ' '.join(
            key.primary[at : at + 4].lower() for at in range(0, 40, 4)
        )
        gpg = self.gpg(spaced, gnupg_home=self.keyring.home)
        self.assertEqual(key.primary, self.proof(gpg).primary)

    def test_a_secret_subkey_in_a_file_is_enough(self) -> None:
        key = self.keyring.generate()
        gpg = self.gpg(sign_key_file=self.keyring.subkeys_file(key))
        proof = self.proof(gpg)
        self.assertIs(State.USABLE, proof.state)
        self.assertEqual(key.primary, proof.primary)
        gpg.sign(self.path, self.target)
        self.assertSignedBy(key, gpg)

    def test_a_key_may_come_through_a_pipe(self) -> None:
        """As of ``--sign-key-file <(pass show release-key)``."""
        key = self.keyring.generate()
        reading, writing = os.pipe()
        self.addCleanup(os.close, reading)
        with open(self.keyring.secret_file(key), 'rb') as opened:
            os.write(writing, opened.read())
        os.close(writing)
        gpg = self.gpg(sign_key_file=f'/dev/fd/{reading}')
        self.assertIs(State.USABLE, self.proof(gpg).state)

    def test_a_pipe_that_nobody_writes_to_holds_no_key(self) -> None:
        pipe = os.path.join(self.directory, 'pipe')
        os.mkfifo(pipe)
        proof = self.proof(self.gpg(sign_key_file=pipe))
        self.assertIs(State.NO_SECRET, proof.state)

    def test_one_of_several_keys_in_a_file(self) -> None:
        one = self.keyring.generate('one <o@example.org>')
        two = self.keyring.generate('two <t@example.org>')
        path = self.keyring.secret_file(one, two)
        gpg = self.gpg(two.primary, sign_key_file=path)
        gpg.sign(self.path, self.target)
        self.assertSignedBy(two, gpg)

    def test_the_right_passphrase(self) -> None:
        key = self.keyring.generate(passphrase=PASSPHRASE)
        path = self.keyring.subkeys_file(key)
        gpg = self.gpg(sign_key_file=path, passphrase=PASSPHRASE)
        self.assertIs(State.USABLE, self.proof(gpg).state)
        gpg.sign(self.path, self.target)
        self.assertSignedBy(key, gpg)

    def test_a_passphrase_for_a_key_that_has_none(self) -> None:
        key = self.keyring.generate()
        gpg = self.gpg(
            sign_key_file=self.keyring.secret_file(key), passphrase='unused'
        )
        gpg.sign(self.path, self.target)
        self.assertSignedBy(key, gpg)

    def test_the_end_of_a_key_is_told(self) -> None:
        key = self.keyring.generate(when='20260101T000000', expires='20y')
        proof = self.proof(self.gpg(key.primary, gnupg_home=self.keyring.home))
        self.assertEqual(
            datetime.datetime(2045, 12, 27, tzinfo=datetime.UTC),
            proof.expires,
        )

    def test_a_key_without_an_end(self) -> None:
        key = self.keyring.generate(expires='0')
        proof = self.proof(self.gpg(key.primary, gnupg_home=self.keyring.home))
        self.assertIsNone(proof.expires)

    def test_all_bytes_of_a_large_file_are_signed(self) -> None:
        """python-gnupg 0.5.7 signs the first 10 ms of a path it is given."""
        with open(self.path, 'wb') as opened:
            opened.truncate(60_000_000)
        key = self.keyring.generate()
        gpg = self.gpg(key.primary, gnupg_home=self.keyring.home)
        gpg.sign(self.path, self.target)
        self.assertSignedBy(key, gpg)

    def test_names_that_begin_with_a_dash(self) -> None:
        key = self.keyring.generate()
        gpg = self.gpg(key.primary, gnupg_home=self.keyring.home)
        self.addCleanup(os.chdir, os.getcwd())
        os.chdir(self.directory)
        os.rename(self.path, '-f')
        gpg.sign('-f', '-f.asc')
        self.assertEqual(1, len(gpg.verify('-f.asc', '-f').valid))

    def test_an_older_signature_is_replaced_whole(self) -> None:
        key = self.keyring.generate()
        with open(self.target, 'w') as opened:
            opened.write('old')
        gpg = self.gpg(key.primary, gnupg_home=self.keyring.home)
        gpg.sign(self.path, self.target)
        self.assertSignedBy(key, gpg)
        self.assertEqual(2, len(os.listdir(self.directory)))

    def test_a_signature_is_readable_like_any_file(self) -> None:
        key = self.keyring.generate()
        gpg = self.gpg(sign_key_file=self.keyring.secret_file(key))
        self.addCleanup(os.umask, os.umask(0o022))
        gpg.sign(self.path, self.target)
        self.assertEqual(0o644, os.stat(self.target).st_mode & 0o777)

    def test_a_signature_reads_well_though_its_key_is_not_trusted(
        self,
    ) -> None:
        """Whether it is trusted is a rule, and not whether gpg has it."""
        key = self.keyring.generate()
        signed = self.keyring.sign(self.path, key)
        gpg = self.gpg(key.primary, gnupg_home=self.keyring.home)
        self.assertEqual(1, len(gpg.verify(signed, self.path).valid))

    def test_a_weak_users_configuration_is_overruled(self) -> None:
        key = self.keyring.generate()
        with open(os.path.join(self.keyring.home, 'gpg.conf'), 'w') as opened:
            opened.write('digest-algo SHA1\ntextmode\ndefault-sig-expire 1d\n')
        gpg = self.gpg(key.primary, gnupg_home=self.keyring.home)
        gpg.sign(self.path, self.target)
        reading = gpg.verify(self.target, self.path)
        (made,) = reading.valid
        self.assertEqual(
            (10, '00'), (made.hash_algorithm, made.signature_class)
        )
        # the fourth value of VALIDSIG is the signature's end, 0 for none
        status = self.keyring.gpg(
            '--status-fd', '1', '--verify', self.target, self.path
        ).decode()
        self.assertEqual('0', status.split('VALIDSIG ')[1].split(' ')[3])


class TestSecrets(SignTestCase):
    """Nothing secret leaves."""

    def setUp(self) -> None:
        super().setUp()
        self.log = self.useFixture(fixtures.FakeLogger(level=logging.DEBUG))

    def test_the_passphrase_is_in_no_log_even_with_debug_ipc(self) -> None:
        self.useFixture(fixtures.EnvironmentVariable('DEBUG_IPC', '1'))
        key = self.keyring.generate(passphrase=PASSPHRASE)
        path = self.keyring.subkeys_file(key)
        for passphrase in (PASSPHRASE, 'falsches-Wort'):
            gpg = self.gpg(sign_key_file=path, passphrase=passphrase)
            proof = self.proof(gpg)
            for text in (self.log.output, repr(proof), repr(gpg)):
                self.assertNotIn('geheim', text)
                self.assertNotIn('falsches-Wort', text)
        self.assertIn('--passphrase-fd', self.log.output)
        self.assertNotIn('--debug', self.log.output)

    def test_the_key_file_is_in_no_log(self) -> None:
        key = self.keyring.generate()
        path = self.keyring.secret_file(key)
        self.proof(self.gpg(sign_key_file=path))
        with open(path) as opened:
            lines = [line for line in opened.read().split() if len(line) > 50]
        self.assertNotEqual([], lines)
        for line in lines:
            self.assertNotIn(line, self.log.output)

    def test_gpg_gets_no_secret_in_its_environment(self) -> None:
        seen = os.path.join(self.directory, 'seen')
        binaries = os.path.join(self.directory, 'bin')
        os.mkdir(binaries)
        for name in ('gpg', 'gpgconf'):
            path = os.path.join(binaries, name)
            with open(path, 'w') as opened:
                opened.write(
                    f'#!/bin/sh\nenv >> {seen}\nPATH=${{PATH#*:}}\n'
                    f'exec {name} "$@"\n'
                )
            os.chmod(path, 0o755)
        environment = {
            **os.environ,
            'PATH': f'{binaries}:{os.environ["PATH"]}',
            'TWINE_PASSWORD': 'pypi-token',
            'OPENSTACK_PUBLISH_PASSPHRASE': 'phrase',
        }
        key = self.keyring.generate()
        gpg = self.gpg(
            sign_key_file=self.keyring.secret_file(key),
            environment=environment,
        )
        self.assertIs(State.USABLE, self.proof(gpg).state)
        with open(seen) as opened:
            text = opened.read()
        self.assertIn('PATH=', text)
        self.assertNotIn('pypi-token', text)
        self.assertNotIn('phrase', text)


class TestInterrupted(SignTestCase):
    """What a signal cuts short, and what a killed run has left."""

    def test_the_gpg_that_runs_is_ended(self) -> None:
        gpg = client.Client(
            self.keyring.home, dict(os.environ), client.COMMON_OPTIONS
        )

        def interrupted() -> None:
            with gpg.asked('signing'):
                # It reads its standard input, which nobody closes.
                self.started = gpg._open_subprocess(['--sign'])
                raise KeyboardInterrupt

        self.assertRaises(KeyboardInterrupt, interrupted)
        self.assertEqual(-signal.SIGKILL, self.started.returncode)

    def test_half_a_signature_of_a_killed_run_goes(self) -> None:
        part = os.path.join(
            self.directory, '.nova-1.0.tar.gz.asc.0a1b2c3d.part'
        )
        with open(part, 'w') as opened:
            opened.write('-----BEGIN PGP SIGNA')
        key = self.keyring.generate()
        self.gpg(key.primary, gnupg_home=self.keyring.home).sign(
            self.path, self.target
        )
        self.assertEqual(
            ['nova-1.0.tar.gz', 'nova-1.0.tar.gz.asc'],
            sorted(os.listdir(self.directory)),
        )


class TestLimit(SignTestCase):
    """A gpg that hangs ends."""

    def test_a_gpg_that_hangs_is_ended_at_the_limit(self) -> None:
        binaries = os.path.join(self.directory, 'bin')
        os.mkdir(binaries)
        path = os.path.join(binaries, 'gpg')
        with open(path, 'w') as opened:
            # It answers who it is, and then no more.
            opened.write(
                '#!/bin/sh\ncase "$*" in\n'
                '*list-config*) echo cfg:version:2.2.40;;\n'
                '*) exec sleep 600;;\nesac\n'
            )
        os.chmod(path, 0o755)
        gpg = client.Client(
            self.directory,
            {'PATH': f'{binaries}:{os.environ["PATH"]}'},
            client.VERIFY_OPTIONS,
        )
        gpg.limit = 0.2
        error = self.assertRaises(exceptions.Unavailable, gpg.listed)
        self.assertEqual('gpg did not end within 0.2 s', error.cause)

    def test_the_limit_of_a_release_is_a_minute(self) -> None:
        self.assertEqual(60.0, client.TIMEOUT)

    def test_what_a_caller_gives_is_left_open(self) -> None:
        key = self.keyring.generate()
        gpg = client.Client(
            self.keyring.home, dict(os.environ), client.COMMON_OPTIONS
        )
        with gpg.asked('signing'), io.BytesIO(b'x') as data:
            gpg.sign_file(data, detach=True, clearsign=False)
            self.assertFalse(data.closed)
        self.assertIsNotNone(key)
