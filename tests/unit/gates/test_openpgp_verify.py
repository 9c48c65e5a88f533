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

"""What gpg says of signatures: every case that was tried by hand, again."""

from __future__ import annotations

import datetime
import hashlib
import logging
import os
import shutil

import fixtures
import testtools

from openstack_publish import exceptions
from openstack_publish.gates import openpgp
from openstack_publish.gates import processes
from openstack_publish.gates.openpgp import status
from openstack_publish.gates.openpgp import verifier
from openstack_publish.model import signature
from tests.support import keys

UTC = datetime.UTC


class VerifyTestCase(testtools.TestCase):
    """A file, a ring of keys, and a gpg that trusts some of them."""

    def setUp(self) -> None:
        super().setUp()
        self.keyring = self.useFixture(keys.Keyring())
        self.directory = self.useFixture(fixtures.TempDir()).path
        self.path = self.written('nova-1.0.tar.gz', b'the bytes')
        self.gpg = openpgp.OpenPGP(processes.Processes(os.environ))
        self.addCleanup(self.gpg.close)

    def written(self, name: str, content: bytes) -> str:
        path = os.path.join(self.directory, name)
        with open(path, 'wb') as opened:
            opened.write(content)
        return path

    def content(self, path: str) -> bytes:
        with open(path, 'rb') as opened:
            return opened.read()

    def trust(self, *trusted: keys.Key) -> None:
        self.gpg.trust([self.keyring.public_file(*trusted)])

    def verify(self, signed: str) -> signature.SignatureReading:
        return self.gpg.verify(signed, self.path)


class TestBadSignatures(VerifyTestCase):
    """What must never read as a good signature."""

    def test_altered_data_is_a_bad_signature(self) -> None:
        key = self.keyring.generate()
        self.trust(key)
        signed = self.keyring.sign(self.path, key)
        self.written('nova-1.0.tar.gz', b'other bytes')
        reading = self.verify(signed)
        self.assertEqual((key.signing[-16:],), reading.bad)
        self.assertEqual((), reading.valid)
        self.assertEqual((), reading.errors)
        self.assertEqual(1, reading.new)

    def test_an_unknown_key_is_named_by_its_whole_fingerprint(self) -> None:
        key = self.keyring.generate()
        reading = self.verify(self.keyring.sign(self.path, key))
        self.assertEqual((key.signing,), reading.missing_keys)
        self.assertEqual((), reading.valid)
        self.assertEqual((), reading.errors)
        self.assertIsNone(reading.malformed)

    def test_a_signature_that_has_expired_says_so(self) -> None:
        key = self.keyring.generate(when='20240101T000000', expires='20y')
        self.trust(key)
        signed = self.keyring.sign(
            self.path,
            key,
            '--default-sig-expire',
            '1d',
            when='20240201T000000',
        )
        reading = self.verify(signed)
        self.assertTrue(reading.expired)
        self.assertEqual(1, len(reading.valid))
        self.assertEqual((), reading.errors)

    def test_a_key_that_has_expired_is_read_with_its_date(self) -> None:
        key = self.keyring.generate(when='20200101T000000', expires='30d')
        self.trust(key)
        signed = self.keyring.sign(self.path, key, when='20200110T120000')
        reading = self.verify(signed)
        self.assertEqual(
            datetime.datetime(2020, 1, 31, tzinfo=UTC), reading.key_expired
        )
        (made,) = reading.valid
        self.assertEqual(
            datetime.datetime(2020, 1, 10, 12, tzinfo=UTC), made.created
        )
        self.assertEqual(key.signing, made.fingerprint)
        self.assertEqual(key.primary, made.primary)
        self.assertFalse(reading.expired)
        self.assertFalse(reading.key_revoked)
        self.assertEqual((), reading.errors)

    def test_the_end_of_another_subkey_is_not_that_of_the_signing_one(
        self,
    ) -> None:
        key = self.keyring.generate(when='20200101T000000', expires='1y')
        self.keyring.add_subkey(
            key.primary, when='20200102T000000', expires='7d'
        )
        self.trust(key)
        signed = self.keyring.sign(self.path, key, when='20200301T000000')
        self.assertEqual(
            datetime.datetime(2020, 12, 31, tzinfo=UTC),
            self.verify(signed).key_expired,
        )

    def test_the_nearer_end_of_subkey_and_primary_counts(self) -> None:
        key = self.keyring.generate(
            when='20200101T000000', expires='1y', subkey=False
        )
        subkey = self.keyring.add_subkey(
            key.primary, when='20200101T000000', expires='30d'
        )
        key = keys.Key(key.primary, subkey)
        self.trust(key)
        signed = self.keyring.sign(self.path, key, when='20200110T000000')
        self.assertEqual(
            datetime.datetime(2020, 1, 31, tzinfo=UTC),
            self.verify(signed).key_expired,
        )

    def test_a_revoked_subkey_is_read_with_date_and_reason(self) -> None:
        key = self.keyring.generate(when='20240101T000000', expires='20y')
        signed = self.keyring.sign(self.path, key, when='20240201T000000')
        self.keyring.revoke_subkey(key, reason=1, when='20250101T000000')
        self.trust(key)
        reading = self.verify(signed)
        self.assertTrue(reading.key_revoked)
        self.assertEqual(
            datetime.datetime(2025, 1, 1, tzinfo=UTC), reading.key_revoked_at
        )
        self.assertEqual(1, reading.key_revocation_reason)
        self.assertEqual((), reading.errors)

    def test_a_compromised_subkey_is_read_with_its_reason(self) -> None:
        key = self.keyring.generate(when='20240101T000000', expires='20y')
        signed = self.keyring.sign(self.path, key, when='20240201T000000')
        self.keyring.revoke_subkey(key, reason=2, when='20250101T000000')
        self.trust(key)
        self.assertEqual(2, self.verify(signed).key_revocation_reason)

    def test_a_revoked_primary_key_revokes_its_subkey(self) -> None:
        key = self.keyring.generate()
        signed = self.keyring.sign(self.path, key)
        self.keyring.revoke(key)
        self.trust(key)
        reading = self.verify(signed)
        self.assertTrue(reading.key_revoked)
        self.assertIsNotNone(reading.key_revoked_at)
        self.assertEqual(0, reading.key_revocation_reason)

    def test_a_signature_from_after_our_clock_could_not_be_checked(
        self,
    ) -> None:
        """A clock that is wrong is ours or the signer's: gpg cannot know."""
        binaries = self.useFixture(fixtures.TempDir()).path
        options = os.path.join(binaries, 'options')
        shim = os.path.join(binaries, 'gpg')
        with open(options, 'w'), open(shim, 'w') as opened:
            opened.write(
                f'#!/bin/sh\nexec {shutil.which("gpg")} $(cat {options}) '
                '"$@"\n'
            )
        os.chmod(shim, 0o755)
        path = f'{binaries}:{os.environ["PATH"]}'
        gpg = openpgp.OpenPGP(
            processes.Processes({**os.environ, 'PATH': path})
        )
        self.addCleanup(gpg.close)
        key = self.keyring.generate()
        gpg.trust([self.keyring.public_file(key)])
        signed = self.keyring.sign(self.path, key)
        self.assertEqual(1, len(gpg.verify(signed, self.path).valid))
        with open(options, 'w') as opened:
            opened.write('--faked-system-time 20200101T000000!')
        reading = gpg.verify(signed, self.path)
        self.assertEqual((), reading.valid)
        # 2.4 knows no subkey that is not made yet; 2.2 says what is wrong.
        self.assertIn(
            (reading.errors, reading.missing_keys),
            (
                (
                    (
                        f'signature by {key.signing}: the key was not valid '
                        'when it says that it was made',
                    ),
                    (),
                ),
                ((), (key.signing,)),
            ),
        )

    def test_a_key_from_the_future_makes_nothing_valid(self) -> None:
        """2.2 does not take it, 2.4 finds none of its subkeys."""
        when = '20900101T000000'
        key = self.keyring.generate(when=when)
        signed = self.keyring.sign(self.path, key, when=when)
        try:
            self.trust(key)
        except exceptions.Unavailable as error:
            self.assertEqual(
                f'gpg did not take the key {key.primary}', error.cause
            )
        reading = self.verify(signed)
        self.assertEqual((), reading.valid)
        self.assertEqual((key.signing,), reading.missing_keys)

    def test_sha1_is_read_as_hash_algorithm_2(self) -> None:
        key = self.keyring.generate()
        self.trust(key)
        signed = self.keyring.sign(self.path, key, '--digest-algo', 'SHA1')
        (made,) = self.verify(signed).valid
        self.assertEqual(2, made.hash_algorithm)

    def test_a_signature_over_text_is_of_class_01(self) -> None:
        key = self.keyring.generate()
        self.trust(key)
        (made,) = self.verify(
            self.keyring.sign(self.path, key, '--textmode')
        ).valid
        self.assertEqual('01', made.signature_class)

    def test_two_signatures_are_two_even_if_the_last_is_good(self) -> None:
        """gpg ends with 2 here and python-gnupg 0.5.7 says True."""
        stranger = self.keyring.generate('stranger <s@example.org>')
        key = self.keyring.generate()
        self.trust(key)
        first = self.keyring.sign(self.path, stranger, target=f'{self.path}.1')
        second = self.keyring.sign(self.path, key, target=f'{self.path}.2')
        both = self.written(
            'both.asc', self.content(first) + self.content(second)
        )
        reading = self.verify(both)
        self.assertEqual(2, reading.new)
        self.assertEqual((stranger.signing,), reading.missing_keys)
        self.assertEqual(1, len(reading.valid))

    def test_two_good_signatures_are_two(self) -> None:
        one = self.keyring.generate('one <o@example.org>')
        two = self.keyring.generate('two <t@example.org>')
        self.trust(one)
        self.trust(two)
        first = self.keyring.sign(self.path, one, target=f'{self.path}.1')
        second = self.keyring.sign(self.path, two, target=f'{self.path}.2')
        both = self.written(
            'both.asc', self.content(first) + self.content(second)
        )
        reading = self.verify(both)
        self.assertEqual(2, reading.new)
        self.assertEqual(
            [one.signing, two.signing],
            [made.fingerprint for made in reading.valid],
        )


class TestNoSignatures(VerifyTestCase):
    """Files that hold no detached signature."""

    def assertMalformed(self, name: str, content: bytes) -> None:
        reading = self.verify(self.written(name, content))
        self.assertIsNotNone(reading.malformed)
        self.assertEqual((), reading.valid)
        self.assertEqual(0, reading.new)

    def test_an_empty_file(self) -> None:
        self.assertMalformed('empty.asc', b'')

    def test_a_page_of_html(self) -> None:
        self.assertMalformed('page.asc', b'<html>404 Not Found</html>')

    def test_a_public_key(self) -> None:
        key = self.keyring.generate()
        public = self.content(self.keyring.public_file(key))
        self.assertMalformed('key.asc', public)

    def test_a_signature_that_was_cut_off(self) -> None:
        key = self.keyring.generate()
        self.trust(key)
        whole = self.content(self.keyring.sign(self.path, key))
        self.assertMalformed('cut.asc', whole[: len(whole) // 2])

    def test_a_clear_signed_file_that_verifies_against_itself(self) -> None:
        key = self.keyring.generate()
        self.trust(key)
        self.written('text', b'whatever' + bytes([10]))
        clear = os.path.join(self.directory, 'clear.asc')
        self.keyring.gpg(
            '--local-user',
            f'{key.signing}!',
            '--output',
            clear,
            '--clearsign',
            os.path.join(self.directory, 'text'),
        )
        self.assertMalformed('again.asc', self.content(clear))

    def test_a_file_with_its_signature_inside(self) -> None:
        key = self.keyring.generate()
        self.trust(key)
        inside = os.path.join(self.directory, 'inside.asc')
        self.keyring.gpg(
            '--local-user',
            f'{key.signing}!',
            '--output',
            inside,
            '--armor',
            '--sign',
            self.path,
        )
        self.assertMalformed('again.asc', self.content(inside))

    def test_a_file_larger_than_the_limit_is_not_given_to_gpg(self) -> None:
        content = b'x' * (verifier.SIGNATURE_LIMIT + 1)
        reading = self.verify(self.written('large.asc', content))
        self.assertEqual(
            'it holds no detached signature: it is larger than '
            f'{verifier.SIGNATURE_LIMIT} bytes',
            reading.malformed,
        )
        self.assertEqual(hashlib.sha256(content).hexdigest(), reading.sha256)

    def test_data_that_is_not_there_is_no_verdict(self) -> None:
        key = self.keyring.generate()
        self.trust(key)
        signed = self.keyring.sign(self.path, key)
        os.unlink(self.path)
        error = self.assertRaises(exceptions.Unavailable, self.verify, signed)
        self.assertIn('No such file', error.cause)

    def test_a_pipe_is_no_verdict_and_not_waited_for(self) -> None:
        pipe = os.path.join(self.directory, 'pipe')
        os.mkfifo(pipe)
        for asked in ((pipe, self.path), (self.path, pipe)):
            error = self.assertRaises(
                exceptions.Unavailable, self.gpg.verify, *asked
            )
            self.assertIn('is no regular file', error.cause)

    def test_a_signature_that_is_not_there_is_no_verdict(self) -> None:
        self.assertRaises(
            exceptions.Unavailable, self.verify, f'{self.path}.asc'
        )


class TestGoodSignatures(VerifyTestCase):
    """What reads as exactly one good signature."""

    def test_everything_of_a_good_signature_is_read(self) -> None:
        key = self.keyring.generate(when='20260101T000000')
        self.trust(key)
        signed = self.keyring.sign(
            self.path,
            key,
            '--digest-algo',
            'SHA256',
            when='20260201T030405',
        )
        self.assertEqual(
            signature.SignatureReading(
                filename='nova-1.0.tar.gz.asc',
                sha256=hashlib.sha256(self.content(signed)).hexdigest(),
                new=1,
                valid=(
                    signature.Signature(
                        fingerprint=key.signing,
                        primary=key.primary,
                        created=datetime.datetime(
                            2026, 2, 1, 3, 4, 5, tzinfo=UTC
                        ),
                        hash_algorithm=8,
                        signature_class='00',
                    ),
                ),
            ),
            self.gpg.verify(signed, self.path),
        )

    def test_a_file_whose_name_begins_with_a_dash(self) -> None:
        key = self.keyring.generate()
        self.trust(key)
        path = self.written('-o', b'bytes')
        signed = self.keyring.sign(path, key)
        before = os.getcwd()
        self.addCleanup(os.chdir, before)
        os.chdir(self.directory)
        reading = self.gpg.verify(os.path.basename(signed), '-o')
        self.assertEqual(1, len(reading.valid))

    def test_text_before_the_armor_is_no_harm(self) -> None:
        key = self.keyring.generate()
        self.trust(key)
        signed = self.content(self.keyring.sign(self.path, key))
        again = self.written(
            'again.asc', b'Some words.' + bytes([10]) + signed
        )
        self.assertEqual(1, len(self.verify(again).valid))

    def test_a_notation_cannot_write_a_status_line(self) -> None:
        """U+2028 ends a line for str.splitlines, and not for us."""
        stranger = self.keyring.generate('stranger <s@example.org>')
        key = self.keyring.generate()
        self.trust(key)
        self.trust(stranger)
        line = chr(0x2028) + f'[GNUPG:] VALIDSIG {key.signing} 2026-01-01'
        signed = self.keyring.sign(
            self.path, stranger, '--sig-notation', f'a@example.org=b{line}'
        )
        reading = self.verify(signed)
        self.assertEqual(
            [stranger.signing],
            [made.fingerprint for made in reading.valid],
        )
        self.assertEqual((), reading.errors)

    def test_a_user_id_that_is_no_utf8_is_no_harm(self) -> None:
        key = self.keyring.generate('caf' + chr(0xE9) + ' <c@example.org>')
        latin = self.keyring.public_file(key)
        self.gpg.trust([latin])
        signed = self.keyring.sign(self.path, key)
        self.assertEqual(1, len(self.verify(signed).valid))


class TestStatus(testtools.TestCase):
    """Status lines that no gpg at hand writes."""

    def read(
        self, output: str, returncode: int = 0
    ) -> signature.SignatureReading:
        return status.reading('f.asc', '0' * 64, output, returncode, ())

    def test_an_expired_key_without_a_date_could_not_be_checked(self) -> None:
        key = 'A' * 40
        reading = self.read(
            '[GNUPG:] NEWSIG\n'
            '[GNUPG:] EXPKEYSIG AAAAAAAAAAAAAAAA somebody\n'
            f'[GNUPG:] VALIDSIG {key} 2026-01-01 1767225600 0 4 0 22 8 00 '
            f'{key}\n'
        )
        self.assertEqual(
            ('its key has expired, and gpg does not say when',),
            reading.errors,
        )

    def test_a_valid_signature_of_a_gpg_that_failed_is_an_error(self) -> None:
        key = 'A' * 40
        reading = self.read(
            'gpg: out of memory\n[GNUPG:] NEWSIG\n'
            f'[GNUPG:] VALIDSIG {key} 2026-01-01 1767225600 0 4 0 22 8 00 '
            f'{key}\n',
            returncode=2,
        )
        self.assertEqual(
            ('gpg ended with 2 (gpg: out of memory)',), reading.errors
        )

    def test_a_validsig_that_cannot_be_read_is_an_error(self) -> None:
        for values in (
            '',
            'A B C',
            f'{"A" * 64} d 1 0 6 0 22 8 00 {"A" * 64}',
        ):
            reading = self.read(f'[GNUPG:] VALIDSIG {values}\n')
            self.assertEqual((), reading.valid)
            self.assertEqual(1, len(reading.errors), values)

    def test_an_errsig_is_an_error_whatever_it_says(self) -> None:
        for values in ('', 'A', 'A 22 8 00 1 x', 'A 22 8 00 1 4711 -'):
            reading = self.read(f'[GNUPG:] ERRSIG {values}\n')
            self.assertEqual(1, len(reading.errors), values)

    def test_only_a_line_feed_ends_a_line(self) -> None:
        for other in ('\r', '\x0b', '\x0c', '\x1c', '\x85', '\u2028'):
            self.assertEqual(
                [], list(status.lines(f'gpg: x{other}[GNUPG:] GOODSIG'))
            )

    def test_what_gpg_does_not_say_is_malformed(self) -> None:
        self.assertIsNotNone(self.read('').malformed)


class TestTrust(VerifyTestCase):
    """Public keys for verification."""

    def assertRefused(self, path: str, words: str) -> None:
        error = self.assertRaises(
            exceptions.Misconfigured, self.gpg.trust, [path]
        )
        self.assertIn(words, error.message)

    def test_a_file_that_is_not_there(self) -> None:
        self.assertRefused('/nowhere/key.txt', 'No such file')

    def test_a_directory(self) -> None:
        self.assertRefused(self.directory, 'Is a directory')

    def test_a_file_without_a_key(self) -> None:
        self.assertRefused(self.path, 'holds no OpenPGP public key')

    def test_a_file_with_a_secret_key(self) -> None:
        key = self.keyring.generate()
        path = self.keyring.secret_file(key)
        self.assertRefused(path, 'holds a secret key')
        signed = self.keyring.sign(self.path, key)
        self.assertEqual((key.signing,), self.verify(signed).missing_keys)

    def test_a_signature_is_no_key(self) -> None:
        signed = self.keyring.sign(self.path, self.keyring.generate())
        self.assertRefused(signed, 'holds no OpenPGP public key')

    def test_each_file_gives_its_primary_fingerprints(self) -> None:
        one = self.keyring.generate('one <o@example.org>')
        two = self.keyring.generate('two <t@example.org>')
        both = self.keyring.public_file(one, two)
        alone = os.path.join(self.directory, '-alone')
        os.rename(self.keyring.public_file(two), alone)
        self.assertEqual(
            {both: (one.primary, two.primary), alone: (two.primary,)},
            self.gpg.trust([both, alone]),
        )

    def test_no_file_gives_nothing(self) -> None:
        self.assertEqual({}, self.gpg.trust([]))

    def test_text_before_the_key_is_no_harm(self) -> None:
        key = self.keyring.generate()
        path = self.keyring.public_file(key, preamble='pub  ed25519\n\n')
        self.assertEqual({path: (key.primary,)}, self.gpg.trust([path]))


class TestLog(VerifyTestCase):
    """The log of python-gnupg."""

    def test_a_secret_key_among_the_trusted_is_not_logged(self) -> None:
        logged = self.useFixture(fixtures.FakeLogger(level=logging.DEBUG))
        key = self.keyring.generate()
        path = self.keyring.secret_file(key)
        self.assertRaises(exceptions.Misconfigured, self.gpg.trust, [path])
        body = self.content(path).split(bytes([10, 10]))[1].split()[1]
        self.assertNotIn(body.decode(), logged.output)
        self.assertIn('--status-fd', logged.output)
