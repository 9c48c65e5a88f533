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

import testtools

from openstack_publish.model import maintainers
from openstack_publish.model import names
from openstack_publish.model import watching
from openstack_publish.rules.watched import journal
from tests.support import watched

ALONE = watched.snapshot(watched.sdist('1.0'))


def row(action: str, serial: int = 1) -> watching.JournalRow:
    return watching.JournalRow(
        watched.PROJECT, None, watched.NOW, action, serial
    )


def read(
    *actions: str,
    before: watching.Snapshot | None = ALONE,
    now: watching.Snapshot = ALONE,
) -> journal.Told:
    rows = [row(action, number) for number, action in enumerate(actions)]
    return journal.read(rows, before, now)


class TestInvitations(testtools.TestCase):
    """OSP806."""

    def test_an_invitation_names_user_and_role(self) -> None:
        (found,) = read('invite Owner mallory').invited
        self.assertEqual(
            ('OSP806', 'mallory 0', 'mallory'),
            (found.code, found.about, found.account),
        )
        self.assertIn('Owner', found.finding.message)

    def test_every_answer_ends_it(self) -> None:
        for answer in (
            'accepted Owner mallory',
            'revoke_invite Owner mallory',
            'add Owner mallory',
        ):
            told = read('invite Owner mallory', answer)
            self.assertEqual((), told.invited)
            self.assertEqual(frozenset({'mallory'}), told.answered)

    def test_who_is_invited_again_is_invited(self) -> None:
        told = read(
            'invite Owner mallory',
            'revoke_invite Owner mallory',
            'invite Maintainer Mallory',
        )
        (found,) = told.invited
        self.assertEqual('Mallory 2', found.about)
        # Whatever stands of earlier ones is over.
        self.assertEqual(frozenset({'mallory'}), told.answered)

    def test_words_that_are_not_known_are_let_pass(self) -> None:
        self.assertEqual(
            journal.Told(),
            read('docdestroy', 'update fields', '', 'invite', 'invite Owner'),
        )


class TestBetween(testtools.TestCase):
    """What was done and undone between two readings."""

    def test_a_role_that_came_and_went_is_told_once(self) -> None:
        (found,) = read(
            'add Maintainer mallory', 'remove Maintainer mallory'
        ).over
        self.assertEqual(
            ('OSP809', 'mallory', False),
            (found.code, found.account, found.stands),
        )

    def test_what_comes_on_one_page_and_goes_on_the_next_is_told_once(
        self,
    ) -> None:
        """By the page whose reading could have seen it, or after it."""
        came = row('add py3 file os_vif-6.6.6.whl', 5)
        went = row('remove file os_vif-6.6.6.whl', 9)
        for serials, told in (
            # The reading for the first page was newer than the page.
            ((1, 9, 9), (1, 0)),
            # It was too old; the project is read again, and then it is gone.
            ((1, 1, 9), (0, 1)),
            ((None, None, 9), (0, 1)),
        ):
            first, second, third = (
                dataclasses.replace(ALONE, serial=serial) for serial in serials
            )
            self.assertEqual(
                told,
                (
                    len(journal.read([came], first, second).over),
                    len(journal.read([went], second, third).over),
                ),
                str(serials),
            )

    def test_who_was_there_before_did_not_come(self) -> None:
        extra = watched.snapshot(
            people=watched.who(watched.CI, watched.MALLORY)
        )
        told = read(
            'add Maintainer mallory',
            'remove Maintainer mallory',
            before=extra,
        )
        self.assertEqual((), told.over)

    def test_before_the_first_reading_nothing_is_between(self) -> None:
        told = read('add Owner mallory', 'remove Owner mallory', before=None)
        self.assertEqual((), told.over)

    def test_a_file_that_came_and_went_is_told_once(self) -> None:
        (found,) = read(
            'add source file os_vif-6.6.6.tar.gz',
            'remove file os_vif-6.6.6.tar.gz',
        ).over
        self.assertEqual(
            ('OSP814', 'os_vif-6.6.6.tar.gz'), (found.code, found.about)
        )

    def test_what_a_reading_that_failed_has_not_is_not_gone(self) -> None:
        """The files that it has are those of the reading before it."""
        failed = dataclasses.replace(ALONE, serial=9, unread_since=watched.NOW)
        for action in ('add source file a-1.0.tar.gz', 'add Owner mallory'):
            self.assertEqual((), read(action, now=failed).over, action)

    def test_a_file_that_is_there_was_not_deleted(self) -> None:
        told = read(
            'add source file os_vif-1.0.tar.gz',
            'remove file os_vif-1.0.tar.gz',
        )
        self.assertEqual((), told.over)


class TestConcerned(testtools.TestCase):
    """Whose rows are looked at."""

    def test_rows_of_others_are_left_out(self) -> None:
        other = watching.JournalRow(
            names.project_name('requests'), None, watched.NOW, 'create', 2
        )
        ours = row('create')
        self.assertEqual(
            {watched.PROJECT: [ours]},
            journal.concerned([ours, other], {watched.PROJECT}),
        )

    def test_roles_of_teams_are_roles(self) -> None:
        """A team's name stands where a user's would."""
        role = maintainers.Role('release-team', 'Owner')
        (found,) = read(f'invite {role.role} {role.user}').invited
        self.assertEqual('release-team', found.account)
