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

"""What Zuul takes of the data that a job returns, and what it drops.

Written after Zuul's documentation of ``zuul_return`` ("Return Values") and
the schema that its executor validates file comments with: a mapping of paths
to lists of comments, each with ``line`` and ``message`` and, if at all,
``level`` and ``range``. Whatever breaks that makes it drop all comments.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

LEVELS = ('info', 'warning', 'error')
_RANGE = {'start_line', 'start_character', 'end_line', 'end_character'}


class Dropped(Exception):
    """Zuul would drop all comments, and say only so."""


def taken(data: Any) -> dict[str, Any]:
    """Return ``zuul`` of the data, having held it against Zuul's rules.

    :raises Dropped: with everything that Zuul does not take
    """
    wrong = list(_wrong(data))
    if wrong:
        raise Dropped('; '.join(wrong))
    zuul: dict[str, Any] = data['zuul']
    return zuul


def _wrong(data: Any) -> Iterator[str]:
    if not isinstance(data, dict) or set(data) != {'zuul'}:
        yield f'{data!r} is no mapping with zuul alone'
        return
    zuul = data['zuul']
    if not isinstance(zuul, dict):
        yield 'zuul is no mapping'
        return
    for key in set(zuul) - {'file_comments', 'warnings'}:
        yield f'zuul.{key} is not what a check returns'
    comments = zuul.get('file_comments', {})
    if not isinstance(comments, dict):
        yield 'file_comments is no mapping'
        return
    for path, entries in comments.items():
        if not isinstance(path, str) or path.startswith('/'):
            yield f'{path!r} is no path in the repository'
        if not isinstance(entries, list):
            yield f'{path}: no list'
            continue
        for entry in entries:
            yield from _wrong_comment(path, entry)
    warnings = zuul.get('warnings', [])
    if not isinstance(warnings, list):
        yield 'warnings is no list'
        return
    for text in warnings:
        yield from _wrong_text('warnings', text)


def _wrong_comment(path: str, entry: Any) -> Iterator[str]:
    if not isinstance(entry, dict):
        yield f'{path}: {entry!r} is no mapping'
        return
    for key in set(entry) - {'line', 'message', 'level', 'range'}:
        yield f'{path}: unknown key {key}'
    line = entry.get('line')
    # A truth value is an int to Python, and none to Zuul.
    if type(line) is not int or line < 1:
        yield f'{path}: line {line!r}'
    yield from _wrong_text(path, entry.get('message'))
    if 'level' in entry and entry['level'] not in LEVELS:
        yield f'{path}: level {entry["level"]!r}'
    if 'range' in entry:
        span = entry['range']
        if (
            not isinstance(span, dict)
            or set(span) != _RANGE
            or not all(type(number) is int for number in span.values())
        ):
            yield f'{path}: range {span!r}'


def _wrong_text(where: str, text: Any) -> Iterator[str]:
    if not isinstance(text, str) or not text:
        yield f'{where}: {text!r} is no text'
    elif not text.replace('\n', '').isprintable():
        yield f'{where}: {text!r} would not be seen as it is'
