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

"""Which signatures and which keys a release may go on with."""

from __future__ import annotations

import dataclasses
import datetime

import testtools

from openstack_publish.model import finding
from openstack_publish.model import knowledge
from openstack_publish.model import names
from openstack_publish.model import signature
from openstack_publish.rules import signed

PRIMARY = names.fingerprint('A' * 40)
SUBKEY = names.fingerprint('B' * 40)
OTHER = names.fingerprint('C' * 40)
MADE = datetime.datetime(2026, 1, 5, tzinfo=datetime.UTC)
DAY = datetime.timedelta(days=1)
TRUSTED = frozenset({PRIMARY})

SIGNATURE = signature.Signature(
    fingerprint=SUBKEY,
    primary=PRIMARY,
    created=MADE,
    hash_algorithm=10,
    signature_class='00',
)
GOOD = signature.SignatureReading(
    filename='f.whl.asc', sha256='0' * 64, new=1, valid=(SIGNATURE,)
)


def codes(found: tuple[finding.Finding, ...]) -> list[tuple[str, str]]:
    return [(each.code, each.verdict) for each in found]


class TestSignature(testtools.TestCase):
    """One signature file."""

    def judge(self, **changed: object) -> tuple[finding.Finding, ...]:
        reading = dataclasses.replace(GOOD, **changed)  # type: ignore[arg-type]
        return signed.signature('f.whl', reading, TRUSTED)

    def judge_one(self, **changed: object) -> tuple[finding.Finding, ...]:
        made = dataclasses.replace(SIGNATURE, **changed)  # type: ignore[arg-type]
        return self.judge(valid=(made,))

    def test_other_bytes(self) -> None:
        found = self.judge(valid=(), bad=('BBBBBBBBBBBBBBBB',))
        self.assertEqual([('OSP501', 'failed')], codes(found))
        self.assertIn('BBBBBBBBBBBBBBBB', found[0].message)

    def test_a_key_that_is_not_trusted_is_named_with_the_trusted(self) -> None:
        found = self.judge_one(primary=OTHER)
        self.assertEqual([('OSP502', 'failed')], codes(found))
        for each in (OTHER, SUBKEY, PRIMARY):
            self.assertIn(each, found[0].message)

    def test_to_trust_the_subkey_is_not_to_trust_its_key(self) -> None:
        found = signed.signature('f.whl', GOOD, frozenset({SUBKEY}))
        self.assertEqual([('OSP502', 'failed')], codes(found))

    def test_nobody_is_trusted_by_an_empty_set(self) -> None:
        found = signed.signature('f.whl', GOOD, frozenset())
        self.assertEqual([('OSP502', 'failed')], codes(found))

    def test_no_detached_signature(self) -> None:
        found = self.judge(new=0, valid=(), malformed='it is a page of HTML')
        self.assertEqual([('OSP503', 'failed')], codes(found))
        self.assertIn('page of HTML', found[0].message)

    def test_a_clear_signed_text(self) -> None:
        found = self.judge(
            new=0, valid=(), malformed='a text', clear_signed=True
        )
        self.assertEqual([('OSP536', 'failed')], codes(found))

    def test_what_lies_around_a_signature_is_warned_of(self) -> None:
        found = self.judge(surrounded=True)
        self.assertEqual([('OSP539', 'failed')], codes(found))
        self.assertFalse(found[0].refuses)

    def test_a_hash_so_weak_that_gpg_does_not_look(self) -> None:
        found = self.judge(valid=(), weak=(1,))
        self.assertEqual([('OSP504', 'failed')], codes(found))
        self.assertIn('algorithm 1;', found[0].message)

    def test_a_malformed_file_is_not_good_whatever_else_is_said(self) -> None:
        found = self.judge(malformed='odd')
        self.assertEqual([('OSP503', 'failed')], codes(found))

    def test_two_good_signatures(self) -> None:
        found = self.judge(new=2, valid=(SIGNATURE, SIGNATURE))
        self.assertEqual([('OSP537', 'failed')], codes(found))
        self.assertIn('2 signatures', found[0].message)

    def test_a_stranger_first_and_a_good_one_last(self) -> None:
        found = self.judge(new=2, missing_keys=(OTHER,))
        self.assertEqual(
            [('OSP537', 'failed'), ('OSP531', 'unknown')], codes(found)
        )

    def test_a_good_signature_that_nothing_announced(self) -> None:
        self.assertEqual([('OSP513', 'unknown')], codes(self.judge(new=0)))

    def test_two_signatures_that_were_announced_once(self) -> None:
        found = self.judge(valid=(SIGNATURE, SIGNATURE))
        self.assertEqual([('OSP537', 'failed')], codes(found))

    def test_weak_hash_algorithms(self) -> None:
        for algorithm in (1, 2, 3, 11, 0):
            found = self.judge_one(hash_algorithm=algorithm)
            self.assertEqual([('OSP504', 'failed')], codes(found))
            self.assertIn(f'algorithm {algorithm};', found[0].message)

    def test_a_signature_over_text(self) -> None:
        found = self.judge_one(signature_class='01')
        self.assertEqual([('OSP538', 'failed')], codes(found))

    def test_a_signature_that_has_expired(self) -> None:
        found = self.judge(expired=True)
        self.assertEqual([('OSP505', 'failed')], codes(found))

    def test_a_signature_made_after_its_key_expired(self) -> None:
        found = self.judge(key_expired=MADE - DAY)
        self.assertEqual([('OSP532', 'failed')], codes(found))
        self.assertIn('2026-01-05T00:00:00Z', found[0].message)
        self.assertIn('2026-01-04T00:00:00Z', found[0].message)

    def test_a_revoked_key_without_date_or_reason(self) -> None:
        found = self.judge(key_revoked=True)
        self.assertEqual([('OSP534', 'failed')], codes(found))

    def test_a_compromised_key_signed_nothing_good_at_any_time(self) -> None:
        for reason in (None, 0, 2, 32):
            found = self.judge(
                key_revoked=True,
                key_revoked_at=MADE + DAY,
                key_revocation_reason=reason,
            )
            self.assertEqual(
                [('OSP534', 'failed')], codes(found), f'reason {reason}'
            )

    def test_a_superseded_key_after_its_revocation(self) -> None:
        for when in (MADE, MADE - DAY, None):
            found = self.judge(
                key_revoked=True, key_revoked_at=when, key_revocation_reason=1
            )
            self.assertEqual([('OSP533', 'failed')], codes(found))

    def test_a_superseded_key_before_its_revocation_is_noted(self) -> None:
        """As the first signing subkey of the 2026.1 cycle."""
        for reason in (1, 3):
            found = self.judge(
                key_revoked=True,
                key_revoked_at=MADE + DAY,
                key_revocation_reason=reason,
            )
            self.assertEqual([('OSP535', 'noted')], codes(found))
            self.assertFalse(found[0].refuses)
            self.assertIn('2026-01-06T00:00:00Z', found[0].message)

    def test_a_missing_public_key_is_named(self) -> None:
        found = self.judge(valid=(), missing_keys=(OTHER,))
        self.assertEqual([('OSP531', 'unknown')], codes(found))
        self.assertTrue(found[0].refuses)
        self.assertIn(OTHER, found[0].message)

    def test_what_gpg_could_not_check_is_unknown(self) -> None:
        found = self.judge(valid=(), errors=('algorithm',))
        self.assertEqual([('OSP513', 'unknown')], codes(found))

    def test_an_error_beside_a_valid_signature_is_not_forgotten(self) -> None:
        found = self.judge(errors=('gpg ended with 2',))
        self.assertEqual([('OSP513', 'unknown')], codes(found))

    def test_nothing_said_is_nothing_good(self) -> None:
        found = self.judge(valid=())
        self.assertEqual([('OSP513', 'unknown')], codes(found))

    def test_a_good_signature_has_no_finding(self) -> None:
        for algorithm in (8, 9, 10):
            self.assertEqual((), self.judge_one(hash_algorithm=algorithm))

    def test_a_key_that_expired_since_has_no_finding(self) -> None:
        self.assertEqual((), self.judge(key_expired=MADE + DAY))
        self.assertEqual((), self.judge(key_expired=MADE))

    def test_a_required_signature_that_is_missing(self) -> None:
        found = signed.missing('f.whl')
        self.assertEqual([('OSP506', 'failed')], codes(found))
        self.assertTrue(found[0].refuses)


class TestKey(testtools.TestCase):
    """The key that is to sign."""

    def judge(
        self,
        state: signature.KeyState = signature.KeyState.USABLE,
        *,
        primary: names.Fingerprint | None = PRIMARY,
        expires: datetime.datetime | None = None,
    ) -> tuple[finding.Finding, ...]:
        proof = signature.KeyProof(
            asked=SUBKEY,
            state=state,
            detail='what gpg said',
            fingerprint=SUBKEY,
            primary=primary,
            expires=expires,
        )
        return signed.key(proof, TRUSTED, MADE, dry_run=False)

    def test_each_state_that_cannot_sign_has_its_code(self) -> None:
        states = signature.KeyState
        self.assertEqual(
            {
                states.MISSING: 'OSP507',
                states.NO_SECRET: 'OSP508',
                states.EXPIRED: 'OSP509',
                states.REVOKED: 'OSP510',
                states.WRONG_PASSPHRASE: 'OSP511',
                states.PASSPHRASE_NEEDED: 'OSP511',
                states.CANNOT_SIGN: 'OSP514',
            },
            {
                state: self.judge(state)[0].code
                for state in states
                if state is not states.USABLE
            },
        )

    def test_a_key_that_cannot_sign_refuses_with_what_gpg_said(self) -> None:
        (found,) = self.judge(signature.KeyState.REVOKED)
        self.assertTrue(found.refuses)
        self.assertEqual('what gpg said', found.message)
        self.assertEqual(SUBKEY, found.subject)

    def test_a_key_that_is_used_is_not_trusted_by_that(self) -> None:
        found = self.judge(primary=OTHER)
        self.assertEqual([('OSP512', 'failed')], codes(found))
        self.assertIn('does not make it trusted', found[0].message)
        self.assertIn('--trusted-key', found[0].remedy)

    def test_a_key_that_expires_by_the_clock_of_the_run(self) -> None:
        for ends in (MADE, MADE - DAY):
            found = self.judge(expires=ends)
            self.assertEqual([('OSP509', 'failed')], codes(found))

    def test_a_key_that_expires_within_14_days_is_warned_of(self) -> None:
        for ends in (MADE + 14 * DAY, MADE + DAY):
            found = self.judge(expires=ends)
            self.assertEqual([('OSP517', 'failed')], codes(found))
            self.assertEqual('warning', found[0].severity)
            self.assertFalse(found[0].refuses)

    def test_a_key_that_lives_longer_has_no_finding(self) -> None:
        second = datetime.timedelta(seconds=1)
        self.assertEqual((), self.judge(expires=MADE + 14 * DAY + second))
        self.assertEqual((), self.judge(expires=None))

    def test_a_key_that_could_not_be_tried_is_unknown(self) -> None:
        found = signed.key(
            knowledge.Unknown('key', 'no gpg'), TRUSTED, MADE, dry_run=True
        )
        self.assertEqual([('OSP513', 'unknown')], codes(found))
        self.assertTrue(found[0].refuses)

    def test_no_key_in_a_dry_run_is_noted(self) -> None:
        found = signed.key(None, TRUSTED, MADE, dry_run=True)
        self.assertEqual([('OSP516', 'noted')], codes(found))
        self.assertFalse(found[0].refuses)

    def test_no_key_where_none_is_needed_has_no_finding(self) -> None:
        self.assertEqual((), signed.key(None, TRUSTED, MADE, dry_run=False))


class TestNotes(testtools.TestCase):
    """What is told and refuses nothing."""

    def test_an_index_that_drops_signatures(self) -> None:
        found = signed.dropped('the index')
        self.assertEqual(
            ('OSP515', 'noted', 'the index'),
            (found.code, found.verdict, found.subject),
        )

    def test_a_receipt_that_is_not_signed(self) -> None:
        found = signed.unsigned_receipt('r.json')
        self.assertEqual(('OSP518', 'noted'), (found.code, found.verdict))
