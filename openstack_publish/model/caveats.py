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

"""The caveats of an API token of PyPI: read, and written to narrow one.

A caveat is a JSON document that must hold for the token to be taken. PyPI
knows arrays that begin with the number of their kind, and takes the objects
of older tokens (warehouse, ``macaroons/caveats``, 2026-08-21).
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable
from typing import Literal

from openstack_publish.model import credential
from openstack_publish.model import names

TIMES = 0
"""Kind of caveat: ends before it begins, in seconds since 1970."""

PROJECTS = 1
"""Kind of caveat: names of projects, in their PEP 503 form."""

USER = 3
"""Kind of caveat: the index's id of the user."""

_Times = tuple[datetime.datetime, datetime.datetime]


def narrowing(
    project: names.ProjectName,
    begins: datetime.datetime,
    ends: datetime.datetime,
) -> tuple[str, ...]:
    """Return caveats that narrow a token to one project and a time."""
    return (
        json.dumps([TIMES, int(ends.timestamp()), int(begins.timestamp())]),
        json.dumps([PROJECTS, [project]]),
    )


def described(
    username: str, caveats: Iterable[bytes]
) -> credential.Credential:
    """Describe a token; each of its caveats must hold, so each only narrows.

    :param caveats: as they stand in the token
    """
    projects: frozenset[names.ProjectName] | None = None
    not_before: datetime.datetime | None = None
    not_after: datetime.datetime | None = None
    user_id: str | None = None
    unread = 0
    for caveat in caveats:
        match _read(caveat):
            case (begins, ends):
                not_before = max(begins, not_before or begins)
                not_after = min(ends, not_after or ends)
            case frozenset() as named:
                projects = named if projects is None else projects & named
            case str() as found:
                user_id = user_id or found
            case True:
                pass
            case None:
                unread += 1
    return credential.Credential(
        'api-token',
        username,
        projects,
        not_before,
        not_after,
        user_id,
        unread,
    )


def _read(
    caveat: bytes,
) -> _Times | frozenset[names.ProjectName] | str | Literal[True] | None:
    """Return what a caveat asks for.

    :returns: times, projects, the id of a user, True where it asks for
        nothing, None where it cannot be read
    """
    try:
        document: object = json.loads(caveat)
    except (ValueError, RecursionError):
        return None
    match document:
        # The id of a project (kind 2) says nothing of its name.
        case [kind, ends, begins] if _is(kind, TIMES):
            return _times(begins, ends)
        case {'nbf': begins, 'exp': ends, **more} if not more:
            return _times(begins, ends)
        case [kind, [*named]] if _is(kind, PROJECTS):
            found = _projects(named)
            # PyPI compares with the PEP 503 form: others fit no project.
            return None if found is None or found != set(named) else found
        case {
            'version': kind,
            'permissions': {'projects': [*named], **rest},
            **more,
        } if _is(kind, 1) and not rest and not more:
            return _projects(named)
        case [kind, str() as user_id] if _is(kind, USER):
            return user_id
        case {'version': kind, 'permissions': 'user', **more} if (
            _is(kind, 1) and not more
        ):
            return True
    return None


def _is(found: object, number: int) -> bool:
    """Say whether a document has a number; True is none in JSON."""
    return type(found) is int and found == number


def _projects(named: list[object]) -> frozenset[names.ProjectName] | None:
    texts = [each for each in named if isinstance(each, str)]
    if len(texts) != len(named):
        return None
    return frozenset(map(names.project_name, texts))


def _times(begins: object, ends: object) -> _Times | None:
    if type(begins) is not int or type(ends) is not int:
        return None
    try:
        return (
            datetime.datetime.fromtimestamp(begins, datetime.UTC),
            datetime.datetime.fromtimestamp(ends, datetime.UTC),
        )
    except (ValueError, OverflowError, OSError):
        # No year has it.
        return None
