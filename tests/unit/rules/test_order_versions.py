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
from openstack_publish.rules import order_versions

REPO = 'openstack/os-vif'


def order(
    version: str, *before: str, series: str = 'hibiscus', **fields: str | None
) -> tuple[deliverable.Order, tuple[deliverable.Release, ...]]:
    """Return an order and the releases that stand before it."""
    releases = tuple(
        deliverable.Release(
            written,
            (deliverable.ReleasedRepo(REPO, 'a' * 40),),
            key=('releases', index),
        )
        for index, written in enumerate((*before, version))
    )
    given: dict[str, str | None] = {
        'release_model': 'cycle-with-intermediary',
        'release_type': None,
        **fields,
    }
    file = deliverable.Deliverable(
        path=f'deliverables/{series}/os-vif.yaml',
        series=series,
        name='os-vif',
        team='nova',
        releases=releases,
        release_model=given['release_model'],
        release_type=given['release_type'],
    )
    return (
        deliverable.Order(file, releases[-1], releases[-1].repos[0]),
        releases[:-1],
    )


def codes(
    version: str, *before: str, series: str = 'hibiscus', **fields: str | None
) -> list[str]:
    """Return the codes of what is said of a version."""
    return [
        found.code
        for found in order_versions.versions(
            *order(version, *before, series=series, **fields)
        )
    ]


class TestCanonical(testtools.TestCase):
    def test_pbr_decides(self) -> None:
        forms = {
            '1.0.0': '1.0.0',
            '1.0.0.0rc1': '1.0.0.0rc1',
            '1.0.0a1': '1.0.0.0a1',
            '2012.1': '2012.1.0',
            '01.0.0': '1.0.0',
            'v1.0.0': '1.0.0',
            '1.0.0.1': '1.0.0.dev1',
            '1.0.0.post1': '1.0.1.dev1',
            # For pbr this is canonical; for Zuul it is no version.
            '1.0.0.0RC1': '1.0.0.0RC1',
            '1.0.0RC1': None,
            '1.0.0.0': None,
            'abc': None,
            '': None,
            '9' * 5000: None,
        }
        for version, form in forms.items():
            self.assertEqual(
                form, order_versions.canonical(version, None), version[:20]
            )

    def test_xstatic_is_written_as_pep_440_has_it(self) -> None:
        for version, form in (
            ('2.5.0.1', '2.5.0.1'),
            ('1.0.0-1', '1.0.0.post1'),
            ('nothing', None),
        ):
            self.assertEqual(
                form, order_versions.canonical(version, 'xstatic')
            )

    def test_the_message_has_the_right_form_and_the_line(self) -> None:
        (found,) = order_versions.versions(
            *order('1.0.0a1', release_model='cycle-with-rc')
        )
        self.assertEqual('OSP121', found.code)
        self.assertIn("'1.0.0.0a1'", found.message)
        self.assertEqual(('releases', 0, 'version'), found.key)

    def test_a_version_that_no_job_takes_is_told(self) -> None:
        for version in ('1.2.3.dev4', '1.2.3+local', '1.2.3.0RC1'):
            self.assertIn('OSP121', codes(version))

    def test_tags_that_end_a_phase_are_left_alone(self) -> None:
        for version in (
            'victoria-eol',
            'stein-em',
            '2023.1-eom',
            '2023.1-last',
        ):
            self.assertEqual([], codes(version, '1.0.0'))
        self.assertEqual(['OSP121'], codes('victoria-end'))

    def test_xstatic_may_have_four_numbers(self) -> None:
        self.assertEqual([], codes('2.5.0.1', release_type='xstatic'))
        self.assertEqual(['OSP121'], codes('2.5.0.1'))


class TestOrder(testtools.TestCase):
    def test_versions_of_a_series_grow(self) -> None:
        self.assertEqual([], codes('1.10.0', '1.9.0'))
        self.assertEqual(['OSP122'], codes('1.9.0', '1.10.0'))
        self.assertEqual(['OSP122'], codes('1.0.0', '1.0.0', '1.1.0'))

    def test_a_release_follows_its_candidate(self) -> None:
        model = {'release_model': 'cycle-with-rc'}
        self.assertEqual([], codes('1.0.0', '1.0.0.0rc1', **model))
        self.assertEqual(['OSP122'], codes('1.0.0.0rc2', '1.0.0', **model))

    def test_what_cannot_be_compared_is_passed_over(self) -> None:
        self.assertEqual([], codes('1.1.0', '1.0.0', 'stein-em'))
        self.assertEqual(['OSP122'], codes('1.1.0', '1.2.0', 'stein-em'))
        self.assertEqual([], codes('1.0.0'))

    def test_only_the_same_repository_is_compared(self) -> None:
        ours, _ = order('1.0.0')
        other = deliverable.Release(
            '2.0.0',
            (deliverable.ReleasedRepo('openstack/nova', 'a' * 40),),
        )
        self.assertEqual((), order_versions.versions(ours, [other]))

    def test_independent_files_hold_several_branches(self) -> None:
        """As hacking and gnocchi do (2026-08-21)."""
        for version, before, found in (
            ('3.0.7', ('3.0.6', '3.1.4'), []),
            ('1.1.0', ('1.0.0', '2.0.0'), []),
            ('3.1.3', ('3.0.6', '3.1.4'), ['OSP122']),
            ('1.1.0', ('2.0.0',), ['OSP122']),
            ('1.0.0', ('1.0.0', '2.0.0'), ['OSP122']),
        ):
            self.assertEqual(
                found,
                codes(
                    version,
                    *before,
                    series='independent',
                    release_model='independent',
                ),
                version,
            )


class TestCandidates(testtools.TestCase):
    def test_four_models_have_them(self) -> None:
        for model in (*deliverable.RELEASE_MODELS, 'independent', None):
            expected = (
                [] if model in order_versions.WITH_CANDIDATES else ['OSP123']
            )
            self.assertEqual(
                expected,
                codes('1.0.0.0b1', release_model=model),
                str(model),
            )
        self.assertEqual([], codes('1.0.0', release_model=None))
