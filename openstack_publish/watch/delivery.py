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


"""Hands over the letters that wait."""

from __future__ import annotations

from openstack_publish.seams import alerts


class Undelivered(Exception):
    """A letter was not taken: what was found is not told yet."""


class Post:
    """The letters of one round, and of those before it."""

    def __init__(self, memory: alerts.Memory, teller: alerts.Teller) -> None:
        self._memory = memory
        self._teller = teller
        self._tried: set[int] = set()
        self._refusing: frozenset[str] = frozenset()
        self._noted: dict[str, None] = {}

    @property
    def noted(self) -> tuple[str, ...]:
        """Return why some have not got what others have."""
        return tuple(self._noted)

    def deliver(self) -> None:
        """Hand over every letter that waits, the oldest first, once a round.

        A recipient that the server takes no mail for keeps the others from
        nothing: the letter waits for that one alone.

        :raises Undelivered: a letter was taken by nobody
        """
        delayed: dict[str, None] = {}
        for unsent in self._memory.unsent():
            if unsent.number in self._tried:
                continue
            self._tried.add(unsent.number)
            handed = self._teller.tell(
                unsent.letter, unsent.taken, self._refusing
            )
            self._refusing |= handed.refusing
            self._note(unsent, handed)
            if handed.delayed:
                delayed.update(dict.fromkeys(handed.failures))
            else:
                self._noted.update(dict.fromkeys(handed.failures))
            if not handed.answers:
                break
        if delayed:
            raise Undelivered('; '.join(delayed))

    def _note(self, unsent: alerts.Unsent, handed: alerts.Handed) -> None:
        """Remember who has a letter."""
        if handed.complete:
            self._memory.write(alerts.Changed(told=(unsent.number,)))
        elif handed.taken != unsent.taken:
            self._memory.write(
                alerts.Changed(taken={unsent.number: handed.taken})
            )
