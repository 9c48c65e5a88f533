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

"""The one table: which fault can meet which outside thing, and when.

From it the cells are made, and what cannot happen says why.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from collections.abc import Mapping

REFUSED = 'connection refused'
RESET_BEFORE = 'reset before the body was received'
RESET_AFTER = 'reset after the body was received'
TIMEOUT = 'timeout'
ERROR_500 = '500'
ERROR_502 = '502 after storing'
ERROR_503 = '503 with Retry-After'
ERROR_429 = '429'
REDIRECT = 'redirect'
TRUNCATED = 'truncated body'
WRONG_TYPE = 'wrong content type'
HTML_PAGE = '200 with an HTML page'
STALE = 'stale read'
DRIP = 'slow drip'
DISK_FULL = 'disk full'
AGENT_GONE = 'gpg agent gone'
SIGTERM = 'SIGTERM'
SIGKILL = 'SIGKILL'

OF_A_SERVER = (
    REFUSED,
    RESET_BEFORE,
    RESET_AFTER,
    TIMEOUT,
    ERROR_500,
    ERROR_502,
    ERROR_503,
    ERROR_429,
    REDIRECT,
    TRUNCATED,
    WRONG_TYPE,
    HTML_PAGE,
    STALE,
    DRIP,
)
SIGNALS = (SIGTERM, SIGKILL)
FAULTS = (*OF_A_SERVER, DISK_FULL, AGENT_GONE, *SIGNALS)

READS = ('JSON', 'release JSON', 'simple', 'XML-RPC')
UPLOADS = ('upload 1', 'upload 2')
"""Of the first and of the second file."""


@dataclasses.dataclass(frozen=True, order=True)
class Place:
    """An outside thing, and a step of ``publish`` that uses it."""

    thing: str
    step: int


PLACES = (
    Place('JSON', 4),
    *(Place('release JSON', step) for step in (4, 12, 13)),
    *(Place('simple', step) for step in (4, 12, 13)),
    Place('XML-RPC', 4),
    *(Place(upload, 12) for upload in UPLOADS),
    *(Place('archive', step) for step in (4, 11, 12)),
    *(Place('gpg', step) for step in (8, 10, 15)),
    *(Place('receipt', step) for step in (12, 15)),
    *(Place('git', step) for step in (1, 3)),
)
"""XML-RPC is asked in step 4 whether a project is new. That it alone names
the roles of another one refuses, fault or no fault: it says nothing of
organizations. Step 12 reads the index where an answer left a doubt."""


@dataclasses.dataclass(frozen=True)
class Cell:
    """A fault at a place."""

    fault: str
    place: Place
    reason: str | None
    """Why it cannot happen; None if it can."""

    @property
    def name(self) -> str:
        """Return the cell's name, as a part of an identifier."""
        words = f'{self.place.thing} in step {self.place.step:02} {self.fault}'
        return ''.join(
            each if each.isalnum() else '_' for each in words.lower()
        )


_NO_SERVER = 'no server: a file or a program of this machine'
_N_A: Mapping[tuple[str, str], str] = {
    **{
        (fault, thing): 'one line for all reads: see JSON and release JSON'
        for fault in (REFUSED,)
        for thing in ('simple', 'XML-RPC')
    },
    **{(STALE, thing): 'an upload reads nothing' for thing in UPLOADS},
    (STALE, 'XML-RPC'): 'asked of a new project only, which has no past',
    (DISK_FULL, 'git'): 'it is only read',
}


def cells() -> Iterator[Cell]:
    """Give every cell, those that cannot be too."""
    for fault in FAULTS:
        for place in PLACES:
            yield Cell(fault, place, _reason(fault, place))


def _reason(fault: str, place: Place) -> str | None:
    thing = place.thing
    found = _N_A.get((fault, thing))
    if found is not None:
        return found
    of_the_index = thing in (*READS, *UPLOADS)
    if fault in OF_A_SERVER and not of_the_index:
        return _NO_SERVER
    if fault == DISK_FULL and of_the_index:
        return "the server's disk: its answer is a 500"
    if fault == DISK_FULL and place == Place('archive', 4):
        return 'it is only read in this step'
    if fault == AGENT_GONE and thing != 'gpg':
        return 'it asks no agent'
    return None


_NOTHING = '3 0/2 -'
_ALL = '0 2/2 published'
_AS_BEFORE = '0 2/2 nothing-to-do'
_HALF = '4 1/2 incomplete'
_UNCONFIRMED = '4 2/2 unconfirmed'

_READ: Mapping[Place, str] = {
    Place('JSON', 4): _NOTHING,
    Place('release JSON', 4): _NOTHING,
    Place('release JSON', 12): _HALF,
    Place('release JSON', 13): _UNCONFIRMED,
    Place('simple', 4): _NOTHING,
    Place('simple', 12): _UNCONFIRMED,
    Place('simple', 13): _UNCONFIRMED,
    # A project is new by JSON and simple; XML-RPC may not say the contrary.
    Place('XML-RPC', 4): _ALL,
}
"""What a run leaves whose read gets no answer, or none that can be read.

That a simple page is not read while an upload is settled hurts nobody: it
is missed in step 13.
"""

_STALE: Mapping[Place, str] = {
    # Of the release itself both other documents speak.
    Place('JSON', 4): _AS_BEFORE,
    Place('release JSON', 4): '1 2/2 refused',
    # A file that was stored is posted again, for the index hides it.
    Place('release JSON', 12): _UNCONFIRMED,
    Place('simple', 4): '1 2/2 refused',
}
"""What a run leaves that is shown the past; in step 4 the release was there
already, and its receipt was lost."""

_UPLOAD: Mapping[str, tuple[str, str]] = {
    **dict.fromkeys(
        (REFUSED, RESET_BEFORE, ERROR_500, ERROR_503),
        ('3 0/2 unavailable', _HALF),
    ),
    **dict.fromkeys((RESET_AFTER, TIMEOUT, ERROR_502, DRIP), (_ALL, _ALL)),
    # Of the answer to an upload only the head is read.
    **dict.fromkeys((TRUNCATED, WRONG_TYPE), (_ALL, _ALL)),
    **dict.fromkeys((ERROR_429, REDIRECT), ('1 0/2 refused', _HALF)),
    # As of a quarantined project: whoever says 200 is believed until the
    # file is looked for.
    HTML_PAGE: ('4 0/2 unconfirmed', '4 1/2 unconfirmed'),
}
"""What a run leaves whose first, or second, upload fails each time."""

_MACHINE: Mapping[tuple[str, Place], str] = {
    (DISK_FULL, Place('archive', 11)): _NOTHING,
    # What is staged is renamed, which takes no room.
    (DISK_FULL, Place('archive', 12)): _ALL,
    (DISK_FULL, Place('gpg', 8)): _NOTHING,
    (DISK_FULL, Place('gpg', 10)): _NOTHING,
    # There is no room to say "unconfirmed".
    (DISK_FULL, Place('gpg', 15)): '4 2/2 incomplete',
    (DISK_FULL, Place('receipt', 12)): _NOTHING,
    (DISK_FULL, Place('receipt', 15)): '4 2/2 incomplete',
    (AGENT_GONE, Place('gpg', 8)): _NOTHING,
    (AGENT_GONE, Place('gpg', 10)): _NOTHING,
    (AGENT_GONE, Place('gpg', 15)): _UNCONFIRMED,
}

_SIGNALLED: Mapping[Place, str] = {
    **dict.fromkeys((place for place in PLACES if place.step < 12), '0/2 -'),
    **{
        Place(thing, 12): '1/2 incomplete'
        for thing in ('archive', 'release JSON', 'simple', 'upload 1')
    },
    Place('upload 2', 12): '2/2 incomplete',
    Place('receipt', 12): '0/2 -',
    Place('release JSON', 13): '2/2 incomplete',
    Place('simple', 13): '2/2 incomplete',
    Place('gpg', 15): '2/2 incomplete',
    Place('receipt', 15): '2/2 incomplete',
}
"""Files on the index and receipt on disk, after SIGKILL."""


def met(cell: Cell) -> str:
    """Return what the run leaves that the fault meets.

    As :attr:`tests.faults.trial.Left.short` has it.
    """
    place, fault = cell.place, cell.fault
    if fault == SIGKILL:
        return f'-9 {_SIGNALLED[place]}'
    if fault == SIGTERM:
        return _terminated(place)
    if fault in (DISK_FULL, AGENT_GONE):
        return _MACHINE[fault, place]
    if place.thing in UPLOADS:
        return _UPLOAD[fault][UPLOADS.index(place.thing)]
    if fault == STALE:
        return _STALE.get(place, _READ[place])
    return _READ[place]


def _terminated(place: Place) -> str:
    """Return what a run leaves that can still say how it ended."""
    left = _SIGNALLED[place]
    if place == Place('receipt', 12):
        # Nothing was sent, and that the receipt now says.
        return '3 0/2 unavailable'
    if place.step < 12:
        return f'3 {left}'
    if place.step > 12:
        return f'4 {left.replace("incomplete", "unconfirmed")}'
    return f'4 {left}'


def again(cell: Cell) -> str:
    """Return what the run after it leaves: always a release that is done."""
    in_the_past = cell.fault == STALE and cell.place.step == 4
    return _AS_BEFORE if in_the_past else _ALL
