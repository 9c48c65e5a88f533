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

"""Search and sort, with and without a mouse."""

from __future__ import annotations

from selenium.webdriver.common import keys

from tests.browser import base
from tests.support import audits


class TestTables(base.SiteTestCase):
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
                        base.CSS, '#projects th[aria-sort]'
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
        column.find_element(base.CSS, 'button').click()
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


class TestKeyboard(base.SiteTestCase):
    """Without a mouse."""

    def press(self, *pressed: str) -> None:
        """Press keys, wherever the focus is."""
        for key in pressed:
            self.browser.driver.switch_to.active_element.send_keys(key)

    def focused(self) -> str:
        """Return the text of what has the focus."""
        text: str = self.browser.value('document.activeElement.innerText')
        return text.strip()

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
