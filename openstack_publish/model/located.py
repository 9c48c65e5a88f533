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

"""Places in files, and what is wrong there."""

from __future__ import annotations

import dataclasses

KeyPath = tuple[str | int, ...]
"""The keys and indexes that lead to a node of a YAML document."""


@dataclasses.dataclass(frozen=True)
class Place:
    """A place in a file."""

    path: str
    """Path as a user knows it: relative to the checkout where there is one."""

    key: KeyPath = ()
    """Where in the document; empty for the document as a whole."""

    line: int | None = None
    """Line, counted from 1; None until it was looked up."""

    column: int | None = None
    """Column, counted from 1."""


@dataclasses.dataclass(frozen=True)
class Problem:
    """One thing that is wrong in a file that somebody wrote."""

    place: Place
    message: str


def spelled(key: KeyPath) -> str:
    """Return a key path as a reader would write it.

    >>> spelled(('releases', 2, 'projects', 0, 'hash'))
    'releases[2].projects[0].hash'
    """
    text = ''
    for part in key:
        if isinstance(part, int):
            text += f'[{part}]'
        else:
            text += f'.{part}' if text else part
    return text


def described(problem: Problem) -> str:
    """Return a problem as one line: file, line, column, key, message.

    >>> described(Problem(Place('a.yaml', ('team',), 3, 1), 'is empty'))
    'a.yaml:3:1: team: is empty'
    """
    place = problem.place
    text = place.path
    if place.line is not None:
        text += f':{place.line}'
        if place.column is not None:
            text += f':{place.column}'
    if place.key:
        text += f': {spelled(place.key)}'
    return f'{text}: {problem.message}'
