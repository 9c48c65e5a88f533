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

"""Audits are saved and compared; a policy lets what is there stay."""

from __future__ import annotations

import json
import os
from typing import Any

import yaml

from tests.functional import test_audit
from tests.support import audit_scene


class TestSaved(test_audit.AuditTest):
    """``--save``."""

    def test_a_saved_audit_fits_the_schema_and_has_every_row(self) -> None:
        self.scene.add('fine')
        self.scene.add('extra', maintainers=('eve',))
        self.scene.add('quarantined', status='quarantined')
        self.scene.add('away')
        path = str(self.scene.directory / 'audit.json')
        self.scene.index.faults.set('server-error', times=4, routes=['json'])
        result = self.scene.run(
            *('--save', path, '--jobs', '1', '-f', 'json'),
            *('away', 'fine', 'extra', 'quarantined', 'missing'),
        )
        with open(path, encoding='utf-8') as opened:
            document = json.load(opened)
        audit_scene.validate(document)
        self.assertEqual(self.scene.index.url, document['index'])
        shown = json.loads(result.stdout)
        self.assertEqual(
            shown,
            [
                {name: row[name] for name in audit_scene.COLUMNS}
                for row in document['projects']
            ],
        )
        rows = {row['project']: row for row in document['projects']}
        self.assertEqual({}, rows['fine']['unknown'])
        self.assertIs(False, rows['fine']['provenance'])
        self.assertEqual(
            ['organization'], list(rows['quarantined']['unknown'])
        )
        self.assertEqual(
            {'roles', 'organization'}, set(rows['away']['unknown'])
        )
        self.assertEqual(['status'], list(rows['missing']['unknown']))

    def test_the_file_is_replaced_and_nothing_lies_beside_it(self) -> None:
        self.scene.add('fine')
        path = self.scene.file('audit.json', 'what was there')
        before = sorted(os.listdir(self.scene.directory))
        self.scene.run('--no-cache', '--save', path, 'fine')
        self.assertEqual(before, sorted(os.listdir(self.scene.directory)))
        with open(path, encoding='utf-8') as opened:
            audit_scene.validate(json.load(opened))

    def test_results_show_though_they_cannot_be_saved(self) -> None:
        self.scene.add('fine')
        place = self.scene.directory / 'closed'
        place.mkdir()
        path = place / 'audit.json'
        # What cannot be replaced by a file: a directory that comes meanwhile.
        self.scene.index.faults.before_read.append(
            lambda request: path.mkdir(exist_ok=True)
        )
        result = self.scene.run('--save', str(path), '-f', 'json', 'fine')
        self.assertEqual(3, result.code)
        self.assertEqual('held', json.loads(result.stdout)[0]['verdict'])
        self.assertIn(f'saving the audit as {path}', result.stderr)


class TestSince(test_audit.AuditTest):
    """``--since``."""

    def saved(self, *projects: str) -> str:
        """Save an audit and return its path."""
        path = str(self.scene.directory / 'before.json')
        result = self.scene.run('--save', path, *projects)
        self.assertIn(result.code, (0, 1, 3), result.stderr)
        return path

    def test_nothing_changed(self) -> None:
        self.scene.add('demo', maintainers=('eve',))
        before = self.saved('demo', 'missing')
        audit = self.scene.audit('--since', before)
        self.assertEqual(['OSP401'], audit.codes('demo'))
        self.assertEqual([], audit.codes('missing'))
        self.assertIn(
            'nothing that is known changed since',
            self.scene.run('--since', before).stdout,
        )

    def test_every_change_is_a_finding_and_stands_in_the_text(self) -> None:
        store = self.scene.index.store
        for name in ('added', 'raised', 'removed', 'moved', 'archived'):
            self.scene.add(name, maintainers=('eve',))
        self.scene.add('gone')
        self.scene.add('fine')
        before = self.saved(
            *('added', 'raised', 'removed', 'moved', 'archived', 'gone'),
            *('fine', 'came'),
        )
        store.add_role('added', 'Mallory', 'Owner')
        store.add_role('raised', 'eve', 'Owner')
        store.remove_role('removed', 'eve')
        store.set_organization('moved', 'corp')
        store.set_status('archived', 'archived')
        store.delete_project('gone')
        self.scene.add('came')
        audit = self.scene.audit('--since', before)
        self.assertEqual(1, audit.result.code)
        self.assertEqual(
            {
                'added': ['OSP401', 'OSP401', 'OSP416'],
                'raised': ['OSP401', 'OSP416'],
                'removed': ['OSP417', 'OSP421'],
                'moved': ['OSP401', 'OSP403', 'OSP418'],
                'archived': ['OSP401', 'OSP414', 'OSP419'],
                'gone': ['OSP410', 'OSP421'],
                'fine': [],
                'came': ['OSP420', 'OSP421'],
                'xstatic-font-awesome': [],
            },
            {name: audit.codes(name) for name in audit.rows},
        )
        self.assertEqual('held', audit.rows['removed']['verdict'])
        self.assertEqual('failed', audit.rows['gone']['verdict'])
        text = self.scene.run('--since', before).stdout
        flat = ' '.join(text.split())
        for words in (
            'changed since ',
            'added: since the saved audit: added Owner Mallory (OSP416)',
            'raised: since the saved audit: changed eve from Maintainer to '
            'Owner (OSP416)',
            'removed: since the saved audit: removed Maintainer eve (OSP417)',
            'moved: since the saved audit: changed organization from none to '
            'corp (OSP418)',
            'archived: since the saved audit: the status was active, is '
            'archived (OSP419)',
            'gone: since the saved audit: the verdict was held, is failed',
            'came: since the saved audit: the project came to the index, '
            'with Owner openstackci (OSP420)',
        ):
            self.assertIn(words, flat)

    def test_changes_stand_in_the_list_of_accounts_too(self) -> None:
        self.scene.add('demo')
        before = self.saved('demo')
        self.scene.index.store.add_role('demo', 'mallory', 'Owner')
        text = self.scene.run('--since', before, '--by', 'account').stdout
        self.assertIn('demo: since the saved audit: added Owner mallory', text)
        self.assertLess(text.index('added Owner'), text.index('account mal'))

    def test_what_was_unknown_is_compared_with_nothing(self) -> None:
        self.scene.add('demo', maintainers=('eve',))
        self.scene.index.faults.set('server-error')
        before = self.saved('demo')
        self.scene.index.faults.clear()
        self.assertEqual(
            ['OSP401', 'OSP422', 'OSP422', 'OSP421'],
            self.scene.audit('--since', before).codes('demo'),
        )

    def test_what_is_unknown_now_did_not_change(self) -> None:
        self.scene.add('demo')
        before = self.saved('demo')
        self.scene.index.faults.set('server-error')
        audit = self.scene.audit('--since', before)
        self.assertEqual(3, audit.result.code)
        self.assertEqual(
            ['OSP404', 'OSP412', 'OSP410', 'OSP421'], audit.codes('demo')
        )

    def test_a_project_that_was_missed_stays_missed(self) -> None:
        self.scene.add('demo')
        before = self.saved('demo')
        self.scene.index.store.delete_project('demo')
        for _ in range(2):
            audit = self.scene.audit(
                '--since', before, '--save', before, '--no-cache'
            )
            self.assertEqual(1, audit.result.code)
            self.assertIn('OSP410', audit.codes('demo'))

    def test_a_project_is_missed_though_an_audit_between_could_not_see_it(
        self,
    ) -> None:
        self.scene.add('demo')
        before = self.saved('demo')
        self.scene.index.faults.set('server-error')
        again = ('--since', before, '--save', before)
        self.assertEqual(3, self.scene.run(*again).code)
        self.scene.index.faults.clear()
        self.scene.index.store.delete_project('demo')
        audit = self.scene.audit(*again)
        self.assertEqual(1, audit.result.code)
        self.assertIn('OSP410', audit.codes('demo', refusing=True))

    def test_a_saved_project_is_looked_at_though_no_file_names_it(
        self,
    ) -> None:
        """Else one drops out of --from-index together with our role."""
        self.scene.add('demo')
        path = str(self.scene.directory / 'before.json')
        self.scene.run('--from-index', '--save', path)
        self.scene.index.store.add_role('demo', 'eve', 'Owner')
        self.scene.index.store.remove_role('demo', 'openstackci')
        audit = self.scene.audit('--from-index', '--since', path)
        self.assertEqual(
            ['OSP401', 'OSP402', 'OSP416', 'OSP417', 'OSP421'],
            audit.codes('demo'),
        )

    def test_a_malformed_file_is_refused_with_the_field(self) -> None:
        self.scene.add('demo', maintainers=('eve',))
        path = self.saved('demo')
        with open(path, encoding='utf-8') as opened:
            sound = opened.read()
        for change, said in (
            (lambda data: data.pop('taken'), 'the key taken is missing'),
            (
                lambda data: data.update(schema='openstack-publish/audit/2'),
                'schema: must be one of openstack-publish/audit/1',
            ),
            (
                lambda data: data.update(taken='yesterday'),
                'taken: must be a time',
            ),
            (
                lambda data: data['projects'][0].update(roles='eve'),
                'projects[0].roles: must be a list',
            ),
            (
                lambda data: data['projects'][0]['roles'][1].pop('user'),
                'projects[0].roles[1]: the key user is missing',
            ),
            (
                lambda data: data['projects'][0].update(verdict='fine'),
                'projects[0].verdict: must be one of',
            ),
            (
                lambda data: data['projects'][0].update(more=1),
                'projects[0].more: unknown key',
            ),
            (
                lambda data: data['projects'][0].update(
                    unknown={'roles': {'what': 'roles', 'why': '500'}}
                ),
                'projects[0].roles: must be null',
            ),
            (
                lambda data: data['projects'][0]['findings'][0].update(
                    code='E1'
                ),
                'projects[0].findings[0].code: must be the code',
            ),
            (
                lambda data: data['projects'].append(data['projects'][0]),
                'projects[1].project: demo is in this list twice',
            ),
        ):
            document: dict[str, Any] = json.loads(sound)
            change(document)  # type: ignore[no-untyped-call]
            wrong = self.scene.file('wrong.json', json.dumps(document))
            result = self.scene.run('--since', wrong, 'demo')
            self.assertEqual(2, result.code, said)
            self.assertIn(said, result.stderr)
        for text, said in (
            ('{', 'is no JSON document'),
            ('[' * 100_000, 'is no JSON document'),
            ('[]', 'must be a mapping'),
        ):
            wrong = self.scene.file('wrong.json', text)
            result = self.scene.run('--since', wrong, 'demo')
            self.assertEqual(2, result.code)
            self.assertIn(said, result.stderr)

    def test_an_audit_of_another_index_is_refused(self) -> None:
        self.scene.add('demo')
        before = self.saved('demo')
        result = self.scene.run(
            '--since', before, 'demo', url='http://127.0.0.1:9'
        )
        self.assertEqual(2, result.code)
        self.assertIn(f'is an audit of {self.scene.index.url}', result.stderr)


class TestPolicyWritten(test_audit.AuditTest):
    """``--write-policy``."""

    def setUp(self) -> None:
        super().setUp()
        self.path = str(self.scene.directory / 'new.yaml')

    def write(self, *words: str) -> str:
        """Write a policy and return its text."""
        result = self.scene.run('--write-policy', self.path, *words)
        self.assertIn(result.code, (0, 1, 3), result.stderr)
        with open(self.path, encoding='ascii') as opened:
            return opened.read()

    def test_from_then_on_only_changes_fail(self) -> None:
        store = self.scene.index.store
        self.scene.add('extra', maintainers=('eve', test_audit.ANSI))
        self.scene.add('owned', organization='corp')
        self.scene.add('lost', owner='Mallory')
        self.scene.add('attested')
        self.scene.attest('attested')
        self.scene.add('xstatic-font-awesome')
        projects = (
            'extra',
            'owned',
            'lost',
            'attested',
            'xstatic-font-awesome',
        )
        self.write(*projects)
        audit = self.scene.audit('--policy', self.path, *projects)
        self.assertEqual({'held'}, set(audit.verdicts().values()))
        self.assertEqual(0, audit.result.code)
        store.add_role('extra', 'eve', 'Owner')
        store.set_organization('owned', 'other')
        store.add_role('lost', 'second', 'Maintainer')
        audit = self.scene.audit('--policy', self.path, *projects)
        self.assertEqual(
            {
                'extra': 'failed',
                'owned': 'failed',
                'lost': 'failed',
                'attested': 'held',
                'xstatic-font-awesome': 'held',
            },
            audit.verdicts(),
        )

    def test_the_exceptions_have_an_end_and_the_team_as_reason(self) -> None:
        self.scene.deliverable(
            '_independent', 'demo', 'oslo', 'openstack/demo'
        )
        self.scene.add('demo', maintainers=('eve',))
        written = yaml.safe_load(
            self.write('--releases', str(self.scene.releases))
        )
        entry = written['projects']['demo']
        (allowed,) = entry['allowed']
        self.assertEqual(
            ('eve', 'Maintainer'), (allowed['user'], allowed['role'])
        )
        self.assertRegex(
            entry['reason'], r'^team oslo; as audited on [0-9-]{10}$'
        )
        day = entry['reason'][-10:]
        self.assertEqual(int(day[:4]) + 1, allowed['until'].year)

    def test_what_the_policy_says_stays(self) -> None:
        policy = (
            'schema: openstack-publish/policy/1\n'
            'maintainers: {allowed: [{user: boss, role: Owner}]}\n'
            'projects:\n'
            '  Demo: {reason: ours, kinds: [sdist], allowed: [\n'
            '    {user: EVE, role: Maintainer, until: 2020-01-01},\n'
            '    {user: carol, role: Maintainer, until: 2999-01-01}]}\n'
            '  other: {relinquished: 2020-01-01, reason: handed over}\n'
            'keys: {trusted: [{fingerprint: "'
            + 'A'
            * 40
            + '", file: keys/a.asc}]}\n'
            'waivers: [{code: OSP102, project: other, until: 2999-01-01, '
            'reason: r}]\n'
            'indexes: {testpypi: {maintainers: {required: []}}}\n'
        )
        place = self.scene.directory / 'in-force'
        place.mkdir()
        (place / 'policy.yaml').write_text(policy, 'utf-8')
        self.scene.add('demo', maintainers=('eve', 'carol'))
        written = yaml.safe_load(
            self.write('--policy', str(place / 'policy.yaml'), 'demo')
        )
        was = yaml.safe_load(policy)
        entry = written['projects'].pop('Demo')
        before = was['projects'].pop('Demo')
        self.assertEqual(['sdist'], entry['kinds'])
        self.assertTrue(
            entry['reason'].startswith('ours; no team; as audited')
        )
        self.assertEqual(
            [('carol', 2999), ('eve', entry['allowed'][1]['until'].year)],
            [(each['user'], each['until'].year) for each in entry['allowed']],
        )
        self.assertEqual(2, len(before['allowed']))
        self.assertEqual(
            'in-force/keys/a.asc', written['keys']['trusted'][0].pop('file')
        )
        was['keys']['trusted'][0].pop('file')
        self.assertEqual(was, written)
        self.assertEqual(0, self.scene.run('--policy', self.path, 'demo').code)

    def test_nothing_is_allowed_that_is_unknown(self) -> None:
        self.scene.add('demo', maintainers=('eve',))
        self.scene.add('quarantined', status='quarantined')
        self.scene.index.faults.set('server-error', routes=['json'])
        text = self.write('demo', 'quarantined')
        self.scene.index.faults.clear()
        self.assertNotIn('eve', text)
        self.assertNotIn('quarantined', text)
        audit = self.scene.audit('--policy', self.path, 'demo', 'quarantined')
        self.assertEqual(
            {'demo': 'failed', 'quarantined': 'failed'}, audit.verdicts()
        )

    def test_no_file_is_overwritten(self) -> None:
        self.scene.add('demo')
        self.scene.file('new.yaml', 'mine')
        result = self.scene.run('--write-policy', self.path, 'demo')
        self.assertEqual(2, result.code)
        self.assertIn('is there already', result.stderr)
        self.assertEqual((), self.scene.index.requests)
        with open(self.path, encoding='utf-8') as opened:
            self.assertEqual('mine', opened.read())

    def test_a_file_that_comes_meanwhile_is_not_overwritten(self) -> None:
        self.scene.add('demo')
        self.scene.index.faults.before_read.append(
            lambda request: self.scene.file('new.yaml', 'mine')
        )
        result = self.scene.run('--write-policy', self.path, 'demo')
        self.assertEqual(2, result.code)
        with open(self.path, encoding='utf-8') as opened:
            self.assertEqual('mine', opened.read())
