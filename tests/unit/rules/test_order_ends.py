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

"""Orders where the files say that there are no more releases."""

from __future__ import annotations

import dataclasses
from typing import Any

import testtools

from openstack_publish.model import checking
from openstack_publish.model import deliverable
from openstack_publish.model import series
from openstack_publish.rules import order_ends
from tests.unit.rules import test_order_changes

REPO = test_order_changes.REPO
A = test_order_changes.A


def subject(version: str = '1.1.0', **changes: Any) -> checking.Subject:
    """Return the order that a change adds to a file in hibiscus."""
    before = test_order_changes.file(('1.0.0', A))
    after = test_order_changes.file(('1.0.0', A), (version, A))
    after = dataclasses.replace(after, **changes)
    (found,) = test_order_changes.added(before, after)
    return found


def listed(status: str) -> tuple[series.Series, ...]:
    """Return a list in which hibiscus has a status, and zed is over."""
    return (
        series.Series('hibiscus', '2026.2', status, None),
        series.Series('zed', None, 'end of life', None),
    )


class TestEnded(testtools.TestCase):
    def said(
        self, order: checking.Subject, status: str = 'maintained'
    ) -> list[str]:
        """Return messages, each of which stands on the version's line."""
        found = order_ends.ended(order, listed(status))
        for each in found:
            self.assertEqual('OSP128', each.code)
            self.assertEqual(('releases', 1, 'version'), each.key)
        return [each.message for each in found]

    def test_where_releases_go_on_nothing_is_said(self) -> None:
        for status in ('development', 'maintained', 'unmaintained', 'future'):
            self.assertEqual([], self.said(subject(), status))
        self.assertEqual([], self.said(subject(series='independent')))
        self.assertEqual((), order_ends.ended(subject(), ()))

    def test_a_series_that_is_over_is_passed_over(self) -> None:
        (message,) = self.said(subject(), 'end of life')
        self.assertEqual(
            'the series hibiscus is end of life, and the tagging job passes '
            'over such an order',
            message,
        )

    def test_deliverables_that_trail_outlive_their_series(self) -> None:
        self.assertEqual(
            [], self.said(subject(type='trailing'), 'end of life')
        )

    def test_the_status_of_the_deliverable_outranks_the_series(self) -> None:
        (message,) = self.said(subject(stable_status='end of life'))
        self.assertIn('the stable-status is end of life', message)
        self.assertEqual(
            [], self.said(subject(stable_status='maintained'), 'end of life')
        )

    def test_what_is_abandoned_counts_as_over(self) -> None:
        (message,) = self.said(subject(release_model='abandoned'))
        self.assertIn('the release-model is abandoned', message)

    def test_a_repository_that_is_retired_is_named(self) -> None:
        settings = deliverable.RepositorySettings(
            REPO, flags=frozenset({'retired'})
        )
        (message,) = self.said(subject(settings=(settings,)))
        self.assertIn(f'{REPO} is retired', message)
        other = dataclasses.replace(settings, repo='openstack/other')
        self.assertEqual([], self.said(subject(settings=(other,))))

    def test_the_tag_that_ends_a_series_is_left_alone(self) -> None:
        self.assertEqual([], self.said(subject('hibiscus-eol'), 'end of life'))

    def test_what_was_ordered_before_is_left_alone(self) -> None:
        old = dataclasses.replace(subject(), added=False)
        self.assertEqual([], self.said(old, 'end of life'))
