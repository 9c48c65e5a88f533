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

"""What the index holds already, and what it answers to an upload."""

from __future__ import annotations

import json

from tests.functional import base


class TestStates(base.SceneTest):
    def test_a_foreign_file_under_our_version_refuses(self) -> None:
        scene = self.scene
        scene.index.store.add_file(
            scene.project,
            scene.version,
            f'{scene.stem}-{scene.version}-cp312-cp312-win_amd64.whl',
            b'planted',
        )
        self.assertRefused(scene.publish(), 'OSP303')

    def test_other_bytes_under_our_name_refuse(self) -> None:
        scene = self.scene
        scene.index.store.add_file(
            scene.project, scene.version, scene.wheel, b'other bytes'
        )
        result = scene.publish()
        self.assertRefused(result, 'OSP302')
        message = result.finding('OSP302')['message']
        ours = next(
            item['sha256']
            for item in result.receipt['artifacts']
            if item['filename'] == scene.wheel
        )
        self.assertIn(ours, message)

    def test_no_waiver_makes_other_bytes_ours(self) -> None:
        scene = self.scene
        for filename in scene.filenames:
            scene.index.store.add_file(
                scene.project, scene.version, filename, filename.encode()
            )
        policy = scene.directory / 'policy.yaml'
        policy.write_text(
            'schema: openstack-publish/policy/1\n'
            'waivers:\n'
            f'- {{code: OSP302, project: {scene.project},\n'
            '   until: 9999-12-31, reason: we want to}\n'
        )
        self.assertRefused(scene.publish('--policy', str(policy)), 'OSP302')

    def test_no_waiver_makes_an_order(self) -> None:
        scene = self.scene
        policy = scene.directory / 'policy.yaml'
        policy.write_text(
            'schema: openstack-publish/policy/1\n'
            'waivers:\n'
            + ''.join(
                f'- {{code: {code}, project: {scene.project},\n'
                '   until: 9999-12-31, reason: we want to}\n'
                for code in ('OSP101', 'OSP102', 'OSP104')
            )
        )
        (path,) = scene.releases_dir.glob('deliverables/*/*.yaml')
        whole = path.read_text('utf-8')
        for content in (f'{whole}\n: {{', '---\nteam: x\ntype: library\n'):
            path.write_text(content, 'utf-8')
            self.assertRefused(
                scene.publish('--policy', str(policy)), 'OSP102'
            )

    def test_a_closed_release_refuses_and_says_how_old_it_is(self) -> None:
        scene = self.scene
        self.assertPublished(scene.publish())
        scene.index.store.delete_file(
            scene.project, scene.version, scene.sdist
        )
        scene.index.store.age_release(scene.project, scene.version, 14.5)
        scene.index.forget_requests()
        result = scene.publish('--receipt', str(scene.directory / 'r.json'))
        self.assertEqual(1, result.code, result.stdout)
        self.assertIn('OSP304', result.codes)
        self.assertIn('14', result.finding('OSP304')['message'])
        self.assertEqual((), scene.index.uploads)

    def test_a_complete_release_that_is_closed_has_nothing_to_do(self) -> None:
        scene = self.scene
        self.assertPublished(scene.publish())
        scene.index.store.age_release(scene.project, scene.version, 30)
        self.assertEqual(0, scene.publish().code)

    def test_an_archived_project_refuses(self) -> None:
        self.scene.index.store.set_status(self.scene.project, 'archived')
        self.assertRefused(self.scene.publish(), 'OSP305')

    def test_a_quarantined_project_refuses(self) -> None:
        self.scene.index.store.set_status(self.scene.project, 'quarantined')
        result = self.scene.publish()
        self.assertEqual(1, result.code, result.stdout)
        self.assertIn('OSP306', result.codes)
        self.assertSentNothing()

    def test_an_emptied_project_is_not_known_well_enough(self) -> None:
        """XML-RPC still names the owner, but no organization."""
        self.scene.index.store.empty_project(self.scene.project)
        result = self.scene.publish()
        self.assertUnknown(result, 'OSP404')
        self.assertEqual(
            [{'user': 'openstackci', 'role': 'Owner'}],
            result.receipt['maintainers']['before']['roles'],
        )

    def test_an_index_that_is_not_there_is_unknown(self) -> None:
        self.scene.index.stop()
        result = self.scene.publish()
        self.assertEqual(3, result.code, result.stdout)

    def test_an_html_page_for_a_document_is_unknown(self) -> None:
        self.scene.index.faults.set('html-page')
        result = self.scene.publish()
        self.assertEqual(3, result.code, result.stdout)
        self.assertSentNothing()


class TestAnswers(base.SceneTest):
    def test_the_first_file_refused_leaves_no_trace(self) -> None:
        self.scene.index.faults.set('read-only')
        result = self.scene.publish()
        self.assertEqual(1, result.code, result.stdout)
        self.assertEqual('refused', result.receipt['outcome'])
        self.assertEqual({'OSP318'}, result.codes)
        self.assertIn(
            'Read-only mode: Uploads are temporarily disabled.',
            result.finding('OSP318')['message'],
        )
        self.assertEqual([], self.scene.archived())
        self.assertEqual([], self.scene.listed())

    def test_a_refused_token_has_the_servers_words(self) -> None:
        forged = self.scene.index.tokens.forge(self.scene.token)
        result = self.scene.publish(token=forged)
        self.assertEqual(1, result.code, result.stdout)
        self.assertEqual({'OSP605'}, result.codes)
        self.assertIn(
            'Invalid API Token: signatures do not match',
            result.finding('OSP605')['message'],
        )

    def test_a_second_file_refused_is_completed_by_the_next_run(self) -> None:
        flags = self.scene.index.store.set_flags
        hooks = self.scene.index.faults.after_upload
        hooks.append(lambda request: flags(read_only=True))
        result = self.scene.publish()
        self.assertEqual(4, result.code, result.stdout)
        self.assertEqual('incomplete', result.receipt['outcome'])
        self.assertEqual([self.scene.wheel], self.scene.listed())
        self.assertIn('OSP712', result.codes)
        written = json.loads(self.scene.receipt_path.read_text('utf-8'))
        self.assertEqual('incomplete', written['outcome'])

        hooks.clear()
        flags(read_only=False)
        self.scene.index.forget_requests()
        result = self.scene.publish()
        self.assertPublished(result)
        self.assertEqual(
            [self.scene.sdist],
            [sent.filename for sent in self.scene.index.uploads],
        )

    def stored_once_with(self, fault: str, posts: int) -> None:
        self.scene.index.faults.set(fault)
        result = self.scene.publish('--wait', '5')
        self.assertPublished(result)
        self.assertEqual(posts, len(self.scene.index.uploads))

    def test_a_500_after_storing_is_settled_by_reading(self) -> None:
        self.stored_once_with('server-error-after-storing', 2)

    def test_a_connection_cut_after_storing_is_settled(self) -> None:
        self.stored_once_with('connection-cut', 2)

    def test_a_500_before_storing_is_tried_again(self) -> None:
        self.stored_once_with('server-error-before-storing', 3)

    def test_a_foreign_file_that_appears_meanwhile_is_told(self) -> None:
        self.scene.index.faults.set('foreign-file')
        result = self.scene.publish()
        self.assertEqual(4, result.code, result.stdout)
        self.assertIn('OSP703', result.codes)

    def test_stale_reads_are_waited_for(self) -> None:
        self.scene.index.faults.set('stale-reads', times=4)
        self.assertPublished(self.scene.publish('--wait', '30'))

    def test_an_expired_token_refuses_before_anything_is_sent(self) -> None:
        import datetime

        end = datetime.datetime.now(datetime.UTC)
        token = self.scene.index.token(
            'openstackci',
            not_before=end - datetime.timedelta(days=2),
            not_after=end - datetime.timedelta(days=1),
        )
        self.assertRefused(self.scene.publish(token=token), 'OSP601')

    def test_a_token_of_another_project_refuses(self) -> None:
        token = self.scene.index.token('openstackci', projects=('nova',))
        self.assertRefused(self.scene.publish(token=token), 'OSP602')
