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

"""The role openstack-publish-check, run by ansible-playbook."""

from __future__ import annotations

import json
from typing import Any

import testtools

from tests.ansible import executor
from tests.support import review

PLAYBOOK = executor.ROOT / 'playbooks/check/run.yaml'


class TestCheckRole(testtools.TestCase):
    """The playbook of the job, as openstack/releases runs it."""

    def setUp(self) -> None:
        super().setUp()
        self.review = self.useFixture(review.Review())

    def change(self, *releases: str) -> None:
        """Propose a change that appends these orders."""
        for text in releases:
            self.review.append(text)
        self.review.repo.commit()

    def check(self, walled: bool = False, **variables: Any) -> executor.Played:
        """Run the job on the change."""
        job = executor.ReviewExecutor(self.review, walled=walled)
        return self.useFixture(job).play(
            PLAYBOOK,
            **{
                'openstack_publish_check_read_url': self.review.index.url,
                **variables,
            },
        )

    def test_a_sound_order_passes(self) -> None:
        self.change(review.release('5.2.0'))
        done = self.check()
        self.assertEqual(0, done.code, done.output)
        (artifact,) = done.artifacts
        self.assertEqual('openstack-publish/check.zuul.json', artifact['url'])
        kept = json.loads((done.log_root / artifact['url']).read_text())
        self.assertEqual(kept['zuul'].keys() | {'artifacts'}, done.zuul.keys())

    def test_what_is_wrong_is_a_comment_on_its_line(self) -> None:
        self.change(review.release('5.2.0', 'no hash'))
        done = self.check()
        self.assertEqual(2, done.code, done.output)
        self.assertIn('check ended with 1: a release that', done.output)
        comments = done.zuul['file_comments'][review.PATH]
        self.assertIn(
            (15, 'error'), [(said['line'], said['level']) for said in comments]
        )

    def test_an_index_that_is_away_fails_as_unknown(self) -> None:
        self.change(review.release('5.2.0'))
        done = self.check(
            openstack_publish_check_read_url='http://127.0.0.1:1/'
        )
        self.assertEqual(2, done.code, done.output)
        self.assertIn('check ended with 3: something could', done.output)

    def test_wrong_usage_fails_with_nothing_to_return(self) -> None:
        self.change(review.release('5.2.0'))
        done = self.check(openstack_publish_check_options=['--no-such-option'])
        self.assertEqual(2, done.code, done.output)
        self.assertIn('check ended with 2: wrong usage', done.output)
        self.assertNotIn('file_comments', done.zuul)

    def test_behind_walls_it_is_the_same(self) -> None:
        self.change(review.release('5.2.0', 'no hash'))
        done = self.check(walled=True)
        self.assertEqual(2, done.code, done.output)
        self.assertIn(review.PATH, done.zuul['file_comments'])
