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

"""Roles on a project, and who owns it: against the policy, and changes.

Whoever holds a role can upload. PyPI's own mails of a new role go to the
other holders, and in 2022 nobody of the team was among those who read them.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection
from collections.abc import Iterator

from openstack_publish.model import finding
from openstack_publish.model import knowledge
from openstack_publish.model import policy
from openstack_publish.model import watching
from openstack_publish.rules import findings
from openstack_publish.rules import maintainership
from openstack_publish.rules import role_changes
from openstack_publish.rules.watched import moments

_CODES = {'OSP401': 'OSP807', 'OSP402': 'OSP808', 'OSP403': 'OSP810'}
"""What a finding about roles is called as an incident."""


def standing(
    now: watching.Snapshot, terms: policy.ProjectPolicy, today: datetime.date
) -> tuple[watching.Condition, ...]:
    """Return what the policy does not allow (OSP807, OSP808, OSP810)."""
    if now.who is None or now.exists is False:
        return ()
    return tuple(
        _as_incident(now, found)
        for found in maintainership.as_allowed(
            now.project, knowledge.Known(now.who), terms, today
        )
        if found.code in _CODES
    )


def changed(
    before: watching.Snapshot | None,
    now: watching.Snapshot,
    standing: Collection[watching.Condition],
    told_of: Collection[str] = (),
) -> tuple[watching.Condition, ...]:
    """Tell once each change that the policy has nothing against (OSP809).

    :param standing: what :func:`standing` says; who is in there is told
        there
    :param told_of: accounts of which an incident was told; that it is over
        is told as its end
    """
    if before is None or before.who is None or now.who is None:
        return ()
    told = {
        condition.account.casefold()
        for condition in standing
        if condition.account is not None
    }
    told.update(account.casefold() for account in told_of)
    return tuple(
        watching.Condition(
            now.project,
            findings.failed(
                'OSP809', change.subject, f'{now.project}: {change.text}'
            ),
            # The same change may happen again; each time is another one,
            # and the reading before it is the same until this one counts.
            f'{change.text} since {moments.spelled(before.read)}',
            account=None
            if change.subject == 'organization'
            else (change.subject),
            stands=False,
        )
        for change in role_changes.between(before.who, now.who)
        if change.subject.casefold() not in told
        and not (
            change.subject == 'organization'
            and any(item.code == 'OSP810' for item in standing)
        )
    )


def state(now: watching.Snapshot) -> Iterator[watching.Condition]:
    """Yield what keeps a project from being used (OSP811, OSP812)."""
    match now.status:
        case 'archived' | 'deprecated' as status:
            yield watching.Condition(
                now.project,
                findings.failed(
                    'OSP811',
                    now.project,
                    f'{now.project} is {status}: '
                    + (
                        'nobody can upload to it'
                        if status == 'archived'
                        else 'users are told to stop using it'
                    ),
                ),
            )
        case 'quarantined':
            yield watching.Condition(
                now.project,
                findings.failed(
                    'OSP812',
                    now.project,
                    f'{now.project} is in quarantine: PyPI hides its files '
                    'and has frozen its owners',
                ),
            )
        case _:
            pass


def unread(
    now: watching.Snapshot, why: str | None, time: datetime.datetime
) -> tuple[watching.Condition, ...]:
    """Tell that a project could not be read for long (OSP817).

    :param why: why a part could not be read just now
    """
    since = now.unread_since
    if since is None or time - since < moments.UNREAD:
        return ()
    return (
        watching.Condition(
            now.project,
            findings.unknown(
                'OSP817',
                now.project,
                knowledge.Unknown(
                    f'{now.project} since {moments.spelled(since)}',
                    why or 'it could not be read',
                ),
            ),
        ),
    )


def undecided(
    pending: Collection[watching.Pending], time: datetime.datetime
) -> tuple[watching.Condition, ...]:
    """Tell what could not be judged for long (OSP817)."""
    return tuple(
        watching.Condition(
            item.project,
            findings.unknown(
                'OSP817',
                item.project,
                knowledge.Unknown(
                    f'{item.filename} since {moments.spelled(item.since)}',
                    item.why,
                ),
            ),
            item.filename,
        )
        for item in pending
        if time - item.since >= moments.UNREAD
    )


def _as_incident(
    now: watching.Snapshot, found: finding.Finding
) -> watching.Condition:
    code = _CODES[found.code]
    about = found.message if code == 'OSP810' else found.subject
    return watching.Condition(
        now.project,
        findings.failed(
            code, found.subject, found.message, remedy=found.remedy
        ),
        about,
        account=None if code == 'OSP810' else found.subject,
    )
