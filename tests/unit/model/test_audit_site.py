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

import testtools

from openstack_publish.model import audit_site
from tests.support import audits


class TestSlug(testtools.TestCase):
    """Names that are safe in a file name and in a URL."""

    def test_two_names_never_share_one(self) -> None:
        """Nor where one is spelled like what the other becomes."""
        names = {
            *audits.HOSTILE,
            *audits.TEAMS,
            'NOVA',
            'nova.',
            '\ud800',
            'é',
            'e\u0301',
            '_',
            '-',
            'a' * 64,
            'a' * 65,
            'a' * 66,
        }
        names |= {audit_site.slug(name) for name in names}
        slugs = {audit_site.slug(name).casefold() for name in names}
        # A slug that is plain stands for itself, and so for its name.
        plain = {name for name in names if audit_site.slug(name) == name}
        self.assertEqual(len(names), len(slugs))
        self.assertLessEqual({'nova', 'equipe'}, plain)

    def test_none_is_longer_than_a_file_system_takes(self) -> None:
        for name in (audits.LONG, '\U0001f600' * 10_000, '\ud800' * 5000):
            self.assertLess(len(audit_site.slug(name)), 100)

    def test_none_is_a_device(self) -> None:
        for name in ('con', 'nul', 'com1', 'lpt9', 'CON'):
            self.assertIn('_', audit_site.slug(name))

    def test_users_compare_without_case(self) -> None:
        self.assertEqual(
            audit_site.of_account('Eve'), audit_site.of_account('EVE')
        )
        self.assertNotEqual(
            audit_site.of_team('Nova'), audit_site.of_team('nova')
        )

    def test_nobody_is_no_team(self) -> None:
        names = (*audits.HOSTILE, *audits.TEAMS, '_', '.', 'é')
        self.assertNotIn(
            audit_site.NOBODY, {audit_site.of_team(name) for name in names}
        )


class TestHas(testtools.TestCase):
    """Which files a site may have."""

    def test_others_are_none(self) -> None:
        for path in (
            '.htaccess',
            'INDEX.HTML',
            'index.html/',
            'notes.txt',
            'project/',
            'project/nova.txt',
            'project/../index.html',
            'project/sub/nova.html',
            'project/nova.html\n',
            'projects/nova.html',
            '',
        ):
            self.assertFalse(audit_site.has(path), path)

    def test_pages_and_what_is_beside_them_are(self) -> None:
        for path in (
            'index.html',
            'audit.json',
            'chart-wide-light.svg',
            audit_site.NOBODY,
            *map(audit_site.of_project, audits.HOSTILE),
            *map(audit_site.of_team, audits.HOSTILE),
            *map(audit_site.of_account, audits.HOSTILE),
        ):
            self.assertTrue(audit_site.has(path), path)
