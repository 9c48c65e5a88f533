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

"""Who holds a role before and after the upload, and who it is unknown."""

from __future__ import annotations

from openstack_publish.rehearsal import replies
from tests.functional import base


class TestBefore(base.SceneTest):
    def test_a_co_maintainer_who_is_not_allowed_refuses(self) -> None:
        self.scene.index.store.add_role(
            self.scene.project, 'mallory', 'Maintainer'
        )
        result = self.scene.publish()
        self.assertRefused(result, 'OSP401')
        self.assertIn('mallory', result.finding('OSP401')['message'])

    def test_without_openstackci_nothing_is_sent(self) -> None:
        store = self.scene.index.store
        store.add_role(self.scene.project, 'somebody', 'Owner')
        store.remove_role(self.scene.project, 'openstackci')
        self.assertRefused(self.scene.publish(), 'OSP401', 'OSP402')

    def test_an_organization_that_is_not_allowed_refuses(self) -> None:
        self.scene.index.store.set_organization(self.scene.project, 'acme')
        self.assertRefused(self.scene.publish(), 'OSP403')

    def unknown_with(self, fault: str, *more: str) -> None:
        self.scene.index.faults.set(fault)
        result = self.scene.publish(*more)
        self.assertEqual(3, result.code, result.stdout)
        self.assertIn('OSP404', result.codes)
        self.assertEqual(
            'unknown', result.receipt['maintainers']['before']['state']
        )
        self.assertSentNothing()

    def test_empty_roles_are_unknown(self) -> None:
        self.unknown_with('roles-empty')

    def test_roles_that_no_route_gives_are_unknown(self) -> None:
        self.unknown_with('roles-missing')

    def test_roles_behind_a_500_are_unknown(self) -> None:
        self.unknown_with('roles-server-error')

    def test_roles_that_time_out_are_unknown(self) -> None:
        self.unknown_with('roles-slow', '--timeout', '0.3')

    def test_roles_in_truncated_json_are_unknown(self) -> None:
        self.unknown_with('truncated-json')

    def test_roles_behind_the_limit_of_xml_rpc_are_unknown(self) -> None:
        self.scene.index.faults.set('xmlrpc-limit')
        self.unknown_with('roles-missing')


class TestAfter(base.SceneTest):
    def test_a_co_maintainer_who_is_added_meanwhile_is_drift(self) -> None:
        self.scene.index.faults.set('co-maintainer-added')
        result = self.scene.publish()
        self.assertEqual(4, result.code, result.stdout)
        self.assertEqual('unconfirmed', result.receipt['outcome'])
        self.assertEqual(
            ['added Maintainer mallory'],
            result.receipt['maintainers']['drift'],
        )
        remedy = result.finding('OSP406')['remedy']
        project = self.scene.project
        self.assertIn(f'/manage/project/{project}/collaboration/', remedy)
        self.assertIn(f'/manage/project/{project}/releases/', remedy)
        self.assertIn('Owners can do that: openstackci', remedy)
        self.assertIn('--confirm-only', result.stderr)
        self.assertIn('days are left', result.stderr)

    def test_the_second_run_says_it_again(self) -> None:
        self.scene.index.faults.set('co-maintainer-added')
        self.assertEqual(4, self.scene.publish().code)
        self.scene.index.forget_requests()
        result = self.scene.publish()
        self.assertEqual(1, result.code, result.stdout)
        self.assertIn('OSP401', result.codes)
        self.assertEqual((), self.scene.index.uploads)

    def unknown_after(self, fault: str, *more: str) -> None:
        """Let the fault begin with the first file that is stored."""
        faults = self.scene.index.faults

        def begin(request: replies.Request) -> None:
            faults.after_upload.remove(begin)
            faults.set(fault)

        faults.after_upload.append(begin)
        result = self.scene.publish(*more)
        self.assertEqual(4, result.code, result.stdout + result.stderr)
        self.assertEqual('unconfirmed', result.receipt['outcome'])
        self.assertIn('OSP404', result.codes)
        self.assertEqual(
            'unknown', result.receipt['maintainers']['after']['state']
        )
        self.assertIsNone(result.receipt['maintainers']['drift'])
        self.assertEqual(sorted(self.scene.filenames), self.scene.listed())

    def test_empty_roles_after_the_upload_are_not_confirmed(self) -> None:
        self.unknown_after('roles-empty')

    def test_a_500_for_roles_after_the_upload_is_not_confirmed(self) -> None:
        self.unknown_after('roles-server-error')

    def test_roles_that_time_out_after_the_upload(self) -> None:
        self.unknown_after('roles-slow', '--timeout', '0.3')

    def test_roles_without_their_organization_are_no_drift(self) -> None:
        routes: tuple[replies.Route, ...] = ('version-json',)
        self.scene.index.faults.set(
            'roles-missing', routes=routes, once_stored=True
        )
        result = self.scene.publish()
        self.assertEqual(4, result.code, result.stdout)
        self.assertIsNone(result.receipt['maintainers']['drift'])

    def test_truncated_json_after_the_upload_is_not_confirmed(self) -> None:
        self.unknown_after('truncated-json')

    def test_a_500_for_everything_after_the_upload(self) -> None:
        self.unknown_after('server-error')
