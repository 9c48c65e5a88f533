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

An exception that comes from a signal may come between any two instructions:
where the standard library holds a lock that nobody else would release, where
something is put away, or where what is raised is dropped, as in a callback of
a weak reference. There it waits until the program is out of it.
"""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from types import FrameType

ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

LOOK = 0.001
"""Time between two looks at where the program is, in seconds."""

STILL = 3
"""Looks in a row that find it at the same instruction: it waits there for
something, which can be broken off, unless it is to be ended in any case."""

LOOKS = 2000
"""Most looks for a place to interrupt; they take two seconds."""

_OURS = __name__.partition('.')[0]

_WHOLE = frozenset(
    {
        '_weakrefset',
        'concurrent',
        'contextlib',
        'logging',
        'queue',
        'tempfile',
        'threading',
        'weakref',
    }
)
"""Modules and packages whose functions, once we have called them, are not to
be left in their midst: they take locks, begin threads and make files."""

_BEGIN = frozenset(
    {('subprocess', '__init__'), ('subprocess', '_execute_child')}
)
"""Functions of the same kind. What waits for a process is none: Ctrl-C ends
the process, too, and is to be told rather than that."""

_ENDS = frozenset({'__del__', '__exit__'})
"""Functions that put something away, whoever calls them."""

_LOADING = '<frozen importlib._bootstrap'
"""How the names of the files begin that load modules. An interrupt within
exec(), which makes the methods of a data class meanwhile, has Python end the
process with SIGINT, whether it is caught or not (3.11)."""


class Signals:
    """What becomes of the signals that end the program."""

    def __init__(self) -> None:
        self._ending = False
        self._pending = False
        self._left = 0
        self._seen: tuple[FrameType | None, int] = (None, -1)
        self._still = 0
        self._unraisable = sys.unraisablehook

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
        signal.signal(signal.SIGALRM, self._look)
        sys.unraisablehook = self._dropped

    def end(self) -> None:
        """Take no notice of signals from now on: everything is decided."""
        self._ending = True
        self._forget()
        # Else it would end the process at the end of the interpreter.
        signal.setitimer(signal.ITIMER_REAL, 0)

    def ignore(self) -> None:
        """Leave nothing for signals to end while the interpreter does.

        It takes our handlers away some time before the process is gone.
        """
        for number in ENDING:
            signal.signal(number, signal.SIG_IGN)

    def _stop(self, number: int, frame: FrameType | None) -> None:
        if not self._ending:
            self._ending = True
            self._begin()
            self._look(number, frame)

    def _begin(self) -> None:
        """Begin to look for a place to interrupt."""
        self._pending = True
        self._left = LOOKS

    def _forget(self) -> None:
        self._pending = False
        self._seen = (None, -1)

    def _look(self, number: int, frame: FrameType | None) -> None:
        """Interrupt here, or look again.

        :raises KeyboardInterrupt: here
        """
        if not self._pending:
            return
        self._left -= 1
        if self._left > 0 and self._is_trap(frame):
            signal.setitimer(signal.ITIMER_REAL, LOOK)
            return
        self._forget()
        raise KeyboardInterrupt

    def _is_trap(self, frame: FrameType | None) -> bool:
        if frame is not None and frame.f_globals is globals():
            # On a busy machine it is time for a look before the last one is
            # over: the program did not go on since.
            return True
        place = (frame, -1 if frame is None else frame.f_lasti)
        self._still = self._still + 1 if place == self._seen else 1
        self._seen = place
        return _is_to_be_ended(frame) or (
            self._still < STILL and _is_in_their_midst(frame)
        )

    def _dropped(self, dropped: sys.UnraisableHookArgs) -> None:
        """Interrupt once more where it had no effect."""
        if issubclass(dropped.exc_type, KeyboardInterrupt):
            self._begin()
            signal.setitimer(signal.ITIMER_REAL, LOOK)
        else:
            self._unraisable(dropped)


def _stack(frame: FrameType | None) -> Iterator[FrameType]:
    while frame is not None:
        yield frame
        frame = frame.f_back


def _is_to_be_ended(frame: FrameType | None) -> bool:
    """Say whether something is being put away, or loaded."""
    return any(
        inner.f_code.co_name in _ENDS
        or inner.f_code.co_filename.startswith(_LOADING)
        for inner in _stack(frame)
    )


def _is_in_their_midst(frame: FrameType | None) -> bool:
    """Say whether one of our own functions called one of theirs."""
    for inner in _stack(frame):
        module = str(inner.f_globals.get('__name__', '')).partition('.')[0]
        if module in _WHOLE or (module, inner.f_code.co_name) in _BEGIN:
            return True
        if module == _OURS:
            return False
    return False
