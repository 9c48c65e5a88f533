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

"""Files of a commit, as git lists them."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Iterator

DELIVERABLES = 'deliverables'

FILE = b'100'
"""How the mode of a file begins; that of links and submodules doesn't."""


@dataclasses.dataclass(frozen=True)
class Entry:
    """A deliverable file as a commit has it."""

    path: str
    blob: str


def of_tree(output: bytes) -> Iterator[Entry]:
    """Give the deliverable files among what ``git ls-tree -z`` lists."""
    for line in output.split(b'\0')[:-1]:
        head, _, path = line.partition(b'\t')
        mode, _, blob = head.split()
        entry = _entry(mode, blob, path)
        if entry is not None:
            yield entry


def of_change(
    output: bytes,
) -> tuple[list[tuple[Entry | None, Entry | None]], tuple[str, ...]]:
    """Return deliverable files before and after, by path, and strays.

    Strays are paths of YAML files that are there after the change and are
    no deliverable files, for where they are or because they are links.

    :param output: of ``git diff-tree -z --raw``
    """
    found = []
    strays = []
    words = iter(output.split(b'\0')[:-1])
    for word in words:
        old_mode, new_mode, old, new, status = word[1:].split()
        path = next(words)
        other = next(words) if status[:1] == b'R' else path
        before = _entry(old_mode, old, path)
        after = _entry(new_mode, new, other)
        if before is not None or after is not None:
            found.append((before, after))
        if after is None and status[:1] != b'D' and _is_yaml(other):
            strays.append(os.fsdecode(other))
    found.sort(key=lambda each: next(one.path for one in each[::-1] if one))
    return found, tuple(sorted(strays))


def _is_yaml(path: bytes) -> bool:
    name = path.rpartition(b'/')[2]
    return name.endswith((b'.yaml', b'.yml')) and not name.startswith(b'.')


def _entry(mode: bytes, blob: bytes, path: bytes) -> Entry | None:
    """Return a file if it is a deliverable file, as the checkout sees it."""
    parts = os.fsdecode(path).split('/')
    if (
        not mode.startswith(FILE)
        or len(parts) != 3
        or parts[0] != DELIVERABLES
        or not parts[2].endswith('.yaml')
        or parts[1].startswith('.')
        or parts[2].startswith('.')
    ):
        return None
    return Entry('/'.join(parts), blob.decode('ascii'))
