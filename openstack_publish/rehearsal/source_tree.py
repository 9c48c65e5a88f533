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

"""A small package in a git repository of its own, from which it is built."""

from __future__ import annotations

import dataclasses
import pathlib
import re
import shutil
import tempfile
from collections.abc import Mapping

from openstack_publish import exceptions
from openstack_publish.rehearsal import programs

_WITH_PBR = {
    'pyproject.toml': """\
[build-system]
requires = ["pbr>=6.1.1", "setuptools>=77"]
build-backend = "pbr.build"
""",
    'setup.cfg': """\
[metadata]
name = {name}
summary = A release that is published to rehearse publishing
description_file = README.rst
description_content_type = text/x-rst; charset=UTF-8
author = OpenStack
author_email = openstack-discuss@lists.openstack.org
home_page = https://docs.openstack.org/
python_requires = >=3.11
license = Apache-2.0
classifiers =
    Environment :: OpenStack
    Intended Audience :: Developers
    Programming Language :: Python :: 3

[files]
packages =
    {package}
""",
    'setup.py': """\
import setuptools

setuptools.setup(setup_requires=['pbr>=6.1.1'], pbr=True)
""",
}

# XStatic packages have their version in the source and no pbr.json in what
# is built of it (13 of 13 looked at, 2026-11).
_WITHOUT_PBR = {
    'pyproject.toml': """\
[build-system]
requires = ["setuptools>=77"]
build-backend = "setuptools.build_meta"

[project]
name = "{name}"
version = "{version}"
description = "A release that is published to rehearse publishing"
readme = "README.rst"
license = "Apache-2.0"
authors = [{{name = "OpenStack"}}]
requires-python = ">=3.11"
classifiers = [
    "Environment :: OpenStack",
    "Programming Language :: Python :: 3",
]

[tool.setuptools]
packages = ["{package}"]
""",
}

_ALWAYS = {
    'README.rst': """\
{name}
{underline}

A release that ``openstack-publish rehearse`` made, to publish it to an index
of its own and to throw it away.
""",
    'LICENSE': """\
Licensed under the Apache License, Version 2.0; a copy of it is at
http://www.apache.org/licenses/LICENSE-2.0
""",
    '.gitignore': '*.egg-info/\nAUTHORS\nChangeLog\nbuild/\n',
    '{package}/__init__.py': '"""Version {version} of a rehearsal."""\n',
}


@dataclasses.dataclass(frozen=True)
class Recipe:
    """What package is made."""

    name: str = 'openstack-publish-rehearsal'
    """The project's name, as it gets into the metadata."""

    version: str = '1.0.0'
    pbr: bool = True
    """Without pbr the artifacts don't record their commit, as XStatic's."""

    files: Mapping[str, str] = dataclasses.field(default_factory=dict)
    """Files beside the usual ones, or in their place, by their path."""

    @property
    def package(self) -> str:
        """Return the name of the import package."""
        return re.sub('[^a-z0-9]+', '_', self.name.lower())

    def contents(self) -> dict[str, str]:
        """Return every file by its path."""
        usual = _ALWAYS | (_WITH_PBR if self.pbr else _WITHOUT_PBR)
        values = {
            'name': self.name,
            'package': self.package,
            'underline': '=' * len(self.name),
            'version': self.version,
        }
        written = {
            path.format(**values): text.format(**values)
            for path, text in usual.items()
        }
        return written | dict(self.files)


@dataclasses.dataclass(frozen=True)
class BuiltRelease:
    """A tag and what was built of it."""

    commit: str
    """Hash of the commit that the tag points to."""

    distributions: tuple[str, ...]
    """Paths, the wheel first."""


def release(
    directory: str, target: str, tools: programs.Programs, recipe: Recipe
) -> BuiltRelease:
    """Commit a version of the package, tag it and build it.

    :param directory: the git repository; made where there is none
    :param target: the directory for the distributions; made where it isn't
        there
    :raises Misconfigured: the extra of the rehearsal isn't installed
    :raises Unavailable: git or the build failed
    """
    source = pathlib.Path(directory)
    if not (source / '.git').is_dir():
        source.mkdir(parents=True, exist_ok=True)
        tools.git(directory, 'init', '--quiet', '--template=')
    for path, text in recipe.contents().items():
        place = source / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding='utf-8')
    tools.git(directory, 'add', '--all')
    tools.git(
        directory, 'commit', '--quiet', '-m', f'Release {recipe.version}'
    )
    # An annotated tag, as a release has one, so that its hash is not that of
    # the commit. It is not signed: the publishing does not look at tags.
    tools.git(directory, 'tag', '-a', '-m', 'Rehearsed', recipe.version)
    return BuiltRelease(
        tools.git(directory, 'rev-parse', 'HEAD^{commit}'),
        build(directory, target, tools),
    )


def build(
    directory: str, target: str, tools: programs.Programs
) -> tuple[str, ...]:
    """Build what is checked out and return the paths, the wheel first.

    Building the same commit again gives other bytes, as it does for a
    release job that is run again.

    :raises Misconfigured: the extra of the rehearsal isn't installed
    :raises Unavailable: the build failed
    """
    place = pathlib.Path(target)
    place.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=place.parent) as fresh:
        tools.build(directory, fresh)
        made = sorted(pathlib.Path(fresh).iterdir())
        wheels = [path for path in made if path.suffix == '.whl']
        sdists = [path for path in made if path.name.endswith('.tar.gz')]
        if len(wheels) != 1 or len(sdists) != 1 or len(made) != 2:
            raise exceptions.Unavailable(
                f'building {directory}',
                'it gave '
                + (', '.join(path.name for path in made) or 'nothing')
                + ' and not one wheel and one sdist',
            )
        return tuple(
            str(shutil.move(str(path), place / path.name))
            for path in (*wheels, *sdists)
        )
