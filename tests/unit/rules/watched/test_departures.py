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

import testtools

from openstack_publish.model import watching
from openstack_publish.rules.watched import departures
from tests.support import watched

ONE = watched.sdist('1.0', watched.ago(days=9))
TWO = watched.sdist('2.0', watched.ago(days=2))
WHEEL = watched.file('os_vif-2.0-py3-none-any.whl', watched.ago(days=2))


class TestGone(testtools.TestCase):
    """OSP814."""

    def test_nothing_is_gone_of_what_was_never_read(self) -> None:
        now = watched.snapshot(ONE)
        self.assertEqual((), departures.gone(None, now))
        before = watching.Snapshot(watched.PROJECT, watched.NOW)
        self.assertEqual((), departures.gone(before, now))

    def test_a_file_a_release_and_everything_are_each_told_as_what_they_are(
        self,
    ) -> None:
        before = watched.snapshot(ONE, TWO, WHEEL)
        for left, said in (
            ((ONE, TWO), WHEEL.filename),
            ((ONE,), 'release 2.0'),
            ((), 'every file'),
        ):
            (found,) = departures.gone(before, watched.snapshot(*left))
            self.assertIn(f'{said} of os-vif is gone', found.finding.message)
            self.assertEqual('OSP814', found.code)
            self.assertFalse(found.stands)

    def test_a_version_that_came_back_and_is_gone_again_is_another_incident(
        self,
    ) -> None:
        """No file comes back: its name is used up."""
        first, second = (
            departures.gone(
                watched.snapshot(ONE, file), watched.snapshot(ONE)
            )[0]
            for file in (TWO, WHEEL)
        )
        self.assertNotEqual(first.id, second.id)

    def test_of_many_files_a_few_are_named(self) -> None:
        many = [
            watched.file(f'os_vif-2.0-{number}-py3-none-any.whl')
            for number in range(7)
        ]
        (found,) = departures.gone(
            watched.snapshot(ONE, *many), watched.snapshot(ONE)
        )
        self.assertIn('and 2 more', found.finding.message)


class TestYanked(testtools.TestCase):
    """OSP813."""

    yanked = watched.file(TWO.filename, TWO.uploaded, yanked=True)

    def test_what_is_yanked_now_and_was_not_is_told(self) -> None:
        found = departures.yanked(
            watched.snapshot(ONE, TWO), watched.snapshot(ONE, self.yanked)
        )
        self.assertEqual([('OSP813', '2.0')], watched.codes(found))

    def test_what_was_yanked_before_the_watch_began_is_history(self) -> None:
        now = watched.snapshot(self.yanked)
        self.assertEqual((), departures.yanked(None, now))
        self.assertEqual((), departures.yanked(now, now))

    def test_an_incident_stands_until_it_is_unyanked(self) -> None:
        now = watched.snapshot(self.yanked)
        self.assertEqual(
            [('OSP813', '2.0')],
            watched.codes(departures.yanked(now, now, {'2.0'})),
        )
        self.assertEqual(
            (), departures.yanked(now, watched.snapshot(TWO), {'2.0'})
        )


class TestMissing(testtools.TestCase):
    """OSP805."""

    def found(
        self, now: watching.Snapshot | None, hours: float
    ) -> list[tuple[str, str]]:
        order = watching.Expected(
            watched.PROJECT,
            '3.0',
            'deliverables/x/os-vif.yaml',
            watched.ago(hours=hours),
        )
        return watched.codes(
            departures.missing(
                [order],
                {} if now is None else {watched.PROJECT: now},
                watched.NOW,
            )
        )

    def test_an_ordered_release_has_two_hours(self) -> None:
        self.assertEqual([], self.found(watched.snapshot(ONE), 2))
        self.assertEqual(
            [('OSP805', '3.0')], self.found(watched.snapshot(ONE), 2.1)
        )

    def test_a_release_that_is_there_is_not_missed(self) -> None:
        self.assertEqual(
            [], self.found(watched.snapshot(watched.sdist('3.0')), 9)
        )

    def test_of_a_project_that_was_never_read_nothing_is_said(self) -> None:
        self.assertEqual([], self.found(None, 9))
        never = watching.Snapshot(watched.PROJECT, watched.NOW)
        self.assertEqual([], self.found(never, 9))

    def test_a_project_that_is_not_there_has_no_release(self) -> None:
        gone = watching.Snapshot(watched.PROJECT, watched.NOW, exists=False)
        self.assertEqual([('OSP805', '3.0')], self.found(gone, 9))
