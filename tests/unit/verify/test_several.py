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

"""Many releases: what is handed to whoever does the work."""

from __future__ import annotations

import datetime
import io
import pickle
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Sequence
from typing import Any

import testtools

from openstack_publish import exceptions
from openstack_publish import verify
from openstack_publish.cli import console
from openstack_publish.model import deliverable
from openstack_publish.model import knowledge
from openstack_publish.model import policy
from openstack_publish.model import series
from openstack_publish.proof import selection

COMMIT = 'a' * 40
MANY = 400


class Elsewhere:
    """Workers that get everything as bytes, and whose gates are none."""

    def __init__(self) -> None:
        self.work = b''
        self.things: list[bytes] = []

    def each(
        self, work: Callable[[Any, Any], Any], things: Sequence[Any]
    ) -> Iterator[tuple[int, Any]]:
        """Give results from the last one to the first."""
        self.work = pickle.dumps(work)
        self.things = [pickle.dumps(thing) for thing in things]
        for position in reversed(range(len(things))):
            thing = pickle.loads(self.things[position])
            done = pickle.loads(self.work)(_NoGates(), thing)
            yield position, pickle.loads(pickle.dumps(done))


class _NoGates:
    @property
    def index(self) -> Any:
        raise exceptions.Unavailable('the index', 'it is far away')


def order(number: int) -> deliverable.Order:
    """Return an order of a project's only release."""
    ordered = deliverable.ReleasedRepo(f'openstack/p{number}', COMMIT)
    release = deliverable.Release('1.0.0', (ordered,))
    return deliverable.Order(None, release, ordered)


class TestMany(testtools.TestCase):
    def setUp(self) -> None:
        super().setUp()
        self.workers = Elsewhere()
        self.terms = verify.Terms(
            policy=policy.Policy('test'),
            now=datetime.datetime(2026, 11, 21, tzinfo=datetime.UTC),
            trusted=frozenset(),
            series=tuple(
                series.Series(f'series-{number}', None, 'maintained', None)
                for number in range(MANY)
            ),
            head=knowledge.Known(None),
            changed=knowledge.Known(frozenset()),
        )
        self.told = verify.verify_many(
            selection.Selection(tuple(map(order, range(5))), ()),
            self.terms,
            verify.Crew(
                self.workers, console.Silent(io.StringIO(), self.fail)
            ),
        )

    def test_what_comes_back_is_in_the_order_of_what_was_selected(
        self,
    ) -> None:
        self.assertEqual(
            [f'p{number}' for number in range(5)],
            [str(one.project) for one in self.told],
        )

    def test_what_all_are_held_against_is_sent_once_and_not_with_each(
        self,
    ) -> None:
        self.assertIn(b'series-399', self.workers.work)
        self.assertGreater(len(self.workers.work), 8_000)
        for thing in self.workers.things:
            self.assertLess(len(thing), 600)
            self.assertNotIn(b'series-', thing)

    def test_what_cannot_be_had_there_is_an_unknown_row_here(self) -> None:
        for one in self.told:
            self.assertEqual('unknown', one.verdict)
            self.assertEqual('the index: it is far away', one.links[0].detail)
