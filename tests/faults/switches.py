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

"""What the stand-in index does in a cell, as switches of its own."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Callable
from collections.abc import Mapping

from openstack_publish.rehearsal import fault_actions
from openstack_publish.rehearsal import faults
from openstack_publish.rehearsal import records
from openstack_publish.rehearsal import replies
from tests.faults import table

LATE = 60.0
"""How late an answer comes, in seconds; no test waits so long."""

DROP = 0.05
"""Seconds between two bytes of a slow answer."""

ROUTES: Mapping[str, replies.Route] = {
    'JSON': 'json',
    'release JSON': 'version-json',
    'simple': 'simple',
    'XML-RPC': 'xmlrpc',
    **dict.fromkeys(table.UPLOADS, 'upload'),
}


def behaviour(fault: str, *, upload: bool) -> faults.Behaviour:
    """Return what a fault does with a request.

    :param upload: whether it is one that stores something
    """
    if upload:
        return _UPLOADS[fault]
    return _READS[fault]


def stale(before: records.State) -> faults.Behaviour:
    """Return what answers as it would have before."""

    def act(
        scene: faults.Scene,
        request: replies.Request,
        proceed: faults.Proceed,
    ) -> replies.Reply:
        return proceed(before)

    return act


def noting(
    act: faults.Behaviour, note: Callable[[], object]
) -> faults.Behaviour:
    """Return what acts, and says first that it was asked to."""

    def behave(
        scene: faults.Scene,
        request: replies.Request,
        proceed: faults.Proceed,
    ) -> replies.Reply:
        note()
        return act(scene, request, proceed)

    return behave


def telling(
    act: Callable[[], object], done: threading.Event
) -> faults.Behaviour:
    """Return what does something and then answers as always.

    :param done: is set once that is done, too
    """

    def behave(
        scene: faults.Scene,
        request: replies.Request,
        proceed: faults.Proceed,
    ) -> replies.Reply:
        act()
        try:
            return proceed(None)
        finally:
            done.set()

    return behave


def _stored_and(answer: replies.Reply) -> faults.Behaviour:
    def act(
        scene: faults.Scene,
        request: replies.Request,
        proceed: faults.Proceed,
    ) -> replies.Reply:
        proceed(None)
        return answer

    return act


def _late(
    scene: faults.Scene, request: replies.Request, proceed: faults.Proceed
) -> replies.Reply:
    return dataclasses.replace(proceed(None), delay=LATE)


def _drip(
    scene: faults.Scene, request: replies.Request, proceed: faults.Proceed
) -> replies.Reply:
    return dataclasses.replace(proceed(None), pause=DROP)


def _wrong_type(
    scene: faults.Scene, request: replies.Request, proceed: faults.Proceed
) -> replies.Reply:
    reply = proceed(None)
    headers = {**reply.headers, 'Content-Type': 'application/octet-stream'}
    return dataclasses.replace(reply, headers=headers)


_BOTH: Mapping[str, faults.Behaviour] = {
    table.TIMEOUT: _late,
    table.ERROR_500: fault_actions.error(500, 'Internal Server Error'),
    table.ERROR_503: fault_actions.error(503, 'Service Unavailable'),
    table.ERROR_429: fault_actions.error(429, 'Too Many Requests'),
    table.REDIRECT: fault_actions.elsewhere,
    table.HTML_PAGE: fault_actions.html_page,
    table.DRIP: _drip,
    table.TRUNCATED: fault_actions.truncate,
    table.WRONG_TYPE: _wrong_type,
}
_READS: Mapping[str, faults.Behaviour] = {
    **_BOTH,
    table.RESET_BEFORE: fault_actions.cut_unprocessed,
    table.RESET_AFTER: fault_actions.cut_mid_body,
    # Nothing is stored by a read: the gateway has no answer for it.
    table.ERROR_502: fault_actions.error(502, 'Bad Gateway'),
}
_UPLOADS: Mapping[str, faults.Behaviour] = {
    **_BOTH,
    table.RESET_AFTER: fault_actions.cut_before_answer,
    table.ERROR_502: _stored_and(replies.page(502, 'Bad Gateway')),
}
