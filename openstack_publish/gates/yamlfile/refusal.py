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

"""What makes a file unreadable, and where."""

from __future__ import annotations

from typing import Any

import yaml

from openstack_publish.model import located

SIZE_LIMIT = 1024 * 1024
"""Largest file that is read, in bytes. The largest deliverable file of
openstack/releases has 140,201 (2026-08-21)."""

Position = tuple[int, int]
"""Line and column, both counted from 1."""


class Unreadable(Exception):
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


def check_bytes(content: bytes) -> None:
    """Refuse what need not be parsed.

    :raises Unreadable: too large, or no UTF-8
    """
    if len(content) > SIZE_LIMIT:
        raise Unreadable(
            f'the file has {len(content)} bytes or more, the limit is '
            f'{SIZE_LIMIT} bytes',
            None,
        )
    try:
        content.decode('utf-8')
    except UnicodeDecodeError as error:
        raise Unreadable(
            f'no UTF-8: byte 0x{content[error.start]:02x} at offset '
            f'{error.start}: {error.reason}',
            position_of_byte(content, error.start),
        ) from error


def position(mark: Any) -> Position:
    """Return where a mark of PyYAML stands."""
    return (mark.line + 1, mark.column + 1)


def position_of_byte(content: bytes, offset: int) -> Position:
    """Return where a byte stands, its column in characters."""
    before = content[:offset]
    line_start = before.rfind(b'\n') + 1
    column = len(before[line_start:].decode('utf-8', 'replace')) + 1
    return (before.count(b'\n') + 1, column)


def from_yaml_error(error: yaml.YAMLError, content: bytes) -> Unreadable:
    """Return a syntax error with its place."""
    if isinstance(error, yaml.MarkedYAMLError):
        mark = error.problem_mark or error.context_mark
        parts = [part for part in (error.context, error.problem) if part]
        message = ', '.join(parts) or 'no YAML'
        if mark is None:
            return Unreadable(message, None)
        line, column = position(mark)
        lines = content.decode('utf-8').splitlines()
        text = lines[line - 1] if line <= len(lines) else ''
        if text[column - 1 : column] == '\t':
            message += ' (it is a tab: indent with spaces)'
        return Unreadable(message, (line, column))
    # ReaderError: a control character. Its position counts bytes in the C
    # parser and characters in the other; look for the character itself.
    code = getattr(error, 'character', None)
    if not isinstance(code, int):
        return Unreadable(str(error).partition('\n')[0], None)
    offset = content.find(chr(code).encode())
    return Unreadable(
        f'the character U+{code:04X} is not allowed in YAML',
        position_of_byte(content, offset) if offset >= 0 else None,
    )
