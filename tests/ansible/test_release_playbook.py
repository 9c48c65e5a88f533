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

"""The playbook of the whole release job, with a stand-in for its AFS."""

from __future__ import annotations

import yaml

from tests.ansible import base
from tests.ansible import executor

PLAYBOOK = executor.ROOT / 'playbooks/release/publish.yaml'
JOB = executor.ROOT / 'zuul.d/project-config/release-openstack-python.yaml'


class TestReleasePlaybook(base.RoleTest):
    def test_with_a_ticket_that_is_destroyed(self) -> None:
        done = self.play(PLAYBOOK)
        self.assertPlayed(done)
        self.assertWhole(self.built())
        self.assertIn('TASK [create-afs-token', done.output)
        self.assertFalse((self.executor.work_root / 'ticket').exists())

    def test_the_ticket_of_a_refused_release_is_destroyed_too(self) -> None:
        done = self.play(PLAYBOOK, openstack_publish_release='9.9.9')
        self.assertFailed(done, 'ended with 1')
        self.assertSentNothing()
        self.assertIn('TASK [create-afs-token', done.output)
        self.assertFalse((self.executor.work_root / 'ticket').exists())

    def test_after_a_build_that_failed_nothing_is_done(self) -> None:
        done = self.play(PLAYBOOK, zuul_success=False)
        self.assertPlayed(done)
        self.assertSentNothing()
        self.assertEqual({}, done.returned)

    def test_nothing_copies_the_artifacts_after_it(self) -> None:
        """A rebuild must not land on what was published."""
        (item,) = yaml.safe_load(JOB.read_text('utf-8'))
        job = item['job']
        self.assertEqual('base', job['parent'])
        self.assertEqual(
            'playbooks/openstack-publish/publish.yaml', job['post-run'][-1]
        )
        self.assertTrue(job['post-review'])
