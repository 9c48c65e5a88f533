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

"""PyPI's journal, by XML-RPC: what happened to every project.

Rows are ``[name, version or None, Unix time, action, serial]``; serials have
gaps, and a page has at most 50,000 rows (PyPI's software, 2026-08). PyPI
plans to retire the interface.
"""

from __future__ import annotations

import datetime
from typing import TypeVar

from openstack_publish.gates import web
from openstack_publish.gates.index import roots
from openstack_publish.gates.index import xmlrpc_calls
from openstack_publish.model import documents
from openstack_publish.model import knowledge
from openstack_publish.model import names
from openstack_publish.model import watching
from openstack_publish.seams import alerts

T = TypeVar('T')

MAX_PAGE = 64 * 1024 * 1024
"""Largest page, in bytes: 50,000 rows have some 25 MB."""

BUSY = ('HTTPTooManyRequests', 'the server answers 429')
"""How an index says that it was asked too often: by a fault of XML-RPC, and
by HTTP."""

MAX_ROWS = 50_000
MAX_SERIAL = 16 * 1024
"""Largest answer that is one number, in bytes."""


class XmlRpcChangelog:
    """Fits :class:`~openstack_publish.seams.alerts.Changelog`.

    :param root: the index's web root
    :raises Misconfigured: it is none that may be read
    """

    def __init__(self, reader: web.Web, root: str) -> None:
        self._web = reader
        self._root = roots.root(root)

    def last_serial(self) -> knowledge.Knowledge[int]:
        """Return the serial of the newest row."""
        return _told(
            xmlrpc_calls.call(
                self._web,
                self._root,
                'changelog_last_serial',
                None,
                _serial,
                what='the last serial of the changelog',
                max_bytes=MAX_SERIAL,
            )
        )

    def since(
        self, serial: int
    ) -> knowledge.Knowledge[tuple[watching.JournalRow, ...]]:
        """Return the rows after a serial, oldest first, one page of them."""
        return _told(
            xmlrpc_calls.call(
                self._web,
                self._root,
                'changelog_since_serial',
                serial,
                lambda result: _rows(result, serial),
                what=f'the changelog since {serial}',
                max_bytes=MAX_PAGE,
            )
        )


def _told(answer: knowledge.Knowledge[T]) -> knowledge.Knowledge[T]:
    """Tell an index that has too much to do from one that does not answer."""
    if isinstance(answer, knowledge.Unknown) and any(
        word in answer.why for word in BUSY
    ):
        return alerts.Busy(answer.what, answer.why)
    return answer


def _rows(result: object, since: int) -> tuple[watching.JournalRow, ...]:
    if not isinstance(result, list) or len(result) > MAX_ROWS:
        raise ValueError('no page of rows')
    rows = []
    last = since
    for item in result:
        name, version, time, action, serial = item
        if not isinstance(name, str) or not isinstance(action, str):
            raise TypeError('no row')
        if version is not None and not isinstance(version, str):
            raise TypeError('no version')
        if _serial(serial) <= last:
            # A cursor that does not move would ask for ever.
            raise ValueError('serials that do not rise')
        last = serial
        rows.append(
            watching.JournalRow(
                names.project_name(name),
                version,
                datetime.datetime.fromtimestamp(time, datetime.UTC),
                action,
                serial,
            )
        )
    return tuple(rows)


def _serial(result: object) -> int:
    if isinstance(result, bool) or not isinstance(result, int):
        raise TypeError('no serial')
    if not 0 <= result <= documents.LARGEST_SERIAL:
        raise ValueError('a serial that nothing can remember')
    return result
