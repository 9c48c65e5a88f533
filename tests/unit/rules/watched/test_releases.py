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

import datetime

import testtools

from openstack_publish.model import knowledge
from openstack_publish.model import listing
from openstack_publish.model import watching
from openstack_publish.rules import findings
from openstack_publish.rules.watched import releases
from tests.support import watched

ORDERED = {'1.0': knowledge.Known(True), '6.6.6': knowledge.Known(False)}
OLD = watched.sdist('1.0', watched.ago(days=3))


def judged(
    *new: listing.ListedFile,
    now: watching.Snapshot | None = None,
    orders: dict[str, knowledge.Knowledge[bool]] | None = None,
    proofs: dict[str, releases.Proof] | None = None,
) -> watching.Judgement:
    return releases.judge(
        now or watched.snapshot(*new),
        new,
        releases.Evidence(ORDERED if orders is None else orders, proofs),
        watched.NOW,
    )


class TestOrders(testtools.TestCase):
    """OSP801."""

    def test_a_release_that_nobody_ordered_is_told_with_its_files(
        self,
    ) -> None:
        file = watched.sdist('6.6.6')
        (found,) = judged(file).standing
        self.assertEqual(('OSP801', '6.6.6'), (found.code, found.about))
        self.assertIn(file.filename, found.finding.message)
        self.assertIn('a' * 64, found.finding.message)

    def test_an_ordered_release_is_not_told(self) -> None:
        self.assertEqual((), judged(watched.sdist('1.0')).standing)

    def test_what_could_not_be_looked_up_waits_and_says_why(self) -> None:
        file = watched.sdist('2.0')
        found = judged(
            file,
            orders={'2.0': knowledge.Unknown('whether', 'git is away')},
        )
        self.assertEqual((), found.standing)
        self.assertEqual(
            frozenset({watched.condition('OSP801', '2.0').id}),
            found.undecided,
        )
        (pending,) = found.pending
        self.assertEqual(
            (file.filename, 'git is away'), (pending.filename, pending.why)
        )

    def test_a_release_that_nobody_looked_up_waits_too(self) -> None:
        found = judged(watched.sdist('2.0'), orders={})
        self.assertEqual(((), 1), (found.standing, len(found.pending)))

    def test_a_file_without_a_readable_version_is_a_release_of_its_own(
        self,
    ) -> None:
        odd = watched.file('Os-Vif.exe')
        found = judged(odd, orders={'Os-Vif.exe': knowledge.Known(False)})
        self.assertEqual(
            [('OSP801', 'Os-Vif.exe')], watched.codes(found.standing)
        )


class TestLateFiles(testtools.TestCase):
    """OSP802."""

    late = watched.file('os_vif-1.0-cp312-cp312-linux_x86_64.whl')

    def found(self, proof: releases.Proof | None = None) -> watching.Judgement:
        return judged(
            self.late,
            now=watched.snapshot(OLD, self.late),
            proofs=None if proof is None else {self.late.filename: proof},
        )

    def test_a_file_that_comes_days_later_is_told(self) -> None:
        self.assertEqual(
            [('OSP802', self.late.filename)],
            watched.codes(self.found().standing),
        )

    def test_a_file_of_the_same_day_is_not(self) -> None:
        first = watched.sdist('1.0', watched.ago(hours=24))
        last = watched.file(self.late.filename, watched.NOW)
        now = watched.snapshot(first, last)
        self.assertEqual((), judged(last, now=now).standing)

    def test_a_signed_original_that_completes_a_release_is_not(self) -> None:
        proof = releases.Proof(knowledge.Known('a' * 64))
        self.assertEqual((), self.found(proof).standing)

    def test_other_bytes_than_the_original_are(self) -> None:
        proof = releases.Proof(knowledge.Known('b' * 64))
        self.assertEqual(
            ['OSP802', 'OSP803'],
            [one.code for one in self.found(proof).standing],
        )

    def test_while_the_archive_does_not_answer_nothing_is_told(self) -> None:
        proof = releases.Proof(knowledge.Unknown('the original', 'a 500'))
        found = self.found(proof)
        self.assertEqual((), found.standing)
        self.assertEqual(
            ['the original: a 500'], [one.why for one in found.pending]
        )

    def test_an_archive_that_has_it_not_after_two_hours_proves_nothing(
        self,
    ) -> None:
        late = watched.file(self.late.filename, watched.ago(hours=3))
        found = judged(
            late,
            now=watched.snapshot(OLD, late),
            proofs={late.filename: releases.Proof(knowledge.Known(None))},
        )
        self.assertEqual(
            ['OSP802', 'OSP804'], [one.code for one in found.standing]
        )


class TestOriginals(testtools.TestCase):
    """OSP803 and OSP804."""

    def found(
        self,
        proof: releases.Proof,
        uploaded: datetime.datetime | None = None,
    ) -> watching.Judgement:
        file = watched.sdist('1.0', uploaded)
        return judged(file, proofs={file.filename: proof})

    def test_both_digests_are_named_where_they_differ(self) -> None:
        (found,) = self.found(
            releases.Proof(knowledge.Known('b' * 64))
        ).standing
        self.assertEqual('OSP803', found.code)
        for digest in ('a' * 64, 'b' * 64):
            self.assertIn(digest, found.finding.message)

    def test_an_original_without_a_signature_is_told(self) -> None:
        (found,) = self.found(
            releases.Proof(
                knowledge.Known('a' * 64),
                (findings.failed('OSP506', 'x', 'there is no x.asc'),),
            )
        ).standing
        self.assertEqual('OSP804', found.code)
        self.assertIn('there is no x.asc', found.finding.message)

    def test_a_signature_that_cannot_be_checked_waits(self) -> None:
        found = self.found(
            releases.Proof(
                knowledge.Known('a' * 64),
                (
                    findings.unknown(
                        'OSP513', 'x', knowledge.Unknown('x', 'gpg is away')
                    ),
                ),
            )
        )
        self.assertEqual(((), 1), (found.standing, len(found.pending)))

    def test_the_archive_has_two_hours_to_get_it(self) -> None:
        missing = releases.Proof(knowledge.Known(None))
        young = self.found(missing, watched.ago(hours=2))
        self.assertEqual(((), 1), (young.standing, len(young.pending)))
        (old,) = self.found(missing, watched.ago(hours=2.1)).standing
        self.assertEqual('OSP804', old.code)

    def test_of_a_release_that_nobody_ordered_no_original_is_asked(
        self,
    ) -> None:
        file = watched.sdist('6.6.6', watched.ago(hours=5))
        found = judged(
            file, proofs={file.filename: releases.Proof(knowledge.Known(None))}
        )
        self.assertEqual(['OSP801'], [one.code for one in found.standing])


class TestProvenance(testtools.TestCase):
    """OSP815."""

    def test_an_attestation_is_told_with_its_place(self) -> None:
        file = watched.file('os_vif-1.0.tar.gz', provenance='https://p/x')
        (found,) = judged(file).standing
        self.assertEqual('OSP815', found.code)
        self.assertIn('https://p/x', found.finding.message)
