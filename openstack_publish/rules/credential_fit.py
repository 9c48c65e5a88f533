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

"""6xx: the credential may upload to this project, now."""

from __future__ import annotations

import datetime

from openstack_publish.model import credential
from openstack_publish.model import finding
from openstack_publish.model import listing
from openstack_publish.model import names
from openstack_publish.rules import findings

NEEDED = 900
"""Seconds that a credential should still last: as long as one upload may."""

_SUBJECT = 'credential'

# What PyPI says with a 403 that is about the credential (seen 2026-11-21);
# the texts go on, and the parts in between hold names.
_REFUSALS = (
    'Invalid or non-existent authentication',
    'Invalid API Token:',
    'Username/Password authentication',
    'The given token ',
    'does not have two-factor authentication enabled',
    'does not have a verified primary email address',
    "isn't allowed to upload to project",
)


def fits(
    held: credential.Credential | None,
    project: names.ProjectName | None,
    now: datetime.datetime,
    *,
    dry_run: bool,
) -> tuple[finding.Finding, ...]:
    """Judge a credential by what can be read of it without the index.

    :param project: that is to be uploaded to; None to leave that open
    """
    if held is None:
        return (_none(dry_run),)
    if held.kind != 'api-token':
        return (
            findings.noted(
                'OSP603',
                _SUBJECT,
                'it is no PyPI API token, so it cannot be narrowed to '
                f'{project or "a project"} and to the next minutes, and is '
                'sent as it is',
            ),
        )
    found = list(_in_time(held, now))
    if project is not None and covers(held, project) is False:
        scope = ', '.join(sorted(held.projects or ())) or 'no project at all'
        found.append(
            findings.failed(
                'OSP602',
                _SUBJECT,
                f'the token is for {scope}, not for {project}',
            )
        )
    if held.unread_caveats:
        found.append(
            findings.noted(
                'OSP606',
                _SUBJECT,
                f'{held.unread_caveats} restrictions of the token are in a '
                'form that is not known here; only the index can judge them',
            )
        )
    return tuple(found)


def covers(
    held: credential.Credential, project: names.ProjectName
) -> bool | None:
    """Say whether a credential may upload to a project.

    :returns: None where only the index can tell
    """
    if held.projects is not None and project not in held.projects:
        return False
    if held.kind != 'api-token' or held.unread_caveats:
        return None
    return True


def state(
    held: credential.Credential, now: datetime.datetime
) -> credential.State:
    """Say how now lies to the times of a credential.

    PyPI counts the first second in, the last one not.
    """
    if held.kind != 'api-token':
        return 'unknown'
    if held.not_before is not None and now < held.not_before:
        return 'not-yet-valid'
    if held.not_after is not None and now >= held.not_after:
        return 'expired'
    return 'in-time'


def refused_credential(
    status: int | None, reason: str, kind: listing.IndexKind = 'pypi'
) -> bool:
    """Say whether a server's refusal of an upload is about who uploads.

    :param kind: of the index; only PyPI has other reasons for a 403
    """
    if status == 401 or (status == 403 and kind == 'plain'):
        return True
    return status == 403 and any(text in reason for text in _REFUSALS)


def _none(dry_run: bool) -> finding.Finding:
    if dry_run:
        return findings.noted(
            'OSP604',
            _SUBJECT,
            'there is none, or no user name with it; it was not tried',
        )
    return findings.failed('OSP604', _SUBJECT, 'there is none to upload with')


def _in_time(
    held: credential.Credential, now: datetime.datetime
) -> tuple[finding.Finding, ...]:
    """Judge the times."""
    asked = f'now it is {_shown(now)}'
    when = state(held, now)
    if held.not_before is not None and when == 'not-yet-valid':
        return (
            findings.failed(
                'OSP601',
                _SUBJECT,
                f'the token is valid from {_shown(held.not_before)}; {asked}',
            ),
        )
    if held.not_after is None:
        return ()
    if when == 'expired':
        return (
            findings.failed(
                'OSP601',
                _SUBJECT,
                f'the token ended at {_shown(held.not_after)}; {asked}',
            ),
        )
    if held.not_after - now < datetime.timedelta(seconds=NEEDED):
        return (
            findings.failed(
                'OSP607',
                _SUBJECT,
                f'the token ends at {_shown(held.not_after)}; {asked}, and '
                f'an upload may need {NEEDED} s',
            ),
        )
    return ()


def _shown(moment: datetime.datetime) -> str:
    return moment.astimezone(datetime.UTC).strftime('%Y-%m-%dT%H:%M:%SZ')
