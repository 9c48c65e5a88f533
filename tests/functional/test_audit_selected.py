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

"""Which projects an audit looks at, and what is wrong usage."""

from __future__ import annotations

import json

import fixtures

from tests.functional import test_audit


class TestSelected(test_audit.AuditTest):
    """Projects come from files, project-config, policy and index."""

    def setUp(self) -> None:
        super().setUp()
        for series, name, team, repo, version in (
            ('austin', 'demo', 'old', 'openstack/demo', '1.0.0'),
            ('bexar', 'demo', 'new', 'openstack/demo', '2.0.0'),
            ('bexar', 'ended', 'new', 'openstack/ended', 'bexar-eol'),
            ('_independent', 'tool', 'oslo', 'x/tool', '0.1.0b1'),
        ):
            self.scene.deliverable(series, name, team, repo, version)
        status = self.scene.releases / 'data'
        status.mkdir()
        (status / 'series_status.yaml').write_text(
            '---\n- name: bexar\n  release-id: 2023.2\n'
            '  status: development\n  initial-release: 2023-10-04\n'
            '- name: austin\n  status: maintained\n'
            '  initial-release: 2022-10-04\n',
            'utf-8',
        )
        self.checkout = ('--releases', str(self.scene.releases))

    def teams(self, *words: str) -> dict[str, str | None]:
        """Return what was looked at, and whose it is."""
        audit = self.scene.audit(*words)
        return {name: row['team'] for name, row in audit.rows.items()}

    def test_every_name_that_a_release_carried_and_the_policys(self) -> None:
        self.assertEqual(
            {'demo': 'new', 'tool': 'oslo', 'xstatic-font-awesome': None},
            self.teams(*self.checkout),
        )

    def test_by_team_json_is_sorted_by_team(self) -> None:
        self.assertEqual(
            ['demo', 'tool', 'xstatic-font-awesome'],
            list(self.teams(*self.checkout, '--by', 'team')),
        )

    def test_a_team_or_a_series(self) -> None:
        for words, expected in (
            (('--team', 'NEW'), {'demo'}),
            (('--team', 'oslo'), {'tool'}),
            (('--series', 'austin'), {'demo'}),
            (('--series', '2023.2'), {'demo'}),
            (('--series', 'independent'), {'tool'}),
            (('--series', '_independent'), {'tool'}),
            (('--series', 'bexar', '--team', 'oslo'), set()),
        ):
            self.assertEqual(
                expected,
                set(self.teams(*self.checkout, *words)),
                str(words),
            )

    def test_named_projects_have_their_team_where_a_file_says(self) -> None:
        self.assertEqual(
            {'demo': 'new', 'other': None},
            self.teams(*self.checkout, 'demo', 'other', 'DEMO'),
        )

    def test_what_project_config_publishes(self) -> None:
        place = self.scene.directory / 'project-config' / 'zuul.d'
        place.mkdir(parents=True)
        (place / 'projects.yaml').write_text(
            '- project:\n    name: x/lonely\n    templates:\n'
            '      - publish-to-pypi\n'
            '- project:\n    name: openstack/ended\n    templates:\n'
            '      - publish-to-pypi\n'
            '- project:\n    name: x/silent\n    templates: []\n',
            'utf-8',
        )
        config = ('--project-config', str(place.parent))
        self.assertEqual(
            {
                'demo': 'new',
                'ended': 'new',
                'lonely': None,
                'tool': 'oslo',
                'xstatic-font-awesome': None,
            },
            self.teams(*self.checkout, *config),
        )
        self.assertEqual(
            {'ended', 'lonely', 'xstatic-font-awesome'},
            set(self.teams(*config)),
        )

    def test_what_the_index_says_of_the_required_user(self) -> None:
        self.scene.add('Some.Thing')
        self.scene.add('others', owner='eve')
        self.assertEqual(
            {'some-thing', 'xstatic-font-awesome'},
            set(self.teams('--from-index')),
        )

    def test_an_index_that_does_not_say_it_is_unknown(self) -> None:
        self.scene.add('demo')
        for fault in ('xmlrpc-limit', 'server-error'):
            self.scene.index.faults.clear()
            self.scene.index.faults.set(fault, routes=['xmlrpc'])
            result = self.scene.run(
                *self.checkout, '--from-index', '-f', 'json', '--team', 'new'
            )
            self.assertEqual(3, result.code)
            self.assertEqual(['held'], verdicts(result.stdout))
            self.assertIn('OSP424', result.stderr)
            result = self.scene.run(
                *self.checkout, '--from-index', '--team', 'new', '-c', 'team'
            )
            self.assertIn('OSP424', result.stderr)
            text = self.scene.run(
                *self.checkout, '--from-index', '--team', 'new'
            ).stdout
            self.assertIn('projects may be missing here', text)
            self.assertIn('OSP424 unknown: openstackci', text)

    def test_a_malformed_deliverable_file_leaves_the_others(self) -> None:
        self.scene.add('demo')
        (self.scene.releases / 'deliverables/bexar/bad.yaml').write_text(
            '---\nteam: new\nteam: other\n', 'utf-8'
        )
        result = self.scene.run(*self.checkout, '-f', 'json', '--team', 'new')
        self.assertEqual(3, result.code)
        self.assertEqual(['held'], verdicts(result.stdout))
        self.assertIn(
            'OSP423 unknown: deliverables/bexar/bad.yaml:2:',
            ' '.join(result.stderr.split()),
        )


class TestUsage(test_audit.AuditTest):
    """Whatever is wrong usage ends with 2, and asks the index nothing."""

    def test_wrong_usage(self) -> None:
        self.scene.deliverable('bexar', 'demo', 'new', 'openstack/demo')
        checkout = ('--releases', str(self.scene.releases))
        plain = self.scene.file(
            'plain.yaml', 'schema: openstack-publish/policy/1\nindex: plain\n'
        )
        nowhere = str(self.scene.directory / 'nowhere' / 'file')
        for words, said in (
            ((), 'name projects, or say where they stand'),
            (('--team', 'new'), '--team: needs a checkout'),
            (('--series', 'bexar'), '--series: needs a checkout'),
            (('--team', 'new', 'demo'), 'does not go with names'),
            ((*checkout, '--team', 'newt'), 'no team newt; near it: new'),
            ((*checkout, '--series', 'bexan'), 'near it: bexar'),
            (('demo', '--releases', nowhere), 'there is no directory'),
            (('demo', '--project-config', nowhere), 'no checkout of'),
            (('demo', '--policy', nowhere), 'there is no policy file'),
            (('demo', '--policy', plain), 'has no roles'),
            (('demo', '--since', nowhere), '--since: there is no file'),
            (('demo', '--save', nowhere), '--save: '),
            (('demo', '--save', str(self.scene.directory)), 'is a directory'),
            (('demo', '--write-policy', nowhere), '--write-policy: '),
            (('demo', '-c', 'nothing'), 'there is no column nothing'),
            (
                ('demo', '--by', 'account', '-c', 'team'),
                'there is no column team',
            ),
        ):
            result = self.scene.run(*words)
            self.assertEqual(2, result.code, str(words))
            self.assertIn(said, ' '.join(result.stderr.split()), str(words))
            self.assertEqual('', result.stdout)
        self.assertEqual((), self.scene.index.requests)

    def test_words_that_no_option_takes(self) -> None:
        stderr = self.useFixture(fixtures.StringStream('stderr')).stream
        for words, said in (
            (('demo', '--by', 'nobody'), 'invalid choice'),
            (('demo', '--jobs', '0'), 'no number from 1 to 8'),
            (('demo', '--jobs', '9'), 'no number from 1 to 8'),
            (('demo', '-x'), 'unrecognized arguments'),
            (('not a name',), 'is no name of a project'),
            (('demo', '--tea', 'x'), 'unrecognized arguments'),
        ):
            stderr.seek(0)
            with fixtures.MonkeyPatch('sys.stderr', stderr):
                result = self.scene.run(*words)
            self.assertEqual(2, result.code, str(words))
            self.assertEqual('', result.stdout)
            stderr.seek(0)
            self.assertIn(said, ' '.join(stderr.read().split()), str(words))
        self.assertEqual((), self.scene.index.requests)

    def test_an_index_over_http_is_refused(self) -> None:
        result = self.scene.run('demo', url='http://index.example/')
        self.assertEqual(2, result.code)
        self.assertIn('its host is not this machine', result.stderr)


def verdicts(text: str) -> list[str]:
    """Return the verdicts of a JSON document."""
    return [row['verdict'] for row in json.loads(text)]
