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

"""The tests of the site share this: one site in one Chromium."""

from __future__ import annotations

import pathlib
import shutil
import tempfile

import testtools
from selenium.webdriver.common import by
from selenium.webdriver.remote import webelement

from openstack_publish.gates import sitefiles
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


class SiteTestCase(testtools.TestCase):
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
