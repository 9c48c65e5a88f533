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

import html.parser
import json
import posixpath
import re
import time
from urllib import parse

import jinja2
import testtools

from openstack_publish.model import audit_history
from openstack_publish.model import audit_site
from openstack_publish.model import auditing
from openstack_publish.model import maintainers
from openstack_publish.model import names
from openstack_publish.render import as_html
from openstack_publish.render import as_json
from openstack_publish.render import audits as rendered
from openstack_publish.render.as_html import chart
from openstack_publish.render.as_html import environment
from openstack_publish.render.as_html import views
from openstack_publish.rules import findings
from tests.support import audits

VOID = frozenset({'img', 'input', 'link', 'meta', 'source'})
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self'; base-uri 'none'; form-action 'none'"
)


class Page(html.parser.HTMLParser):
    """A page, taken apart; its elements must nest."""

    def __init__(self, path: str, text: str) -> None:
        super().__init__()
        self.path = path
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.text = ''
        self._open: list[str] = []
        self.feed(text)
        self.close()
        if self._open:
            raise AssertionError(f'{path}: {self._open} are not closed')

    def handle_starttag(
        self, tag: str, attrs: list[tuple[str, str | None]]
    ) -> None:
        self.elements.append(
            (tag, {name: value or '' for name, value in attrs})
        )
        if tag not in VOID:
            self._open.append(tag)
        self._between(tag)

    def handle_endtag(self, tag: str) -> None:
        if self._open.pop() != tag:
            raise AssertionError(f'{self.path}: </{tag}> closes another one')
        self._between(tag)

    def _between(self, tag: str) -> None:
        """Keep the cells of a row apart, as a page does."""
        if tag in ('td', 'th'):
            self.text += ' '

    def handle_data(self, data: str) -> None:
        self.text += data

    @property
    def words(self) -> str:
        """Return the text with single spaces."""
        return ' '.join(self.text.split())

    def all(self, tag: str, attribute: str) -> list[str]:
        """Return an attribute of every element that has it."""
        return [
            values[attribute]
            for name, values in self.elements
            if name == tag and attribute in values
        ]


def made(
    audit: auditing.Audit,
    history: audit_history.History | None = None,
) -> dict[str, str]:
    """Return the files of a site."""
    if history is None:
        history = audit_history.grown((), [audit])
    return as_html.site(audit, history, audits.REQUIRED, '1.0.0')


def pages(files: dict[str, str]) -> list[Page]:
    """Return the pages of a site."""
    return [
        Page(path, text)
        for path, text in files.items()
        if path.endswith('.html')
    ]


class TestEveryPage(testtools.TestCase):
    """What holds for each page of a site with hostile names in it."""

    files: dict[str, str]

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        audit = audits.many(60)
        cls.files = made(audit, audits.history(audit))

    def test_it_allows_nothing_but_files_of_the_site(self) -> None:
        for page in pages(self.files):
            self.assertIn(
                {
                    'http-equiv': 'Content-Security-Policy',
                    'content': POLICY,
                },
                [values for _, values in page.elements],
                page.path,
            )

    def test_it_has_neither_scripts_nor_styles_within(self) -> None:
        """One script, one style sheet, and no attribute that is either."""
        for page in pages(self.files):
            tags = [tag for tag, _ in page.elements]
            self.assertEqual(1, tags.count('script'), page.path)
            self.assertNotIn('style', tags)
            for tag, values in page.elements:
                self.assertEqual(
                    set(),
                    {
                        name
                        for name in values
                        if name == 'style' or name.startswith('on')
                    },
                    f'{page.path}: {tag}',
                )

    def test_its_links_lead_to_files_of_the_site_or_to_the_index(
        self,
    ) -> None:
        """And each file is reached, but those that a theme chooses from."""
        reached = set()
        for page in pages(self.files):
            above = posixpath.dirname(page.path)
            links = [
                *page.all('a', 'href'),
                *page.all('link', 'href'),
                *page.all('script', 'src'),
                *page.all('img', 'src'),
                *page.all('source', 'srcset'),
            ]
            for link in links:
                if link.startswith(audits.READ_URL + '/'):
                    continue
                path, _, anchor = link.partition('#')
                target = posixpath.normpath(posixpath.join(above, path))
                if not path:
                    target = page.path
                self.assertIn(target, self.files, f'{page.path}: {link}')
                if anchor:
                    ids = re.findall(r' id="([^"]*)"', self.files[target])
                    self.assertIn(anchor, ids, f'{page.path}: {link}')
                reached.add(target)
        self.assertEqual(set(self.files), reached)

    def test_it_says_when_and_what_was_read(self) -> None:
        for page in pages(self.files):
            self.assertIn(
                'Audit of 2026-11-22T03:00:00Z, index read: '
                'https://index.example',
                page.words,
            )

    def test_nothing_in_it_steers_the_display(self) -> None:
        """Neither control characters nor those that turn the direction."""
        for path, text in self.files.items():
            self.assertIsNone(
                re.search(
                    '[\x00-\x09\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]', text
                ),
                path,
            )

    def test_it_lies_at_a_path_that_a_site_may_have(self) -> None:
        """On a file system without case, too, they are different files."""
        for path in self.files:
            self.assertTrue(audit_site.has(path), path)
        self.assertEqual(
            len(self.files), len({path.casefold() for path in self.files})
        )

    def test_the_charts_run_and_fetch_nothing(self) -> None:
        for form in chart.FORMS:
            drawn = self.files[form.name]
            self.assertNotIn('<script', drawn)
            self.assertEqual(
                {'http://www.w3.org/2000/svg'},
                set(re.findall(r'[a-z]+://[^"\s]+', drawn)),
            )


class TestContent(testtools.TestCase):
    """What the pages say."""

    def page(self, files: dict[str, str], path: str) -> Page:
        return Page(path, files[path])

    def test_every_verdict_is_counted_and_shown(self) -> None:
        """What is unknown or absent is neither clean nor left out."""
        files = made(
            audits.audit(
                audits.row('aodh', 'failed'),
                audits.row('cinder', 'failed'),
                audits.row('glance', 'unknown'),
                audits.row('heat', 'absent'),
                audits.row('nova', 'held'),
            )
        )
        index = self.page(files, 'index.html').words
        for tile in ('✗ failed 2', '? unknown 1', '○ absent 1', '✓ held 1'):
            self.assertIn(tile, index)
        listed = self.page(files, 'projects.html').words
        for row in (
            'aodh ✗ failed oslo Owner openstackci somebody-else active OSP403',
            'glance ? unknown oslo unknown: the index answered 500 Internal '
            'Server Error unknown: the index answered 500 Internal Server '
            'Error unknown: the index answered 500 Internal Server Error '
            'OSP404',
            'heat ○ absent oslo not on the index not on the index not on '
            'the index',
            'nova ✓ held oslo Owner openstackci none active',
        ):
            self.assertIn(row, listed)
        self.assertIn(
            'glance ? unknown: could not be judged: not clean',
            self.page(files, 'project/glance.html').words,
        )
        self.assertIn(
            'There is nothing to judge.',
            self.page(files, 'project/heat.html').words,
        )
        for path in ('index.html', 'accounts.html'):
            self.assertIn(
                'Who holds a role on 1 of 5 projects is not known',
                self.page(files, path).words,
            )

    def test_an_empty_audit_is_a_site_that_says_so(self) -> None:
        index = self.page(made(audits.audit()), 'index.html').words
        self.assertIn('Who can upload to 0 projects', index)
        self.assertIn('No account is known to hold a role.', index)

    def test_an_audit_that_is_not_whole_says_so_first(self) -> None:
        audit = audits.audit(audits.row('nova'))
        audit = auditing.Audit(
            audit.taken,
            audit.read_url,
            audit.projects,
            (
                findings.failed(
                    'OSP423', 'deliverables/antelope/x.yaml', 'no mapping'
                ),
            ),
        )
        index = self.page(made(audit), 'index.html').words
        self.assertLess(
            index.index('This audit is not whole'), index.index('✗ failed')
        )
        self.assertIn('deliverables/antelope/x.yaml', index)
        self.assertIn('no mapping', index)

    def test_a_project_has_its_findings_and_what_to_do(self) -> None:
        eve = maintainers.Role('Eve', 'Maintainer')
        files = made(audits.audit(audits.row('nova', 'failed', 'nova', eve)))
        project = self.page(files, 'project/nova.html')
        self.assertIn(
            'OSP401 error Eve is Maintainer of nova, which the policy does '
            'not allow To do: Remove the role',
            project.words,
        )
        self.assertIn(
            'https://index.example/manage/project/nova/collaboration/',
            project.all('a', 'href'),
        )
        self.assertIn('Maintainer Eve not allowed', project.words)

    def test_an_account_has_every_project_that_it_can_upload_to(
        self,
    ) -> None:
        """However the index spells it; what is allowed is told apart."""
        files = made(
            audits.audit(
                audits.row(
                    'aodh', 'failed', 'a', maintainers.Role('Eve', 'Owner')
                ),
                audits.row(
                    'nova', 'failed', 'n', maintainers.Role('eVE', 'Owner')
                ),
                audits.row('zaqar', 'unknown', 'z'),
            )
        )
        account = self.page(files, audit_site.of_account('EVE'))
        self.assertIn(
            'Can upload to 2 projects; on 2 of them the policy does not '
            'allow it.',
            account.words,
        )
        self.assertIn(
            'https://index.example/user/Eve/', account.all('a', 'href')
        )
        ours = self.page(files, audit_site.of_account('openstackci'))
        self.assertIn('on 0 of them', ours.words)
        self.assertIn(
            'openstackci required 2 2 0 Eve 2 2 2',
            self.page(files, 'accounts.html').words,
        )

    def test_a_team_has_its_projects_and_what_is_to_be_done(self) -> None:
        files = made(
            audits.audit(
                audits.row('aodh', 'failed', 'Telemetry'),
                audits.row('ceilometer', 'unknown', 'Telemetry'),
                audits.row('gnocchi', 'held', None),
                audits.row('nova', 'held', 'nova'),
            )
        )
        team = self.page(files, audit_site.of_team('Telemetry')).words
        self.assertIn('✗ failed 1 ? unknown 1 ○ absent 0 ✓ held 0', team)
        self.assertIn('aodh belongs to somebody-else', team)
        self.assertIn('500 Internal Server Error', team)
        self.assertNotIn('nova', team)
        self.assertIn(
            'To do Nothing.',
            self.page(files, audit_site.of_team('nova')).words,
        )
        self.assertIn(
            'gnocchi', self.page(files, audit_site.of_team(None)).words
        )
        index = self.page(files, 'index.html').words
        self.assertIn('Projects Telemetry 1 1 2 All: 3 teams', index)

    def test_a_name_too_long_for_a_list_is_whole_on_its_own_page(
        self,
    ) -> None:
        name = 'a' * 200
        files = made(audits.audit(audits.row(name)))
        self.assertNotIn(name, files['projects.html'])
        self.assertIn(
            f'The whole name {name}',
            self.page(files, audit_site.of_project(name)).words,
        )

    def test_a_project_that_is_absent_has_no_collaboration_page(self) -> None:
        files = made(audits.audit(audits.row('heat', 'absent')))
        self.assertNotIn('/manage/', files['project/heat.html'])

    def test_no_link_leads_to_what_is_no_web_server(self) -> None:
        for url in ('javascript:alert(1)//', 'http://elsewhere.example', ''):
            self.assertIsNone(views.link(url, 'user', 'eve'), url)

    def test_a_link_quotes_every_part(self) -> None:
        self.assertEqual(
            'https://index.example/user/a%2F..%2F%3Fb%23%22%3Cc%3E%20%3F/',
            views.link(
                'https://index.example/', 'user', 'a/../?b#"<c> \ud800'
            ),
        )
        self.assertIsNone(
            views.link('https://index.example', 'user', audits.LONG)
        )

    def test_what_is_not_known_cannot_be_shown_as_nothing(self) -> None:
        """A template that would print None, or a name that isn't, fails."""
        templates = environment.environment()
        shown = templates.from_string('{{ value }}')
        self.assertRaises(jinja2.UndefinedError, shown.render)
        self.assertRaises(TypeError, shown.render, value=None)


class TestMachines(testtools.TestCase):
    """What lies beside the pages for programs."""

    def test_the_audit_is_the_one_that_save_writes(self) -> None:
        audit = audits.many(20)
        self.assertEqual(
            as_json.text(rendered.saved(audit, '1.0.0')),
            made(audit)['audit.json'],
        )

    def test_the_history_is_read_back_as_it_was(self) -> None:
        audit = audits.many(20)
        history = audits.history(audit)
        document = json.loads(made(audit, history)['history.json'])
        self.assertEqual(history, audit_history.read(document))
        self.assertEqual(
            {
                'taken': '2026-11-22T03:00:00Z',
                'index': 'https://index.example',
                'held': 16,
                'failed': 11,
                'unknown': 1,
                'absent': 1,
            },
            document['audits'][-1],
        )

    def test_the_same_audit_gives_the_same_bytes(self) -> None:
        audit = audits.many(20)
        history = audits.history(audit)
        self.assertEqual(made(audit, history), made(audit, history))

    def test_all_that_openstack_has_is_made_in_seconds(self) -> None:
        """520 projects took 0.3 s on two cores (2026-11-22)."""
        audit = audits.many(520)
        began = time.process_time()
        made(audit, audits.history(audit))
        self.assertLess(time.process_time() - began, 10)


class TestChart(testtools.TestCase):
    """The chart over the saved audits."""

    def test_there_is_none_of_one_audit(self) -> None:
        audit = audits.many(20)
        files = made(audit)
        self.assertEqual(
            set(), {path for path in files if path.startswith('chart')}
        )
        self.assertIn(
            'From the next one on there is a chart.', files['index.html']
        )

    def test_audits_of_another_index_are_kept_and_not_drawn(self) -> None:
        audit = audits.many(20)
        other = auditing.Audit(
            audit.taken, 'https://other.example', audit.projects
        )
        files = made(audit, audit_history.grown((), [audit, other]))
        self.assertNotIn('chart-wide-light.svg', files)
        self.assertEqual(2, len(json.loads(files['history.json'])['audits']))

    def test_its_text_says_what_it_shows(self) -> None:
        audit = audits.many(60)
        files = made(audit, audits.history(audit))
        self.assertIn(
            'alt="Line chart of 10 audits from 2026-09-20 to 2026-11-22: '
            'projects that failed went from 52 to 16, projects that are '
            'unknown from 1 to 2."',
            files['index.html'],
        )
        for form in chart.FORMS:
            drawn = files[form.name]
            self.assertIn('>2026-09-20</text>', drawn)
            self.assertIn('>2026-11-22</text>', drawn)
            self.assertIn('>failed</text>', drawn)
            self.assertEqual(20, drawn.count('<circle'))

    def test_of_many_audits_the_last_of_each_slot_of_time_is_drawn(
        self,
    ) -> None:
        history = audits.history(audits.many(20), 999)
        shown = chart.thinned(history)
        self.assertEqual(chart.MOST_POINTS, len(shown))
        self.assertEqual(history[-1], shown[-1])
        self.assertTrue(all(point in history for point in shown))
        self.assertEqual(history[:3], chart.thinned(history[:3]))

    def test_its_axis_has_whole_numbers_up_to_the_highest(self) -> None:
        for highest in range(2000):
            axis = chart.steps(highest)
            self.assertGreaterEqual(axis[-1], max(1, highest))
            self.assertLessEqual(len(axis), 6)
            self.assertEqual(0, axis[0])


class TestFormOfAddresses(testtools.TestCase):
    """Addresses that a page has are those that were meant."""

    def test_hostile_projects_have_the_collaboration_page_of_their_name(
        self,
    ) -> None:
        for name in audits.HOSTILE:
            if name in ('', audits.LONG):
                continue
            audit = audits.audit(audits.row(name, 'failed'))
            page = Page('', made(audit)[audit_site.of_project(name)])
            (link,) = [
                link
                for link in page.all('a', 'href')
                if link.startswith(audits.READ_URL)
            ]
            quoted = parse.urlsplit(link).path.split('/')[3]
            self.assertEqual(name, parse.unquote(quoted))

    def test_names_of_the_index_are_files_of_their_own(self) -> None:
        self.assertEqual(
            'project/oslo-config.html',
            audit_site.of_project(names.project_name('oslo.config')),
        )
