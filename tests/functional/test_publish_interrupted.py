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

"""A run that a signal ends, and the run after it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys

from tests.functional import base


class TestInterrupted(base.SceneTest):
    def interrupt(self, step: int, number: signal.Signals) -> tuple[int, str]:
        """Send a signal once a step's begin-line was written."""
        process = subprocess.Popen(
            [
                *(sys.executable, '-m', 'openstack_publish'),
                *self.scene.arguments(),
            ],
            env={**os.environ, 'TWINE_PASSWORD': self.scene.token},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.addCleanup(process.wait)
        assert process.stderr is not None
        assert process.stdout is not None
        for line in process.stderr:
            if line.startswith(f'{step}/15 '):
                process.send_signal(number)
                break
        stdout, _ = process.communicate(timeout=60)
        return process.returncode, stdout

    def completed(self) -> None:
        """Run again: the same end, and no file was stored twice."""
        result = self.scene.publish('--wait', '60')
        self.assertEqual(0, result.code, result.stdout + result.stderr)
        self.assertEqual(sorted(self.scene.filenames), self.scene.listed())
        self.assertEqual(2, self.scene.index.store.stored)
        written = json.loads(self.scene.receipt_path.read_text('utf-8'))
        self.assertEqual('published', written['outcome'])
        names = [f'{name}.asc' for name in self.scene.filenames]
        names += self.scene.filenames
        self.assertEqual(
            sorted(f'{self.scene.release.repo}/{name}' for name in names),
            self.scene.archived(),
        )

    def test_a_signal_before_the_first_post_exits_3(self) -> None:
        code, stdout = self.interrupt(8, signal.SIGTERM)
        self.assertEqual(3, code)
        self.assertEqual('unavailable', json.loads(stdout)['outcome'])
        self.assertSentNothing()
        self.completed()

    def test_a_signal_after_the_first_post_exits_4(self) -> None:
        code, stdout = self.interrupt(13, signal.SIGINT)
        self.assertEqual(4, code, stdout)
        document = json.loads(stdout)
        self.assertEqual('unconfirmed', document['outcome'])
        self.assertIn(
            'OSP706', [found['code'] for found in document['findings']]
        )
        self.completed()

    def test_a_kill_while_uploading_is_completed_by_the_next_run(self) -> None:
        self.interrupt(12, signal.SIGKILL)
        self.completed()
