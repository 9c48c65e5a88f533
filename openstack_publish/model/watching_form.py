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

"""What the watch remembers, as JSON and back.

Only this program writes these documents, into its own state file; what does
not fit is the work of somebody else and is refused as a whole.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Collection
from typing import Any, TypeVar, get_args

from openstack_publish.model import documents
from openstack_publish.model import finding
from openstack_publish.model import knowledge
from openstack_publish.model import listing
from openstack_publish.model import maintainers
from openstack_publish.model import names
from openstack_publish.model import watching

Document = dict[str, Any]
T = TypeVar('T')


class Foreign(ValueError):
    """A document that this program did not write."""


def snapshot_text(snapshot: watching.Snapshot) -> str:
    """Return a snapshot as JSON."""
    who = snapshot.who
    return _text(
        {
            'project': snapshot.project,
            'read': _moment(snapshot.read),
            'exists': snapshot.exists,
            'status': snapshot.status,
            'who': None if who is None else _who(who),
            'files': (
                None
                if snapshot.files is None
                else [_file(file) for file in snapshot.files]
            ),
            'serial': snapshot.serial,
            'unread_since': _optional(snapshot.unread_since),
        }
    )


def snapshot(text: str) -> watching.Snapshot:
    """Read a snapshot.

    :raises Foreign: it is none
    """
    data = _load(text)
    try:
        who, files = _maybe(data['who'], dict), _maybe(data['files'], list)
        return watching.Snapshot(
            names.ProjectName(_a(data['project'], str)),
            _time(data['read']),
            _maybe(data['exists'], bool),
            _maybe(data['status'], str),
            None if who is None else _read_who(who),
            None if files is None else tuple(map(_read_file, files)),
            _maybe(data['serial'], int),
            _optional_time(data['unread_since']),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise Foreign(f'no snapshot: {error!r}') from error


def incident_text(incident: watching.Incident) -> str:
    """Return an incident as JSON."""
    return _text(_incident(incident))


def incident(text: str) -> watching.Incident:
    """Read an incident.

    :raises Foreign: it is none
    """
    try:
        return _read_incident(_load(text))
    except (KeyError, TypeError, ValueError) as error:
        raise Foreign(f'no incident: {error!r}') from error


def letter_text(letter: watching.Letter) -> str:
    """Return a letter as JSON."""
    return _text(
        {
            'occasion': letter.occasion,
            'written': _moment(letter.written),
            'incidents': [_incident(one) for one in letter.incidents],
            'key': letter.key,
            'about': letter.about,
        }
    )


def letter(text: str) -> watching.Letter:
    """Read a letter.

    :raises Foreign: it is none
    """
    data = _load(text)
    try:
        return watching.Letter(
            _one_of(data['occasion'], watching.Occasion),
            _time(data['written']),
            tuple(map(_read_incident, _a(data['incidents'], list))),
            _a(data['key'], str),
            _a(data['about'], str),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise Foreign(f'no letter: {error!r}') from error


def channels_text(taken: Collection[str]) -> str:
    """Return the names of channels as JSON."""
    return json.dumps(sorted(taken), separators=(',', ':'))


def channels(text: str) -> frozenset[str]:
    """Read the names of channels.

    :raises Foreign: they are none
    """
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Foreign(f'no JSON: {error}') from error
    if not isinstance(data, list) or not all(
        isinstance(name, str) for name in data
    ):
        raise Foreign(f'no names of channels: {text!r}')
    return frozenset(data)


def time(text: str) -> datetime.datetime:
    """Read a time as this module writes it.

    :raises Foreign: it is none
    """
    try:
        return _time(text)
    except (TypeError, ValueError) as error:
        raise Foreign(f'no time: {text!r}') from error


def time_text(when: datetime.datetime) -> str:
    """Return a time, to the microsecond, UTC."""
    return _moment(when)


def _incident(one: watching.Incident) -> Document:
    found = one.condition.finding
    return {
        'project': one.condition.project,
        'about': one.condition.about,
        'account': one.condition.account,
        'stands': one.condition.stands,
        'code': found.code,
        'severity': found.severity,
        'verdict': found.verdict,
        'subject': found.subject,
        'message': found.message,
        'remedy': found.remedy,
        'state': one.state,
        'opened': _moment(one.opened),
        'told': _optional(one.told),
        'mails': one.mails,
        'closed': _optional(one.closed),
        'reason': one.reason,
        'opening': one.opening,
        'thread': one.thread,
    }


def _read_incident(data: Document) -> watching.Incident:
    return watching.Incident(
        watching.Condition(
            names.ProjectName(_a(data['project'], str)),
            finding.Finding(
                code=_a(data['code'], str),
                severity=_one_of(data['severity'], finding.Severity),
                verdict=_one_of(data['verdict'], finding.Verdict),
                subject=_a(data['subject'], str),
                message=_a(data['message'], str),
                remedy=_a(data['remedy'], str),
            ),
            _a(data['about'], str),
            _maybe(data['account'], str),
            _a(data['stands'], bool),
        ),
        _one_of(data['state'], watching.State),
        _time(data['opened']),
        _optional_time(data['told']),
        _a(data['mails'], int),
        _optional_time(data['closed']),
        _maybe(data['reason'], str),
        _a(data['opening'], int),
        _a(data['thread'], str),
    )


def _who(who: maintainers.Maintainers) -> Document:
    return {
        'roles': [[role.user, role.role] for role in who.roles],
        'organization': (
            [who.organization.value]
            if isinstance(who.organization, knowledge.Known)
            else None
        ),
    }


def _read_who(data: Document) -> maintainers.Maintainers:
    organization = _maybe(data['organization'], list)
    if organization is None:
        owner: knowledge.Knowledge[str | None] = knowledge.Unknown(
            'organization', 'it was not read'
        )
    else:
        (slug,) = organization
        owner = knowledge.Known(_maybe(slug, str))
    return maintainers.maintainers(
        tuple(
            maintainers.Role(_a(user, str), _a(role, str))
            for user, role in _a(data['roles'], list)
        ),
        owner,
    )


def _file(file: listing.ListedFile) -> list[object]:
    return [
        file.filename,
        file.url,
        file.sha256,
        file.size,
        _optional(file.uploaded),
        file.yanked,
        file.provenance,
        file.yanked_reason,
    ]


def _read_file(data: list[Any]) -> listing.ListedFile:
    # What was remembered before 2026-11-22 has no reason.
    filename, url, sha256, size, uploaded, yanked, provenance, *rest = data
    (reason,) = rest or [None]
    return listing.ListedFile(
        _a(filename, str),
        _a(url, str),
        _maybe(sha256, str),
        _maybe(size, int),
        _optional_time(uploaded),
        _a(yanked, bool),
        _maybe(provenance, str),
        _maybe(reason, str),
    )


def _a(value: object, kind: type[T]) -> T:
    """Return a value that has to be of this very type.

    :raises TypeError: it isn't
    """
    if type(value) is not kind:
        raise TypeError(f'{value!r} is no {kind.__name__}')
    return value


def _maybe(value: object, kind: type[T]) -> T | None:
    return None if value is None else _a(value, kind)


def _one_of(value: object, literal: Any) -> Any:
    """Return a value that has to be one of a ``Literal``'s.

    :raises ValueError: it isn't
    """
    if value not in get_args(literal):
        raise ValueError(f'{value!r} is none of {get_args(literal)}')
    return value


def _text(document: Document) -> str:
    return json.dumps(document, separators=(',', ':'))


def _load(text: str) -> Document:
    try:
        return documents.load(text.encode())
    except (documents.Malformed, UnicodeError) as error:
        raise Foreign(f'no document: {error}') from error


def _moment(when: datetime.datetime) -> str:
    return when.astimezone(datetime.UTC).isoformat()


def _optional(when: datetime.datetime | None) -> str | None:
    return None if when is None else _moment(when)


def _time(text: object) -> datetime.datetime:
    when = datetime.datetime.fromisoformat(_a(text, str))
    if when.tzinfo is None:
        raise ValueError(f'{text!r} has no zone')
    try:
        return when.astimezone(datetime.UTC)
    except OverflowError as error:
        raise ValueError(f'{text!r} is out of range') from error


def _optional_time(text: object) -> datetime.datetime | None:
    return None if text is None else _time(text)
