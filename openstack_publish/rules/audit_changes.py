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

"""What is different between a saved audit and this one.

What was or is unknown is compared with nothing: it did not change as far as
anybody can say.
"""

from __future__ import annotations

from collections.abc import Iterator

from openstack_publish.model import auditing
from openstack_publish.model import finding
from openstack_publish.model import knowledge
from openstack_publish.model import verdicts
from openstack_publish.rules import findings
from openstack_publish.rules import role_changes

CODES = frozenset(
    {
        'OSP416',
        'OSP417',
        'OSP418',
        'OSP419',
        'OSP420',
        'OSP421',
        'OSP422',
    }
)
"""Findings of this module."""


def between(
    was: auditing.Audited, now: auditing.Audited, *, gone: bool = False
) -> tuple[finding.Finding, ...]:
    """Return what changed in one project; its verdict is left aside.

    :param gone: it is not on the index now; of that OSP410 tells
    """
    return tuple(_changes(was, now, gone))


def verdict(was: auditing.Audited, now: verdicts.Verdict) -> finding.Finding:
    """Say that the verdict is another one than it was."""
    return findings.noted(
        'OSP421',
        was.project,
        f'since the saved audit: the verdict was {was.verdict}, is {now}',
    )


def _changes(
    was: auditing.Audited, now: auditing.Audited, gone: bool
) -> Iterator[finding.Finding]:
    project = now.project
    before, after = was.maintainers, now.maintainers
    if was.verdict == 'absent':
        if after is not None and after.roles:
            yield findings.failed(
                'OSP420',
                project,
                'since the saved audit: the project came to the index, with '
                + ', '.join(str(role) for role in after.roles),
            )
        return
    if before is None or after is None:
        if after is not None:
            yield _not_comparable(was.roles, project)
    elif not gone:
        for change in role_changes.between(before, after):
            code = 'OSP416'
            if change.kind == 'organization':
                code = 'OSP418'
            elif change.kind == 'removed':
                code = 'OSP417'
            yield findings.failed(
                code, change.subject, f'since the saved audit: {change.text}'
            )
        if isinstance(was.organization, knowledge.Unknown) and isinstance(
            now.organization, knowledge.Known
        ):
            yield _not_comparable(was.organization, project)
    if isinstance(now.status, knowledge.Known):
        if isinstance(was.status, knowledge.Unknown):
            yield _not_comparable(was.status, project)
        elif was.status != now.status:
            yield findings.failed(
                'OSP419',
                project,
                f'since the saved audit: the status was {was.status.value}, '
                f'is {now.status.value}',
            )


def _not_comparable(
    part: knowledge.Knowledge[object], project: str
) -> finding.Finding:
    what, why = 'a part of it', 'it was not read'
    if isinstance(part, knowledge.Unknown):
        what, why = part.what, part.why
    return findings.noted(
        'OSP422',
        project,
        f'not known whether it changed since the saved audit: {what} was '
        f'unknown then: {why}',
    )
