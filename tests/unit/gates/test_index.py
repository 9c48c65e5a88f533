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

import json
import pathlib
import xmlrpc.client
from collections.abc import Mapping
from typing import Any

import fixtures
import testtools

from openstack_publish import exceptions
from openstack_publish.gates import web
from openstack_publish.gates.index import pypi as index
from openstack_publish.model import knowledge
from openstack_publish.model import listing
from openstack_publish.model import maintainers
from openstack_publish.model import names
from tests.support import hand_clocks
from tests.support import httpd
from tests.support import standin

PROJECT = names.project_name('oslo.demo')
VERSION = '1.2.0'
SDIST = 'oslo_demo-1.2.0.tar.gz'
WHEEL = 'oslo_demo-1.2.0-py3-none-any.whl'
ONE, TWO = '1' * 64, '2' * 64
OWNERSHIP = {
    'roles': [{'role': 'Owner', 'user': 'openstackci'}],
    'organization': None,
}
OPENSTACKCI = maintainers.Role('openstackci', 'Owner')
MALLORY = maintainers.Role('mallory', 'Maintainer')
JSON_PATH = '/pypi/oslo-demo/json'
RELEASE_PATH = '/pypi/oslo-demo/1.2.0/json'
SIMPLE_PATH = '/simple/oslo-demo/'
JSON_404 = httpd.answer(b'{"message": "Not Found"}', status='404 Not Found')
SIMPLE_404 = httpd.answer(b'404 Not Found', 'text/plain', '404 Not Found')


def json_file(filename: str, sha256: str = ONE, **more: object) -> object:
    return {
        'filename': filename,
        'url': f'https://files.example/{filename}',
        'digests': {'sha256': sha256, 'md5': 'x'},
        'size': 10,
        'upload_time_iso_8601': '2026-11-20T10:00:00.123456Z',
        'yanked': False,
        **more,
    }


def simple_file(filename: str, sha256: str = ONE, **more: Any) -> object:
    return {
        'filename': filename,
        'url': f'https://files.example/{filename}',
        'hashes': {'sha256': sha256},
        'yanked': False,
        **more,
    }


def json_page(
    *files: object, ownership: object = OWNERSHIP, **more: object
) -> dict[str, Any]:
    page: dict[str, Any] = {
        'info': {'name': 'oslo.demo', 'version': VERSION},
        'urls': list(files),
        'last_serial': 7,
        'ownership': ownership,
    }
    page.update(more)
    return page


def simple_page(*files: object, **more: object) -> dict[str, Any]:
    page: dict[str, Any] = {
        'meta': {'api-version': '1.4', '_last-serial': 7},
        'name': 'oslo-demo',
        'project-status': {'status': 'active'},
        'files': list(files),
    }
    page.update(more)
    return page


def as_json(page: object) -> httpd.Reply:
    return httpd.answer(json.dumps(page).encode())


def as_simple(page: object) -> httpd.Reply:
    return httpd.answer(json.dumps(page).encode(), index.SIMPLE_JSON)


def as_xml(value: Any) -> httpd.Reply:
    if isinstance(value, xmlrpc.client.Fault):
        text = xmlrpc.client.dumps(value)
    else:
        text = xmlrpc.client.dumps((value,), methodresponse=True)
    return httpd.answer(text.encode(), 'text/xml')


class IndexTestCase(testtools.TestCase):
    """An index whose every answer is set by the test."""

    def setUp(self) -> None:
        super().setUp()
        self.server = self.useFixture(httpd.Server())
        self.index = index.PypiIndex(
            web.Web(hand_clocks.HandClock()),
            self.server.url + '/',
        )
        self.serve(json_page(), json_page(), simple_page())

    def serve(self, whole: object, release: object, simple: object) -> None:
        for path, page, form in (
            (JSON_PATH, whole, as_json),
            (RELEASE_PATH, release, as_json),
            (SIMPLE_PATH, simple, as_simple),
        ):
            self.server.on(
                path,
                form(page) if isinstance(page, Mapping) else page,  # type: ignore[arg-type]
            )

    def project(self) -> listing.Listing:
        return self.index.read_project(PROJECT, VERSION)

    def release(self) -> listing.ReleaseReading:
        return self.index.read_release(PROJECT, VERSION)

    def assert_unknown(self, part: object, why: str) -> None:
        self.assertIsInstance(part, knowledge.Unknown)
        assert isinstance(part, knowledge.Unknown)
        self.assertIn(why, part.why)


class TestMaintainers(IndexTestCase):
    """Who could not be read is never nobody."""

    def test_roles_and_organization_are_read_from_the_json(self) -> None:
        ownership = {
            'roles': [
                {'role': 'Maintainer', 'user': 'mallory'},
                {'role': 'Owner', 'user': 'openstackci'},
            ],
            'organization': 'openstack',
        }
        page = json_page(ownership=ownership)
        self.serve(page, page, simple_page())
        self.assertEqual(
            knowledge.Known(
                maintainers.Maintainers(
                    (OPENSTACKCI, MALLORY), knowledge.Known('openstack')
                )
            ),
            self.project().maintainers,
        )
        self.assertEqual([], self.server.asked('/pypi'))

    def test_malformed_ownership_is_unknown(self) -> None:
        for ownership, why in (
            ([], 'ownership is no object'),
            ({'organization': None}, 'roles is no list'),
            ({'roles': [], 'organization': None}, 'ownership names nobody'),
            ({'roles': ['openstackci'], 'organization': None}, 'no object'),
            (
                {'roles': [{'role': 'Owner'}], 'organization': None},
                'user is no str',
            ),
            (
                {'roles': [{'role': 1, 'user': 'x'}], 'organization': None},
                'role is no str',
            ),
            (
                {'roles': [{'role': '', 'user': 'x'}], 'organization': None},
                'empty user or role',
            ),
            ({'roles': OWNERSHIP['roles']}, 'organization is no slug'),
            (
                {'roles': OWNERSHIP['roles'], 'organization': 5},
                'organization is no slug',
            ),
        ):
            page = json_page(ownership=ownership)
            self.serve(page, page, simple_page())
            self.assert_unknown(self.project().maintainers, why)
            self.assert_unknown(self.release().maintainers, why)
        self.assertEqual([], self.server.asked('/pypi'))

    def test_two_documents_that_disagree_are_not_believed(self) -> None:
        for other, shown in (
            (
                {'roles': [{'role': 'Owner', 'user': 'x'}]},
                'Owner x (organization none)',
            ),
            (
                {'organization': 'evil'},
                'Owner openstackci (organization evil)',
            ),
        ):
            self.serve(
                json_page(),
                json_page(ownership={**OWNERSHIP, **other}),
                simple_page(),
            )
            self.assert_unknown(
                self.project().maintainers,
                f'different ones: {shown}, and Owner openstackci '
                '(organization none)',
            )

    def test_roles_in_one_document_are_enough(self) -> None:
        self.serve(json_page(), json_page(ownership=None), simple_page())
        self.assertIsInstance(self.project().maintainers, knowledge.Known)
        self.serve(json_page(ownership=None), json_page(), simple_page())
        self.assertIsInstance(self.project().maintainers, knowledge.Known)
        self.assertEqual([], self.server.asked('/pypi'))

    def test_without_ownership_xmlrpc_is_asked_for_the_roles(self) -> None:
        page = json_page(ownership=None)
        self.serve(page, page, simple_page())
        self.server.on(
            '/pypi',
            as_xml([['Owner', 'openstackci'], ['Maintainer', 'mallory']]),
        )
        for found in (self.project(), self.release()):
            assert isinstance(found.maintainers, knowledge.Known)
            who = found.maintainers.value
            self.assertEqual((OPENSTACKCI, MALLORY), who.roles)
            self.assert_unknown(who.organization, 'XML-RPC')
        request = self.server.asked('/pypi')[0]
        self.assertEqual(
            (('oslo-demo',), 'package_roles'),
            xmlrpc.client.loads(request.body),
        )

    def test_xmlrpc_that_does_not_tell_is_unknown(self) -> None:
        page = json_page(ownership=None)
        self.serve(page, page, simple_page())
        entity = (
            b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]>'
            b'<methodResponse><params><param><value><string>&a;</string>'
            b'</value></param></params></methodResponse>'
        )
        for reply, why in (
            (as_xml([]), 'names nobody, though the project exists'),
            (
                as_xml(
                    xmlrpc.client.Fault(
                        -32500,
                        'HTTPTooManyRequests: Limit may reset in 60 seconds.',
                    )
                ),
                'HTTPTooManyRequests: Limit may reset in 60 seconds.',
            ),
            (as_xml('openstackci'), 'no answer to'),
            (as_xml([['Owner']]), 'no answer to'),
            (as_xml([['Owner', 1]]), 'no answer to'),
            (as_xml([['Owner', ' ']]), 'no answer to'),
            (httpd.answer(b'', 'text/xml'), 'no answer to'),
            (httpd.answer(b'<methodResp', 'text/xml'), 'no answer to'),
            (httpd.answer(b'<html></html>', 'text/html'), 'no answer to'),
            (httpd.answer(entity, 'text/xml'), 'DTDForbidden'),
            (httpd.answer(status='404 Not Found'), 'answers 404'),
            (httpd.answer(status='500 Oops'), 'answers 500 Oops'),
            (httpd.reset, 'closed the connection'),
            (httpd.cut_off(b'<m', 'text/xml'), 'cut off'),
        ):
            self.server.on('/pypi', reply)
            self.assert_unknown(self.project().maintainers, why)

    def test_xmlrpc_that_is_silent_is_unknown(self) -> None:
        page = json_page(ownership=None)
        self.serve(page, page, simple_page())
        self.server.on('/pypi', httpd.silent)
        self.index = index.PypiIndex(
            web.Web(hand_clocks.HandClock(), timeout=0.2), self.server.url
        )
        self.assert_unknown(
            self.project().maintainers, 'no answer within 0.2 s'
        )

    def test_a_document_that_is_away_leaves_them_unknown(self) -> None:
        away = httpd.answer(status='503 Service Unavailable')
        self.serve(away, JSON_404, simple_page())
        found = self.project()
        self.assert_unknown(found.maintainers, '503 Service Unavailable')
        self.assertEqual(knowledge.Known(False), found.new)

    def test_a_release_that_does_not_show_has_no_moment(self) -> None:
        self.serve(json_page(), JSON_404, simple_page())
        self.assert_unknown(
            self.release().maintainers, 'does not show 1.2.0 yet'
        )


class TestNewProjects(IndexTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.serve(JSON_404, JSON_404, SIMPLE_404)
        self.server.on('/pypi', as_xml([]))

    def test_one_that_no_route_knows_is_new(self) -> None:
        found = self.project()
        self.assertEqual(knowledge.Known(True), found.new)
        self.assertEqual(knowledge.Known(()), found.files)
        self.assertEqual(knowledge.Known(()), found.release)
        self.assertEqual(knowledge.Known('active'), found.status)
        self.assertIsNone(found.serial)

    def test_xmlrpc_that_names_somebody_contradicts(self) -> None:
        self.server.on('/pypi', as_xml([['Owner', 'mallory']]))
        found = self.project()
        self.assert_unknown(found.new, 'XML-RPC names Owner mallory')
        self.assert_unknown(found.maintainers, 'XML-RPC names Owner mallory')

    def test_silence_of_xmlrpc_is_no_objection(self) -> None:
        self.server.on('/pypi', httpd.answer(status='410 Gone'))
        self.assertEqual(knowledge.Known(True), self.project().new)

    def test_a_404_in_other_words_proves_nothing(self) -> None:
        page = httpd.answer(b'<html>', 'text/html', '404 Not Found')
        for replies in (
            (page, JSON_404, SIMPLE_404),
            (JSON_404, page, SIMPLE_404),
            (JSON_404, JSON_404, page),
            *(
                (
                    httpd.answer(body, status='404 Not Found'),
                    JSON_404,
                    SIMPLE_404,
                )
                for body in (b'{}', b'', b'[' * 100_000, b'"Not Found"')
            ),
        ):
            self.serve(*replies)
            found = self.project()
            self.assert_unknown(found.new, 'not in the words of the index')
            self.assert_unknown(found.maintainers, 'not in the words')

    def test_one_without_a_visible_release_exists(self) -> None:
        self.serve(
            JSON_404,
            JSON_404,
            simple_page(**{'project-status': {'status': 'quarantined'}}),
        )
        self.server.on('/pypi', as_xml([['Owner', 'openstackci']]))
        found = self.project()
        self.assertEqual(knowledge.Known(False), found.new)
        self.assertEqual(knowledge.Known('quarantined'), found.status)
        self.assertEqual(knowledge.Known(()), found.release)
        self.assertFalse(found.has_visible_release)
        assert isinstance(found.maintainers, knowledge.Known)
        self.assertEqual((OPENSTACKCI,), found.maintainers.value.roles)

    def test_json_without_a_simple_page_is_a_contradiction(self) -> None:
        self.serve(json_page(), json_page(), SIMPLE_404)
        found = self.project()
        self.assertEqual(knowledge.Known(False), found.new)
        for part in (found.files, found.release, found.status):
            self.assert_unknown(part, 'JSON does not say the same')


class TestFiles(IndexTestCase):
    def names(
        self, part: knowledge.Knowledge[tuple[listing.ListedFile, ...]]
    ) -> list[str]:
        assert isinstance(part, knowledge.Known)
        return [file.filename for file in part.value]

    def test_everything_that_is_said_of_a_file_is_read(self) -> None:
        page = json_page(json_file(SDIST))
        self.serve(
            page,
            page,
            simple_page(
                simple_file(
                    SDIST,
                    ONE,
                    **{
                        'size': 10,
                        'upload-time': '2026-11-20T10:00:00.123456Z',
                        'yanked': '',
                        'provenance': 'https://p.example/x',
                    },
                )
            ),
        )
        found = self.project().release
        assert isinstance(found, knowledge.Known)
        (file,) = found.value
        self.assertEqual((ONE, 10), (file.sha256, file.size))
        self.assertEqual('https://p.example/x', file.provenance)
        # It is yanked, and nobody says why (PEP 592).
        self.assertEqual((True, None), (file.yanked, file.yanked_reason))
        assert file.uploaded is not None
        self.assertEqual(
            '2026-11-20T10:00:00.123456+00:00', file.uploaded.isoformat()
        )

    def test_why_a_file_was_yanked_is_told_by_either_route(self) -> None:
        for told, simple in (
            ({'yanked': True, 'yanked_reason': 'bad'}, {'yanked': True}),
            ({'yanked': True, 'yanked_reason': None}, {'yanked': 'bad'}),
        ):
            page = json_page(json_file(SDIST, **told))
            self.serve(
                page, page, simple_page(simple_file(SDIST, ONE, **simple))
            )
            found = self.project().release
            assert isinstance(found, knowledge.Known)
            (file,) = found.value
            self.assertEqual((True, 'bad'), (file.yanked, file.yanked_reason))

    def test_a_release_is_what_either_route_lists(self) -> None:
        planted = 'oslo_demo-1.2-cp312-cp312-manylinux_2_17_x86_64.whl'
        self.serve(
            json_page(),
            json_page(json_file(SDIST)),
            simple_page(
                simple_file(planted), simple_file('oslo_demo-1.1.0.tar.gz')
            ),
        )
        self.assertEqual([SDIST, planted], self.names(self.project().release))

    def test_a_name_that_cannot_be_parsed_belongs_where_json_says(
        self,
    ) -> None:
        egg, other = 'oslo.demo-1.2.0-py3.egg', 'oslo.demo-1.2.0.win32.exe'
        self.serve(
            json_page(),
            json_page(json_file(egg)),
            simple_page(simple_file(egg), simple_file(other)),
        )
        self.assertEqual([egg], self.names(self.project().release))
        self.assertEqual([egg], self.names(self.release().simple_files))

    def test_two_digests_of_one_file_are_not_believed(self) -> None:
        self.serve(
            json_page(),
            json_page(json_file(SDIST, ONE)),
            simple_page(simple_file(SDIST, TWO)),
        )
        self.assert_unknown(
            self.project().release, f'two digests: sha256 {ONE} and {TWO}'
        )

    def test_a_release_that_no_route_shows_is_empty(self) -> None:
        self.serve(json_page(), JSON_404, simple_page())
        self.assertEqual(knowledge.Known(()), self.project().release)
        self.assertEqual(knowledge.Known(()), self.release().files)

    def test_a_route_that_is_away_leaves_the_release_unknown(self) -> None:
        away = httpd.answer(status='500 Oops')
        for replies in (
            (json_page(), away, simple_page()),
            (json_page(), json_page(), away),
        ):
            self.serve(*replies)
            self.assert_unknown(self.project().release, '500 Oops')

    def test_a_missing_digest_is_taken_from_the_other_route(self) -> None:
        bare = json_file(SDIST, digests={})
        self.serve(
            json_page(), json_page(bare), simple_page(simple_file(SDIST))
        )
        found = self.project().release
        assert isinstance(found, knowledge.Known)
        self.assertEqual(ONE, found.value[0].sha256)

    def test_a_link_may_be_relative_to_its_page(self) -> None:
        self.serve(
            json_page(),
            JSON_404,
            simple_page(simple_file(SDIST, url=f'../../files/{SDIST}')),
        )
        found = self.project().release
        assert isinstance(found, knowledge.Known)
        self.assertEqual(
            f'{self.server.url}/files/{SDIST}', found.value[0].url
        )


class TestMalformedDocuments(IndexTestCase):
    """What is not in its form is not believed in any part."""

    def test_json(self) -> None:
        deep = b'[' * 100_000
        for reply, why in (
            (httpd.answer(b'{"info": '), '9 bytes that are no JSON document'),
            (httpd.answer(b'\xff'), 'no JSON document'),
            (httpd.answer(deep), 'no JSON document'),
            (httpd.answer(b'{"a": "\\ud800"}'), 'half a character'),
            (httpd.answer(b'{"a": "\xed\xa0\x80"}'), 'no JSON document'),
            (httpd.answer(b'[]'), 'is no object'),
            (httpd.answer(b'<html>', 'text/html'), 'is text/html, not'),
            (httpd.answer(b'{}', ''), 'of no type'),
            (httpd.answer(status='403 Forbidden'), 'answers 403'),
            (httpd.cut_off(b'{"info": '), 'cut off'),
            (as_json(json_page(info=None)), 'info is no dict'),
            (
                as_json(json_page(info={'name': 'x', 'version': VERSION})),
                "about 'x', we asked for oslo-demo",
            ),
            (
                as_json(
                    json_page(info={'name': 'oslo.demo', 'version': '1.2.1'})
                ),
                'about version 1.2.1, we asked for 1.2.0',
            ),
            (
                as_json(json_page(info={'name': 'oslo.demo', 'version': '?'})),
                "info.version is '?'",
            ),
            (as_json(json_page(urls={})), 'urls is no list'),
            (as_json(json_page(last_serial='7')), 'serial is no number'),
            (as_json(json_page(last_serial=True)), 'serial is no number'),
            (as_json(json_page(last_serial=2**63)), 'serial is no number'),
            (as_json(json_page('x')), 'entry of urls is no object'),
            (
                as_json(json_page(json_file('../x'))),
                "'../x' is no file name",
            ),
            (
                as_json(json_page(json_file(SDIST, 'A' * 64))),
                'not 64 hexadecimal digits',
            ),
            (
                as_json(json_page(json_file(SDIST, url='http://h/x'))),
                'its host is not this machine',
            ),
            (
                as_json(json_page(json_file(SDIST, url='javascript:0'))),
                'neither https nor http',
            ),
            (
                as_json(json_page(json_file(SDIST, yanked='no'))),
                'yanked is neither true nor false',
            ),
            (
                as_json(json_page(json_file(SDIST, yanked_reason=1))),
                'yanked_reason is malformed',
            ),
            (
                as_json(json_page(json_file(SDIST, size=-1))),
                'size is malformed',
            ),
            (
                as_json(
                    json_page(
                        json_file(SDIST, upload_time_iso_8601='2026-11-20')
                    )
                ),
                'upload_time_iso_8601 is malformed',
            ),
        ):
            self.server.on(RELEASE_PATH, reply)
            self.assert_unknown(self.release().files, why)
            self.assert_unknown(self.release().maintainers, why)
            self.assert_unknown(self.project().release, why)

    def test_simple(self) -> None:
        for reply, why in (
            (httpd.answer(b'<!DOCTYPE', 'text/html'), 'is text/html, not'),
            (httpd.answer(b'{', index.SIMPLE_JSON), 'no JSON document'),
            (
                as_simple(simple_page(meta={'api-version': '2.0'})),
                "api-version is '2.0'",
            ),
            (as_simple(simple_page(meta={})), 'api-version is no str'),
            (as_simple(simple_page(name='other')), "about 'other'"),
            (as_simple(simple_page(files=None)), 'files is no list'),
            (
                as_simple(simple_page(**{'project-status': 'active'})),
                'project-status is no dict',
            ),
            (
                as_simple(simple_page(**{'project-status': {'status': ''}})),
                'status is empty',
            ),
            (
                as_simple(simple_page(simple_file(SDIST, yanked=1))),
                'yanked is neither bool nor text',
            ),
            (
                as_simple(simple_page(simple_file(SDIST, url='http://['))),
                'its URL is no URL',
            ),
            (
                as_simple(simple_page(simple_file(SDIST, provenance=1))),
                'provenance is malformed',
            ),
        ):
            self.server.on(SIMPLE_PATH, reply)
            found = self.release()
            self.assert_unknown(found.simple_files, why)
            self.assert_unknown(found.status, why)
            self.assert_unknown(self.project().status, why)

    def test_a_project_without_a_status_marker_is_active(self) -> None:
        page = simple_page()
        del page['project-status']
        self.server.on(SIMPLE_PATH, as_simple(page))
        self.assertEqual(knowledge.Known('active'), self.project().status)

    def test_what_a_mirror_makes_of_the_documents_is_read(self) -> None:
        """Links relative to the document, the private serial as text."""
        page = simple_page(meta={'api-version': '1.1', '_last-serial': '7'})
        self.server.on(SIMPLE_PATH, as_simple(page))
        self.server.on(
            RELEASE_PATH,
            as_json(json_page(json_file(SDIST, url='../../packages/x'))),
        )
        found = self.release()
        assert isinstance(found.files, knowledge.Known)
        self.assertEqual(
            [f'{self.server.url}/pypi/packages/x'],
            [file.url for file in found.files.value],
        )
        self.assertEqual(knowledge.Known('active'), found.status)

    def test_a_version_that_is_none_is_unknown(self) -> None:
        found = self.index.read_project(PROJECT, 'a/b')
        self.assert_unknown(found.release, 'not in the words')
        self.server.on('/pypi/oslo-demo/nope/json', as_json(json_page()))
        found = self.index.read_project(PROJECT, 'nope')
        self.assert_unknown(found.release, "'nope' is no version")


class TestAbsence(IndexTestCase):
    """What is missing on one route is not missing on all."""

    def test_a_release_that_json_alone_shows(self) -> None:
        self.serve(JSON_404, json_page(json_file(SDIST)), simple_page())
        found = self.project()
        self.assertEqual(knowledge.Known(False), found.new)
        self.assertIsInstance(found.maintainers, knowledge.Known)

    def test_a_project_that_json_cannot_show_has_its_page(self) -> None:
        away = httpd.answer(status='500 Oops')
        self.serve(away, away, simple_page(simple_file(SDIST)))
        found = self.project()
        self.assertEqual(knowledge.Known(False), found.new)
        self.assertIsInstance(found.files, knowledge.Known)
        self.assert_unknown(found.release, '500 Oops')
        self.assert_unknown(found.maintainers, 'JSON of oslo-demo 1.2.0: ')
        self.assertEqual(7, found.serial)

    def test_a_page_that_cannot_be_shown_leaves_new_open(self) -> None:
        away = httpd.answer(status='500 Oops')
        self.serve(JSON_404, JSON_404, away)
        found = self.project()
        self.assert_unknown(found.new, 'simple page of oslo-demo: ')
        self.assert_unknown(found.files, '500 Oops')
        self.assertEqual([], self.server.asked('/pypi'))

    def test_a_release_without_a_page_has_no_status(self) -> None:
        self.serve(json_page(), json_page(json_file(SDIST)), SIMPLE_404)
        found = self.release()
        self.assertEqual(knowledge.Known(()), found.simple_files)
        self.assert_unknown(found.status, 'JSON does not say the same')


class TestPolling(IndexTestCase):
    def test_what_did_not_change_is_not_sent_again(self) -> None:
        for path, page, form in (
            (RELEASE_PATH, json_page(json_file(SDIST)), index.JSON),
            (SIMPLE_PATH, simple_page(simple_file(SDIST)), index.SIMPLE_JSON),
        ):
            self.server.on(
                path,
                httpd.answer(
                    json.dumps(page).encode(), form, headers={'ETag': '"1"'}
                ),
                httpd.answer(status='304 Not Modified'),
            )
        first, second = self.release(), self.release()
        self.assertEqual(first, second)
        self.assertIsInstance(second.files, knowledge.Known)
        again = self.server.asked(RELEASE_PATH)[1]
        self.assertEqual('"1"', again.headers['if-none-match'])
        self.assertEqual('no-cache', again.headers['cache-control'])

    def test_what_changed_is_read(self) -> None:
        self.server.on(
            RELEASE_PATH,
            JSON_404,
            httpd.answer(
                json.dumps(json_page(json_file(SDIST))).encode(),
                headers={'ETag': '"2"'},
            ),
        )
        self.assertEqual(knowledge.Known(()), self.release().files)
        found = self.release().files
        assert isinstance(found, knowledge.Known)
        self.assertEqual(SDIST, found.value[0].filename)

    def test_a_project_is_read_anew_every_time(self) -> None:
        self.release()
        self.project()
        for request in self.server.requests:
            self.assertNotIn('if-none-match', request.headers)


class TestSignatures(IndexTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.file = listing.ListedFile(SDIST, f'{self.server.url}/f', ONE)
        self.path = pathlib.Path(
            self.useFixture(fixtures.TempDir()).join('x.asc')
        )
        self.path.write_bytes(b'ours')

    def kept(self) -> knowledge.Knowledge[bool]:
        return self.index.keeps_signature(self.file, str(self.path))

    def test_the_same_bytes_are_kept(self) -> None:
        self.server.on('/f.asc', httpd.answer(b'ours', 'text/plain'))
        self.assertEqual(knowledge.Known(True), self.kept())

    def test_a_404_is_not_kept(self) -> None:
        self.assertEqual(knowledge.Known(False), self.kept())

    def test_anything_else_is_unknown(self) -> None:
        for reply, why in (
            (httpd.answer(b'theirs'), '6 bytes that are not the 4 of our'),
            (httpd.answer(status='403 Forbidden'), 'answers 403'),
            (httpd.answer(status='500 Oops'), '500 Oops'),
            (httpd.answer(b'x' * 70_000), 'more than 65536 bytes'),
            (httpd.redirect('https://h.example/'), 'redirected off'),
        ):
            self.server.on('/f.asc', reply)
            self.assert_unknown(self.kept(), why)

    def test_a_signature_that_is_not_here_is_unknown(self) -> None:
        self.path.unlink()
        self.assert_unknown(self.kept(), 'No such file')

    def test_a_url_that_may_not_be_asked_is_unknown(self) -> None:
        self.file = listing.ListedFile(SDIST, 'http://192.0.2.1/f', ONE)
        self.assert_unknown(self.kept(), 'its host is not this machine')


class TestReadUrl(testtools.TestCase):
    def test_a_slash_at_its_end_makes_no_difference(self) -> None:
        one = index.PypiIndex(web.Web(hand_clocks.HandClock()), 'https://h/x/')
        self.assertEqual('https://h/x', one.read_url)

    def test_one_that_may_not_be_read_is_refused(self) -> None:
        for url in ('http://h/', 'https://u:secret@h/', 'h', 'http://['):
            error = self.assertRaises(
                exceptions.Misconfigured,
                index.PypiIndex,
                web.Web(hand_clocks.HandClock()),
                url,
            )
            self.assertEqual('--read-url', error.where)
            self.assertNotIn('secret', error.message)


class TestAgainstTheStandIn(testtools.TestCase):
    """The answers of a server that was written after PyPI's."""

    def setUp(self) -> None:
        super().setUp()
        self.standin = self.useFixture(standin.StandIn()).index
        self.store = self.standin.store
        self.store.add_user('openstackci')
        self.index = index.PypiIndex(
            web.Web(hand_clocks.HandClock()), self.standin.url
        )

    def project(self) -> listing.Listing:
        return self.index.read_project(PROJECT, VERSION)

    def test_a_project_that_is_not_there_is_new(self) -> None:
        self.assertEqual(knowledge.Known(True), self.project().new)

    def test_an_emptied_project_exists_and_has_its_owner(self) -> None:
        self.store.add_project('oslo.demo', owner='openstackci')
        found = self.project()
        self.assertEqual(knowledge.Known(False), found.new)
        self.assertFalse(found.has_visible_release)
        assert isinstance(found.maintainers, knowledge.Known)
        self.assertEqual((OPENSTACKCI,), found.maintainers.value.roles)

    def test_a_release_is_read_whole(self) -> None:
        self.store.add_project('oslo.demo', owner='openstackci')
        self.store.add_file('oslo.demo', VERSION, SDIST, b'content')
        found = self.project()
        for part in (found.files, found.release):
            assert isinstance(part, knowledge.Known)
            self.assertEqual([SDIST], [file.filename for file in part.value])
        reading = self.index.read_release(PROJECT, VERSION)
        again = self.index.read_release(PROJECT, VERSION)
        self.assertEqual(reading, again)
        self.assertEqual(304, self.standin.requests[-1].status)
        self.assertEqual(
            knowledge.Known(
                maintainers.Maintainers((OPENSTACKCI,), knowledge.Known(None))
            ),
            reading.maintainers,
        )

    def test_an_archived_project_says_so(self) -> None:
        self.store.add_project('oslo.demo', owner='openstackci')
        self.store.set_status('oslo.demo', 'archived')
        self.assertEqual(knowledge.Known('archived'), self.project().status)
