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

"""Many small releases that are out there: ordered, signed and archived.

The artifacts are real, if small, and so are their signatures by one key; it
is made with few programs, so that hundreds take seconds.
"""

from __future__ import annotations

import concurrent.futures
import contextlib
import dataclasses
import datetime
import hashlib
import os
import pathlib
import subprocess
import tempfile
from collections.abc import Iterator
from collections.abc import Mapping
from typing import TYPE_CHECKING

from openstack_publish.rehearsal import orders
from openstack_publish.rehearsal import programs
from openstack_publish.rehearsal import signing_key
from tests.support import artifacts
from tests.support import gitrepo

if TYPE_CHECKING:
    from openstack_publish.rehearsal import server

SERIES = orders.SERIES
VERSION = '1.0.0'
OWNER = 'openstackci'
SIGNERS = 4
"""Signatures that are made at once; the agent makes them in turn."""

LIMIT = 60
"""Longest run of one gpg, in seconds."""


@dataclasses.dataclass(frozen=True)
class OutThere:
    """A checkout and an archive."""

    names: tuple[str, ...]
    """Of the projects, which have one release each."""

    releases_dir: str
    archive: str
    key: signing_key.ThrowAwayKey

    def files(self, name: str) -> tuple[str, str]:
        """Return where the archive has the sdist and the wheel."""
        place = os.path.join(self.archive, 'openstack', name)
        stem = artifacts.stem(name, VERSION)
        return (
            os.path.join(place, f'{stem}.tar.gz'),
            os.path.join(place, f'{stem}-py3-none-any.whl'),
        )

    def fill(self, index: server.StandInIndex) -> None:
        """Put every release on an index, as uploaded now."""
        for name in self.names:
            index.store.add_project(name, owner=OWNER)
            for path in self.files(name):
                index.store.add_file(
                    name, VERSION, os.path.basename(path), pathlib.Path(path)
                )


def make(
    directory: str, count: int, environment: Mapping[str, str]
) -> OutThere:
    """Make releases in a directory that is there and is empty."""
    tools = programs.Programs(environment)
    key = signing_key.make(
        directory, tools, 'OpenStack Infra (Many) <infra-root@example.org>'
    )
    checkout = orders.Orders(os.path.join(directory, 'releases'), tools)
    checkout.begin(key, datetime.datetime.now(datetime.UTC))
    made = OutThere(
        tuple(f'out-there-{number:03}' for number in range(count)),
        checkout.directory,
        os.path.join(directory, 'archive'),
        key,
    )
    for name in made.names:
        _make(made, name)
    tools.git(made.releases_dir, 'add', '--all')
    tools.git(made.releases_dir, 'commit', '--quiet', '-m', 'Order them')
    sign(key, [path for name in made.names for path in made.files(name)])
    return made


def sign(key: signing_key.ThrowAwayKey, paths: list[str]) -> None:
    """Sign files as the release job does, each with its ``.asc``."""
    with _home(key) as home:
        with concurrent.futures.ThreadPoolExecutor(SIGNERS) as pool:
            list(
                pool.map(lambda path: _gpg(home, '--detach-sign', path), paths)
            )


def commit(name: str) -> str:
    """Return the hash that is ordered of a project."""
    return hashlib.sha1(name.encode(), usedforsecurity=False).hexdigest()


def _make(made: OutThere, name: str) -> None:
    """Order and build one release."""
    repo = f'openstack/{name}'
    gitrepo.write(
        pathlib.Path(made.releases_dir),
        f'deliverables/{SERIES}/{name}.yaml',
        '---\nteam: release-management\ntype: library\n'
        f'releases:\n  - version: {VERSION}\n    projects:\n'
        f'      - repo: {repo}\n        hash: {commit(name)}\n',
    )
    place = os.path.join(made.archive, repo)
    os.makedirs(place)
    short = commit(name)[:8]
    artifacts.write_sdist(place, name, VERSION, git_version=short)
    artifacts.write_wheel(place, name, VERSION, git_version=short)


@contextlib.contextmanager
def _home(key: signing_key.ThrowAwayKey) -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix='k-') as home:
        os.chmod(home, 0o700)
        _gpg(home, '--import', key.secret_file)
        try:
            yield home
        finally:
            subprocess.run(
                ['gpgconf', '--homedir', home, '--kill', 'all'],
                check=True,
                timeout=LIMIT,
            )


def _gpg(home: str, *arguments: str) -> None:
    subprocess.run(
        [
            *('gpg', '--homedir', home, '--batch', '--quiet', '--armor'),
            *arguments,
        ],
        check=True,
        capture_output=True,
        timeout=LIMIT,
    )
