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

"""The stand-in index fails as it is told, and only as often."""

from __future__ import annotations

import time
import xmlrpc.client

import requests
import testtools

from openstack_publish.rehearsal import fault_table
from openstack_publish.rehearsal import faults
from openstack_publish.rehearsal import replies
from tests.support import standin

JSON = '/pypi/oslo-demo/json'
RELEASE = '/pypi/oslo-demo/1.2.0/json'
SIMPLE = '/simple/oslo-demo/'
SIMPLE_JSON = 'application/vnd.pypi.simple.v1+json'


class TestTable(testtools.TestCase):
    def test_every_switch_says_what_it_does_in_one_line(self) -> None:
        for name, fault in fault_table.FAULTS.items():
            self.assertEqual(name, fault.name)
            self.assertRegex(name, r'^[a-z0-9-]+$')
            self.assertNotIn('\n', fault.description)
            self.assertTrue(fault.description)

    def test_every_switch_does_something(self) -> None:
        for fault in fault_table.FAULTS.values():
            self.assertTrue(
                fault.arrange is not None
                or (fault.act is not None and fault.routes),
                fault.name,
            )


class TestSwitching(standin.TestCase):
    def test_unknown_switch_is_an_error_of_the_test(self) -> None:
        self.assertRaises(KeyError, self.index.faults.set, 'no-such-thing')

    def test_switch_acts_as_often_as_it_was_told(self) -> None:
        self.accepts(self.sdist())
        self.index.faults.set('server-error', times=2)
        self.assertEqual(('server-error',), self.index.faults.armed)
        self.assertEqual(
            [500, 500, 200], [self.get(JSON).status_code for _ in range(3)]
        )
        self.assertEqual((), self.index.faults.armed)

    def test_switch_lets_requests_pass_before_it_acts(self) -> None:
        self.accepts(self.sdist())
        self.index.faults.set('server-error', skip=2)
        self.assertEqual(
            [200, 200, 500, 500],
            [self.get(JSON).status_code for _ in range(4)],
        )

    def test_switch_acts_on_the_named_routes_only(self) -> None:
        self.accepts(self.sdist())
        self.index.faults.set('server-error', routes=['version-json'])
        self.assertEqual(200, self.get(JSON).status_code)
        self.assertEqual(500, self.get(RELEASE).status_code)
        self.assertEqual(200, self.get(SIMPLE).status_code)

    def test_switch_can_wait_for_an_upload(self) -> None:
        self.accepts(self.sdist())
        self.index.faults.set('server-error', once_stored=True)
        self.assertEqual(200, self.get(JSON).status_code)
        self.accepts(self.sdist())
        self.assertEqual(200, self.get(JSON).status_code)
        self.accepts(self.wheel())
        self.assertEqual(500, self.get(JSON).status_code)

    def test_cleared_switch_acts_no_more(self) -> None:
        self.accepts(self.sdist())
        self.index.faults.set('server-error')
        self.index.faults.clear()
        self.assertEqual(200, self.get(JSON).status_code)

    def test_two_switches_act_on_one_request(self) -> None:
        self.index.faults.set('co-maintainer-added')
        self.index.faults.set('server-error-after-storing')
        self.assertEqual(500, self.upload(self.sdist()).status_code)
        roles = self.json(JSON)['ownership']['roles']
        self.assertIn({'role': 'Maintainer', 'user': 'mallory'}, roles)

    def test_switch_that_needs_a_project_says_so(self) -> None:
        for name in ('planted-file', 'closed-release', 'archived-project'):
            self.assertRaises(ValueError, self.index.faults.set, name)

    def test_hook_changes_roles_between_two_reads(self) -> None:
        self.accepts(self.sdist())
        seen: list[str | None] = []

        def hook(request: replies.Request) -> None:
            seen.append(request.project)
            if len(seen) == 2:
                self.index.store.add_role(standin.NAME, 'eve', 'Owner')

        self.index.faults.before_read.append(hook)
        owners = [len(self.json(JSON)['ownership']['roles']) for _ in range(2)]
        self.assertEqual([1, 2], owners)
        self.assertEqual(['oslo-demo'] * 2, seen)

    def test_hook_hears_of_stored_files_only(self) -> None:
        heard: list[tuple[str | None, str | None, str | None]] = []
        self.index.faults.after_upload.append(
            lambda request: heard.append(
                (request.project, request.version, request.filename)
            )
        )
        path = self.sdist()
        self.accepts(path)
        self.accepts(path)
        self.upload(self.wheel(tag='cp312-cp312-linux_x86_64'))
        self.assertEqual(
            [('oslo-demo', '1.2.0', 'oslo_demo-1.2.0.tar.gz')], heard
        )


class TestState(standin.TestCase):
    OPTIONS = faults.Options(project=standin.NAME, version=standin.VERSION)

    def test_co_maintainer_comes_with_the_first_file(self) -> None:
        self.index.faults.set('co-maintainer-added')
        self.accepts(self.wheel())
        self.assertEqual(
            [
                {'role': 'Owner', 'user': standin.USER},
                {'role': 'Maintainer', 'user': 'mallory'},
            ],
            self.json(RELEASE)['ownership']['roles'],
        )

    def test_refused_upload_brings_no_co_maintainer(self) -> None:
        self.index.store.add_project(standin.NAME, standin.USER)
        self.index.faults.set('co-maintainer-added')
        self.upload(self.wheel(tag='cp312-cp312-linux_x86_64'))
        project = self.index.store.project(standin.NAME)
        self.assertEqual({standin.USER: 'Owner'}, project.roles)

    def test_co_maintainer_may_be_there_before(self) -> None:
        self.index.faults.set(
            'co-maintainer-before',
            options=faults.Options(
                project=standin.NAME, user='eve', role='Owner'
            ),
        )
        project = self.index.store.project(standin.NAME)
        self.assertEqual({'eve': 'Owner'}, project.roles)

    def test_foreign_file_is_planted_before(self) -> None:
        self.index.faults.set('planted-file', options=self.OPTIONS)
        (file,) = self.json(RELEASE)['urls']
        self.assertEqual(
            f'oslo_demo-1.2.0-{"cp312-cp312-manylinux2014_x86_64"}.whl',
            file['filename'],
        )

    def test_foreign_file_appears_during_the_upload(self) -> None:
        self.index.faults.set('foreign-file')
        self.accepts(self.wheel())
        self.accepts(self.sdist())
        self.assertEqual(3, len(self.json(RELEASE)['urls']))

    def test_closed_release_takes_no_file(self) -> None:
        self.index.store.add_project(standin.NAME, standin.USER)
        self.index.faults.set('closed-release', options=self.OPTIONS)
        self.refuses(
            400,
            'Uploading new files to releases older than 14 days is not '
            'allowed.',
            self.sdist(),
        )

    def test_archived_project_refuses(self) -> None:
        self.accepts(self.sdist())
        self.index.faults.set('archived-project', options=self.OPTIONS)
        self.assertEqual(403, self.upload(self.wheel()).status_code)

    def test_quarantined_project_is_not_found(self) -> None:
        self.accepts(self.sdist())
        self.index.faults.set('quarantined-project', options=self.OPTIONS)
        self.assertEqual(404, self.get(JSON).status_code)

    def test_modes_refuse_every_upload(self) -> None:
        for name in ('read-only', 'uploads-disabled'):
            self.index.faults.set(name)
            self.assertEqual(403, self.upload(self.sdist()).status_code)

    def test_token_expires(self) -> None:
        self.index.faults.set('expired-token')
        self.refuses(403, 'Invalid API Token: token is expired', self.sdist())


class TestUploads(standin.TestCase):
    def _stored(self) -> bool:
        return self.get(JSON).status_code == 200

    def test_error_before_storing_stores_nothing(self) -> None:
        self.index.faults.set('server-error-before-storing')
        self.refuses(500, 'Internal Server Error', self.sdist())
        self.assertIs(False, self._stored())
        self.accepts(self.sdist())

    def test_error_after_storing_stored(self) -> None:
        self.index.faults.set('server-error-after-storing')
        self.refuses(500, 'Internal Server Error', self.sdist())
        self.assertIs(True, self._stored())
        self.accepts(self.sdist())

    def test_front_errors_store_nothing_and_say_when_to_come_back(
        self,
    ) -> None:
        for name, status in (
            ('bad-gateway', 502),
            ('unavailable', 503),
            ('too-many-requests', 429),
        ):
            self.index.faults.set(name, options=faults.Options(retry_after=7))
            response = self.upload(self.sdist())
            self.assertEqual(
                (status, '7'),
                (response.status_code, response.headers['Retry-After']),
            )
        self.index.faults.set(
            'unavailable', options=faults.Options(retry_after=None)
        )
        self.assertNotIn('Retry-After', self.upload(self.sdist()).headers)
        self.assertIs(False, self._stored())

    def test_connection_cut_after_storing(self) -> None:
        self.index.faults.set('connection-cut')
        self.assertRaises(requests.ConnectionError, self.upload, self.sdist())
        self.assertEqual([None], [each.status for each in self.index.uploads])
        self.assertIs(True, self._stored())

    def test_connection_cut_before_storing(self) -> None:
        self.index.faults.set('connection-cut-before-storing')
        self.assertRaises(requests.ConnectionError, self.upload, self.sdist())
        self.assertEqual(1, len(self.index.uploads))
        self.assertIs(False, self._stored())

    def test_redirect_points_to_another_host(self) -> None:
        self.index.faults.set(
            'redirect-elsewhere',
            options=faults.Options(location='http://elsewhere.invalid/'),
        )
        response = self.upload(self.sdist())
        self.assertEqual(
            (302, 'http://elsewhere.invalid/'),
            (response.status_code, response.headers['Location']),
        )
        self.assertIs(False, self._stored())


class TestReads(standin.TestCase):
    def setUp(self) -> None:
        super().setUp()
        self.accepts(self.sdist())

    def _each(self, path: str) -> requests.Response:
        return self.get(path, Accept=SIMPLE_JSON)

    def test_connection_is_cut_in_the_middle_of_the_body(self) -> None:
        self.index.faults.set('connection-cut-in-body')
        for path in (JSON, RELEASE, SIMPLE):
            error = self.assertRaises(
                requests.RequestException, self._each, path
            )
            self.assertIn('IncompleteRead', str(error))

    def test_truncated_json_is_complete_http(self) -> None:
        whole = self._each(JSON).content
        self.index.faults.set('truncated-json')
        response = self._each(JSON)
        self.assertEqual(whole[: len(whole) // 2], response.content)
        self.assertRaises(ValueError, response.json)

    def test_html_page_has_status_200(self) -> None:
        self.index.faults.set('html-page')
        for path in (JSON, RELEASE, SIMPLE):
            response = self._each(path)
            self.assertEqual(200, response.status_code)
            self.assertRaises(ValueError, response.json)

    def test_endless_body_gives_more_than_any_limit(self) -> None:
        self.index.faults.set('endless-body')
        got = 0
        with requests.get(
            self.index.url + JSON, stream=True, timeout=standin.SECONDS
        ) as response:
            for chunk in response.iter_content(65_536):
                got += len(chunk)
                if got > 10_000_000:
                    break
        self.assertGreater(got, 10_000_000)

    def test_roles_can_be_missing_in_json_and_a_fault_elsewhere(
        self,
    ) -> None:
        self.index.faults.set('roles-missing')
        self.assertNotIn('ownership', self.json(JSON))
        self.assertEqual(1, len(self.json(RELEASE)['urls']))
        server = xmlrpc.client.ServerProxy(self.index.url + '/pypi')
        self.assertRaises(
            xmlrpc.client.Fault, server.package_roles, 'oslo-demo'
        )

    def test_roles_can_be_missing_in_json_and_500_elsewhere(self) -> None:
        self.index.faults.set('roles-server-error')
        self.assertNotIn('ownership', self.json(JSON))
        server = xmlrpc.client.ServerProxy(self.index.url + '/pypi')
        self.assertRaises(
            xmlrpc.client.ProtocolError, server.package_roles, 'oslo-demo'
        )

    def test_roles_can_be_empty(self) -> None:
        self.index.faults.set('roles-empty')
        self.assertEqual([], self.json(JSON)['ownership']['roles'])
        server = xmlrpc.client.ServerProxy(self.index.url + '/pypi')
        self.assertEqual([], server.package_roles('oslo-demo'))

    def test_roles_faults_leave_a_404_as_it_is(self) -> None:
        for name in ('roles-missing', 'roles-empty'):
            self.index.faults.set(name)
            self.assertEqual(404, self.get('/pypi/os-vif/json').status_code)

    def test_xmlrpc_is_over_its_limit(self) -> None:
        self.index.faults.set(
            'xmlrpc-limit', options=faults.Options(retry_after=42)
        )
        server = xmlrpc.client.ServerProxy(self.index.url + '/pypi')
        fault = self.assertRaises(
            xmlrpc.client.Fault, server.package_roles, 'oslo-demo'
        )
        self.assertIn('Limit may reset in 42 seconds.', fault.faultString)

    def test_slow_answer_outlasts_a_client(self) -> None:
        self.index.faults.set(
            'slow-answer', options=faults.Options(seconds=30)
        )
        self._times_out()

    def test_slow_drip_never_hits_a_read_timeout_but_takes_long(
        self,
    ) -> None:
        self.index.faults.set(
            'slow-drip', options=faults.Options(seconds=0.02)
        )
        began = time.monotonic()
        with requests.get(
            self.index.url + JSON, stream=True, timeout=0.5
        ) as response:
            first = next(response.iter_content(10))
        self.assertEqual(10, len(first))
        self.assertGreater(time.monotonic() - began, 0.1)

    def test_roles_can_be_slow(self) -> None:
        self.index.faults.set('roles-slow', options=faults.Options(seconds=30))
        self.assertNotIn('ownership', self.json(JSON))
        self.assertRaises(
            requests.Timeout,
            requests.post,
            self.index.url + '/pypi',
            data=xmlrpc.client.dumps(('oslo-demo',), 'package_roles'),
            timeout=0.2,
        )

    def _times_out(self) -> None:
        self.assertRaises(
            requests.Timeout,
            requests.get,
            self.index.url + JSON,
            timeout=0.2,
        )

    def test_stale_reads_show_what_was_there_before(self) -> None:
        self.index.faults.set('stale-reads', times=2)
        self.assertEqual(1, len(self.json(RELEASE)['urls']))
        self.accepts(self.wheel())
        self.assertEqual(
            [1, 1, 2],
            [len(self.json(RELEASE)['urls']) for _ in range(3)],
        )

    def test_stale_reads_show_a_new_project_as_missing(self) -> None:
        self.index.faults.set('stale-reads', times=2)
        self.accepts(self.sdist('os-vif'))
        self.assertEqual(
            [404, 404, 200],
            [self.get('/simple/os-vif/').status_code for _ in range(3)],
        )

    def test_redirect_leaves_the_host(self) -> None:
        self.index.faults.set('redirect-elsewhere')
        location = self.get(JSON).headers['Location']
        self.assertTrue(location.startswith('http://localhost:'), location)
        self.assertTrue(location.endswith(JSON), location)
