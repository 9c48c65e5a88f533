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

"""How inputs are made of sound ones: changed with sense, or at random."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

import yaml
from hypothesis import strategies

from tests.fuzz import readers

EDITS = 4
"""Most changes to one input."""

LONGEST = 64
"""Longest piece of random bytes that is put in."""

SHORT = 8
"""Longest piece that is put in many times over, in bytes."""

ODD: tuple[Any, ...] = (
    None,
    True,
    -1,
    0,
    2**63,
    2**200,
    1e308,
    float('nan'),
    '',
    ' ',
    '\0',
    '\ud800',
    '\x1b[31m',
    '\u202e',
    '\n',
    '..',
    '../../etc/passwd',
    'file:///etc/passwd',
    'https://[',
    '1' * 5000,
    '9999-12-31T23:59:59-23:59',
    '0001-01-01T00:00:00+23:59',
    [],
    [None],
    {},
    {'': None},
    [[[[]]]],
)
"""Values that a reader may not have thought of."""


def inputs(reader: readers.Reader) -> strategies.SearchStrategy[bytes]:
    """Return what makes inputs for a reader."""
    given = reader.seeds()
    made = [
        edited(given, reader.tokens),
        inflated(given, reader.tokens, reader.large),
        strategies.binary(max_size=4 * LONGEST),
    ]
    if reader.form == 'json':
        made.append(trees(tuple(map(json.loads, given)), _as_json))
    elif reader.form == 'yaml':
        made.append(trees(tuple(map(yaml.safe_load, given)), _as_yaml))
    return strategies.one_of(*made)


@strategies.composite
def edited(
    draw: strategies.DrawFn,
    given: tuple[bytes, ...],
    tokens: tuple[bytes, ...],
) -> bytes:
    """Cut, double and put in pieces."""
    data = draw(strategies.sampled_from(given))
    pieces = strategies.binary(max_size=LONGEST)
    if tokens:
        pieces |= strategies.sampled_from(tokens)
    for _ in range(draw(strategies.integers(1, EDITS))):
        start, end = sorted(
            draw(strategies.integers(0, len(data))) for _ in range(2)
        )
        match draw(strategies.sampled_from(('cut', 'double', 'put', 'fill'))):
            case 'cut':
                data = data[:start] + data[end:]
            case 'double':
                data = data[:end] + data[start:]
            case 'put':
                data = data[:start] + draw(pieces) + data[start:]
            case _:
                piece = draw(pieces)
                data = data[:start] + piece + data[start + len(piece) :]
    return data


@strategies.composite
def inflated(
    draw: strategies.DrawFn,
    given: tuple[bytes, ...],
    tokens: tuple[bytes, ...],
    size: int,
) -> bytes:
    """Put one piece in so often that twice as many cost four times as much.

    Only large inputs show a reader that takes longer than they grow.
    """
    data = draw(strategies.sampled_from(given))
    pieces = strategies.binary(min_size=1, max_size=SHORT)
    pieces |= strategies.sampled_from(data.splitlines(keepends=True) or [b' '])
    if tokens:
        pieces |= strategies.sampled_from(tokens)
    piece = draw(pieces)
    at = draw(strategies.integers(0, len(data)))
    return data[:at] + piece * (size // len(piece)) + data[at:]


@strategies.composite
def trees(
    draw: strategies.DrawFn,
    given: tuple[Any, ...],
    written: Callable[[Any], bytes],
) -> bytes:
    """Put odd values into documents, or take something away."""
    data = copy.deepcopy(draw(strategies.sampled_from(given)))
    for _ in range(draw(strategies.integers(1, EDITS))):
        places = list(_places(data))
        if not places:
            break
        above, key = draw(strategies.sampled_from(places))
        match draw(strategies.sampled_from(('odd', 'text', 'gone', 'moved'))):
            case 'odd':
                above[key] = copy.deepcopy(draw(strategies.sampled_from(ODD)))
            case 'text':
                above[key] = draw(strategies.text(max_size=LONGEST))
            case 'gone':
                del above[key]
            case _:
                other, from_key = draw(strategies.sampled_from(places))
                above[key] = copy.deepcopy(other[from_key])
    return written(data)


def _places(data: Any) -> Any:
    """Give each place in a document: what holds it, and its key there."""
    items: Any = ()
    if isinstance(data, dict):
        items = list(data.items())
    elif isinstance(data, list):
        items = list(enumerate(data))
    for key, value in items:
        yield data, key
        yield from _places(value)


def _as_json(data: Any) -> bytes:
    return json.dumps(data).encode()


def _as_yaml(data: Any) -> bytes:
    return yaml.safe_dump(data, sort_keys=False).encode(
        'utf-8', 'surrogatepass'
    )
