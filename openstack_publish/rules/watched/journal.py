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

"""What only the index' changelog tells.

Its rows show invitations before they are accepted, and what was done and
undone between two readings of a project. The words of its actions are those
that PyPI's software writes (2026-08); what is not among them is let pass.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Collection
from collections.abc import Sequence
from typing import Literal

from openstack_publish.model import names
from openstack_publish.model import watching
from openstack_publish.rules import findings

_INVITED = re.compile(r'invite (\S+) (\S+)')
_ANSWERED = re.compile(r'(?:accepted|revoke_invite|add) (\S+) (\S+)')
_GAINED = re.compile(r'(?:accepted|add) (Owner|Maintainer) (\S+)')
_LOST = re.compile(r'remove (Owner|Maintainer) (\S+)')
_FILE_CAME = re.compile(r'add \S+ file (.+)')
_FILE_WENT = re.compile(r'remove file (.+)')


@dataclasses.dataclass(frozen=True)
class Told:
    """What rows tell of one project."""

    invited: tuple[watching.Condition, ...] = ()
    """Invitations that nobody has answered (OSP806)."""

    answered: frozenset[str] = frozenset()
    """Ids of invitations that were accepted, revoked or made void."""

    over: tuple[watching.Condition, ...] = ()
    """What was done and undone between two readings (OSP809, OSP814)."""


def read(
    rows: Sequence[watching.JournalRow],
    before: watching.Snapshot | None,
    now: watching.Snapshot,
) -> Told:
    """Return what rows of one project tell, in the order of their serials.

    :param before: the project as it was before the rows, None where nobody
        had looked
    :param now: the project as it is after them
    """
    invited: dict[str, watching.Condition] = {}
    answered: set[str] = set()
    for row in rows:
        if match := _INVITED.fullmatch(row.action):
            condition = _invitation(row, match[1], match[2])
            invited[condition.id] = condition
            answered.discard(condition.id)
        elif match := _ANSWERED.fullmatch(row.action):
            condition = _invitation(row, match[1], match[2])
            invited.pop(condition.id, None)
            answered.add(condition.id)
    return Told(
        tuple(invited.values()),
        frozenset(answered),
        (*_roles_between(rows, before, now), *_files_between(rows, now)),
    )


def _invitation(
    row: watching.JournalRow, role: str, user: str
) -> watching.Condition:
    return watching.Condition(
        row.project,
        findings.failed(
            'OSP806',
            user,
            f'{user} was invited to be {role} of {row.project}; once the '
            'invitation is accepted, the account can upload',
        ),
        user,
        account=user,
    )


def _roles_between(
    rows: Sequence[watching.JournalRow],
    before: watching.Snapshot | None,
    now: watching.Snapshot,
) -> tuple[watching.Condition, ...]:
    """Tell of who came and went unseen: the project's readings have not."""
    if before is None or before.who is None or now.who is None:
        return ()
    seen = {
        role.user.casefold()
        for who in (before.who, now.who)
        for role in who.roles
    }
    gained = _matching(rows, _GAINED, 2)
    lost = _matching(rows, _LOST, 2)
    return tuple(
        watching.Condition(
            row.project,
            findings.failed(
                'OSP809',
                user,
                f'{user} got a role on {row.project} and lost it again',
            ),
            f'{user} {row.serial}',
            account=user,
            stands=False,
        )
        for user, row in gained.items()
        if user.casefold() not in seen and user in lost
    )


def _files_between(
    rows: Sequence[watching.JournalRow], now: watching.Snapshot
) -> tuple[watching.Condition, ...]:
    """Tell of files that came and went between two readings."""
    if now.files is None:
        return ()
    there = {file.filename for file in now.files}
    came = _matching(rows, _FILE_CAME, 1)
    went = _matching(rows, _FILE_WENT, 1)
    return tuple(
        watching.Condition(
            row.project,
            findings.failed(
                'OSP814',
                row.project,
                f'{name} was uploaded to {row.project} and deleted again',
            ),
            name,
            stands=False,
        )
        for name, row in came.items()
        if name in went and name not in there
    )


def _matching(
    rows: Sequence[watching.JournalRow],
    pattern: re.Pattern[str],
    group: Literal[1, 2],
) -> dict[str, watching.JournalRow]:
    found = {}
    for row in rows:
        if match := pattern.fullmatch(row.action):
            found[match[group]] = row
    return found


def concerned(
    rows: Collection[watching.JournalRow],
    managed: Collection[names.ProjectName],
) -> dict[names.ProjectName, list[watching.JournalRow]]:
    """Return the rows of managed projects, by project."""
    found: dict[names.ProjectName, list[watching.JournalRow]] = {}
    for row in rows:
        if row.project in managed:
            found.setdefault(row.project, []).append(row)
    return found
