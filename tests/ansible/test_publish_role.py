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

"""The role openstack-publish, run by ansible-playbook."""

from __future__ import annotations

import testtools

from tests.ansible import executor
from tests.support import scene

PLAYBOOK = executor.HERE / 'playbooks/publish.yaml'


class TestPublishRole(testtools.TestCase):
    def setUp(self) -> None:
        super().setUp()
        self.scene = self.useFixture(scene.Scene())
        self.executor = self.useFixture(executor.Executor(self.scene))

    def publish(self, **variables: object) -> executor.Played:
        known = {'openstack_publish_archive': str(self.scene.archive)}
        return self.executor.play(PLAYBOOK, **{**known, **variables})

    def test_a_first_release_is_published(self) -> None:
        done = self.publish()
        self.assertEqual(0, done.code, done.output)
        self.assertEqual('published', done.receipt['outcome'])
        self.assertEqual(sorted(self.scene.filenames), self.scene.listed())
