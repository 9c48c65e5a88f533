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

"""How many exchanges with an index run at once, and when none may begin.

A server that has too much to do says so (429, 5xx). It is then asked by half
as many connections at once, one at least; after a run of good answers by one
more, up to where it began. Where it says how long to wait (``Retry-After``)
nobody asks it before: who would have to wait longer than the limit is told
so at once, so that a thousand questions do not wait one after the other.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator

from openstack_publish import seams
from openstack_publish.gates.web import responses

CONNECTIONS = 8
"""Most exchanges at once."""

GROWS_AFTER = 20
"""Good answers in a row after which one exchange more may run at once."""

HOPELESS_AFTER = 16
"""Questions in a row without an answer after which each is asked once."""


class Turn:
    """One exchange that may run now."""

    def __init__(self, throttle: Throttle, halvings: int) -> None:
        self._throttle = throttle
        self._halvings = halvings

    def good(self) -> None:
        """Tell that there was an answer."""
        self._throttle.good(self._halvings)

    def busy(self, retry_after: float | None) -> None:
        """Tell that the server has too much to do.

        :param retry_after: seconds that it asks to wait
        """
        self._throttle.busy(self._halvings, retry_after)


class Throttle:
    """Gives turns to the threads that share a reader.

    :param connections: most exchanges at once
    :param window: longest time that everybody waits because the server asks
        for it, in seconds, without a good answer in between
    """

    def __init__(
        self, clock: seams.Clock, connections: int, window: float
    ) -> None:
        self._clock = clock
        self._most = connections
        self._window = window
        self._changed = threading.Condition()
        self._allowed = connections
        self._running = 0
        self._halvings = 0
        self._good_in_a_row = 0
        self._nothing_in_a_row = 0
        self._until = clock.monotonic()
        self._held = 0.0
        self._asked_to_wait = 0.0
        self._refusing = False
        self._closed = False

    @property
    def allowed(self) -> int:
        """How many exchanges may run at once now."""
        with self._changed:
            return self._allowed

    @property
    def hopeless(self) -> bool:
        """Whether so many questions had no answer that one try will do."""
        with self._changed:
            return self._nothing_in_a_row >= HOPELESS_AFTER

    @contextlib.contextmanager
    def turn(self) -> Iterator[Turn]:
        """Wait for a turn, and hold it.

        :raises Failed: the server asked for more time than anybody waits,
            or the reader was closed
        """
        halvings = self._begin()
        try:
            yield Turn(self, halvings)
        finally:
            with self._changed:
                self._running -= 1
                self._changed.notify()

    def _begin(self) -> int:
        """Wait until one more may run; return how often that was halved."""
        while True:
            with self._changed:
                while not self._closed and self._wait_left <= 0:
                    if self._running < self._allowed:
                        self._running += 1
                        return self._halvings
                    self._changed.wait()
                if self._closed:
                    raise responses.Failed('reading was ended', final=True)
                left = self._wait_left
                if self._refusing:
                    raise responses.Failed(
                        'not asked: the server answered that it has too much '
                        f'to do and asked to wait {self._asked_to_wait:g} s',
                        final=True,
                    )
            self._clock.sleep(left)

    @property
    def _wait_left(self) -> float:
        """Seconds before which nobody may ask; with the lock held."""
        return self._until - self._clock.monotonic()

    def good(self, halvings: int) -> None:
        """Remember an answer.

        :param halvings: of when the exchange began, as for :meth:`busy`
        """
        with self._changed:
            self._nothing_in_a_row = 0
            if halvings != self._halvings:
                return
            self._held = 0.0
            self._refusing = False
            self._good_in_a_row += 1
            if (
                self._good_in_a_row >= GROWS_AFTER
                and self._allowed < self._most
            ):
                self._good_in_a_row = 0
                self._allowed += 1
                self._changed.notify()

    def busy(self, halvings: int, retry_after: float | None) -> None:
        """Remember that the server has too much to do.

        :param halvings: how often they had been halved when the exchange
            began: what was asked before the last time says nothing of what
            came of it
        :param retry_after: seconds that the server asks to wait
        """
        with self._changed:
            self._good_in_a_row = 0
            if halvings == self._halvings:
                self._halvings += 1
                self._allowed = max(1, self._allowed // 2)
            if retry_after is not None:
                self._hold(retry_after)

    def _hold(self, seconds: float) -> None:
        """Let nobody ask for so long; with the lock held."""
        until = self._clock.monotonic() + min(seconds, self._window)
        more = until - max(self._until, self._clock.monotonic())
        if more <= 0:
            return
        self._until = until
        # Who waits for a turn has to look at that: nobody gives one to the
        # next whose own turn is refused.
        self._changed.notify_all()
        self._held += more
        if seconds > self._window or self._held > self._window:
            self._refusing = True
            self._asked_to_wait = seconds

    def came_to_nothing(self) -> None:
        """Remember a question that had no answer."""
        with self._changed:
            self._nothing_in_a_row += 1

    def close(self) -> None:
        """Give no turn any more, also to those who wait for one."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
