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

"""The time, as the machine has it."""

from __future__ import annotations

import datetime
import time


class SystemClock:
    """Fits :class:`~openstack_publish.seams.Clock`."""

    def now(self) -> datetime.datetime:
        """Return the time of day, UTC, to the second."""
        return datetime.datetime.now(datetime.UTC).replace(microsecond=0)

    def monotonic(self) -> float:
        """Return seconds since some moment; never goes back."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Wait."""
        time.sleep(seconds)
