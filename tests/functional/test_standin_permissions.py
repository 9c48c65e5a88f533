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

"""The stand-in index asks who uploads, as PyPI does."""

from __future__ import annotations

import datetime
import uuid

import pypitoken

from openstack_publish.rehearsal import replies
from tests.support import standin

_UNFIT = (
    'Invalid API Token: project-scoped token is not valid for project: '
    "'oslo.demo'"
)


def _seconds(count: float) -> datetime.timedelta:
    return datetime.timedelta(seconds=count)


class TestNobody(standin.TestCase):
    def setUp(self) -> None:
        super().setUp()
        self.invalid = (
            'Invalid or non-existent authentication information. '
            + self.help('invalid-auth')
        )

    def test_no_credentials_are_refused(self) -> None:
        response = standin.upload(self.index.upload_url, self.sdist(), '', '')
        self.assertEqual(
            (403, self.invalid), (response.status_code, response.reason)
        )
        self.assertIs(False, self.index.uploads[0].authorized)

    def test_malformed_token_is_refused(self) -> None:
        for token in ('pypi-', 'pypi-nonsense', 'secret', 'pypi-AgEI'):
            self.refuses(403, self.invalid, self.sdist(), password=token)

    def test_revoked_token_is_refused(self) -> None:
        self.index.tokens.revoke(self.token)
        self.refuses(403, self.invalid, self.sdist())

    def test_token_of_another_index_is_refused(self) -> None:
        foreign = pypitoken.Token.create(
            domain='stand-in.invalid', identifier=str(uuid.uuid4()), key='k'
        ).dump()
        self.refuses(403, self.invalid, self.sdist(), password=foreign)

    def test_token_of_a_frozen_user_is_refused(self) -> None:
        self.index.store.add_user(standin.USER, frozen=True)
        self.refuses(403, self.invalid, self.sdist())

    def test_role_of_a_frozen_user_still_shows(self) -> None:
        self.accepts(self.sdist())
        self.index.store.add_user(standin.USER, frozen=True)
        roles = self.json('/pypi/oslo-demo/json')['ownership']['roles']
        self.assertEqual([{'role': 'Owner', 'user': standin.USER}], roles)

    def test_wrong_signature_is_told_apart(self) -> None:
        self.refuses(
            403,
            'Invalid API Token: signatures do not match',
            self.sdist(),
            password=self.index.tokens.forge(self.token),
        )

    def test_user_and_password_are_refused(self) -> None:
        for user, password in (
            ('openstackci', 'secret'),
            ('openstackci', self.token),
        ):
            response = self.upload(self.sdist(), password, user=user)
            self.assertEqual(403, response.status_code)
            self.assertTrue(
                response.reason.startswith(
                    'Username/Password authentication is no longer '
                    'supported. Migrate to API Tokens or Trusted Publishers '
                    'instead. See '
                ),
                response.reason,
            )


class TestRoles(standin.TestCase):
    def _not_allowed(self, user: str) -> str:
        return (
            f"The user '{user}' isn't allowed to upload to project "
            f"'oslo.demo'. {self.help('project-name')}"
        )

    def test_user_without_a_role_is_refused(self) -> None:
        path = self.sdist()
        self.accepts(path)
        mallory = self.index.token('mallory')
        # An identical file, too: who may comes before what is there.
        for each in (path, self.wheel()):
            self.refuses(
                403, self._not_allowed('mallory'), each, password=mallory
            )

    def test_maintainer_may_upload(self) -> None:
        self.index.store.add_project(
            standin.NAME, 'somebody', maintainers=[standin.USER]
        )
        self.accepts(self.sdist())

    def test_archived_project_gives_the_very_same_answer(self) -> None:
        path = self.sdist()
        self.accepts(path)
        self.index.store.set_status(standin.NAME, 'archived')
        for each in (path, self.wheel()):
            self.refuses(403, self._not_allowed(standin.USER), each)

    def test_quarantined_project_takes_files_that_show_nowhere(self) -> None:
        self.accepts(self.sdist())
        self.index.store.set_status(standin.NAME, 'quarantined')
        self.accepts(self.wheel())
        for path in ('/pypi/oslo-demo/json', '/pypi/oslo-demo/1.2.0/json'):
            self.assertEqual(404, self.get(path).status_code)
        simple = self.json('/simple/oslo-demo/')
        self.assertEqual([], simple['files'])
        self.assertEqual('quarantined', simple['project-status']['status'])

    def test_user_without_two_factors_is_refused(self) -> None:
        self.index.store.add_user(standin.USER, two_factor=False)
        response = self.upload(self.sdist())
        self.assertEqual(403, response.status_code)
        self.assertTrue(
            response.reason.startswith(
                "User 'openstackci', associated with the API token used, "
                'does not have two-factor authentication enabled.'
            ),
            response.reason,
        )

    def test_user_without_a_verified_address_is_refused(self) -> None:
        self.index.store.add_user(standin.USER, verified_email=False)
        response = self.upload(self.sdist())
        self.assertEqual(403, response.status_code)
        self.assertTrue(
            response.reason.startswith(
                "User 'openstackci', associated with the API token used, "
                'does not have a verified primary email address.'
            ),
            response.reason,
        )


class TestNarrowedTokens(standin.TestCase):
    def setUp(self) -> None:
        super().setUp()
        self.now = datetime.datetime.now(datetime.UTC)

    def _narrowed(
        self,
        *projects: str,
        after: float | None = None,
        until: float | None = None,
    ) -> str:
        """Narrow the token offline, as any holder can."""
        token = pypitoken.Token.load(self.token)
        if projects:
            token.restrict(project_names=list(projects))
        if after is not None and until is not None:
            token.restrict(
                not_before=self.now + _seconds(after),
                not_after=self.now + _seconds(until),
            )
        return str(token.dump())

    def test_token_of_the_project_and_a_quarter_hour_uploads(self) -> None:
        token = self._narrowed('oslo-demo', after=-300, until=900)
        self.accepts(self.sdist(), password=token)
        self.accepts(self.wheel(), password=token)

    def test_token_narrowed_to_names_creates_each_of_them(self) -> None:
        names = ('os-vif', 'oslo.demo', 'XStatic_Demo')
        token = self._narrowed('os-vif', 'oslo-demo', 'xstatic-demo')
        for name in names:
            self.accepts(self.sdist(name), password=token)

    def test_token_of_another_project_is_refused(self) -> None:
        token = self._narrowed('os-vif')
        self.refuses(403, _UNFIT, self.sdist(), password=token)
        self.accepts(self.sdist())
        self.refuses(403, _UNFIT, self.wheel(), password=token)

    def test_two_unfit_projects_are_told_twice(self) -> None:
        token = self.index.token(standin.USER, projects=('os-vif',))
        narrowed = pypitoken.Token.load(token)
        narrowed.restrict(project_names=['nova'])
        twice = f'{_UNFIT}, {_UNFIT.removeprefix("Invalid API Token: ")}'
        self.refuses(403, twice, self.sdist(), password=str(narrowed.dump()))

    def test_token_of_fifteen_minutes_uploads(self) -> None:
        self.accepts(
            self.sdist(), password=self._narrowed(after=-300, until=900)
        )

    def test_token_outside_its_times_is_expired(self) -> None:
        for after, until in ((-900, -300), (30, 900)):
            self.refuses(
                403,
                'Invalid API Token: token is expired',
                self.sdist(),
                password=self._narrowed(after=after, until=until),
            )

    def test_project_id_counts_only_for_a_project_that_exists(self) -> None:
        project = self.index.store.add_project(standin.NAME, standin.USER)
        user = self.index.store.user(standin.USER)
        fit = self.index.tokens.mint(user, project_ids=[project.id])
        unfit = self.index.tokens.mint(user, project_ids=[str(uuid.uuid4())])
        self.refuses(403, _UNFIT, self.sdist(), password=unfit)
        self.accepts(self.sdist(), password=fit)
        self.refuses(
            403,
            _UNFIT.replace('oslo.demo', 'oslo.other'),
            self.sdist('oslo.other'),
            password=fit,
        )

    def test_token_of_another_user_id_is_refused(self) -> None:
        token = pypitoken.Token.load(self.token)
        token.restrict(user_id=str(uuid.uuid4()))
        self.refuses(
            403,
            'Invalid API Token: current user does not match user restriction '
            'in token',
            self.sdist(),
            password=str(token.dump()),
        )

    def test_token_names_its_user_by_uuid_only(self) -> None:
        loaded = pypitoken.Token.load(self.token)
        self.assertEqual(
            [self.index.store.user(standin.USER).id],
            [each.user_id for each in loaded.restrictions],
        )
        self.assertNotIn(standin.USER, repr(loaded._macaroon.inspect()))


class TestSwitches(standin.TestCase):
    def test_read_only_mode_refuses(self) -> None:
        self.index.store.set_flags(read_only=True)
        self.refuses(
            403,
            'Read-only mode: Uploads are temporarily disabled.',
            self.sdist(),
        )

    def test_disabled_uploads_win_over_a_bad_token(self) -> None:
        self.index.store.set_flags(uploads_disabled=True)
        self.refuses(
            403,
            'New uploads are temporarily disabled. '
            + self.help('admin-intervention'),
            self.sdist(),
            password='pypi-nonsense',
        )

    def test_disabled_new_projects_leave_the_others_open(self) -> None:
        self.index.store.set_flags(new_projects_disabled=True)
        self.index.store.add_project('os-vif', standin.USER)
        self.refuses(
            403,
            'New project registration temporarily disabled. '
            + self.help('admin-intervention'),
            self.sdist(),
        )
        self.accepts(self.sdist('os-vif'))

    def test_unknown_flag_is_an_error_of_the_test(self) -> None:
        self.assertRaises(
            ValueError, self.index.store.set_flags, readonly=True
        )


class TestNewNames(standin.TestCase):
    def test_prohibited_name_is_refused(self) -> None:
        self.index.store.prohibit_name('Oslo_Demo')
        self.refuses(
            400,
            f"The name 'oslo.demo' isn't allowed. {self.help('project-name')}",
            self.sdist(),
        )

    def test_name_that_looks_like_another_is_refused(self) -> None:
        self.index.store.add_project('osl0demo', 'somebody')
        self.refuses(
            400,
            "The name 'oslo.demo' is too similar to an existing project. "
            + self.help('project-name'),
            self.sdist(),
        )

    def test_name_of_the_standard_library_is_refused(self) -> None:
        self.refuses(
            400,
            "The name 'asyncio' isn't allowed (conflict with Python Standard "
            f'Library module name). {self.help("project-name")}',
            self.sdist('asyncio'),
        )

    def test_name_is_checked_before_the_token_is(self) -> None:
        self.index.store.prohibit_name(standin.NAME)
        response = self.upload(
            self.sdist(), self.index.tokens.forge(self.token)
        )
        self.assertEqual(400, response.status_code)

    def test_too_many_new_projects_an_hour_are_refused(self) -> None:
        self.index.store.limits.new_projects_per_hour = 1
        self.index.store.add_project('os-vif', standin.USER)
        self.accepts(self.sdist())
        response = self.upload(self.sdist('oslo.other'))
        self.assertEqual(
            (429, 'Too many new projects created'),
            (response.status_code, response.reason),
        )
        self.assertNotIn('Retry-After', response.headers)
        self.accepts(self.sdist('os-vif'))
        self.accepts(self.wheel())


class TestSecrets(standin.TestCase):
    def test_no_token_is_in_the_log_or_in_a_repr(self) -> None:
        self.accepts(self.sdist())
        secret = self.token.removeprefix('pypi-')
        (logged,) = self.index.uploads
        self.assertIs(True, logged.authorized)
        self.assertNotIn('authorization', logged.headers)
        presented = self.index.tokens.present(self.token)
        assert presented is not None
        for text in (repr(logged), repr(presented), repr(self.index.errors)):
            self.assertNotIn(secret, text)
            self.assertNotIn('Basic', text)
            self.assertNotIn(repr(presented.known.key), text)

    def test_refusal_is_an_exception_with_its_status(self) -> None:
        refusal = replies.Refusal(403, 'no')
        self.assertEqual((403, 'no'), (refusal.status, str(refusal)))
