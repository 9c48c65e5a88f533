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

"""Follows the pages of the documentation, a test for each page."""

from __future__ import annotations

import re
from collections.abc import Mapping

import testtools

from tests.support import desk
from tests.support import printed

SYNOPSES = 'doc/source/reference/cli.rst'
"""Has no commands but their forms (``tests/unit/test_printed.py``)."""

_INSTALLS = 'it fetches packages, or prepares that'
_TUTORIAL = 'doc/source/tutorial.rst'
_HERE = 'https://opendev.org/openstack/openstack-publish'

NOT_RUN: Mapping[tuple[str, str], str] = {
    ('', 'tools/tox.sh'): 'it runs this test, or others that take minutes',
    ('', 'OPENSTACK_RELEASES_DIR=$PWD/../releases'): 'it runs this test',
    ('', 'pip install '): _INSTALLS,
    (_TUTORIAL, 'python3 -m venv'): _INSTALLS,
    (_TUTORIAL, '. publish/bin/activate'): _INSTALLS,
    (_TUTORIAL, f'git clone {_HERE}'): _INSTALLS,
    (_TUTORIAL, 'openstack-publish rehearse --keep'): (
        'it stays until Ctrl-C; tests/functional/test_rehearse.py runs what '
        'it prints'
    ),
    ('doc/source/reference/zuul-roles.rst', ''): _INSTALLS,
    ('doc/source/user/verify-on-a-cluster.rst', ''): (
        'it needs a cluster: tests/functional/test_verify_cluster.py'
    ),
    ('doc/source/user/zuul.rst', 'zuul-client'): 'it needs a Zuul',
    ('doc/source/user/verify-by-hand.rst', 'With gpg and sha256sum alone'): (
        'with good files and bad ones: tests/functional/test_verify_by_hand.py'
    ),
    ('doc/source/contributor/testing.rst', 'git clone'): (
        'it fetches a large repository'
    ),
}
"""What is not run: page (empty for each one), beginning of the command or
title of the section, and why not."""


def row(command: printed.Command) -> tuple[str, str] | None:
    """Return the row that says why a command is not run, if there is one."""
    for page, text in NOT_RUN:
        if page in ('', command.page) and (
            command.text.startswith(text) or command.section == text
        ):
            return page, text
    return None


def to_run(page: str) -> list[printed.Command]:
    """Return the commands of a page that have to run."""
    if page == SYNOPSES:
        return []
    return [one for one in printed.commands(page) if row(one) is None]


def name(page: str) -> str:
    """Return the name of the test that follows a page."""
    short = page.removeprefix('doc/source/').removesuffix('.rst').lower()
    return f'test_{re.sub("[^a-z]+", "_", short)}'


class PageTest(testtools.TestCase):
    """Follows the page that the test is called after, to its end."""

    def setUp(self) -> None:
        super().setUp()
        self.desk = self.useFixture(desk.Desk())
        self.ran: list[desk.Ran] = []
        (self.page,) = (
            page
            for page in printed.pages()
            if name(page) == self._testMethodName
        )

    def tearDown(self) -> None:
        super().tearDown()
        self.assertEqual((), self.desk.index.errors)
        if 'traceback' in self.getDetails():
            return
        self.assertEqual(
            [one.where for one in to_run(self.page)],
            sorted(
                {one.command.where for one in self.ran},
                key=[one.where for one in to_run(self.page)].index,
            ),
            'not every command of the page was run',
        )

    def follow(
        self,
        *sections: str,
        codes: Mapping[str, int] | None = None,
        swaps: Mapping[str, str] | None = None,
    ) -> list[desk.Ran]:
        """Run the commands of sections, in the order of the page.

        :param sections: titles; none for all
        :param codes: the exit codes that the page says, by a part of the
            command; 0 for all others
        :param swaps: what stands for a part of the commands that cannot be
            taken as it is printed
        """
        found = [
            one
            for one in to_run(self.page)
            if not sections or one.section in sections
        ]
        self.assertEqual(
            set(sections), {one.section for one in found} & set(sections)
        )
        ran = self.desk.follow(found, codes or {}, swaps or {})
        self.ran += ran
        return ran
