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

"""Releases that are out there, in an archive and on an index at once."""

from __future__ import annotations

import hashlib
import pathlib

from openstack_publish.gates import openpgp
from openstack_publish.gates import processes
from tests.support import gitrepo
from tests.support import scene as scenes

SERIES = 'rehearsal'


class Shelf:
    """Puts releases of made-up bytes into a scene; its key signs them.

    :param scene: whose checkout orders them, whose index and archive get
        them
    """

    def __init__(self, scene: scenes.Scene) -> None:
        self._scene = scene
        self._signer = openpgp.OpenPGP(
            processes.Processes(gitrepo.environment()),
            sign_key_file=scene.release.secret_key_file,
        )
        scene.addCleanup(self._signer.close)

    def order(
        self, name: str, *versions: str, series: str = SERIES
    ) -> pathlib.Path:
        """Order versions of a repository, in a deliverable file of its own."""
        entries = ''.join(
            f'  - version: {version}\n'
            '    projects:\n'
            f'      - repo: openstack/{name}\n'
            f'        hash: {commit(name, version)}\n'
            for version in versions
        )
        return gitrepo.write(
            self._scene.releases_dir,
            f'deliverables/{series}/{name}.yaml',
            f'team: nova\ntype: library\nreleases:\n{entries}',
        )

    def archive(self, name: str, version: str, *kinds: str) -> None:
        """Put signed files into the archive.

        :param kinds: ``sdist`` and ``wheel``; both if none is given
        """
        for kind in kinds or ('sdist', 'wheel'):
            filename = filename_of(name, version, kind)
            path = self.archived(name, filename)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content(filename))
            self._signer.sign(str(path), f'{path}.asc')

    def archived(self, name: str, filename: str) -> pathlib.Path:
        """Return where the archive has a file."""
        return self._scene.archive / 'openstack' / name / filename

    def upload(self, name: str, version: str, *kinds: str) -> None:
        """Put the same files on the index."""
        for kind in kinds or ('sdist', 'wheel'):
            filename = filename_of(name, version, kind)
            self._scene.index.store.add_file(
                name, version, filename, content(filename)
            )


def commit(name: str, version: str) -> str:
    """Return the hash that is ordered."""
    return 'a' + hashlib.sha256(f'{name} {version}'.encode()).hexdigest()[:39]


def content(filename: str) -> bytes:
    """Return the bytes that a file has."""
    return f'the bytes of {filename}'.encode()


def filename_of(name: str, version: str, kind: str) -> str:
    """Return a file's name; *kind* is ``sdist`` or ``wheel``."""
    stem = f'{name.replace("-", "_")}-{version}'
    return {'sdist': f'{stem}.tar.gz', 'wheel': f'{stem}-py3-none-any.whl'}[
        kind
    ]
