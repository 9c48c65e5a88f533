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

"""The table of the commands that only read: fault, command and thing."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from collections.abc import Mapping

from openstack_publish.rehearsal import replies
from tests.faults import table

ROUTES: Mapping[str, tuple[replies.Route, ...]] = {
    'JSON': ('json', 'version-json'),
    'simple': ('simple',),
    'XML-RPC': ('xmlrpc',),
    'feed': ('feed',),
}
"""Requests of the index that are meant."""

THINGS: Mapping[str, tuple[str, ...]] = {
    'verify': ('JSON', 'simple', 'archive', 'temporary files'),
    'status': ('JSON', 'simple', 'archive'),
    'audit': ('JSON', 'simple', 'XML-RPC', 'cache'),
    'watch': ('JSON', 'simple', 'XML-RPC', 'feed', 'mail', 'git', 'state'),
}
"""What each command uses: of the watch XML-RPC is the changelog."""

_WITHOUT_PAST: Mapping[str, str] = {
    'mail': 'nothing is read of it',
    'git': 'a mirror without the order: so it is in every cell of the watch',
}
"""What has nothing to show that was true before."""

_FILES = ('temporary files', 'cache', 'state')
_MAIL = (table.REFUSED, table.RESET_BEFORE, table.TIMEOUT, table.ERROR_500)


@dataclasses.dataclass(frozen=True)
class Cell:
    """A fault at a thing that a command uses."""

    fault: str
    command: str
    thing: str
    reason: str | None
    """Why it cannot happen; None if it can."""

    @property
    def name(self) -> str:
        """Return the cell's name, as a part of an identifier."""
        words = f'{self.command} {self.thing} {self.fault}'
        return ''.join(
            each if each.isalnum() else '_' for each in words.lower()
        )


def cells() -> Iterator[Cell]:
    """Give every cell, those that cannot be too."""
    for command, things in THINGS.items():
        for fault in table.FAULTS:
            for thing in things:
                yield Cell(fault, command, thing, _reason(fault, thing))


def _reason(fault: str, thing: str) -> str | None:
    if fault == table.AGENT_GONE:
        return 'signatures are verified without an agent'
    if thing in _FILES:
        if fault == table.DISK_FULL:
            return None
        return 'a file of this machine; killed runs: see the index'
    if fault == table.DISK_FULL:
        return 'it is only read'
    if fault in table.SIGNALS:
        if thing in (*ROUTES, 'archive'):
            return None
        return 'ended at each of its letters and writes by test_watch_killed'
    if fault == table.STALE:
        return _WITHOUT_PAST.get(thing)
    if thing == 'git' and fault != table.REFUSED:
        return 'git says only that it cannot fetch'
    if thing == 'mail' and fault not in _MAIL:
        return 'of HTTP'
    if fault == table.REFUSED and thing in ('simple', 'XML-RPC', 'feed'):
        return 'one line for all reads: see JSON'
    return None


_UNKNOWN = '3 unknown'
_NOTHING_SAID = '3 -'
_HELD = '0 held'

_OTHERS: Mapping[tuple[str, str], str] = {
    # Names, digests and times of files stand on the simple page.
    ('status', 'JSON'): _HELD,
    # Which projects there are is not known, so there are no rows.
    ('audit', 'XML-RPC'): _NOTHING_SAID,
    # What cannot be kept is read once more.
    ('audit', 'cache'): _HELD,
    ('verify', 'temporary files'): _NOTHING_SAID,
    # The changelog tells of the release; what the project is, nobody knows.
    ('watch', 'JSON'): '1 unknown OSP801',
    # The feeds are read in its place.
    ('watch', 'XML-RPC'): '1 unknown OSP818 OSP801',
    ('watch', 'mail'): '1 unknown OSP801',
    ('watch', 'state'): _NOTHING_SAID,
}
SINGLE: Mapping[tuple[str, str, str], str] = {
    # Nothing but the changelog answers as XML-RPC does.
    ('audit', 'XML-RPC', table.WRONG_TYPE): _HELD,
    ('watch', 'XML-RPC', table.WRONG_TYPE): '1 known OSP801',
    # Whoever is told to wait does not go elsewhere.
    ('watch', 'XML-RPC', table.ERROR_429): _UNKNOWN,
    # Neither document is there.
    ('status', 'JSON', table.REFUSED): _UNKNOWN,
    ('watch', 'JSON', table.REFUSED): '1 unknown OSP818',
    **{
        (command, 'archive', fault): said
        for command in ('verify', 'status')
        for fault, said in (
            # A whole answer with other bytes is what they look for.
            (table.TRUNCATED, '1 failed'),
            (table.WRONG_TYPE, _HELD),
            # Of a mirror that has not got the file yet.
            (table.STALE, '1 failed'),
        )
    },
    # The release stands in the other document, digests and all.
    ('verify', 'JSON', table.STALE): _HELD,
    ('verify', 'simple', table.STALE): _HELD,
    ('status', 'simple', table.STALE): _HELD,
    # A list of projects does not say of when it is.
    ('audit', 'XML-RPC', table.STALE): '0 -',
    # The changelog has told of the release, or it is in both documents.
    ('watch', 'simple', table.STALE): '1 unknown OSP801',
    ('watch', 'feed', table.STALE): '1 known OSP801',
    # What it does not tell yet it tells in the next round.
    ('watch', 'XML-RPC', table.STALE): '0 known',
}


def met(cell: Cell) -> str:
    """Return what is said while the fault lasts.

    As :attr:`tests.faults.reading.Left.short` has it.
    """
    if cell.fault == table.SIGKILL:
        return '-9 -'
    if cell.fault == table.SIGTERM:
        return _NOTHING_SAID
    found = SINGLE.get((cell.command, cell.thing, cell.fault))
    return found or _OTHERS.get((cell.command, cell.thing), _UNKNOWN)


def again(cell: Cell) -> str:
    """Return what is said once it is gone; the watch tells things once."""
    if cell.command != 'watch':
        return _HELD
    return '1 known' if 'OSP801' in met(cell) else '1 known OSP801'
