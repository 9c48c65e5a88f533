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

import datetime

import testtools

from openstack_publish import exceptions
from openstack_publish.gates import probe
from openstack_publish.gates import web
from openstack_publish.model import listing
from tests.support import hand_clocks
from tests.support import httpd


class TestIndexProbe(testtools.TestCase):
    def setUp(self) -> None:
        super().setUp()
        self.server = self.useFixture(httpd.Server())

    def probe(
        self, kind: listing.IndexKind = 'pypi', tries: int = 1
    ) -> probe.IndexProbe:
        clock = hand_clocks.HandClock()
        return probe.IndexProbe(
            web.Web(clock, tries=tries), f'{self.server.url}/', kind, clock
        )

    def answers(
        self, reply: httpd.Reply, path: str = '/simple/openstack-publish/'
    ) -> None:
        self.server.on(path, reply)

    def cause(self, kind: listing.IndexKind = 'pypi') -> str:
        error = self.assertRaises(
            exceptions.Unavailable, self.probe(kind).contact
        )
        return str(error.cause)

    def test_a_server_error_is_no_answer(self) -> None:
        self.answers(httpd.answer(status='503 Service Unavailable'))
        self.assertIn('503', self.cause())

    def test_one_try_is_one_request(self) -> None:
        self.answers(httpd.answer(status='503 Service Unavailable'))
        self.cause()
        self.assertEqual(1, len(self.server.requests))

    def test_a_not_found_of_somebody_else_is_no_index(self) -> None:
        self.answers(httpd.answer(b'', 'text/html', '404 Not Found'))
        self.assertIn('not in the words of an index', self.cause())

    def test_a_page_of_another_kind_is_no_index(self) -> None:
        self.answers(httpd.answer(b'', 'image/png'))
        self.assertIn('image/png', self.cause())

    def test_a_plain_index_is_asked_below_its_url(self) -> None:
        self.answers(
            httpd.answer(b'', 'text/html', '404 Not Found'),
            '/openstack-publish/',
        )
        contact = self.probe('plain').contact()
        self.assertEqual(f'{self.server.url}/openstack-publish/', contact.url)

    def test_a_plain_index_may_point_elsewhere_for_what_it_has_not(
        self,
    ) -> None:
        there = httpd.answer(
            b'',
            'text/html',
            '303 See Other',
            {
                'Location': 'https://index.example/simple/openstack-publish/',
                'Date': 'Fri, 20 Nov 2026 12:00:00 GMT',
            },
        )
        self.answers(there, '/openstack-publish/')
        contact = self.probe('plain').contact()
        self.assertEqual(
            datetime.datetime(2026, 11, 20, 12, tzinfo=datetime.UTC),
            contact.date,
        )
        self.answers(there)
        self.assertIn("redirected off the server's host", self.cause())

    def test_date_and_age_are_read_in_utc(self) -> None:
        self.answers(
            httpd.answer(
                b'{}',
                'application/vnd.pypi.simple.v1+json',
                headers={
                    'Date': 'Fri, 20 Nov 2026 13:00:00 +0100',
                    'Age': '17',
                },
            )
        )
        contact = self.probe().contact()
        self.assertEqual(
            datetime.datetime(2026, 11, 20, 12, tzinfo=datetime.UTC),
            contact.date,
        )
        self.assertEqual(17.0, contact.age)

    def test_what_is_no_date_is_none(self) -> None:
        for date in (
            '',
            'yesterday',
            'Fri, 99 Nov 2026 12:00:00 GMT',
            'Fri, 31 Dec 9999 23:59:59 -2300',
        ):
            self.answers(
                httpd.answer(
                    b'', 'text/html', headers={'Date': date, 'Age': '-1'}
                )
            )
            contact = self.probe().contact()
            self.assertIsNone(contact.date)
            self.assertEqual(0.0, contact.age)
