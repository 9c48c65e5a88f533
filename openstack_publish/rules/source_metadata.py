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

"""Step 3 with a source tree: metadata that makes others' code run.

Metadata is generated, so it has no original to be compared with. What it can
do harm by, requirements and entry points, has to be declared by the commit.
"""

from __future__ import annotations

import ast
import configparser
import dataclasses
import posixpath
import re
import tomllib
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Sequence
from typing import Any

from openstack_publish.model import distribution
from openstack_publish.model import finding
from openstack_publish.model import names
from openstack_publish.model import source
from openstack_publish.rules import source as of_sdist

SETUP_CFG = 'setup.cfg'
SETUP_PY = 'setup.py'
PYPROJECT = 'pyproject.toml'

_REQUIREMENTS = re.compile(r'requirements[^/]*\.txt|tools/pip-requires')
"""Where pbr looks for requirements (``pbr/packaging.py``)."""

_OF_EXTRAS = re.compile(r'[^/]+requirements[^/]*\.txt')
"""Such as ``test-requirements.txt``, which swift has as its extra "test"."""

_EXTRA = re.compile(r';.*\bextra\s*==')
_NAME = re.compile(r'\s*([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)')
_EGG = re.compile(r'#egg=([A-Za-z0-9._-]+)')

ANY_GROUP = ''
"""Of an entry point in ``setup.py``, which is not run to know its group."""


@dataclasses.dataclass(frozen=True, order=True)
class EntryPoint:
    """One line of an ``entry_points.txt``."""

    group: str
    name: str
    reference: str
    """``module:object``, without extras and spaces."""

    def __str__(self) -> str:
        return f'{self.name} = {self.reference} in [{self.group}]'


def is_read(path: str) -> bool:
    """Say whether a file of a tree may declare something."""
    return path in (SETUP_CFG, SETUP_PY, PYPROJECT) or (
        _REQUIREMENTS.fullmatch(path) is not None
        or _OF_EXTRAS.fullmatch(path) is not None
    )


def metadata_agrees(
    tree: source.Tree,
    dist: distribution.Distribution,
    members: Sequence[source.Member],
) -> tuple[finding.Finding, ...]:
    """Hold requirements and entry points against the tree (OSP119)."""
    wrong = []
    required = frozenset(_requirements(tree))
    of_extras = required | frozenset(_listed(tree, _OF_EXTRAS))
    metadata = dist.metadata
    for line in () if metadata is None else metadata.requires_dist:
        known = of_extras if _EXTRA.search(line) else required
        if not known & set(_names([line])):
            wrong.append(
                f'its metadata has Requires-Dist: {line}; no requirements of '
                f'the tree at {tree.commit} name it'
            )
    declared = frozenset(_declared(tree))
    for member in members:
        if not is_entry_points(member.path):
            continue
        if member.content is None:
            wrong.append(f'{member.path} is too large to be compared')
            continue
        wrong += [
            f'{member.path} has {entry}; the tree at {tree.commit} declares '
            'no such entry point'
            for entry in entry_points(member.content)
            if entry not in declared
            and dataclasses.replace(entry, group=ANY_GROUP) not in declared
        ]
    return of_sdist.told('OSP119', dist, wrong)


def is_entry_points(path: str) -> bool:
    """Say whether a file of a distribution lists its entry points."""
    directory, name = posixpath.split(path)
    return name == 'entry_points.txt' and directory.endswith(
        ('.dist-info', '.egg-info')
    )


def entry_points(content: bytes) -> Iterator[EntryPoint]:
    """Yield what an ``entry_points.txt`` lists.

    Form: "Entry points specification" of the Python Packaging User Guide.
    What isn't of that form lists nothing, to installers as well.
    """
    parser = _sections(content, delimiters=('=',))
    for group in parser.sections():
        for name, reference in parser.items(group):
            yield _entry_point(group, name, reference)


def _entry_point(group: str, name: str, reference: str) -> EntryPoint:
    return EntryPoint(
        group.strip(),
        name.strip(),
        ''.join(reference.partition('[')[0].split()),
    )


def _sections(content: bytes, **form: Any) -> configparser.RawConfigParser:
    """Return what an INI file says; nothing where it is none."""
    parser = configparser.RawConfigParser(**form)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    try:
        parser.read_string(content.decode('utf-8'))
    except (configparser.Error, ValueError):
        return configparser.RawConfigParser()
    return parser


def _requirements(tree: source.Tree) -> Iterator[names.ProjectName]:
    """Yield the projects that the tree requires."""
    yield from _listed(tree, _REQUIREMENTS)
    setup = _sections(tree.contents.get(SETUP_CFG, b''))
    yield from _names(
        f'{setup.get("options", "install_requires", fallback="")}\n'
        f'{setup.get("metadata", "requires_dist", fallback="")}'.splitlines()
    )
    for section in ('extras', 'options.extras_require'):
        if setup.has_section(section):
            for _, value in setup.items(section):
                yield from _names(value.splitlines())
    project = _pyproject(tree)
    yield from _names(_strings(project.get('dependencies')))
    yield from _names(_strings(project.get('optional-dependencies')))
    yield from _names(_constants(tree.contents.get(SETUP_PY, b'')))


def _listed(
    tree: source.Tree, files: re.Pattern[str]
) -> Iterator[names.ProjectName]:
    """Yield the projects that files of requirements name."""
    for path, content in tree.contents.items():
        if files.fullmatch(path):
            yield from _names(content.decode('utf-8', 'replace').splitlines())


def _names(lines: Iterable[str]) -> Iterator[names.ProjectName]:
    """Yield the project that each requirement names."""
    for line in lines:
        match = _EGG.search(line) or _NAME.match(line)
        if match is not None:
            yield names.project_name(match[1])


def _declared(tree: source.Tree) -> Iterator[EntryPoint]:
    """Yield the entry points that the tree declares."""
    setup = _sections(tree.contents.get(SETUP_CFG, b''))
    for section in ('entry_points', 'options.entry_points'):
        if setup.has_section(section):
            for group, lines in setup.items(section):
                yield from _assigned(group, lines.splitlines())
    project = _pyproject(tree)
    groups = {
        'console_scripts': project.get('scripts'),
        'gui_scripts': project.get('gui-scripts'),
    }
    others = project.get('entry-points')
    groups.update(others if isinstance(others, dict) else {})
    for group, table in groups.items():
        if isinstance(table, dict):
            for name, reference in table.items():
                yield _entry_point(group, name, str(reference))
    yield from _assigned(
        ANY_GROUP, _constants(tree.contents.get(SETUP_PY, b''))
    )


def _assigned(group: str, lines: Iterable[str]) -> Iterator[EntryPoint]:
    for line in lines:
        name, equals, reference = line.partition('=')
        if equals:
            yield _entry_point(group, name, reference)


def _pyproject(tree: source.Tree) -> dict[str, Any]:
    """Return the table ``[project]``, empty where there is none."""
    content = tree.contents.get(PYPROJECT, b'')
    try:
        project = tomllib.loads(content.decode('utf-8')).get('project')
    except (ValueError, RecursionError):
        return {}
    return project if isinstance(project, dict) else {}


def _strings(value: object) -> Iterator[str]:
    """Yield the strings of a list, or of a table of lists."""
    if isinstance(value, dict):
        for inner in value.values():
            yield from _strings(inner)
    elif isinstance(value, list):
        yield from (item for item in value if isinstance(item, str))


def _constants(content: bytes) -> Iterator[str]:
    """Yield the strings in a module, which is not run."""
    try:
        module = ast.parse(content)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    for node in ast.walk(module):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield from node.value.splitlines()
