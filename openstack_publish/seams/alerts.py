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

"""What the watch needs: sources of changes, a memory, a way to tell."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Collection
from collections.abc import Mapping
from collections.abc import Sequence
from typing import Protocol

from openstack_publish.model import knowledge
from openstack_publish.model import names
from openstack_publish.model import watching


@dataclasses.dataclass(frozen=True)
class Update:
    """One release in the index's feed of updates."""

    project: names.ProjectName
    version: str
    time: datetime.datetime
    """When the release was created, UTC."""


class Updates(Protocol):
    """The feed of the newest releases of all projects."""

    def newest(self) -> knowledge.Knowledge[tuple[Update, ...]]:
        """Return the newest releases, the newest first."""


@dataclasses.dataclass(frozen=True)
class Busy(knowledge.Unknown):
    """The index has too much to do, and answers again in a while."""


class Changelog(Protocol):
    """The index's journal, by XML-RPC."""

    def last_serial(self) -> knowledge.Knowledge[int]:
        """Return the serial of the newest row."""

    def since(
        self, serial: int
    ) -> knowledge.Knowledge[tuple[watching.JournalRow, ...]]:
        """Return the rows after a serial, oldest first, one page of them.

        An empty page is the end.
        """


class Upstream(Protocol):
    """Where a checkout of openstack/releases comes from."""

    def update(self) -> None:
        """Fetch, and move the work tree to what was fetched.

        :raises Unavailable: it could not be fetched, or not be followed
        """

    def fetched(self) -> knowledge.Knowledge[datetime.datetime]:
        """Return when the checkout was last fetched, UTC."""


@dataclasses.dataclass(frozen=True)
class Posted:
    """What a mail server did with a message."""

    taken: frozenset[str] = frozenset()
    """The recipients that it took it for."""

    refused: Mapping[str, str] = dataclasses.field(default_factory=dict)
    """The recipients that it does not take mail for, with its words."""

    why: str | None = None
    """Why it does not take this message, in its words."""


class Mailer(Protocol):
    """A mail server."""

    @property
    def recipients(self) -> tuple[str, ...]:
        """Return who is to get mail."""

    def send(self, message: bytes, recipients: Collection[str]) -> Posted:
        """Hand over one message, whole, with its headers.

        :param recipients: those who have not got it yet
        :raises Unavailable: the server does not answer
        """


class AlertFiles(Protocol):
    """Files that tell of incidents."""

    def append(self, lines: Sequence[str]) -> None:
        """Write lines, all or none; nothing where no file is named.

        :raises Unavailable: they cannot be written
        """

    def replace_feed(self, text: str) -> None:
        """Put a new feed in the place of the old one, if one is wanted.

        :raises Unavailable: it cannot be written
        """


class Teller(Protocol):
    """Whoever incidents are told to."""

    def show(
        self,
        incidents: Collection[watching.Incident],
        now: datetime.datetime,
    ) -> None:
        """Show all incidents where they can be looked up.

        :raises Unavailable: they cannot be shown
        """

    def tell(
        self,
        letter: watching.Letter,
        taken: Collection[str],
        refusing: Collection[str],
    ) -> Handed:
        """Tell one letter on every channel that has not taken it yet.

        :param taken: the channels that have
        :param refusing: recipients that nobody need try now
        """


@dataclasses.dataclass(frozen=True)
class Handed:
    """What became of one letter."""

    taken: frozenset[str]
    """Every channel that has it: recipients of mail, files."""

    complete: bool
    """Whether nobody is left who has not."""

    failures: tuple[str, ...] = ()
    """Why others have not."""

    refusing: frozenset[str] = frozenset()
    """Recipients that the mail server takes no mail for."""

    delayed: bool = False
    """No recipient of mail has it, or where none is wanted, no file: what it
    tells of is not told yet."""

    answers: bool = True
    """Whether the mail server does."""


@dataclasses.dataclass(frozen=True)
class Unsent:
    """A letter that not every channel has taken yet."""

    number: int
    letter: watching.Letter
    taken: frozenset[str] = frozenset()
    """The channels that have."""


@dataclasses.dataclass(frozen=True)
class Changed:
    """What is to be remembered, all of it or nothing."""

    incidents: Collection[watching.Incident] = ()
    letters: Collection[watching.Letter] = ()
    """To be told; one whose key is there already is not added again."""

    told: Collection[int] = ()
    """Numbers of letters that were taken by everybody."""

    taken: Mapping[int, Collection[str]] = dataclasses.field(
        default_factory=dict
    )
    """By number of a letter: the channels that have it, others have not."""

    snapshots: Collection[watching.Snapshot] = ()
    pending: Mapping[names.ProjectName, Collection[watching.Pending]] = (
        dataclasses.field(default_factory=dict)
    )
    """By project: what is pending now, instead of what was."""

    expected: Collection[watching.Expected] = ()
    arrived: Collection[watching.Expected] = ()
    """What is no longer to be waited for."""

    unread: Mapping[names.ProjectName, int] = dataclasses.field(
        default_factory=dict
    )
    """Projects to be read until they show at least this serial; 0 for any
    reading. What is there already keeps the higher one."""

    read: Collection[names.ProjectName] = ()
    """Projects that were read as far as that."""

    values: Mapping[str, str] = dataclasses.field(default_factory=dict)
    """Cursors and times, by name."""


class Memory(Protocol):
    """What the watch has seen and told: one file, one writer."""

    def snapshot(self, project: names.ProjectName) -> watching.Snapshot | None:
        """Return a project as it was last read."""

    def read_times(self) -> Mapping[names.ProjectName, datetime.datetime]:
        """Return when each project was last read."""

    def incidents(self) -> Mapping[str, watching.Incident]:
        """Return every incident, closed ones too, by id."""

    def unsent(self) -> tuple[Unsent, ...]:
        """Return the letters that not all have taken, oldest first."""

    def pending(self) -> tuple[watching.Pending, ...]:
        """Return the files that could not be judged yet."""

    def expected(self) -> tuple[watching.Expected, ...]:
        """Return the ordered releases that the index did not show yet."""

    def unread(self) -> Mapping[names.ProjectName, int]:
        """Return the projects that have to be read again."""

    def value(self, name: str) -> str | None:
        """Return a cursor or a time."""

    def write(self, changed: Changed) -> None:
        """Remember changes in one transaction.

        :raises Unavailable: the file cannot be written
        """
