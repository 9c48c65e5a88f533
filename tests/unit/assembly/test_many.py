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

"""Where the overviews of many projects are read."""

from __future__ import annotations

import testtools
from twine import repository

from openstack_publish import exceptions
from openstack_publish.assembly import many
from openstack_publish.assembly import settings
from openstack_publish.model import listing
from tests.support import hand_clocks


class TestWhere(testtools.TestCase):
    def place(
        self,
        configuration: settings.Configuration,
        kind: listing.IndexKind = 'pypi',
    ) -> str:
        clock = hand_clocks.HandClock()
        with many.overviews(configuration, clock, kind) as index:
            self.assertEqual(kind, index.kind)
            return index.read_url

    def test_what_may_not_be_read_is_refused(self) -> None:
        for url in ('http://index.example/', 'index', 'https://u:p@h/'):
            error = self.assertRaises(
                exceptions.Misconfigured,
                self.place,
                settings.Configuration(read_url=url),
            )
            self.assertEqual('--read-url', error.where)

    def test_a_certificate_that_is_not_there_is_refused(self) -> None:
        error = self.assertRaises(
            exceptions.Misconfigured,
            self.place,
            settings.Configuration(read_url='https://h/', cert='/proc/no'),
        )
        self.assertEqual('--cert', error.where)

    def test_it_is_pypi_unless_another_index_is_named(self) -> None:
        root = repository.WAREHOUSE_WEB.rstrip('/')
        for configuration in (
            settings.Configuration(),
            # Uploads may go elsewhere; nothing is uploaded here.
            settings.Configuration(repository_url='https://h/legacy/'),
        ):
            self.assertEqual(root, self.place(configuration))
        self.assertEqual(
            f'{root}/simple', self.place(settings.Configuration(), 'plain')
        )

    def test_an_index_that_is_named_is_read(self) -> None:
        named = settings.Configuration(read_url='https://h/root/')
        self.assertEqual('https://h/root', self.place(named))
        self.assertEqual('https://h/root', self.place(named, 'plain'))
