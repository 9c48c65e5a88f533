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

"""Step 3, the part about what lies inside: files that hardly belong there.

Warnings: each of them has an honest reason now and then, and each was the
first thing to be seen of a poisoned release.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Sequence

from openstack_publish.model import distribution
from openstack_publish.model import finding
from openstack_publish.model import knowledge
from openstack_publish.rules import findings

NAMED = 10
"""Paths that one message names."""

_MODULE = re.compile(r'([^/.]+)(?:\.[^/]+)?\.(?:py|pyc|so|pyd)')
"""A module at the top; what the middle may hold is an extension's ABI."""

_ANYBODYS = frozenset(
    {
        'bin',
        'build',
        'conftest',
        'doc',
        'docs',
        'etc',
        'example',
        'examples',
        'lib',
        'playbooks',
        'releasenotes',
        'scripts',
        'setup',
        'src',
        'test',
        'tests',
        'tools',
    }
)
"""Directories and files of source trees that get installed by mistake, and
then replace each other: no project owns such a name."""


def contents(
    distributions: Sequence[distribution.Distribution],
) -> tuple[finding.Finding, ...]:
    """Return what hardly belongs inside (OSP214 to OSP217)."""
    sources = [dist for dist in distributions if dist.kind == 'sdist']
    found: list[finding.Finding] = []
    for dist in distributions:
        if dist.kind == 'bdist_wheel':
            found.extend(_path_files(dist))
            found.extend(_foreign(dist, sources))
        found.extend(_leaks(dist))
        found.extend(_compiled(dist))
    return tuple(found)


def _path_files(dist: distribution.Distribution) -> Iterator[finding.Finding]:
    """Find files that Python reads whenever it starts (OSP214)."""
    paths = [
        path
        for path in dist.members
        if '/' not in (name := _installed(path)) and name.endswith('.pth')
    ]
    if paths:
        yield findings.failed(
            'OSP214',
            dist.filename,
            f'it installs {_listed(paths)}, which Python reads whenever it '
            'starts',
        )


def _foreign(
    dist: distribution.Distribution,
    sources: Sequence[distribution.Distribution],
) -> Iterator[finding.Finding]:
    """Find modules and packages that are not the project's own (OSP215)."""
    if dist.project is None:
        return
    own = _own(dist.project)
    foreign = [name for name in _top_level(dist) if name.lower() not in own]
    if not foreign:
        return
    if not sources:
        yield findings.unknown(
            'OSP215',
            dist.filename,
            knowledge.Unknown(
                f'whether {_listed(foreign)} belongs to {dist.project}',
                'there is no sdist beside the wheel to compare with',
            ),
        )
        return
    in_source = {name for source in sources for name in _in_source(source)}
    for name in foreign:
        if name in _ANYBODYS:
            yield findings.failed(
                'OSP215',
                dist.filename,
                f'it installs {name} beside the modules of {dist.project}; '
                'no project owns that name',
            )
        elif name not in in_source:
            yield findings.failed(
                'OSP215',
                dist.filename,
                f'it installs {name} beside the modules of {dist.project}; '
                'there is none of that name in '
                + ', '.join(source.filename for source in sources),
            )


def _leaks(dist: distribution.Distribution) -> Iterator[finding.Finding]:
    """Tell of what looks like a secret, each kind once (OSP216)."""
    for kind in dict.fromkeys(leak.kind for leak in dist.leaks):
        paths = [leak.path for leak in dist.leaks if leak.kind == kind]
        yield findings.failed(
            'OSP216',
            dist.filename,
            f'there is what looks like {kind} in {_listed(paths)}',
        )


def _compiled(dist: distribution.Distribution) -> Iterator[finding.Finding]:
    """Find bytecode (OSP217)."""
    paths = [
        path
        for path in dist.members
        if path.endswith(('.pyc', '.pyo')) or '__pycache__' in path.split('/')
    ]
    if paths:
        yield findings.failed(
            'OSP217', dist.filename, f'it holds bytecode: {_listed(paths)}'
        )


def _installed(path: str) -> str:
    """Return where a wheel's member goes, seen from site-packages.

    A wheel's ``NAME.data/purelib`` and ``platlib`` are unpacked there (PEP
    427); what goes elsewhere, and the wheel's own directory, give ``''``.
    """
    top, _, rest = path.partition('/')
    if top.endswith('.data'):
        place, _, rest = rest.partition('/')
        return rest if place in ('purelib', 'platlib') else ''
    return '' if top.endswith('.dist-info') else path


def _top_level(dist: distribution.Distribution) -> list[str]:
    """Return the names that a wheel makes importable."""
    names: dict[str, None] = {}
    for path in dist.members:
        top, slash, _ = _installed(path).partition('/')
        if slash:
            names[top.removesuffix('-stubs')] = None
        elif module := _MODULE.fullmatch(top):
            names[module[1]] = None
    return list(names)


def _own(project: str) -> frozenset[str]:
    """Return names that are plainly a project's own.

    ``oslo.i18n`` gives ``oslo_i18n``, ``python-novaclient`` gives
    ``novaclient``, and every XStatic package a part of ``xstatic``.

    :param project: in its PEP 503 form
    """
    name = project.replace('-', '_')
    names = {name, name.removeprefix('python_')}
    if project.startswith('xstatic-'):
        names.add('xstatic')
    return frozenset(names | {f'{each}_tests' for each in names})


def _in_source(dist: distribution.Distribution) -> Iterator[str]:
    """Yield the names of modules and packages at the top of an sdist.

    ``src/`` and ``lib/`` are where some trees keep theirs.
    """
    for path in dist.members:
        below = path.removeprefix('./').partition('/')[2]
        top, slash, rest = below.partition('/')
        if top in ('src', 'lib') and rest:
            top, slash, rest = rest.partition('/')
        if slash:
            yield top
        elif module := _MODULE.fullmatch(top):
            yield module[1]


def _listed(paths: Sequence[str]) -> str:
    """Return paths for a message, cut where there are many."""
    more = len(paths) - NAMED
    listed = ', '.join(paths[:NAMED])
    return listed if more <= 0 else f'{listed} and {more} more'
