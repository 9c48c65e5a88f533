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

"""Jinja2, set up so that no string from outside can reach a page raw."""

from __future__ import annotations

import datetime

import jinja2

from openstack_publish.render import moment
from openstack_publish.render import plain

LONGEST_NAME = 80
"""Longest name in a list, in characters; its own page has more of it."""


def environment() -> jinja2.Environment:
    """Return what renders the templates of this package."""
    found = jinja2.Environment(
        loader=jinja2.PackageLoader('openstack_publish.render.as_html'),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    found.filters['short'] = short
    found.filters['rfc3339'] = moment.rfc3339
    found.filters['day'] = _day
    return found


def short(name: str) -> str:
    """Return a name as lists have it."""
    if len(name) <= LONGEST_NAME:
        return name
    return f'{name[:LONGEST_NAME]}…'


def _day(when: datetime.datetime) -> str:
    return when.astimezone(datetime.UTC).strftime('%Y-%m-%d')


def _shown(value: object) -> object:
    """Return what stands on a page for the value of an expression.

    Jinja2 escapes what this returns. What is markup already is what a macro
    made.

    :raises TypeError: it is None: what is not known has to be said in words
    """
    if value is None:
        raise TypeError('None is nothing to show on a page')
    if isinstance(value, str) and not hasattr(value, '__html__'):
        return plain.line(value)
    return value
