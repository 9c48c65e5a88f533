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

"""The case of 2022, replayed: a maintainer invites one who releases."""

import json

import fixtures
import testtools

from openstack_publish import exceptions
from openstack_publish.rehearsal import replies
from tests.support import scene
from tests.support import vigil

READS: tuple[replies.Route, ...] = ('json', 'simple')
CALLS: tuple[replies.Route, ...] = ('xmlrpc',)


class WatchTest(testtools.TestCase):
    """A watch whose first round has been done."""

    others = 0

    def setUp(self) -> None:
        super().setUp()
        self.vigil = self.useFixture(vigil.Vigil(self.others))
        first = self.vigil.look('--baseline')
        self.assertEqual((0, ''), (first.code, first.stderr), first.stdout)
        self.assertEqual([], self.vigil.mail.messages)
        self.vigil.pass_time(minutes=5)


class TestTakeOver(WatchTest):
    """Both sources, the same incidents."""

    def test_the_first_mail_comes_before_the_release(self) -> None:
        store = self.vigil.index.store
        store.invite(vigil.PROJECT, 'thomas', 'Owner')
        result = self.vigil.look()
        self.assertEqual(1, result.code, result.stderr)
        self.assertEqual(['OSP806'], self.vigil.mailed())
        (mail,) = self.vigil.mail.messages
        body = mail.get_content()
        self.assertIn('thomas', body)
        self.assertIn(f'/manage/project/{vigil.PROJECT}/collaboration/', body)

        self.vigil.pass_time(hours=1)
        store.accept_invitation(vigil.PROJECT, 'thomas', 'Owner')
        self.assertEqual(['OSP807'], self.vigil.codes())
        self.assertEqual(['OSP806', 'OSP807', 'OSP806'], self.vigil.mailed())
        closing = self.vigil.mail.messages[-1]
        self.assertIn('closed', str(closing['Subject']))
        self.assertEqual(mail['Message-ID'], closing['In-Reply-To'])

        self.vigil.pass_time(hours=1)
        self.vigil.upload('6.2.1.0')
        self.vigil.pass_time(minutes=1)
        self.assertEqual(['OSP801'], self.vigil.codes())
        self.assertIn('6.2.1.0', self.vigil.mail.subjects[-1])
        words = ' '.join(self.vigil.mail.messages[-1].get_content().split())
        self.assertIn('can yank and delete: openstackci, thomas.', words)

        self.vigil.pass_time(hours=1)
        store.remove_role(vigil.PROJECT, 'thomas')
        store.delete_release(vigil.PROJECT, '6.2.1.0')
        self.assertEqual(['OSP814'], self.vigil.codes())
        end = self.vigil.look()
        self.assertEqual(0, end.code, end.stdout)
        self.assertEqual(
            len(self.vigil.mail.ids), len(set(self.vigil.mail.ids))
        )

    def test_the_feeds_tell_the_same_but_for_the_invitation(self) -> None:
        store = self.vigil.index.store
        self.vigil.look('--baseline', source='feeds')
        told = []
        for number in range(3):
            match number:
                case 0:
                    store.invite(vigil.PROJECT, 'thomas', 'Owner')
                case 1:
                    store.accept_invitation(vigil.PROJECT, 'thomas', 'Owner')
                case _:
                    self.vigil.upload('6.2.1.0')
            self.vigil.pass_time(hours=1)
            told.append(self.vigil.codes(source='feeds'))
        self.assertEqual([[], ['OSP807'], ['OSP801']], told)

    def test_the_release_shows_in_the_feed_within_the_next_round(
        self,
    ) -> None:
        """Not only once the sweep comes by."""
        self.vigil.look('--baseline', source='feeds')
        self.vigil.pass_time(minutes=1)
        self.vigil.upload('6.2.1.0')
        self.vigil.pass_time(minutes=1)
        self.assertEqual(['OSP801'], self.vigil.codes(source='feeds'))

    def test_both_sources_know_an_incident_by_one_id(self) -> None:
        self.vigil.upload('6.2.1.0')
        self.vigil.pass_time(minutes=1)
        self.assertEqual(['OSP801'], self.vigil.codes())
        self.assertEqual([], self.vigil.codes(source='feeds'))
        self.assertEqual(1, len(self.vigil.mail.messages))


class TestBeginning(testtools.TestCase):
    """The first round."""

    def setUp(self) -> None:
        super().setUp()
        self.vigil = self.useFixture(vigil.Vigil())
        store = self.vigil.index.store
        store.add_role(vigil.PROJECT, 'thomas', 'Maintainer')
        # History, which nobody orders.
        self.vigil.upload('3.0.0.0')

    def test_a_baseline_lists_what_stands_and_tells_nobody(self) -> None:
        result = self.vigil.look('--baseline')
        self.assertEqual(0, result.code, result.stdout)
        told = vigil.document(result)
        self.assertEqual(
            [('OSP807', 'acknowledged')],
            [(one['code'], one['state']) for one in told['recorded']],
        )
        self.assertEqual(([], []), (told['opened'], told['standing']))
        self.vigil.pass_time(days=9)
        self.assertEqual(0, self.vigil.look().code)
        self.assertEqual([], self.vigil.mail.messages)

    def test_without_one_what_stands_is_told_and_history_is_not(self) -> None:
        self.assertEqual(['OSP807'], self.vigil.codes())


class TestGaps(WatchTest):
    """What no source shows at once."""

    others = 3

    def test_a_feed_that_is_too_short_is_noticed(self) -> None:
        """A hundred releases of others push ours out of it."""
        self.vigil.look('--baseline', source='feeds')
        self.vigil.pass_time(minutes=1)
        self.vigil.upload('6.2.1.0')
        self.vigil.index.store.add_project('requests', owner='somebody')
        for number in range(101):
            self.vigil.pass_time(seconds=1)
            self.vigil.upload(f'1.{number}', project='requests')
        self.assertEqual(['OSP801'], self.vigil.codes(source='feeds'))

    def test_every_project_is_read_within_the_hour(self) -> None:
        store = self.vigil.index.store
        self.vigil.look('--baseline', source='feeds')
        for number in range(self.others):
            store.set_status(f'project-{number}', 'archived')
        told = []
        for _ in range(12):
            self.vigil.pass_time(minutes=5)
            told += self.vigil.codes(source='feeds')
        self.assertEqual(['OSP811'] * self.others, told)

    def test_what_was_deleted_is_known_again_in_the_next_round(self) -> None:
        self.vigil.index.store.delete_project(vigil.PROJECT)
        self.assertIn('OSP814', self.vigil.codes())
        again = vigil.document(self.vigil.look())
        self.assertEqual([], again['unknown'])


class TestOrdered(WatchTest):
    """What somebody ordered."""

    def test_an_ordered_release_is_no_incident(self) -> None:
        self.vigil.order('4.7.0.0', '4.7.1.0')
        self.vigil.upload('4.7.1.0')
        self.vigil.pass_time(minutes=1)
        result = self.vigil.look()
        self.assertEqual((0, ''), (result.code, result.stderr), result.stdout)

    def test_from_an_old_checkout_nobody_is_accused(self) -> None:
        self.vigil.upload('4.7.1.0')
        self.vigil.pass_time(hours=1)
        result = self.vigil.look('--no-fetch')
        self.assertEqual(3, result.code, result.stdout)
        (why,) = vigil.document(result)['unknown']
        self.assertIn('was fetched at', why)
        self.assertEqual([], self.vigil.mail.messages)
        # The order turns out to be there once somebody fetches.
        self.vigil.order('4.7.0.0', '4.7.1.0')
        self.assertEqual(0, self.vigil.look().code)

    def test_a_release_that_is_ordered_later_closes_its_incident(
        self,
    ) -> None:
        self.vigil.upload('4.7.1.0')
        self.vigil.pass_time(minutes=1)
        self.assertEqual(['OSP801'], self.vigil.codes())
        self.vigil.order('4.7.0.0', '4.7.1.0')
        self.assertEqual(0, self.vigil.look().code)
        self.assertEqual(['OSP801', 'OSP801'], self.vigil.mailed())

    def test_a_fetch_that_fails_is_told_and_accuses_nobody(self) -> None:
        self.vigil.upload('4.7.1.0')
        self.vigil.pass_time(minutes=1)
        self.vigil.origin.root.rename(self.vigil.directory / 'gone')
        result = self.vigil.look()
        self.assertEqual(3, result.code, result.stdout)
        self.assertIn('fetching', ' '.join(vigil.document(result)['unknown']))
        self.assertEqual([], self.vigil.mail.messages)


class TestPassedOver(WatchTest):
    """Orders that were merged while git did not answer."""

    def test_they_are_looked_at_again_in_the_next_round(self) -> None:
        config = self.vigil.directory / 'project-config' / 'zuul.d'
        config.mkdir(parents=True)
        (config / 'projects.yaml').write_text(
            f'- project:\n    name: openstack/{vigil.PROJECT}\n'
            '    templates:\n      - publish-to-pypi\n'
        )
        more = ('--project-config', str(config.parent))
        self.vigil.order('4.7.0.0', '4.8.0.0')

        def fails(history: object, revisions: str | None = None) -> None:
            raise exceptions.Unavailable('the change', 'git did not say')

        with fixtures.MonkeyPatch(
            'openstack_publish.gates.history.History.changes', fails
        ):
            result = self.vigil.look(*more)
        self.assertEqual(3, result.code, result.stdout)
        self.assertIn('git did not say', result.stdout)
        self.vigil.look(*more)
        self.vigil.pass_time(hours=3)
        self.assertEqual(['OSP805'], self.vigil.codes(*more))


class TestTrouble(WatchTest):
    """Servers that fail, one after the other."""

    def test_a_mail_server_that_is_down_delays_and_drops_nothing(
        self,
    ) -> None:
        self.vigil.mail.refuses = '451 come back later'
        self.vigil.upload('6.2.1.0')
        self.vigil.pass_time(minutes=1)
        for _ in range(2):
            result = self.vigil.look()
            self.assertIn(
                '451 come back later',
                ' '.join(vigil.document(result)['unknown']),
            )
            self.vigil.pass_time(minutes=1)
        self.vigil.upload('6.2.2.0')
        self.vigil.pass_time(minutes=1)
        self.vigil.mail.refuses = None
        self.vigil.look()
        self.vigil.look()
        self.assertEqual(['OSP801', 'OSP801'], self.vigil.mailed())
        self.assertIn('6.2.1.0', self.vigil.mail.subjects[0])
        self.assertIn('6.2.2.0', self.vigil.mail.subjects[1])

    def test_an_index_that_asks_to_wait_is_not_lost(self) -> None:
        self.vigil.upload('6.2.1.0')
        self.vigil.pass_time(minutes=1)
        self.vigil.index.store.limits.xmlrpc_calls_per_hour = 0
        result = self.vigil.look()
        self.assertEqual(3, result.code, result.stdout)
        self.assertEqual('changelog', vigil.document(result)['source'])
        self.vigil.index.store.limits.xmlrpc_calls_per_hour = 3600
        self.assertEqual(['OSP801'], self.vigil.codes())

    def test_feeds_replace_a_changelog_that_is_lost_and_it_is_told_once(
        self,
    ) -> None:
        self.vigil.index.faults.set('server-error', routes=CALLS)
        self.vigil.upload('6.2.1.0')
        self.vigil.pass_time(minutes=1)
        result = self.vigil.look()
        self.assertEqual('feeds', vigil.document(result)['source'])
        self.assertEqual({'OSP801', 'OSP818'}, set(self.vigil.mailed()))
        self.vigil.pass_time(minutes=1)
        self.vigil.look()
        self.assertEqual(2, len(self.vigil.mail.messages))
        # It comes back, and goes on where it stopped.
        self.vigil.index.faults.clear()
        self.vigil.index.store.invite(vigil.PROJECT, 'thomas', 'Owner')
        self.assertEqual(['OSP806'], self.vigil.codes())

    def test_auto_changes_the_source_without_a_mail(self) -> None:
        self.vigil.index.faults.set('server-error', routes=CALLS)
        result = self.vigil.look(source='auto')
        self.assertEqual('feeds', vigil.document(result)['source'])
        self.assertEqual([], self.vigil.mail.messages)

    def test_a_project_that_cannot_be_read_is_read_again(self) -> None:
        self.vigil.index.faults.set(
            'server-error',
            routes=READS,
        )
        self.vigil.upload('6.2.1.0')
        self.vigil.pass_time(minutes=1)
        result = self.vigil.look()
        self.assertEqual(3, result.code, result.stdout)
        self.vigil.index.faults.clear()
        # Its row of the journal was read, and is not read again.
        self.assertEqual(['OSP801'], self.vigil.codes())

    def test_six_hours_without_an_answer_are_told(self) -> None:
        self.vigil.index.faults.set('server-error', routes=READS)
        self.vigil.index.store.yank_release(vigil.PROJECT, '4.7.0.0')
        self.assertEqual([], self.vigil.codes())
        self.vigil.pass_time(hours=6)
        self.assertEqual(['OSP817'], self.vigil.codes())


class TestAcknowledge(WatchTest):
    """``watch list`` and ``watch ack``."""

    def command(self, *words: str) -> scene.Result:
        return scene.run(
            ['watch', words[0], '--state', str(self.vigil.state), *words[1:]],
            {},
        )

    def test_what_is_acknowledged_is_told_no_more_until_it_is_over(
        self,
    ) -> None:
        store = self.vigil.index.store
        store.add_role(vigil.PROJECT, 'thomas', 'Maintainer')
        self.vigil.look()
        listed = self.command('list', '-f', 'json')
        self.assertEqual(1, listed.code)
        (incident,) = json.loads(listed.stdout)
        done = self.command('ack', incident['id'], '--reason', 'we know')
        self.assertEqual(0, done.code, done.stderr)
        self.vigil.pass_time(hours=48)
        self.assertEqual(0, self.vigil.look().code)
        self.assertEqual(1, len(self.vigil.mail.messages))
        listed = self.command('list', '-f', 'json')
        self.assertEqual(0, listed.code)
        self.assertEqual('we know', json.loads(listed.stdout)[0]['reason'])
        store.remove_role(vigil.PROJECT, 'thomas')
        self.vigil.look()
        self.assertIn('closed', self.vigil.mail.subjects[1])

    def test_an_incident_that_is_not_there_is_wrong_usage(self) -> None:
        result = self.command('ack', 'ffffffffffff', '--reason', 'x')
        self.assertEqual(2, result.code)
        self.assertIn('ffffffffffff', result.stderr)

    def test_it_is_repeated_while_it_stands(self) -> None:
        self.vigil.index.store.add_role(vigil.PROJECT, 'thomas', 'Owner')
        self.vigil.look('--repeat', '2')
        self.vigil.pass_time(hours=1)
        self.vigil.look('--repeat', '2')
        self.assertEqual(1, len(self.vigil.mail.messages))
        self.vigil.pass_time(hours=1)
        self.vigil.look('--repeat', '2')
        first, again = self.vigil.mail.messages
        self.assertEqual(first['Message-ID'], again['In-Reply-To'])
        self.assertIn('still', str(again['Subject']))


class TestMany(WatchTest):
    """One account, everywhere at once."""

    others = 7

    def test_it_is_one_urgent_mail(self) -> None:
        for number in range(self.others):
            self.vigil.index.store.add_role(
                f'project-{number}', 'mallory', 'Owner'
            )
        self.assertEqual(['OSP807'] * 7, self.vigil.codes())
        (mail,) = self.vigil.mail.messages
        self.assertIn('URGENT', str(mail['Subject']))
        self.assertIn('mallory', str(mail['Subject']))
        for number in range(self.others):
            self.assertIn(f'project-{number}', mail.get_content())
