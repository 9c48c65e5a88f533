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

"""What is wrong with a project shows rightly, in every format."""

from __future__ import annotations

import json

import testtools

from openstack_publish.rehearsal import faults
from openstack_publish.rehearsal import replies
from tests.support import audit_scene
from tests.support import fast_time

MARKUP = '<b onclick="x">eve</b>'
ANSI = 'eve\x1b[31m\x07'
BIDI = 'eve\u202ednuos'


class AuditTest(testtools.TestCase):
    """A test with an index, a checkout and a clock that waits for nobody."""

    def setUp(self) -> None:
        super().setUp()
        self.useFixture(fast_time.FastTime())
        self.scene = self.useFixture(audit_scene.AuditScene())


class TestOneProject(AuditTest):
    """Projects named on the command line need no checkout."""

    def test_who_is_as_the_policy_says_is_held(self) -> None:
        self.scene.add('oslo.demo')
        audit = self.scene.audit('Oslo_Demo')
        self.assertEqual(0, audit.result.code, audit.result.stderr)
        self.assertEqual(
            {
                'oslo-demo': {
                    'project': 'oslo-demo',
                    'team': None,
                    'verdict': 'held',
                    'roles': [{'user': 'openstackci', 'role': 'Owner'}],
                    'organization': None,
                    'status': 'active',
                    'findings': [],
                }
            },
            audit.rows,
        )

    def test_a_name_that_is_not_there_is_absent_and_no_finding(self) -> None:
        audit = self.scene.audit('nothing')
        self.assertEqual(0, audit.result.code)
        self.assertEqual(
            {
                'project': 'nothing',
                'team': None,
                'verdict': 'absent',
                'roles': [],
                'organization': None,
                'status': None,
                'findings': [],
            },
            audit.rows['nothing'],
        )

    def test_a_name_of_the_policy_that_is_not_there_is_gone(self) -> None:
        policy = self.scene.file(
            'policy.yaml',
            'schema: openstack-publish/policy/1\n'
            'projects: {nothing: {reason: it was there}}\n',
        )
        audit = self.scene.audit('nothing', '--policy', policy)
        self.assertEqual(1, audit.result.code)
        self.assertEqual(['OSP410'], audit.codes('nothing'))
        self.assertEqual('failed', audit.rows['nothing']['verdict'])

    def test_a_role_of_ours_that_was_lost_fails(self) -> None:
        self.scene.add('lost', owner='eve')
        self.scene.add('lesser', owner='eve', maintainers=('openstackci',))
        audit = self.scene.audit('lost', 'lesser')
        self.assertEqual(1, audit.result.code)
        for project in ('lost', 'lesser'):
            self.assertEqual(['OSP401', 'OSP402'], audit.codes(project))

    def test_a_project_that_was_given_up_shows_only_a_role_of_ours(
        self,
    ) -> None:
        policy = self.scene.file(
            'policy.yaml',
            'schema: openstack-publish/policy/1\n'
            'projects:\n'
            '  theirs: {relinquished: 2023-02-15, reason: handed over}\n'
            '  ours: {relinquished: 2023-02-15, reason: handed over}\n'
            '  gone: {relinquished: 2023-02-15, reason: handed over}\n',
        )
        self.scene.add('theirs', owner='eve', organization='them')
        self.scene.add('ours', owner='eve', maintainers=('OpenStackCI',))
        audit = self.scene.audit('--policy', policy)
        self.assertEqual(
            {'theirs': 'held', 'ours': 'failed', 'gone': 'absent'},
            audit.verdicts(),
        )
        self.assertEqual([], audit.codes('theirs'))
        self.assertEqual(['OSP411'], audit.codes('ours'))
        self.assertIn(
            'OpenStackCI is still Maintainer of ours, which was given up on '
            '2023-02-15: handed over',
            audit.rows['ours']['findings'][0]['message'],
        )

    def test_a_given_up_project_that_does_not_answer_is_unknown(self) -> None:
        self.scene.add('xstatic-font-awesome', owner='eve')
        self.scene.index.faults.set('server-error')
        audit = self.scene.audit('xstatic-font-awesome')
        self.assertEqual(3, audit.result.code)
        self.assertEqual(['OSP404'], audit.codes('xstatic-font-awesome'))

    def test_a_waiver_lets_a_finding_pass_and_shows_it(self) -> None:
        self.scene.add('lost', owner='openstackci', organization='corp')
        policy = self.scene.file(
            'policy.yaml',
            'schema: openstack-publish/policy/1\n'
            'waivers: [{code: OSP403, project: lost, until: 2999-01-01,\n'
            '  reason: until the company lets go}]\n',
        )
        audit = self.scene.audit('lost', '--policy', policy)
        self.assertEqual(0, audit.result.code)
        self.assertEqual('held', audit.rows['lost']['verdict'])
        self.assertIn(
            'waived until 2999-01-01',
            audit.rows['lost']['findings'][0]['message'],
        )

    def test_an_extra_is_a_warning_where_the_policy_says_so(self) -> None:
        self.scene.add('demo', maintainers=('eve',))
        policy = self.scene.file(
            'policy.yaml',
            'schema: openstack-publish/policy/1\n'
            'maintainers: {unexpected: warning}\n',
        )
        audit = self.scene.audit('demo', '--policy', policy)
        self.assertEqual(0, audit.result.code)
        self.assertEqual(['OSP401'], audit.codes('demo'))


class TestEveryFault(AuditTest):
    """Each fault beside a project that is as it should be."""

    def setUp(self) -> None:
        super().setUp()
        scene = self.scene
        scene.add('fine')
        scene.add('extra-owner', maintainers=())
        scene.index.store.add_role('extra-owner', 'mallory', 'Owner')
        scene.add('extra-maintainer', maintainers=('eve',))
        scene.add('owned', organization='corp')
        scene.add('lost', owner='mallory')
        scene.add('quarantined', status='quarantined')
        scene.add('archived', status='archived')
        scene.add('attested')
        scene.attest('attested')
        scene.add('markup', maintainers=(MARKUP, ANSI, BIDI))
        scene.index.store.add_project('emptied', 'openstackci')

    expected = {
        'fine': ('held', []),
        'extra-owner': ('failed', ['OSP401']),
        'extra-maintainer': ('failed', ['OSP401']),
        'owned': ('failed', ['OSP403']),
        'lost': ('failed', ['OSP401', 'OSP402']),
        'quarantined': ('failed', ['OSP404', 'OSP413']),
        'archived': ('held', ['OSP414']),
        'attested': ('failed', ['OSP415']),
        'markup': ('failed', ['OSP401', 'OSP401', 'OSP401']),
        'emptied': ('unknown', ['OSP404']),
        'missing': ('absent', []),
    }

    def test_json(self) -> None:
        audit = self.scene.audit(*self.expected)
        self.assertEqual(1, audit.result.code)
        self.assertEqual(
            self.expected,
            {
                name: (row['verdict'], audit.codes(name))
                for name, row in audit.rows.items()
            },
        )
        rows = audit.rows
        self.assertEqual('corp', rows['owned']['organization'])
        self.assertEqual('quarantined', rows['quarantined']['status'])
        self.assertEqual('archived', rows['archived']['status'])
        self.assertEqual(
            [{'user': 'openstackci', 'role': 'Owner'}],
            rows['quarantined']['roles'],
        )
        self.assertEqual(
            {'openstackci', MARKUP, ANSI, BIDI},
            {role['user'] for role in rows['markup']['roles']},
        )
        self.assertTrue(audit.result.stdout.isascii())
        self.assertNotIn('\x1b', audit.result.stdout)

    def test_csv_and_value(self) -> None:
        rows = audit_scene.csv_rows(
            self.scene.run('-f', 'csv', *self.expected).stdout
        )
        self.assertEqual(
            self.expected,
            {
                name: (
                    row['verdict'],
                    row['findings'].split(', ') if row['findings'] else [],
                )
                for name, row in rows.items()
            },
        )
        self.assertEqual(audit_scene.COLUMNS, list(rows['fine']))
        self.assertEqual(
            {'Owner openstackci', 'Owner mallory'},
            set(rows['extra-owner']['roles'].split(', ')),
        )
        self.assertIn(r'eve\x1b[31m\x07', rows['markup']['roles'])
        self.assertIn(r'eve\u202ednuos', rows['markup']['roles'])
        self.assertIn(MARKUP, rows['markup']['roles'])
        value = self.scene.run(
            '-f', 'value', '-c', 'project', '-c', 'verdict', *self.expected
        )
        self.assertEqual(
            sorted(
                f'{name} {verdict}'
                for name, (verdict, _) in self.expected.items()
            ),
            value.stdout.splitlines(),
        )

    def test_yaml(self) -> None:
        result = self.scene.run('-f', 'yaml', *self.expected)
        self.assertNotIn('\x1b', result.stdout)
        self.assertNotIn('\u202e', result.stdout)
        rows = audit_scene.yaml_rows(result.stdout)
        self.assertEqual(self.scene.audit(*self.expected).rows, rows)

    def test_text(self) -> None:
        for view in ('project', 'team'):
            result = self.scene.run('--by', view, *self.expected)
            self.assertEqual(1, result.code)
            text = result.stdout
            self.assertIn(
                '7 failed, 1 unknown, 2 held, 1 absent (not on the index)',
                text,
            )
            for words in (
                'failed   extra-owner',
                'mallory is Owner of extra-owner',
                'eve is Maintainer of extra-maintainer',
                'owned belongs to organization corp',
                'openstackci must be Owner of lost',
                'status: quarantined',
                'status: archived',
                'attested_1.0.0.tar.gz'.replace('_', '-', 1),
                'held: 1 project\n  fine\n',
                'absent (not on the index): 1 project\n  missing\n',
                'unknown  emptied',
            ):
                self.assertIn(words, text)
            self.assertNotIn('\x1b', text)
            self.assertNotIn('\u202e', text)
            self.assertIn(r'eve\x1b[31m', text)
            self.assertIn(MARKUP, text)
            longest = max(text.splitlines(), key=len)
            self.assertTrue(len(longest) <= 80, longest)

    def test_a_table_of_columns(self) -> None:
        table = self.scene.run('-c', 'project', '-c', 'roles', *self.expected)
        self.assertIn('| fine ', table.stdout)
        self.assertIn(r'Maintainer eve\x1b[31m\x07', table.stdout)
        self.assertNotIn('\x1b', table.stdout)

    def test_by_account(self) -> None:
        result = self.scene.run('--by', 'account', *self.expected)
        text = result.stdout
        self.assertIn(
            'openstackci is required: Owner of 9, Maintainer of 0', text
        )
        self.assertIn(
            'account mallory can still upload to 2 projects (Owner of 2, '
            'Maintainer of 0)\n    extra-owner, lost\n',
            text,
        )
        self.assertIn(
            'account eve can still upload to 1 project (Owner of 0, '
            'Maintainer of 1)\n    extra-maintainer\n',
            text,
        )
        self.assertIn(
            'account ' + r'eve\u202ednuos' + ' can still upload', text
        )
        self.assertNotIn('are unknown', text)
        longest = max(text.splitlines(), key=len)
        self.assertTrue(len(longest) <= 80, longest)
        result = self.scene.run(
            '--by', 'account', '-f', 'json', 'lost', 'fine'
        )
        self.assertEqual(
            [
                {
                    'account': 'openstackci',
                    'required': True,
                    'projects': 1,
                    'owner_of': ['fine'],
                    'maintainer_of': [],
                },
                {
                    'account': 'mallory',
                    'required': False,
                    'projects': 1,
                    'owner_of': ['lost'],
                    'maintainer_of': [],
                },
            ],
            json.loads(result.stdout),
        )


class TestNoAnswer(AuditTest):
    """What does not answer is unknown, and never nothing."""

    def assert_unknown(self, *expected: str) -> None:
        """Exit 3 in every format, the verdict unknown, and these codes."""
        for form in ('csv', 'table', 'value', 'yaml'):
            result = self.scene.run('-f', form, 'demo')
            self.assertEqual(3, result.code, form)
            self.assertIn('unknown', result.stdout)
        audit = self.scene.audit('demo')
        self.assertEqual(3, audit.result.code)
        self.assertEqual('unknown', audit.rows['demo']['verdict'])
        self.assertEqual(list(expected), audit.codes('demo'))

    def test_an_index_that_fails(self) -> None:
        self.scene.add('demo', maintainers=('eve',))
        self.scene.index.faults.set('server-error')
        self.assert_unknown('OSP404', 'OSP412')
        row = self.scene.audit('demo').rows['demo']
        self.assertIsNone(row['roles'])
        self.assertIsNone(row['status'])
        text = self.scene.run('demo').stdout
        self.assertIn('roles: unknown', text)
        self.assertIn('status: unknown', text)
        text = self.scene.run('--by', 'account', 'demo').stdout
        self.assertIn('the roles of 1 project are unknown', text)

    def test_a_simple_page_that_fails(self) -> None:
        self.scene.add('demo')
        self.scene.index.faults.set('server-error', routes=['simple'])
        self.assert_unknown('OSP412')
        row = self.scene.audit('demo').rows['demo']
        self.assertEqual(
            [{'user': 'openstackci', 'role': 'Owner'}], row['roles']
        )

    def test_roles_that_nothing_names(self) -> None:
        self.scene.add('demo')
        for fault in ('roles-missing', 'roles-empty', 'truncated-json'):
            self.scene.index.faults.clear()
            self.scene.index.faults.set(fault, routes=['json', 'xmlrpc'])
            self.assert_unknown('OSP404')

    def test_a_redirect_to_another_name(self) -> None:
        """Whoever asks for one project is not content with another."""
        self.scene.add('demo')
        self.scene.add('other')
        cases: tuple[tuple[replies.Route, str, str], ...] = (
            ('json', '/pypi/other/json', 'OSP404'),
            ('simple', '/simple/other/', 'OSP412'),
        )
        for route, place, code in cases:
            self.scene.index.faults.clear()
            self.scene.index.faults.set(
                'redirect-elsewhere',
                routes=[route],
                times=1,
                options=faults.Options(location=self.scene.index.url + place),
            )
            audit = self.scene.audit('demo')
            self.assertEqual(3, audit.result.code)
            self.assertEqual([code], audit.codes('demo'))
            self.assertIn(
                "it is about 'other', we asked for demo",
                audit.rows['demo']['findings'][0]['message'],
            )

    def test_one_that_fails_leaves_the_others(self) -> None:
        for name in ('a', 'b', 'c'):
            self.scene.add(name)
        self.scene.index.store.add_role('c', 'eve', 'Owner')
        self.scene.index.faults.set('html-page', routes=['json'], times=1)
        audit = self.scene.audit('--jobs', '1', 'a', 'b', 'c')
        self.assertEqual(
            {'a': 'unknown', 'b': 'held', 'c': 'failed'}, audit.verdicts()
        )
        self.assertEqual(1, audit.result.code)
