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

"""Where in a source tree the packages of a wheel lie."""

from __future__ import annotations

import configparser
import dataclasses
import posixpath
import tomllib
from collections.abc import Iterator
from collections.abc import Mapping
from typing import Any

from openstack_publish.model import source

SETUP_CFG = 'setup.cfg'
PYPROJECT = 'pyproject.toml'

DEFAULT = ('', 'src')
"""The two layouts that setuptools finds by itself ("Automatic discovery" in
its user guide)."""


@dataclasses.dataclass(frozen=True)
class Layout:
    """Which directories stand for the top of the import path."""

    directories: tuple[tuple[str, str], ...]
    """Each a package, as a path, and the directory it lies in; the package
    is empty for all of them."""

    @property
    def roots(self) -> frozenset[str]:
        """Return the directories that all packages may lie in."""
        return frozenset(
            directory for package, directory in self.directories if not package
        )

    def candidates(self, path: str) -> Iterator[str]:
        """Yield where in the source a file of a wheel may come from."""
        for package, directory in self.directories:
            if not package:
                yield posixpath.join(directory, path)
            elif path.startswith(f'{package}/'):
                yield posixpath.join(directory, path[len(package) + 1 :])


def layout(tree: source.Tree) -> Layout:
    """Return the layout that a tree declares, beside the usual ones.

    ``package_dir`` and ``packages.find`` of setuptools, in ``setup.cfg`` or
    ``pyproject.toml``, and ``packages_root`` of pbr. What ``setup.py`` would
    say can't be known without running it.
    """
    declared = [
        *(('', directory) for directory in DEFAULT),
        *_in_setup_cfg(tree.contents.get(SETUP_CFG, b'')),
        *_in_pyproject(tree.contents.get(PYPROJECT, b'')),
    ]
    return Layout(
        tuple(
            dict.fromkeys(
                (package.replace('.', '/'), _normal(directory))
                for package, directory in declared
            )
        )
    )


def _normal(directory: str) -> str:
    normal = posixpath.normpath(directory) if directory else ''
    return '' if normal == '.' else normal


def _in_setup_cfg(content: bytes) -> Iterator[tuple[str, str]]:
    parser = configparser.RawConfigParser()
    try:
        parser.read_string(content.decode('utf-8'))
    except (configparser.Error, ValueError):
        return
    for line in parser.get('options', 'package_dir', fallback='').splitlines():
        package, equals, directory = line.partition('=')
        if equals:
            yield package.strip(), directory.strip()
    for section, key in (
        ('options.packages.find', 'where'),
        ('files', 'packages_root'),
    ):
        for line in parser.get(section, key, fallback='').splitlines():
            if line.strip():
                yield '', line.strip()


def _in_pyproject(content: bytes) -> Iterator[tuple[str, str]]:
    try:
        document: Any = tomllib.loads(content.decode('utf-8'))
    except (ValueError, RecursionError):
        return
    settings = _table(_table(document, 'tool'), 'setuptools')
    for package, directory in _table(settings, 'package-dir').items():
        if isinstance(directory, str):
            yield package, directory
    where = _table(_table(settings, 'packages'), 'find').get('where')
    if isinstance(where, list):
        for directory in where:
            if isinstance(directory, str):
                yield '', directory


def _table(table: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    """Return a table in a table, empty where there is none."""
    inner = table.get(key)
    return inner if isinstance(inner, Mapping) else {}
