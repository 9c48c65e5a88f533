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

"""Step 3 with a source tree: the wheel, file by file.

A wheel is built from the sdist. Every file in it has the content of a file
there, or is one that building is known to make.
"""

from __future__ import annotations

import dataclasses
import functools
import posixpath
import re
from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from typing import Literal

from openstack_publish.model import distribution
from openstack_publish.model import finding
from openstack_publish.model import source
from openstack_publish.rules import generated
from openstack_publish.rules import layout
from openstack_publish.rules import source as of_sdist
from openstack_publish.rules import source_metadata

_PYTHON = re.compile(r'#!.*python[0-9.]*([ \t].*)?')
"""A first line that setuptools replaces (``shebang_pattern`` of
``distutils/command/build_scripts.py``)."""

_PACKAGES = ('purelib', 'platlib')
_COPIES = ('data', 'headers')


@dataclasses.dataclass(frozen=True)
class Originals:
    """The files that a wheel may hold."""

    where: str
    """What they are in, for messages."""

    digest: Literal['sha256', 'git blob']
    """Which digest they are known by: ``sha256`` or ``blob``."""

    digests: Mapping[str, str]
    """By path."""

    scripts: frozenset[tuple[str, source.Script]] = frozenset()
    """Scripts as setuptools puts them into a wheel, by file name; none where
    that isn't known."""

    @functools.cached_property
    def names(self) -> Mapping[str, Mapping[str, str]]:
        """Return for each file name the digests of the files called so.

        Each digest has the path of one such file.
        """
        names: dict[str, dict[str, str]] = {}
        for path, digest in self.digests.items():
            names.setdefault(posixpath.basename(path), {})[digest] = path
        return names

    def of(self, member: source.Member) -> str:
        """Return the digest that a member is compared by."""
        return member.sha256 if self.digest == 'sha256' else member.blob


def from_sdist(
    dist: distribution.Distribution,
    members: Iterable[source.Member],
    where: layout.Layout,
) -> Originals:
    """Return the files of an sdist, without those that building made."""
    files = [
        member
        for member in members
        if member.kind == 'file'
        and not generated.in_sdist(member.path, dist.project, where.roots)
    ]
    return Originals(
        dist.filename,
        'sha256',
        {member.path: member.sha256 for member in files},
        frozenset(
            (posixpath.basename(member.path), script)
            for member in files
            if (script := _in_wheel(member.script)) is not None
        ),
    )


def from_tree(tree: source.Tree) -> Originals:
    """Return the files of a tree, for a release without an sdist."""
    return Originals(
        f'the tree at {tree.commit}',
        'git blob',
        {
            path: tree.entries[file].id
            for path in tree.entries
            if (file := tree.file(path)) is not None
        },
    )


def wheel_agrees(
    dist: distribution.Distribution,
    members: Sequence[source.Member],
    originals: Originals,
    where: layout.Layout,
) -> tuple[finding.Finding, ...]:
    """Hold a wheel against the files it was built from (OSP117)."""
    scripts = _wsgi_scripts(members)
    wrong = [
        message
        for member in members
        if (message := _problem(member, originals, where, scripts)) is not None
    ]
    return of_sdist.told('OSP117', dist, wrong)


def _problem(
    member: source.Member,
    originals: Originals,
    where: layout.Layout,
    wsgi_scripts: Mapping[str, str],
) -> str | None:
    """Return what is wrong with a file of a wheel; None if nothing is."""
    top, _, rest = member.path.partition('/')
    path = member.path
    if rest and top.endswith('.dist-info'):
        name = rest.removeprefix('licenses/')
        if rest in generated.DIST_INFO_FILES or name in generated.SDIST_FILES:
            return None
        return _copied(member, originals)
    if rest and top.endswith('.data'):
        scheme, _, path = rest.partition('/')
        if scheme in _COPIES:
            return _copied(member, originals)
        if scheme == 'scripts':
            name = posixpath.basename(path)
            # A copy with another first line, or made by pbr.
            if (name, member.script) in originals.scripts:
                return None
            if member.blob == wsgi_scripts.get(name):
                return None
            return _copied(member, originals)
        if scheme not in _PACKAGES:
            return _not_there(member, originals)
    there = [
        candidate
        for candidate in where.candidates(path)
        if candidate in originals.digests
    ]
    digest = originals.of(member)
    if any(originals.digests[candidate] == digest for candidate in there):
        return None
    if there:
        return _difference(member, there[0], originals)
    return _not_there(member, originals)


def _copied(member: source.Member, originals: Originals) -> str | None:
    """Say what is wrong with a file that keeps its name but not its place."""
    known = originals.names.get(posixpath.basename(member.path), {})
    if originals.of(member) in known:
        return None
    for path in known.values():
        return _difference(member, path, originals)
    return _not_there(member, originals)


def _difference(member: source.Member, path: str, originals: Originals) -> str:
    return (
        f'{member.path} has {originals.digest} {originals.of(member)}; {path} '
        f'in {originals.where} has {originals.digests[path]}'
    )


def _not_there(member: source.Member, originals: Originals) -> str:
    return (
        f'{member.path} ({of_sdist.described(member)}) is not in '
        f'{originals.where}'
    )


def _in_wheel(script: source.Script | None) -> source.Script | None:
    """Return a script of Python with the first line it has in a wheel."""
    if script is None:
        return None
    python = _PYTHON.fullmatch(script.interpreter)
    if python is None:
        return None
    return source.Script(f'#!python{python[1] or ""}', script.rest)


def _wsgi_scripts(members: Sequence[source.Member]) -> dict[str, str]:
    """Return the scripts that pbr makes, as name and blob id."""
    scripts = {}
    for member in members:
        if member.content is None:
            continue
        for entry in source_metadata.entry_points(member.content):
            if entry.group == 'wsgi_scripts':
                module, _, target = entry.reference.partition(':')
                scripts[entry.name] = source.blob_id(
                    generated.wsgi_script(module, target)
                )
    return scripts
