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


"""Readers of what a source tree or a server says besides its documents."""

from __future__ import annotations

from collections.abc import Callable

import requests

from openstack_publish.gates.web import words
from openstack_publish.model import source
from openstack_publish.rules import generated
from openstack_publish.rules import layout
from openstack_publish.rules import readme
from openstack_publish.rules import source_metadata
from tests.support import demo
from tests.support import hand_clocks
from tests.support import trees

Run = Callable[[bytes], None]

ENTRY_POINTS = 'demo-1.2.0.dist-info/entry_points.txt'


def setup_cfg(place: str) -> Run:
    """Read a ``setup.cfg``, and its form as a list of entry points."""

    def run(data: bytes) -> None:
        generated.setup_cfg(data)
        _declared({layout.SETUP_CFG: data}, data)

    return run


def pyproject(place: str) -> Run:
    """Read a ``pyproject.toml``."""

    def run(data: bytes) -> None:
        _declared({layout.PYPROJECT: data})

    return run


def setup_py(place: str) -> Run:
    """Read a ``setup.py``, which is not run, and lists of requirements."""

    def run(data: bytes) -> None:
        _declared(
            {source_metadata.SETUP_PY: data, 'test-requirements.txt': data}
        )

    return run


def description(place: str) -> Run:
    """Render a description."""

    def run(data: bytes) -> None:
        readme.problem(data.decode('utf-8', 'replace'), None)

    return run


def headers(place: str) -> Run:
    """Read a status line and the times of an answer's head."""
    clock = hand_clocks.HandClock()

    def run(data: bytes) -> None:
        response = requests.Response()
        text = data.decode('latin-1')
        response.reason = text
        response.headers['Retry-After'] = text
        words.reason(response).encode()
        wait = words.retry_after(response, clock)
        if wait is not None and not wait >= 0:
            raise AssertionError(f'a wait of {wait} s')
        words.date(text)

    return run


def _declared(files: dict[str, bytes], entry_points: bytes = b'') -> None:
    tree: source.Tree = trees.tree(files)
    for path in layout.layout(tree).candidates('demo/__init__.py'):
        path.encode()
    source_metadata.metadata_agrees(
        tree,
        demo.wheel(requires_dist=('evil>=1', 'evil; extra == "x"')),
        [trees.member(ENTRY_POINTS, entry_points)],
    )
