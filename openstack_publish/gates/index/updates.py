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

"""PyPI's feed of the newest releases (RSS 2.0): the 100 newest."""

from __future__ import annotations

import datetime
import email.utils
from urllib import parse
from xml.etree import ElementTree

import defusedxml.ElementTree

from openstack_publish import exceptions
from openstack_publish.gates import web
from openstack_publish.gates.index import roots
from openstack_publish.model import knowledge
from openstack_publish.model import names
from openstack_publish.seams import alerts

PATH = '/rss/updates.xml'
MAX_FEED = 4 * 1024 * 1024
"""Largest feed, in bytes; one has some 40 kB."""

_TYPES = frozenset({'text/xml', 'application/xml', 'application/rss+xml'})


class RssUpdates:
    """Fits :class:`~openstack_publish.seams.alerts.Updates`.

    :param root: the index's web root
    :raises Misconfigured: it is none that may be read
    """

    def __init__(self, reader: web.Web, root: str) -> None:
        self._web = reader
        self._root = roots.root(root)

    def newest(self) -> knowledge.Knowledge[tuple[alerts.Update, ...]]:
        """Return the newest releases, the newest first."""
        what = 'the feed of updates'
        try:
            answer = self._web.get(
                self._root + PATH, accept='*/*', max_bytes=MAX_FEED
            )
        except exceptions.Unavailable as error:
            return knowledge.Unknown(what, error.cause)
        if answer.status != 200:
            return knowledge.Unknown(
                what, f'the server answers {answer.status}'
            )
        if answer.media_type not in _TYPES:
            return knowledge.Unknown(
                what,
                f'the answer is {answer.media_type or "of no type"}, no feed',
            )
        try:
            return knowledge.Known(_updates(answer.body))
        except Exception as error:  # noqa: BLE001
            # ParseError, ValueError, TypeError, defusedxml's own, and
            # whatever else a hostile document gives rise to.
            return knowledge.Unknown(
                what,
                f'{len(answer.body)} bytes that are no feed of updates '
                f'({type(error).__name__})',
            )


def _updates(body: bytes) -> tuple[alerts.Update, ...]:
    """Read the feed.

    :raises Exception: it is malformed
    """
    tree = defusedxml.ElementTree.fromstring(body, forbid_dtd=True)
    if tree.tag != 'rss':
        raise ValueError('no RSS')
    found = [_update(item) for item in tree.iterfind('./channel/item')]
    return tuple(sorted(found, key=lambda item: item.time, reverse=True))


def _update(item: ElementTree.Element) -> alerts.Update:
    """Read one item; its link ends with ``/project/NAME/VERSION/``.

    The title, "NAME VERSION", could not be taken apart at a name with
    spaces, which old projects may have.
    """
    link, date = item.findtext('link'), item.findtext('pubDate')
    if link is None or date is None:
        raise ValueError('an item without link or date')
    parts = parse.urlsplit(link).path.strip('/').split('/')
    if len(parts) != 3 or parts[0] != 'project':
        raise ValueError('a link to no release')
    when = email.utils.parsedate_to_datetime(date)
    if when.tzinfo is None:
        when = when.replace(tzinfo=datetime.UTC)
    return alerts.Update(
        names.project_name(parse.unquote(parts[1])),
        parse.unquote(parts[2]),
        when.astimezone(datetime.UTC),
    )
