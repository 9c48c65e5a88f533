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

"""When an incident opens, is told again, and closes.

Pure: what holds now and what was open go in, what is to be written comes
out. Whoever calls stores both in one transaction.
"""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Collection
from collections.abc import Mapping

from openstack_publish.model import watching

MANY = 5
"""From as many new incidents on that are about one account, one letter tells
of all of them."""


@dataclasses.dataclass(frozen=True)
class Outcome:
    """What a round changes."""

    incidents: tuple[watching.Incident, ...] = ()
    """Every incident that is new or not as it was."""

    letters: tuple[watching.Letter, ...] = ()


def proceed(
    judgements: Collection[watching.Judgement],
    known: Mapping[str, watching.Incident],
    now: datetime.datetime,
    repeat: datetime.timedelta,
    *,
    silent: bool = False,
) -> Outcome:
    """Open, repeat and close incidents.

    :param judgements: of the projects that were judged now; incidents of
        other projects stay as they are, but for being repeated
    :param known: every incident that was ever told, by id
    :param repeat: how long after a letter the next one is due, while an
        incident stands
    :param silent: what stands is acknowledged at once and not told
        (``--baseline``)
    """
    changed: dict[str, watching.Incident] = {}
    opened: list[watching.Incident] = []
    closed: list[watching.Incident] = []
    standing: dict[str, list[watching.Incident]] = {}
    for incident in known.values():
        if incident.state != 'closed':
            ours = standing.setdefault(incident.condition.project, [])
            ours.append(incident)
    for judged in judgements:
        for condition in (*judged.standing, *judged.told_once):
            before = known.get(condition.id)
            if before is not None and not is_news(before, condition):
                if before.condition != condition:
                    changed[before.id] = dataclasses.replace(
                        before, condition=condition
                    )
            elif silent:
                changed[condition.id] = _silent(condition, before, now)
            else:
                opened.append(_opened(condition, before, now))
        closed += _resolved(judged, standing.get(judged.project, ()), now)
    over = {incident.id for incident in closed}
    again = [
        dataclasses.replace(
            changed.get(key, incident), told=now, mails=incident.mails + 1
        )
        for key, incident in known.items()
        if _due(incident, now, repeat) and key not in over
    ]
    letters = [
        *_letters('opened', opened, now),
        *_letters('stands', again, now),
        *_letters('closed', [one for one in closed if one.mails], now),
    ]
    threads = {
        incident.id: letter.key
        for letter in letters
        if letter.occasion == 'opened'
        for incident in letter.incidents
    }
    for incident in (*opened, *again, *closed):
        changed[incident.id] = dataclasses.replace(
            incident, thread=threads.get(incident.id, incident.thread)
        )
    return Outcome(tuple(changed.values()), tuple(letters))


def acknowledged(
    incident: watching.Incident, reason: str
) -> watching.Incident:
    """Return an incident that is no longer told until it closes."""
    return dataclasses.replace(incident, state='acknowledged', reason=reason)


def is_news(
    before: watching.Incident | None, condition: watching.Condition
) -> bool:
    """Say whether a condition needs a letter: it has had none.

    What happened once is told once; a second reading is no second time.

    :param before: the incident of its id, if there was one
    """
    return before is None or (before.state == 'closed' and condition.stands)


def _opened(
    condition: watching.Condition,
    before: watching.Incident | None,
    now: datetime.datetime,
) -> watching.Incident:
    return watching.Incident(
        condition,
        'open' if condition.stands else 'closed',
        now,
        told=now,
        mails=1,
        closed=None if condition.stands else now,
        opening=1 if before is None else before.opening + 1,
    )


def _silent(
    condition: watching.Condition,
    before: watching.Incident | None,
    now: datetime.datetime,
) -> watching.Incident:
    return watching.Incident(
        condition,
        'acknowledged' if condition.stands else 'closed',
        now,
        closed=None if condition.stands else now,
        reason='there before the watch began',
        opening=1 if before is None else before.opening + 1,
    )


def _resolved(
    judged: watching.Judgement,
    ours: Collection[watching.Incident],
    now: datetime.datetime,
) -> list[watching.Incident]:
    """Return the incidents of a project that stand no more, closed."""
    standing = {condition.id for condition in judged.standing}
    return [
        dataclasses.replace(incident, state='closed', closed=now)
        for incident in ours
        if incident.id not in standing and incident.id not in judged.undecided
    ]


def _due(
    incident: watching.Incident,
    now: datetime.datetime,
    repeat: datetime.timedelta,
) -> bool:
    return (
        incident.state == 'open'
        and incident.told is not None
        # A clock that was far ahead is not waited for.
        and abs(now - incident.told) >= repeat
    )


def _letters(
    occasion: watching.Occasion,
    incidents: Collection[watching.Incident],
    now: datetime.datetime,
) -> list[watching.Letter]:
    """Return a letter for each incident, or one for many of an account."""
    by_account: dict[str, list[watching.Incident]] = {}
    for incident in incidents:
        account = incident.condition.account
        if account is not None:
            by_account.setdefault(account.casefold(), []).append(incident)
    letters = []
    together: set[str] = set()
    for ours in by_account.values():
        if len(ours) < MANY:
            continue
        together.update(incident.id for incident in ours)
        letters.append(
            watching.Letter(
                occasion,
                now,
                tuple(ours),
                f'{ours[0].id}.{ours[0].opening}.{occasion}.'
                f'{ours[0].mails}.{len(ours)}',
                ours[0].condition.account or '',
            )
        )
    return letters + [
        watching.Letter(
            occasion,
            now,
            (incident,),
            f'{incident.id}.{incident.opening}.{occasion}.{incident.mails}',
        )
        for incident in incidents
        if incident.id not in together
    ]
