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

"""A source tree and what is built of it, as values."""

from __future__ import annotations

import hashlib
from typing import Any

from openstack_publish.model import source

COMMIT = 'c0ffee' * 6 + 'c0ff'


def tree(
    files: dict[str, bytes],
    links: dict[str, str] | None = None,
    submodules: tuple[str, ...] = (),
) -> source.Tree:
    """Return a tree that holds files, all of whose contents were read."""
    links = links or {}
    entries = {
        path: source.Entry('file', source.blob_id(content))
        for path, content in files.items()
    }
    entries.update(
        (path, source.Entry('link', source.blob_id(target.encode())))
        for path, target in links.items()
    )
    entries.update(
        (path, source.Entry('submodule', 'd' * 40)) for path in submodules
    )
    return source.Tree(COMMIT, entries, links, files)


def member(path: str, content: bytes = b'', **changes: Any) -> source.Member:
    """Return a file of a distribution; its content counts as asked for."""
    script = None
    first, end, rest = content.partition(b'\n')
    if content.startswith(b'#!') and end:
        script = source.Script(
            first.decode(), hashlib.sha256(rest).hexdigest()
        )
    fields: dict[str, Any] = {
        'size': len(content),
        'blob': source.blob_id(content),
        'sha256': hashlib.sha256(content).hexdigest(),
        'script': script,
        'content': content,
    }
    return source.Member(path, **(fields | changes))


def link(path: str, target: str) -> source.Member:
    """Return a symbolic link of a distribution."""
    return source.Member(path, 'link', target=target)


def members(files: dict[str, bytes]) -> list[source.Member]:
    """Return the files of a distribution."""
    return [member(path, content) for path, content in files.items()]
