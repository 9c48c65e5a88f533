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

"""The throw-away release: all that a release job finds, made in seconds.

A package built from a tag in a git repository, a checkout of the form that
openstack/releases has with a deliverable file that orders it, and the
cycle's signing key.
"""

from __future__ import annotations

import contextlib
import dataclasses
import datetime
import pathlib
from collections.abc import Iterator
from collections.abc import Mapping

from openstack_publish import exceptions
from openstack_publish.model import names
from openstack_publish.rehearsal import orders
from openstack_publish.rehearsal import programs
from openstack_publish.rehearsal import signing_key
from openstack_publish.rehearsal import source_tree

KEY_USER = 'OpenStack Infra (Rehearsal Cycle) <infra-root@example.org>'
"""User ID of the key; the address is one that nobody can have (RFC 2606)."""


@dataclasses.dataclass(frozen=True)
class ThrowAwayRelease:
    """Everything that publishing a release needs."""

    directory: str
    """Holds all of the following."""

    recipe: source_tree.Recipe
    distributions: tuple[str, ...]
    """Paths, the wheel first."""

    releases_dir: str
    """The checkout, a git repository."""

    deliverable_path: str
    """Relative to the checkout."""

    source_tree: str
    """The git repository that was built."""

    repo: str
    """Its full name, such as ``openstack/os-vif``."""

    commit: str
    """Hash of the commit that was ordered and built."""

    key: signing_key.ThrowAwayKey

    @property
    def project(self) -> names.ProjectName:
        """Return the project's name on the index."""
        return names.project_name(self.recipe.name)

    @property
    def version(self) -> str:
        """Return the version that was ordered and built."""
        return self.recipe.version

    @property
    def distributions_dir(self) -> str:
        """Return the directory that holds the distributions and no more."""
        return str(pathlib.Path(self.distributions[0]).parent)

    @property
    def key_fingerprint(self) -> names.Fingerprint:
        """Return the fingerprint of the primary key."""
        return self.key.fingerprint

    @property
    def secret_key_file(self) -> str:
        """Return the file with the secret subkey."""
        return self.key.secret_file

    @property
    def public_key_file(self) -> str:
        """Return the file with the public key."""
        return self.key.public_file


def make(
    directory: str,
    environment: Mapping[str, str],
    now: datetime.datetime,
    *,
    recipe: source_tree.Recipe | None = None,
    repo: str | None = None,
    release_type: str | None = None,
) -> ThrowAwayRelease:
    """Make a release in a directory that is there and is empty.

    :param environment: the user's environment, of which git, gpg and the
        build see the harmless part
    :param repo: full name of the git repository; that of the package in the
        namespace openstack if none is given
    :param release_type: ``release-type`` in the deliverable file
    :raises Misconfigured: the extra of the rehearsal isn't installed
    :raises Unavailable: git, gpg or the build failed, or a file could not be
        written
    """
    programs.require_extra()
    if recipe is None:
        recipe = source_tree.Recipe()
    if repo is None:
        repo = f'openstack/{recipe.name.lower()}'
    tools = programs.Programs(environment)
    with _files_written():
        return _make(directory, tools, now, recipe, repo, release_type)


def _make(
    directory: str,
    tools: programs.Programs,
    now: datetime.datetime,
    recipe: source_tree.Recipe,
    repo: str,
    release_type: str | None,
) -> ThrowAwayRelease:
    place = pathlib.Path(directory)
    key = signing_key.make(directory, tools, KEY_USER)
    checkout = orders.Orders(str(place / 'releases'), tools)
    checkout.begin(key, now)
    path = checkout.place(recipe.name, repo, release_type=release_type)
    tree = str(place / 'source')
    built = source_tree.release(
        tree, _distributions_dir(directory, recipe), tools, recipe
    )
    checkout.order(path, repo, recipe.version, built.commit)
    return ThrowAwayRelease(
        directory=directory,
        recipe=recipe,
        distributions=built.distributions,
        releases_dir=checkout.directory,
        deliverable_path=path,
        source_tree=tree,
        repo=repo,
        commit=built.commit,
        key=key,
    )


def another_version(
    release: ThrowAwayRelease,
    version: str,
    environment: Mapping[str, str],
    *,
    files: Mapping[str, str] | None = None,
) -> ThrowAwayRelease:
    """Release the same package again: a commit, a tag, an order.

    :param files: as of :class:`.source_tree.Recipe`
    :raises Misconfigured: the extra of the rehearsal isn't installed
    :raises Unavailable: git or the build failed, or a file could not be
        written
    """
    tools = programs.Programs(environment)
    recipe = dataclasses.replace(
        release.recipe,
        version=version,
        files=release.recipe.files if files is None else files,
    )
    with _files_written():
        built = source_tree.release(
            release.source_tree,
            _distributions_dir(release.directory, recipe),
            tools,
            recipe,
        )
        orders.Orders(release.releases_dir, tools).order(
            release.deliverable_path, release.repo, version, built.commit
        )
    return dataclasses.replace(
        release,
        recipe=recipe,
        distributions=built.distributions,
        commit=built.commit,
    )


def rebuilt(
    release: ThrowAwayRelease, environment: Mapping[str, str]
) -> ThrowAwayRelease:
    """Build the same commit again, into a directory of its own.

    The files have the same names and other bytes, as those of a release job
    that is run again.

    :raises Unavailable: the build failed, or a file could not be written
    """
    with _files_written():
        made = source_tree.build(
            release.source_tree,
            f'{release.distributions_dir}-rebuilt',
            programs.Programs(environment),
        )
    return dataclasses.replace(release, distributions=made)


@contextlib.contextmanager
def _files_written() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise exceptions.Unavailable(
            'making a throw-away release', str(error)
        ) from error


def _distributions_dir(directory: str, recipe: source_tree.Recipe) -> str:
    return str(pathlib.Path(directory, 'dist', recipe.version))
