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

"""What an examination of this machine and its surroundings finds."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Sequence
from typing import Literal

Verdict = Literal['held', 'failed', 'unknown']


@dataclasses.dataclass(frozen=True)
class Check:
    """One thing that was looked at."""

    name: str
    verdict: Verdict
    detail: str
    """What was found; begins with "not given" where nothing was named."""


@dataclasses.dataclass(frozen=True)
class Installation:
    """GnuPG as it is installed."""

    version: str
    program: str
    """Where gpg is."""

    home: str | None
    """The home that the signing key is taken from; None where it comes from
    a file, for which a private home is made."""


@dataclasses.dataclass(frozen=True)
class SocketRoom:
    """A GnuPG home whose agent has its sockets in it."""

    home: str
    length: int
    """Bytes in the path of the home."""

    limit: int
    """Most bytes with which an agent can still be reached."""


@dataclasses.dataclass(frozen=True)
class Contact:
    """An answer of an index, and when it came."""

    url: str
    asked: datetime.datetime
    """Our time before the question, UTC."""

    answered: datetime.datetime
    """Our time after the answer, UTC."""

    date: datetime.datetime | None
    """The server's time (its Date header); None where it gave none."""

    age: float = 0.0
    """Seconds that a cache may have kept the answer since (Age header)."""


def worst(checks: Sequence[Check]) -> Literal['failed', 'unknown'] | None:
    """Return what checks amount to: failed outranks unknown."""
    verdicts = {check.verdict for check in checks}
    if 'failed' in verdicts:
        return 'failed'
    if 'unknown' in verdicts:
        return 'unknown'
    return None
