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

"""The stand-in index is read as PyPI is."""

from __future__ import annotations

import os
import pathlib
import xml.etree.ElementTree
import xmlrpc.client
from typing import Any

import requests

from openstack_publish.rehearsal import records
from openstack_publish.rehearsal import xmlrpc_api
from tests.support import standin

SIMPLE_JSON = 'application/vnd.pypi.simple.v1+json'
SIMPLE_HTML = 'application/vnd.pypi.simple.v1+html'


class TestMissing(standin.TestCase):
    def test_json_of_a_missing_project_is_not_found(self) -> None:
        for path in ('/pypi/oslo-demo/json', '/pypi/oslo-demo/1.2.0/json'):
            response = self.get(path)
            self.assertEqual(404, response.status_code)
            self.assertEqual('{"message": "Not Found"}', response.text)
            self.assertEqual(
                'application/json', response.headers['Content-Type']
            )
            self.assertEqual(
                '*', response.headers['Access-Control-Allow-Origin']
            )

    def test_simple_of_a_missing_project_is_plain_text(self) -> None:
        response = self.get('/simple/oslo-demo/', Accept=SIMPLE_JSON)
        self.assertEqual(404, response.status_code)
        self.assertTrue(
            response.headers['Content-Type'].startswith('text/plain')
        )

    def test_feed_of_a_missing_project_is_not_found(self) -> None:
        response = self.get('/rss/project/oslo-demo/releases.xml')
        self.assertEqual(404, response.status_code)

    def test_missing_name_that_is_not_normalised_is_not_found(self) -> None:
        for path in ('/pypi/Oslo.Demo/json', '/simple/Oslo.Demo/'):
            self.assertEqual(404, self.get(path).status_code)

    def test_missing_version_is_not_found(self) -> None:
        self.accepts(self.sdist())
        for version in ('1.3.0', 'nonsense'):
            response = self.get(f'/pypi/oslo-demo/{version}/json')
            self.assertEqual(
                (404, '{"message": "Not Found"}'),
                (response.status_code, response.text),
            )

    def test_file_that_is_not_there_is_not_found(self) -> None:
        response = self.get('/packages/00/11/2233/x-1.tar.gz')
        self.assertEqual(404, response.status_code)

    def test_emptied_project_is_known_to_simple_and_roles_only(self) -> None:
        self.accepts(self.sdist())
        self.index.store.empty_project(standin.NAME)
        self.assertEqual(404, self.get('/pypi/oslo-demo/json').status_code)
        simple = self.json('/simple/oslo-demo/')
        self.assertEqual([], simple['files'])
        self.assertEqual({'status': 'active'}, simple['project-status'])
        server = xmlrpc.client.ServerProxy(self.index.url + '/pypi')
        self.assertEqual(
            [['Owner', standin.USER]], server.package_roles('oslo-demo')
        )


class TestJson(standin.TestCase):
    def setUp(self) -> None:
        super().setUp()
        self.paths = [self.wheel(), self.sdist()]
        for path in self.paths:
            self.accepts(path)

    def test_both_routes_list_files_and_roles_of_one_moment(self) -> None:
        self.index.store.add_role(standin.NAME, 'Alice', 'Maintainer')
        self.index.store.set_organization(standin.NAME, 'openstack')
        for path in ('/pypi/oslo-demo/json', '/pypi/oslo-demo/1.2.0/json'):
            document = self.json(path)
            self.assertEqual(
                {
                    'organization': 'openstack',
                    'roles': [
                        {'role': 'Owner', 'user': standin.USER},
                        {'role': 'Maintainer', 'user': 'Alice'},
                    ],
                },
                document['ownership'],
            )
            self.assertEqual(
                [os.path.basename(each) for each in self.paths],
                [each['filename'] for each in document['urls']],
            )

    def test_only_the_project_route_lists_releases(self) -> None:
        self.accepts(self.sdist(version='1.3.0'))
        document = self.json('/pypi/oslo-demo/json')
        self.assertEqual({'1.2.0', '1.3.0'}, set(document['releases']))
        self.assertNotIn('releases', self.json('/pypi/oslo-demo/1.2.0/json'))

    def test_file_is_described_and_served(self) -> None:
        (wheel, sdist) = self.json('/pypi/oslo-demo/json')['urls']
        self.assertEqual('bdist_wheel', wheel['packagetype'])
        self.assertEqual('py3', wheel['python_version'])
        self.assertEqual('sdist', sdist['packagetype'])
        self.assertEqual('source', sdist['python_version'])
        blake2b = sdist['digests']['blake2b_256']
        self.assertEqual(
            f'{self.index.url}/packages/{blake2b[:2]}/{blake2b[2:4]}'
            f'/{blake2b[4:]}/oslo_demo-1.2.0.tar.gz',
            sdist['url'],
        )
        served = requests.get(sdist['url'], timeout=standin.SECONDS)
        content = pathlib.Path(self.paths[1]).read_bytes()
        self.assertEqual(content, served.content)
        self.assertEqual(len(content), sdist['size'])
        self.assertRegex(
            sdist['upload_time_iso_8601'],
            r'^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$',
        )

    def test_metadata_is_that_of_the_first_file(self) -> None:
        info = self.json('/pypi/oslo-demo/1.2.0/json')['info']
        self.assertEqual('A demonstration', info['summary'])
        self.assertEqual(['pbr>=6.1.1'], info['requires_dist'])
        self.assertEqual('Apache-2.0', info['license_expression'])

    def test_info_is_the_newest_that_is_no_prerelease_nor_yanked(
        self,
    ) -> None:
        for version in ('1.3.0', '1.4.0', '2.0.0rc1'):
            self.accepts(self.sdist(version=version))
        self.index.store.yank_release(standin.NAME, '1.4.0', 'broken')
        self.assertEqual(
            '1.3.0', self.json('/pypi/oslo-demo/json')['info']['version']
        )
        yanked = self.json('/pypi/oslo-demo/1.4.0/json')['info']
        self.assertEqual(
            (True, 'broken'), (yanked['yanked'], yanked['yanked_reason'])
        )

    def test_any_spelling_of_a_version_finds_it(self) -> None:
        document = self.json('/pypi/oslo-demo/1.2/json')
        self.assertEqual('1.2.0', document['info']['version'])

    def test_serial_stands_in_body_and_header(self) -> None:
        response = self.get('/pypi/oslo-demo/json')
        serial = self.index.store.snapshot().last_serial
        self.assertEqual(serial, response.json()['last_serial'])
        self.assertEqual(str(serial), response.headers['X-PyPI-Last-Serial'])

    def test_role_change_changes_the_etag(self) -> None:
        first = self.get('/pypi/oslo-demo/json')
        self.assertEqual('max-age=900, public', first.headers['Cache-Control'])
        etag = first.headers['ETag']
        same = self.get('/pypi/oslo-demo/json', If_None_Match=etag)
        self.assertEqual((304, b''), (same.status_code, same.content))
        self.index.store.add_role(standin.NAME, 'alice', 'Owner')
        changed = self.get('/pypi/oslo-demo/json', If_None_Match=etag)
        self.assertEqual(200, changed.status_code)
        self.assertNotEqual(etag, changed.headers['ETag'])

    def test_hand_over_to_an_organization_moves_no_serial(self) -> None:
        before = self.json('/pypi/oslo-demo/json')
        self.index.store.set_organization(standin.NAME, 'openstack')
        self.index.store.set_status(standin.NAME, 'archived')
        after = self.json('/pypi/oslo-demo/json')
        self.assertEqual(before['last_serial'], after['last_serial'])
        self.assertNotEqual(before['ownership'], after['ownership'])

    def test_other_spellings_move_to_the_normalised_name(self) -> None:
        for path, target in (
            ('/pypi/oslo.demo/json', '/pypi/oslo-demo/json'),
            ('/pypi/Oslo_Demo/1.2.0/json', '/pypi/oslo-demo/1.2.0/json'),
            ('/simple/oslo.demo/', '/simple/oslo-demo/'),
            ('/simple/oslo-demo', '/simple/oslo-demo/'),
        ):
            response = self.get(path)
            self.assertEqual(
                (301, self.index.url + target),
                (response.status_code, response.headers['Location']),
            )


class TestSimple(standin.TestCase):
    def setUp(self) -> None:
        super().setUp()
        self.accepts(self.wheel())
        self.accepts(self.sdist())

    def test_json_has_status_files_and_hashes(self) -> None:
        response = self.get('/simple/oslo-demo/', Accept=SIMPLE_JSON)
        self.assertEqual(SIMPLE_JSON, response.headers['Content-Type'])
        self.assertEqual(
            'max-age=600, public', response.headers['Cache-Control']
        )
        document = response.json()
        self.assertEqual('1.4', document['meta']['api-version'])
        self.assertEqual({'status': 'active'}, document['project-status'])
        self.assertEqual(['1.2.0'], document['versions'])
        listed = self.json('/pypi/oslo-demo/json')['urls']
        self.assertEqual(
            [
                (
                    each['filename'],
                    {'sha256': each['digests']['sha256']},
                    each['size'],
                    each['upload_time_iso_8601'],
                    each['url'],
                    False,
                    None,
                )
                for each in listed
            ],
            [
                (
                    each['filename'],
                    each['hashes'],
                    each['size'],
                    each['upload-time'],
                    each['url'],
                    each['yanked'],
                    each['provenance'],
                )
                for each in document['files']
            ],
        )

    def test_archived_project_says_so_and_lists_its_files(self) -> None:
        self.index.store.set_status(standin.NAME, 'archived')
        document = self.json('/simple/oslo-demo/')
        self.assertEqual({'status': 'archived'}, document['project-status'])
        self.assertEqual(2, len(document['files']))

    def test_yanked_file_gives_its_reason(self) -> None:
        self.index.store.yank_release(standin.NAME, standin.VERSION, 'bad')
        self.assertEqual(
            {'bad'},
            {
                each['yanked']
                for each in self.json('/simple/oslo-demo/')['files']
            },
        )

    def test_form_is_what_the_client_prefers(self) -> None:
        pip = f'{SIMPLE_JSON}, {SIMPLE_HTML}; q=0.1, text/html; q=0.01'
        for accept, kind in (
            (pip, SIMPLE_JSON),
            (SIMPLE_JSON, SIMPLE_JSON),
            ('application/vnd.pypi.simple.latest+json', SIMPLE_JSON),
            (SIMPLE_HTML, SIMPLE_HTML),
            (f'{SIMPLE_JSON};q=0.1, text/html', 'text/html; charset=UTF-8'),
            (f'{SIMPLE_JSON};q=0', 'text/html; charset=UTF-8'),
            ('*/*', 'text/html; charset=UTF-8'),
            ('text/html', 'text/html; charset=UTF-8'),
        ):
            for path in ('/simple/', '/simple/oslo-demo/'):
                response = self.get(path, Accept=accept)
                self.assertEqual(
                    (accept, kind),
                    (accept, response.headers['Content-Type']),
                )
                self.assertEqual('Accept', response.headers['Vary'])

    def test_html_links_have_digests_as_fragments(self) -> None:
        text = self.get('/simple/oslo-demo/', Accept='text/html').text
        for file in self.json('/simple/oslo-demo/')['files']:
            link = f'{file["url"]}#sha256={file["hashes"]["sha256"]}'
            self.assertIn(f'<a href="{link}"', text)
        self.assertIn(
            '<meta name="pypi:project-status" content="active">', text
        )

    def test_metadata_of_a_wheel_is_served_beside_it(self) -> None:
        wheel = self.json('/simple/oslo-demo/')['files'][0]
        served = requests.get(
            wheel['url'] + '.metadata', timeout=standin.SECONDS
        )
        self.assertTrue(served.text.startswith('Metadata-Version: '))

    def test_index_of_all_projects_has_display_names(self) -> None:
        self.assertEqual(
            ['oslo.demo'],
            [each['name'] for each in self.json('/simple/')['projects']],
        )


class TestFeeds(standin.TestCase):
    def _titles(self, path: str) -> list[str | None]:
        response = self.get(path)
        self.assertEqual(200, response.status_code)
        root = xml.etree.ElementTree.fromstring(response.content)
        return [each.text for each in root.findall('./channel/item/title')]

    def test_feeds_show_releases_and_new_projects(self) -> None:
        self.accepts(self.sdist())
        self.accepts(self.sdist(version='1.3.0'))
        self.assertEqual(
            ['1.3.0', '1.2.0'],
            self._titles('/rss/project/oslo-demo/releases.xml'),
        )
        self.assertEqual(
            ['oslo.demo 1.3.0', 'oslo.demo 1.2.0'],
            self._titles('/rss/updates.xml'),
        )
        self.assertEqual(
            ['oslo.demo added to PyPI'], self._titles('/rss/packages.xml')
        )

    def test_feeds_do_not_show_new_files_or_roles(self) -> None:
        self.accepts(self.sdist())
        before = self.get('/rss/updates.xml').content
        self.accepts(self.wheel())
        self.index.store.add_role(standin.NAME, 'alice', 'Owner')
        self.assertEqual(before, self.get('/rss/updates.xml').content)

    def test_feed_of_a_quarantined_project_is_not_found(self) -> None:
        self.accepts(self.sdist())
        self.index.store.set_status(standin.NAME, 'quarantined')
        response = self.get('/rss/project/oslo-demo/releases.xml')
        self.assertEqual(404, response.status_code)

    def test_titles_are_escaped(self) -> None:
        self.accepts(self.sdist(metadata={'Summary': 'a < b & c'}))
        response = self.get('/rss/updates.xml')
        root = xml.etree.ElementTree.fromstring(response.content)
        self.assertEqual(
            'a < b & c', root.findtext('./channel/item/description')
        )


class TestXmlRpc(standin.TestCase):
    def setUp(self) -> None:
        super().setUp()
        self.server = xmlrpc.client.ServerProxy(self.index.url + '/pypi')

    def _fault(self, method: str, *args: Any) -> str:
        fault = self.assertRaises(
            xmlrpc.client.Fault, getattr(self.server, method), *args
        )
        self.assertEqual(-32500, fault.faultCode)
        return str(fault.faultString)

    def test_unknown_project_and_user_have_no_roles(self) -> None:
        self.assertEqual([], self.server.package_roles('oslo-demo'))
        self.assertEqual([], self.server.user_packages('nobody'))

    def test_roles_are_found_by_any_spelling_owners_first(self) -> None:
        self.index.store.add_project(
            standin.NAME, standin.USER, maintainers=['alice', 'Bob']
        )
        self.index.store.add_role(standin.NAME, 'zoe', 'Owner')
        for name in ('oslo.demo', 'Oslo_Demo', 'oslo-demo'):
            self.assertEqual(
                [
                    ['Owner', standin.USER],
                    ['Owner', 'zoe'],
                    ['Maintainer', 'alice'],
                    ['Maintainer', 'Bob'],
                ],
                self.server.package_roles(name),
            )

    def test_packages_of_a_user_have_their_display_names(self) -> None:
        self.index.store.add_project(standin.NAME, standin.USER)
        self.index.store.add_project('os_vif', 'a', maintainers=['A'])
        self.assertEqual(
            [['Owner', 'oslo.demo']], self.server.user_packages('OpenStackCI')
        )

    def test_journal_tells_what_happened_in_pypis_words(self) -> None:
        self.accepts(self.wheel())
        self.accepts(self.sdist())
        store = self.index.store
        store.add_role(standin.NAME, 'alice', 'Maintainer')
        store.add_role(standin.NAME, 'ALICE', 'Owner')
        store.remove_role(standin.NAME, 'Alice')
        store.yank_release(standin.NAME, standin.VERSION)
        store.delete_file(
            standin.NAME, standin.VERSION, 'oslo_demo-1.2.0.tar.gz'
        )
        store.delete_release(standin.NAME, standin.VERSION)
        store.set_status(standin.NAME, 'quarantined')
        store.set_status(standin.NAME, 'active')
        store.delete_project(standin.NAME)
        rows = self.server.changelog_since_serial(0)
        assert isinstance(rows, list)
        self.assertEqual(
            [
                [None, 'create'],
                [None, f'add Owner {standin.USER}'],
                ['1.2.0', 'new release'],
                ['1.2.0', 'add py3 file oslo_demo-1.2.0-py3-none-any.whl'],
                ['1.2.0', 'add source file oslo_demo-1.2.0.tar.gz'],
                [None, 'add Maintainer alice'],
                [None, 'change Maintainer alice to Owner'],
                [None, 'remove Owner alice'],
                ['1.2.0', 'yank release'],
                ['1.2.0', 'remove file oslo_demo-1.2.0.tar.gz'],
                ['1.2.0', 'remove release'],
                [None, 'project quarantined'],
                [None, 'project quarantine cleared'],
                [None, 'remove project'],
            ],
            [[row[1], row[3]] for row in rows],
        )
        self.assertEqual({'oslo.demo'}, {row[0] for row in rows})
        serials = [row[4] for row in rows]
        self.assertEqual(sorted(set(serials)), serials)
        self.assertNotEqual(
            list(range(serials[0], serials[0] + len(rows))), serials
        )
        self.assertEqual(serials[-1], self.server.changelog_last_serial())

    def test_changelog_begins_after_the_serial_and_has_a_limit(self) -> None:
        self.accepts(self.sdist())
        rows = self.server.changelog_since_serial(0)
        assert isinstance(rows, list)
        self.assertEqual(
            rows[2:], self.server.changelog_since_serial(rows[1][4])
        )
        self.assertEqual(50_000, self.index.store.limits.changelog_rows)
        self.index.store.limits.changelog_rows = 2
        self.assertEqual(rows[:2], self.server.changelog_since_serial(0))

    def test_every_project_has_its_serial(self) -> None:
        self.accepts(self.sdist())
        self.index.store.add_project('os-vif')
        state = self.index.store.snapshot()
        self.assertEqual(
            {
                'oslo.demo': state.projects['oslo-demo'].last_serial,
                'os-vif': state.last_serial,
            },
            self.server.list_packages_with_serial(),
        )

    def test_other_methods_are_faults(self) -> None:
        for method in ('search', 'package_releases', 'system.multicall'):
            self.assertIn('not a supported method', self._fault(method, 'x'))

    def test_wrong_arguments_are_faults(self) -> None:
        self.assertIn('ParamTypes', self._fault('package_roles', 1))
        self.assertIn('ParamTypes', self._fault('package_roles'))
        self.assertIn('ParamTypes', self._fault('changelog_since_serial', ''))

    def test_client_over_its_limit_gets_a_fault_with_status_200(
        self,
    ) -> None:
        self.assertEqual(3600, self.index.store.limits.xmlrpc_calls_per_hour)
        self.index.store.limits.xmlrpc_calls_per_hour = 1
        self.server.changelog_last_serial()
        self.assertRegex(
            self._fault('changelog_last_serial'),
            r'^HTTPTooManyRequests: .*Limit may reset in \d+ seconds\.$',
        )
        self.assertEqual(200, self.index.requests[-1].status)

    def test_limit_counts_the_last_hour_of_each_client(self) -> None:
        now = [0.0]
        limit = xmlrpc_api.CallLimit(
            records.Limits(xmlrpc_calls_per_hour=1), lambda: now[0]
        )
        self.assertIsNone(limit.seconds_to_wait('a'))
        self.assertIsNone(limit.seconds_to_wait('b'))
        now[0] = 3000.0
        self.assertEqual(601, limit.seconds_to_wait('a'))
        now[0] = 3600.0
        self.assertIsNone(limit.seconds_to_wait('a'))

    def test_what_is_no_call_is_a_bad_request(self) -> None:
        bomb = (
            '<!DOCTYPE x [<!ENTITY a "b">]><methodCall><methodName>&a;'
            '</methodName></methodCall>'
        )
        for body in ('', 'nonsense', '<methodCall/>', bomb, 'x' * 2_000_000):
            response = requests.post(
                self.index.url + '/pypi', data=body, timeout=standin.SECONDS
            )
            self.assertEqual((body[:9], 400), (body[:9], response.status_code))
