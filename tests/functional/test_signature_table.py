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

"""Each way in which a signature can be wrong, made with real keys.

The cases are those that were tried by hand with gpg 2.2.40; each has a code
of its own, so that a reader can tell them apart.
"""

from __future__ import annotations

import datetime
import os
import pathlib
import shutil
import tempfile

import testtools

from openstack_publish.gates import openpgp
from openstack_publish.gates import processes
from openstack_publish.model import finding
from openstack_publish.model import names
from openstack_publish.model import series
from openstack_publish.rules import signed
from openstack_publish.rules import windows
from tests.support import keys

UTC = datetime.UTC
NAME = 'nova-1.0.tar.gz'
IN, AFTER = '20250215T120000', '20250415T120000'
"""In the windows and after them."""

REVOKED = '20250301T000000'
START = datetime.date(2025, 2, 1)
END = datetime.date(2025, 3, 31)

EXPECTED: dict[str, list[tuple[str, str]]] = {
    'good': [],
    'altered': [('OSP501', 'failed')],
    'unlisted key': [('OSP502', 'failed')],
    'unknown key': [('OSP531', 'unknown')],
    'expired after the signature': [],
    'expired before the signature': [
        ('OSP532', 'failed'),
        ('OSP530', 'failed'),
    ],
    'superseded after the signature': [('OSP535', 'noted')],
    'superseded before the signature': [
        ('OSP533', 'failed'),
        ('OSP530', 'failed'),
    ],
    'retired after the signature': [('OSP535', 'noted')],
    'compromised after the signature': [('OSP534', 'failed')],
    'revoked without a reason': [('OSP534', 'failed')],
    'signature expired': [('OSP505', 'failed')],
    'SHA-1': [('OSP504', 'failed')],
    'MD5': [('OSP504', 'failed')],
    'not a signature': [('OSP503', 'failed')],
    'clear-signed': [('OSP536', 'failed')],
    'two signatures': [('OSP537', 'failed')],
    'a stranger, then a good one': [
        ('OSP537', 'failed'),
        ('OSP531', 'unknown'),
    ],
    'wrong class': [('OSP538', 'failed')],
    'wrong window': [('OSP530', 'failed')],
    'text before the armor': [('OSP539', 'failed')],
    'text after the armor': [('OSP539', 'failed')],
}


class Signatures:
    """Signatures of one file, and the keys that are listed or not."""

    def __init__(self, ring: keys.Keyring, directory: str) -> None:
        self.ring = ring
        self.directory = pathlib.Path(directory)
        self.path = str(self.directory / NAME)
        self.write(NAME, b'what users install\n')
        self.listed: list[names.Fingerprint] = []
        self.loaded: list[keys.Key] = []
        self.cases: dict[str, str] = {}

    def write(self, name: str, content: bytes) -> str:
        path = self.directory / name
        path.write_bytes(content)
        return str(path)

    def key(self, *, expires: str = '20y', listed: bool = True) -> keys.Key:
        """Make a key of a cycle: a subkey signs."""
        made = self.ring.generate(
            f'key {len(self.loaded)} <k@example.org>',
            when='20250101T000000',
            expires=expires,
        )
        self.loaded.append(made)
        if listed:
            self.listed.append(made.primary)
        return made

    def sign(
        self, case: str, key: keys.Key, *options: str, when: str = IN
    ) -> bytes:
        """Sign the file and return the signature; it is the case's."""
        target = str(self.directory / f'{len(self.cases)}.asc')
        self.ring.sign(self.path, key, *options, target=target, when=when)
        self.cases[case] = target
        return pathlib.Path(target).read_bytes()

    def put(self, case: str, content: bytes) -> None:
        """Let a case have any file for a signature."""
        self.cases[case] = self.write(f'{len(self.cases)}.asc', content)

    def make(self) -> None:
        """Make every case."""
        self._by_a_good_key()
        self._by_strangers()
        self._by_keys_that_ended()

    def _by_a_good_key(self) -> None:
        key = self.key()
        good = self.sign('good', key)
        expired = self.key(expires='180d')
        other = self.sign('expired after the signature', expired)
        self.cases['altered'] = self.cases['good']
        self.sign('wrong window', key, when=AFTER)
        self.sign('signature expired', key, '--default-sig-expire', '1d')
        self.sign('SHA-1', key, '--digest-algo', 'SHA1')
        self.sign(
            'MD5', key, '--allow-weak-digest-algos', '--digest-algo', 'MD5'
        )
        self.sign('wrong class', key, '--textmode')
        self.put('two signatures', good + other)
        self.put('text before the armor', b'sha256: 00\n\n' + good)
        self.put('text after the armor', good + b'sha256: 00\n')
        self.put('not a signature', b'<html>404</html>')
        target = str(self.directory / 'clear.asc')
        self.ring.gpg(
            *('--local-user', f'{key.signing}!', '--output', target),
            *('--clearsign', self.path),
            when=IN,
        )
        self.cases['clear-signed'] = target

    def _by_strangers(self) -> None:
        self.sign('unlisted key', self.key(listed=False))
        stranger = self.ring.generate(
            'stranger <s@example.org>', when='20250101T000000'
        )
        first = self.sign('unknown key', stranger)
        good = pathlib.Path(self.cases['good']).read_bytes()
        self.put('a stranger, then a good one', first + good)

    def _by_keys_that_ended(self) -> None:
        short = self.key()
        self.sign('expired before the signature', short, when=AFTER)
        # gpg signs with no expired key, so that the end comes afterwards.
        self.ring.gpg(
            *('--quick-set-expire', short.primary, '2025-03-01'),
            when='20250102T000000',
        )
        superseded, retired = self.key(), self.key()
        compromised, nothing = self.key(), self.key()
        self.sign('superseded after the signature', superseded)
        self.sign('superseded before the signature', superseded, when=AFTER)
        self.sign('retired after the signature', retired)
        self.sign('compromised after the signature', compromised)
        self.sign('revoked without a reason', nothing)
        for key, reason in (
            (superseded, 1),
            (compromised, 2),
            (retired, 3),
            (nothing, 0),
        ):
            self.ring.revoke_subkey(key, reason=reason, when=REVOKED)


class TestSignatureTable(testtools.TestCase):
    """Each case gives its finding, and nothing else."""

    made: Signatures
    verifier: openpgp.Verifier
    altered: str
    """Where the file is with other bytes."""

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        ring = keys.Keyring()
        ring.setUp()
        cls.addClassCleanup(ring.cleanUp)
        directory = tempfile.mkdtemp()
        cls.addClassCleanup(shutil.rmtree, directory)
        cls.made = Signatures(ring, directory)
        cls.made.make()
        cls.verifier = openpgp.Verifier(processes.Processes(os.environ))
        cls.addClassCleanup(cls.verifier.close)
        cls.verifier.trust([ring.public_file(*cls.made.loaded)])
        cls.altered = cls.made.write(f'altered-{NAME}', b'other bytes\n')

    def judge(self, case: str) -> tuple[finding.Finding, ...]:
        """Verify one case, and judge it as any command does."""
        path = self.altered if case == 'altered' else self.made.path
        reading = self.verifier.verify(self.made.cases[case], path)
        trusted = frozenset(self.made.listed)
        cycles = [
            series.CycleKey(each, 'test', START, END)
            for each in self.made.listed
        ]
        return (
            *signed.signature(NAME, reading, trusted),
            *windows.signature(NAME, reading, cycles),
        )

    def test_every_case_is_judged_as_it_must_be(self) -> None:
        self.assertEqual(
            EXPECTED,
            {
                case: [(each.code, each.verdict) for each in self.judge(case)]
                for case in EXPECTED
            },
        )

    def test_nothing_that_is_wrong_passes_and_all_that_is_good_does(
        self,
    ) -> None:
        self.assertEqual(
            [
                'good',
                'expired after the signature',
                'superseded after the signature',
                'retired after the signature',
                'wrong window',
                'text before the armor',
                'text after the armor',
            ],
            [
                case
                for case in EXPECTED
                if finding.worst(self.judge(case)) is None
            ],
        )

    def test_each_case_names_what_a_reader_needs(self) -> None:
        for case, words in (
            ('altered', 'was made over other bytes'),
            ('unknown key', 'the public key'),
            ('expired before the signature', 'expired on 2025-03-01T'),
            (
                'superseded before the signature',
                'made on 2025-04-15T12:00:00Z',
            ),
            (
                'superseded after the signature',
                'revoked on 2025-03-01T00:00:00Z as superseded',
            ),
            ('retired after the signature', 'as retired'),
            ('compromised after the signature', 'as compromised'),
            ('revoked without a reason', 'without a reason'),
            ('SHA-1', 'hash algorithm 2'),
            ('MD5', 'hash algorithm 1'),
            ('wrong class', 'class 01; it must be 00'),
            ('two signatures', 'holds 2 signatures'),
            ('wrong window', '2025-02-01 to 2025-03-31 (test)'),
        ):
            self.assertIn(words, self.judge(case)[0].message, case)
