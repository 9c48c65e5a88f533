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

"""Incidents as an Atom feed (RFC 4287), for those who don't want mail."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from collections.abc import Mapping
from xml.etree import ElementTree

from openstack_publish.model import watching
from openstack_publish.render import as_mail
from openstack_publish.render import moment
from openstack_publish.render import plain

ENTRIES = 100
"""The newest that stand in the feed."""

_ATOM = 'http://www.w3.org/2005/Atom'
_ID = 'urn:openstack-publish:watch'


def of_incidents(
    incidents: Iterable[watching.Incident],
    web_root: str,
    pages: Mapping[str, as_mail.Explanation],
    now: datetime.datetime,
) -> str:
    """Return the newest incidents as a feed, the newest first.

    :param web_root: of the index, without a slash at its end
    """
    newest = sorted(incidents, key=_changed, reverse=True)[:ENTRIES]
    feed = ElementTree.Element('feed', {'xmlns': _ATOM})
    _add(feed, 'id', _ID)
    _add(feed, 'title', 'Incidents of the openstack-publish watch')
    _add(
        feed,
        'updated',
        moment.rfc3339(_changed(newest[0]) if newest else now),
    )
    author = ElementTree.SubElement(feed, 'author')
    _add(author, 'name', 'openstack-publish watch')
    for incident in newest:
        condition = incident.condition
        entry = ElementTree.SubElement(feed, 'entry')
        _add(entry, 'id', f'{_ID}:{incident.id}:{incident.opening}')
        _add(
            entry,
            'title',
            f'{condition.code} {condition.project}: '
            f'{pages[condition.code].title} ({incident.state})',
        )
        _add(entry, 'published', moment.rfc3339(incident.opened))
        _add(entry, 'updated', moment.rfc3339(_changed(incident)))
        ElementTree.SubElement(
            entry,
            'link',
            {
                'rel': 'alternate',
                'href': f'{web_root}/project/{condition.project}/',
            },
        )
        ElementTree.SubElement(entry, 'category', {'term': condition.code})
        content = ElementTree.SubElement(entry, 'content', {'type': 'text'})
        content.text = plain.line(
            f'{condition.finding.message} -- {condition.finding.remedy}'
        )
    ElementTree.indent(feed)
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        + ElementTree.tostring(feed, encoding='unicode')
        + '\n'
    )


def _changed(incident: watching.Incident) -> datetime.datetime:
    return incident.closed or incident.told or incident.opened


def _add(parent: ElementTree.Element, tag: str, text: str) -> None:
    ElementTree.SubElement(parent, tag).text = plain.line(text)
