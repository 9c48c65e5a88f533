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

"""What became of one release, in the order of time."""

from __future__ import annotations

import dataclasses
import datetime
from typing import Literal

from openstack_publish.model import finding

Kind = Literal[
    'ordered',
    'tagged',
    'signed',
    'archived',
    'uploaded',
    'published',
    'roles',
    'alerts',
]
KINDS: tuple[Kind, ...] = (
    'ordered',
    'tagged',
    'signed',
    'archived',
    'uploaded',
    'published',
    'roles',
    'alerts',
)
"""In the order in which they happen to a release."""


@dataclasses.dataclass(frozen=True)
class OrderingCommit:
    """The commit of openstack/releases that made an order what it is."""

    commit: str
    authored: datetime.datetime
    """The author's date, UTC."""

    author: str
    subject: str
    """First line of the message."""

    change_id: str | None
    """Gerrit's ``Change-Id``, where the message has one."""

    @property
    def told(self) -> str:
        """Return who made it, and what it says of itself."""
        text = f'{self.author}: {self.subject}'
        if self.change_id is not None:
            text += f' (Change-Id {self.change_id})'
        return text


@dataclasses.dataclass(frozen=True)
class Tag:
    """A tag in a project's repository."""

    name: str
    object_id: str
    """Hash of the tag object; of a lightweight tag that of the commit."""

    commit: str | None
    """What it peels to; None where that is no commit."""

    tagger: str | None
    """None of a lightweight tag."""

    tagged: datetime.datetime | None
    """The tagger's date, UTC; None of a lightweight tag."""


@dataclasses.dataclass(frozen=True)
class Event:
    """One thing that happened."""

    kind: Kind
    time: datetime.datetime | None
    """UTC; None where it happened and nobody says when."""

    what: str
    """What happened; of files their names come first."""

    source: str
    """Who says so."""


@dataclasses.dataclass(frozen=True)
class Gap:
    """Something that is not known of a release."""

    kind: Kind
    why: str
    failed: bool
    """Whether a source was named that could not be read; else nobody was
    asked, or there is nobody to ask."""


@dataclasses.dataclass(frozen=True)
class Timeline:
    """All that is known of one release."""

    project: str
    version: str
    events: tuple[Event, ...]
    """By time; those without a time where their kind belongs."""

    gaps: tuple[Gap, ...]
    findings: tuple[finding.Finding, ...]
