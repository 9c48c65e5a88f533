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

"""What only the index's changelog tells.

Its rows show invitations before they are accepted, and what was done and
undone between two readings of a project. The words of its actions are those
that PyPI's software writes (2026-08); what is not among them is let pass.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Collection
from collections.abc import Sequence

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
    """Whose earlier invitations were accepted, revoked, or followed by
    another one; casefolded."""

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
            user = match[2].casefold()
            invited[user] = _invitation(row, match[1], match[2])
            answered.add(user)
        elif match := _ANSWERED.fullmatch(row.action):
            user = match[2].casefold()
            invited.pop(user, None)
            answered.add(user)
    return Told(
        tuple(invited.values()),
        frozenset(answered),
        (
            *_roles_between(rows, before, now),
            *_files_between(rows, before, now),
        ),
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
        # One that expires leaves no row; the next one is another.
        f'{user} {row.serial}',
        account=user,
    )


def _roles_between(
    rows: Sequence[watching.JournalRow],
    before: watching.Snapshot | None,
    now: watching.Snapshot,
) -> tuple[watching.Condition, ...]:
    """Tell of who came and went, and no reading has seen."""
    if before is None or before.who is None or now.who is None:
        return ()
    seen = {
        role.user.casefold()
        for who in (before.who, now.who)
        for role in who.roles
    }
    unseen = _unseen(rows, _GAINED, _LOST, before, now)
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
        for user, row in unseen.items()
        if user.casefold() not in seen
    )


def _files_between(
    rows: Sequence[watching.JournalRow],
    before: watching.Snapshot | None,
    now: watching.Snapshot,
) -> tuple[watching.Condition, ...]:
    """Tell of files that came and went, and no reading has seen."""
    if before is None or now.files is None:
        return ()
    seen = {
        file.filename
        for snapshot in (before, now)
        for file in snapshot.files or ()
    }
    unseen = _unseen(rows, _FILE_CAME, _FILE_WENT, before, now)
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
        for name, row in unseen.items()
        if name not in seen
    )


def _unseen(
    rows: Sequence[watching.JournalRow],
    coming: re.Pattern[str],
    going: re.Pattern[str],
    before: watching.Snapshot,
    now: watching.Snapshot,
) -> dict[str, watching.JournalRow]:
    """Return the rows of what is gone, for what neither reading has.

    Both of its rows may stand here; or only the first, where the reading is
    newer than this page; or only the second, where the reading for the first
    was too old or failed. Of a reading that failed in part only both rows
    count: what it has not is not gone.
    """
    came, went = _matching(rows, coming), _matching(rows, going)
    return {
        **{
            name: row
            for name, row in went.items()
            if before.serial is None or before.serial < row.serial
        },
        **{
            name: row
            for name, row in came.items()
            if name in went
            or (
                now.unread_since is None
                and now.serial is not None
                and now.serial >= row.serial
            )
        },
    }


def _matching(
    rows: Sequence[watching.JournalRow], pattern: re.Pattern[str]
) -> dict[str, watching.JournalRow]:
    """Return rows by the last word that a pattern finds in their action."""
    found = {}
    for row in rows:
        if match := pattern.fullmatch(row.action):
            found[match.groups()[-1]] = row
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
