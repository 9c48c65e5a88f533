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

"""Exceptions are laid over a policy's data, which otherwise stays."""

from __future__ import annotations

import copy
import datetime

import testtools

from openstack_publish.model import auditing
from openstack_publish.model import knowledge
from openstack_publish.model import maintainers
from openstack_publish.model import names
from openstack_publish.model import policy_form
from openstack_publish.model import policy_layer

UNTIL = datetime.date(2027, 11, 22)
EVE = maintainers.Role('eve', 'Owner')
EMPTY: policy_layer.Data = {'schema': 'openstack-publish/policy/1'}


def allowance(
    *roles: maintainers.Role,
    organization: knowledge.Known[str | None] | None = None,
    waived: tuple[str, ...] = (),
) -> auditing.Allowance:
    """Return an allowance for one project."""
    return auditing.Allowance(
        names.project_name('demo'),
        'team oslo',
        UNTIL,
        roles,
        organization,
        waived,
    )


class TestLaidOver(testtools.TestCase):
    def lay(
        self,
        data: policy_layer.Data,
        *allowances: auditing.Allowance,
        repository: str | None = None,
    ) -> policy_layer.Data:
        """Lay allowances; the data stays, and the result is a policy."""
        before = copy.deepcopy(data)
        laid = policy_layer.laid_over(data, allowances, repository)
        self.assertEqual(before, data)
        found, problems = policy_form.read(laid, 'policy', repository)
        self.assertEqual((), problems)
        self.assertIsNotNone(found)
        return laid

    def test_nothing_to_allow_changes_nothing(self) -> None:
        self.assertEqual(EMPTY, self.lay(EMPTY))

    def test_an_entry_is_made_with_its_reason(self) -> None:
        self.assertEqual(
            {
                'demo': {
                    'allowed': [
                        {'user': 'eve', 'role': 'Owner', 'until': UNTIL}
                    ],
                    'reason': 'team oslo',
                }
            },
            self.lay(EMPTY, allowance(EVE))['projects'],
        )

    def test_a_user_of_the_list_gets_the_role_of_today(self) -> None:
        data = {
            **EMPTY,
            'projects': {
                'De.Mo': {'reason': 'another'},
                'DEMO': {
                    'reason': 'ours',
                    'allowed': [
                        {'user': 'Eve', 'role': 'Maintainer'},
                        {'user': 'carol', 'role': 'Maintainer'},
                    ],
                },
            },
        }
        entry = self.lay(data, allowance(EVE))['projects']['DEMO']
        self.assertEqual(
            ['carol', 'eve'], [each['user'] for each in entry['allowed']]
        )
        self.assertEqual('ours; team oslo', entry['reason'])

    def test_an_organization_is_named_and_none_is_null(self) -> None:
        for slug in ('corp', None):
            laid = self.lay(
                EMPTY, allowance(organization=knowledge.Known(slug))
            )
            self.assertEqual(
                {'organization': slug, 'reason': 'team oslo'},
                laid['projects']['demo'],
            )

    def test_waivers_are_added_and_make_no_entry(self) -> None:
        data = {
            **EMPTY,
            'waivers': [
                {
                    'code': 'OSP402',
                    'project': 'demo',
                    'until': datetime.date(2020, 1, 1),
                    'reason': 'ended',
                }
            ],
        }
        laid = self.lay(data, allowance(waived=('OSP402',)))
        self.assertNotIn('projects', laid)
        self.assertEqual(
            [datetime.date(2020, 1, 1), UNTIL],
            [each['until'] for each in laid['waivers']],
        )

    def test_the_entry_of_the_repository_in_use_is_the_one(self) -> None:
        """It goes before the file's own as a whole, so it begins with that."""
        data = {
            **EMPTY,
            'projects': {'Demo': {'reason': 'ours', 'kinds': ['sdist']}},
            'indexes': {'testpypi': {'maintainers': {'required': []}}},
        }
        laid = self.lay(data, allowance(EVE), repository='testpypi')
        self.assertEqual(data['projects'], laid['projects'])
        entry = laid['indexes']['testpypi']['projects']['Demo']
        self.assertEqual(['sdist'], entry['kinds'])
        self.assertEqual('ours; team oslo', entry['reason'])
        laid = self.lay(data, allowance(EVE), repository='pypi')
        self.assertEqual(data['indexes'], laid['indexes'])
        self.assertIn('allowed', laid['projects']['Demo'])
