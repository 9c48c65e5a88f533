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

"""A user's projects, by XML-RPC: whatever is malformed is unknown."""

from __future__ import annotations

import xmlrpc.client
from typing import Any

import testtools

from openstack_publish import exceptions
from openstack_publish.gates import web
from openstack_publish.gates.index import xmlrpc_roles
from openstack_publish.model import knowledge
from openstack_publish.model import names
from tests.support import hand_clocks
from tests.support import httpd


def answered(value: Any) -> httpd.Reply:
    """Answer a call with a value."""
    text = xmlrpc.client.dumps((value,), methodresponse=True)
    return httpd.answer(text.encode(), 'text/xml')


class TestAccounts(testtools.TestCase):
    def setUp(self) -> None:
        super().setUp()
        self.server = self.useFixture(httpd.Server())
        reader = web.Web(hand_clocks.WallClock(), timeout=5.0)
        self.addCleanup(reader.close)
        self.accounts = xmlrpc_roles.Accounts(reader, self.server.url)

    def test_every_project_in_its_one_form(self) -> None:
        self.server.on(
            '/pypi',
            answered([['Owner', 'Oslo.Demo'], ['Maintainer', 'os_vif']]),
        )
        self.assertEqual(
            knowledge.Known(
                (names.project_name('oslo-demo'), names.project_name('os-vif'))
            ),
            self.accounts.projects_of('openstackci'),
        )
        (asked,) = self.server.requests
        self.assertIn(b'user_packages', asked.body)
        self.assertIn(b'openstackci', asked.body)

    def test_ten_thousand_projects_are_not_too_many(self) -> None:
        names_of = [['Owner', f'project-{number}'] for number in range(10_000)]
        self.server.on('/pypi', answered(names_of))
        found = self.accounts.projects_of('openstackci')
        assert isinstance(found, knowledge.Known), found
        self.assertEqual(10_000, len(found.value))

    def test_nothing_is_a_fact(self) -> None:
        self.server.on('/pypi', answered([]))
        self.assertEqual(knowledge.Known(()), self.accounts.projects_of('x'))

    def test_whatever_else_comes_is_unknown(self) -> None:
        fault = xmlrpc.client.dumps(
            xmlrpc.client.Fault(-32500, 'HTTPTooManyRequests: wait'),
            methodresponse=True,
        )
        for reply, why in (
            (httpd.answer(fault.encode(), 'text/xml'), 'HTTPTooManyRequests'),
            (httpd.answer(b'<html>', 'text/html'), 'no answer to'),
            (httpd.answer(status='404 Not Found'), 'answers 404'),
            (httpd.answer(status='500 Oh'), 'answers 500'),
            (answered('x'), 'no answer to'),
            (answered([['Owner']]), 'no answer to'),
            (answered([['Owner', 1]]), 'no answer to'),
            (answered([['Owner', ' ']]), 'no answer to'),
            (answered([['Owner', '../x']]), "'../x' is no name"),
        ):
            self.server.on('/pypi', reply)
            found = self.accounts.projects_of('openstackci')
            assert isinstance(found, knowledge.Unknown), found
            self.assertEqual('projects of openstackci by XML-RPC', found.what)
            self.assertIn(why, found.why)

    def test_a_place_that_may_not_be_read_is_refused(self) -> None:
        self.assertRaises(
            exceptions.Misconfigured,
            xmlrpc_roles.Accounts,
            web.Web(hand_clocks.WallClock()),
            'http://index.example',
        )
