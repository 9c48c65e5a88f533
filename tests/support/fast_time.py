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

"""A clock that does not make tests wait."""

from __future__ import annotations

import datetime
import time

import fixtures


class FastClock:
    """The system's time, plus all the time that was slept."""

    slept = 0.0

    def now(self) -> datetime.datetime:
        """Return the time of day, UTC, to the second."""
        later = datetime.timedelta(seconds=FastClock.slept)
        return (datetime.datetime.now(datetime.UTC) + later).replace(
            microsecond=0
        )

    def monotonic(self) -> float:
        """Return seconds since some moment."""
        return time.monotonic() + FastClock.slept

    def sleep(self, seconds: float) -> None:
        """Let the time pass at once."""
        FastClock.slept += seconds


class FastTime(fixtures.Fixture):
    """Gives the program a clock whose waits take no time."""

    def _setUp(self) -> None:
        FastClock.slept = 0.0
        self.useFixture(
            fixtures.MonkeyPatch(
                'openstack_publish.gates.clock.SystemClock', FastClock
            )
        )


class FixedTime(fixtures.Fixture):
    """Gives the program a day of our choice; the rest as :class:`FastTime`.

    :param now: the time of day, UTC
    """

    def __init__(self, now: datetime.datetime) -> None:
        super().__init__()
        self.now = now

    def _setUp(self) -> None:
        FastClock.slept = 0.0
        fixed = self.now

        class Clock(FastClock):
            """A clock whose day stands still."""

            def now(self) -> datetime.datetime:
                """Return the time of day, UTC."""
                return fixed

        self.useFixture(
            fixtures.MonkeyPatch(
                'openstack_publish.gates.clock.SystemClock', Clock
            )
        )
