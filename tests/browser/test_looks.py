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

"""Light and dark, wide and narrow, with and without scripts."""

from __future__ import annotations

import dataclasses
import pathlib

import testtools

from openstack_publish.gates import sitefiles
from openstack_publish.model import audit_history
from openstack_publish.model import auditing
from openstack_publish.model import knowledge
from openstack_publish.model import maintainers
from openstack_publish.render import as_html
from tests.browser import base
from tests.support import audits
from tests.support import browser

_BROKEN = """(() => {
  const found = [];
  for (const cell of document.querySelectorAll('table :is(th, td)')) {
    const texts = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
      for (const word of texts.currentNode.data.matchAll(/[^\\s-]+/g)) {
        const range = document.createRange();
        range.setStart(texts.currentNode, word.index);
        range.setEnd(texts.currentNode, word.index + word[0].length);
        if (range.getClientRects().length > 1) {
          found.push(word[0]);
        }
      }
    }
  }
  for (const flag of document.querySelectorAll('.flag')) {
    if (flag.getClientRects().length > 1) {
      found.push(flag.textContent);
    }
  }
  return found;
})()"""
"""Words in tables that are on two lines, and flags that are."""


class TestLooks(base.SiteTestCase):
    """Light and dark, wide and narrow, with and without scripts."""

    def assert_fits(self, page: str) -> None:
        """Check that the page is not wider than the screen."""
        self.assertEqual(
            self.browser.value('document.documentElement.clientWidth'),
            self.browser.value('document.documentElement.scrollWidth'),
            page,
        )

    def site(self, name: str, audit: auditing.Audit) -> pathlib.Path:
        """Make a site of one audit, and return where it is."""
        place = self.directory.parent / name
        files = as_html.site(
            audit,
            audit_history.grown((), [audit]),
            audits.REQUIRED,
            '1.0.0',
        )
        sitefiles.write(str(place), files)
        return place

    def broken(self) -> list[str]:
        """Return the words that are on two lines."""
        found: list[str] = self.browser.value(_BROKEN)
        return found

    def test_nobody_is_shut_out(self) -> None:
        """axe finds nothing, and no page is wider than its screen."""
        for look, theme, size in browser.looks():
            self.browser.look(theme, size)
            for number, page in enumerate(base.PAGES):
                self.open(page)
                self.assertEqual(
                    base.BACKGROUNDS[theme],
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
        place = self.site('new', audits.audit(audits.row('oslo-config')))
        self.browser.open((place / 'index.html').as_uri())
        self.assertEqual([], self.browser.said())
        self.assertEqual([], self.browser.violations())
        self.browser.screenshot('new-site')

    def test_no_short_word_is_broken_over_two_lines(self) -> None:
        rows = [
            dataclasses.replace(
                audits.row(
                    name,
                    'failed',
                    'OpenStackAnsible',
                    maintainers.Role('mallory', 'Maintainer'),
                ),
                status=knowledge.Known('quarantined'),
                organization=knowledge.Unknown(
                    'organization', 'only XML-RPC names the roles'
                ),
            )
            for name in ('ansible-collections-openstack', 'tempest')
        ]
        place = self.site('words', audits.audit(*rows))
        for look, theme, size in browser.looks():
            self.browser.look(theme, size)
            for page in ('projects.html', 'teams.html', 'accounts.html'):
                self.browser.open((place / page).as_uri())
                self.assertEqual([], self.broken(), f'{page} {look}')
                name = page.removesuffix('.html')
                self.browser.screenshot(f'{look}-words-{name}')

    def test_without_scripts_everything_is_there_but_the_search(
        self,
    ) -> None:
        for size in (browser.WIDE, browser.PHONE):
            for page in base.PAGES:
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
