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


"""The playbook of the watch's periodic job, as it stands in the examples."""

from __future__ import annotations

import json
import os
import pathlib
import subprocess
import sys

import testtools

from openstack_publish.rehearsal import replies
from tests.ansible import executor
from tests.support import vigil

PLAYBOOK = executor.ROOT / 'examples' / 'watch' / 'playbook.yaml'
BINARIES = pathlib.Path(sys.executable).parent
READS: tuple[replies.Route, ...] = ('json', 'simple')


class TestPlaybook(testtools.TestCase):
    """Builds, one after the other, as Zuul starts them."""

    def setUp(self) -> None:
        super().setUp()
        self.vigil = self.useFixture(vigil.Vigil())
        self.kept = self.vigil.directory / 'afs' / 'watch.state'
        self.kept.parent.mkdir()
        self.builds = 0

    def play(self) -> subprocess.CompletedProcess[str]:
        """Run it in a work root of its own."""
        self.builds += 1
        work = self.vigil.directory / f'build-{self.builds}'
        sources = work / 'src' / 'opendev.org' / 'openstack'
        config = sources / 'project-config' / 'zuul.d'
        config.mkdir(parents=True)
        (config / 'projects.yaml').write_text(
            '- project:\n'
            f'    name: openstack/{vigil.PROJECT}\n'
            '    templates: [publish-to-pypi]\n'
        )
        self.vigil.origin.git('clone', '--quiet', '.', f'{sources}/releases')
        given = work / 'variables.json'
        given.write_text(
            json.dumps(
                {
                    'zuul': {
                        'executor': {
                            'work_root': str(work),
                            'src_root': str(work / 'src'),
                        }
                    },
                    'watch_state': str(self.kept),
                    'watch_read_url': self.vigil.index.url,
                    'watch_mail_to': vigil.LIST,
                    'watch_mail_from': vigil.SENDER,
                    'watch_smtp': f'127.0.0.1:{self.vigil.mail.port}',
                }
            )
        )
        return subprocess.run(
            [
                str(BINARIES / 'ansible-playbook'),
                *('--inventory', 'localhost,', '--connection', 'local'),
                *('--extra-vars', f'@{given}', str(PLAYBOOK)),
            ],
            env={
                'ANSIBLE_LOCAL_TEMP': str(work / '.ansible' / 'local'),
                'ANSIBLE_REMOTE_TEMP': str(work / '.ansible' / 'remote'),
                'ANSIBLE_PYTHON_INTERPRETER': sys.executable,
                'HOME': str(work),
                'LC_ALL': 'C.UTF-8',
                'PATH': f'{BINARIES}:{os.environ["PATH"]}',
            },
            capture_output=True,
            text=True,
            timeout=executor.LIMIT,
            check=False,
        )

    def test_what_was_told_is_kept_from_one_build_to_the_next(self) -> None:
        self.vigil.index.store.add_role(vigil.PROJECT, 'eve', 'Owner')
        for _ in range(2):
            played = self.play()
            self.assertEqual(0, played.returncode, played.stdout)
        self.assertEqual(['OSP807'], self.vigil.mailed())

    def test_a_build_that_could_not_know_fails_and_keeps_it_too(self) -> None:
        self.vigil.index.faults.set('server-error', routes=READS)
        self.assertNotEqual(0, self.play().returncode)
        self.assertTrue(self.kept.exists())

    def test_without_another_index_it_asks_the_one_of_the_program(
        self,
    ) -> None:
        """No option is left without its value."""
        text = PLAYBOOK.read_text(encoding='utf-8')
        self.assertNotIn('omit', text)
        self.assertIn('if watch_read_url is defined else []', text)
