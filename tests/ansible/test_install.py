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

"""The role installs the program with the lock file, and with nothing else."""

from __future__ import annotations

import hashlib
import pathlib
import subprocess
import sys
from typing import Any

from tests.ansible import base
from tests.ansible import executor

CHECKOUT = 'openstack/openstack-publish'


class TestInstall(base.RoleTest):
    """pip fetches what is locked from the registry that it is set up for."""

    def setUp(self) -> None:
        super().setUp()
        self.venv = self.executor.work_root / '.openstack-publish/venv'
        self.installed = (self.venv, self.executor.source(CHECKOUT))

    def clone(self) -> pathlib.Path:
        """Have a checkout of this project, as a required project is."""
        checkout = self.executor.source(CHECKOUT)
        subprocess.run(
            ['git', 'clone', '--quiet', str(executor.ROOT), str(checkout)],
            check=True,
        )
        return checkout

    def wheel(self, checkout: pathlib.Path) -> pathlib.Path:
        """Build a package of a checkout."""
        target = self.executor.directory / 'package'
        subprocess.run(
            [
                *(sys.executable, '-m', 'pip', 'wheel', '--quiet'),
                *('--no-deps', '--no-build-isolation', '--no-index'),
                *('--wheel-dir', str(target), str(checkout)),
            ],
            check=True,
        )
        (built,) = target.iterdir()
        return built

    def dry_run(self, **variables: Any) -> executor.Played:
        """Play it without a program that is there, as pip is set up here."""
        return self.play(
            openstack_publish_mode='dry-run',
            openstack_publish_executable='',
            openstack_publish_python=sys.executable,
            **variables,
        )

    def test_from_a_checkout_and_from_a_package(self) -> None:
        """The second finds the dependencies of the first."""
        checkout = self.clone()
        done = self.dry_run(openstack_publish_src_dir=str(checkout))
        self.assertPlayed(done)
        self.assertEqual('dry-run', done.receipt['outcome'])

        subprocess.run(
            [
                *(self.venv / 'bin/python', '-m', 'pip', 'uninstall'),
                *('--quiet', '--yes', 'openstack-publish'),
            ],
            check=True,
        )
        built = self.wheel(checkout)
        digest = hashlib.sha256(built.read_bytes()).hexdigest()
        wrong = hashlib.sha256(b'something else').hexdigest()
        package = f'openstack-publish @ {built.as_uri()} --hash=sha256:'
        done = self.dry_run(openstack_publish_package=f'{package}{wrong}')
        self.assertFailed(done, 'Nothing was published')
        self.assertIn('DO NOT MATCH THE HASHES', done.output)
        done = self.dry_run(openstack_publish_package=f'{package}{digest}')
        self.assertPlayed(done)
        self.assertEqual('dry-run', done.receipt['outcome'])

    def test_a_package_without_a_hash_is_not_installed(self) -> None:
        done = self.dry_run(openstack_publish_package='openstack-publish')
        self.assertFailed(done, 'Nothing was published')
        self.assertFalse(self.venv.exists())
