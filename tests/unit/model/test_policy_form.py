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
import textwrap

import testtools

from openstack_publish.gates import yamlfile
from openstack_publish.model import located
from openstack_publish.model import maintainers
from openstack_publish.model import names
from openstack_publish.model import policy
from openstack_publish.model import policy_form

SCHEMA = 'schema: openstack-publish/policy/1\n'
CI = maintainers.Role('openstackci', 'Owner')


def _read(
    text: str, repository: str | None = None
) -> tuple[policy.Policy | None, list[str]]:
    document = yamlfile.read(textwrap.dedent(text).encode(), 'f')
    assert not document.problems, document.problems
    found, problems = policy_form.read(document.data, 'f', repository)
    return found, [located.described(problem) for problem in problems]


def _of(text: str, repository: str | None = None) -> policy.Policy:
    found, told = _read(SCHEMA + textwrap.dedent(text), repository)
    assert found is not None, told
    assert not told, told
    return found


def _name(text: str) -> names.ProjectName:
    return names.project_name(text)


class TestMalformed(testtools.TestCase):
    """A policy with a problem is no policy, and every problem is told."""

    def _assert_told(self, text: str, *told: str) -> None:
        found, problems = _read(text)
        self.assertEqual(list(told), problems)
        self.assertIsNone(found)

    def test_an_empty_policy_is_invalid(self) -> None:
        self._assert_told(
            '',
            'f: the policy is empty; it must name its schema, '
            "'openstack-publish/policy/1'",
        )
        self._assert_told('{}', 'f: the key schema is missing')

    def test_a_policy_is_a_mapping(self) -> None:
        self._assert_told('- a', 'f: must be a mapping, is a list')

    def test_another_schema_is_not_read(self) -> None:
        self._assert_told(
            'schema: openstack-publish/policy/2',
            'f: schema: must be one of openstack-publish/policy/1, is '
            "'openstack-publish/policy/2'",
        )

    def test_a_key_without_a_value_is_no_empty_list(self) -> None:
        self._assert_told(
            SCHEMA
            + 'maintainers:\n  required:\n  allowed:\n'
            + 'release:\n  kinds:\n  commit:\n  without-deliverable:\n'
            + 'projects:\nkeys:\n  trusted:\nwaivers:\nindexes:\n',
            'f: maintainers.required: must be a list, is nothing',
            'f: maintainers.allowed: must be a list, is nothing',
            'f: release.kinds: must be a list, is nothing',
            'f: release.commit: must be one of if-present, required, is '
            'nothing',
            'f: release.without-deliverable: must be a list, is nothing',
            'f: projects: must be a mapping, is nothing',
            'f: indexes: must be a mapping, is nothing',
            'f: keys.trusted: must be a list, is nothing',
            'f: waivers: must be a list, is nothing',
        )

    def test_every_problem_is_told_with_its_key(self) -> None:
        self._assert_told(
            '''
            schema: openstack-publish/policy/1
            index: pypy
            maintainer: {}
            maintainers:
              required: [{user: openstackci, role: owner, until: 2027-01-01}]
              allowed:
                - {user: 12, role: Owner}
                - {user: alice, role: Maintainer, until: 2027-02-30x}
                - {user: Alice, role: Owner}
                - {role: Owner}
              organization: ''
              unexpected: ignore
            release:
              kinds: [sdist, wheel, sdist]
              commit: {xstatics: if-present, generic: never}
              without-deliverable: [{repo: x/*}]
            projects:
              glance: {allowed: [], maintainers: {}}
              oslo.config: {reason: a}
              Oslo_Config: {reason: b}
              -x: {reason: c, relinquished: yesterday, kinds: []}
            keys: {trust: [], trusted: [{fingerprint: abc}, {file: 1}]}
            waivers: [{code: OSP4, project: a b, until: 2027, reason: ''}]
            indexes: {testpypi: {waivers: [], index: test}}
            ''',
            'f: maintainer: unknown key; maintainers may be meant',
            "f: index: must be one of plain, pypi, is 'pypy'",
            'f: maintainers.required[0].until: unknown key; known here are '
            'role, user',
            'f: maintainers.required[0].role: must be one of Maintainer, '
            "Owner, is 'owner'",
            'f: maintainers.allowed[0].user: must be a string, is the number '
            '12: quote it',
            'f: maintainers.allowed[1].until: must be a day such as '
            "2027-01-31, is '2027-02-30x'",
            'f: maintainers.allowed[2].user: Alice is in this list twice; a '
            'user has one role on a project',
            'f: maintainers.allowed[3]: the key user is missing',
            'f: maintainers.organization: must not be empty',
            'f: maintainers.unexpected: must be one of error, warning, is '
            "'ignore'",
            'f: release.kinds[1]: must be one of bdist_wheel, sdist, is '
            "'wheel'",
            'f: release.kinds[2]: sdist is in this list twice',
            'f: release.commit.xstatics: unknown key; xstatic may be meant',
            'f: release.commit.generic: must be one of if-present, required, '
            "is 'never'",
            'f: release.without-deliverable[0]: the key reason is missing',
            'f: projects.glance.maintainers: unknown key; known here are '
            'allowed, commit, kinds, organization, reason, relinquished, '
            'required, unexpected, without-deliverable',
            'f: projects.glance: the key reason is missing',
            "f: projects.Oslo_Config: 'Oslo_Config' and 'oslo.config' are "
            'the same project, oslo-config',
            'f: projects.-x.relinquished: must be a day such as 2027-01-31, '
            "is 'yesterday'",
            'f: projects.-x.kinds: must name one of bdist_wheel, sdist',
            "f: projects.-x: must be a project's name (ASCII letters, digits "
            "and -_. between them), is '-x'",
            'f: indexes.testpypi.waivers: unknown key; known here are index, '
            'maintainers, projects, release',
            "f: indexes.testpypi.index: must be one of plain, pypi, is 'test'",
            'f: keys.trust: unknown key; trusted may be meant',
            "f: keys.trusted[0].fingerprint: 'abc' is no OpenPGP fingerprint "
            '(40 hexadecimal digits)',
            'f: keys.trusted[1]: the key fingerprint is missing',
            'f: keys.trusted[1].file: must be a string, is the number 1: '
            'quote it',
            'f: waivers[0].code: must be the code of a finding such as '
            "OSP401, is 'OSP4'",
            "f: waivers[0].project: must be a project's name (ASCII letters, "
            "digits and -_. between them), is 'a b'",
            'f: waivers[0].until: must be a day such as 2027-01-31, is the '
            'number 2027',
            'f: waivers[0].reason: must not be empty',
        )

    def test_a_section_of_an_index_that_is_not_in_use_is_checked_too(
        self,
    ) -> None:
        found, told = _read(
            SCHEMA + 'indexes: {a: {}, b: {release: {kind: []}}}', 'a'
        )
        self.assertIsNone(found)
        self.assertEqual(1, len(told))

    def test_a_waiver_names_all_four(self) -> None:
        self._assert_told(
            SCHEMA + 'waivers: [{}]',
            'f: waivers[0]: the key code is missing',
            'f: waivers[0]: the key project is missing',
            'f: waivers[0]: the key reason is missing',
            'f: waivers[0]: the key until is missing',
        )

    def test_a_key_that_is_trusted_twice_is_told(self) -> None:
        one = '30566c450e41d7c91e442dfb231f942f608ddeff'
        self._assert_told(
            SCHEMA + f'keys: {{trusted: [{{fingerprint: {one}}}, '
            f'{{fingerprint: {one.upper()}}}]}}',
            f'f: keys.trusted[1].fingerprint: {one.upper()} is in this list '
            'twice',
        )


class TestRead(testtools.TestCase):
    """What a good policy says."""

    def test_a_key_left_out_has_its_printed_value(self) -> None:
        found = _of('')
        self.assertEqual(policy.Policy(origin='f'), found)
        self.assertEqual('pypi', found.index)
        general = found.of(_name('nova'))
        self.assertEqual((CI,), general.maintainers.required)
        self.assertEqual((), general.maintainers.allowed)
        self.assertIsNone(general.maintainers.organization)
        self.assertEqual('error', general.maintainers.unexpected)
        self.assertEqual({'sdist', 'bdist_wheel'}, general.release.kinds)
        self.assertEqual('required', general.commit_rule('xstatic'))
        self.assertEqual((), general.release.without_deliverable)

    def test_sections_may_be_empty(self) -> None:
        found = _of(
            'maintainers: {}\nrelease: {}\nprojects: {}\nkeys: {}\n'
            'waivers: []\nindexes: {testpypi: {}}\n',
            'testpypi',
        )
        self.assertEqual(policy.Policy(origin='f'), found)

    def test_the_whole_example_of_the_format_is_read(self) -> None:
        found = _of(
            '''
            index: plain
            maintainers:
              required: [{user: openstackci, role: Owner}]
              allowed: [{user: bob, role: Maintainer}]
              organization: openstack
              unexpected: warning
            release:
              kinds: [sdist]
              commit: if-present
              without-deliverable: [{repo: "x/*", reason: no team}]
            projects:
              Glance:
                allowed: [{user: alice, role: Owner, until: 2027-01-01}]
                reason: second account that can yank
              xstatic-font-awesome:
                relinquished: 2023-02-15
                reason: handed over
            keys:
              trusted:
                - fingerprint: 30566c450e41d7c91e442dfb231f942f608ddeff
                  file: keys/a.asc
            waivers:
              - code: OSP401
                project: Oslo.Config
                until: 2027-01-31
                reason: clean-up
            '''
        )
        self.assertEqual('plain', found.index)
        self.assertEqual(
            policy.ProjectPolicy(
                policy.MaintainersPolicy(
                    required=(CI,),
                    allowed=(
                        policy.AllowedRole(
                            maintainers.Role('bob', 'Maintainer')
                        ),
                    ),
                    organization='openstack',
                    unexpected='warning',
                ),
                policy.ReleasePolicy(
                    kinds=frozenset({'sdist'}),
                    commit='if-present',
                    without_deliverable=(
                        policy.WithoutDeliverable('x/*', 'no team'),
                    ),
                ),
            ),
            found.general,
        )
        glance = found.of(_name('glance'))
        self.assertEqual(
            (
                policy.AllowedRole(maintainers.Role('bob', 'Maintainer')),
                policy.AllowedRole(
                    maintainers.Role('alice', 'Owner'),
                    datetime.date(2027, 1, 1),
                ),
            ),
            glance.maintainers.allowed,
        )
        self.assertEqual('second account that can yank', glance.reason)
        self.assertEqual(found.general.release, glance.release)
        self.assertEqual(
            datetime.date(2023, 2, 15),
            found.of(_name('XStatic-Font-Awesome')).relinquished,
        )
        self.assertEqual(
            (
                policy.TrustedKey(
                    names.Fingerprint(
                        '30566C450E41D7C91E442DFB231F942F608DDEFF'
                    ),
                    'keys/a.asc',
                ),
            ),
            found.trusted,
        )
        self.assertEqual(
            (
                policy.Waiver(
                    'OSP401',
                    _name('oslo-config'),
                    datetime.date(2027, 1, 31),
                    'clean-up',
                ),
            ),
            found.waivers,
        )

    def test_a_project_overrides_what_it_names(self) -> None:
        found = _of(
            '''
            maintainers: {organization: openstack}
            release: {commit: {default: required, xstatic: if-present}}
            projects:
              a:
                required: [{user: bob, role: Owner}]
                organization: null
                unexpected: warning
                kinds: [bdist_wheel]
                commit: required
                reason: it is old
            '''
        )
        own = found.of(_name('a'))
        self.assertEqual(
            policy.MaintainersPolicy(
                required=(maintainers.Role('bob', 'Owner'),),
                unexpected='warning',
            ),
            own.maintainers,
        )
        self.assertEqual({'bdist_wheel'}, own.release.kinds)
        self.assertEqual('required', own.commit_rule('xstatic'))
        self.assertEqual('if-present', found.general.commit_rule('xstatic'))
        self.assertEqual('openstack', found.general.maintainers.organization)

    def test_a_commit_rule_by_type_has_a_default(self) -> None:
        for text, expected in (
            ('{xstatic: if-present}', 'required'),
            ('{default: if-present, xstatic: required}', 'if-present'),
        ):
            general = _of(f'release: {{commit: {text}}}').general
            self.assertEqual(expected, general.commit_rule(None))
            self.assertEqual(expected, general.commit_rule('fuel'))
            self.assertNotEqual(expected, general.commit_rule('xstatic'))

    def test_only_the_index_in_use_overrides(self) -> None:
        text = '''
            index: pypi
            maintainers: {unexpected: warning}
            projects:
              a: {reason: one, allowed: [{user: bob, role: Owner}]}
              b: {reason: two, kinds: [sdist]}
            indexes:
              testpypi:
                index: plain
                maintainers: {required: [{user: tester, role: Owner}]}
                projects:
                  A: {reason: three}
              other:
                release: {kinds: [sdist]}
            '''
        for repository in (None, 'pypi', 'TestPyPI'):
            found = _of(text, repository)
            self.assertEqual('pypi', found.index)
            self.assertEqual((CI,), found.general.maintainers.required)
            self.assertEqual('one', found.of(_name('a')).reason)
        found = _of(text, 'testpypi')
        self.assertEqual('plain', found.index)
        tester = (maintainers.Role('tester', 'Owner'),)
        self.assertEqual(tester, found.general.maintainers.required)
        self.assertEqual('warning', found.general.maintainers.unexpected)
        own = found.of(_name('a'))
        self.assertEqual('three', own.reason)
        self.assertEqual((), own.maintainers.allowed)
        self.assertEqual(tester, found.of(_name('b')).maintainers.required)
        self.assertEqual({'sdist'}, found.of(_name('b')).release.kinds)
        found = _of(text, 'other')
        self.assertEqual({'sdist'}, found.of(_name('a')).release.kinds)
