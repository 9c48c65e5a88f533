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

"""What a watch meets that goes on for long."""

import json
import os
import pathlib
import subprocess

import testtools

from tests.support import keys
from tests.support import scene
from tests.support import vigil

POLICY = """\
schema: openstack-publish/policy/1
maintainers:
  required: [{user: openstackci, role: Owner}]
"""
ALLOWED = """\
  allowed: [{user: thomas, role: Maintainer}]
"""


class LastingTest(testtools.TestCase):
    """A project with a history."""

    others = 0

    def setUp(self) -> None:
        super().setUp()
        self.vigil = self.useFixture(vigil.Vigil(self.others))
        self.store = self.vigil.index.store
        # History, which nobody orders.
        self.vigil.upload('3.0.0.0')
        self.vigil.upload('3.0.1.0')
        self.store.yank_release(vigil.PROJECT, '3.0.1.0')
        self.vigil.pass_time(minutes=5)

    def begin(self, *more: str, source: str = 'changelog') -> None:
        first = self.vigil.look('--baseline', *more, source=source)
        self.assertEqual((0, ''), (first.code, first.stderr), first.stdout)
        self.vigil.pass_time(minutes=5)


class TestInterval(LastingTest):
    """One process, many rounds."""

    def test_a_baseline_is_the_first_round_and_no_other(self) -> None:
        first, second = self.vigil.stay(
            lambda: self.store.add_role(vigil.PROJECT, 'thomas', 'Maintainer'),
            more=('--baseline',),
        )
        self.assertEqual([], first['opened'])
        self.assertEqual(['OSP807'], [one['code'] for one in second['opened']])
        self.assertEqual(['OSP807'], self.vigil.mailed())

    def test_a_policy_that_was_merged_holds_from_then_on(self) -> None:
        self.store.add_role(vigil.PROJECT, 'thomas', 'Maintainer')

        def merge() -> None:
            self.vigil.origin.write('data/publish-policy.yaml', POLICY)
            self.vigil.origin.commit()

        def allow() -> None:
            self.vigil.origin.write(
                'data/publish-policy.yaml', POLICY + ALLOWED
            )
            self.vigil.origin.commit()

        merge()
        told = self.vigil.stay(allow)
        self.assertEqual(
            [1, 0], [len(one['standing']) for one in told], str(told)
        )
        self.assertIn('closed', self.vigil.mail.subjects[-1])

    def test_the_key_of_a_new_cycle_is_known_once_it_is_merged(self) -> None:
        keyring = self.useFixture(keys.Keyring())
        old, new = keyring.generate(), keyring.generate()
        archive = self.vigil.directory / 'archive'
        place = archive / 'openstack' / vigil.PROJECT
        place.mkdir(parents=True)

        def trust(*trusted: keys.Key) -> None:
            lines = ''.join(
                f'    - {{fingerprint: {one.primary}, '
                f'file: {one.primary}.asc}}\n'
                for one in trusted
            )
            for one in trusted:
                public = pathlib.Path(keyring.public_file(one))
                self.vigil.origin.write(
                    f'data/{one.primary}.asc',
                    public.read_text(encoding='ascii'),
                )
            self.vigil.origin.write(
                'data/publish-policy.yaml',
                f'{POLICY}keys:\n  trusted:\n{lines}',
            )
            self.vigil.origin.commit()

        def release(version: str, key: keys.Key) -> None:
            content = version.encode()
            path = place / f'xstatic_angular-{version}.tar.gz'
            path.write_bytes(content)
            keyring.sign(str(path), key)
            self.versions.append(version)
            self.vigil.order(*self.versions)
            self.vigil.upload(version, content)

        def cycle() -> None:
            trust(old, new)
            release('4.9.0.0', new)

        self.versions = ['4.7.0.0']
        trust(old)
        self.begin('--archive', str(archive))
        release('4.8.0.0', old)
        self.vigil.pass_time(minutes=1)
        told = self.vigil.stay(
            cycle,
            lambda: self.vigil.pass_time(minutes=1),
            more=('--archive', str(archive)),
        )
        self.assertEqual(
            [0] * 3, [one['exit_code'] for one in told], str(told)
        )

    def test_keys_that_are_none_keep_nothing_else_from_being_told(
        self,
    ) -> None:
        archive = self.vigil.directory / 'archive'
        place = archive / 'openstack' / vigil.PROJECT
        place.mkdir(parents=True)

        def merge() -> None:
            self.vigil.origin.write('data/key.asc', 'no key')
            self.vigil.origin.write(
                'data/publish-policy.yaml',
                f'{POLICY}keys:\n  trusted:\n'
                f'    - {{fingerprint: {"A" * 40}, file: key.asc}}\n',
            )
            self.vigil.order('4.7.0.0', '4.8.0.0')
            self.vigil.upload('4.8.0.0', b'ours')
            (place / 'xstatic_angular-4.8.0.0.tar.gz').write_bytes(b'ours')
            (place / 'xstatic_angular-4.8.0.0.tar.gz.asc').write_bytes(b'x')
            self.store.add_role(vigil.PROJECT, 'thomas', 'Maintainer')

        _, told, _ = self.vigil.stay(
            merge,
            lambda: None,
            more=('--archive', str(archive), '--baseline'),
        )
        self.assertEqual(['OSP807'], [one['code'] for one in told['opened']])
        self.assertIn('key.asc', ' '.join(told['unknown']))


class TestQuarantine(LastingTest):
    """Files that are hidden for a while."""

    def test_what_shows_again_after_it_is_nothing_new(self) -> None:
        self.begin()
        self.store.set_status(vigil.PROJECT, 'quarantined')
        self.assertEqual(['OSP812'], self.vigil.codes())
        self.vigil.pass_time(minutes=5)
        self.store.set_status(vigil.PROJECT, 'active')
        self.assertEqual([], self.vigil.codes())

    def test_what_was_deleted_in_it_is_told(self) -> None:
        self.begin()
        self.store.set_status(vigil.PROJECT, 'quarantined')
        self.assertEqual(['OSP812'], self.vigil.codes())
        self.vigil.pass_time(minutes=5)
        self.store.delete_release(vigil.PROJECT, '3.0.0.0')
        self.store.set_status(vigil.PROJECT, 'active')
        self.assertEqual(['OSP814'], self.vigil.codes())


class TestAgain(LastingTest):
    """What happens a second time."""

    def test_each_time_that_every_file_is_deleted_is_told(self) -> None:
        self.begin()
        self.store.empty_project(vigil.PROJECT)
        self.assertEqual(['OSP814'], self.vigil.codes())
        self.vigil.order('4.7.0.0', '4.8.0.0')
        self.vigil.upload('4.8.0.0')
        self.vigil.pass_time(minutes=1)
        self.assertEqual([], self.vigil.codes())
        self.store.empty_project(vigil.PROJECT)
        self.vigil.pass_time(minutes=1)
        self.assertEqual(['OSP814'], self.vigil.codes())

    def test_a_second_invitation_is_told_though_the_first_was_never_answered(
        self,
    ) -> None:
        """Invitations expire, and no row of the journal says so."""
        self.begin()
        self.store.invite(vigil.PROJECT, 'thomas', 'Owner')
        (opened,) = vigil.document(self.vigil.look())['opened']
        self.assertEqual(
            0,
            scene.run(
                [
                    *('watch', 'ack', '--state', str(self.vigil.state)),
                    *(opened['id'], '--reason', 'it has expired'),
                ],
                {},
            ).code,
        )
        self.vigil.pass_time(days=30)
        self.store.invite(vigil.PROJECT, 'thomas', 'Owner')
        result = vigil.document(self.vigil.look())
        self.assertEqual(['OSP806'], [one['code'] for one in result['opened']])
        self.assertEqual(1, len(result['standing']))
        self.vigil.pass_time(minutes=1)
        self.store.accept_invitation(vigil.PROJECT, 'thomas', 'Owner')
        self.assertEqual(['OSP807'], self.vigil.codes())
        self.vigil.pass_time(minutes=1)
        self.store.remove_role(vigil.PROJECT, 'thomas')
        self.assertEqual(0, self.vigil.look().code)


class TestManaged(LastingTest):
    """Which projects are ours."""

    others = 1

    def test_a_file_that_cannot_be_read_takes_no_project_away(self) -> None:
        self.begin()
        self.store.add_role('project-0', 'thomas', 'Maintainer')
        self.assertEqual(['OSP807'], self.vigil.codes())
        projects = vigil.document(self.vigil.look())['projects']
        self.vigil.origin.write(
            'deliverables/_independent/project-0.yaml', 'team: [\n'
        )
        self.vigil.origin.commit()
        self.vigil.pass_time(minutes=1)
        result = vigil.document(self.vigil.look())
        self.assertEqual(
            (projects, 1), (result['projects'], result['exit_code'])
        )
        self.assertEqual(1, len(result['standing']))
        self.assertIn('project-0.yaml', ' '.join(result['unknown']))
        self.assertEqual(['OSP807'], self.vigil.mailed())
        self.store.add_role('project-0', 'mallory', 'Owner')
        self.assertEqual(['OSP807'], self.vigil.codes())

    def test_what_waits_of_a_project_that_is_ours_no_more_is_forgotten(
        self,
    ) -> None:
        self.begin()
        self.vigil.upload('6.6.6', project='project-0')
        result = self.vigil.look('--no-fetch')
        self.assertEqual(3, result.code, result.stdout)
        path = 'deliverables/_independent/project-0.yaml'
        self.vigil.origin.git('rm', '--quiet', path)
        self.vigil.origin.commit()
        result = self.vigil.look()
        self.assertEqual(0, result.code, result.stdout)

    def test_an_order_that_was_taken_back_is_not_missed(self) -> None:
        path = self.vigil.directory / 'project-config' / 'zuul.d'
        path.mkdir(parents=True)
        (path / 'projects.yaml').write_text(
            '- project:\n'
            f'    name: openstack/{vigil.PROJECT}\n'
            '    templates: [publish-to-pypi]\n'
        )
        more = ('--project-config', str(path.parent))
        self.begin(*more)
        self.vigil.order('4.7.0.0', '4.8.0.0')
        self.vigil.look(*more)
        self.vigil.pass_time(hours=3)
        self.assertEqual(['OSP805'], self.vigil.codes(*more))
        self.vigil.order('4.7.0.0')
        result = self.vigil.look(*more)
        self.assertEqual(0, result.code, result.stdout)
        self.assertIn('closed', self.vigil.mail.subjects[-1])


class TestFeeds(LastingTest):
    """What the feeds do not show, and a sweep does."""

    others = 7

    def test_an_account_that_is_everywhere_is_one_urgent_mail(self) -> None:
        self.begin(source='feeds')
        for number in range(self.others):
            self.store.add_role(f'project-{number}', 'mallory', 'Owner')
        told: list[str] = []
        while not told:
            self.vigil.pass_time(minutes=5)
            told = self.vigil.codes(source='feeds')
        self.assertEqual(['OSP807'] * self.others, told)
        (mail,) = self.vigil.mail.messages
        self.assertIn('URGENT', str(mail['Subject']))
        # What stands is told; nothing is read again for it.
        self.vigil.pass_time(minutes=1)
        again = vigil.document(self.vigil.look(source='feeds'))
        self.assertLessEqual(again['read'], 1)

    def test_the_rest_of_a_project_is_read_with_the_next_round(self) -> None:
        """Else an hour would not do for all of them."""
        self.begin(source='feeds')
        for number in range(self.others):
            self.store.set_status(f'project-{number}', 'archived')
        told = []
        for _ in range(6):
            self.vigil.pass_time(minutes=10)
            told += self.vigil.codes(source='feeds')
        self.assertEqual(['OSP811'] * self.others, told)


class TestUnordered(LastingTest):
    """What the policy lets go without an order."""

    def test_it_is_held_against_its_signed_original_all_the_same(
        self,
    ) -> None:
        keyring = self.useFixture(keys.Keyring())
        key = keyring.generate()
        archive = self.vigil.directory / 'archive'
        place = archive / 'openstack' / vigil.PROJECT
        place.mkdir(parents=True)
        config = self.vigil.directory / 'project-config' / 'zuul.d'
        config.mkdir(parents=True)
        (config / 'projects.yaml').write_text(
            '- project:\n'
            f'    name: openstack/{vigil.PROJECT}\n'
            '    templates: [publish-to-pypi]\n'
        )
        policy = self.vigil.directory / 'policy.yaml'
        policy.write_text(
            f'{POLICY}release:\n  without-deliverable:\n'
            f'    - {{repo: openstack/{vigil.PROJECT}, reason: a test}}\n'
        )
        more: tuple[str, ...] = ('--project-config', str(config.parent))
        more += ('--policy', str(policy), '--archive', str(archive))
        more += ('--trusted-key', keyring.public_file(key))
        self.begin(*more)
        path = place / 'xstatic_angular-4.8.0.0.tar.gz'
        path.write_bytes(b'ours')
        keyring.sign(str(path), key)
        self.vigil.upload('4.8.0.0', b'ours')
        self.vigil.upload('4.9.0.0', b'theirs')
        self.vigil.pass_time(hours=3)
        self.assertEqual(['OSP804'], self.vigil.codes(*more))
        self.assertIn('4.9.0.0', self.vigil.mail.subjects[0])


class TestChannels(LastingTest):
    """One channel takes what another one refuses."""

    def test_whoever_was_told_is_not_told_again_for_another(self) -> None:
        more = ('--mail-to', 'other@example.org')
        self.begin(*more)
        self.vigil.mail.refuses_recipients = {vigil.LIST}
        self.store.add_role(vigil.PROJECT, 'thomas', 'Maintainer')
        for _ in range(3):
            self.vigil.pass_time(minutes=1)
            result = self.vigil.look(*more)
            self.assertIn(f'{vigil.LIST} is unknown', result.stdout)
        self.store.add_role(vigil.PROJECT, 'mallory', 'Owner')
        self.vigil.pass_time(minutes=1)
        self.vigil.look(*more)
        self.assertEqual(
            [['other@example.org']] * 2, self.vigil.mail.recipients
        )
        self.vigil.mail.refuses_recipients = set()
        self.vigil.look(*more)
        self.assertEqual([[vigil.LIST]] * 2, self.vigil.mail.recipients[2:])
        self.assertEqual(2, len(set(self.vigil.mail.ids)))

    def test_lines_are_not_doubled_while_the_mail_server_is_down(
        self,
    ) -> None:
        lines = self.vigil.directory / 'incidents.jsonl'
        self.begin('--jsonl', str(lines))
        self.vigil.mail.refuses = '451 come back later'
        self.store.add_role(vigil.PROJECT, 'thomas', 'Maintainer')
        for _ in range(3):
            self.vigil.look('--jsonl', str(lines))
            self.vigil.pass_time(minutes=1)
        self.vigil.mail.refuses = None
        self.vigil.look('--jsonl', str(lines))
        self.assertEqual(['OSP807'], self.vigil.mailed())
        told = lines.read_text(encoding='ascii').splitlines()
        self.assertEqual(
            ['opened'], [json.loads(line)['occasion'] for line in told]
        )

    def test_mail_is_not_doubled_while_lines_cannot_be_written(self) -> None:
        self.begin()
        place = self.vigil.directory / 'lines'
        place.mkdir()
        self.store.add_role(vigil.PROJECT, 'thomas', 'Maintainer')
        for _ in range(3):
            result = self.vigil.look('--jsonl', str(place))
            self.assertIn(str(place), result.stdout)
            self.vigil.pass_time(minutes=1)
        self.assertEqual(['OSP807'], self.vigil.mailed())
        # Nor does it keep the watch from looking.
        self.store.add_role(vigil.PROJECT, 'mallory', 'Owner')
        self.vigil.look('--jsonl', str(place))
        self.assertEqual(['OSP807'] * 2, self.vigil.mailed())
        place.rmdir()
        self.vigil.look('--jsonl', str(place))
        self.assertEqual(['OSP807'] * 2, self.vigil.mailed())
        self.assertEqual(2, len(place.read_text().splitlines()))


class TestCheckout(LastingTest):
    """``--no-fetch``: somebody else fetches."""

    def test_what_was_fetched_and_not_merged_accuses_nobody(self) -> None:
        self.begin()
        self.vigil.upload('4.8.0.0')
        self.vigil.order('4.7.0.0', '4.8.0.0')
        self.vigil.pass_time(minutes=1)
        self.vigil.origin.git('-C', str(self.vigil.releases), 'fetch')
        now = self.vigil.clock.now().timestamp()
        os.utime(self.vigil.releases / '.git' / 'FETCH_HEAD', (now, now))
        result = self.vigil.look('--no-fetch')
        self.assertEqual(3, result.code, result.stdout)
        self.assertIn('not in the work tree', result.stdout)
        self.assertEqual([], self.vigil.mail.messages)
        self.vigil.origin.git(
            '-C', str(self.vigil.releases), 'merge', '--ff-only', 'FETCH_HEAD'
        )
        result = self.vigil.look('--no-fetch')
        self.assertEqual(0, result.code, result.stdout)

    def test_a_fetch_that_failed_is_no_fetch(self) -> None:
        """git empties what it notes of a fetch before it asks."""
        self.begin()
        self.vigil.upload('4.8.0.0')
        self.vigil.pass_time(minutes=1)
        head = self.vigil.releases / '.git' / 'FETCH_HEAD'
        hidden = self.vigil.directory / 'hidden'
        self.vigil.origin.root.rename(hidden)
        failed = subprocess.run(
            ['git', '-C', str(self.vigil.releases), 'fetch'],
            capture_output=True,
            check=False,
        )
        self.assertNotEqual(0, failed.returncode)
        now = self.vigil.clock.now().timestamp()
        os.utime(head, (now, now))
        result = self.vigil.look('--no-fetch')
        self.assertIn('the last fetch failed', result.stdout)
        self.assertEqual([], self.vigil.mail.messages)


class TestClock(LastingTest):
    """A clock that was wrong."""

    def test_a_clock_that_was_ahead_silences_nothing(self) -> None:
        self.begin(source='feeds')
        self.store.add_role(vigil.PROJECT, 'thomas', 'Maintainer')
        self.vigil.pass_time(days=400)
        more = ('--heartbeat', '24')
        self.assertEqual(['OSP807'], self.vigil.codes(*more, source='feeds'))
        self.vigil.pass_time(days=-399)
        self.vigil.look(*more, source='feeds')
        subjects = self.vigil.mail.subjects
        self.assertEqual(2, len([s for s in subjects if 'alive' in s]))
        self.assertEqual(1, len([s for s in subjects if 'still' in s]))

    def test_a_clock_that_is_set_back_a_little_doubles_nothing(self) -> None:
        self.begin(source='feeds')
        self.store.add_role(vigil.PROJECT, 'thomas', 'Maintainer')
        self.vigil.pass_time(hours=1)
        more = ('--heartbeat', '24')
        self.assertEqual(['OSP807'], self.vigil.codes(*more, source='feeds'))
        self.vigil.pass_time(seconds=-3)
        self.vigil.look(*more, source='feeds')
        self.assertEqual(2, len(self.vigil.mail.messages))
