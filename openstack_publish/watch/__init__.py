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

"""Watch for releases and maintainers that nobody ordered.

A round asks a source what changed, reads those projects, and holds each
against what it was, against its orders and against the policy.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import NoReturn

from openstack_publish import exceptions
from openstack_publish.model import watching
from openstack_publish.watch import orders
from openstack_publish.watch import request
from openstack_publish.watch import rounds


class Watch:
    """Does one round after the other, with what it remembers between."""

    def __init__(self, terms: request.Terms, gates: request.Gates) -> None:
        self._terms = terms
        self._gates = gates
        self._book = orders.OrderBook(gates)

    def look(self) -> watching.Round:
        """Look once.

        :raises Misconfigured: checkout, policy or state file are malformed
        :raises Unavailable: checkout or state file cannot be read or written
        """
        told = rounds.Look(
            self._terms, self._gates, self._book, self._gates.clock.now()
        ).run()
        # What comes after the first round did not stand when it began.
        self._terms = dataclasses.replace(self._terms, baseline=False)
        return told

    def keep_looking(
        self,
        interval: float,
        told: Callable[[watching.Round], None],
        failed: Callable[[exceptions.Unavailable], None],
    ) -> NoReturn:
        """Look again and again, until an exception ends it.

        :param interval: from the beginning of one round to that of the
            next, in seconds
        :param failed: takes why a round could not be done; the next one
            goes on where it stopped
        :raises Misconfigured: as :meth:`look`
        """
        clock = self._gates.clock
        while True:
            began = clock.monotonic()
            try:
                told(self.look())
            except exceptions.Unavailable as error:
                failed(error)
            spent = clock.monotonic() - began
            clock.sleep(max(0.0, interval - spent))
