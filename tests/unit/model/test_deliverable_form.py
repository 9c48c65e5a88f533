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

from typing import Any

import testtools

from openstack_publish.gates import yamlfile
from openstack_publish.model import deliverable
from openstack_publish.model import deliverable_form
from openstack_publish.model import located
from tests.support import gitrepo

PATH = 'deliverables/hibiscus/os-vif.yaml'


def _read(
    text: str, path: str = PATH
) -> tuple[deliverable.Deliverable | None, list[str]]:
    document = yamlfile.read(text.encode(), path)
    assert not document.problems, document.problems
    value, problems = deliverable_form.read(document.data, path)
    return value, [
        located.described(problem).removeprefix(f'{path}: ')
        for problem in problems
    ]


def _of(text: str, path: str = PATH) -> deliverable.Deliverable:
    value, problems = _read(text, path)
    assert value is not None
    assert not problems, problems
    return value


class TestMalformed(testtools.TestCase):
    """Each thing that is wrong is told with its key; none hides another."""

    def _assert_told(self, text: str, *told: str) -> None:
        self.assertEqual(list(told), _read(text)[1])

    def test_a_file_that_is_no_mapping_has_no_value(self) -> None:
        for text, found in (('- a', 'a list'), ('a', "'a'"), ('1', 'the')):
            value, problems = _read(text)
            self.assertIsNone(value)
            self.assertIn(f'must be a mapping, is {found}', problems[0])

    def test_an_empty_file_lacks_team_and_type(self) -> None:
        self._assert_told(
            '', 'the key team is missing', 'the key type is missing'
        )

    def test_an_unquoted_version_is_to_be_quoted(self) -> None:
        self._assert_told(
            gitrepo.deliverable('1.10'),
            'releases[0].version: must be a string, is the number 1.1: quote '
            'it',
        )

    def test_a_release_with_a_wrong_version_is_left_out(self) -> None:
        value, _ = _read(gitrepo.deliverable('1.10'))
        assert value is not None
        self.assertEqual((), value.releases)

    def test_a_version_is_one_word(self) -> None:
        self._assert_told(
            gitrepo.deliverable("'1.0 0'"),
            "releases[0].version: must be a version or tag, is '1.0 0'",
        )
        self._assert_told(
            gitrepo.deliverable("'../1.0'"),
            "releases[0].version: must be a version or tag, is '../1.0'",
        )

    def test_a_hash_has_40_lower_case_digits(self) -> None:
        for wrong in ('A' * 40, 'a' * 39, 'a' * 41, 'g' * 40, 'master'):
            value, problems = _read(gitrepo.deliverable('1.0.0', commit=wrong))
            assert value is not None
            self.assertEqual((), value.releases[0].repos)
            self.assertEqual(
                [
                    'releases[0].projects[0].hash: must be a commit hash of '
                    '40 lower-case hexadecimal digits, is '
                    f"'{wrong}'"
                ],
                problems,
            )

    def test_a_hash_of_digits_alone_is_to_be_quoted(self) -> None:
        self._assert_told(
            gitrepo.deliverable('1.0.0', commit='1' * 40),
            'releases[0].projects[0].hash: must be a string, is the number '
            f'{"1" * 40}: quote it',
        )

    def test_a_repository_is_at_most_once_in_a_release(self) -> None:
        self._assert_told(
            gitrepo.deliverable('1.0.0')
            + '      - repo: openstack/os-vif\n'
            + f'        hash: {gitrepo.COMMIT_B}\n',
            'releases[0].projects[1].repo: openstack/os-vif is in this '
            'release a second time; each repository has one commit in a '
            'release',
        )

    def test_a_repository_has_its_full_name(self) -> None:
        for wrong in ('os-vif', '../x/y', 'x/..', '/x/y', 'x/y/', 'x y/z'):
            self._assert_told(
                gitrepo.deliverable('1.0.0', repo=wrong),
                "releases[0].projects[0].repo: must be a repository's full "
                f"name such as openstack/os-vif, is '{wrong}'",
            )

    def test_everything_wrong_is_told_at_once(self) -> None:
        self._assert_told(
            '''
            team: 7
            type: libary
            lauchpad: x
            release-model: cycle
            release-type: python
            include-pypi-link: 'yes'
            artifact-link-mode: tar
            stable-status: alive
            stable-branch-type: tags
            storyboard: [1]
            launchpad: 12
            release-notes: {openstack/x: 1}
            cycle-highlights: [1]
            repository-settings:
              os-vif: {}
              openstack/x: 1
              openstack/y: {pypi-nam: y, pypi-name: ' y', tarball-base: 3}
            releases:
              - projects: [{repo: openstack/x}]
                highlights: x
                flags: [forcd]
              - version: 1.0.0
              - version: 1.0.1
                projects: {repo: openstack/x}
              - x
            branches: [{name: 1}, {location: {openstack/x: []}}]
            ''',
            'lauchpad: unknown key; launchpad may be meant',
            'release-model: must be one of abandoned, cycle-automatic, '
            'cycle-trailing, cycle-with-intermediary, '
            "cycle-with-milestones, cycle-with-rc, untagged, is 'cycle'",
            'team: must be a string, is the number 7: quote it',
            'type: must be one of client-library, horizon-plugin, library, '
            "other, service, tempest-plugin, trailing, is 'libary'",
            'release-type: must be one of fuel, generic, horizon, '
            'manila-image-elements, neutron, nodejs, openstack-manuals, '
            'openstack-virtual-baremetal, puppet, python-pypi, '
            "python-service, xstatic, is 'python'",
            "include-pypi-link: must be true or false, is 'yes'",
            "artifact-link-mode: must be one of none, tarball, is 'tar'",
            'stable-status: must be one of development, end of life, '
            'extended maintenance, future, maintained, unmaintained, is '
            "'alive'",
            "repository-settings.os-vif: must be a repository's full name "
            "such as openstack/os-vif, is 'os-vif'",
            'repository-settings.openstack/x: must be a mapping, is the '
            'number 1',
            'repository-settings.openstack/y.pypi-nam: unknown key; '
            'pypi-name may be meant',
            "repository-settings.openstack/y.pypi-name: must be a project's "
            'name (ASCII letters, digits and -_. between them), is '
            "' y'",
            'repository-settings.openstack/y.tarball-base: must be a string, '
            'is the number 3: quote it',
            'releases[0].highlights: unknown key; known here are diff-start, '
            'flags, projects, version',
            'releases[0]: the key version is missing',
            "releases[0].flags[0]: must be one of forced, skipped-sig, is "
            "'forcd'",
            'releases[0].projects[0]: the key hash is missing',
            'releases[1]: the key projects is missing',
            'releases[2].projects: must be a list, is a mapping',
            "releases[3]: must be a mapping, is 'x'",
            'launchpad: must be a string, is the number 12: quote it',
            'storyboard: must be a number or a string, is a list',
            'release-notes.openstack/x: must be a string, is the number 1: '
            'quote it',
            'stable-branch-type: must be one of none, std, std-with-versions, '
            "tagless, upstream, is 'tags'",
            'cycle-highlights[0]: must be a string, is the number 1: quote it',
            'branches[0]: the key location is missing',
            'branches[0].name: must be a string, is the number 1: quote it',
            'branches[1]: the key name is missing',
            'branches[1].location.openstack/x: must be a string, is a list',
        )


class TestRead(testtools.TestCase):
    """What a good file says."""

    def test_a_release_is_read_with_its_places(self) -> None:
        value = _of(
            '''
            team: horizon
            type: library
            release-type: xstatic
            repository-settings:
              openstack/xstatic-angular:
                pypi-name: XStatic-Angular
                tarball-base: XStatic-Angular
                flags: [retired]
            releases:
              - version: 1.5.8.0
                diff-start: 1.4.0
                flags: [forced, skipped-sig]
                projects:
                  - repo: openstack/xstatic-angular
                    hash: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
                    tarball-base: XStatic-Angular
                    comment: once more
            '''
        )
        key = ('releases', 0, 'projects', 0)
        repo = 'openstack/xstatic-angular'
        self.assertEqual(
            deliverable.Deliverable(
                path=PATH,
                series='hibiscus',
                name='os-vif',
                team='horizon',
                type='library',
                release_type='xstatic',
                settings=(
                    deliverable.RepositorySettings(
                        repo,
                        'XStatic-Angular',
                        'XStatic-Angular',
                        frozenset({'retired'}),
                        ('repository-settings', repo),
                    ),
                ),
                releases=(
                    deliverable.Release(
                        '1.5.8.0',
                        (
                            deliverable.ReleasedRepo(
                                repo,
                                gitrepo.COMMIT_A,
                                'XStatic-Angular',
                                'once more',
                                key,
                            ),
                        ),
                        frozenset({'forced', 'skipped-sig'}),
                        '1.4.0',
                        ('releases', 0),
                    ),
                ),
            ),
            value,
        )

    def test_missing_and_null_releases_are_none(self) -> None:
        for text in ('', 'releases:\n', 'releases: []\n'):
            value = _of(f'team: nova\ntype: other\n{text}')
            self.assertEqual((), value.releases)

    def test_settings_may_be_empty_or_null(self) -> None:
        value = _of(
            'team: nova\ntype: other\n'
            'repository-settings:\n  openstack/a: {}\n  openstack/b:\n'
        )
        self.assertEqual(
            ['openstack/a', 'openstack/b'],
            [settings.repo for settings in value.settings],
        )

    def test_tags_of_old_forms_are_versions_too(self) -> None:
        for version in ('victoria-eol', '2023.1-eom', 'v0.4.0', '0.2.2.rc3'):
            value = _of(gitrepo.deliverable(version))
            self.assertEqual(version, value.releases[0].version)

    def test_independent_is_a_series_and_a_release_model(self) -> None:
        path = 'deliverables/_independent/pbr.yaml'
        value = _of(gitrepo.deliverable('7.0.0'), path)
        self.assertEqual('independent', value.series)
        self.assertEqual('pbr', value.name)
        self.assertEqual('independent', value.release_model)

    def test_independent_overrules_every_model_but_abandoned(self) -> None:
        path = 'deliverables/_independent/pbr.yaml'
        for written, expected in (
            ('untagged', 'independent'),
            ('abandoned', 'abandoned'),
        ):
            value = _of(
                f'team: oslo\ntype: library\nrelease-model: {written}\n', path
            )
            self.assertEqual(expected, value.release_model)

    def test_independent_can_not_be_written(self) -> None:
        _, problems = _read('team: a\ntype: other\nrelease-model: independent')
        self.assertEqual(1, len(problems))

    def test_the_name_of_a_tempest_plugin_is_its_type(self) -> None:
        value = _of(
            'team: a\ntype: other\nrelease-model: cycle-trailing\n',
            'deliverables/hibiscus/barbican-tempest-plugin.yaml',
        )
        self.assertEqual('tempest-plugin', value.type)

    def test_a_trailing_model_is_a_trailing_type(self) -> None:
        value = _of('team: a\ntype: other\nrelease-model: cycle-trailing\n')
        self.assertEqual('trailing', value.type)

    def test_odd_flags_are_remarked_and_do_not_count(self) -> None:
        for flags, told in (
            ('"-retired"', "must be a list, is '-retired'"),
            ('retired', "must be a list, is 'retired'"),
        ):
            value = _of(
                'team: oslo\ntype: library\nrepository-settings:\n'
                f'  openstack/pylockfile:\n    flags: {flags}\n'
            )
            self.assertEqual(frozenset(), value.settings[0].flags)
            self.assertEqual(
                [
                    f'{PATH}: repository-settings.openstack/pylockfile.flags'
                    f': {told}'
                ],
                [located.described(remark) for remark in value.remarks],
            )

    def test_an_unknown_flag_is_remarked_beside_a_known_one(self) -> None:
        value = _of(
            'team: a\ntype: library\nrepository-settings:\n'
            '  openstack/a: {flags: [no-artifact-build-job, retird, 1]}\n'
        )
        self.assertEqual(
            frozenset({'no-artifact-build-job'}), value.settings[0].flags
        )
        self.assertEqual(2, len(value.remarks))

    def test_story_boards_and_release_notes_have_two_forms(self) -> None:
        forms: list[Any] = ['storyboard: 12', 'storyboard: openstack/x']
        forms += ['release-notes: u', 'release-notes: {openstack/x: u}']
        for form in forms:
            _of(f'team: a\ntype: other\n{form}\n')
