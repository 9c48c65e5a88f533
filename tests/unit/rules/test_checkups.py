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

import testtools

from openstack_publish.gates import credentials
from openstack_publish.model import checkup
from openstack_publish.model import credential
from openstack_publish.model import knowledge
from openstack_publish.model import names
from openstack_publish.model import signature
from openstack_publish.rules import checkups

NOW = datetime.datetime(2026, 11, 20, 12, 0, tzinfo=datetime.UTC)
KEY = names.fingerprint('A' * 40)
OTHER = names.fingerprint('B' * 40)


def in_seconds(seconds: float) -> datetime.datetime:
    return NOW + datetime.timedelta(seconds=seconds)


class TestClock(testtools.TestCase):
    def clock(
        self, theirs: float, took: float = 0, age: float = 0
    ) -> tuple[str, str]:
        """Judge an index whose clock is *theirs* seconds ahead of ours."""
        return checkups.clock(
            checkup.Contact(
                'https://index.example/simple/x/',
                NOW,
                in_seconds(took),
                in_seconds(theirs),
                age,
            )
        )

    def test_a_token_is_valid_from_as_long_before_as_clocks_may_differ(
        self,
    ) -> None:
        self.assertEqual(credentials.BEFORE, checkups.TOLERANCE)

    def test_without_an_answer_it_is_unknown(self) -> None:
        self.assertEqual('unknown', checkups.clock(None)[0])

    def test_without_a_date_it_is_unknown(self) -> None:
        contact = checkup.Contact('https://index.example/', NOW, NOW, None)
        self.assertEqual('unknown', checkups.clock(contact)[0])

    def test_too_far_ahead_or_behind_fails_and_names_the_limit(self) -> None:
        for theirs in (-302, 302):
            verdict, told = self.clock(theirs)
            self.assertEqual('failed', verdict)
            self.assertIn('300 s are allowed', told)

    def test_near_the_limit_a_second_decides_nothing(self) -> None:
        for theirs in (-300, 300):
            self.assertEqual('unknown', self.clock(theirs)[0])

    def test_within_the_limit_it_holds(self) -> None:
        for theirs in (-299, 0, 299):
            self.assertEqual('held', self.clock(theirs)[0])

    def test_a_slow_answer_is_not_taken_for_a_wrong_clock(self) -> None:
        self.assertEqual('held', self.clock(30, took=60)[0])
        self.assertEqual('unknown', self.clock(-290, took=60)[0])

    def test_an_old_copy_is_not_taken_for_a_wrong_clock(self) -> None:
        self.assertEqual('unknown', self.clock(-600, age=600)[0])
        self.assertEqual('held', self.clock(-200, age=200)[0])
        self.assertEqual('failed', self.clock(600, age=600)[0])


class TestKey(testtools.TestCase):
    def key(
        self,
        trusted: knowledge.Knowledge[frozenset[names.Fingerprint]],
        state: signature.KeyState = signature.KeyState.USABLE,
        with_checkout: bool = True,
        expires: datetime.datetime | None = None,
        primary: names.Fingerprint | None = KEY,
    ) -> tuple[str, str]:
        proof = signature.KeyProof('asked', state, 'said', KEY, primary)
        if expires is not None:
            proof = signature.KeyProof(
                'asked', state, 'said', KEY, primary, expires
            )
        return checkups.key(proof, trusted, NOW, with_checkout)

    def test_a_key_that_is_not_usable_fails_whoever_trusts_it(self) -> None:
        unknown = knowledge.Unknown('who is trusted', 'the file is broken')
        for state in signature.KeyState:
            if state is signature.KeyState.USABLE:
                continue
            for trusted in (knowledge.Known(frozenset({KEY})), unknown):
                self.assertEqual('failed', self.key(trusted, state)[0])

    def test_a_key_that_is_not_there_fails_without_a_checkout_too(
        self,
    ) -> None:
        verdict, _ = self.key(
            knowledge.Known(frozenset()),
            signature.KeyState.MISSING,
            with_checkout=False,
            primary=None,
        )
        self.assertEqual('failed', verdict)

    def test_a_key_that_is_not_trusted_fails(self) -> None:
        verdict, told = self.key(knowledge.Known(frozenset({OTHER})))
        self.assertEqual('failed', verdict)
        self.assertIn(OTHER, told)

    def test_trust_that_is_unknown_leaves_the_key_unknown(self) -> None:
        verdict, told = self.key(
            knowledge.Unknown('who is trusted', 'the file is broken')
        )
        self.assertEqual('unknown', verdict)
        self.assertIn('the file is broken', told)

    def test_without_the_cycle_keys_trust_is_not_judged(self) -> None:
        verdict, told = self.key(
            knowledge.Known(frozenset({OTHER})), with_checkout=False
        )
        self.assertEqual('held', verdict)
        self.assertIn('not judged', told)

    def test_a_key_that_ends_soon_holds_and_says_so(self) -> None:
        verdict, told = self.key(
            knowledge.Known(frozenset({KEY})), expires=in_seconds(86400)
        )
        self.assertEqual('held', verdict)
        self.assertIn('within 14 days', told)
        self.assertIn('trusted', told)


class TestToken(testtools.TestCase):
    def test_none_is_not_given(self) -> None:
        verdict, told = checkups.token(None, None, NOW)
        self.assertEqual('held', verdict)
        self.assertTrue(told.startswith('not given: '))

    def test_an_expired_one_fails_with_its_end(self) -> None:
        held = credential.Credential(
            'api-token', '__token__', not_after=in_seconds(-1)
        )
        verdict, told = checkups.token(held, None, NOW)
        self.assertEqual('failed', verdict)
        self.assertIn('until 2026-11-20T11:59:59Z', told)

    def test_a_restriction_that_is_not_known_is_told(self) -> None:
        held = credential.Credential(
            'api-token', '__token__', unread_caveats=2
        )
        verdict, told = checkups.token(held, None, NOW)
        self.assertEqual('held', verdict)
        self.assertIn('2 restrictions', told)


class TestSockets(testtools.TestCase):
    def test_one_byte_too_many_fails(self) -> None:
        for length, verdict in ((86, 'held'), (87, 'failed')):
            room = checkup.SocketRoom('/home/x', length, 86)
            self.assertEqual(verdict, checkups.sockets([room])[0])
