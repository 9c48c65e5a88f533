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
from collections.abc import Iterable

from openstack_publish.gates.yamlfile import builder
from openstack_publish.gates.yamlfile import refusal
from openstack_publish.model import located

_CHUNK = 64 * 1024
"""Bytes of one read; below glibc's threshold for a mapping of its own."""


@dataclasses.dataclass(frozen=True)
class Document:
    """What a YAML file holds."""

    data: object
    """Mappings, sequences and scalars; None for an empty file."""

    problems: tuple[located.Problem, ...] = ()
    readable: bool = True
    """False where the file could not be read to its end; *data* is None."""


def content(path: str) -> bytes:
    """Return a file's bytes, cut off where it is larger than the limit.

    What is cut is still larger than the limit, so that :func:`read` says so.

    :raises OSError: it cannot be read
    """
    parts = []
    size = 0
    file = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        while size <= refusal.SIZE_LIMIT:
            part = os.read(file, _CHUNK)
            if not part:
                break
            parts.append(part)
            size += len(part)
    finally:
        os.close(file)
    return b''.join(parts)


def read(content: bytes, path: str, *, liberal: bool = False) -> Document:
    """Read one file's bytes; never raises for what is in them.

    :param path: what the problems call the file
    :param liberal: let pass what other readers of YAML give a meaning to:
        anchors, aliases, merge keys and tags
    """
    building = builder.Builder(path, liberal=liberal)
    data = building.build(content)
    return Document(data, tuple(building.problems), building.readable)


def locate(
    content: bytes,
    keys: Iterable[located.KeyPath],
    *,
    liberal: bool = False,
) -> dict[located.KeyPath, refusal.Position]:
    """Return where keys stand, by reading the file once more.

    A mapping's entry stands where its key stands, a sequence's where the
    entry begins. A key that is not there has the place of the nearest one
    above it that is; nothing is known of a file that can't be read.
    """
    places: dict[located.KeyPath, refusal.Position] = {}
    builder.Builder('', places, liberal=liberal).build(content)
    found = {}
    for key in keys:
        for length in range(len(key), -1, -1):
            if key[:length] in places:
                found[key] = places[key[:length]]
                break
    return found


def with_lines(
    content: bytes,
    problems: Iterable[located.Problem],
    *,
    liberal: bool = False,
) -> tuple[located.Problem, ...]:
    """Return problems of one file with line and column, in its order."""
    given = tuple(problems)
    bare = [found.place.key for found in given if found.place.line is None]
    places = locate(content, bare, liberal=liberal) if bare else {}
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
