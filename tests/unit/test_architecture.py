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

"""The architecture, held: what may import what, and what stands only where.

The two tables are the rule; the architecture page of the documentation tells
the reasons.
"""

from __future__ import annotations

import ast
import importlib.metadata
import importlib.util
import pathlib
import re
import sys
from collections.abc import Callable
from collections.abc import Iterator

import testtools

PACKAGE = 'openstack_publish'
ROOT = pathlib.Path(__file__).resolve().parents[2]

# What a use-case may import: as the proof, and the proof.
USE_CASE = {
    'exceptions',
    'model',
    'rules',
    'render',
    'seams',
    'version',
    'proof',
}

# room: what a module in it may import of the package. A name with a dot is
# one module of a room. A room's modules may import each other, except that
# gates stand alone (see the row).
ROOMS = {
    # Under TYPE_CHECKING only: an exception carries problems with places.
    'exceptions': {'model.located'},
    'model': {'exceptions', 'model'},
    'seams': {'exceptions', 'model', 'seams'},
    'version': set(),
    'rules': {'exceptions', 'model', 'rules'},
    'render': {'exceptions', 'model', 'render'},
    'gates': {
        'exceptions',
        'model',
        'seams',
        'version',
        # No gate knows another one, but these: two are how gates get out,
        # and one YAML reader and one way to name parts serve every file.
        'gates.web',
        'gates.parts',
        'gates.processes',
        'gates.yamlfile',
        # What is asked of git in more than one gate.
        'gates.git',
    },
    'proof': {
        'exceptions',
        'model',
        'rules',
        'render',
        'seams',
        'version',
        'proof',
    },
    'publish': USE_CASE,
    'sign': USE_CASE,
    'describe': USE_CASE,
    'check': USE_CASE,
    'doctor': USE_CASE,
    'audit': USE_CASE,
    'watch': {*USE_CASE, 'watch'},
    'status': USE_CASE,
    'explain': {*USE_CASE, 'explain'},
    'republish': {*USE_CASE, 'publish'},
    'verify': {*USE_CASE, 'verify'},
    'assembly': {
        'assembly',
        'exceptions',
        'model',
        'rules',
        'render',
        'seams',
        'version',
        'gates',
        'proof',
        'publish',
        'sign',
        'describe',
        'check',
        'doctor',
        'audit',
        'watch',
        'status',
        'explain',
        'republish',
        'verify',
    },
    'rehearsal': {
        'exceptions',
        'model',
        'rules',
        'render',
        'seams',
        'version',
        # The release of the rehearsal is made with git, gpg and build.
        'gates.processes',
        'proof',
        'publish',
        'assembly',
        'rehearsal',
    },
    '__main__': {'cli'},
    'cli': {
        'exceptions',
        'model',
        'rules',
        'render',
        'seams',
        'version',
        'proof',
        'publish',
        'sign',
        'describe',
        'check',
        'doctor',
        'audit',
        'watch',
        'status',
        'explain',
        'republish',
        'verify',
        'assembly',
        'rehearsal',
        'cli',
    },
}

# library: the rooms or modules that may import it. Of the standard library
# only what reaches out of the process or reads the clock is listed.
LIBRARIES = {
    'build': {'rehearsal'},
    'cliff': {'cli'},
    'defusedxml': {'gates.index', 'gates.web', 'rehearsal'},
    'distributed': {'gates.cluster'},
    'gnupg': {'gates.openpgp'},
    'jinja2': {'render.as_html'},
    'multipart': {'rehearsal'},
    'packaging': {
        'model',
        'rules',
        'gates',
        'proof',
        'assembly',
        'rehearsal',
    },
    'pkginfo': {'gates.distfiles'},
    'pygal': {'render.as_html'},
    'pymacaroons': {'rehearsal'},
    'pypi_attestations': {'gates.attestations'},
    'pypitoken': {'gates.credentials', 'rehearsal'},
    'pbr': {'rules.order_versions'},
    'readme_renderer': {'rules.readme', 'rehearsal'},
    'requests': {'gates.web', 'gates.uploader'},
    'requests_toolbelt': {'gates.uploader'},
    # The uploader has to quiet the console that twine writes to.
    'rich': {'cli', 'gates.uploader'},
    'trove_classifiers': {'rules', 'rehearsal'},
    'twine': {'gates.uploader', 'gates.credentials'},
    'urllib3': {'gates.web', 'gates.uploader'},
    'yaml': {'gates.yamlfile'},
    # of the standard library
    'http': {'gates.web', 'rehearsal'},
    'smtplib': {'gates.mailer'},
    'socket': {'gates.web', 'rehearsal'},
    'socketserver': {'rehearsal'},
    'subprocess': {'gates.processes', 'rehearsal'},
    'time': {'gates.clock', 'rehearsal'},
    'urllib.request': {'gates.web'},
    'xmlrpc': {'gates.index', 'rehearsal'},
}

# what stands in one place only: what is looked for, and the rooms or modules
# where it may stand.
ATTRIBUTES = {
    # A worker of a cluster has an environment of its own.
    ('os', 'environ'): {'cli', 'gates.cluster.there'},
    ('os', 'environb'): {'cli'},
    ('os', 'getenv'): {'cli'},
    ('os', 'popen'): set(),
    ('os', 'system'): set(),
    ('os', '_exit'): {'cli'},
    ('sys', 'argv'): {'cli'},
    ('sys', 'exit'): {'cli', '__main__'},
    ('sys', 'stderr'): {'cli'},
    ('sys', 'stdin'): {'cli'},
    ('sys', 'stdout'): {'cli'},
    ('datetime', 'now'): {'gates.clock', 'rehearsal', 'cli'},
    ('datetime', 'utcnow'): set(),
    ('datetime', 'today'): set(),
    ('date', 'today'): set(),
}
BUILTINS = {
    'SystemExit': {'cli'},
    '__import__': set(),
    'breakpoint': set(),
    'input': {'cli'},
    'print': {'cli'},
}

# Modules that give names, most of them for annotations; from all others only
# modules are imported. A package may also give names of its own modules.
GIVE_NAMES = {
    '__future__',
    'collections.abc',
    'types',
    'typing',
    'openstack_publish.rules.catalogue.page',
}


def read(name: str) -> str:
    """Return a file of the repository's root."""
    return (ROOT / name).read_text(encoding='utf-8')


class Module:
    """One module of the package, parsed."""

    def __init__(self, path: pathlib.Path) -> None:
        self.path = path
        parts = path.relative_to(ROOT).with_suffix('').parts
        if parts[-1] == '__init__':
            parts = parts[:-1]
        self.name = '.'.join(parts)
        self.inner = '.'.join(parts[1:])
        """The name below the package: ``gates.web``."""

        self.tree = ast.parse(path.read_text(encoding='utf-8'), str(path))

    @property
    def room(self) -> str:
        """Return the first part of the inner name."""
        return self.inner.partition('.')[0]

    def says(self, node: ast.AST, message: str) -> str:
        """Return a line that says where something is wrong."""
        line = getattr(node, 'lineno', 1)
        return f'{self.path.relative_to(ROOT)}:{line}: {message}'


def modules() -> list[Module]:
    """Return every module of the package."""
    return [Module(path) for path in sorted((ROOT / PACKAGE).rglob('*.py'))]


def within(name: str, places: set[str]) -> bool:
    """Say whether a module is one of the places or lies in one.

    >>> within('gates.web', {'gates'}), within('gates.webs', {'gates.web'})
    (True, False)
    """
    return any(
        name == place or name.startswith(f'{place}.') for place in places
    )


def is_module(name: str) -> bool:
    """Say whether a dotted name is that of a module."""
    try:
        return importlib.util.find_spec(name) is not None
    except ModuleNotFoundError:
        return False


def imports(module: Module) -> Iterator[tuple[ast.stmt, str]]:
    """Give each import as the name of the module that is imported."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node, alias.name
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                whole = f'{node.module}.{alias.name}'
                ours = whole.startswith(f'{PACKAGE}.')
                gives_modules = node.module not in GIVE_NAMES
                if gives_modules and (ours or is_module(whole)):
                    yield node, whole
                else:
                    yield node, str(node.module)


def breaches_of_direction(module: Module) -> Iterator[str]:
    """Give each import that the table of rooms does not allow."""
    allowed = ROOMS.get(module.room, set())
    # A room that was split into a package is still one module of the table.
    own = '.'.join(module.inner.split('.')[:2])
    for node, name in imports(module):
        if name == PACKAGE or not name.startswith(f'{PACKAGE}.'):
            continue
        target = name.partition('.')[2]
        if not within(target, allowed) and not within(target, {own}):
            yield module.says(node, f'{module.inner} may not import {target}')


def breaches_of_libraries(module: Module) -> Iterator[str]:
    """Give each library that is imported where it may not be."""
    for node, name in imports(module):
        if name.partition('.')[0] == PACKAGE:
            continue
        listed = [library for library in LIBRARIES if within(name, {library})]
        top = name.partition('.')[0]
        if not listed and top not in sys.stdlib_module_names:
            yield module.says(node, f'{top} stands in no row of the table')
        for library in listed:
            if not within(module.inner, LIBRARIES[library]):
                yield module.says(
                    node, f'{module.inner} may not import {library}'
                )


def breaches_of_places(module: Module) -> Iterator[str]:
    """Give each use of what has a place of its own somewhere else."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Attribute):
            base = node.value
            owner = (
                base.attr
                if isinstance(base, ast.Attribute)
                else getattr(base, 'id', '')
            )
            places = ATTRIBUTES.get((owner, node.attr))
            what = f'{owner}.{node.attr}'
        elif isinstance(node, ast.Name):
            places = BUILTINS.get(node.id)
            what = node.id
        else:
            continue
        if places is not None and not within(module.inner, places):
            yield module.says(node, f'{what} may not stand in {module.inner}')


def breaches_of_import_style(module: Module) -> Iterator[str]:
    """Give each import that is relative, or of a name and not a module."""
    for node in ast.walk(module.tree):
        if not isinstance(node, ast.ImportFrom):
            continue
        if node.level:
            yield module.says(node, 'relative import')
            continue
        own = module.path.name == '__init__.py' and within(
            str(node.module), {module.name}
        )
        for alias in node.names:
            if not (
                own
                or node.module in GIVE_NAMES
                or is_module(f'{node.module}.{alias.name}')
            ):
                yield module.says(
                    node,
                    f'{node.module}.{alias.name} is no module; '
                    'import the module',
                )


class TestArchitecture(testtools.TestCase):
    """The package keeps to the tables."""

    def assert_no_breach(
        self, check: Callable[[Module], Iterator[str]]
    ) -> None:
        found = [breach for module in modules() for breach in check(module)]
        self.assertEqual([], found, '\n'.join(['', *found]))

    def test_imports_run_one_way(self) -> None:
        self.assert_no_breach(breaches_of_direction)

    def test_each_library_is_behind_its_module(self) -> None:
        self.assert_no_breach(breaches_of_libraries)

    def test_every_library_that_is_imported_is_a_declared_dependency(
        self,
    ) -> None:
        """A library that comes with another one may stop to do so."""
        declared = set(
            re.findall(r'(?m)^([\w-]+)>=', read('requirements.txt'))
        )
        extras = read('setup.cfg')
        extras = extras[extras.index('[extras]') :].split('\n\n')[0]
        declared |= set(re.findall(r'(?m)^    ([\w-]+)>=', extras))
        distributions = importlib.metadata.packages_distributions()
        undeclared = {
            (top, distribution)
            for module in modules()
            for _, name in imports(module)
            if (top := name.partition('.')[0]) not in sys.stdlib_module_names
            and top != PACKAGE
            for distribution in distributions[top]
            if distribution.replace('_', '-') not in declared
        }
        self.assertEqual(set(), undeclared)

    def test_only_cli_prints_exits_and_reads_the_environment(self) -> None:
        self.assert_no_breach(breaches_of_places)

    def test_only_modules_are_imported(self) -> None:
        self.assert_no_breach(breaches_of_import_style)

    def test_every_module_belongs_to_a_room_and_every_room_exists(
        self,
    ) -> None:
        self.assertEqual(
            set(ROOMS), {module.room for module in modules() if module.inner}
        )

    def test_exceptions_need_the_model_for_annotations_only(self) -> None:
        tree = Module(ROOT / PACKAGE / 'exceptions.py').tree
        at_run_time = {
            node.module
            for node in tree.body
            if isinstance(node, ast.ImportFrom)
        }
        self.assertEqual({'__future__', 'typing'}, at_run_time)

    def test_no_module_is_named_like_one_of_the_standard_library(
        self,
    ) -> None:
        named_alike = [
            module.name
            for module in modules()
            if module.name.rpartition('.')[2] in sys.stdlib_module_names
        ]
        self.assertEqual([], named_alike)

    def test_every_file_has_the_licence_header(self) -> None:
        header = (ROOT / 'setup.py').read_text(encoding='utf-8')
        header = header[: header.index('\n\n')]
        places = ('openstack_publish', 'tests', 'benchmarks', 'tools', 'doc')
        without = [
            str(path.relative_to(ROOT))
            for place in places
            for path in sorted((ROOT / place).rglob('*.py'))
            if path.stat().st_size
            # Ansible takes a module for one of Python by its first line.
            and not path.read_text(encoding='utf-8')
            .removeprefix('#!/usr/bin/python\n')
            .startswith(header)
        ]
        self.assertEqual([], without)


class TestTheChecksThemselves(testtools.TestCase):
    """A check that finds nothing in a wrong module would hold nothing."""

    def module(self, inner: str, source: str) -> Module:
        module = Module(ROOT / PACKAGE / 'exceptions.py')
        module.inner = inner
        module.tree = ast.parse(source)
        return module

    def test_a_rule_may_not_import_a_gate(self) -> None:
        module = self.module(
            'rules.signed', 'from openstack_publish.gates import web'
        )
        self.assertEqual(
            [
                'openstack_publish/exceptions.py:1: rules.signed may not '
                'import gates.web'
            ],
            list(breaches_of_direction(module)),
        )

    def test_a_gate_may_import_web_but_not_its_neighbour(self) -> None:
        module = self.module(
            'gates.index',
            'import openstack_publish.gates.web\n'
            'import openstack_publish.gates.archive\n',
        )
        self.assertEqual(
            [
                'openstack_publish/exceptions.py:2: gates.index may not '
                'import gates.archive'
            ],
            list(breaches_of_direction(module)),
        )

    def test_a_gate_that_was_split_may_import_its_own_parts(self) -> None:
        module = self.module(
            'gates.distfiles.wheel',
            'import openstack_publish.gates.distfiles.zip_members',
        )
        self.assertEqual([], list(breaches_of_direction(module)))

    def test_an_import_inside_a_function_is_seen(self) -> None:
        module = self.module(
            'proof.evidence', 'def read():\n    import requests.adapters\n'
        )
        self.assertEqual(
            [
                'openstack_publish/exceptions.py:2: proof.evidence may not '
                'import requests'
            ],
            list(breaches_of_libraries(module)),
        )

    def test_a_library_without_a_row_is_refused(self) -> None:
        module = self.module('model.names', 'import attrs')
        self.assertEqual(
            [
                'openstack_publish/exceptions.py:1: attrs stands in no row '
                'of the table'
            ],
            list(breaches_of_libraries(module)),
        )

    def test_the_environment_is_seen_in_every_spelling(self) -> None:
        module = self.module(
            'gates.web',
            "os.environ['A']\nos.getenv('A')\nsys.exit(1)\nprint()\n"
            'raise SystemExit\ndatetime.datetime.now()\n',
        )
        self.assertEqual(6, len(list(breaches_of_places(module))))

    def test_the_command_line_may_do_all_of_it(self) -> None:
        module = self.module('cli.main', 'print(os.environ)\nsys.exit(0)')
        self.assertEqual([], list(breaches_of_places(module)))

    def test_the_import_of_a_name_is_refused(self) -> None:
        module = self.module(
            'gates.index',
            'from os import environ\n'
            'from typing import Any\n'
            'from packaging import version\n',
        )
        self.assertEqual(
            [
                'openstack_publish/exceptions.py:1: os.environ is no '
                'module; import the module'
            ],
            list(breaches_of_import_style(module)),
        )
