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

"""Switches that make the stand-in index fail, while it runs.

``index.faults.set('server-error-after-storing', times=1)`` arms a switch of
:mod:`.fault_table`; each request that it is about passes through it until it
has acted so often. Where a switch doesn't go far enough a test hangs a
function on ``after_upload`` or ``before_read``.
"""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Callable
from collections.abc import Collection
from collections.abc import Mapping
from typing import TYPE_CHECKING, Protocol

from openstack_publish.rehearsal import records
from openstack_publish.rehearsal import replies

if TYPE_CHECKING:
    from openstack_publish.rehearsal import store as stores


@dataclasses.dataclass(frozen=True)
class Options:
    """What a switch may be told."""

    project: str | None = None
    """Which project is arranged; else the one of the request."""

    version: str | None = None
    user: str = 'mallory'
    role: records.Role = 'Maintainer'
    retry_after: int | None = 1
    """Seconds; None sends no such header."""

    seconds: float = 30.0
    """How long a slow answer waits, or how long a byte does."""

    location: str | None = None
    """Where a redirect points; else to this index by another host name."""

    days: float = 15.0
    """How old a closed release is."""


@dataclasses.dataclass(frozen=True)
class Scene:
    """What a switch acts on."""

    store: stores.Store
    base_url: str
    options: Options
    before: records.State
    """Everything as it was when the switch was set."""


Proceed = Callable[[records.State | None], replies.Reply]
"""Answers as usual, from another state if one is given."""


Hook = Callable[[replies.Request], object]
"""Whatever a test wants to happen; what it returns is dropped."""


class Behaviour(Protocol):
    """What a switch does with a request."""

    def __call__(
        self, scene: Scene, request: replies.Request, proceed: Proceed
    ) -> replies.Reply:
        """Return the answer; without *proceed* nothing happened."""


@dataclasses.dataclass(frozen=True)
class Fault:
    """One switch."""

    name: str
    description: str
    """One line, for the reader of a list."""

    routes: tuple[replies.Route, ...] = ()
    """Requests that it acts on unless others are named."""

    act: Behaviour | None = None
    arrange: Callable[[Scene], None] | None = None
    """Done once, when the switch is set."""

    times: int | None = None
    """How often it acts unless told otherwise; None for always."""

    once_stored: bool = False
    """Acts only once an upload was stored since it was set."""


@dataclasses.dataclass
class _Armed:
    fault: Fault
    scene: Scene
    routes: Collection[replies.Route]
    left: int | None
    skip: int
    stored_from: int
    """Uploads that must have been stored before it acts."""


class Faults:
    """The switches of one running index."""

    def __init__(
        self,
        table: Mapping[str, Fault],
        store: stores.Store,
        base_url: Callable[[], str],
    ) -> None:
        self.table = table
        self.after_upload: list[Hook] = []
        """Called after each upload that was stored, before its answer."""

        self.before_commit: list[Hook] = []
        """Called when an upload has passed its checks and isn't stored."""

        self.before_read: list[Hook] = []
        """Called before each read is answered."""

        self._store = store
        self._base_url = base_url
        self._armed: list[_Armed] = []
        self._lock = threading.Lock()

    def set(
        self,
        name: str,
        *,
        times: int | None = None,
        routes: Collection[replies.Route] | None = None,
        skip: int = 0,
        once_stored: bool | None = None,
        options: Options | None = None,
    ) -> None:
        """Arm a switch.

        :param name: of the table
        :param times: how often it acts; None for the table's number
        :param routes: which requests it acts on; None for the table's
        :param skip: matching requests that it lets pass first
        :param once_stored: whether it waits for an upload to be stored
        :raises KeyError: there is no such switch
        """
        fault = self.table[name]
        scene = Scene(
            store=self._store,
            base_url=self._base_url(),
            options=options or Options(),
            before=self._store.snapshot(),
        )
        if fault.arrange is not None:
            fault.arrange(scene)
        if fault.act is None:
            return
        waits = fault.once_stored if once_stored is None else once_stored
        armed = _Armed(
            fault=fault,
            scene=scene,
            routes=fault.routes if routes is None else routes,
            left=fault.times if times is None else times,
            skip=skip,
            stored_from=self._store.stored + 1 if waits else 0,
        )
        with self._lock:
            self._armed.append(armed)

    def clear(self) -> None:
        """Disarm every switch; what was arranged stays."""
        with self._lock:
            self._armed.clear()

    @property
    def armed(self) -> tuple[str, ...]:
        """Names of the switches that will still act."""
        with self._lock:
            return tuple(
                each.fault.name for each in self._armed if each.left != 0
            )

    def answer(
        self, request: replies.Request, proceed: Proceed
    ) -> replies.Reply:
        """Answer a request through every switch that is about it."""
        if request.route in replies.READS:
            for hook in list(self.before_read):
                hook(request)
        chain = proceed
        for armed in self._take(request.route):
            chain = _wrapped(armed, request, chain)
        return chain(None)

    def about_to_commit(self, request: replies.Request) -> None:
        """Tell the hooks that an upload is about to be stored."""
        for hook in list(self.before_commit):
            hook(request)

    def uploaded(self, request: replies.Request) -> None:
        """Tell the hooks that an upload was stored."""
        for hook in list(self.after_upload):
            hook(request)

    def _take(self, route: replies.Route) -> list[_Armed]:
        taken = []
        with self._lock:
            for armed in self._armed:
                if route not in armed.routes or armed.left == 0:
                    continue
                if self._store.stored < armed.stored_from:
                    continue
                if armed.skip > 0:
                    armed.skip -= 1
                    continue
                if armed.left is not None:
                    armed.left -= 1
                taken.append(armed)
        return taken


def _wrapped(
    armed: _Armed, request: replies.Request, inner: Proceed
) -> Proceed:
    act = armed.fault.act
    if act is None:
        return inner
    behaviour = act

    def outer(state: records.State | None) -> replies.Reply:
        def proceed(other: records.State | None) -> replies.Reply:
            return inner(state if other is None else other)

        return behaviour(armed.scene, request, proceed)

    return outer
