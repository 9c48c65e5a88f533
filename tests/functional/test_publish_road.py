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

"""The straight road: a release is published, and published again."""

from __future__ import annotations

import hashlib
import json
import os

from tests.functional import base
from tests.support import keys
from tests.support import receipts


class TestPublish(base.SceneTest):
    def test_a_release_is_published_and_proved(self) -> None:
        result = self.scene.publish()
        self.assertPublished(result)
        receipt = result.receipt
        self.assertEqual(list(range(1, 16)), result.steps())
        self.assertEqual(
            {'held'}, {step['outcome'] for step in receipt['steps']}
        )
        self.assertEqual(
            [
                {'user': 'openstackci', 'role': 'Owner'},
            ],
            receipt['maintainers']['before']['roles'],
        )
        self.assertEqual([], receipt['maintainers']['drift'])
        self.assertEqual(self.scene.release.commit, receipt['release']['hash'])
        self.assertIs(False, receipt['index']['keeps_signatures'])
        user = self.scene.index.store.user('openstackci')
        self.assertEqual(user.id, receipt['token_user_id'])
        for artifact in receipt['artifacts']:
            self.assertEqual('uploaded', artifact['step'])
            self.assertIs(True, artifact['confirmed'])
            path = self.scene.dist / artifact['filename']
            self.assertEqual(
                hashlib.sha256(path.read_bytes()).hexdigest(),
                artifact['sha256'],
            )
            self.assertEqual(
                self.scene.release.key_fingerprint,
                artifact['signature']['primary_fingerprint'],
            )

    def test_wheels_go_first_each_in_one_post_with_its_signature(self) -> None:
        self.assertPublished(self.scene.publish())
        uploads = self.scene.index.uploads
        self.assertEqual(
            self.scene.filenames, [sent.filename for sent in uploads]
        )
        for sent in uploads:
            self.assertIn('gpg_signature', sent.fields)
            self.assertIn('twine/', sent.user_agent)
            self.assertIn('openstack-publish/', sent.user_agent)

    def test_artifacts_and_signatures_are_archived_by_repository(self) -> None:
        result = self.scene.publish()
        names = [*self.scene.filenames]
        names += [f'{name}.asc' for name in names]
        self.assertEqual(
            sorted(f'{self.scene.release.repo}/{name}' for name in names),
            self.scene.archived(),
        )
        self.assertEqual(
            dict.fromkeys(names, 'placed'),
            {
                file['filename']: file['state']
                for file in result.receipt['archive']['files']
            },
        )

    def test_the_receipt_on_disk_is_the_one_that_was_printed(self) -> None:
        result = self.scene.publish()
        document = json.loads(self.scene.receipt_path.read_text('utf-8'))
        receipts.validate(document)
        self.assertEqual(result.receipt, document)
        self.assertTrue(
            os.path.exists(f'{self.scene.receipt_path}.asc'),
            'the receipt is not signed',
        )

    def test_a_second_run_has_nothing_to_do_and_posts_nothing(self) -> None:
        self.assertPublished(self.scene.publish())
        written = self.scene.receipt_path.read_bytes()
        self.scene.index.forget_requests()
        result = self.scene.publish()
        self.assertEqual(0, result.code, result.stdout)
        self.assertEqual('nothing-to-do', result.receipt['outcome'])
        self.assertEqual((), self.scene.index.uploads)
        self.assertEqual(written, self.scene.receipt_path.read_bytes())
        self.assertEqual(
            {'already-there'},
            {item['step'] for item in result.receipt['artifacts']},
        )

    def test_a_dry_run_writes_and_sends_nothing(self) -> None:
        result = self.scene.publish('--dry-run')
        self.assertEqual(0, result.code, result.stdout)
        self.assertEqual('dry-run', result.receipt['outcome'])
        self.assertEqual(list(range(1, 10)), result.steps())
        self.assertSentNothing()

    def test_a_dry_run_needs_neither_token_nor_key(self) -> None:
        result = self.scene.publish('--dry-run', key=False, token=None)
        self.assertEqual(0, result.code, result.stdout + result.stderr)
        for code in ('OSP604', 'OSP516'):
            self.assertEqual('noted', result.finding(code)['verdict'])

    def test_confirm_only_reads_back_what_was_uploaded(self) -> None:
        self.assertPublished(self.scene.publish())
        os.remove(self.scene.receipt_path)
        self.scene.index.forget_requests()
        result = self.scene.publish('--confirm-only', token=None, key=False)
        self.assertEqual(0, result.code, result.stdout)
        self.assertEqual([1, 2, 3, 4, 13, 14, 15], result.steps())
        self.assertEqual((), self.scene.index.uploads)

    def test_confirm_only_says_that_a_project_was_given_up(self) -> None:
        self.assertPublished(self.scene.publish())
        policy = self.scene.directory / 'policy.yaml'
        policy.write_text(
            'schema: openstack-publish/policy/1\n'
            f'projects: {{{self.scene.project}: '
            '{relinquished: 2020-01-01, reason: handed over}}\n'
        )
        result = self.scene.publish('--confirm-only', '--policy', str(policy))
        self.assertEqual(1, result.code, result.stdout)
        self.assertEqual({'OSP405'}, result.codes)

    def test_confirm_only_signs_no_receipt_with_an_untrusted_key(self) -> None:
        self.assertPublished(self.scene.publish())
        self.scene.receipt_path.unlink()
        keyring = self.useFixture(keys.Keyring())
        result = self.scene.publish(
            '--confirm-only',
            '--sign-key-file',
            keyring.secret_file(keyring.generate()),
            key=False,
        )
        self.assertEqual('published', result.receipt['outcome'])
        self.assertEqual('noted', result.finding('OSP518')['verdict'])

    def test_confirm_only_without_an_index_knows_nothing(self) -> None:
        self.scene.index.faults.set('server-error', times=99)
        result = self.scene.publish('--confirm-only')
        self.assertEqual(3, result.code, result.stdout)
        outcomes = {
            step['number']: step['outcome'] for step in result.receipt['steps']
        }
        self.assertEqual('unknown', outcomes[4])

    def test_confirm_only_of_what_is_not_there_fails(self) -> None:
        result = self.scene.publish('--confirm-only')
        self.assertEqual(1, result.code, result.stdout)
        self.assertIn('OSP701', result.codes)

    def test_skip_existing_is_accepted_and_noted(self) -> None:
        result = self.scene.publish('--skip-existing')
        self.assertPublished(result)
        self.assertEqual('note', result.finding('OSP711')['severity'])

    def test_signatures_that_exist_are_verified_and_used(self) -> None:
        self.assertPublished(self.scene.publish())
        signatures = {
            path.name: path.read_bytes()
            for path in self.scene.dist.glob('*.asc')
        }
        self.scene.index.store.delete_release(
            self.scene.project, self.scene.version
        )
        os.remove(self.scene.receipt_path)
        result = self.scene.publish(
            '--signatures', 'require', '--dry-run', key=False
        )
        self.assertEqual(0, result.code, result.stdout)
        self.assertEqual(2, len(signatures) - 1)


class TestNewProject(base.SceneTest):
    known = False

    def test_a_new_project_is_created_and_confirmed(self) -> None:
        result = self.scene.publish()
        self.assertPublished(result)
        maintainers = result.receipt['maintainers']
        self.assertEqual('new', maintainers['before']['state'])
        self.assertEqual(
            [{'user': 'openstackci', 'role': 'Owner'}],
            maintainers['after']['roles'],
        )
        self.assertIsNone(maintainers['drift'])

    def test_a_new_project_of_another_user_is_not_confirmed(self) -> None:
        token = self.scene.index.token('somebody')
        result = self.scene.publish(token=token)
        self.assertEqual(4, result.code, result.stdout)
        self.assertEqual('unconfirmed', result.receipt['outcome'])
        self.assertEqual(
            {'OSP401', 'OSP402'}, result.codes & {'OSP401', 'OSP402'}
        )
