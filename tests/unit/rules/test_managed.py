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

"""Which projects are ours, and whose: from files, right and wrong ones."""

from __future__ import annotations

import testtools

from openstack_publish.model import auditing
from openstack_publish.model import deliverable
from openstack_publish.model import names
from openstack_publish.model import publishing
from openstack_publish.rules import managed

NEWEST_FIRST = ('bexar', 'austin')
CONFIG = publishing.Publishing(
    {
        'openstack/ended': frozenset({'publish-to-pypi'}),
        'x/lonely': frozenset({'publish-to-pypi'}),
    }
)


def file(
    series: str,
    team: str,
    repo: str,
    version: str = '1.0.0',
    *,
    name: str | None = None,
    base: str | None = None,
    pypi_name: str | None = None,
    model: str | None = None,
) -> deliverable.Deliverable:
    """Return a deliverable with one release of one repository."""
    name = name or repo.rpartition('/')[2]
    settings: tuple[deliverable.RepositorySettings, ...] = ()
    if pypi_name is not None:
        settings = (deliverable.RepositorySettings(repo, pypi_name=pypi_name),)
    return deliverable.Deliverable(
        path=f'deliverables/{series}/{name}.yaml',
        series=series,
        name=name,
        team=team,
        release_model=model,
        settings=settings,
        releases=(
            deliverable.Release(
                version, (deliverable.ReleasedRepo(repo, 'a' * 40, base),)
            ),
        ),
    )


def teams(
    *files: deliverable.Deliverable,
    config: publishing.Publishing | None = None,
) -> dict[str, str | None]:
    """Return each project and its team."""
    return {
        each.project: each.team
        for each in managed.managed(files, NEWEST_FIRST, config)
    }


class TestManaged(testtools.TestCase):
    def test_a_tag_that_publishes_nothing_makes_no_project(self) -> None:
        for version in ('austin-eol', 'bexar-em', '1.0.0-eom', 'v1.0'):
            self.assertEqual({}, teams(file('bexar', 'a', 'x/y', version)))

    def test_pre_releases_make_one(self) -> None:
        self.assertEqual(
            {'y': 'a'}, teams(file('bexar', 'a', 'x/y', '1.0.0.0rc1'))
        )

    def test_every_name_of_the_past_counts(self) -> None:
        self.assertEqual(
            {'heat': 'heat', 'openstack-heat': 'heat'},
            teams(
                file('austin', 'heat', 'openstack/heat'),
                file(
                    'bexar',
                    'heat',
                    'openstack/heat',
                    pypi_name='Openstack_Heat',
                ),
            ),
        )

    def test_the_newest_series_says_whose_it_is(self) -> None:
        new, old = file('bexar', 'new', 'x/y'), file('austin', 'old', 'x/y')
        self.assertEqual({'y': 'new'}, teams(new, old))
        self.assertEqual({'y': 'new'}, teams(old, new))

    def test_a_series_that_the_list_does_not_have_is_the_oldest(self) -> None:
        self.assertEqual(
            {'y': 'old'},
            teams(file('zzz', 'odd', 'x/y'), file('austin', 'old', 'x/y')),
        )

    def test_a_file_without_a_series_is_newest_unless_abandoned(self) -> None:
        old = file('austin', 'old', 'x/y')
        self.assertEqual(
            {'y': 'now'}, teams(old, file('independent', 'now', 'x/y'))
        )
        self.assertEqual(
            {'y': 'old'},
            teams(old, file('independent', 'now', 'x/y', model='abandoned')),
        )
        self.assertEqual(
            {'y': 'now'},
            teams(file('independent', 'now', 'x/y', model='abandoned')),
        )

    def test_of_two_in_a_series_the_one_called_like_it_counts(self) -> None:
        wrong = file('bexar', 'panko', 'x/panko', name='a', base='aodh')
        right = file('bexar', 'telemetry', 'x/aodh', name='b')
        for files in ((wrong, right), (right, wrong)):
            self.assertEqual({'aodh': 'telemetry'}, teams(*files))

    def test_project_config_adds_repositories_by_their_names(self) -> None:
        self.assertEqual(
            {'ended': 'a', 'lonely': None},
            teams(
                file('austin', 'a', 'openstack/ended', 'austin-eol'),
                config=CONFIG,
            ),
        )

    def test_a_repository_of_a_file_has_the_names_of_the_file(self) -> None:
        self.assertEqual(
            {'finished': 'a', 'lonely': None},
            teams(
                file('austin', 'a', 'openstack/ended', base='finished'),
                config=CONFIG,
            ),
        )

    def test_other_names_have_no_team_and_all_are_sorted(self) -> None:
        found = managed.managed(
            [file('bexar', 'a', 'x/y')],
            NEWEST_FIRST,
            others=[names.project_name('b'), names.project_name('Y')],
        )
        self.assertEqual(
            (
                auditing.Managed(names.project_name('b')),
                auditing.Managed(
                    names.project_name('y'), 'a', frozenset({'bexar'})
                ),
            ),
            found,
        )
