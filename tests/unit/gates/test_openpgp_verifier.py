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

"""Verifying for a whole run: public keys alone, and several threads."""

from __future__ import annotations

import concurrent.futures
import os
import tempfile

import fixtures
import testtools

from openstack_publish import exceptions
from openstack_publish.gates import openpgp
from openstack_publish.gates import processes
from openstack_publish.gates.openpgp import armor
from openstack_publish.model import signature
from tests.support import keys

FILES = 6
THREADS = 6
ROUNDS = 5


class TestVerifier(testtools.TestCase):
    """One home from the first question to the last."""

    def setUp(self) -> None:
        super().setUp()
        self.directory = self.useFixture(fixtures.TempDir()).path
        self.temporary = self.useFixture(keys.ShortDirectory()).path
        self.useFixture(
            fixtures.MonkeyPatch('tempfile.tempdir', self.temporary)
        )
        self.ring = self.useFixture(keys.Keyring())
        self.verifier = openpgp.Verifier(processes.Processes(os.environ))
        self.addCleanup(self.verifier.close)

    def signed(self, number: int, key: keys.Key) -> str:
        """Write a file and sign it; return its path."""
        path = os.path.join(self.directory, f'nova-{number}.tar.gz')
        with open(path, 'wb') as opened:
            opened.write(b'%d' % number * 1000)
        self.ring.sign(path, key)
        return path

    def homes(self) -> list[str]:
        """Return the private homes that are there."""
        return [
            name
            for name in os.listdir(tempfile.gettempdir())
            if name.startswith('osp-')
        ]

    def test_nothing_is_there_before_the_first_question_and_after_the_last(
        self,
    ) -> None:
        self.assertEqual({}, self.verifier.trust([]))
        self.assertEqual([], self.homes())
        key = self.ring.generate()
        path = self.signed(1, key)
        with self.verifier as entered:
            entered.trust([self.ring.public_file(key)])
            self.assertEqual(1, len(entered.verify(f'{path}.asc', path).valid))
            self.assertEqual(1, len(self.homes()))
        self.assertEqual([], self.homes())
        self.verifier.close()
        # A thread may still ask that nobody waits for any more.
        self.assertRaises(
            exceptions.Unavailable, self.verifier.verify, f'{path}.asc', path
        )
        self.assertEqual([], self.homes())

    def test_no_agent_is_ever_started(self) -> None:
        key = self.ring.generate()
        path = self.signed(1, key)
        self.verifier.trust([self.ring.public_file(key)])
        self.verifier.verify(f'{path}.asc', path)
        self.assertEqual([], keys.agents(self.verifier.place))

    def test_a_secret_key_has_no_place_here(self) -> None:
        key = self.ring.generate()
        with testtools.ExpectedException(
            exceptions.Misconfigured, '.*holds a secret key.*'
        ):
            self.verifier.trust([self.ring.secret_file(key)])

    def test_threads_get_each_the_answer_to_their_own_question(self) -> None:
        known = self.ring.generate('known <k@example.org>')
        stranger = self.ring.generate('stranger <s@example.org>')
        self.verifier.trust([self.ring.public_file(known)])
        paths = [
            self.signed(number, known if number % 2 else stranger)
            for number in range(FILES)
        ]
        # Every third file is held against the signature of its neighbour.
        questions = [
            (paths[(number + (number % 3 == 0)) % FILES], paths[number])
            for number in range(FILES)
        ] * ROUNDS

        def ask(question: tuple[str, str]) -> signature.SignatureReading:
            signed, path = question
            return self.verifier.verify(f'{signed}.asc', path)

        one_by_one = [ask(question) for question in questions[:FILES]]
        with concurrent.futures.ThreadPoolExecutor(THREADS) as pool:
            found = list(pool.map(ask, questions))
        self.assertEqual(one_by_one * ROUNDS, found)
        kinds = {
            (len(each.valid), len(each.bad), len(each.missing_keys))
            for each in found
        }
        self.assertEqual({(1, 0, 0), (0, 1, 0), (0, 0, 1)}, kinds)

    def test_what_lies_around_a_signature_is_seen(self) -> None:
        key = self.ring.generate()
        path = self.signed(1, key)
        self.verifier.trust([self.ring.public_file(key)])
        self.assertFalse(self.verifier.verify(f'{path}.asc', path).surrounded)
        with open(f'{path}.asc', 'ab') as opened:
            opened.write(b'sha256: 00\n')
        reading = self.verifier.verify(f'{path}.asc', path)
        self.assertTrue(reading.surrounded)
        self.assertEqual(1, len(reading.valid))

    def test_md5_is_too_weak_and_not_merely_unchecked(self) -> None:
        key = self.ring.generate()
        path = self.signed(1, key)
        self.verifier.trust([self.ring.public_file(key)])
        weak = self.ring.sign(
            path, key, '--allow-weak-digest-algos', '--digest-algo', 'MD5'
        )
        reading = self.verifier.verify(weak, path)
        self.assertEqual(
            ((1,), (), ()), (reading.weak, reading.errors, reading.valid)
        )


class TestArmor(testtools.TestCase):
    """What a file says around its armor."""

    armored = (
        b'-----BEGIN PGP SIGNATURE-----\n'
        b'Comment: of no weight\n\nAAAA\n=AAAA\n'
        b'-----END PGP SIGNATURE-----\n'
    )

    def test_armor_alone_with_empty_lines_around(self) -> None:
        for content in (
            self.armored,
            b'\n \n' + self.armored + b'\r\n\n',
            self.armored.replace(b'\n', b'\r\n'),
            self.armored * 2,
            b'',
            b'\x88u\x04\x00',
        ):
            self.assertFalse(armor.is_surrounded(content), content)
            self.assertFalse(armor.is_clear_signed(content), content)

    def test_words_before_behind_and_between(self) -> None:
        for content in (
            b'words\n' + self.armored,
            self.armored + b'words',
            self.armored + b'words\n' + self.armored,
        ):
            self.assertTrue(armor.is_surrounded(content), content)

    def test_a_clear_signed_text_is_known_by_its_first_line(self) -> None:
        first = b'-----BEGIN PGP SIGNED MESSAGE-----'
        for content in (
            first + b'\nHash: SHA512\n\nwords\n' + self.armored,
            b'words\n' + first + b' \r\n\n' + self.armored,
        ):
            self.assertTrue(armor.is_clear_signed(content), content)
        quoted = b'- ' + first + b'\n' + self.armored
        self.assertFalse(armor.is_clear_signed(quoted))
