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

from openstack_publish.model import finding
from openstack_publish.model import names
from openstack_publish.model import policy
from openstack_publish.rules import waivers

PROJECT = names.project_name('os-vif')
DAY = datetime.date(2026, 3, 1)
WAIVER = policy.Waiver('OSP401', PROJECT, DAY, 'they are leaving')


def found(
    verdict: finding.Verdict = 'failed', code: str = 'OSP401'
) -> finding.Finding:
    return finding.Finding(code, 'error', verdict, 'who', 'what', 'do')


class TestWaivers(testtools.TestCase):
    def applied(
        self,
        item: finding.Finding,
        today: datetime.date = DAY,
        project: str = 'os-vif',
    ) -> finding.Finding:
        (result,) = waivers.apply(
            (item,), (WAIVER,), names.project_name(project), today
        )
        return result

    def test_an_unknown_finding_is_never_waived(self) -> None:
        item = found('unknown')
        self.assertEqual(item, self.applied(item))

    def test_the_waiver_of_another_project_does_not_count(self) -> None:
        item = found()
        self.assertEqual(item, self.applied(item, project='nova'))

    def test_the_waiver_of_another_code_does_not_count(self) -> None:
        item = found(code='OSP402')
        self.assertEqual(item, self.applied(item))

    def test_a_waiver_that_ended_is_named_and_waives_nothing(self) -> None:
        result = self.applied(found(), DAY + datetime.timedelta(days=1))
        self.assertTrue(result.refuses)
        self.assertIn('ended on 2026-03-01', result.message)

    def test_a_waiver_holds_through_its_last_day(self) -> None:
        result = self.applied(found())
        self.assertFalse(result.refuses)
        self.assertEqual('noted', result.verdict)
        self.assertIn('they are leaving', result.message)

    def test_a_later_waiver_goes_before_one_that_ended(self) -> None:
        ended = policy.Waiver(
            'OSP401', PROJECT, DAY - datetime.timedelta(days=9), 'before'
        )
        for both in ((ended, WAIVER), (WAIVER, ended)):
            (result,) = waivers.apply((found(),), both, PROJECT, DAY)
            self.assertFalse(result.refuses)

    def test_which_bytes_are_where_is_never_waived(self) -> None:
        for code in waivers.FACTS:
            waiver = policy.Waiver(code, PROJECT, DAY, 'we want to')
            (result,) = waivers.apply(
                (found(code=code),), (waiver,), PROJECT, DAY
            )
            self.assertTrue(result.refuses, code)
            self.assertIn('no waiver counts', result.message)
