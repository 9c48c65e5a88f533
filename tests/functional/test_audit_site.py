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

"""``audit --html``: what an audit of the stand-in index looks like."""

from __future__ import annotations

import html
import json
import pathlib
import re

import fixtures
import testtools

from openstack_publish.gates import sitefiles
from openstack_publish.model import audit_site
from tests.support import audit_scene
from tests.support import fast_time

MARKUP = '<b onclick="x">eve</b>'


class SiteTest(testtools.TestCase):
    """A test with an index, a clock that waits for nobody, and a place."""

    def setUp(self) -> None:
        super().setUp()
        self.useFixture(fast_time.FastTime())
        self.scene = self.useFixture(audit_scene.AuditScene())
        self.site = self.scene.directory / 'site'

    def audit(self, *words: str) -> int:
        """Make the site, and return the exit code."""
        result = self.scene.run('--html', str(self.site), *words)
        self.assertIn(result.code, (0, 1, 3), result.stderr)
        return result.code

    def page(self, path: str) -> str:
        """Return the words of a page."""
        text = (self.site / path).read_text('utf-8')
        return ' '.join(html.unescape(re.sub('<[^>]*>', ' ', text)).split())

    def project(self, name: str) -> str:
        """Return the words of a project's page."""
        return self.page(audit_site.of_project(name))

    def history(self) -> list[dict[str, object]]:
        """Return the audits of the site's history."""
        document = json.loads((self.site / 'history.json').read_text())
        audits: list[dict[str, object]] = document['audits']
        return audits


class TestRefused(SiteTest):
    """What cannot end well ends before the index is asked."""

    def setUp(self) -> None:
        super().setUp()
        self.scene.index.faults.set('server-error')

    def refused(self, *words: str) -> str:
        """Return what is said; the JSON is empty, and nothing was asked."""
        result = self.scene.run(
            '-f', 'json', '--html', str(self.site), *words, 'demo'
        )
        self.assertEqual(2, result.code)
        self.assertEqual([], json.loads(result.stdout))
        self.assertIn('--html: ', result.stderr)
        self.assertEqual((), self.scene.index.requests)
        return result.stderr

    def test_without_the_extra_it_is_said_what_to_install(self) -> None:
        self.useFixture(
            fixtures.MonkeyPatch(
                'importlib.metadata.requires',
                lambda name: ['nowhere-to-be-found>=2; extra == "site"'],
            )
        )
        self.assertIn(
            'a site needs nowhere-to-be-found>=2, and there is none; install '
            '"openstack-publish[site]"',
            self.refused(),
        )
        self.assertFalse(self.site.exists())

    def test_a_directory_of_something_else_stays(self) -> None:
        self.site.mkdir()
        mine = self.site / 'thesis.tex'
        mine.write_text('mine')
        self.assertIn('thesis.tex', self.refused())
        self.assertEqual([mine], list(self.site.iterdir()))

    def test_a_directory_in_none_is_not_made(self) -> None:
        self.site = self.scene.directory / 'none' / 'site'
        self.assertIn('there is no directory', self.refused())


class TestEveryFault(SiteTest):
    """Each fault beside a project that is as it should be."""

    def test_it_is_shown_as_what_it_is(self) -> None:
        scene = self.scene
        scene.add('fine')
        scene.add('extra-owner')
        scene.index.store.add_role('extra-owner', 'mallory', 'Owner')
        scene.add('extra-maintainer', maintainers=('eve',))
        scene.add('owned', organization='corp')
        scene.add('lost', owner='mallory')
        scene.add('quarantined', status='quarantined')
        scene.add('attested')
        scene.attest('attested')
        scene.add('markup', maintainers=(MARKUP,))
        scene.index.store.add_project('emptied', 'openstackci')
        code = self.audit(
            'fine',
            'extra-owner',
            'extra-maintainer',
            'owned',
            'lost',
            'quarantined',
            'attested',
            'markup',
            'emptied',
            'missing',
        )
        self.assertEqual(1, code)
        for name, words in (
            ('fine', '✓ held : as the policy wants it'),
            ('extra-owner', 'Owner mallory not allowed'),
            ('extra-maintainer', 'Maintainer eve not allowed'),
            ('owned', 'Organization corp'),
            ('lost', 'openstackci must be Owner of lost'),
            ('quarantined', 'Status quarantined'),
            ('attested', 'Attestations some files have them'),
            ('markup', f'Maintainer {MARKUP} not allowed'),
            ('emptied', '? unknown : could not be judged: not clean'),
            ('missing', '○ absent : not on the index, and nothing says'),
        ):
            self.assertIn(words, self.project(name))
        index = self.page('index.html')
        for words in ('✗ failed 7', '? unknown 1', '○ absent 1', '✓ held 1'):
            self.assertIn(words, index)
        self.assertIn(
            f'index read: {self.scene.index.url}', self.project('fine')
        )
        self.assertIn(
            f'href="{self.scene.index.url}/manage/project/lost/'
            'collaboration/"',
            (self.site / 'project' / 'lost.html').read_text(),
        )
        self.assertIn(
            'Can upload to 2 projects; on 2 of them the policy does not '
            'allow it.',
            self.page(audit_site.of_account('mallory')),
        )

    def test_no_answer_is_unknown_with_its_reason(self) -> None:
        self.scene.add('demo', maintainers=('eve',))
        self.scene.index.faults.set('server-error')
        self.assertEqual(3, self.audit('demo'))
        self.assertIn('Roles unknown: ', self.project('demo'))
        self.assertIn('500', self.project('demo'))
        self.assertIn(
            'Who holds a role on 1 of 1 project is not known',
            self.page('accounts.html'),
        )

    def test_projects_that_could_not_be_named_are_told_of(self) -> None:
        self.scene.add('oslo.demo')
        self.scene.deliverable(
            'antelope', 'demo', 'oslo', 'openstack/oslo.demo'
        )
        broken = self.scene.releases / 'deliverables' / 'antelope' / 'x.yaml'
        broken.write_text('releases: [')
        self.audit('--releases', str(self.scene.releases))
        index = self.page('index.html')
        self.assertIn('This audit is not whole', index)
        self.assertIn('deliverables/antelope/x.yaml', index)


class TestHistory(SiteTest):
    """The clean-up, followed from one audit to the next."""

    def setUp(self) -> None:
        super().setUp()
        self.scene.add('demo', maintainers=('eve',))
        self.saved = self.scene.directory / 'saved.json'

    def test_each_audit_is_added_and_the_chart_appears(self) -> None:
        self.audit('demo')
        self.assertEqual(1, len(self.history()))
        self.assertFalse((self.site / 'chart-wide-light.svg').exists())
        # A day later, as the clock of the test goes.
        first = self.history()[0]
        first['taken'] = '2020-01-01T00:00:00Z'
        (self.site / 'history.json').write_text(
            json.dumps(
                {
                    'schema': 'openstack-publish/audit-history/1',
                    'audits': [first],
                }
            )
        )
        self.scene.index.store.remove_role('demo', 'eve')
        self.assertEqual(0, self.audit('demo'))
        self.assertEqual([1, 0], [audit['failed'] for audit in self.history()])
        self.assertTrue((self.site / 'chart-wide-light.svg').exists())
        self.assertIn('failed', self.page('index.html'))

    def test_the_audit_beside_the_pages_can_be_compared_with(self) -> None:
        """It is a saved audit, and --since reads it."""
        self.audit('demo')
        document = json.loads((self.site / 'audit.json').read_text())
        audit_scene.validate(document)
        self.assertEqual('failed', document['projects'][0]['verdict'])
        result = self.scene.run(
            '--since', str(self.site / 'audit.json'), 'demo'
        )
        self.assertIn('nothing that is known changed', result.stdout)

    def test_the_audit_that_is_compared_with_begins_the_history(
        self,
    ) -> None:
        self.scene.run('--save', str(self.saved), 'demo')
        document = json.loads(self.saved.read_text())
        document['taken'] = '2020-01-01T00:00:00Z'
        self.saved.write_text(json.dumps(document))
        self.audit('--since', str(self.saved), 'demo')
        self.assertEqual('2020-01-01T00:00:00Z', self.history()[0]['taken'])
        self.assertEqual(2, len(self.history()))

    def test_results_are_shown_where_the_site_cannot_be_written(self) -> None:
        """A place that was taken while the audit ran is one such case."""

        def taken(directory: str, files: dict[str, str]) -> None:
            pathlib.Path(directory).mkdir()
            (pathlib.Path(directory) / 'mine').touch()
            write(directory, files)

        write = sitefiles.write
        self.useFixture(
            fixtures.MonkeyPatch(
                'openstack_publish.gates.sitefiles.write', taken
            )
        )
        result = self.scene.run('--html', str(self.site), '-f', 'json', 'demo')
        self.assertEqual(2, result.code)
        self.assertEqual('demo', json.loads(result.stdout)[0]['project'])
        self.assertEqual([self.site / 'mine'], list(self.site.iterdir()))
