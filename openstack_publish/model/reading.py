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

"""Walks over plain data (mappings, sequences, scalars) and collects problems.

A form, such as that of a deliverable file, asks a :class:`Walk` for one
value after the other. What is missing or of another type becomes a
:class:`~openstack_publish.model.located.Problem` with its key path, the form
gets a stand-in of the right type, and the walk goes on: a reader is told
everything that is wrong with a file at once.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Collection
from collections.abc import Mapping
from typing import TypeVar

from openstack_publish.model import located

Choice = TypeVar('Choice', bound=str)

_DAY = re.compile(r'[0-9]{4}-[0-9]{2}-[0-9]{2}')
"""``date.fromisoformat`` alone takes ``2027-W01-1`` as well."""

_MISSING = object()
_NOTHING: Mapping[str, object] = {}


class Walk:
    """A walk over one file's data.

    :param path: what the problems call the file
    """

    def __init__(self, path: str) -> None:
        self.path = path
        self._problems: list[located.Problem] = []

    @property
    def problems(self) -> tuple[located.Problem, ...]:
        """Return what was found so far."""
        return tuple(self._problems)

    def problem(self, key: located.KeyPath, message: str) -> None:
        """Record that something is wrong."""
        self._problems.append(
            located.Problem(located.Place(self.path, key), message)
        )

    def mapping(
        self,
        data: object,
        key: located.KeyPath,
        known: frozenset[str],
        required: Collection[str] = (),
    ) -> Mapping[str, object]:
        """Return a mapping with its keys checked; empty if it is none."""
        if type(data) is not dict:
            self.problem(key, f'must be a mapping, is {named(data)}')
            return _NOTHING
        if not data.keys() <= known:
            for name in data:
                if name not in known:
                    self.problem((*key, name), _unknown_key(name, known))
        for name in required:
            if name not in data:
                self.problem(key, f'the key {name} is missing')
        return data

    def entries(
        self, data: object, key: located.KeyPath, *, or_null: bool = False
    ) -> Mapping[str, object]:
        """Return a mapping whose keys are free; empty if it is none."""
        if type(data) is dict:
            return data
        if data is not None or not or_null:
            self.problem(key, f'must be a mapping, is {named(data)}')
        return _NOTHING

    def sequence(
        self, data: object, key: located.KeyPath, *, or_null: bool = False
    ) -> list[object]:
        """Return a sequence; empty if it is none."""
        if type(data) is list:
            return data
        if data is not None or not or_null:
            self.problem(key, f'must be a list, is {named(data)}')
        return []

    def text(self, data: object, key: located.KeyPath) -> str | None:
        """Return a string that is not empty, or None with a problem."""
        if type(data) is str:
            if data:
                return data
            self.problem(key, 'must not be empty')
        elif data is None or type(data) in (dict, list):
            self.problem(key, f'must be a string, is {named(data)}')
        else:
            self.problem(key, f'must be a string, is {named(data)}: quote it')
        return None

    def optional_text(
        self, fields: Mapping[str, object], name: str, key: located.KeyPath
    ) -> str | None:
        """Return the string under *name*; None where the key isn't there."""
        data = fields.get(name, _MISSING)
        if type(data) is str and data:
            return data
        return None if data is _MISSING else self.text(data, (*key, name))

    def choice(
        self,
        data: object,
        key: located.KeyPath,
        choices: Collection[Choice],
    ) -> Choice | None:
        """Return one of *choices*, or None with a problem."""
        for choice in choices:
            if data == choice and type(data) is str:
                return choice
        self.problem(
            key, f'must be one of {listed(choices)}, is {named(data)}'
        )
        return None

    def optional_choice(
        self,
        fields: Mapping[str, object],
        name: str,
        key: located.KeyPath,
        choices: Collection[Choice],
    ) -> Choice | None:
        """Return the choice under *name*; None where it isn't there."""
        if name not in fields:
            return None
        return self.choice(fields[name], (*key, name), choices)

    def date(self, data: object, key: located.KeyPath) -> datetime.date | None:
        """Return a day, written ``2027-01-31`` with or without quotes."""
        if type(data) is datetime.date:
            return data
        if type(data) is str and _DAY.fullmatch(data):
            try:
                return datetime.date.fromisoformat(data)
            except ValueError:
                pass
        self.problem(
            key, f'must be a day such as 2027-01-31, is {named(data)}'
        )
        return None

    def truth(self, data: object, key: located.KeyPath) -> bool | None:
        """Return true or false, or None with a problem."""
        if type(data) is bool:
            return data
        self.problem(key, f'must be true or false, is {named(data)}')
        return None


def listed(choices: Collection[str]) -> str:
    """Return words for a message, in the order of the alphabet."""
    return ', '.join(sorted(choices))


def named(data: object) -> str:
    """Return what a value is, for a message."""
    if data is None:
        return 'nothing'
    if isinstance(data, bool):
        return f'the truth value {str(data).lower()}'
    if isinstance(data, (int, float)):
        return f'the number {data}'
    if isinstance(data, datetime.datetime):
        return f'the time {data.isoformat()}'
    if isinstance(data, datetime.date):
        return f'the day {data.isoformat()}'
    if isinstance(data, dict):
        return 'a mapping'
    if isinstance(data, list):
        return 'a list'
    text = str(data)
    return f"'{text}'" if len(text) <= 60 else f"'{text[:57]}...'"


def _unknown_key(name: str, known: Collection[str]) -> str:
    # Imported here: misspelt keys are rare, and most runs have none.
    import difflib

    near = difflib.get_close_matches(name, known, n=1)
    if near:
        return f'unknown key; {near[0]} may be meant'
    return f'unknown key; known here are {listed(known)}'
