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

"""Codes, pages, rules and tests belong together."""

from __future__ import annotations

import pathlib
import re

import testtools

from openstack_publish.model import distribution
from openstack_publish.rules import catalogue
from openstack_publish.rules.catalogue import acceptance
from openstack_publish.rules.catalogue import confirmation
from openstack_publish.rules.catalogue import credentials
from openstack_publish.rules.catalogue import distributions
from openstack_publish.rules.catalogue import incidents
from openstack_publish.rules.catalogue import maintainers
from openstack_publish.rules.catalogue import order
from openstack_publish.rules.catalogue import signatures
from openstack_publish.rules.catalogue.page import Page

ROOT = pathlib.Path(__file__).resolve().parents[3]
CODE = re.compile(r'OSP[0-9]{3}')
HUNDREDS = {
    'OSP1': order.PAGES,
    'OSP2': distributions.PAGES,
    'OSP3': acceptance.PAGES,
    'OSP4': maintainers.PAGES,
    'OSP5': signatures.PAGES,
    'OSP6': credentials.PAGES,
    'OSP7': confirmation.PAGES,
    'OSP8': incidents.PAGES,
}


def codes_in(
    *places: pathlib.Path, but: pathlib.Path | None = None
) -> set[str]:
    """Return every code that the Python files below some places write."""
    found: set[str] = set()
    for place in places:
        for path in place.rglob('*.py'):
            if but is None or not path.is_relative_to(but):
                found.update(CODE.findall(path.read_text(encoding='utf-8')))
    return found


def all_pages() -> list[Page]:
    """Return every page as its module has it, before they become a map."""
    return [each for pages in HUNDREDS.values() for each in pages]


class TestPages(testtools.TestCase):
    """What each page must have."""

    def test_there_are_pages(self) -> None:
        self.assertNotEqual((), catalogue.pages())

    def test_every_code_has_one_page(self) -> None:
        codes = [each.code for each in all_pages()]
        self.assertEqual(sorted(set(codes)), sorted(codes))

    def test_the_catalogue_shows_every_page_in_order(self) -> None:
        self.assertEqual(
            sorted(each.code for each in all_pages()),
            [each.code for each in catalogue.pages()],
        )

    def test_the_documentation_has_a_chapter_for_every_hundred(self) -> None:
        """Else it lacks the pages that ``rule`` prints, as it did of 8xx."""
        self.assertEqual(
            HUNDREDS,
            {
                hundred: pages
                for hundred, (_, pages) in catalogue.HUNDREDS.items()
            },
        )
        page = ROOT / 'doc' / 'source' / 'reference' / 'findings.rst'
        self.assertIn('\n.. finding-pages::\n', page.read_text())
        directive = ROOT / 'doc' / 'source' / '_ext' / 'finding_pages.py'
        self.assertIn('catalogue.HUNDREDS.items()', directive.read_text())

    def test_every_code_stands_in_its_hundred_and_counts_from_x01(
        self,
    ) -> None:
        for hundred, pages in HUNDREDS.items():
            for each in pages:
                self.assertRegex(each.code, rf'^{hundred}(?!00)[0-9]{{2}}$')

    def test_every_page_is_complete(self) -> None:
        for each in all_pages():
            for part in (each.what, each.why, each.remedy):
                # sentences, on one line, with an end
                self.assertRegex(part, r'^\S[^\n]{15,}[.)`]$', each.code)
            self.assertIn(each.severity, ('error', 'warning', 'note'))

    def test_every_title_is_a_short_sentence_without_a_full_stop(
        self,
    ) -> None:
        for each in all_pages():
            self.assertRegex(each.title, r'^[^\n]{5,75}[^.\n]$', each.code)

    def test_no_two_pages_have_one_title(self) -> None:
        titles = [each.title for each in all_pages()]
        self.assertEqual(sorted(set(titles)), sorted(titles))

    def test_a_page_names_only_codes_that_exist(self) -> None:
        known = {each.code for each in all_pages()}
        for each in all_pages():
            named = set(CODE.findall(f'{each.what}{each.why}{each.remedy}'))
            self.assertEqual(set(), named - known, each.code)


class TestCodesInUse(testtools.TestCase):
    """Pages are there for findings, and findings have pages and tests."""

    package = ROOT / 'openstack_publish'
    pages_at = package / 'rules' / 'catalogue'

    def setUp(self) -> None:
        super().setUp()
        self.known = {each.code for each in catalogue.pages()}

    def test_every_code_that_the_package_uses_has_a_page(self) -> None:
        self.assertEqual(set(), codes_in(self.package) - self.known)

    def test_every_page_is_of_a_code_that_some_rule_uses(self) -> None:
        used = codes_in(self.package, but=self.pages_at)
        self.assertEqual(set(), self.known - used)

    def test_every_code_is_expected_by_some_test(self) -> None:
        self.assertEqual(set(), self.known - codes_in(ROOT / 'tests'))

    def test_every_fault_of_a_file_has_a_page(self) -> None:
        faults = {fault.value for fault in distribution.Fault}
        self.assertEqual(set(), faults - self.known)
