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

"""Reads the data of ``data/series_status.yaml`` into values.

The form is that of openstack/releases (2026-08-21): a list, newest series
first. The keys that this package makes no use of are not checked.
"""

from __future__ import annotations

import datetime
import re

from openstack_publish.model import deliverable
from openstack_publish.model import located
from openstack_publish.model import names
from openstack_publish.model import reading
from openstack_publish.model import series

_NAME = re.compile(r'[a-z][a-z0-9-]*')
_KEY = frozenset({'key', 'start', 'end'})


def read(
    data: object, path: str
) -> tuple[tuple[series.Series, ...], tuple[located.Problem, ...]]:
    """Return every series, and everything that is wrong with the file.

    :param path: what the problems call the file
    """
    walk = reading.Walk(path)
    if type(data) is not list:
        walk.problem((), f'must be a list, is {reading.named(data)}')
        return (), walk.problems
    found: dict[str, series.Series] = {}
    for index, entry in enumerate(data):
        one = _series(walk, entry, (index,))
        if one is None:
            continue
        if one.name in found:
            walk.problem(
                (index, 'name'), f'the series {one.name} is here twice'
            )
            continue
        found[one.name] = one
    return tuple(found.values()), walk.problems


def _series(
    walk: reading.Walk, data: object, key: located.KeyPath
) -> series.Series | None:
    if type(data) is not dict:
        walk.problem(key, f'must be a mapping, is {reading.named(data)}')
        return None
    for required in ('name', 'status'):
        if required not in data:
            walk.problem(key, f'the key {required} is missing')
    name = walk.optional_text(data, 'name', key)
    if name is not None and not _NAME.fullmatch(name):
        walk.problem(
            (*key, 'name'),
            'must be a codename of lower-case ASCII letters, is '
            f'{reading.named(name)}',
        )
        name = None
    status = walk.optional_choice(data, 'status', key, deliverable.STATUSES)
    release_id = _release_id(walk, data.get('release-id'), key)
    cycle_key = None
    if 'signing-key' in data:
        cycle_key = _cycle_key(
            walk, data['signing-key'], (*key, 'signing-key'), name or ''
        )
    if name is None or status is None:
        return None
    return series.Series(name, release_id, status, cycle_key)


def _release_id(
    walk: reading.Walk, data: object, key: located.KeyPath
) -> str | None:
    """Return a release id; the file has ``2026.1``, which is a number."""
    if data is None:
        return None
    text = str(data) if type(data) in (float, str) else ''
    if re.fullmatch(r'20[0-9]{2}\.[1-9]', text) is None:
        walk.problem(
            (*key, 'release-id'),
            f'must be a release id such as 2026.1, is {reading.named(data)}',
        )
        return None
    return text


def _cycle_key(
    walk: reading.Walk, data: object, key: located.KeyPath, name: str
) -> series.CycleKey | None:
    before = len(walk.problems)
    fields = walk.mapping(data, key, _KEY, ('key', 'start', 'end'))
    text = walk.optional_text(fields, 'key', key)
    fingerprint = None
    if text is not None:
        try:
            fingerprint = names.fingerprint(text)
        except ValueError as error:
            walk.problem((*key, 'key'), str(error))
    start = None
    if 'start' in fields:
        start = walk.date(fields['start'], (*key, 'start'))
    end: datetime.date | None = None
    if 'end' in fields and fields['end'] != 'present':
        end = walk.date(fields['end'], (*key, 'end'))
    if start is not None and end is not None and end < start:
        walk.problem((*key, 'end'), f'{end} is before the start, {start}')
    if fingerprint is None or start is None or len(walk.problems) > before:
        return None
    return series.CycleKey(fingerprint, name, start, end)
