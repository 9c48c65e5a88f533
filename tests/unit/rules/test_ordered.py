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

from openstack_publish.model import deliverable
from openstack_publish.model import distribution
from openstack_publish.model import finding
from openstack_publish.model import knowledge
from openstack_publish.model import located
from openstack_publish.model import names
from openstack_publish.model import policy
from openstack_publish.rules import order_fit
from openstack_publish.rules import ordered

A = 'a' * 40
B = 'b' * 40
PATH = 'deliverables/hibiscus/os-vif.yaml'
OS_VIF = names.project_name('os-vif')
REPO_KEY: located.KeyPath = ('releases', 0, 'projects', 0)
SETTINGS_KEY: located.KeyPath = ('repository-settings', 'openstack/os-vif')
BOTH: frozenset[distribution.Kind] = frozenset({'sdist', 'bdist_wheel'})


def _order(
    version: str = '5.2.0',
    commit: str = A,
    repo: str = 'openstack/os-vif',
    path: str | None = PATH,
    tarball_base: str | None = None,
    settings: deliverable.RepositorySettings | None = None,
    remarks: tuple[located.Problem, ...] = (),
) -> deliverable.Order:
    what = deliverable.ReleasedRepo(
        repo, commit, tarball_base=tarball_base, key=REPO_KEY
    )
    release = deliverable.Release(version, (what,), key=('releases', 0))
    if path is None:
        return deliverable.Order(None, release, what)
    file = deliverable.Deliverable(
        path=path,
        series='hibiscus',
        name='os-vif',
        team='nova',
        settings=() if settings is None else (settings,),
        releases=(release,),
        remarks=remarks,
    )
    return deliverable.Order(file, release, what)


def _dist(
    kind: distribution.Kind = 'sdist',
    name: str | None = 'os_vif',
    version: str = '5.2.0',
    git_version: str | None = A[:7],
) -> distribution.Distribution:
    filename = 'os_vif-5.2.0.tar.gz'
    if kind == 'bdist_wheel':
        filename = 'os_vif-5.2.0-py3-none-any.whl'
    return distribution.Distribution(
        path=f'dist/{filename}',
        filename=filename,
        kind=kind,
        size=1,
        sha256='0' * 64,
        blake2b_256='0' * 64,
        metadata=None
        if name is None
        else distribution.Metadata('2.4', name, version),
        build_commit=None
        if git_version is None
        else distribution.BuildCommit(git_version, True),
    )


def _told(
    findings: tuple[finding.Finding, ...],
) -> list[tuple[str, str, str]]:
    return [(found.code, found.verdict, found.message) for found in findings]


class TestProblems(testtools.TestCase):
    """OSP101: a deliverable file is malformed."""

    def test_each_problem_is_a_finding_at_its_place(self) -> None:
        place = located.Place(PATH, ('releases', 0, 'version'), 4, 5)
        (found,) = ordered.problems([located.Problem(place, 'is empty')])
        self.assertEqual(
            ('OSP101', 'error', 'failed', PATH, 4, place.key),
            (
                found.code,
                found.severity,
                found.verdict,
                found.path,
                found.line,
                found.key,
            ),
        )
        self.assertEqual(
            'releases[0].version: is empty (column 5)', found.message
        )
        self.assertTrue(found.refuses)

    def test_a_problem_of_the_whole_file_names_no_key(self) -> None:
        (found,) = ordered.problems(
            [located.Problem(located.Place(PATH), 'no UTF-8')]
        )
        self.assertEqual('no UTF-8', found.message)

    def test_a_remark_refuses_nothing(self) -> None:
        place = located.Place(PATH, ('repository-settings', 'x/y', 'flags'))
        (found,) = ordered.remarks(
            _order(remarks=(located.Problem(place, 'must be a list'),))
        )
        self.assertEqual('note', found.severity)
        self.assertEqual(
            'repository-settings.x/y.flags: must be a list; it is ignored',
            found.message,
        )
        self.assertFalse(found.refuses)

    def test_without_a_file_there_are_no_remarks(self) -> None:
        self.assertEqual((), ordered.remarks(_order(path=None)))
        self.assertEqual((), ordered.remarks(_order()))


class TestOneRelease(testtools.TestCase):
    """OSP114: which release the distributions are of."""

    def test_a_name_that_is_none_of_a_distribution_fails(self) -> None:
        for filename in (
            'notes.txt',
            'os_vif.tar.gz',
            'os_vif-5.2.0.whl',
            'os_vif-five.tar.gz',
            '',
        ):
            named, findings = order_fit.one_release([filename])
            self.assertIsNone(named)
            self.assertEqual(['OSP114'], [one.code for one in findings])
            self.assertEqual(filename, findings[0].subject)

    def test_two_versions_fail_with_the_files_of_each(self) -> None:
        named, findings = order_fit.one_release(
            [
                'os_vif-5.2.0.tar.gz',
                'os_vif-5.1.0.tar.gz',
                'os_vif-5.2.0-py3-none-any.whl',
            ]
        )
        self.assertIsNone(named)
        self.assertEqual(
            [
                'the distributions are of more than one release: os-vif '
                '5.2.0 (os_vif-5.2.0.tar.gz, os_vif-5.2.0-py3-none-any.whl); '
                'os-vif 5.1.0 (os_vif-5.1.0.tar.gz)'
            ],
            [one.message for one in findings],
        )

    def test_two_projects_fail(self) -> None:
        named, findings = order_fit.one_release(
            ['os_vif-5.2.0.tar.gz', 'os_brick-5.2.0.tar.gz']
        )
        self.assertIsNone(named)
        self.assertEqual(1, len(findings))

    def test_a_broken_name_beside_good_ones_fails(self) -> None:
        named, findings = order_fit.one_release(
            ['os_vif-5.2.0.tar.gz', 'x.tar.gz']
        )
        self.assertIsNone(named)
        self.assertEqual(['x.tar.gz'], [one.subject for one in findings])

    def test_of_nothing_there_is_no_release(self) -> None:
        self.assertEqual((None, ()), order_fit.one_release([]))

    def test_spellings_of_one_release_are_one(self) -> None:
        self.assertEqual(
            (('xstatic-angular', '1.5.8.0'), ()),
            order_fit.one_release(
                [
                    'XStatic-Angular-1.5.8.0.tar.gz',
                    'XStatic_Angular-1.5.8-py2.py3-none-any.whl',
                ]
            ),
        )


class TestOneOrder(testtools.TestCase):
    """OSP102 and OSP103: none, or several that disagree."""

    def test_no_order_fails(self) -> None:
        order, findings = ordered.one_order(OS_VIF, '5.2.0', ())
        self.assertIsNone(order)
        self.assertEqual(
            [
                (
                    'OSP102',
                    'failed',
                    'no deliverable file orders version 5.2.0 for the '
                    'project os-vif',
                )
            ],
            _told(findings),
        )

    def test_no_order_of_the_named_repository_fails(self) -> None:
        _, findings = ordered.one_order(OS_VIF, '5.2.0', (), 'x/os-vif')
        self.assertEqual(
            'no deliverable file orders version 5.2.0 of x/os-vif for the '
            'project os-vif',
            findings[0].message,
        )

    def test_different_hashes_fail_with_both_in_full(self) -> None:
        order, findings = ordered.one_order(
            OS_VIF,
            '5.2.0',
            [_order(path='b.yaml'), _order('5.2.0', B, path='a.yaml')],
        )
        self.assertIsNone(order)
        self.assertEqual(
            [
                (
                    'OSP103',
                    'failed',
                    'deliverable files order different things: '
                    f'openstack/os-vif at {B} in a.yaml; '
                    f'openstack/os-vif at {A} in b.yaml',
                )
            ],
            _told(findings),
        )
        self.assertEqual('a.yaml', findings[0].path)
        self.assertEqual((*REPO_KEY, 'hash'), findings[0].key)

    def test_different_repositories_fail_even_with_equal_hashes(self) -> None:
        order, findings = ordered.one_order(
            OS_VIF, '5.2.0', [_order(), _order(repo='x/os-vif')]
        )
        self.assertIsNone(order)
        self.assertEqual(['OSP103'], [found.code for found in findings])

    def test_hashes_that_agree_are_one_order_the_first_by_path(self) -> None:
        first = _order(path='deliverables/liberty/os-vif.yaml')
        second = _order(path='deliverables/mitaka/os-vif.yaml')
        for orders in ([first, second], [second, first]):
            self.assertEqual(
                (first, ()), ordered.one_order(OS_VIF, '5.2.0', orders)
            )


class TestCommitted(testtools.TestCase):
    """OSP104 and OSP113: the file against the commit at HEAD."""

    HEAD: knowledge.Knowledge[str | None] = knowledge.Known(B)
    UNKNOWN = knowledge.Unknown('whether it is', 'git is not there')

    def test_an_edited_file_fails(self) -> None:
        (found,) = ordered.committed(
            _order(), knowledge.Known(False), self.HEAD
        )
        self.assertEqual(
            ('OSP104', 'failed', PATH, PATH),
            (found.code, found.verdict, found.subject, found.path),
        )
        self.assertIn(B, found.message)

    def test_what_git_cannot_say_is_unknown_and_refuses(self) -> None:
        for state, head in (
            (self.UNKNOWN, self.HEAD),
            (knowledge.Known(True), self.UNKNOWN),
            (self.UNKNOWN, self.UNKNOWN),
        ):
            (found,) = ordered.committed(_order(), state, head)
            self.assertEqual(
                ('OSP104', 'unknown', 'whether it is: git is not there'),
                (found.code, found.verdict, found.message),
            )
            self.assertTrue(found.refuses)

    def test_files_alone_are_a_note(self) -> None:
        (found,) = ordered.committed(
            _order(), self.UNKNOWN, knowledge.Known(None)
        )
        self.assertEqual(('OSP113', 'note'), (found.code, found.severity))
        self.assertFalse(found.refuses)

    def test_a_file_as_committed_is_fine(self) -> None:
        self.assertEqual(
            (), ordered.committed(_order(), knowledge.Known(True), self.HEAD)
        )

    def test_without_a_file_there_is_nothing_to_say(self) -> None:
        self.assertEqual(
            (),
            ordered.committed(_order(path=None), self.UNKNOWN, self.UNKNOWN),
        )


class TestAskedCommit(testtools.TestCase):
    """OSP105: the commit of the tag."""

    def test_another_commit_fails_with_both_in_full(self) -> None:
        (found,) = ordered.asked_commit(_order(), B)
        self.assertEqual('OSP105', found.code)
        self.assertEqual(
            f'--commit is {B}, the order of openstack/os-vif is {A}',
            found.message,
        )
        self.assertEqual(PATH, found.path)
        self.assertEqual((*REPO_KEY, 'hash'), found.key)

    def test_an_abbreviation_is_another_commit(self) -> None:
        for asked in (A[:7], A.upper(), '', f'{A}\n'):
            self.assertEqual(1, len(ordered.asked_commit(_order(), asked)))

    def test_the_ordered_commit_and_none_are_fine(self) -> None:
        self.assertEqual((), ordered.asked_commit(_order(), A))
        self.assertEqual((), ordered.asked_commit(_order(), None))

    def test_without_a_file_there_is_no_place(self) -> None:
        (found,) = ordered.asked_commit(_order(path=None), B)
        self.assertIsNone(found.path)


class TestNamesAgree(testtools.TestCase):
    """OSP106 and OSP107: what the project is called."""

    def test_sources_that_disagree_fail_and_say_which_says_what(self) -> None:
        order = _order(
            tarball_base='kolla',
            settings=deliverable.RepositorySettings(
                'openstack/os-vif',
                'openstack-heat',
                'heat',
                key=SETTINGS_KEY,
            ),
        )
        findings = order_fit.names_agree(order, [])
        said = "repository-settings pypi-name says that openstack/os-vif is "
        self.assertEqual(
            [
                (
                    'OSP106',
                    'failed',
                    f"{said}'openstack-heat', release tarball-base says "
                    "'kolla'",
                ),
                (
                    'OSP106',
                    'failed',
                    f"{said}'openstack-heat', repository-settings "
                    "tarball-base says 'heat'",
                ),
            ],
            _told(findings),
        )
        self.assertEqual(
            [(*REPO_KEY, 'tarball-base'), (*SETTINGS_KEY, 'tarball-base')],
            [found.key for found in findings],
        )

    def test_spellings_of_one_name_agree(self) -> None:
        order = _order(
            tarball_base='os_vif',
            settings=deliverable.RepositorySettings(
                'openstack/os-vif', 'Os.Vif', 'os-vif', key=SETTINGS_KEY
            ),
        )
        self.assertEqual(
            (),
            order_fit.names_agree(order, [_dist(name='OS-VIF'), _dist()]),
        )

    def test_another_name_in_the_metadata_fails(self) -> None:
        order = _order(tarball_base='aodhclient')
        (found,) = order_fit.names_agree(
            order, [_dist(name='python-pankoclient'), _dist(name='aodhclient')]
        )
        self.assertEqual('OSP107', found.code)
        self.assertEqual('os_vif-5.2.0.tar.gz', found.subject)
        self.assertEqual(
            "its metadata has the name 'python-pankoclient', ordered is "
            "'aodhclient' (by release tarball-base)",
            found.message,
        )
        self.assertEqual((*REPO_KEY, 'tarball-base'), found.key)

    def test_metadata_that_could_not_be_read_is_unknown(self) -> None:
        (found,) = order_fit.names_agree(_order(), [_dist(name=None)])
        self.assertEqual(('OSP107', 'unknown'), (found.code, found.verdict))
        self.assertTrue(found.refuses)

    def test_without_a_file_the_repositorys_name_counts(self) -> None:
        order = _order(path=None)
        self.assertEqual((), order_fit.names_agree(order, [_dist()]))
        (found,) = order_fit.names_agree(order, [_dist(name='nova')])
        self.assertEqual('OSP107', found.code)
        self.assertIsNone(found.path)


class TestVersionsAgree(testtools.TestCase):
    """OSP108: the version in the metadata."""

    def test_another_version_fails_with_both(self) -> None:
        (found,) = order_fit.versions_agree(
            _order(), [_dist(version='5.2.1.dev3'), _dist()]
        )
        self.assertEqual(
            (
                'OSP108',
                "its metadata has the version '5.2.1.dev3', ordered is "
                "'5.2.0'",
                ('releases', 0, 'version'),
            ),
            (found.code, found.message, found.key),
        )

    def test_what_is_no_version_is_not_the_ordered_one(self) -> None:
        for version in ('five', '', 'Unknown'):
            self.assertEqual(
                1,
                len(
                    order_fit.versions_agree(
                        _order(), [_dist(version=version)]
                    )
                ),
            )

    def test_metadata_that_could_not_be_read_is_unknown(self) -> None:
        (found,) = order_fit.versions_agree(_order(), [_dist(name=None)])
        self.assertEqual(('OSP108', 'unknown'), (found.code, found.verdict))

    def test_spellings_of_one_version_agree(self) -> None:
        for in_file, in_metadata in (
            ('1.0.0.0a1', '1.0.0a1'),
            ('v0.4.0', '0.4'),
            ('0.2.2.rc3', '0.2.2rc3'),
        ):
            self.assertEqual(
                (),
                order_fit.versions_agree(
                    _order(in_file), [_dist(version=in_metadata)]
                ),
            )


class TestKindsAgree(testtools.TestCase):
    """OSP109: the kinds of files."""

    def test_a_missing_kind_fails(self) -> None:
        (found,) = order_fit.kinds_agree([_dist()], BOTH)
        self.assertEqual(
            (
                'OSP109',
                'os_vif-5.2.0.tar.gz',
                'there is no bdist_wheel, a release must consist of '
                'bdist_wheel and sdist',
            ),
            (found.code, found.subject, found.message),
        )

    def test_of_nothing_every_kind_is_missing(self) -> None:
        self.assertEqual(2, len(order_fit.kinds_agree([], BOTH)))

    def test_a_kind_too_many_fails(self) -> None:
        (found,) = order_fit.kinds_agree(
            [_dist(), _dist('bdist_wheel')], frozenset({'sdist'})
        )
        self.assertEqual(
            (
                'os_vif-5.2.0-py3-none-any.whl',
                'it is of the kind bdist_wheel, a release must consist of '
                'sdist',
            ),
            (found.subject, found.message),
        )

    def test_exactly_the_kinds_are_fine(self) -> None:
        self.assertEqual(
            (), order_fit.kinds_agree([_dist(), _dist('bdist_wheel')], BOTH)
        )


class TestCommitsAgree(testtools.TestCase):
    """OSP110 and OSP111: the commit in pbr.json."""

    RULES: tuple[policy.CommitRule, ...] = ('required', 'if-present')

    def test_another_commit_fails_whatever_the_policy_says(self) -> None:
        for rule in self.RULES:
            (found,) = order_fit.commits_agree(
                _order(),
                [_dist(git_version=B[:7]), _dist('bdist_wheel')],
                rule,
            )
            self.assertEqual(
                (
                    'OSP110',
                    'failed',
                    f"pbr.json says 'bbbbbbb', which is another commit; "
                    f'ordered is {A}',
                ),
                (found.code, found.verdict, found.message),
            )
            self.assertEqual((*REPO_KEY, 'hash'), found.key)

    def test_what_is_no_abbreviated_hash_fails(self) -> None:
        for short in ('', A[:6], 'A' * 7, f'{A}a', 'aaaaaaa-dirty', ' ' + A):
            (found,) = order_fit.commits_agree(
                _order(), [_dist(git_version=short)], 'if-present'
            )
            self.assertEqual('OSP110', found.code)
            self.assertIn(f"'{short}', which is no hash", found.message)

    def test_one_with_and_one_without_fails_whatever_the_policy_says(
        self,
    ) -> None:
        for rule in self.RULES:
            (found,) = order_fit.commits_agree(
                _order(),
                [_dist(), _dist('bdist_wheel', git_version=None)],
                rule,
            )
            self.assertEqual(
                ('OSP111', 'failed', 'os_vif-5.2.0-py3-none-any.whl'),
                (found.code, found.verdict, found.subject),
            )
            self.assertIn('while one in os_vif-5.2.0.tar.gz', found.message)

    def test_none_at_all_fails_where_the_policy_requires_it(self) -> None:
        findings = order_fit.commits_agree(
            _order(),
            [_dist(git_version=None), _dist('bdist_wheel', git_version=None)],
            'required',
        )
        self.assertEqual(
            [('OSP111', 'failed'), ('OSP111', 'failed')],
            [(found.code, found.verdict) for found in findings],
        )
        self.assertIn(A, findings[0].message)

    def test_none_at_all_is_a_note_where_the_policy_allows_it(self) -> None:
        (found,) = order_fit.commits_agree(
            _order(), [_dist(git_version=None)], 'if-present'
        )
        self.assertEqual(
            ('OSP111', 'noted', 'note'),
            (found.code, found.verdict, found.severity),
        )
        self.assertFalse(found.refuses)

    def test_seven_digits_and_all_of_them_agree(self) -> None:
        for length in (7, 10, 40):
            self.assertEqual(
                (),
                order_fit.commits_agree(
                    _order(), [_dist(git_version=A[:length])], 'required'
                ),
            )

    def test_without_a_file_commits_are_compared_too(self) -> None:
        order = _order(path=None)
        self.assertEqual(
            (), order_fit.commits_agree(order, [_dist()], 'required')
        )
        (found,) = order_fit.commits_agree(
            order, [_dist(git_version=B)], 'required'
        )
        self.assertEqual(('OSP110', None), (found.code, found.path))


class TestWithoutDeliverable(testtools.TestCase):
    """OSP112: published though no file orders it."""

    def test_the_entry_and_its_reason_are_told(self) -> None:
        (found,) = ordered.without_deliverable(
            'x/networking-arista',
            policy.WithoutDeliverable('x/*', 'outside of governance'),
        )
        self.assertEqual(
            (
                'OSP112',
                'note',
                'x/networking-arista',
                'no deliverable file orders this release; the policy allows '
                "it for 'x/*': outside of governance",
            ),
            (found.code, found.severity, found.subject, found.message),
        )
        self.assertFalse(found.refuses)
