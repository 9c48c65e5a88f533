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

"""The keys of the cycles, as gpg tells them of real keys made for it."""

from __future__ import annotations

import datetime
import os

import fixtures
import testtools

from openstack_publish import exceptions
from openstack_publish.gates import openpgp
from openstack_publish.gates import processes
from openstack_publish.model import cycle_keys
from tests.support import keys

UTC = datetime.UTC


class TestCycleKeys(testtools.TestCase):
    """Two keys, of which the older one certifies the newer."""

    def setUp(self) -> None:
        super().setUp()
        self.ring = self.useFixture(keys.Keyring())
        self.gate = openpgp.CycleKeys(processes.Processes(os.environ))
        self.older = self.ring.generate(
            'older <o@example.org>', when='20240101T000000', expires='20y'
        )
        self.newer = self.ring.generate(
            'newer <n@example.org>', when='20240701T000000', expires='20y'
        )

    def certify(self) -> None:
        self.ring.gpg(
            *('--local-user', self.older.primary),
            *('--quick-sign-key', self.newer.primary),
            when='20240702T000000',
        )

    def read(self, *which: keys.Key) -> list[cycle_keys.Certificate]:
        paths = [self.ring.public_file(key) for key in which]
        return [held for (held,) in self.gate.read(paths)]

    def test_a_file_that_is_not_there(self) -> None:
        self.assertRaises(
            exceptions.Misconfigured, self.gate.read, ['/nowhere/0xA.txt']
        )

    def test_a_file_without_a_key_holds_nothing(self) -> None:
        path = os.path.join(
            self.useFixture(fixtures.TempDir()).path, '0xA.txt'
        )
        with open(path, 'w', encoding='utf-8') as opened:
            opened.write('no key\n')
        self.assertEqual(((),), self.gate.read([path]))

    def test_nobody_certifies_by_a_certificate_of_their_own(self) -> None:
        older, newer = self.read(self.older, self.newer)
        for each in (older, newer):
            self.assertEqual(frozenset(), each.certified_by)
            self.assertEqual(frozenset(), each.weak)

    def test_a_certification_is_seen_where_the_older_key_is_first(
        self,
    ) -> None:
        self.certify()
        _, newer = self.read(self.older, self.newer)
        self.assertEqual({self.older.primary}, newer.certified_by)

    def test_a_certification_by_a_key_that_is_not_there_is_none(self) -> None:
        self.certify()
        (newer,) = self.read(self.newer)
        self.assertEqual(frozenset(), newer.certified_by)

    def test_a_certification_that_was_taken_back_is_none(self) -> None:
        self.certify()
        self.ring.gpg(
            *('--no-batch', '--no-tty', '--command-fd', '0'),
            *('--edit-key', self.newer.primary),
            # The first question is about the key's own signature.
            given=b'revsig\nn\ny\ny\n0\n\ny\nsave\n',
            when='20240703T000000',
        )
        _, newer = self.read(self.older, self.newer)
        self.assertEqual(frozenset(), newer.certified_by)

    def test_a_revoked_signing_key_has_date_and_reason(self) -> None:
        self.ring.revoke_subkey(self.older, reason=1, when='20250101T000000')
        (older,) = self.read(self.older)
        (signing,) = (
            each
            for each in older.signing
            if each.fingerprint == self.older.signing
        )
        self.assertEqual(
            (True, datetime.datetime(2025, 1, 1, tzinfo=UTC), 1),
            (
                signing.revoked,
                signing.revoked_at,
                signing.revocation_reason,
            ),
        )
        self.assertFalse(older.revoked)

    def test_self_signatures_by_sha1_are_named(self) -> None:
        self.ring.gpg(
            *('--cert-digest-algo', 'SHA1'),
            *('--quick-set-expire', self.older.primary, '10y'),
        )
        (older,) = self.read(self.older)
        self.assertEqual(frozenset({2}), older.weak)
