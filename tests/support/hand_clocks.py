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

"""Clocks that a test moves by hand."""

from __future__ import annotations

import datetime
import time

NOW = datetime.datetime(2026, 11, 20, 12, 0, 0, tzinfo=datetime.UTC)


class HandClock:
    """A clock that is moved by hand; whoever sleeps moves it too."""

    def __init__(self, now: datetime.datetime = NOW) -> None:
        self.slept: list[float] = []
        self._began = now
        self._passed = 0.0

    def now(self) -> datetime.datetime:
        """Return the time of day, UTC."""
        return self._began + datetime.timedelta(seconds=self._passed)

    def monotonic(self) -> float:
        """Return the seconds that have passed."""
        return self._passed

    def sleep(self, seconds: float) -> None:
        """Let time pass at once."""
        self.slept.append(seconds)
        self._passed += seconds


class WallClock(HandClock):
    """A clock that runs, but never lets anybody sleep."""

    def monotonic(self) -> float:
        """Return seconds as the machine counts them, and those slept."""
        return time.monotonic() + self._passed
