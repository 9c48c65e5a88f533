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

"""The XML-RPC methods of the stand-in index.

Over its limit PyPI answers HTTP 200 with a fault; whatever it doesn't know
or no longer serves is a fault, too.
"""

from __future__ import annotations

import collections
import threading
import time
import xmlrpc.client
from collections.abc import Callable
from typing import Any, cast
from xml.parsers import expat

import defusedxml.xmlrpc

from openstack_publish.rehearsal import records
from openstack_publish.rehearsal import replies

FAULT = -32500
"""Every fault of PyPI has this code."""

WINDOW = 3600.0
"""Seconds over which calls are counted."""


class CallLimit:
    """Counts the calls of each client within the last hour."""

    def __init__(
        self,
        limits: records.Limits,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._limits = limits
        self._monotonic = monotonic
        self._recent: dict[str, collections.deque[float]] = {}
        self._lock = threading.Lock()

    def seconds_to_wait(self, client: str) -> int | None:
        """Count one call; None where it is within the limit."""
        now = self._monotonic()
        with self._lock:
            recent = self._recent.setdefault(client, collections.deque())
            while recent and recent[0] <= now - WINDOW:
                recent.popleft()
            if len(recent) >= self._limits.xmlrpc_calls_per_hour:
                first = recent[0] if recent else now
                return int(first + WINDOW - now) + 1
            recent.append(now)
            return None


def answer(
    state: records.State,
    limits: records.Limits,
    method: str,
    args: tuple[object, ...],
) -> replies.Reply:
    """Answer one call that was within the limit."""
    try:
        result = _METHODS[method](state, limits, args)
    except KeyError:
        return fault(f'RuntimeError: {method} is not a supported method')
    except (TypeError, ValueError) as err:
        return fault(f'XMLRPCInvalidParamTypes: {err}')
    return value(result)


def value(result: object) -> replies.Reply:
    """Return a result."""
    return _reply(
        xmlrpc.client.dumps(
            cast('tuple[Any]', (result,)),
            methodresponse=True,
            allow_none=True,
        )
    )


def fault(message: str) -> replies.Reply:
    """Return a fault."""
    return _reply(
        xmlrpc.client.dumps(
            xmlrpc.client.Fault(FAULT, message), methodresponse=True
        )
    )


def too_many(seconds: int) -> replies.Reply:
    """Return the fault of a client that is over its limit."""
    return fault(
        'HTTPTooManyRequests: The action could not be performed because '
        'there were too many requests by the client. '
        f'Limit may reset in {seconds} seconds.'
    )


def parse(body: bytes) -> tuple[str, tuple[object, ...]] | None:
    """Return method and arguments of a call; None where it is none."""
    try:
        unmarshaller = xmlrpc.client.Unmarshaller()
        parser = defusedxml.xmlrpc.DefusedExpatParser(unmarshaller)
        parser.feed(body)
        parser.close()
        args, method = unmarshaller.close(), unmarshaller.getmethodname()
    except (
        expat.ExpatError,
        xmlrpc.client.Error,
        ValueError,
        LookupError,
        TypeError,
        AttributeError,
    ):
        return None
    return None if method is None else (method, tuple(args))


def _reply(body: str) -> replies.Reply:
    return replies.Reply(
        status=200,
        reason='OK',
        headers={'Content-Type': 'text/xml; charset=UTF-8'},
        body=body.encode(),
    )


def _text(args: tuple[object, ...]) -> str:
    (value,) = args
    if not isinstance(value, str):
        raise TypeError('a string is needed')
    return value


def _package_roles(
    state: records.State, limits: records.Limits, args: tuple[object, ...]
) -> object:
    project = state.find_project(_text(args))
    if project is None:
        return []
    return [[role, user] for user, role in project.sorted_roles()]


def _user_packages(
    state: records.State, limits: records.Limits, args: tuple[object, ...]
) -> object:
    user = _text(args)
    found = [
        [role, project.name]
        for project in state.projects.values()
        if (role := project.role_of(user)) is not None
    ]
    return sorted(found, key=lambda pair: (pair[0] != 'Owner', pair[1]))


def _changelog_last_serial(
    state: records.State, limits: records.Limits, args: tuple[object, ...]
) -> object:
    () = args
    return state.last_serial


def _changelog_since_serial(
    state: records.State, limits: records.Limits, args: tuple[object, ...]
) -> object:
    (since,) = args
    if not isinstance(since, int) or isinstance(since, bool):
        raise TypeError('an integer is needed')
    rows = [
        [row.name, row.version, row.timestamp, row.action, row.serial]
        for row in state.journal
        if row.serial > since
    ]
    return rows[: limits.changelog_rows]


def _list_packages_with_serial(
    state: records.State, limits: records.Limits, args: tuple[object, ...]
) -> object:
    () = args
    return {
        project.name: project.last_serial
        for project in state.projects.values()
    }


_METHODS: dict[
    str,
    Callable[[records.State, records.Limits, tuple[object, ...]], object],
] = {
    'package_roles': _package_roles,
    'user_packages': _user_packages,
    'changelog_last_serial': _changelog_last_serial,
    'changelog_since_serial': _changelog_since_serial,
    'list_packages_with_serial': _list_packages_with_serial,
}
