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

"""The one reader of YAML files: deliverables, series status, policy.

It turns bytes into plain data and collects what is wrong on the way, each
with line, column and key. It is stricter than YAML on purpose, since what it
reads decides what is published:

- a key that stands twice is a problem, never "the last one counts";
- anchors, aliases and merge keys are refused: no file of openstack/releases
  has one (2026-08-21), and walking aliases is how a small file becomes a
  large one ("billion laughs");
- tags are refused, but for ``!!str``;
- a file is one document.

Values are resolved as YAML 1.1, as PyYAML and so the tagging script of
openstack/releases do.
"""

from __future__ import annotations

import dataclasses
import os
import re
from collections.abc import Iterable
from typing import Any

import yaml

from openstack_publish.model import located

SIZE_LIMIT = 1024 * 1024
"""Largest file that is read, in bytes. The largest deliverable file of
openstack/releases has 140,201 (2026-08-21)."""

DEPTH_LIMIT = 32
"""Deepest nesting of mappings and sequences. The files that this package
reads need seven levels."""

NUMBER_LIMIT = 64
"""Longest number or date that is read, in characters. YAML 1.1 knows numbers
to the base of 60 ("1:30:00"), whose reading takes the square of their
length."""

Position = tuple[int, int]
"""Line and column, both counted from 1."""

_CHUNK = 64 * 1024
"""Bytes of one read; below glibc's threshold for a mapping of its own."""

_LOADER: Any = getattr(yaml, 'CSafeLoader', yaml.SafeLoader)
_FORMS: dict[str, list[tuple[str, re.Pattern[str]]]] = (
    _LOADER.yaml_implicit_resolvers
)
_STR_TAG = 'tag:yaml.org,2002:str'
_MERGE_TAG = 'tag:yaml.org,2002:merge'


@dataclasses.dataclass(frozen=True)
class Document:
    """What a YAML file holds."""

    data: object
    """Mappings, sequences and scalars; None for an empty file."""

    problems: tuple[located.Problem, ...] = ()
    readable: bool = True
    """False where the file could not be read to its end; *data* is None."""


class _Unreadable(Exception):
    """The rest of the file cannot be read."""

    def __init__(
        self,
        message: str,
        position: Position | None,
        key: located.KeyPath = (),
    ) -> None:
        super().__init__(message)
        self.message = message
        self.position = position
        self.key = key


def content(path: str) -> bytes:
    """Return a file's bytes, cut off where it is larger than the limit.

    What is cut is still larger than the limit, so that :func:`read` says so.

    :raises OSError: it cannot be read
    """
    parts = []
    size = 0
    file = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        while size <= SIZE_LIMIT:
            part = os.read(file, _CHUNK)
            if not part:
                break
            parts.append(part)
            size += len(part)
    finally:
        os.close(file)
    return b''.join(parts)


def read(content: bytes, path: str) -> Document:
    """Read one file's bytes; never raises for what is in them.

    :param path: what the problems call the file
    """
    return _Builder(path).read(content)


def locate(
    content: bytes, keys: Iterable[located.KeyPath]
) -> dict[located.KeyPath, Position]:
    """Return where keys stand, by reading the file once more.

    A mapping's entry stands where its key stands, a sequence's where the
    entry begins. A key that is not there has the place of the nearest one
    above it that is; nothing is known of a file that can't be read.
    """
    builder = _Builder('', places={})
    builder.read(content)
    places = builder.places or {}
    found = {}
    for key in keys:
        for length in range(len(key), -1, -1):
            if key[:length] in places:
                found[key] = places[key[:length]]
                break
    return found


def with_lines(
    content: bytes, problems: Iterable[located.Problem]
) -> tuple[located.Problem, ...]:
    """Return problems of one file with line and column, in its order."""
    given = tuple(problems)
    bare = [found.place.key for found in given if found.place.line is None]
    places = locate(content, bare) if bare else {}
    placed = []
    for found in given:
        position = places.get(found.place.key)
        if found.place.line is None and position is not None:
            found = dataclasses.replace(
                found,
                place=dataclasses.replace(
                    found.place, line=position[0], column=position[1]
                ),
            )
        placed.append(found)
    return tuple(
        sorted(
            placed,
            key=lambda one: (one.place.line or 0, one.place.column or 0),
        )
    )


class _Builder:
    """Builds plain data from one file's events.

    PyYAML's own constructor builds a tree of nodes first; building from
    the events takes a third less time and sees duplicate keys, aliases and
    depth as they come.
    """

    def __init__(
        self,
        path: str,
        places: dict[located.KeyPath, Position] | None = None,
    ) -> None:
        self._path = path
        self.places = places
        """Where each key stands; None while nobody asks."""

        self._key: list[str | int] = []
        self._problems: list[located.Problem] = []
        self._loader: Any = None
        self._names: set[str] = set()
        """Keys that are known to be strings; most files have few."""

    def read(self, content: bytes) -> Document:
        """Read the one document in *content*."""
        data: object = None
        readable = True
        try:
            _check_bytes(content)
            data = self._document(content)
        except _Unreadable as error:
            self._key[:] = error.key
            self._problem(error.message, error.position)
            readable = False
        return Document(data, tuple(self._problems), readable)

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
                    _position(event.start_mark),
                )
        except yaml.YAMLError as error:
            raise _from_yaml_error(error, content) from error
        finally:
            if self._loader is not None:
                self._loader.dispose()
        return data

    def _node(self, event: Any) -> object:
        """Return the value that begins with *event*."""
        kind = type(event)
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
        if self.places is not None:
            self.places.setdefault(
                tuple(self._key), _position(event.start_mark)
            )
        if kind is yaml.ScalarEvent:
            return self._scalar(event)
        if not event.implicit:
            self._problem(
                f'the tag {event.tag}: tags are not read here',
                _position(event.start_mark),
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
        places = self.places
        found: dict[str, object] = {}
        key.append('')
        while type(event := get_event()) is not yaml.MappingEndEvent:
            name = self._name(event)
            key[-1] = name
            twice = name in found
            if twice:
                self._problem(
                    f'the key {name!r} stands here a second time',
                    _position(event.start_mark),
                )
            if places is not None:
                places.setdefault(tuple(key), _position(event.start_mark))
            value = self._node(get_event())
            if not twice:
                found[name] = value
        key.pop()
        return found

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
        if text in self._names or not event.implicit[0]:
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
                _position(event.start_mark),
            )
        return text

    def _scalar(self, event: Any) -> object:
        text: str = event.value
        plain, quoted = event.implicit
        if plain:
            tag = _tag(text)
            return text if tag is None else self._resolved(event, tag)
        if not quoted and event.tag not in ('!', _STR_TAG):
            self._problem(
                f'the tag {event.tag}: tags are not read here',
                _position(event.start_mark),
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
            _position(event.start_mark),
        )
        return text

    def _refusal(self, message: str, event: Any) -> _Unreadable:
        return _Unreadable(
            message, _position(event.start_mark), tuple(self._key)
        )

    def _problem(self, message: str, position: Position | None) -> None:
        line, column = position or (None, None)
        self._problems.append(
            located.Problem(
                located.Place(self._path, tuple(self._key), line, column),
                message,
            )
        )


def _tag(text: str) -> str | None:
    """Return what a plain scalar is by its form; None for a string.

    These are PyYAML's own rules for YAML 1.1, by the first character.
    """
    for tag, form in _FORMS.get(text[:1], ()):
        if form.match(text):
            return tag
    return None


def _check_bytes(content: bytes) -> None:
    """Refuse what need not be parsed.

    :raises _Unreadable: too large, or no UTF-8
    """
    if len(content) > SIZE_LIMIT:
        raise _Unreadable(
            f'the file has {len(content)} bytes or more, the limit is '
            f'{SIZE_LIMIT} bytes',
            None,
        )
    try:
        content.decode('utf-8')
    except UnicodeDecodeError as error:
        raise _Unreadable(
            f'no UTF-8: byte 0x{content[error.start]:02x} at offset '
            f'{error.start}: {error.reason}',
            _position_of_byte(content, error.start),
        ) from error


def _position(mark: Any) -> Position:
    return (mark.line + 1, mark.column + 1)


def _position_of_byte(content: bytes, offset: int) -> Position:
    before = content[:offset]
    line_start = before.rfind(b'\n') + 1
    column = len(before[line_start:].decode('utf-8', 'replace')) + 1
    return (before.count(b'\n') + 1, column)


def _from_yaml_error(error: yaml.YAMLError, content: bytes) -> _Unreadable:
    """Return a syntax error with its place."""
    if isinstance(error, yaml.MarkedYAMLError):
        mark = error.problem_mark or error.context_mark
        parts = [part for part in (error.context, error.problem) if part]
        message = ', '.join(parts) or 'no YAML'
        if mark is None:
            return _Unreadable(message, None)
        line, column = _position(mark)
        lines = content.decode('utf-8').splitlines()
        text = lines[line - 1] if line <= len(lines) else ''
        if text[column - 1 : column] == '\t':
            message += ' (it is a tab: indent with spaces)'
        return _Unreadable(message, (line, column))
    # ReaderError: a control character. Its position counts bytes in the C
    # parser and characters in the other; look for the character itself.
    code = getattr(error, 'character', None)
    if not isinstance(code, int):
        return _Unreadable(str(error).partition('\n')[0], None)
    offset = content.find(chr(code).encode())
    return _Unreadable(
        f'the character U+{code:04X} is not allowed in YAML',
        _position_of_byte(content, offset) if offset >= 0 else None,
    )


def _shortened(text: str) -> str:
    return text if len(text) <= 60 else f'{text[:57]}...'
