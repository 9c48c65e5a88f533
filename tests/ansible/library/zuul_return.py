#!/usr/bin/python
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
"""Stands in for Zuul's module of this name.

It takes what Zuul takes, refuses what Zuul would drop, and merges several
calls as Zuul does. What was returned is in the file that ``ZUUL_RETURN``
names.
"""

from __future__ import annotations

import json
import os
import pathlib
from typing import Any

from ansible.module_utils import basic
from ansible.module_utils import zuul_rules

_LISTS = ('artifacts', 'warnings')


def complaints(data: Any) -> list[str]:
    """Say what Zuul would not take."""
    zuul = data.get('zuul', {})
    found = []
    for artifact in zuul.get('artifacts', []):
        if not {'name', 'url'} <= set(artifact) <= {'name', 'url', 'metadata'}:
            found.append(f'artifact has the keys {sorted(artifact)}')
        elif not all(
            isinstance(artifact[key], str) for key in ('name', 'url')
        ):
            found.append('name and url of an artifact are strings')
        elif not isinstance(artifact.get('metadata', {}), dict):
            found.append('metadata of an artifact is a dictionary')
    said = {key: zuul[key] for key in zuul if key != 'artifacts'}
    try:
        zuul_rules.taken({'zuul': said})
    except zuul_rules.Dropped as error:
        found.append(str(error))
    return found


def merge(before: Any, data: Any) -> Any:
    """Return both: lists are appended, the rest is overwritten."""
    zuul = {**before.get('zuul', {}), **data.get('zuul', {})}
    for key in _LISTS:
        both = [
            *before.get('zuul', {}).get(key, []),
            *data.get('zuul', {}).get(key, []),
        ]
        if both:
            zuul[key] = both
    comments: dict[str, list[Any]] = {}
    for part in (before, data):
        for path, said in (
            part.get('zuul', {}).get('file_comments', {}).items()
        ):
            comments.setdefault(path, []).extend(said)
    if comments:
        zuul['file_comments'] = comments
    return {**before, **data, 'zuul': zuul}


def main() -> None:
    """Check, merge, and write down."""
    module = basic.AnsibleModule(
        argument_spec={'data': {'type': 'dict', 'required': True}}
    )
    data = module.params['data']
    wrong = complaints(data)
    if wrong:
        module.fail_json(msg='; '.join(wrong))
    path = pathlib.Path(os.environ['ZUUL_RETURN'])
    before = json.loads(path.read_text('utf-8')) if path.exists() else {}
    path.write_text(json.dumps(merge(before, data)), 'utf-8')
    module.exit_json(changed=True)


if __name__ == '__main__':
    main()
