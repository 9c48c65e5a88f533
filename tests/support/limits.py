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

"""How long one test may take, so that no run of them waits without end."""

from __future__ import annotations

import faulthandler
import signal
import sys
from typing import Any

from testtools import runtest

SECONDS = 600.0
"""Longest time from one test's begin to the next one's, or to the end of the
process. On two busy cores the longest takes a tenth of it."""


class LimitedRun(runtest.RunTest):
    """Runs a test; ends the process, and shows its threads, if it hangs.

    The interpreter's own watchdog holds where a signal would not be seen:
    within a C function, in what is set up for a class, at the end of the
    process.
    """

    def run(self, result: Any = None) -> Any:
        """Run the test; the time begins anew."""
        assert sys.__stderr__ is not None
        # What is blocked here is so in the thread that this begins: it takes
        # no signal that was sent to the process, while it has not yet blocked
        # them itself.
        before = signal.pthread_sigmask(
            signal.SIG_BLOCK, signal.valid_signals()
        )
        try:
            faulthandler.dump_traceback_later(
                SECONDS, exit=True, file=sys.__stderr__
            )
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
        return super().run(result)
