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

"""The clock of the machine."""

from __future__ import annotations

import datetime

import testtools

from openstack_publish.gates import clock


class TestSystemClock(testtools.TestCase):
    """What the rest of the package may rely on."""

    def test_now_is_utc_and_to_the_second(self) -> None:
        now = clock.SystemClock().now()
        self.assertEqual(datetime.UTC, now.tzinfo)
        self.assertEqual(0, now.microsecond)
        apart = datetime.datetime.now(datetime.UTC) - now
        self.assertLess(abs(apart), datetime.timedelta(seconds=60))

    def test_the_monotonic_clock_does_not_go_back(self) -> None:
        system = clock.SystemClock()
        before = system.monotonic()
        system.sleep(0)
        self.assertGreaterEqual(system.monotonic(), before)
