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

"""Which handler a path belongs to, and what it is about."""

from __future__ import annotations

import dataclasses
import re
import urllib.parse
from collections.abc import Callable

from openstack_publish.model import names
from openstack_publish.rehearsal import feeds
from openstack_publish.rehearsal import json_api
from openstack_publish.rehearsal import reads
from openstack_publish.rehearsal import records
from openstack_publish.rehearsal import replies
from openstack_publish.rehearsal import simple_api

UPLOAD_PATH = '/legacy/'
XMLRPC_PATH = '/pypi'

View = Callable[[records.State, str, str], replies.Reply]
"""Answers a read from a state, the base URL and the Accept header."""


@dataclasses.dataclass(frozen=True)
class Target:
    """What a read asks for."""

    route: replies.Route
    view: View
    project: str | None = None
    version: str | None = None


_PROJECT_JSON = re.compile(r'/pypi/(?P<name>[^/]+)/json/?')
_RELEASE_JSON = re.compile(r'/pypi/(?P<name>[^/]+)/(?P<version>[^/]+)/json/?')
_SIMPLE = re.compile(r'/simple/(?P<name>[^/]+)/')
_SIMPLE_BARE = re.compile(r'/simple(/[^/]+)?')
_FEED = re.compile(r'/rss/project/(?P<name>[^/]+)/releases\.xml')


def find(path: str) -> Target:
    """Return what a path asks for; whatever is unknown is not found.

    :param path: without query, percent-encoded
    """
    if match := _PROJECT_JSON.fullmatch(path):
        name = _unquoted(match, 'name')
        return Target(
            'json',
            lambda state, base, accept: json_api.project(state, base, name),
            names.project_name(name),
        )
    if match := _RELEASE_JSON.fullmatch(path):
        name, version = _unquoted(match, 'name'), _unquoted(match, 'version')
        return Target(
            'version-json',
            lambda state, base, accept: json_api.release(
                state, base, name, version
            ),
            names.project_name(name),
            version,
        )
    if match := _SIMPLE.fullmatch(path):
        name = _unquoted(match, 'name')
        return Target(
            'simple',
            lambda state, base, accept: simple_api.project(
                state, base, name, accept
            ),
            names.project_name(name),
        )
    if match := _FEED.fullmatch(path):
        name = _unquoted(match, 'name')
        return Target(
            'feed',
            lambda state, base, accept: feeds.project_releases(
                state, base, name
            ),
            names.project_name(name),
        )
    return _find_fixed(path)


def _find_fixed(path: str) -> Target:
    if path == '/simple/':
        return Target('simple', simple_api.index)
    if path == '/rss/updates.xml':
        return Target(
            'feed', lambda state, base, accept: feeds.updates(state, base)
        )
    if path == '/rss/packages.xml':
        return Target(
            'feed', lambda state, base, accept: feeds.packages(state, base)
        )
    if path.startswith('/packages/'):
        place = urllib.parse.unquote(path)
        return Target(
            'files',
            lambda state, base, accept: reads.stored_file(state, place),
        )
    if _SIMPLE_BARE.fullmatch(path):
        return Target(
            'simple',
            lambda state, base, accept: replies.redirect(f'{base}{path}/'),
        )
    return Target(
        'other',
        lambda state, base, accept: replies.text(404, 'Not Found'),
    )


def _unquoted(match: re.Match[str], group: str) -> str:
    return urllib.parse.unquote(match.group(group))
