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

import os
import pathlib

import fixtures
import testtools

from openstack_publish import exceptions
from openstack_publish.gates import openpgp
from openstack_publish.gates import processes
from tests.support import keys


class TestCycleKeys(testtools.TestCase):
    """Public keys as real gpg reads them."""

    def setUp(self) -> None:
        super().setUp()
        self.useFixture(fixtures.EnvironmentVariable('HOME', '/nonexistent'))
        self.ring = self.useFixture(keys.Keyring())
        self.gate = openpgp.CycleKeys(processes.Processes(dict(os.environ)))

    def certify(self, certifier: keys.Key, certified: keys.Key) -> None:
        """Let one key sign the user id of another."""
        self.ring.gpg(
            '--default-key',
            certifier.primary,
            '--quick-sign-key',
            certified.primary,
        )

    def test_a_file_that_is_not_there_is_misconfigured(self) -> None:
        error = self.assertRaises(
            exceptions.Misconfigured, self.gate.read, ['/nonexistent/key']
        )
        self.assertIn('/nonexistent/key', str(error))

    def test_without_gpg_it_is_unavailable(self) -> None:
        empty = self.useFixture(fixtures.TempDir()).path
        gate = openpgp.CycleKeys(processes.Processes({'PATH': empty}))
        path = self.ring.public_file(self.ring.generate())
        self.assertRaises(exceptions.Unavailable, gate.read, [path])

    def test_a_file_without_a_key_holds_none(self) -> None:
        path = pathlib.Path(self.useFixture(fixtures.TempDir()).path, 'x')
        path.write_text('nothing')
        self.assertEqual(((),), self.gate.read([str(path)]))
        self.assertEqual((), self.gate.read([]))

    def test_dates_and_keys_that_sign_are_read(self) -> None:
        key = self.ring.generate(expires='20d')
        path = self.ring.public_file(key, preamble='A preamble\n\n')
        ((found,),) = self.gate.read([path])
        self.assertEqual(key.primary, found.primary)
        self.assertFalse(found.revoked)
        self.assertIn(
            key.signing, {each.fingerprint for each in found.signing}
        )
        assert found.expires is not None
        # The subkey has no end of its own and goes with the primary key.
        self.assertEqual(
            {found.expires}, {each.expires for each in found.signing}
        )
        self.assertEqual(frozenset(), found.certified_by)

    def test_a_revoked_subkey_is_told(self) -> None:
        key = self.ring.generate()
        self.ring.revoke_subkey(key, reason=1)
        ((found,),) = self.gate.read([self.ring.public_file(key)])
        self.assertEqual(
            {key.signing: True, key.primary: False},
            {each.fingerprint: each.revoked for each in found.signing},
        )

    def test_who_certified_a_key_is_verified(self) -> None:
        """A certification whose key is not at hand counts for nothing."""
        before, key, stranger = (
            self.ring.generate(f'{name} <{name}@example.org>')
            for name in ('before', 'key', 'stranger')
        )
        self.certify(before, key)
        self.certify(stranger, key)
        ours, theirs = map(self.ring.public_file, (key, before))
        _, (found,) = self.gate.read([theirs, ours])
        self.assertEqual({before.primary}, found.certified_by)
        ((alone,),) = self.gate.read([ours])
        self.assertEqual(frozenset(), alone.certified_by)

    def test_nothing_of_it_stays(self) -> None:
        place = self.useFixture(keys.ShortDirectory()).path
        self.useFixture(fixtures.MonkeyPatch('tempfile.tempdir', place))
        self.gate.read([self.ring.public_file(self.ring.generate())])
        self.assertEqual([], os.listdir(place))
