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

"""What the documents of an index have in common.

An index is not trusted: a document that is not in its form is malformed as a
whole, and nothing of it is believed.
"""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Callable
from typing import TypeVar

from openstack_publish.model import names
from openstack_publish.model import urls

T = TypeVar('T')

LARGEST_SERIAL = 2**63 - 1
"""What a database holds as a number; PyPI's serials are around 4e7 (2026)."""

_MAYBE_LONE = re.compile(r'\\u[dD][89a-fA-F]')
"""How the escape of half a character begins; most have their other half."""

_SERIAL = re.compile(r'[0-9]{1,18}')
_SHA256 = re.compile(r'[0-9a-f]{64}')


class Malformed(ValueError):
    """A document is not in the form that it should have."""


def load(body: bytes) -> dict[str, object]:
    """Return the object that a JSON document is.

    :raises Malformed: it is none
    """
    data = parse(body)
    if not isinstance(data, dict):
        raise Malformed('the JSON document is no object')
    return data


def parse(body: bytes) -> object:
    """Return what a JSON document holds.

    Its text is text: UTF-8 (RFC 8259, section 8.1), and without the halves
    of characters ("lone surrogates", section 8.2) that Python reads. They
    can be written to no file, hashed or sent, so that they would break
    whatever remembers or tells of them.

    :raises Malformed: it is none
    """
    try:
        text = body.decode('utf-8-sig')
        data: object = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Malformed(
            f'{len(body)} bytes that are no JSON document'
        ) from error
    if _MAYBE_LONE.search(text):
        try:
            json.dumps(data, ensure_ascii=False).encode()
        except UnicodeEncodeError as error:
            raise Malformed(
                'the JSON document holds half a character (a lone surrogate)'
            ) from error
    return data


def member(data: dict[str, object], key: str, kind: type[T]) -> T:
    """Return a member that must be there and of this type.

    :raises Malformed: it isn't
    """
    value = data.get(key)
    if not isinstance(value, kind) or isinstance(value, bool):
        raise Malformed(f'{key} is no {kind.__name__}')
    return value


def same_project(name: str, asked: names.ProjectName) -> None:
    """Make sure that a document is about the project that was asked for.

    :raises Malformed: it is about another one
    """
    if names.project_name(name) != asked:
        raise Malformed(f'it is about {name!r}, we asked for {asked}')


def read_serial(value: object, *, or_text: bool = False) -> int | None:
    """Return a serial, which not every document has.

    :param or_text: whether it may be text: of the simple API it is a private
        key (PEP 691), and mirrors of PyPI write it so (seen 2026-11-22)
    :raises Malformed: it is no number
    """
    if value is None:
        return None
    if or_text and isinstance(value, str) and _SERIAL.fullmatch(value):
        return int(value)
    if (
        isinstance(value, bool)
        or not isinstance(value, int)
        or not 0 <= value <= LARGEST_SERIAL
    ):
        raise Malformed('the serial is no number')
    return value


def read_filename(item: dict[str, object]) -> str:
    """Return the name of a file.

    :raises Malformed: no file can be called so
    """
    filename = member(item, 'filename', str)
    if not filename or '/' in filename or '\0' in filename:
        raise Malformed(f'{filename!r} is no file name')
    return filename


def read_url(filename: str, url: str) -> str:
    """Return where a file lies.

    :raises Malformed: it is a URL that may not be asked
    """
    objection = urls.objection(url)
    if objection is not None:
        raise Malformed(f'{filename}: its URL {objection}')
    return url


def read_sha256(filename: str, digests: dict[str, object]) -> str | None:
    """Return a SHA-256 among a file's digests; None where there is none.

    :raises Malformed: it is not 64 lower-case hexadecimal digits
    """
    value = digests.get('sha256')
    if value is None:
        return None
    if not isinstance(value, str) or not _SHA256.fullmatch(value):
        raise Malformed(f'{filename}: sha256 is not 64 hexadecimal digits')
    return value


def optional(
    item: dict[str, object],
    filename: str,
    key: str,
    read: Callable[[object], T],
) -> T | None:
    """Return what *read* makes of a member that need not be there.

    :raises Malformed: it is there, and *read* raises over it
    """
    value = item.get(key)
    if value is None:
        return None
    try:
        return read(value)
    except (TypeError, ValueError, OverflowError) as error:
        raise Malformed(f'{filename}: {key} is malformed') from error


def read_size(value: object) -> int:
    """Return a size in bytes.

    :raises TypeError: it is none
    """
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise TypeError('no size')
    return value


def read_time(value: object) -> datetime.datetime:
    """Return a time with its zone as UTC.

    :raises TypeError: it is no text
    :raises ValueError: it is no time, or has no zone
    """
    if not isinstance(value, str):
        raise TypeError('no time')
    time = datetime.datetime.fromisoformat(value)
    if time.tzinfo is None:
        raise ValueError('a time without its zone')
    return time.astimezone(datetime.UTC)
