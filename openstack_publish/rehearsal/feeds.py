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

"""The feeds of the stand-in index (RSS 2.0)."""

from __future__ import annotations

import email.utils
from xml.sax import saxutils

from openstack_publish.rehearsal import records
from openstack_publish.rehearsal import replies

UPDATES = 100
"""Newest releases in ``/rss/updates.xml``."""

PACKAGES = 40
"""Newest projects in ``/rss/packages.xml``."""

RELEASES = 40
"""Newest releases in the feed of one project."""


def updates(state: records.State, base_url: str) -> replies.Reply:
    """Answer ``/rss/updates.xml``: the newest releases of all projects."""
    newest = sorted(
        (
            (release, project)
            for project in state.projects.values()
            if project.status != 'quarantined'
            for release in project.releases.values()
        ),
        key=lambda pair: pair[0].created,
        reverse=True,
    )
    return _feed(
        'PyPI recent updates',
        f'{base_url}/',
        'Recent updates to the Python Package Index',
        [
            _item(
                f'{project.name} {release.version}',
                _release_url(base_url, project, release),
                release,
            )
            for release, project in newest[:UPDATES]
        ],
    )


def packages(state: records.State, base_url: str) -> replies.Reply:
    """Answer ``/rss/packages.xml``: the newest projects."""
    newest = sorted(
        (each for each in state.projects.values() if each.releases),
        key=lambda project: project.created,
        reverse=True,
    )
    items = []
    for project in newest[:PACKAGES]:
        url = f'{base_url}/project/{project.normalized_name}/'
        items.append(
            _xml_item(
                f'{project.name} added to PyPI',
                url,
                _summary(project.newest_release()),
                project.created.timestamp(),
            )
        )
    return _feed(
        'PyPI newest packages',
        f'{base_url}/',
        'Newest packages registered at the Python Package Index',
        items,
    )


def project_releases(
    state: records.State, base_url: str, name: str
) -> replies.Reply:
    """Answer ``/rss/project/NAME/releases.xml``."""
    project = state.find_project(name)
    if (
        project is None
        or project.status == 'quarantined'
        or not project.releases
    ):
        return replies.text(404, 'Not Found')
    newest = sorted(
        project.releases.values(),
        key=lambda release: release.created,
        reverse=True,
    )
    return _feed(
        f'PyPI recent updates for {project.name}',
        f'{base_url}/project/{project.normalized_name}/',
        f'Recent updates to the Python Package Index for {project.name}',
        [
            _item(
                release.version,
                _release_url(base_url, project, release),
                release,
            )
            for release in newest[:RELEASES]
        ],
    )


def _release_url(
    base_url: str, project: records.Project, release: records.Release
) -> str:
    return f'{base_url}/project/{project.normalized_name}/{release.version}/'


def _summary(release: records.Release | None) -> str:
    return str(release.metadata.get('summary', '')) if release else ''


def _item(title: str, url: str, release: records.Release) -> str:
    return _xml_item(
        title, url, _summary(release), release.created.timestamp()
    )


def _xml_item(title: str, url: str, description: str, timestamp: float) -> str:
    return (
        '    <item>\n'
        f'      <title>{saxutils.escape(title)}</title>\n'
        f'      <link>{saxutils.escape(url)}</link>\n'
        f'      <description>{saxutils.escape(description)}</description>\n'
        f'      <pubDate>{email.utils.formatdate(timestamp, usegmt=True)}'
        '</pubDate>\n'
        '    </item>\n'
    )


def _feed(
    title: str, link: str, description: str, items: list[str]
) -> replies.Reply:
    body = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<rss version="2.0">\n  <channel>\n'
        f'    <title>{saxutils.escape(title)}</title>\n'
        f'    <link>{saxutils.escape(link)}</link>\n'
        f'    <description>{saxutils.escape(description)}</description>\n'
        '    <language>en</language>\n'
        + ''.join(items)
        + '  </channel>\n</rss>\n'
    )
    return replies.Reply(
        status=200,
        reason='OK',
        headers={'Content-Type': 'text/xml; charset=UTF-8'},
        body=body.encode(),
    )
