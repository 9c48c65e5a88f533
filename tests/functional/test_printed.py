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

"""No command of the documentation is run by nobody."""

from __future__ import annotations

import testtools

from tests.functional import pages
from tests.functional import test_printed_overviews
from tests.functional import test_printed_releases
from tests.support import printed


class TestAll(testtools.TestCase):
    """Pages, and who follows them."""

    def test_each_page_with_commands_is_followed(self) -> None:
        """Who adds the first command to a page adds a test of its name."""
        tests = {
            name
            for module in (test_printed_overviews, test_printed_releases)
            for case in vars(module).values()
            if isinstance(case, type) and issubclass(case, pages.PageTest)
            for name in dir(case)
            if name.startswith('test_')
        }
        self.assertEqual(
            tests,
            {
                pages.name(page)
                for page in printed.pages()
                if pages.to_run(page)
            },
        )

    def test_each_reason_not_to_run_one_is_needed(self) -> None:
        used = {
            pages.row(command)
            for page in printed.pages()
            for command in printed.commands(page)
        }
        self.assertEqual(set(pages.NOT_RUN), used - {None})


class TestPattern(testtools.TestCase):
    """What an output is held against."""

    def test_digests_times_and_addresses_may_differ(self) -> None:
        wanted = printed.pattern(
            f'sha256 {"a" * 64}\n  by https://index.example at '
            '2026-01-02T03:04:05Z, 1.25 s'
        )
        came = (
            f'sha256\n  {"b" * 64} by http://127.0.0.1:8080 at '
            '2027-11-12T13:14:15Z, 0.01 s\n'
        )
        self.assertTrue(wanted.fullmatch(came))

    def test_nothing_else_may(self) -> None:
        wanted = printed.pattern('2 projects …\nheld')
        self.assertTrue(wanted.fullmatch('2 projects on it\nheld\n'))
        for came in ('3 projects on it\nheld', '2 projects\nfailed', ''):
            self.assertIsNone(wanted.fullmatch(came), came)
