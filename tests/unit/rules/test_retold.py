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

"""Events in their order, and what does not fit."""

from __future__ import annotations

import datetime

import testtools

from openstack_publish.model import deliverable
from openstack_publish.model import knowledge
from openstack_publish.model import timeline
from openstack_publish.model import verification
from openstack_publish.rules import retold
from tests.support import demo

REPO = deliverable.ReleasedRepo('openstack/oslo.demo', 'a' * 40)
RELEASE = deliverable.Release('1.2.0', (REPO,))
ORDER = deliverable.Order(None, RELEASE, REPO)


def event(kind: timeline.Kind, minutes: float | None) -> timeline.Event:
    """Return an event some minutes after the demonstration's time."""
    when = None
    if minutes is not None:
        when = demo.NOW + datetime.timedelta(minutes=minutes)
    return timeline.Event(kind, when, f'what {kind}', 'somebody')


class TestByTime(testtools.TestCase):
    def kinds(self, *events: timeline.Event) -> list[str]:
        return [one.kind for one in retold.by_time(events)]

    def test_nothing_stays_nothing(self) -> None:
        self.assertEqual((), retold.by_time(()))

    def test_events_stand_as_they_happened(self) -> None:
        self.assertEqual(
            ['tagged', 'ordered', 'uploaded'],
            self.kinds(
                event('uploaded', 9), event('ordered', 5), event('tagged', 1)
            ),
        )

    def test_at_one_time_the_kind_decides(self) -> None:
        self.assertEqual(
            ['signed', 'uploaded'],
            self.kinds(event('uploaded', 0), event('signed', 0)),
        )

    def test_times_count_to_the_second_as_they_are_told(self) -> None:
        self.assertEqual(
            ['uploaded', 'published'],
            self.kinds(event('published', 0), event('uploaded', 0.01)),
        )

    def test_without_a_time_it_stands_where_its_kind_belongs(self) -> None:
        self.assertEqual(
            ['ordered', 'tagged', 'signed', 'uploaded'],
            self.kinds(
                event('signed', 1),
                event('uploaded', None),
                event('ordered', 0),
                event('tagged', None),
            ),
        )


class TestInTurn(testtools.TestCase):
    def codes(self, *events: timeline.Event) -> list[str]:
        return [one.code for one in retold.in_turn('x 1', events)]

    def test_the_usual_order_says_nothing(self) -> None:
        self.assertEqual(
            [],
            self.codes(
                event('ordered', 0),
                event('tagged', 30),
                event('signed', 40),
                event('signed', 41),
                # The archive keeps the time of the build.
                event('archived', 35),
            ),
        )

    def test_clocks_may_differ_by_five_minutes(self) -> None:
        self.assertEqual(
            [], self.codes(event('tagged', 0), event('signed', -5))
        )
        self.assertEqual(
            ['OSP751'], self.codes(event('tagged', 0), event('signed', -5.1))
        )

    def test_every_pair_that_is_turned_round_is_named(self) -> None:
        found = retold.in_turn(
            'x 1',
            [event('ordered', 60), event('tagged', 30), event('signed', 0)],
        )
        self.assertEqual(['OSP751'] * 3, [one.code for one in found])
        self.assertIn('2026-11-21T12:00:00Z', found[-1].message)
        self.assertIn('2026-11-21T13:00:00Z', found[1].message)

    def test_what_has_no_time_contradicts_nothing(self) -> None:
        self.assertEqual(
            [], self.codes(event('tagged', None), event('signed', -99))
        )


class TestTagAgrees(testtools.TestCase):
    def test_a_tag_on_the_ordered_commit_agrees(self) -> None:
        tag = timeline.Tag('1.2.0', 'b' * 40, 'a' * 40, None, None)
        self.assertEqual((), retold.tag_agrees(ORDER, tag))

    def test_another_commit_or_none_contradicts(self) -> None:
        for commit in ('c' * 40, None):
            tag = timeline.Tag('1.2.0', 'a' * 40, commit, None, None)
            (found,) = retold.tag_agrees(ORDER, tag)
            self.assertEqual('OSP750', found.code)
            self.assertIn(commit or 'no commit at all', found.message)


class TestOtherBytes(testtools.TestCase):
    def test_only_what_both_have_is_compared(self) -> None:
        ours = [
            verification.Original(name, '/a', demo.digest(name), None)
            for name in (demo.SDIST, demo.WHEEL)
        ]
        same = demo.listed_file(demo.SDIST)
        self.assertEqual(
            (), retold.other_bytes(ours, knowledge.Known((same,)))
        )
        self.assertEqual((), retold.other_bytes(ours, demo.UNKNOWN))
        other = demo.listed_file(demo.SDIST, sha256='0' * 64)
        (found,) = retold.other_bytes(ours, knowledge.Known((other,)))
        self.assertEqual('OSP732', found.code)
