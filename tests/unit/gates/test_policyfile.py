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

import datetime
import pathlib

import fixtures
import testtools

from openstack_publish import exceptions
from openstack_publish.gates import policyfile
from openstack_publish.gates.yamlfile import forms
from openstack_publish.model import located
from openstack_publish.model import maintainers
from openstack_publish.model import names
from tests.support import gitrepo

SCHEMA = 'schema: openstack-publish/policy/1\n'


class TestPolicyFile(testtools.TestCase):
    """Which policy holds, and what is said of one that cannot."""

    def setUp(self) -> None:
        super().setUp()
        self.root = pathlib.Path(self.useFixture(fixtures.TempDir()).path)

    def _write(self, path: str, text: str) -> str:
        return str(gitrepo.write(self.root, path, text))

    def test_a_named_policy_that_is_not_there_is_misconfigured(self) -> None:
        self._write('data/publish-policy.yaml', SCHEMA)
        path = str(self.root / 'mine.yaml')
        error = self.assertRaises(
            exceptions.Misconfigured, policyfile.read, path, str(self.root)
        )
        self.assertEqual(f'there is no policy file {path}', error.message)
        self.assertEqual(path, error.where)

    def test_a_directory_is_no_policy(self) -> None:
        self.assertRaises(
            exceptions.Misconfigured, policyfile.read, str(self.root), None
        )

    def test_a_policy_in_the_checkout_that_cannot_be_read_is_not_passed_over(
        self,
    ) -> None:
        (self.root / 'data' / 'publish-policy.yaml').mkdir(parents=True)
        error = self.assertRaises(
            exceptions.Unavailable, policyfile.read, None, str(self.root)
        )
        self.assertEqual('Is a directory', error.cause)

    def test_a_dangling_link_in_the_checkout_is_not_passed_over(self) -> None:
        (self.root / 'data').mkdir()
        (self.root / 'data' / 'publish-policy.yaml').symlink_to('nowhere')
        self.assertRaises(
            exceptions.Unavailable, policyfile.read, None, str(self.root)
        )

    def test_an_empty_policy_is_misconfigured(self) -> None:
        path = self._write('p.yaml', '---\n')
        error = self.assertRaises(
            exceptions.Misconfigured, policyfile.read, path, None
        )
        self.assertEqual(
            f'{path} is no valid policy: 1 problem', error.message
        )

    def test_every_problem_has_file_line_column_and_key(self) -> None:
        path = self._write(
            'p.yaml',
            '''\
            schema: openstack-publish/policy/1
            projects:
              glance:
                allowd: []
              Glance:
                reason: b
            index: pypi
            index: plain
            ''',
        )
        error = self.assertRaises(
            exceptions.Misconfigured, policyfile.read, path, None
        )
        self.assertEqual(
            f'{path} is no valid policy: 4 problems', error.message
        )
        self.assertEqual(path, error.where)
        self.assertEqual(
            [
                f'{path}:3:3: projects.glance: the key reason is missing',
                f'{path}:4:5: projects.glance.allowd: unknown key; allowed '
                'may be meant',
                f"{path}:5:3: projects.Glance: 'Glance' and 'glance' are the "
                'same project, glance',
                f"{path}:8:1: index: the key 'index' stands here a second "
                'time',
            ],
            [located.described(problem) for problem in error.problems],
        )

    def test_a_syntax_error_has_line_and_column(self) -> None:
        path = self._write('p.yaml', SCHEMA + 'projects: {a: [}\n')
        error = self.assertRaises(
            exceptions.Misconfigured, policyfile.read, path, None
        )
        self.assertEqual(1, len(error.problems))
        self.assertEqual((2, 16), _position(error.problems[0]))

    def test_a_named_policy_goes_before_that_of_the_checkout(self) -> None:
        self._write('data/publish-policy.yaml', SCHEMA)
        path = self._write('p.yaml', SCHEMA + 'index: plain\n')
        found = policyfile.read(path, str(self.root))
        self.assertEqual(('plain', path), (found.index, found.origin))

    def test_a_named_policy_replaces_the_shipped_one(self) -> None:
        found = policyfile.read(self._write('p.yaml', SCHEMA), None)
        self.assertEqual({}, found.projects)
        self.assertEqual('required', found.general.commit_rule('xstatic'))

    def test_the_checkouts_policy_goes_before_the_shipped_one(self) -> None:
        self._write('data/publish-policy.yaml', SCHEMA)
        found = policyfile.read(None, str(self.root))
        self.assertEqual('data/publish-policy.yaml', found.origin)

    def test_the_entry_of_the_repository_in_use_holds(self) -> None:
        path = self._write(
            'p.yaml', SCHEMA + 'indexes: {testpypi: {index: plain}}\n'
        )
        self.assertEqual(
            'plain', policyfile.read(path, None, 'testpypi').index
        )
        self.assertEqual('pypi', policyfile.read(path, None, 'pypi').index)

    def test_key_files_are_found_beside_the_policy(self) -> None:
        one, two = '1' * 40, '2' * 40
        path = self._write(
            'p.yaml',
            SCHEMA
            + f'keys: {{trusted: [{{fingerprint: "{one}", file: k/a.asc}}, '
            f'{{fingerprint: "{two}"}}]}}\n',
        )
        found = policyfile.read(path, None)
        self.assertEqual(
            [str(self.root / 'k' / 'a.asc'), None],
            [key.file for key in found.trusted],
        )


class TestShippedPolicy(testtools.TestCase):
    """What OpenStack allows without a policy of its own."""

    def setUp(self) -> None:
        super().setUp()
        root = self.useFixture(fixtures.TempDir()).path
        self.policy = policyfile.read(None, root)

    def test_it_is_used_where_there_is_no_other(self) -> None:
        self.assertEqual(forms.SHIPPED, self.policy.origin)
        self.assertEqual(forms.SHIPPED, policyfile.read(None, None).origin)

    def test_openstackci_alone_is_owner(self) -> None:
        self.assertEqual('pypi', self.policy.index)
        general = self.policy.general.maintainers
        self.assertEqual(
            (maintainers.Role('openstackci', 'Owner'),), general.required
        )
        self.assertEqual((), general.allowed)
        self.assertEqual('error', general.unexpected)

    def test_only_xstatic_may_record_no_commit(self) -> None:
        general = self.policy.general
        self.assertEqual('if-present', general.commit_rule('xstatic'))
        for release_type in (None, 'python-pypi', 'python-service'):
            self.assertEqual('required', general.commit_rule(release_type))

    def test_font_awesome_is_no_longer_ours(self) -> None:
        own = self.policy.of(names.project_name('XStatic-Font-Awesome'))
        self.assertEqual(datetime.date(2023, 2, 15), own.relinquished)
        self.assertIn('handed over', own.reason or '')

    def test_nothing_may_go_without_a_deliverable(self) -> None:
        self.assertEqual((), self.policy.general.release.without_deliverable)

    def test_nothing_is_waived(self) -> None:
        self.assertEqual((), self.policy.waivers)


def _position(problem: located.Problem) -> tuple[int | None, int | None]:
    return (problem.place.line, problem.place.column)
