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

import dataclasses
import datetime

import testtools

from openstack_publish.model import knowledge
from openstack_publish.model import listing
from openstack_publish.model import maintainers
from openstack_publish.model import policy
from openstack_publish.model import watching
from openstack_publish.rules.watched import people
from tests.support import watched

TODAY = watched.NOW.date()


def standing(
    now: watching.Snapshot, terms: policy.ProjectPolicy = watched.TERMS
) -> tuple[watching.Condition, ...]:
    return people.standing(now, terms, TODAY)


class TestStanding(testtools.TestCase):
    """OSP807, OSP808, OSP810."""

    def test_a_project_whose_roles_were_never_read_gives_nothing(
        self,
    ) -> None:
        never = watching.Snapshot(watched.PROJECT, watched.NOW)
        self.assertEqual((), standing(never))

    def test_a_project_that_is_gone_has_no_roles_to_miss(self) -> None:
        gone = dataclasses.replace(watched.snapshot(), exists=False)
        self.assertEqual((), standing(gone))

    def test_who_is_not_allowed_is_told_by_account(self) -> None:
        now = watched.snapshot(people=watched.who(watched.CI, watched.MALLORY))
        (found,) = standing(now)
        self.assertEqual(
            ('OSP807', 'mallory', 'mallory'),
            (found.code, found.about, found.account),
        )
        self.assertIn('collaboration', found.finding.remedy)

    def test_the_same_role_has_the_same_id_however_it_is_spelled(
        self,
    ) -> None:
        loud = maintainers.Role('MALLORY', 'Maintainer')
        ids = {
            standing(watched.snapshot(people=watched.who(watched.CI, role)))[
                0
            ].id
            for role in (watched.MALLORY, loud)
        }
        self.assertEqual(1, len(ids))

    def test_a_required_role_that_is_gone_is_told(self) -> None:
        now = watched.snapshot(people=watched.who(watched.MALLORY))
        self.assertEqual(
            ['OSP807', 'OSP808'], [one.code for one in standing(now)]
        )

    def test_another_organization_is_told(self) -> None:
        now = watched.snapshot(people=watched.who(organization='acme'))
        (found,) = standing(now)
        self.assertEqual('OSP810', found.code)
        self.assertIn('acme', found.finding.message)


class TestChanged(testtools.TestCase):
    """OSP809."""

    extra = watched.who(watched.CI, watched.MALLORY)

    def changed(
        self, before: maintainers.Maintainers, now: maintainers.Maintainers
    ) -> tuple[watching.Condition, ...]:
        after = watched.snapshot(people=now)
        return people.changed(
            watched.snapshot(people=before, read=watched.ago(hours=1)),
            after,
            standing(after),
        )

    def test_a_clean_up_is_told_once(self) -> None:
        (found,) = self.changed(self.extra, watched.who())
        self.assertEqual(('OSP809', False), (found.code, found.stands))
        self.assertIn('removed Maintainer mallory', found.finding.message)

    def test_the_end_of_what_was_told_is_told_as_its_end(self) -> None:
        now = watched.snapshot()
        before = watched.snapshot(people=self.extra)
        self.assertEqual((), people.changed(before, now, (), {'Mallory'}))

    def test_what_stands_is_not_told_twice(self) -> None:
        self.assertEqual((), self.changed(watched.who(), self.extra))
        self.assertEqual(
            (),
            self.changed(watched.who(), watched.who(organization='acme')),
        )

    def test_nothing_changed_of_what_was_not_known(self) -> None:
        now = watched.snapshot(people=self.extra)
        self.assertEqual((), people.changed(None, now, ()))

    def test_the_same_reading_twice_is_one_change(self) -> None:
        first = self.changed(self.extra, watched.who())
        self.assertEqual(first, self.changed(self.extra, watched.who()))


class TestState(testtools.TestCase):
    """OSP811 and OSP812."""

    def test_each_state_has_its_own_code(self) -> None:
        for status, codes in (
            ('active', []),
            ('archived', ['OSP811']),
            ('deprecated', ['OSP811']),
            ('quarantined', ['OSP812']),
        ):
            found = people.state(watched.snapshot(status=status))
            self.assertEqual(codes, [one.code for one in found], status)


class TestUnread(testtools.TestCase):
    """OSP817."""

    def unread(self, hours: float) -> tuple[watching.Condition, ...]:
        return people.unread(
            watched.snapshot(unread_since=watched.ago(hours=hours)),
            'JSON of os-vif: a 500',
            watched.NOW,
        )

    def test_six_hours_of_silence_are_told_as_unknown_with_the_reason(
        self,
    ) -> None:
        self.assertEqual((), self.unread(5.9))
        (found,) = self.unread(6)
        self.assertEqual(
            ('OSP817', 'unknown'), (found.code, found.finding.verdict)
        )
        self.assertIn('a 500', found.finding.message)

    def test_what_could_be_read_is_not_told(self) -> None:
        self.assertEqual(
            (), people.unread(watched.snapshot(), None, watched.NOW)
        )


class TestSnapshot(testtools.TestCase):
    """What is remembered where something could not be read."""

    def test_a_part_that_could_not_be_read_stays_as_it_was(self) -> None:
        before = watched.snapshot(
            watched.sdist('1.0'), read=watched.ago(hours=1)
        )
        unknown = knowledge.Unknown('it', 'a 500')
        overview = listing.Overview(
            watched.PROJECT, unknown, unknown, unknown, unknown
        )
        after = watching.taken(overview, watched.NOW, before)
        self.assertEqual(
            dataclasses.replace(
                before, read=watched.NOW, unread_since=watched.NOW
            ),
            after,
        )
        later = watched.NOW + datetime.timedelta(hours=1)
        again = watching.taken(overview, later, after)
        self.assertEqual(watched.NOW, again.unread_since)
