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

"""Real artifacts from PyPI, held against a commit of their own files.

The repositories of OpenStack are not fetched: what an sdist holds, without
what building made, is committed to a fresh one. So this shows that every
generated file of real packages is known, and where their wheels come from.
"""

from __future__ import annotations

import pathlib
import shutil
import subprocess
import sys
import tarfile

import fixtures
import testtools

from openstack_publish.rehearsal import server
from tests.support import gitrepo
from tests.support import scene

GENERATED = ('PKG-INFO', 'AUTHORS', 'ChangeLog')


class TestRealSources(testtools.TestCase):
    def setUp(self) -> None:
        super().setUp()
        self.directory = pathlib.Path(self.useFixture(fixtures.TempDir()).path)
        self.dist = self.directory / 'dist'
        self.dist.mkdir()
        self.index = server.StandInIndex().start()
        self.addCleanup(self.index.stop)

    def download(self, project: str, version: str) -> None:
        """Let pip fetch wheel and sdist, as any user would."""
        for only in ('--only-binary', '--no-binary'):
            subprocess.run(
                [
                    *(sys.executable, '-m', 'pip', 'download', '--quiet'),
                    *('--no-deps', '--no-build-isolation'),
                    *(only, ':all:', '--dest', str(self.dist)),
                    f'{project}=={version}',
                ],
                check=True,
                timeout=300,
            )

    def committed(self) -> tuple[gitrepo.GitRepository, str]:
        """Commit what the sdist holds, without what building made."""
        (sdist,) = self.dist.glob('*.tar.gz')
        unpacked = self.directory / 'unpacked'
        with tarfile.open(sdist) as archive:
            archive.extractall(unpacked, filter='data')
        (top,) = unpacked.iterdir()
        for path in [*top.glob('*.egg-info'), *map(top.joinpath, GENERATED)]:
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)
        setup_cfg = top / 'setup.cfg'
        text = setup_cfg.read_text(encoding='utf-8')
        head, section, _ = text.partition('[egg_info]')
        self.assertNotEqual('', section)
        setup_cfg.write_text(f'# As committed.\n{head}', encoding='utf-8')
        repo = self.useFixture(gitrepo.GitRepository(top))
        repo.git('add', '--all', '--force')
        return repo, repo.commit()

    def holds(self, project: str, version: str) -> None:
        """Hold a release against its own files: nothing is unknown."""
        self.download(project, version)
        repo, commit = self.committed()
        releases = self.useFixture(gitrepo.GitRepository())
        releases.write(
            f'deliverables/demo/{project}.yaml',
            gitrepo.deliverable(version, f'openstack/{project}', commit),
        )
        releases.commit()
        result = scene.run(
            [
                *('publish', str(self.dist), '-f', 'json', '--dry-run'),
                *('--releases', str(releases.root)),
                *('--repository-url', self.index.upload_url),
                *('--source-tree', str(repo.root)),
            ],
            {'HOME': str(self.directory)},
        )
        # pbr.json names the commit that was really built.
        self.assertIn('OSP110', result.codes, result.stdout + result.stderr)
        of_source = {f'OSP{number}' for number in range(115, 120)}
        self.assertEqual(set(), of_source & result.codes, result.stdout)

    def test_os_vif(self) -> None:
        self.holds('os-vif', '5.2.0')

    def test_a_package_with_data_files(self) -> None:
        self.holds('ironic-python-agent-builder', '7.4.0')

    def test_a_package_with_scripts(self) -> None:
        self.holds('diskimage-builder', '3.43.0')
