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

"""A stand-in for Zuul's executor: work root, variables, ansible-playbook."""

from __future__ import annotations

import dataclasses
import functools
import json
import os
import pathlib
import shutil
import subprocess
import sys
from typing import Any

import fixtures

from tests.ansible import bubblewrap
from tests.support import review
from tests.support import scene

ROOT = pathlib.Path(__file__).resolve().parents[2]
HERE = pathlib.Path(__file__).resolve().parent
PROGRAM = str(pathlib.Path(sys.executable).parent / 'openstack-publish')
LIMIT = 600.0
"""Longest run of a playbook, in seconds; they take ten."""

RELEASES = 'openstack/releases'
PROJECT_CONFIG = 'openstack/project-config'


def _pip_settings() -> dict[str, str]:
    """Return where pip is told to fetch from, before the home changes."""
    settings = {
        name: value
        for name, value in os.environ.items()
        if name.startswith('PIP_') or name.lower().endswith('_proxy')
    }
    of_user = pathlib.Path.home() / '.config/pip/pip.conf'
    if of_user.exists():
        settings.setdefault('PIP_CONFIG_FILE', str(of_user))
    return settings


PIP_SETTINGS = _pip_settings()


@dataclasses.dataclass(frozen=True)
class Played:
    """What a run of ansible-playbook left behind."""

    code: int
    output: str
    returned: dict[str, Any]
    """What the playbook gave to ``zuul_return``."""

    log_root: pathlib.Path

    @functools.cached_property
    def receipt(self) -> dict[str, Any]:
        """The one receipt in the log directory."""
        (path,) = self.log_root.rglob('*.receipt.json')
        document: dict[str, Any] = json.loads(path.read_text('utf-8'))
        return document

    @property
    def zuul(self) -> dict[str, Any]:
        """What was returned for Zuul itself."""
        told: dict[str, Any] = self.returned.get('zuul', {})
        return told

    @property
    def warnings(self) -> str:
        """The warnings that Zuul would show, one a line."""
        return '\n'.join(self.zuul.get('warnings', []))

    @property
    def artifacts(self) -> list[dict[str, Any]]:
        """The artifacts that Zuul would link."""
        found: list[dict[str, Any]] = self.zuul['artifacts']
        return found


class Executor(fixtures.Fixture):
    """A work root as Zuul's executor prepares it for a build.

    :param stage: what is released or reviewed
    :param walled: run under bubblewrap, as the executor does
    """

    project: str
    """Full name of the repository that the build is of."""

    names: tuple[str, ...]
    """Full names of the repositories that the job requires."""

    def __init__(self, stage: scene.Stage, *, walled: bool = False) -> None:
        super().__init__()
        self._stage = stage
        self._walled = walled
        self._runs = 0

    def _setUp(self) -> None:
        # The stage is outside of what a playbook sees as its work root.
        self.directory = pathlib.Path(self.useFixture(fixtures.TempDir()).path)
        self.work_root = self.directory / 'work'
        self.temporary = self.directory / 'tmp'
        self.temporary.mkdir()
        shutil.copytree(
            self._stage.releases_dir, self.source(RELEASES), symlinks=True
        )

    def source(self, name: str) -> pathlib.Path:
        """Return where the checkout of a repository is."""
        return self.work_root / 'src/opendev.org' / name

    def item(self) -> dict[str, Any]:
        """Return the variables of what triggered the build."""
        raise NotImplementedError

    def secrets(self) -> dict[str, Any]:
        """Return the variables that the job's secrets have."""
        return {}

    def zuul(self, log_root: pathlib.Path) -> dict[str, Any]:
        """Return the variable that Zuul sets."""
        return {
            'attempts': 1,
            'build': 'd4b1c2a5e3f24c7f9a6b8e7d6c5b4a39',
            'executor': {
                'hostname': 'ze01.example.org',
                'log_root': str(log_root),
                'src_root': str(self.work_root / 'src'),
                'work_root': str(self.work_root),
            },
            'project': _project(self.project),
            'projects': {
                f'opendev.org/{name}': _project(name)
                for name in (self.project, *self.names)
            },
            **self.item(),
        }

    def play(
        self,
        playbook: pathlib.Path,
        *,
        drop: tuple[str, ...] = (),
        **variables: Any,
    ) -> Played:
        """Run a playbook with ``-vvv``, as a new build.

        :param drop: variables that this job doesn't have
        :param variables: beside Zuul's, or in their place
        """
        self._runs += 1
        log_root = self.work_root / f'logs-{self._runs}'
        log_root.mkdir()
        known = {
            'openstack_publish_executable': PROGRAM,
            'openstack_publish_wait': 0,
            'zuul_success': True,
            'zuul': self.zuul(log_root),
            **self.secrets(),
            **variables,
        }
        given = self.directory / 'variables.json'
        given.write_text(
            json.dumps({key: known[key] for key in known if key not in drop}),
            'utf-8',
        )
        returned = self.work_root / f'returned-{self._runs}.json'
        done = subprocess.run(
            self.command(playbook, given),
            cwd=self.work_root,
            env=self.environment(returned),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=LIMIT,
        )
        # What the job was given is no trace that it left.
        given.unlink()
        return Played(
            done.returncode,
            done.stdout,
            json.loads(returned.read_text('utf-8'))
            if returned.exists()
            else {},
            log_root,
        )

    def command(
        self, playbook: pathlib.Path, given: pathlib.Path
    ) -> list[str]:
        """Return what runs a playbook."""
        words = [
            str(pathlib.Path(sys.executable).parent / 'ansible-playbook'),
            *('-vvv', '--inventory', 'localhost,', '--connection', 'local'),
            *('--extra-vars', f'@{given}'),
            str(playbook),
        ]
        if not self._walled:
            return words
        return [
            *bubblewrap.command(
                self.work_root,
                self.directory,
                writable=[self._stage.archive],
                readable=[ROOT, given],
            ),
            *words,
        ]

    def environment(self, returned: pathlib.Path) -> dict[str, str]:
        """Return the environment of ansible-playbook."""
        return {
            **PIP_SETTINGS,
            # Zuul, too, keeps Ansible's own files with the job.
            'ANSIBLE_LOCAL_TEMP': str(self.work_root / '.ansible/local'),
            'ANSIBLE_REMOTE_TEMP': str(self.work_root / '.ansible/remote'),
            'ANSIBLE_LIBRARY': str(HERE / 'library'),
            'ANSIBLE_ROLES_PATH': f'{ROOT / "roles"}:{HERE / "roles"}',
            'ANSIBLE_MODULE_UTILS': str(ROOT / 'tests/support'),
            'ANSIBLE_PYTHON_INTERPRETER': sys.executable,
            'HOME': str(self.work_root),
            'LC_ALL': 'C.UTF-8',
            'PATH': os.environ['PATH'],
            'PYTHON_KEYRING_BACKEND': 'keyring.backends.null.Keyring',
            'TMPDIR': '/tmp' if self._walled else str(self.temporary),
            'ZUUL_RETURN': str(returned),
        }

    def files(self) -> list[pathlib.Path]:
        """Return every file that a playbook could have left."""
        return [
            path
            for path in self.directory.rglob('*')
            if path.is_file() and not path.is_symlink()
        ]


class ReleaseExecutor(Executor):
    """The work root of a release job, after the build was fetched."""

    names = (RELEASES,)

    def _setUp(self) -> None:
        super()._setUp()
        self.project = self._stage.release.repo
        self.artifacts = self.work_root / 'artifacts'
        shutil.copytree(
            self._stage.release.source_tree, self.source(self.project)
        )
        self.collect(self._stage.dist)

    def collect(self, dist: pathlib.Path) -> None:
        """Put what was built where the job has fetched it to."""
        shutil.rmtree(self.artifacts, ignore_errors=True)
        shutil.copytree(dist, self.artifacts)

    def item(self) -> dict[str, Any]:
        """Return the variables of a tag; newrev is the tag object."""
        ref = f'refs/tags/{self._stage.version}'
        return {
            'job': 'release-openstack-python',
            'newrev': subprocess.run(
                ['git', 'rev-parse', ref],
                cwd=self.source(self.project),
                check=True,
                capture_output=True,
                text=True,
            ).stdout.strip(),
            'oldrev': '0' * 40,
            'pipeline': 'release',
            'ref': ref,
            'tag': self._stage.version,
        }

    def secrets(self) -> dict[str, Any]:
        """Return token and key."""
        return {
            'pypi_info': {
                'api_token': self._stage.token,
                'repository_url': self._stage.upload_url,
            },
            'gpg_key': {
                'private': pathlib.Path(
                    self._stage.release.secret_key_file
                ).read_text('ascii')
            },
        }


class ReviewExecutor(Executor):
    """The work root of a job on a change to openstack/releases."""

    project = RELEASES
    names = (PROJECT_CONFIG,)

    def __init__(self, stage: review.Review, *, walled: bool = False) -> None:
        super().__init__(stage, walled=walled)
        self._config = stage.config

    def item(self) -> dict[str, Any]:
        """Return the variables of a change."""
        return {
            'branch': 'master',
            'change': '1',
            'job': 'openstack-publish-check',
            'patchset': '1',
            'pipeline': 'check',
            'ref': 'refs/changes/01/1/1',
        }

    def _setUp(self) -> None:
        super()._setUp()
        shutil.copytree(self._config, self.source(PROJECT_CONFIG))


def _project(name: str) -> dict[str, str]:
    return {
        'canonical_hostname': 'opendev.org',
        'canonical_name': f'opendev.org/{name}',
        'name': name,
        'short_name': name.partition('/')[2],
        'src_dir': f'src/opendev.org/{name}',
    }
