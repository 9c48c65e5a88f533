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

"""The site of an audit in real Chromium."""

from __future__ import annotations

import pathlib
import shutil
import tempfile

import fixtures
import testtools
from selenium.webdriver.common import by
from selenium.webdriver.common import keys
from selenium.webdriver.remote import webelement

from openstack_publish.gates import sitefiles
from openstack_publish.model import audit_history
from openstack_publish.model import audit_site
from openstack_publish.render import as_html
from tests.support import audits
from tests.support import browser

CSS = by.By.CSS_SELECTOR
PAGES = (
    'index.html',
    *audit_site.LISTS,
    audit_site.of_project('of-nobody'),
    audit_site.of_project(f'0{audits.MARKUP}'),
    audit_site.of_team('Nova'),
    audit_site.of_team(None),
    audit_site.of_account('openstackci'),
    audit_site.of_account(f'user{audits.LONG}'),
)
"""One page of each sort, and those that are likeliest to break."""

BACKGROUNDS = {'light': 'rgb(255, 255, 255)', 'dark': 'rgb(13, 17, 23)'}


class TestCase(testtools.TestCase):
    """Tests of one site in one browser."""

    browser: browser.Browser
    directory: pathlib.Path
    size: int
    """Projects in the site."""

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.browser = browser.Browser()
        cls.addClassCleanup(cls.browser.quit)
        place = tempfile.mkdtemp(prefix='osp-')
        cls.addClassCleanup(shutil.rmtree, place)
        # A directory with a space and a sign that URLs reserve.
        cls.directory = pathlib.Path(place, 'the site #1')
        audit = audits.many(60)
        cls.size = len(audit.projects)
        sitefiles.write(
            str(cls.directory),
            as_html.site(
                audit, audits.history(audit), audits.REQUIRED, '1.0.0'
            ),
        )

    def setUp(self) -> None:
        super().setUp()
        self.browser.look()

    def url(self, page: str) -> str:
        """Return where a page is on disk."""
        return (self.directory / page).as_uri()

    def open(self, page: str) -> None:
        self.browser.open(self.url(page))

    def find(self, selector: str) -> webelement.WebElement:
        return self.browser.driver.find_element(CSS, selector)

    def texts(self, selector: str) -> list[str]:
        """Return the texts of what is displayed."""
        found: list[str] = self.browser.value(
            'Array.from(document.querySelectorAll(arguments[0]))'
            '.filter((each) => each.checkVisibility())'
            '.map((each) => each.innerText.trim())',
            selector,
        )
        return found

    def press(self, *pressed: str) -> None:
        """Press keys, wherever the focus is."""
        for key in pressed:
            self.browser.driver.switch_to.active_element.send_keys(key)

    def focused(self) -> str:
        """Return the text of what has the focus."""
        text: str = self.browser.value('document.activeElement.innerText')
        return text.strip()


class TestMissing(testtools.TestCase):
    """A machine without what the tests need."""

    def test_what_is_missing_fails_and_says_what_to_install(self) -> None:
        self.useFixture(fixtures.EnvironmentVariable('PATH', '/nonexistent'))
        error = self.assertRaises(AssertionError, browser.Browser)
        self.assertEqual(
            'chromium is not installed, and the tests of the site need it '
            '(Debian: apt-get install chromium)',
            str(error),
        )


class TestFromDisk(TestCase):
    """Pages that are opened as files."""

    def test_every_page_loads_with_style_script_and_chart(self) -> None:
        """And says nothing on the console, of its own policy neither."""
        for page in PAGES:
            self.open(page)
            self.assertEqual([], self.browser.said(), page)
            self.assertEqual(
                BACKGROUNDS['light'],
                self.browser.value(
                    'getComputedStyle(document.body).backgroundColor'
                ),
                page,
            )
            self.assertEqual(1, len(self.texts('h1')), page)
            self.assertIn('2026-11-22T03:00:00Z', self.texts('header')[0])
            self.assertIn(audits.READ_URL, self.texts('header')[0])
        self.open('index.html')
        self.assertTrue(self.browser.value('document.images[0].naturalWidth'))
        self.open('projects.html')
        self.assertTrue(self.find('#projects-search').is_displayed())

    def test_a_script_within_a_page_does_not_run(self) -> None:
        """The policy holds here, too: what is no file of the site is shut."""
        self.open('index.html')
        for markup in (
            "const it = document.createElement('script');"
            "it.textContent = 'window.ran = 1';",
            "const it = document.createElement('script');"
            "it.src = 'data:text/javascript,window.ran=1';",
            "const it = document.createElement('p');"
            "it.innerHTML = '<img src=x onerror=\"window.ran = 1\">';",
        ):
            self.browser.driver.execute_async_script(
                f'{markup} document.body.append(it);'
                'setTimeout(arguments[0], 50)'
            )
        self.assertIsNone(self.browser.value('window.ran'))
        self.assertIn(
            'Content Security Policy', '\n'.join(self.browser.said())
        )

    def test_hostile_names_are_text(self) -> None:
        """No name becomes an element, and none runs."""
        for page in PAGES:
            self.open(page)
            self.assertEqual(
                0,
                self.browser.value(
                    "document.querySelectorAll('body script, [onerror], "
                    "[href^=\"javascript:\"]').length"
                ),
                page,
            )
        self.open(audit_site.of_project(f'0{audits.MARKUP}'))
        self.assertEqual([f'0{audits.MARKUP}'], self.texts('h1'))
        self.open(audit_site.of_project(f'2{audits.BIDI}'))
        self.assertEqual(['2abc\\u202ednuos\\u2066'], self.texts('h1'))

    def test_the_way_from_the_summary_to_the_collaboration_page(self) -> None:
        self.open('index.html')
        self.find('nav a[href="teams.html"]').click()
        self.browser.driver.find_element(
            by.By.LINK_TEXT, 'Release Management'
        ).click()
        self.assertEqual(['Release Management'], self.texts('h1'))
        self.find('#projects tbody th a').click()
        (name,) = self.texts('h1')
        link = self.find('dl a[rel="noreferrer"]')
        self.assertEqual(
            f'{audits.READ_URL}/manage/project/{name}/collaboration/',
            link.get_attribute('href'),
        )


class TestFromServer(TestFromDisk):
    """The same pages from a web server."""

    def setUp(self) -> None:
        super().setUp()
        self.server = self.useFixture(browser.Server(str(self.directory)))

    def url(self, page: str) -> str:
        """Return where a page is on the server."""
        return f'{self.server.url}/{page}'


class TestTables(TestCase):
    """Search and sort."""

    def test_search_finds_every_word_in_any_column(self) -> None:
        self.open('projects.html')
        status = '.search [role="status"]'
        self.assertEqual(
            [f'{self.size} of {self.size} projects shown'], self.texts(status)
        )
        box = self.find('#projects-search')
        box.send_keys('FORMER-core-2 maint')
        self.assertEqual(
            ['oslo-part-002', 'oslo-part-020'],
            sorted(self.texts('#projects tbody th')),
        )
        self.assertEqual(
            [f'2 of {self.size} projects shown'], self.texts(status)
        )
        box.clear()
        box.send_keys('no-such-project')
        self.assertEqual([], self.texts('#projects tbody th'))
        self.assertEqual(
            [f'0 of {self.size} projects shown'], self.texts(status)
        )
        box.send_keys(keys.Keys.CONTROL, 'a')
        box.send_keys(keys.Keys.DELETE)
        self.assertEqual(self.size, len(self.texts('#projects tbody th')))

    def test_search_finds_markup_as_it_is_spelled(self) -> None:
        self.open('projects.html')
        self.find('#projects-search').send_keys('<script>')
        self.assertEqual(
            [f'0{audits.MARKUP}'], self.texts('#projects tbody th')
        )

    def test_search_is_empty_when_a_page_is_opened_again(self) -> None:
        self.open('projects.html')
        self.find('#projects-search').send_keys('oslo')
        self.open('projects.html')
        self.assertEqual(self.size, len(self.texts('#projects tbody th')))

    def test_sorting_says_what_it_sorted_by(self) -> None:
        """One column is marked, and the rows are in its order."""
        self.open('projects.html')
        self.assertEqual(
            ['Verdict'], self.texts('#projects th[aria-sort="ascending"]')
        )
        project = self.find('#projects thead th:first-child button')
        for order in ('ascending', 'descending', 'ascending'):
            project.click()
            self.assertEqual(
                [f'Project {order}'],
                [
                    f'{header.text} {header.get_attribute("aria-sort")}'
                    for header in self.browser.driver.find_elements(
                        CSS, '#projects th[aria-sort]'
                    )
                ],
            )
            names = [
                name
                for name in self.texts('#projects tbody th')
                if name.startswith('oslo-part')
            ]
            self.assertEqual(
                sorted(names, reverse=order == 'descending'), names
            )
        self.assertEqual(self.size, len(self.texts('#projects tbody th')))

    def test_verdicts_are_sorted_by_what_is_to_be_done(self) -> None:
        self.open('projects.html')
        verdict = self.find('#projects th:nth-child(2) button')
        first = '#projects tbody tr:first-child .verdict'
        self.assertEqual(['✗ failed'], self.texts(first))
        verdict.click()
        self.assertEqual(['✓ held'], self.texts(first))
        verdict.click()
        self.assertEqual(['✗ failed'], self.texts(first))

    def test_numbers_are_sorted_as_numbers_the_highest_first(self) -> None:
        self.open('accounts.html')
        column = self.find('#accounts thead th:nth-child(2)')
        column.find_element(CSS, 'button').click()
        shown = [int(text) for text in self.texts('#accounts td:nth-child(2)')]
        self.assertEqual('descending', column.get_attribute('aria-sort'))
        self.assertEqual(sorted(shown, reverse=True), shown)
        self.assertGreater(shown[0], 9)

    def test_what_is_searched_stays_when_it_is_sorted(self) -> None:
        self.open('projects.html')
        self.find('#projects-search').send_keys('former-core-2 maintainer')
        self.find('#projects thead th:first-child button').click()
        self.assertEqual(
            ['oslo-part-002', 'oslo-part-020'],
            self.texts('#projects tbody th'),
        )


class TestKeyboard(TestCase):
    """Without a mouse."""

    def test_the_first_stop_leads_to_the_content(self) -> None:
        self.open('projects.html')
        self.press(keys.Keys.TAB)
        self.assertEqual('To the content', self.focused())
        self.assertGreater(self.find('.skip').size['width'], 50)
        self.press(keys.Keys.ENTER)
        self.press(keys.Keys.TAB)
        self.assertEqual(
            'projects-search',
            self.browser.value('document.activeElement.id'),
        )

    def test_search_sort_and_open_with_keys_only(self) -> None:
        self.open('projects.html')
        self.press(keys.Keys.TAB, keys.Keys.ENTER, keys.Keys.TAB)
        self.press('oslo-part-00')
        self.assertEqual(10, len(self.texts('#projects tbody th')))
        # The box of the table, which the arrow keys scroll.
        self.press(keys.Keys.TAB)
        self.assertEqual(
            'region', self.browser.value('document.activeElement.role')
        )
        self.press(keys.Keys.TAB)
        self.assertEqual('Project', self.focused())
        self.press(keys.Keys.ENTER)
        self.assertEqual('Project', self.focused())
        self.press(keys.Keys.SPACE)
        self.assertEqual('oslo-part-009', self.texts('#projects tbody th')[0])
        outline = self.browser.value(
            'getComputedStyle(document.activeElement).outlineStyle'
        )
        self.assertEqual('solid', outline)
        for _ in range(7):
            self.press(keys.Keys.TAB)
        self.assertEqual('oslo-part-009', self.focused())
        self.press(keys.Keys.ENTER)
        self.assertEqual(['oslo-part-009'], self.texts('h1'))


class TestLooks(TestCase):
    """Light and dark, wide and narrow, with and without scripts."""

    def assert_fits(self, page: str) -> None:
        """Check that the page is not wider than the screen."""
        self.assertEqual(
            self.browser.value('document.documentElement.clientWidth'),
            self.browser.value('document.documentElement.scrollWidth'),
            page,
        )

    def test_nobody_is_shut_out(self) -> None:
        """axe finds nothing, and no page is wider than its screen."""
        for look, theme, size in browser.looks():
            self.browser.look(theme, size)
            for number, page in enumerate(PAGES):
                self.open(page)
                self.assertEqual(
                    BACKGROUNDS[theme],
                    self.browser.value(
                        'getComputedStyle(document.body).backgroundColor'
                    ),
                )
                self.assert_fits(f'{page} {look}')
                name = page.removesuffix('.html').replace('/', '-')
                self.browser.screenshot(f'{look}-{number}-{name[:30]}')
                self.assertEqual(
                    [], self.browser.violations(), f'{page} {look}'
                )

    def test_axe_would_find_it(self) -> None:
        """What finds nothing in a wrong page would prove nothing."""
        for _, theme, size in browser.looks():
            self.browser.look(theme, size)
            self.open('index.html')
            self.browser.driver.execute_script(
                "document.images[0].removeAttribute('alt');"
                "document.querySelector('.when').style.color = '#777777';"
            )
            found = {
                violation.partition(':')[0]
                for violation in self.browser.violations()
            }
            self.assertEqual({'color-contrast', 'image-alt'}, found, theme)

    def test_the_chart_is_that_of_the_screen(self) -> None:
        for look, theme, size in browser.looks():
            self.browser.look(theme, size)
            self.open('index.html')
            shown = self.browser.value('document.images[0].currentSrc')
            width = 'narrow' if size == browser.PHONE else 'wide'
            self.assertThat(
                shown,
                testtools.matchers.EndsWith(f'/chart-{width}-{theme}.svg'),
                look,
            )

    def test_a_new_site_has_no_chart_yet(self) -> None:
        audit = audits.audit(audits.row('oslo-config'))
        place = self.directory.parent / 'new'
        sitefiles.write(
            str(place),
            as_html.site(
                audit,
                audit_history.grown((), [audit]),
                audits.REQUIRED,
                '1.0.0',
            ),
        )
        self.browser.open((place / 'index.html').as_uri())
        self.assertEqual([], self.browser.said())
        self.assertEqual([], self.browser.violations())
        self.browser.screenshot('new-site')

    def test_without_scripts_everything_is_there_but_the_search(
        self,
    ) -> None:
        for size in (browser.WIDE, browser.PHONE):
            for page in PAGES:
                self.browser.look('light', size, scripts=False)
                self.open(page)
                self.assertEqual([], self.browser.said(), page)
                # axe is a script, too, but the page's own has had its time.
                self.browser.run_scripts(True)
                self.assertEqual([], self.texts('.search, button'), page)
                self.assert_fits(page)
                self.assertEqual([], self.browser.violations(), page)
        self.open('projects.html')
        self.browser.look('light', scripts=False)
        self.open('projects.html')
        self.browser.screenshot('without-scripts')
        self.browser.run_scripts(True)
        self.assertEqual(self.size, len(self.texts('#projects tbody th')))
        self.open('index.html')
        self.assertTrue(self.browser.value('document.images[0].naturalWidth'))
