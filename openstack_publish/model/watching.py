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

"""What the watch has seen of projects, and what it found."""

from __future__ import annotations

import dataclasses
import datetime
import hashlib
from typing import Literal

from openstack_publish.model import filenames
from openstack_publish.model import finding
from openstack_publish.model import knowledge
from openstack_publish.model import listing
from openstack_publish.model import maintainers
from openstack_publish.model import names

Source = Literal['feeds', 'changelog']

ID_LENGTH = 12
"""Hexadecimal digits of an incident's id."""


@dataclasses.dataclass(frozen=True)
class Snapshot:
    """A project as it was when each part was last read."""

    project: names.ProjectName
    read: datetime.datetime
    """When it was last read, UTC, even if only in part."""

    exists: bool | None = None
    """None where that was never known; likewise below."""

    status: str | None = None
    """PEP 792 status marker."""

    who: maintainers.Maintainers | None = None
    files: tuple[listing.ListedFile, ...] | None = None
    serial: int | None = None
    unread_since: datetime.datetime | None = None
    """Since when some part could not be read; None where all was."""

    def of(self, version: str) -> tuple[listing.ListedFile, ...]:
        """Return the files of a release."""
        return tuple(
            file
            for file in self.files or ()
            if release_of(file.filename) == version
        )


def release_of(filename: str) -> str:
    """Return the version that a file is of, in its one spelling (PEP 440).

    A file whose name cannot be taken apart is a release of its own, by its
    name: nothing on an index is too odd to be told.
    """
    version = filenames.version_of(filename)
    return filename if version is None else str(version)


def taken(
    overview: listing.Overview,
    now: datetime.datetime,
    before: Snapshot | None,
) -> Snapshot:
    """Return a project as it is now known.

    A part that could not be read stays as it was: could not know is not
    gone. So does all of it where the index shows an older state than it did
    before: whoever can answer for it could hide what has come since.
    """
    last = before or Snapshot(overview.project, now)
    if why_older(overview, before) is not None:
        return dataclasses.replace(
            last, read=now, unread_since=last.unread_since or now
        )
    exists = last.exists
    if isinstance(overview.new, knowledge.Known):
        exists = not overview.new.value
    status = last.status
    if isinstance(overview.status, knowledge.Known):
        status = overview.status.value
    who = last.who
    if isinstance(overview.maintainers, knowledge.Known):
        who = overview.maintainers.value
        if isinstance(who.organization, knowledge.Unknown) and last.who:
            who = dataclasses.replace(who, organization=last.who.organization)
    files = last.files
    # In quarantine they are hidden, not gone, and come back as they were.
    hidden = status == 'quarantined' and files is not None
    if isinstance(overview.files, knowledge.Known) and not hidden:
        files = overview.files.value
    unread = why_unread(overview)
    return Snapshot(
        overview.project,
        now,
        exists,
        status,
        who,
        files,
        last.serial if overview.serial is None else overview.serial,
        None if unread is None else last.unread_since or now,
    )


def why_older(
    overview: listing.Overview, before: Snapshot | None
) -> str | None:
    """Return why a reading is older than the last one; None if it isn't."""
    serial = overview.serial
    if before is None or before.serial is None or serial is None:
        return None
    if serial >= before.serial:
        return None
    return (
        f'{overview.project}: the index shows it as of serial {serial}, and '
        f'showed it as of {before.serial} before'
    )


def why_unread(overview: listing.Overview) -> str | None:
    """Return why a part could not be read; None where all was."""
    for part in (
        overview.new,
        overview.status,
        overview.files,
        overview.maintainers,
    ):
        if isinstance(part, knowledge.Unknown):
            return f'{part.what}: {part.why}'
    return None


@dataclasses.dataclass(frozen=True)
class Condition:
    """Something about a project that is not as it should be."""

    project: names.ProjectName
    finding: finding.Finding
    about: str = ''
    """What tells it from others of its code: a user, a version, a file."""

    account: str | None = None
    """The user that it is about, if it is about one."""

    stands: bool = True
    """False for what happened and is over: it is told once."""

    @property
    def code(self) -> str:
        """Return the code of the finding."""
        return self.finding.code

    @property
    def id(self) -> str:
        """Return what it is called in mails, feeds and commands.

        The same thing has the same id whichever source showed it.
        """
        words = '\0'.join((self.code, self.project, self.about.casefold()))
        return hashlib.sha256(words.encode()).hexdigest()[:ID_LENGTH]


@dataclasses.dataclass(frozen=True)
class Judgement:
    """What holds of one project now."""

    project: names.ProjectName
    standing: tuple[Condition, ...] = ()
    told_once: tuple[Condition, ...] = ()
    undecided: frozenset[str] = frozenset()
    """Ids of incidents that could not be judged: they neither open nor
    close."""

    pending: tuple[Pending, ...] = ()
    """What is to be judged again later."""


@dataclasses.dataclass(frozen=True)
class Pending:
    """A new file or release that cannot be judged yet."""

    project: names.ProjectName
    filename: str
    since: datetime.datetime
    """When the index received it, or when it was first seen, UTC."""

    why: str


@dataclasses.dataclass(frozen=True)
class Expected:
    """A release that was ordered and is to appear on the index."""

    project: names.ProjectName
    version: str
    path: str
    """The deliverable file that orders it."""

    ordered: datetime.datetime
    """When the order was merged, UTC."""


State = Literal['open', 'acknowledged', 'closed']


@dataclasses.dataclass(frozen=True)
class Incident:
    """A condition that the watch has told, or was asked not to tell."""

    condition: Condition
    state: State
    opened: datetime.datetime
    told: datetime.datetime | None = None
    """When the last mail of it was written, UTC."""

    mails: int = 0
    """How many were written since it opened."""

    closed: datetime.datetime | None = None
    reason: str | None = None
    """Why it was acknowledged, in the words of who did."""

    opening: int = 1
    """How often it has opened: after it closed it may open again."""

    thread: str = ''
    """Key of the letter that told of it first, which the others answer."""

    @property
    def id(self) -> str:
        """Return the condition's id."""
        return self.condition.id


Occasion = Literal['opened', 'stands', 'closed', 'alive']


@dataclasses.dataclass(frozen=True)
class Letter:
    """One mail that is to go out."""

    occasion: Occasion
    written: datetime.datetime
    incidents: tuple[Incident, ...]
    """One; several where many are about one account; none for ``alive``."""

    key: str
    """What its Message-ID is made of: the same letter has the same."""

    about: str = ''
    """The account that several are about. Of ``alive``: how many projects,
    how far behind."""


@dataclasses.dataclass(frozen=True)
class JournalRow:
    """One row of the index's changelog."""

    project: names.ProjectName
    version: str | None
    time: datetime.datetime
    action: str
    serial: int


@dataclasses.dataclass(frozen=True)
class Round:
    """How one round of the watch ended."""

    opened: tuple[Incident, ...]
    """Incidents that opened in it."""

    standing: tuple[Incident, ...]
    """Incidents that are open, without those that were acknowledged."""

    unknown: tuple[str, ...]
    """What could not be known, each with its reason."""

    projects: int
    read: int
    """Projects that were read in this round."""

    source: Source
    recorded: tuple[Incident, ...] = ()
    """What stood when the watch began, and was not told."""

    @property
    def exit_code(self) -> int:
        """Return the contract's code: 0, 1 or 3."""
        if self.opened or self.standing:
            return 1
        return 3 if self.unknown else 0
