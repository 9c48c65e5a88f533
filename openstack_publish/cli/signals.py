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

"""Signals that end the program: told once, and never too late.

The first one ends what is being done as Ctrl-C does. Those after it change
nothing: what it takes to put away a signing key and to tell how far a run
came is done to its end. What cannot wait sends SIGKILL, or SIGQUIT from a
terminal; the next run goes on from there.
"""

from __future__ import annotations

import signal
from types import FrameType

ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Signals:
    """What becomes of the signals that end the program."""

    def __init__(self) -> None:
        self._ending = False

    @property
    def ending(self) -> bool:
        """Say whether a signal came, or none counts any more."""
        return self._ending

    def install(self) -> None:
        """Turn the first signal into KeyboardInterrupt.

        What the process was started to ignore stays ignored (nohup).
        """
        for number in ENDING:
            if signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, self._stop)

    def end(self) -> None:
        """Take no notice of signals from now on: everything is decided."""
        self._ending = True

    def ignore(self) -> None:
        """Leave nothing for signals to end while the interpreter does.

        It takes our handlers away some time before the process is gone.
        """
        for number in ENDING:
            signal.signal(number, signal.SIG_IGN)

    def _stop(self, number: int, frame: FrameType | None) -> None:
        if not self._ending:
            self._ending = True
            raise KeyboardInterrupt
