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

"""Builds plain data from the events of PyYAML's parser.

PyYAML's own constructor builds a tree of nodes first; building from the
events takes less time and sees duplicate keys, aliases and depth as they
come.
"""

from __future__ import annotations

import re
from typing import Any

import yaml

from openstack_publish.gates.yamlfile import refusal
from openstack_publish.model import located

DEPTH_LIMIT = 32
"""Deepest nesting of mappings and sequences. The files that this package
reads need seven levels."""

NUMBER_LIMIT = 64
"""Longest number or date that is read, in characters. YAML 1.1 knows numbers
to the base of 60 ("1:30:00"), whose reading takes the square of their
length."""

_LOADER: Any = getattr(yaml, 'CSafeLoader', yaml.SafeLoader)
_FORMS: dict[str, list[tuple[str, re.Pattern[str]]]] = (
    _LOADER.yaml_implicit_resolvers
)
_STR_TAG = 'tag:yaml.org,2002:str'
_MERGE_TAG = 'tag:yaml.org,2002:merge'


class Builder:
    """Builds the data of one file.

    :param path: what the problems call the file
    :param places: filled with where each key stands, if given
    :param liberal: the file was written for another reader: anchors,
        aliases, merge keys, tags and keys that are no strings are no
        problems. What a tag means is not known; its node is read without.
    """

    def __init__(
        self,
        path: str,
        places: dict[located.KeyPath, refusal.Position] | None = None,
        *,
        liberal: bool = False,
    ) -> None:
        self._path = path
        self._places = places
        self._liberal = liberal
        self._anchored: dict[str, object] = {}
        self._key: list[str | int] = []
        self.problems: list[located.Problem] = []
        self.readable = True
        """False where the data could not be read to its end."""

        self._loader: Any = None
        self._names: set[str] = set()
        """Keys that are known to be strings; most files have few."""

    def build(self, content: bytes) -> object:
        """Return the data of the one document in *content*."""
        try:
            refusal.check_bytes(content)
            return self._document(content)
        except refusal.Unreadable as error:
            self._key[:] = error.key
            self._problem(error.message, error.position)
            self.readable = False
            return None

    def _document(self, content: bytes) -> object:
        data: object = None
        try:
            self._loader = _LOADER(content)
            get_event = self._loader.get_event
            get_event()  # the stream's start
            event = get_event()
            if type(event) is yaml.DocumentStartEvent:
                data = self._node(get_event())
                get_event()  # the document's end
                event = get_event()
            if type(event) is yaml.DocumentStartEvent:
                self._problem(
                    'a second document begins here: the file must hold one',
                    refusal.position(event.start_mark),
                )
        except yaml.YAMLError as error:
            raise refusal.from_yaml_error(error, content) from error
        finally:
            if self._loader is not None:
                self._loader.dispose()
        return data

    def _node(self, event: Any) -> object:
        """Return the value that begins with *event*."""
        kind = type(event)
        if self._liberal:
            return self._foreign_node(event)
        if kind is yaml.AliasEvent:
            raise self._refusal(
                f'the alias *{event.anchor}: aliases are not read here, '
                'write the value out',
                event,
            )
        if event.anchor is not None:
            raise self._refusal(
                f'the anchor &{event.anchor}: anchors are not read here, '
                'write each value out',
                event,
            )
        return self._plain_node(event)

    def _foreign_node(self, event: Any) -> object:
        """Return a value that may have an anchor, or be an alias.

        Aliases share one value and copy nothing. One to a value that is not
        yet complete would make it endless.
        """
        if type(event) is not yaml.AliasEvent:
            value = self._plain_node(event)
            if event.anchor is not None:
                self._anchored[event.anchor] = value
            return value
        if event.anchor not in self._anchored:
            raise self._refusal(
                f'the alias *{event.anchor}: no anchor of that name was '
                'closed before it',
                event,
            )
        return self._anchored[event.anchor]

    def _plain_node(self, event: Any) -> object:
        """Return a value, whatever anchor it has."""
        kind = type(event)
        if self._places is not None:
            self._places.setdefault(
                tuple(self._key), refusal.position(event.start_mark)
            )
        if kind is yaml.ScalarEvent:
            return self._scalar(event)
        if not event.implicit and not self._liberal:
            self._problem(
                f'the tag {event.tag}: tags are not read here',
                refusal.position(event.start_mark),
            )
        if len(self._key) >= DEPTH_LIMIT:
            raise self._refusal(
                f'nested deeper than {DEPTH_LIMIT} levels', event
            )
        if kind is yaml.MappingStartEvent:
            return self._mapping()
        return self._sequence()

    def _sequence(self) -> list[object]:
        get_event = self._loader.get_event
        key = self._key
        found: list[object] = []
        key.append(0)
        while type(event := get_event()) is not yaml.SequenceEndEvent:
            key[-1] = len(found)
            found.append(self._node(event))
        key.pop()
        return found

    def _mapping(self) -> dict[str, object]:
        get_event = self._loader.get_event
        key = self._key
        places = self._places
        found: dict[str, object] = {}
        key.append('')
        while type(event := get_event()) is not yaml.MappingEndEvent:
            name = self._name(event)
            key[-1] = name
            twice = name in found
            if twice:
                self._problem(
                    f'the key {name!r} stands here a second time',
                    refusal.position(event.start_mark),
                )
            if places is not None:
                places.setdefault(
                    tuple(key), refusal.position(event.start_mark)
                )
            value = self._node(get_event())
            if not twice:
                found[name] = value
        key.pop()
        return _merged(found) if self._liberal else found

    def _name(self, event: Any) -> str:
        """Return a mapping's key."""
        if type(event) is not yaml.ScalarEvent or event.anchor is not None:
            self._key.pop()
            raise self._refusal(
                'a key must be a plain or quoted string, without anchor or '
                'alias',
                event,
            )
        text: str = event.value
        if self._liberal or text in self._names or not event.implicit[0]:
            return text
        tag = _tag(text)
        if tag == _MERGE_TAG:
            self._key[-1] = text
            raise self._refusal(
                'the merge key <<: merging is not done here, write each key '
                'out',
                event,
            )
        if tag is None:
            self._names.add(text)
        else:
            self._key[-1] = text
            self._problem(
                f'the key {text} is no string: quote it',
                refusal.position(event.start_mark),
            )
        return text

    def _scalar(self, event: Any) -> object:
        text: str = event.value
        plain, quoted = event.implicit
        if plain:
            tag = _tag(text)
            return text if tag is None else self._resolved(event, tag)
        foreign = not quoted and event.tag not in ('!', _STR_TAG)
        if foreign and not self._liberal:
            self._problem(
                f'the tag {event.tag}: tags are not read here',
                refusal.position(event.start_mark),
            )
        return text

    def _resolved(self, event: Any, tag: str) -> object:
        """Return a plain scalar as number, truth value, date or null."""
        text: str = event.value
        if len(text) > NUMBER_LIMIT:
            reason = f'a number or date of more than {NUMBER_LIMIT} characters'
        else:
            try:
                return self._loader.construct_object(
                    yaml.ScalarNode(tag, text)
                )
            except (ValueError, OverflowError, yaml.YAMLError) as error:
                # A date such as 2026-13-45.
                reason = str(error).partition('\n')[0]
        self._problem(
            f'{_shortened(text)} cannot be read: {reason}; quote it if it is '
            'meant as text',
            refusal.position(event.start_mark),
        )
        return text

    def _refusal(self, message: str, event: Any) -> refusal.Unreadable:
        return refusal.Unreadable(
            message, refusal.position(event.start_mark), tuple(self._key)
        )

    def _problem(
        self, message: str, position: refusal.Position | None
    ) -> None:
        line, column = position or (None, None)
        self.problems.append(
            located.Problem(
                located.Place(self._path, tuple(self._key), line, column),
                message,
            )
        )


def _merged(found: dict[str, object]) -> dict[str, object]:
    """Return a mapping with what its merge key brings.

    A key that stands beside it goes first, then the first of several
    mappings (YAML 1.1, "Merge Key Language-Independent Type").
    """
    if '<<' not in found:
        return found
    brought = found.pop('<<')
    for mapping in brought if type(brought) is list else [brought]:
        if type(mapping) is dict:
            found = {**mapping, **found}
    return found


def _tag(text: str) -> str | None:
    """Return what a plain scalar is by its form; None for a string.

    These are PyYAML's own rules for YAML 1.1, by the first character.
    """
    for tag, form in _FORMS.get(text[:1], ()):
        if form.match(text):
            return tag
    return None


def _shortened(text: str) -> str:
    return text if len(text) <= 60 else f'{text[:57]}...'
