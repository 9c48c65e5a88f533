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

"""What a policy has to allow for everything to stay as it is."""

from __future__ import annotations

import dataclasses
import datetime
import doctest

import testtools

from openstack_publish.model import auditing
from openstack_publish.model import knowledge
from openstack_publish.model import maintainers
from openstack_publish.rules import allowances
from openstack_publish.rules import findings
from tests.support import audits

EVE = maintainers.Role('Eve', 'Maintainer')
UNTIL = datetime.date(2027, 11, 22)


def allowed(*rows: auditing.Audited) -> tuple[auditing.Allowance, ...]:
    """Return what has to be allowed for these rows."""
    return allowances.allowances(audits.audit(*rows), UNTIL)


class TestAllowances(testtools.TestCase):
    def test_what_holds_is_absent_or_unknown_needs_nothing(self) -> None:
        self.assertEqual(
            (),
            allowed(
                audits.row('a'),
                audits.row('b', 'unknown'),
                audits.row('c', 'absent'),
            ),
        )

    def test_an_extra_is_allowed_with_an_end_and_a_reason(self) -> None:
        (found,) = allowed(audits.row('a', 'failed', 'oslo', EVE))
        self.assertEqual((EVE,), found.roles)
        self.assertEqual(UNTIL, found.until)
        self.assertEqual('team oslo; as audited on 2026-11-22', found.reason)
        self.assertEqual((), found.waived)
        self.assertIsNone(found.organization)

    def test_a_role_that_no_policy_knows_stays_a_finding(self) -> None:
        odd = maintainers.Role('odd', 'Emperor')
        (found,) = allowed(audits.row('a', 'failed', 'oslo', odd, EVE))
        self.assertEqual((EVE,), found.roles)
        self.assertEqual((), allowed(audits.row('a', 'failed', 'oslo', odd)))

    def test_an_extra_that_is_waived_already_is_left_alone(self) -> None:
        row = audits.row('a', 'held', 'oslo', EVE)
        waived = findings.noted('OSP401', 'Eve', 'waived')
        self.assertEqual(
            (), allowed(dataclasses.replace(row, findings=(waived,)))
        )

    def test_an_organization_is_allowed_by_its_name(self) -> None:
        (found,) = allowed(audits.row('a', 'failed', None))
        self.assertEqual(knowledge.Known('somebody-else'), found.organization)
        self.assertEqual('no team; as audited on 2026-11-22', found.reason)

    def test_what_has_no_other_word_is_waived(self) -> None:
        row = audits.row('a')
        (found,) = allowed(
            dataclasses.replace(
                row,
                findings=tuple(
                    findings.failed(code, 'a', 'a message')
                    for code in (
                        *('OSP402', 'OSP410', 'OSP411', 'OSP413', 'OSP415'),
                        *('OSP416', 'OSP417', 'OSP418', 'OSP419', 'OSP420'),
                    )
                ),
            )
        )
        self.assertEqual(('OSP402', 'OSP411', 'OSP415'), found.waived)

    def test_the_examples_hold(self) -> None:
        done = doctest.testmod(allowances)
        self.assertEqual((1, 0), (done.attempted, done.failed))
