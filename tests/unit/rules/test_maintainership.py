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

import dataclasses
import datetime
import doctest
from typing import Literal

import testtools

from openstack_publish.model import finding
from openstack_publish.model import knowledge
from openstack_publish.model import listing
from openstack_publish.model import maintainers
from openstack_publish.model import names
from openstack_publish.model import policy
from openstack_publish.rules import maintainership
from openstack_publish.rules import role_changes

PROJECT = names.project_name('os-vif')
TODAY = datetime.date(2026, 11, 20)
UNKNOWN = knowledge.Unknown('maintainers of os-vif', 'no answer within 60 s')
CI = maintainers.Role('openstackci', 'Owner')
MALLORY = maintainers.Role('mallory', 'Maintainer')
ALICE = maintainers.Role('alice', 'Maintainer')


def who(
    *roles: maintainers.Role,
    organization: knowledge.Knowledge[str | None] | None = None,
) -> maintainers.Maintainers:
    return maintainers.maintainers(
        roles, organization or knowledge.Known(None)
    )


def terms(
    *allowed: policy.AllowedRole,
    required: tuple[maintainers.Role, ...] = (CI,),
    organization: str | None = None,
    unexpected: Literal['error', 'warning'] = 'error',
    relinquished: datetime.date | None = None,
    reason: str | None = None,
) -> policy.ProjectPolicy:
    return policy.ProjectPolicy(
        policy.MaintainersPolicy(required, allowed, organization, unexpected),
        policy.ReleasePolicy(),
        reason,
        relinquished,
    )


def listed(
    read: knowledge.Knowledge[maintainers.Maintainers],
    new: knowledge.Knowledge[bool] | None = None,
) -> listing.Listing:
    return listing.Listing(
        PROJECT,
        '5.2.0',
        new or knowledge.Known(False),
        knowledge.Known('active'),
        knowledge.Known(()),
        knowledge.Known(()),
        read,
    )


def codes(found: tuple[finding.Finding, ...]) -> list[tuple[str, str]]:
    return [(one.code, one.verdict) for one in found]


class TestBefore(testtools.TestCase):
    def before(
        self,
        *roles: maintainers.Role,
        given: policy.ProjectPolicy | None = None,
    ) -> tuple[finding.Finding, ...]:
        return maintainership.before(
            PROJECT,
            listed(knowledge.Known(who(*roles))),
            given or terms(),
            TODAY,
        )

    def test_nobody_is_not_enough(self) -> None:
        (found,) = self.before()
        self.assertEqual(('OSP402', 'failed'), (found.code, found.verdict))
        self.assertEqual(
            'openstackci must be Owner of os-vif, but holds no role; roles '
            'there: none',
            found.message,
        )

    def test_unknown_roles_refuse(self) -> None:
        (found,) = maintainership.before(
            PROJECT, listed(UNKNOWN), terms(), TODAY
        )
        self.assertEqual(('OSP404', 'unknown'), (found.code, found.verdict))
        self.assertTrue(found.refuses)
        self.assertIn('no answer within 60 s', found.message)

    def test_an_unknown_organization_refuses(self) -> None:
        read = who(CI, organization=knowledge.Unknown('organization', 'why'))
        (found,) = maintainership.before(
            PROJECT, listed(knowledge.Known(read)), terms(), TODAY
        )
        self.assertEqual(('OSP404', 'unknown'), (found.code, found.verdict))

    def test_where_there_are_no_roles_the_rule_says_so(self) -> None:
        (found,) = maintainership.before(
            PROJECT, listed(UNKNOWN), terms(), TODAY, 'plain'
        )
        self.assertEqual(
            ('OSP404', 'noted', 'note'),
            (found.code, found.verdict, found.severity),
        )
        self.assertFalse(found.refuses)

    def test_a_stranger_is_named_with_role_and_project(self) -> None:
        (found,) = self.before(CI, MALLORY)
        self.assertEqual(('OSP401', 'failed'), (found.code, found.verdict))
        self.assertEqual(
            'mallory is Maintainer of os-vif, which the policy does not allow',
            found.message,
        )
        self.assertIn('/manage/project/os-vif/collaboration/', found.remedy)

    def test_every_stranger_is_named(self) -> None:
        found = self.before(CI, MALLORY, ALICE)
        self.assertEqual(['alice', 'mallory'], [one.subject for one in found])

    def test_a_stranger_may_be_a_warning_for_a_while(self) -> None:
        (found,) = self.before(CI, MALLORY, given=terms(unexpected='warning'))
        self.assertEqual(
            ('OSP401', 'warning', False),
            (found.code, found.severity, found.refuses),
        )

    def test_a_missing_owner_is_an_error_even_then(self) -> None:
        (found,) = self.before(given=terms(unexpected='warning'))
        self.assertTrue(found.refuses)

    def test_exactly_who_is_required_is_fine(self) -> None:
        self.assertEqual((), self.before(CI))

    def test_users_compare_without_case_and_roles_exactly(self) -> None:
        self.assertEqual(
            (), self.before(maintainers.Role('OpenStackCI', 'Owner'))
        )
        self.assertEqual(
            [('OSP401', 'failed'), ('OSP402', 'failed')],
            codes(self.before(maintainers.Role('openstackci', 'owner'))),
        )

    def test_a_required_owner_who_is_maintainer_is_told_once(self) -> None:
        (found,) = self.before(maintainers.Role('openstackci', 'Maintainer'))
        self.assertEqual('OSP402', found.code)
        self.assertIn('but is only Maintainer', found.message)

    def test_who_is_allowed_may_be_there_and_need_not(self) -> None:
        given = terms(policy.AllowedRole(ALICE))
        self.assertEqual((), self.before(CI, ALICE, given=given))
        self.assertEqual((), self.before(CI, given=given))

    def test_an_allowed_owner_may_be_maintainer_and_not_the_reverse(
        self,
    ) -> None:
        owner = maintainers.Role('alice', 'Owner')
        self.assertEqual(
            (), self.before(CI, ALICE, given=terms(policy.AllowedRole(owner)))
        )
        self.assertEqual(
            [('OSP401', 'failed')],
            codes(
                self.before(CI, owner, given=terms(policy.AllowedRole(ALICE)))
            ),
        )

    def test_an_allowance_holds_through_its_last_day(self) -> None:
        given = terms(policy.AllowedRole(ALICE, TODAY))
        self.assertEqual((), self.before(CI, ALICE, given=given))

    def test_an_allowance_that_ended_is_told_with_its_end(self) -> None:
        given = terms(
            policy.AllowedRole(ALICE, TODAY - datetime.timedelta(days=1)),
            policy.AllowedRole(ALICE, datetime.date(2025, 1, 1)),
        )
        (found,) = self.before(CI, ALICE, given=given)
        self.assertEqual(
            'alice is Maintainer of os-vif, which was allowed until '
            '2026-11-19',
            found.message,
        )

    def test_another_organization_is_told_with_the_right_one(self) -> None:
        for actual, allowed, message in (
            (
                'evil',
                None,
                'os-vif belongs to organization evil; the policy says that '
                'it belongs to no organization',
            ),
            (
                None,
                'openstack',
                'os-vif belongs to no organization; the policy says that it '
                'belongs to organization openstack',
            ),
        ):
            read = who(CI, organization=knowledge.Known(actual))
            (found,) = maintainership.before(
                PROJECT,
                listed(knowledge.Known(read)),
                terms(organization=allowed),
                TODAY,
            )
            self.assertEqual(('OSP403', message), (found.code, found.message))

    def test_the_right_organization_is_fine(self) -> None:
        read = who(CI, organization=knowledge.Known('OpenStack'))
        self.assertEqual(
            (),
            maintainership.before(
                PROJECT,
                listed(knowledge.Known(read)),
                terms(organization='openstack'),
                TODAY,
            ),
        )

    def test_what_was_given_up_is_not_published(self) -> None:
        given = terms(
            relinquished=datetime.date(2023, 2, 15), reason='handed over'
        )
        (found,) = self.before(CI, given=given)
        self.assertEqual(
            ('OSP405', 'os-vif was given up on 2023-02-15: handed over'),
            (found.code, found.message),
        )

    def test_a_new_project_has_no_maintainers_yet(self) -> None:
        (found,) = maintainership.before(
            PROJECT,
            listed(knowledge.Known(who()), knowledge.Known(True)),
            terms(),
            TODAY,
        )
        self.assertEqual(('OSP408', 'noted'), (found.code, found.verdict))


class TestAfter(testtools.TestCase):
    def after(
        self,
        was: maintainers.Maintainers | None,
        now: maintainers.Maintainers,
        given: policy.ProjectPolicy | None = None,
    ) -> tuple[finding.Finding, ...]:
        return maintainership.after(
            PROJECT, was, knowledge.Known(now), given or terms(), TODAY
        )

    def test_unknown_roles_confirm_nothing(self) -> None:
        (found,) = maintainership.after(
            PROJECT, who(CI), UNKNOWN, terms(), TODAY
        )
        self.assertEqual(('OSP404', 'unknown'), (found.code, found.verdict))

    def test_the_same_is_fine(self) -> None:
        self.assertEqual((), self.after(who(CI), who(CI)))

    def test_an_added_role_fails_and_says_what_to_do(self) -> None:
        first, second = self.after(who(CI), who(CI, MALLORY))
        self.assertEqual(('OSP406', 'OSP401'), (first.code, second.code))
        self.assertEqual(
            'while os-vif was being published: added Maintainer mallory',
            first.message,
        )
        self.assertTrue(first.refuses)
        for words in (
            '/manage/project/os-vif/collaboration/',
            '/manage/project/os-vif/releases/',
            'Owners can do that: openstackci.',
        ):
            self.assertIn(words, first.remedy)

    def test_an_added_role_fails_even_where_it_is_allowed(self) -> None:
        given = terms(policy.AllowedRole(ALICE), unexpected='warning')
        found = self.after(who(CI), who(CI, ALICE), given)
        self.assertEqual([('OSP406', 'failed')], codes(found))

    def test_a_raised_role_fails(self) -> None:
        given = terms(policy.AllowedRole(maintainers.Role('alice', 'Owner')))
        (found,) = self.after(
            who(CI, ALICE),
            who(CI, maintainers.Role('Alice', 'Owner')),
            given,
        )
        self.assertEqual('OSP406', found.code)
        self.assertIn('changed Alice from Maintainer to Owner', found.message)

    def test_a_name_in_another_case_is_the_same_user(self) -> None:
        other = maintainers.Role('OPENSTACKCI', 'Owner')
        self.assertEqual((), self.after(who(CI), who(other)))

    def test_a_changed_organization_fails(self) -> None:
        found = self.after(
            who(CI), who(CI, organization=knowledge.Known('evil'))
        )
        self.assertEqual(
            [('OSP406', 'failed'), ('OSP403', 'failed')], codes(found)
        )
        self.assertIn(
            'changed organization from none to evil', found[0].message
        )

    def test_a_removed_role_that_is_not_required_warns(self) -> None:
        (found,) = self.after(who(CI, MALLORY), who(CI))
        self.assertEqual(
            ('OSP407', 'failed', 'warning'),
            (found.code, found.verdict, found.severity),
        )
        self.assertIn('removed Maintainer mallory', found.message)

    def test_a_removed_role_that_is_required_fails_once(self) -> None:
        second = maintainers.Role('second', 'Owner')
        given = terms(required=(CI, second))
        found = self.after(who(CI, second), who(CI), given)
        self.assertEqual([('OSP402', 'failed')], codes(found))

    def test_a_lowered_required_owner_fails(self) -> None:
        found = self.after(
            who(CI), who(maintainers.Role('openstackci', 'Maintainer'))
        )
        self.assertEqual(
            [('OSP406', 'failed'), ('OSP402', 'failed')], codes(found)
        )

    def test_what_was_wrong_before_is_told_again(self) -> None:
        found = self.after(who(CI, MALLORY), who(CI, MALLORY))
        self.assertEqual([('OSP401', 'failed')], codes(found))

    def test_a_new_project_has_exactly_who_is_required(self) -> None:
        self.assertEqual((), self.after(None, who(CI)))
        given = terms(policy.AllowedRole(ALICE))
        (found,) = self.after(None, who(CI, ALICE), given)
        self.assertEqual('OSP406', found.code)
        self.assertIn('it may have exactly Owner openstackci', found.message)

    def test_a_new_project_of_somebody_else_fails(self) -> None:
        found = self.after(None, who(maintainers.Role('me', 'Owner')))
        self.assertEqual(
            [('OSP406', 'failed'), ('OSP401', 'failed'), ('OSP402', 'failed')],
            codes(found),
        )


class TestDrift(testtools.TestCase):
    def test_the_example_in_the_documentation_holds(self) -> None:
        done = doctest.testmod(role_changes)
        self.assertEqual((0, 5), (done.failed, done.attempted))

    def test_no_change_is_no_line(self) -> None:
        self.assertEqual((), maintainership.drift(who(CI), who(CI)))

    def test_each_change_is_one_line(self) -> None:
        was = who(CI, ALICE, maintainers.Role('bob', 'Maintainer'))
        now = who(
            maintainers.Role('alice', 'Owner'),
            CI,
            MALLORY,
            organization=knowledge.Known('x'),
        )
        self.assertEqual(
            (
                'changed alice from Maintainer to Owner',
                'removed Maintainer bob',
                'added Maintainer mallory',
                'changed organization from none to x',
            ),
            maintainership.drift(was, now),
        )

    def test_an_organization_that_was_not_read_did_not_change(self) -> None:
        unknown = knowledge.Unknown('organization', 'why')
        one, other = who(CI), who(CI, organization=unknown)
        self.assertEqual((), maintainership.drift(one, other))
        self.assertEqual((), maintainership.drift(other, one))

    def test_values_are_not_changed(self) -> None:
        read = who(CI, MALLORY)
        copy = dataclasses.replace(read)
        maintainership.drift(read, who(CI))
        self.assertEqual(copy, read)
