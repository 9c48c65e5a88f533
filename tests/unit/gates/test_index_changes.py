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

"""The changelog and the feed of updates: what is believed of them."""

from __future__ import annotations

import xmlrpc.client
from typing import Any

import testtools

from openstack_publish.gates import web
from openstack_publish.gates.index import changelog
from openstack_publish.gates.index import updates
from openstack_publish.model import knowledge
from openstack_publish.seams import alerts
from tests.support import hand_clocks
from tests.support import httpd
from tests.support import standin


class TestRealAnswers(testtools.TestCase):
    """What an index like PyPI says."""

    def setUp(self) -> None:
        super().setUp()
        self.index = self.useFixture(standin.StandIn()).index
        self.reader = self.enterContext(
            web.Web(hand_clocks.HandClock(), tries=1)
        )
        self.store = self.index.store
        self.store.add_project('Os_Vif', owner='openstackci')

    def test_rows_come_oldest_first_with_names_in_their_one_form(
        self,
    ) -> None:
        source = changelog.XmlRpcChangelog(self.reader, self.index.url)
        self.store.add_file('os-vif', '1.0', 'os_vif-1.0.tar.gz', b'one')
        rows = source.since(0)
        assert isinstance(rows, knowledge.Known)
        self.assertEqual(
            [
                ('os-vif', None, 'create'),
                ('os-vif', None, 'add Owner openstackci'),
                ('os-vif', '1.0', 'new release'),
                ('os-vif', '1.0', 'add source file os_vif-1.0.tar.gz'),
            ],
            [(row.project, row.version, row.action) for row in rows.value],
        )
        last = source.last_serial()
        self.assertEqual(knowledge.Known(rows.value[-1].serial), last)
        self.assertEqual(
            knowledge.Known(()), source.since(rows.value[-1].serial)
        )

    def test_a_limit_of_calls_is_no_loss(self) -> None:
        self.store.limits.xmlrpc_calls_per_hour = 0
        source = changelog.XmlRpcChangelog(self.reader, self.index.url)
        self.assertIsInstance(source.since(0), alerts.Busy)
        self.assertIsInstance(source.last_serial(), alerts.Busy)

    def test_the_feed_has_project_version_and_time(self) -> None:
        self.store.add_file('os-vif', '1.0', 'os_vif-1.0.tar.gz', b'one')
        newest = updates.RssUpdates(self.reader, self.index.url).newest()
        assert isinstance(newest, knowledge.Known)
        (update,) = newest.value
        self.assertEqual(('os-vif', '1.0'), (update.project, update.version))
        created = self.store.release('os-vif', '1.0').created
        self.assertEqual(created.replace(microsecond=0), update.time)


class TestBrokenAnswers(testtools.TestCase):
    """Whatever else is said is unknown, with the reason."""

    def setUp(self) -> None:
        super().setUp()
        self.server = self.useFixture(httpd.Server())
        self.reader = self.enterContext(
            web.Web(hand_clocks.HandClock(), tries=1)
        )

    def say(self, body: bytes, kind: str = 'text/xml') -> None:
        self.answer(httpd.answer(body, kind))

    def answer(self, reply: httpd.Reply) -> None:
        for path in ('/pypi', updates.PATH):
            self.server.on(path, reply)

    def since(self, result: Any) -> knowledge.Unknown:
        self.say(
            xmlrpc.client.dumps(
                (result,), methodresponse=True, allow_none=True
            ).encode()
        )
        source = changelog.XmlRpcChangelog(self.reader, self.server.url)
        found = source.since(5)
        assert isinstance(found, knowledge.Unknown), found
        return found

    def test_rows_of_another_form_are_no_rows(self) -> None:
        good = ['os-vif', '1.0', 1700000000, 'new release', 6]
        results: tuple[Any, ...] = (
            'text',
            {'rows': []},
            [good[:4]],
            [[*good, 1]],
            [['os-vif', 1, 1700000000, 'x', 6]],
            [[None, None, 1700000000, 'x', 6]],
            [['os-vif', None, 'yesterday', 'x', 6]],
            [['os-vif', None, 1700000000, 'x', True]],
            [['os-vif', None, 1700000000, 'x', '6']],
        )
        for result in results:
            self.assertIn('no answer', self.since(result).why)

    def test_a_serial_that_no_database_holds_is_no_serial(self) -> None:
        row = ['os-vif', '1.0', 1700000000, 'new release', 6]
        # xmlrpc.client writes no number of more than 32 bits.
        text = xmlrpc.client.dumps(([row],), methodresponse=True)
        self.say(text.replace('<int>6<', f'<int>{2**63}<').encode())
        source = changelog.XmlRpcChangelog(self.reader, self.server.url)
        found = source.since(5)
        assert isinstance(found, knowledge.Unknown), found
        self.assertIn('no answer', found.why)

    def test_serials_that_do_not_rise_would_be_asked_for_ever(self) -> None:
        row = ['os-vif', None, 1700000000, 'create']
        for serials in ([5], [4], [6, 6], [7, 6]):
            self.since([[*row, serial] for serial in serials])

    def test_a_bomb_of_entities_is_no_feed_and_no_changelog(self) -> None:
        bomb = (
            b'<?xml version="1.0"?><!DOCTYPE b [<!ENTITY a "aaaaaaaaaa">'
            b'<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><rss>&b;</rss>'
        )
        self.say(bomb)
        source = updates.RssUpdates(self.reader, self.server.url)
        self.assertIsInstance(source.newest(), knowledge.Unknown)
        log = changelog.XmlRpcChangelog(self.reader, self.server.url)
        self.assertIsInstance(log.since(0), knowledge.Unknown)

    def test_what_is_no_feed_is_unknown(self) -> None:
        item = (
            '<item><link>https://x/project/os-vif/1.0/</link>'
            '<pubDate>Fri, 20 Nov 2026 12:00:00 GMT</pubDate></item>'
        )
        feed = f'<rss><channel>{item}</channel></rss>'
        source = updates.RssUpdates(self.reader, self.server.url)
        for text, kind in (
            (feed, 'text/html'),
            (feed.replace('rss', 'feed'), 'text/xml'),
            (feed.replace('/1.0/', '/'), 'text/xml'),
            (feed.replace('project', 'other'), 'text/xml'),
            (feed.replace('Fri, 20 Nov 2026', 'yesterday'), 'text/xml'),
            (
                feed.replace('<link>', '<a>').replace('</link>', '</a>'),
                'text/xml',
            ),
            (feed[:-5], 'text/xml'),
            ('', 'text/xml'),
        ):
            self.say(text.encode(), kind)
            self.assertIsInstance(source.newest(), knowledge.Unknown, text)
        self.say(feed.encode())
        self.assertIsInstance(source.newest(), knowledge.Known)

    def test_no_answer_is_unknown(self) -> None:
        self.answer(httpd.answer(status='500 Internal Server Error'))
        source = updates.RssUpdates(self.reader, self.server.url)
        self.assertIsInstance(source.newest(), knowledge.Unknown)
        log = changelog.XmlRpcChangelog(self.reader, self.server.url)
        self.assertNotIsInstance(log.since(0), alerts.Busy)
        self.answer(httpd.answer(status='429 Too Many Requests'))
        self.assertIsInstance(log.since(0), alerts.Busy)
