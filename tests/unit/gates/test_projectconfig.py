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

import pathlib

import fixtures
import testtools

from openstack_publish import exceptions
from openstack_publish.gates import projectconfig
from openstack_publish.model import located
from openstack_publish.model import publishing
from tests.support import gitrepo
from tests.support import real_releases

PROJECTS = 'zuul.d/projects.yaml'


class TestProjectConfig(testtools.TestCase):
    def setUp(self) -> None:
        super().setUp()
        self.root = pathlib.Path(self.useFixture(fixtures.TempDir()).path)
        self.root.joinpath('zuul.d').mkdir()

    def write(self, text: str, path: str = PROJECTS) -> None:
        gitrepo.write(self.root, path, text)

    def read(self) -> publishing.Publishing:
        return projectconfig.ProjectConfig(str(self.root)).read()

    def problems(self) -> list[str]:
        error = self.assertRaises(exceptions.Misconfigured, self.read)
        return [located.described(problem) for problem in error.problems]

    def test_a_digest_is_that_of_what_is_read(self) -> None:
        def digest() -> str:
            return projectconfig.ProjectConfig(str(self.root)).digest()

        self.write('- project:\n    name: openstack/nova\n')
        before = digest()
        self.write('nothing of Zuul', 'README.rst')
        self.assertEqual(before, digest())
        self.write('- project:\n    name: openstack/cinder\n')
        self.assertNotEqual(before, digest())
        self.root.joinpath('zuul.d/gone.yaml').symlink_to('nowhere')
        self.assertRaises(exceptions.Unavailable, digest)

    def test_a_directory_of_something_else_is_misconfigured(self) -> None:
        error = self.assertRaises(
            exceptions.Misconfigured,
            projectconfig.ProjectConfig,
            str(self.root / 'zuul.d'),
        )
        self.assertIn('no checkout of openstack/project-config', str(error))

    def test_a_checkout_without_any_project_is_misconfigured(self) -> None:
        """It must not be taken for one that says that nothing publishes."""
        self.write('- job:\n    name: base\n', 'zuul.d/jobs.yaml')
        error = self.assertRaises(exceptions.Misconfigured, self.read)
        self.assertIn('no file of', str(error))

    def test_what_is_no_yaml_is_told_with_its_line(self) -> None:
        self.write('- project:\n    name: openstack/nova\n\ttemplates: []\n')
        (problem,) = self.problems()
        self.assertIn(f'{PROJECTS}:3:1', problem)

    def test_every_wrong_value_is_told_with_its_line(self) -> None:
        self.write("""\
            - project:
                name: openstack/nova
                templates:
                  - 7
            - project:
                name: ^openstack/(.*
            - project: openstack/nova
            - project:
                name: openstack/glance
                release:
                  jobs: {release-openstack-python: {}}
                name: openstack/glance
            """)
        self.assertEqual(
            [
                f'{PROJECTS}:4:9: [0].project.templates[0]: must be a '
                'string, is the number 7: quote it',
                f"{PROJECTS}:6:5: [1].project.name: '^openstack/(.*' cannot "
                'be read as a regular expression: missing ), unterminated '
                'subpattern at position 11',
                f'{PROJECTS}:7:3: [2].project: must be a mapping, is '
                "'openstack/nova'",
                f'{PROJECTS}:11:7: [3].project.release.jobs: must be a '
                'list, is a mapping',
                f"{PROJECTS}:12:5: [3].project.name: the key 'name' stands "
                'here a second time',
            ],
            self.problems(),
        )

    def test_an_endless_alias_is_told_with_its_line(self) -> None:
        self.write("""\
            - project:
                name: openstack/nova
                templates: &a
                  - *a
            """)
        (problem,) = self.problems()
        self.assertIn(f'{PROJECTS}:4:9', problem)
        self.assertIn('the alias *a', problem)

    def test_a_file_that_cannot_be_read_is_unavailable(self) -> None:
        self.write('- project:\n    name: openstack/nova\n')
        (self.root / 'zuul.d' / 'gone.yaml').symlink_to('nowhere')
        self.assertRaises(exceptions.Unavailable, self.read)

    def test_templates_and_the_bare_job_are_found(self) -> None:
        self.write("""\
            - project:
                name: openstack/nova
                templates:
                  - publish-to-pypi
                  - docs-jobs
            - project:
                name: openstack/glance
                templates: publish-to-pypi-stable-only
            - project:
                name: opendev/sandbox
                release:
                  jobs:
                    - noop
                    - release-openstack-python
                pre-release:
                  jobs:
                    - release-openstack-python:
                        nodeset: ubuntu-noble
            - project:
                name: openstack/puppet-nova
                templates:
                  - puppet-release-jobs
            - project:
                templates:
                  - publish-to-pypi
            """)
        found = self.read()
        self.assertEqual(
            {
                'openstack/nova': {'publish-to-pypi'},
                'openstack/glance': {'publish-to-pypi-stable-only'},
                'opendev/sandbox': {
                    publishing.JOB,
                    publishing.PRE_RELEASE_JOB,
                },
            },
            dict(found.templates),
        )
        self.assertEqual(frozenset(), found.of('openstack/puppet-nova'))

    def test_stanzas_of_a_project_add_up_over_files_and_patterns(
        self,
    ) -> None:
        self.write("""\
            - project:
                name: ^openstack.*
                templates: [publish-to-pypi]
            - project:
                name: opendev.org/openstack/nova
                templates: [publish-to-pypi-quietly]
            """)
        self.write(
            '- project: {name: openstack/nova, '
            'templates: [publish-xstatic-to-pypi]}\n',
            'zuul.d/more/nova.yaml',
        )
        found = self.read()
        self.assertEqual(
            {
                'publish-to-pypi',
                'publish-to-pypi-quietly',
                'publish-xstatic-to-pypi',
            },
            found.of('openstack/nova'),
        )
        self.assertEqual({'publish-to-pypi'}, found.of('openstack/other'))
        self.assertEqual(frozenset(), found.of('x/openstack'))

    def test_a_template_of_the_same_checkout_may_hold_the_job(self) -> None:
        self.write("""\
            - project-template:
                name: our-own
                release:
                  jobs: [release-openstack-python]
            - project:
                name: openstack/nova
                templates: [our-own]
            """)
        self.assertEqual({publishing.JOB}, self.read().of('openstack/nova'))

    def test_what_else_zuul_reads_breaks_nothing(self) -> None:
        """Anchors and merge keys here; encrypted values also beside it."""
        self.write("""\
            - secret:
                name: pypi
                data:
                  api_token: !encrypted/pkcs1-oaep
                    - AAAA
                  password: !encrypted/pkcs1-oaep BBBB
            - project:
                name: opendev/gerritlib
                <<: &usual
                  templates: &them
                    - publish-to-pypi
                check:
                  jobs:
                    - tox: {on: &yes yes, 1: *yes}
            - project:
                name: opendev/jeepyb
                templates: *them
            - project:
                <<: [{templates: []}, *usual]
                name: opendev/bindep
            - project: {name: opendev/third, <<: *usual}
            """)
        self.write('\tno: [yaml', 'zuul.d/secrets.yaml')
        self.write('- project: no YAML file', 'zuul.d/README')
        found = self.read()
        for repo in ('gerritlib', 'jeepyb', 'third'):
            self.assertEqual(
                {'publish-to-pypi'}, found.of(f'opendev/{repo}'), repo
            )
        self.assertEqual(frozenset(), found.of('opendev/bindep'))


class TestRealProjectConfig(testtools.TestCase):
    def test_406_repositories_publish(self) -> None:
        """As of 2026-08-17."""
        found = projectconfig.ProjectConfig(
            str(real_releases.project_config())
        ).read()
        counts: dict[str, int] = {}
        for templates in found.templates.values():
            for name in templates:
                counts[name] = counts.get(name, 0) + 1
        self.assertEqual(
            {
                'publish-to-pypi': 383,
                'publish-to-pypi-stable-only': 15,
                'publish-xstatic-to-pypi': 5,
                'publish-to-pypi-quietly': 2,
                publishing.JOB: 1,
            },
            counts,
        )
        self.assertEqual((), found.patterns)
        self.assertEqual({publishing.JOB}, found.of('opendev/sandbox'))
