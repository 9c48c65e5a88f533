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

"""Time, and who watches a run."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Sequence
from typing import Protocol, TypeVar

from openstack_publish.model import receipt

T = TypeVar('T')
R = TypeVar('R')
Tools = TypeVar('Tools', covariant=True)


class Clock(Protocol):
    """The time."""

    def now(self) -> datetime.datetime:
        """Return the time of day, UTC, to the second."""

    def monotonic(self) -> float:
        """Return seconds since some moment."""

    def sleep(self, seconds: float) -> None:
        """Wait."""


class Workers(Protocol[Tools]):
    """Does the same to many things, several at once.

    ``Tools`` are the gates that the work needs; they are built from
    configuration where the work is done.
    """

    def each(
        self, work: Callable[[Tools, T], R], things: Sequence[T]
    ) -> Iterator[tuple[int, R]]:
        """Yield position and result of each thing, as they come.

        :param work: a function of a module, or a partial of one, so that it
            can be sent elsewhere, once; it returns a value for every outcome
        :param things: values that can be sent elsewhere, each by itself
        """


class Observer(Protocol):
    """Who watches a run."""

    def step_began(self, number: int, of: int, name: str) -> None:
        """Say that a step begins."""

    def step_ended(
        self, record: receipt.StepRecord, of: int, found: str
    ) -> None:
        """Say that a step ended, and what it found in one line."""

    def bytes_done(self, what: str, done: int, total: int) -> None:
        """Say how far a transfer or a reading is."""

    def counted(self, what: str, done: int, of: int) -> None:
        """Say how many of many things are done."""

    def waits(self, what: str, seconds: float) -> None:
        """Say that a wait begins, and for what."""

    def broke(self, error: Exception) -> None:
        """Say that this program met an error of its own."""
