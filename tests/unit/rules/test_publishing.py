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

import testtools

from openstack_publish.model import publishing as model
from openstack_publish.rules import publishing

CONFIG = model.Publishing(
    {
        'openstack/nova': frozenset({'publish-to-pypi'}),
        'openstack/quiet': frozenset({'publish-to-pypi-quietly'}),
        'openstack/xstatic-x': frozenset({'publish-xstatic-to-pypi'}),
        'openstack/old': frozenset({'publish-to-pypi-stable-only'}),
        'opendev/sandbox': frozenset({model.JOB}),
        'opendev/early': frozenset({model.PRE_RELEASE_JOB}),
    }
)


class TestTagForm(testtools.TestCase):
    def test_the_pipelines_expressions_decide(self) -> None:
        forms = {
            '1': 'release',
            '2015.1.5': 'release',
            '1.0.0.0': 'release',
            '1.0.0.0rc1': 'pre-release',
            '1.0.0a1': 'pre-release',
            '1.0.0.0b2': 'pre-release',
            '1.0.0.rc1': 'neither',
            '1.0.0rc': 'neither',
            '1.0.0.dev4': 'neither',
            '1.0.0.post1': 'neither',
            'v1.0.0': 'neither',
            'victoria-eol': 'neither',
            '2023.1-eom': 'neither',
            '1.0.0\n': 'neither',
            '': 'neither',
        }
        self.assertEqual(
            forms, {version: publishing.tag_form(version) for version in forms}
        )


class TestReaches(testtools.TestCase):
    def answer(
        self,
        version: str,
        repo: str,
        config: model.Publishing | None = CONFIG,
    ) -> str:
        return publishing.reaches(version, repo, config).answer

    def test_a_tag_that_no_pipeline_takes_never_does(self) -> None:
        for config in (CONFIG, None):
            self.assertEqual(
                'no', self.answer('victoria-eol', 'openstack/nova', config)
            )

    def test_without_project_config_it_is_not_known(self) -> None:
        reach = publishing.reaches('1.0.0', 'openstack/nova', None)
        self.assertEqual('unknown', reach.answer)
        self.assertIn('--project-config', reach.why)

    def test_a_repository_without_a_template_may_have_one_of_its_own(
        self,
    ) -> None:
        reach = publishing.reaches('1.0.0', 'openstack/other', CONFIG)
        self.assertEqual('unknown', reach.answer)
        self.assertIn('its own Zuul configuration', reach.why)

    def test_of_a_release_every_template_says_yes(self) -> None:
        for repo in CONFIG.templates:
            expected = 'unknown' if repo == 'opendev/early' else 'yes'
            self.assertEqual(expected, self.answer('1.0.0', repo), repo)

    def test_of_a_pre_release_not_every_template_is_certain(self) -> None:
        answers = {
            'openstack/nova': 'yes',
            'openstack/quiet': 'yes',
            'openstack/xstatic-x': 'yes',
            'opendev/early': 'yes',
            'openstack/old': 'unknown',
            'opendev/sandbox': 'unknown',
        }
        self.assertEqual(
            answers,
            {repo: self.answer('1.0.0.0rc1', repo) for repo in answers},
        )

    def test_the_reason_names_the_template(self) -> None:
        reach = publishing.reaches('1.0.0.0rc1', 'openstack/old', CONFIG)
        self.assertIn('publish-to-pypi-stable-only', reach.why)
