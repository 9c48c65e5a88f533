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

from openstack_publish.model import names
from openstack_publish.model import watching
from openstack_publish.rules.watched import lifecycle
from tests.support import watched

REPEAT = datetime.timedelta(hours=24)
ONE = watched.condition()
ONCE = watched.condition('OSP814', '1.0', stands=False)


def proceed(
    *standing: watching.Condition,
    known: lifecycle.Outcome | None = None,
    now: datetime.datetime = watched.NOW,
    told_once: tuple[watching.Condition, ...] = (),
    undecided: frozenset[str] = frozenset(),
    silent: bool = False,
) -> lifecycle.Outcome:
    return lifecycle.proceed(
        [watching.Judgement(watched.PROJECT, standing, told_once, undecided)],
        {one.id: one for one in (known.incidents if known else ())},
        now,
        REPEAT,
        silent=silent,
    )


def later(hours: float) -> datetime.datetime:
    return watched.NOW + datetime.timedelta(hours=hours)


def occasions(outcome: lifecycle.Outcome) -> list[str]:
    return [letter.occasion for letter in outcome.letters]


class TestLifecycle(testtools.TestCase):
    """One incident, from its opening to its end."""

    def setUp(self) -> None:
        super().setUp()
        self.opened = proceed(ONE)

    def test_nothing_wrong_is_nothing_to_tell(self) -> None:
        self.assertEqual(lifecycle.Outcome(), proceed())

    def test_it_opens_once(self) -> None:
        self.assertEqual(['opened'], occasions(self.opened))
        again = proceed(ONE, known=self.opened, now=later(1))
        self.assertEqual(lifecycle.Outcome(), again)

    def test_it_is_told_again_while_it_stands(self) -> None:
        self.assertEqual(
            [], occasions(proceed(ONE, known=self.opened, now=later(23.9)))
        )
        again = proceed(ONE, known=self.opened, now=later(24))
        self.assertEqual(['stands'], occasions(again))
        self.assertEqual(
            [],
            occasions(proceed(ONE, known=again, now=later(25))),
        )

    def test_it_is_told_again_in_the_words_of_now(self) -> None:
        other = dataclasses.replace(
            ONE, finding=dataclasses.replace(ONE.finding, message='other')
        )
        again = proceed(other, known=self.opened, now=later(24))
        (letter,) = again.letters
        self.assertEqual(other, letter.incidents[0].condition)
        self.assertEqual([other], [one.condition for one in again.incidents])

    def test_a_project_that_was_not_judged_is_told_again_all_the_same(
        self,
    ) -> None:
        incidents = {one.id: one for one in self.opened.incidents}
        outcome = lifecycle.proceed([], incidents, later(24), REPEAT)
        self.assertEqual(['stands'], occasions(outcome))

    def test_it_closes_with_a_letter_that_answers_the_first(self) -> None:
        closed = proceed(known=self.opened, now=later(1))
        self.assertEqual(['closed'], occasions(closed))
        (incident,) = closed.incidents
        self.assertEqual(
            ('closed', self.opened.letters[0].key),
            (incident.state, incident.thread),
        )

    def test_it_does_not_close_while_nobody_knows(self) -> None:
        outcome = proceed(
            known=self.opened, undecided=frozenset({ONE.id}), now=later(1)
        )
        self.assertEqual(lifecycle.Outcome(), outcome)

    def test_other_projects_do_not_close_it(self) -> None:
        other = watching.Judgement(names.project_name('nova'))
        incidents = {one.id: one for one in self.opened.incidents}
        self.assertEqual(
            lifecycle.Outcome(),
            lifecycle.proceed([other], incidents, later(1), REPEAT),
        )

    def test_it_may_open_again_with_a_letter_of_its_own(self) -> None:
        closed = proceed(known=self.opened, now=later(1))
        again = proceed(ONE, known=closed, now=later(2))
        self.assertEqual(['opened'], occasions(again))
        self.assertNotEqual(self.opened.letters[0].key, again.letters[0].key)

    def test_no_two_letters_have_one_key(self) -> None:
        known, keys = self.opened, [self.opened.letters[0].key]
        for hours in (24, 48, 72):
            known = proceed(ONE, known=known, now=later(hours))
            keys += [letter.key for letter in known.letters]
        closed = proceed(known=known, now=later(73))
        keys += [letter.key for letter in closed.letters]
        self.assertEqual((5, 5), (len(keys), len(set(keys))))

    def test_new_words_for_the_same_thing_are_kept_and_not_told(self) -> None:
        words = dataclasses.replace(
            ONE, finding=dataclasses.replace(ONE.finding, message='other')
        )
        outcome = proceed(words, known=self.opened, now=later(1))
        self.assertEqual([], occasions(outcome))
        (incident,) = outcome.incidents
        self.assertEqual(
            ('other', self.opened.incidents[0].told),
            (incident.condition.finding.message, incident.told),
        )

    def test_what_was_acknowledged_is_told_when_it_is_over(self) -> None:
        known = lifecycle.Outcome(
            (lifecycle.acknowledged(self.opened.incidents[0], 'we know'),)
        )
        self.assertEqual(
            [], occasions(proceed(ONE, known=known, now=later(99)))
        )
        self.assertEqual(
            ['closed'], occasions(proceed(known=known, now=later(99)))
        )


class TestToldOnce(testtools.TestCase):
    """What happened and is over."""

    def test_it_is_told_and_closed_at_once(self) -> None:
        outcome = proceed(told_once=(ONCE,))
        self.assertEqual(['opened'], occasions(outcome))
        self.assertEqual('closed', outcome.incidents[0].state)

    def test_a_second_reading_of_it_is_no_second_time(self) -> None:
        first = proceed(told_once=(ONCE,))
        again = proceed(told_once=(ONCE,), known=first, now=later(1))
        self.assertEqual(lifecycle.Outcome(), again)


class TestBaseline(testtools.TestCase):
    """What stands when the watch begins."""

    def test_it_is_recorded_and_not_told(self) -> None:
        outcome = proceed(ONE, told_once=(ONCE,), silent=True)
        self.assertEqual([], occasions(outcome))
        self.assertEqual(
            ['acknowledged', 'closed'],
            [one.state for one in outcome.incidents],
        )

    def test_its_end_is_not_told_either(self) -> None:
        known = proceed(ONE, silent=True)
        outcome = proceed(known=known, now=later(1))
        self.assertEqual([], occasions(outcome))
        self.assertEqual('closed', outcome.incidents[0].state)


class TestMany(testtools.TestCase):
    """Many incidents about one account."""

    def many(self, count: int) -> lifecycle.Outcome:
        projects = [names.project_name(f'p{n}') for n in range(count)]
        return lifecycle.proceed(
            [
                watching.Judgement(
                    project,
                    (
                        watched.condition(
                            'OSP807',
                            'mallory',
                            account='mallory',
                            project=project,
                        ),
                    ),
                )
                for project in projects
            ],
            {},
            watched.NOW,
            REPEAT,
        )

    def test_a_few_have_a_letter_each(self) -> None:
        self.assertEqual(4, len(self.many(4).letters))

    def test_many_have_one_letter_together(self) -> None:
        outcome = self.many(50)
        (letter,) = outcome.letters
        self.assertEqual(
            (50, 'mallory'), (len(letter.incidents), letter.about)
        )
        self.assertEqual(50, len(outcome.incidents))

    def test_they_stand_and_close_in_one_letter_too(self) -> None:
        opened = self.many(50)
        known = {one.id: one for one in opened.incidents}
        for judged, now, occasion in (
            ([], later(24), 'stands'),
            (
                [
                    watching.Judgement(one.condition.project)
                    for one in opened.incidents
                ],
                later(1),
                'closed',
            ),
        ):
            outcome = lifecycle.proceed(judged, known, now, REPEAT)
            self.assertEqual([occasion], occasions(outcome))
            for incident in outcome.incidents:
                self.assertEqual(opened.letters[0].key, incident.thread)
