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

"""The watch's memory."""

from __future__ import annotations

import dataclasses
import os
import pathlib
import sqlite3

import fixtures
import testtools

from openstack_publish import exceptions
from openstack_publish.gates import statefile
from openstack_publish.model import knowledge
from openstack_publish.model import maintainers
from openstack_publish.model import names
from openstack_publish.model import watching
from openstack_publish.rules.watched import lifecycle
from openstack_publish.seams import alerts
from tests.support import watched

OTHER = names.project_name('nova')
INCIDENT = watching.Incident(
    watched.condition(account='mallory'),
    'open',
    watched.NOW,
    told=watched.NOW,
    mails=2,
    thread='key',
)
LETTER = watching.Letter('opened', watched.NOW, (INCIDENT,), 'key', 'x')


class StateTest(testtools.TestCase):
    def setUp(self) -> None:
        super().setUp()
        self.path = (
            pathlib.Path(self.useFixture(fixtures.TempDir()).path) / 'state'
        )

    def open(self, *, watches: bool = True) -> statefile.StateFile:
        state = statefile.StateFile(str(self.path), watches=watches)
        self.addCleanup(state.close)
        return state

    def again(self, changed: alerts.Changed) -> statefile.StateFile:
        """Write, close, and open again."""
        with self.open() as state:
            state.write(changed)
        return self.open()


class TestMemory(StateTest):
    """What is written comes back from another process' view."""

    def test_a_letter_waits_for_those_who_have_not_taken_it(self) -> None:
        state = self.again(alerts.Changed(letters=[LETTER]))
        (unsent,) = state.unsent()
        self.assertEqual(frozenset(), unsent.taken)
        state.write(alerts.Changed(taken={unsent.number: {'b@x', 'a@x'}}))
        (unsent,) = state.unsent()
        self.assertEqual(
            (LETTER, {'a@x', 'b@x'}), (unsent.letter, unsent.taken)
        )
        state.write(alerts.Changed(told=[unsent.number]))
        self.assertEqual((), state.unsent())

    def test_names_of_channels_that_somebody_else_wrote_are_refused(
        self,
    ) -> None:
        for text in ('no JSON', '{}', '[1]'):
            self.path.unlink(missing_ok=True)
            with self.open() as state:
                state.write(alerts.Changed(letters=[LETTER]))
            with sqlite3.connect(self.path) as database:
                database.execute('UPDATE letter SET taken = ?', (text,))
            database.close()
            with self.open() as state:
                error = self.assertRaises(
                    exceptions.Misconfigured, state.unsent
                )
            self.assertIn('did not write', str(error))

    def test_a_new_file_knows_nothing(self) -> None:
        state = self.open()
        self.assertEqual(
            ({}, {}, (), (), (), {}, None, None),
            (
                state.incidents(),
                state.read_times(),
                state.unsent(),
                state.pending(),
                state.expected(),
                state.unread(),
                state.value('x'),
                state.snapshot(watched.PROJECT),
            ),
        )

    def test_snapshots_come_back_as_they_were(self) -> None:
        whole = watched.snapshot(
            watched.file('a.whl', yanked=True, provenance='https://p'),
            people=watched.who(watched.CI, watched.MALLORY),
            unread_since=watched.ago(hours=1),
        )
        never = watching.Snapshot(OTHER, watched.NOW)
        state = self.again(alerts.Changed(snapshots=[whole, never]))
        self.assertEqual(whole, state.snapshot(watched.PROJECT))
        self.assertEqual(never, state.snapshot(OTHER))
        self.assertEqual(
            {watched.PROJECT: watched.NOW, OTHER: watched.NOW},
            state.read_times(),
        )

    def test_an_organization_that_is_unknown_stays_so(self) -> None:
        who = maintainers.maintainers(
            (watched.CI,), knowledge.Unknown('organization', 'not read')
        )
        state = self.again(
            alerts.Changed(snapshots=[watched.snapshot(people=who)])
        )
        found = state.snapshot(watched.PROJECT)
        assert found is not None
        assert found.who is not None
        self.assertIsInstance(found.who.organization, knowledge.Unknown)

    def test_incidents_and_letters_come_back_as_they_were(self) -> None:
        state = self.again(
            alerts.Changed(incidents=[INCIDENT], letters=[LETTER])
        )
        self.assertEqual({INCIDENT.id: INCIDENT}, state.incidents())
        (unsent,) = state.unsent()
        self.assertEqual(LETTER, unsent.letter)

    def test_a_letter_is_kept_once_and_told_once(self) -> None:
        state = self.again(alerts.Changed(letters=[LETTER, LETTER]))
        (unsent,) = state.unsent()
        state.write(alerts.Changed(told=[unsent.number], letters=[LETTER]))
        self.assertEqual((), state.unsent())

    def test_what_waits_is_replaced_by_project(self) -> None:
        one = watching.Pending(watched.PROJECT, 'a', watched.NOW, 'why')
        two = watching.Pending(OTHER, 'b', watched.NOW, 'why')
        state = self.again(
            alerts.Changed(pending={watched.PROJECT: [one], OTHER: [two]})
        )
        self.assertEqual((two, one), state.pending())
        state.write(alerts.Changed(pending={watched.PROJECT: []}))
        self.assertEqual((two,), state.pending())

    def test_orders_are_expected_since_they_were_first_seen(self) -> None:
        order = watching.Expected(OTHER, '1.0', 'x.yaml', watched.NOW)
        later = dataclasses.replace(order, ordered=watched.ago(hours=-1))
        state = self.again(alerts.Changed(expected=[order]))
        state.write(alerts.Changed(expected=[later]))
        self.assertEqual((order,), state.expected())
        state.write(alerts.Changed(arrived=[order]))
        self.assertEqual((), state.expected())

    def test_a_project_is_unread_until_its_highest_serial(self) -> None:
        state = self.again(alerts.Changed(unread={OTHER: 9}))
        state.write(alerts.Changed(unread={OTHER: 0}))
        self.assertEqual({OTHER: 9}, state.unread())
        state.write(alerts.Changed(read=[OTHER]))
        self.assertEqual({}, state.unread())

    def test_what_was_acknowledged_meanwhile_stays_so(self) -> None:
        state = self.again(alerts.Changed(incidents=[INCIDENT]))
        with self.open(watches=False) as other:
            other.write(
                alerts.Changed(
                    incidents=[lifecycle.acknowledged(INCIDENT, 'we know')]
                )
            )
        state.write(alerts.Changed(incidents=[INCIDENT]))
        self.assertEqual('acknowledged', state.incidents()[INCIDENT.id].state)
        opened_again = dataclasses.replace(INCIDENT, opening=2)
        state.write(alerts.Changed(incidents=[opened_again]))
        self.assertEqual('open', state.incidents()[INCIDENT.id].state)


class TestFaults(StateTest):
    """A file that cannot be used."""

    def test_all_of_a_change_is_written_or_nothing(self) -> None:
        state = self.open()
        with sqlite3.connect(self.path) as database:
            database.execute('DROP TABLE value')
        database.close()
        self.assertRaises(
            exceptions.Unavailable,
            state.write,
            alerts.Changed(incidents=[INCIDENT], values={'cursor': '1'}),
        )
        self.assertEqual({}, state.incidents())

    def test_a_second_watch_is_told_of_the_first(self) -> None:
        self.open()
        error = self.assertRaises(exceptions.Misconfigured, self.open)
        self.assertIn('another watch', str(error))

    def test_a_file_of_a_later_program_is_left_alone(self) -> None:
        self.open().close()
        with sqlite3.connect(self.path) as database:
            database.execute('PRAGMA user_version = 2')
        database.close()
        error = self.assertRaises(exceptions.Misconfigured, self.open)
        self.assertIn('version 2', str(error))

    def test_documents_of_somebody_else_are_told(self) -> None:
        state = self.open()
        for table, document, read in (
            ('incident (id, document)', '[]', state.incidents),
            ('incident (id, document)', '{"code": 1}', state.incidents),
            ('incident (id, document)', 'no JSON', state.incidents),
        ):
            with sqlite3.connect(self.path) as database:
                database.execute(
                    f'INSERT OR REPLACE INTO {table} VALUES (1, ?)',
                    (document,),
                )
            database.close()
            error = self.assertRaises(exceptions.Misconfigured, read)
            self.assertIn(str(self.path), str(error))

    def test_a_place_where_no_file_can_be_is_told(self) -> None:
        blocked = self.path / 'file' / 'state'
        os.makedirs(self.path)
        (self.path / 'file').write_bytes(b'')
        self.assertRaises(
            exceptions.Misconfigured,
            statefile.StateFile,
            str(blocked),
            watches=True,
        )
        self.assertRaises(
            exceptions.Misconfigured,
            statefile.StateFile,
            str(self.path),
            watches=True,
        )
