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

from __future__ import annotations

import datetime

import testtools

from openstack_publish.model import credential
from openstack_publish.model import finding
from openstack_publish.model import names
from openstack_publish.rules import credential_fit

NOW = datetime.datetime(2026, 11, 20, 12, 0, tzinfo=datetime.UTC)
PROJECT = names.project_name('os-vif')


def in_seconds(seconds: int) -> datetime.datetime:
    return NOW + datetime.timedelta(seconds=seconds)


def token(
    projects: frozenset[names.ProjectName] | None = None,
    not_before: datetime.datetime | None = None,
    not_after: datetime.datetime | None = None,
    unread: int = 0,
) -> credential.Credential:
    return credential.Credential(
        'api-token',
        '__token__',
        projects,
        not_before,
        not_after,
        None,
        unread,
    )


class TestState(testtools.TestCase):
    def test_the_first_second_is_in_the_last_one_is_not(self) -> None:
        for begins, ends, state in (
            (0, 60, 'in-time'),
            (1, 60, 'not-yet-valid'),
            (-60, 1, 'in-time'),
            (-60, 0, 'expired'),
        ):
            held = token(None, in_seconds(begins), in_seconds(ends))
            self.assertEqual(state, credential_fit.state(held, NOW))

    def test_a_password_has_no_times(self) -> None:
        held = credential.Credential('other', 'me')
        self.assertEqual('unknown', credential_fit.state(held, NOW))


class TestCovers(testtools.TestCase):
    def test_only_the_index_can_tell_what_is_not_read_here(self) -> None:
        for held in (
            token(unread=1),
            token(frozenset({PROJECT}), unread=1),
            credential.Credential('other', 'me'),
        ):
            self.assertIsNone(credential_fit.covers(held, PROJECT))

    def test_what_is_for_others_alone_is_not_for_it(self) -> None:
        others = frozenset({names.project_name('nova')})
        for held in (token(others), token(others, unread=1)):
            self.assertIs(False, credential_fit.covers(held, PROJECT))

    def test_a_token_of_the_account_is_for_every_project(self) -> None:
        self.assertIs(True, credential_fit.covers(token(), PROJECT))

    def test_without_a_project_only_the_times_are_judged(self) -> None:
        others = token(frozenset({names.project_name('nova')}))
        self.assertEqual(
            (), credential_fit.fits(others, None, NOW, dry_run=False)
        )


class TestFits(testtools.TestCase):
    def fits(
        self, held: credential.Credential | None, dry_run: bool = False
    ) -> tuple[finding.Finding, ...]:
        return credential_fit.fits(held, PROJECT, NOW, dry_run=dry_run)

    def only(
        self, held: credential.Credential | None, dry_run: bool = False
    ) -> tuple[str, str, str]:
        (found,) = self.fits(held, dry_run)
        return (found.code, found.severity, found.verdict)

    def test_none_fails(self) -> None:
        self.assertEqual(('OSP604', 'error', 'failed'), self.only(None))

    def test_none_is_a_note_in_a_dry_run(self) -> None:
        self.assertEqual(('OSP604', 'note', 'noted'), self.only(None, True))

    def test_an_expired_token_fails_even_in_a_dry_run(self) -> None:
        for dry_run in (False, True):
            (found,) = self.fits(token(not_after=in_seconds(-60)), dry_run)
            self.assertEqual(('OSP601', True), (found.code, found.refuses))
            self.assertEqual(
                'the token ended at 2026-11-20T11:59:00Z; now it is '
                '2026-11-20T12:00:00Z',
                found.message,
            )

    def test_the_end_itself_is_outside(self) -> None:
        self.assertEqual(
            ('OSP601', 'error', 'failed'), self.only(token(not_after=NOW))
        )

    def test_a_token_that_is_not_valid_yet_fails(self) -> None:
        (found,) = self.fits(token(not_before=in_seconds(1)))
        self.assertEqual('OSP601', found.code)
        self.assertIn('valid from 2026-11-20T12:00:01Z', found.message)

    def test_the_beginning_itself_is_inside(self) -> None:
        self.assertEqual((), self.fits(token(not_before=NOW)))

    def test_a_token_that_ends_soon_warns(self) -> None:
        self.assertEqual(
            ('OSP607', 'warning', 'failed'),
            self.only(token(not_after=in_seconds(899))),
        )
        self.assertEqual((), self.fits(token(not_after=in_seconds(900))))

    def test_a_token_for_other_projects_fails_and_names_them(self) -> None:
        other = frozenset(
            {names.project_name('oslo.log'), names.project_name('nova')}
        )
        (found,) = self.fits(token(other))
        self.assertEqual(
            ('OSP602', 'the token is for nova, oslo-log, not for os-vif'),
            (found.code, found.message),
        )

    def test_a_token_whose_restrictions_leave_nothing_fails(self) -> None:
        (found,) = self.fits(token(frozenset()))
        self.assertIn('for no project at all', found.message)

    def test_a_token_for_the_project_or_for_all_is_fine(self) -> None:
        self.assertEqual((), self.fits(token(frozenset({PROJECT}))))
        self.assertEqual((), self.fits(token()))

    def test_restrictions_that_cannot_be_read_are_noted(self) -> None:
        (found,) = self.fits(token(unread=2))
        self.assertEqual(('OSP606', 'noted'), (found.code, found.verdict))
        self.assertIn('2 restrictions', found.message)

    def test_what_is_no_token_is_noted(self) -> None:
        self.assertEqual(
            ('OSP603', 'note', 'noted'),
            self.only(credential.Credential('other', 'me')),
        )

    def test_everything_that_is_wrong_is_told(self) -> None:
        found = self.fits(
            token(frozenset(), not_after=in_seconds(-1), unread=1)
        )
        self.assertEqual(
            ['OSP601', 'OSP602', 'OSP606'], [one.code for one in found]
        )


class TestRefusedCredential(testtools.TestCase):
    def test_what_pypi_says_of_a_credential(self) -> None:
        for reason in (
            'Invalid or non-existent authentication information. See …',
            'Invalid API Token: signatures do not match',
            'Invalid API Token: token is expired',
            'Username/Password authentication is no longer supported. …',
            "User 'x', associated with the API token used, does not have "
            'two-factor authentication enabled…',
            "User 'x', associated with the API token used, does not have a "
            'verified primary email address…',
            "The user 'mallory' isn't allowed to upload to project 'x'. …",
            "The given token isn't allowed to upload to project 'p'. …",
        ):
            self.assertTrue(credential_fit.refused_credential(403, reason))

    def test_401_is_about_the_credential_whatever_it_says(self) -> None:
        self.assertTrue(credential_fit.refused_credential(401, ''))

    def test_other_refusals_are_not(self) -> None:
        for status, reason in (
            (403, 'Read-only mode: Uploads are temporarily disabled.'),
            (403, 'New uploads are temporarily disabled. See …'),
            (403, 'New project registration temporarily disabled.'),
            (400, "File already exists ('Invalid API Token: x')"),
            (409, 'Conflict'),
            (429, 'Too many new projects created'),
            (None, 'no answer within 900 s'),
        ):
            self.assertFalse(credential_fit.refused_credential(status, reason))
