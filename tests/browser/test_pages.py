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

"""Every sort of page, from disk and from a web server."""

from __future__ import annotations

import fixtures
import testtools
from selenium.webdriver.common import by

from openstack_publish.model import audit_site
from tests.browser import base
from tests.support import audits
from tests.support import browser


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


class TestFromDisk(base.SiteTestCase):
    """Pages that are opened as files."""

    def test_every_page_loads_with_style_script_and_chart(self) -> None:
        """And says nothing on the console, of its own policy neither."""
        for page in base.PAGES:
            self.open(page)
            self.assertEqual([], self.browser.said(), page)
            self.assertEqual(
                base.BACKGROUNDS['light'],
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
        for page in base.PAGES:
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
