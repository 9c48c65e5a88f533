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

"""Overviews: asked for briefly, and only what has changed."""

from __future__ import annotations

import json
import pathlib

import fixtures
import testtools

from openstack_publish import seams
from openstack_publish.gates import cache
from openstack_publish.gates import web
from openstack_publish.gates.index import plain
from openstack_publish.gates.index import pypi
from openstack_publish.model import knowledge
from openstack_publish.model import listing
from openstack_publish.model import names
from tests.support import hand_clocks
from tests.support import httpd
from tests.unit.gates import test_index as pages

PROJECT = pages.PROJECT
JSON_PATH, SIMPLE_PATH = pages.JSON_PATH, pages.SIMPLE_PATH
NOT_MODIFIED = httpd.answer(status='304 Not Modified')


class OverviewTestCase(testtools.TestCase):
    def setUp(self) -> None:
        super().setUp()
        self.server = self.useFixture(httpd.Server())
        self.reader = web.Web(hand_clocks.HandClock())
        self.place = pathlib.Path(self.useFixture(fixtures.TempDir()).path)

    def make(self, kept: seams.Cache | None = None) -> pypi.PypiIndex:
        return pypi.PypiIndex(self.reader, self.server.url, kept)

    def directory(self) -> cache.DirectoryCache:
        return cache.DirectoryCache(str(self.place))

    def tagged(
        self, page: object, etag: str, content_type: str = pypi.JSON
    ) -> httpd.Reply:
        return httpd.answer(
            json.dumps(page).encode(), content_type, headers={'ETag': etag}
        )

    def assert_unknown(self, part: object, why: str) -> None:
        assert isinstance(part, knowledge.Unknown), part
        self.assertIn(why, part.why)


class TestPypi(OverviewTestCase):
    def read(self) -> listing.Overview:
        return self.make().read_overview(PROJECT)

    def test_each_trouble_is_told_of_the_part_that_it_spoils(self) -> None:
        good = {
            JSON_PATH: pages.as_json(pages.json_page()),
            SIMPLE_PATH: pages.as_simple(pages.simple_page()),
        }
        other = {'info': {'name': 'other', 'version': '1'}}
        for reply, why in (
            (httpd.answer(status='500 Oops'), 'answers 500 Oops'),
            (httpd.answer(b'<html>', 'text/html'), 'the answer is text/html'),
            (httpd.cut_off(b'{'), 'cut off'),
            (
                pages.as_json(pages.json_page(**other)),
                "it is about 'other', we asked for oslo-demo",
            ),
            (httpd.answer(b'{"info": {"na'), 'that are no JSON document'),
        ):
            self.server.on(JSON_PATH, reply)
            self.server.on(SIMPLE_PATH, good[SIMPLE_PATH])
            found = self.read()
            self.assert_unknown(found.maintainers, why)
            self.assertEqual(knowledge.Known(()), found.files)
        for reply, why in (
            (httpd.answer(status='500 Oops'), 'answers 500 Oops'),
            (httpd.answer(b'{}'), 'the answer is application/json, not'),
            (
                pages.as_simple(pages.simple_page(name='other')),
                "it is about 'other'",
            ),
            (httpd.answer(b'{"me', pypi.SIMPLE_JSON), 'no JSON document'),
        ):
            self.server.on(JSON_PATH, good[JSON_PATH])
            self.server.on(SIMPLE_PATH, reply)
            found = self.read()
            self.assert_unknown(found.files, why)
            self.assert_unknown(found.status, why)
            self.assertIsInstance(found.maintainers, knowledge.Known)

    def test_a_redirect_to_the_name_in_its_one_form_is_followed(self) -> None:
        self.server.on(JSON_PATH, httpd.redirect('/pypi/oslo-demo/json/'))
        self.server.on(
            '/pypi/oslo-demo/json/', pages.as_json(pages.json_page())
        )
        self.server.on(SIMPLE_PATH, httpd.redirect('http://localhost:1/x/'))
        found = self.read()
        self.assertIsInstance(found.maintainers, knowledge.Known)
        self.assert_unknown(found.files, "redirected off the server's host")

    def test_two_questions_are_enough_for_one_that_is_there(self) -> None:
        self.server.on(JSON_PATH, pages.as_json(pages.json_page()))
        self.server.on(SIMPLE_PATH, pages.as_simple(pages.simple_page()))
        self.read()
        self.assertEqual(
            [JSON_PATH, SIMPLE_PATH],
            [request.path for request in self.server.requests],
        )
        for request in self.server.requests:
            self.assertEqual('no-cache', request.headers['cache-control'])

    def test_xmlrpc_is_asked_of_one_that_seems_new(self) -> None:
        self.server.on(JSON_PATH, pages.JSON_404)
        self.server.on(SIMPLE_PATH, pages.SIMPLE_404)
        self.server.on('/pypi', pages.as_xml([]))
        self.assertEqual(knowledge.Known(True), self.read().new)
        self.assertEqual(1, len(self.server.asked('/pypi')))


class TestCache(OverviewTestCase):
    """What did not change is not sent again, and nothing else is saved."""

    def setUp(self) -> None:
        super().setUp()
        self.kept = self.directory()
        self.server.on(
            JSON_PATH, self.tagged(pages.json_page(), '"j1"'), NOT_MODIFIED
        )
        self.server.on(
            SIMPLE_PATH,
            self.tagged(pages.simple_page(), '"s1"', pypi.SIMPLE_JSON),
            NOT_MODIFIED,
        )

    def read(self) -> listing.Overview:
        return self.make(self.kept).read_overview(PROJECT)

    def tags(self, path: str) -> list[str | None]:
        return [
            request.headers.get('if-none-match')
            for request in self.server.asked(path)
        ]

    def test_a_304_is_the_document_that_was_kept(self) -> None:
        first = self.read()
        self.assertEqual(first, self.read())
        self.assertIsInstance(first.maintainers, knowledge.Known)
        self.assertEqual([None, '"j1"'], self.tags(JSON_PATH))
        self.assertEqual([None, '"s1"'], self.tags(SIMPLE_PATH))
        for request in self.server.requests:
            self.assertNotIn('cache-control', request.headers)

    def test_what_changed_takes_the_place_of_what_was_kept(self) -> None:
        self.read()
        ownership = {
            'roles': [{'role': 'Owner', 'user': 'mallory'}],
            'organization': None,
        }
        self.server.on(
            JSON_PATH,
            self.tagged(pages.json_page(ownership=ownership), '"j2"'),
            NOT_MODIFIED,
        )
        changed = self.read()
        assert isinstance(changed.maintainers, knowledge.Known)
        (role,) = changed.maintainers.value.roles
        self.assertEqual('mallory', role.user)
        self.assertEqual(changed, self.read())
        self.assertEqual([None, '"j1"', '"j2"'], self.tags(JSON_PATH))

    def test_a_kept_document_that_says_nothing_is_asked_for_anew(
        self,
    ) -> None:
        for body in (
            b'{"info"',
            json.dumps(
                pages.json_page(info={'name': 'evil', 'version': '1'})
            ).encode(),
        ):
            self.kept.put(
                self.server.url + JSON_PATH,
                pypi.JSON,
                seams.CachedAnswer('"j0"', body, pypi.JSON),
            )
            self.server.on(
                JSON_PATH,
                NOT_MODIFIED,
                self.tagged(pages.json_page(), '"j1"'),
                NOT_MODIFIED,
            )
            found = self.read()
            self.assertIsInstance(found.maintainers, knowledge.Known)
            self.assertEqual(found, self.read())
            self.assertEqual(['"j0"', None, '"j1"'], self.tags(JSON_PATH)[-3:])

    def test_a_kept_document_of_another_type_is_asked_for_anew(self) -> None:
        self.kept.put(
            self.server.url + JSON_PATH,
            pypi.JSON,
            seams.CachedAnswer('"j0"', b'{}', 'text/html'),
        )
        self.server.on(
            JSON_PATH, NOT_MODIFIED, pages.as_json(pages.json_page())
        )
        self.assertIsInstance(self.read().maintainers, knowledge.Known)

    def test_what_is_kept_is_no_answer_where_the_server_has_none(
        self,
    ) -> None:
        self.read()
        self.server.on(JSON_PATH, httpd.answer(status='500 Oops'))
        self.assert_unknown(self.read().maintainers, 'answers 500')
        self.server.on(JSON_PATH, pages.JSON_404)
        self.server.on('/pypi', pages.as_xml([['Owner', 'openstackci']]))
        self.assertFalse(self.read().has_visible_release)

    def test_only_what_could_be_read_is_kept(self) -> None:
        for reply in (
            self.tagged({'info': {}}, '"x"'),
            self.tagged(pages.json_page(), '"x"', 'text/html'),
            httpd.answer(
                b'{"message": "Not Found"}',
                status='404 Not Found',
                headers={'ETag': '"x"'},
            ),
            pages.as_json(pages.json_page()),
        ):
            self.server.on(JSON_PATH, reply)
            self.read()
            self.read()
        self.assertEqual({None}, set(self.tags(JSON_PATH)))

    def test_what_came_by_a_redirect_is_not_kept(self) -> None:
        self.server.on(JSON_PATH, httpd.redirect('/other'))
        self.server.on('/other', self.tagged(pages.json_page(), '"j1"'))
        self.read()
        self.read()
        self.assertEqual([None, None], self.tags('/other'))

    def test_publishing_never_uses_it(self) -> None:
        self.read()
        self.server.on(JSON_PATH, self.tagged(pages.json_page(), '"j1"'))
        self.server.on(
            pages.RELEASE_PATH, self.tagged(pages.json_page(), '"r1"')
        )
        self.server.on(
            SIMPLE_PATH,
            self.tagged(pages.simple_page(), '"s1"', pypi.SIMPLE_JSON),
        )
        before = len(self.server.requests)
        with self.make(self.kept) as index:
            index.read_project(PROJECT, pages.VERSION)
            index.read_release(PROJECT, pages.VERSION)
        for request in self.server.requests[before:]:
            self.assertNotIn('if-none-match', request.headers)
            self.assertEqual('no-cache', request.headers['cache-control'])


class TestPlain(OverviewTestCase):
    PAGE, LIST = '/simple/oslo-demo/', '/simple/'

    def setUp(self) -> None:
        super().setUp()
        url = f'{self.server.url}/simple/'
        self.index = plain.PlainIndex(self.reader, url, self.directory())

    def read(self, project: str = PROJECT) -> listing.Overview:
        return self.index.read_overview(names.project_name(project))

    def links(self, *filenames: str) -> bytes:
        return ''.join(
            f'<a href="../../files/{name}">{name}</a>' for name in filenames
        ).encode()

    def test_a_server_that_fails_is_unknown(self) -> None:
        self.server.on(self.PAGE, httpd.answer(status='500 Oops'))
        found = self.read()
        for part in (found.new, found.files, found.status):
            self.assert_unknown(part, 'answers 500')

    def test_a_page_that_did_not_change_is_read_again(self) -> None:
        self.server.on(
            self.PAGE,
            httpd.answer(
                self.links('oslo_demo-1.0.tar.gz'),
                'text/html; charset=UTF-8',
                headers={'ETag': '"1"'},
            ),
            NOT_MODIFIED,
        )
        first, again = self.read(), self.read()
        self.assertEqual(first, again)
        assert isinstance(first.files, knowledge.Known)
        self.assertEqual(
            [f'{self.server.url}/files/oslo_demo-1.0.tar.gz'],
            [file.url for file in first.files.value],
        )
        self.assertEqual(
            [None, '"1"'],
            [
                request.headers.get('if-none-match')
                for request in self.server.asked(self.PAGE)
            ],
        )

    def test_the_list_of_projects_is_read_once_for_all(self) -> None:
        self.server.on(
            self.LIST, httpd.answer(b'<a href="b/">b</a>', 'text/html')
        )
        for project, new in (('a', True), ('c', True)):
            self.assertEqual(knowledge.Known(new), self.read(project).new)
        self.assert_unknown(self.read('b').new, 'names it, but has no page')
        self.assertEqual(1, len(self.server.asked(self.LIST)))
