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

"""A run whose output nobody reads any more, and one that never began."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Sequence

from tests.functional import base
from tests.support import scene


class TestReadersThatGo(base.SceneTest):
    def start(self, words: Sequence[str]) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, '-m', 'openstack_publish', *words],
            env={**os.environ, 'TWINE_PASSWORD': self.scene.token},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert process.stdout is not None
        assert process.stderr is not None
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.stderr.close)
        return process

    def test_progress_that_nobody_reads_breaks_nothing_off(self) -> None:
        process = self.start(self.scene.arguments())
        assert process.stderr is not None
        assert process.stdout is not None
        process.stderr.readline()
        process.stderr.close()
        document = json.loads(process.stdout.read())
        self.assertEqual(0, process.wait(60))
        self.assertEqual('published', document['outcome'])
        self.assertEqual(sorted(self.scene.filenames), self.scene.listed())

    def test_the_exit_code_tells_where_nobody_reads_the_receipt(self) -> None:
        self.scene.index.faults.set('co-maintainer-added')
        process = self.start(self.scene.arguments())
        assert process.stderr is not None
        assert process.stdout is not None
        process.stdout.close()
        told = process.stderr.read()
        self.assertEqual(4, process.wait(60), told)
        self.assertIn('15/15 Receipt', told)

    def test_a_signal_before_any_step_is_begun_exits_3(self) -> None:
        # Python says so once it begins to load our command line.
        process = subprocess.Popen(
            [
                *(sys.executable, '-v', '-m', 'openstack_publish'),
                *self.scene.arguments(),
            ],
            env={**os.environ, 'TWINE_PASSWORD': self.scene.token},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        assert process.stderr is not None
        for line in process.stderr:
            if 'openstack_publish.assembly.to_publish' in line or (
                'openstack_publish/assembly/to_publish.py' in line
            ):
                process.send_signal(signal.SIGTERM)
                break
        stdout, _ = process.communicate(timeout=60)
        self.assertEqual(3, process.returncode)
        if stdout:
            # All was loaded before it could end.
            result = scene.Result(process.returncode, stdout, '')
            self.assertEqual({'OSP706'}, result.codes)

    def test_a_log_file_that_cannot_be_written_is_wrong_usage(self) -> None:
        log = str(self.scene.directory / 'none' / 'log')
        result = scene.run(['--log-file', log, *self.scene.arguments()], {})
        self.assertEqual((2, ''), (result.code, result.stdout))

    def test_the_command_to_type_next_shows_no_password(self) -> None:
        url = self.scene.index.upload_url.replace('//', '//me:sesame@')
        words = [*self.scene.arguments(), '--repository-url', url]
        words += ['--read-url', self.scene.index.url, '--commit', 'f' * 40]
        result = scene.run(words, {'TWINE_PASSWORD': self.scene.token})
        self.assertEqual({'OSP105'}, result.codes)
        self.assertIn('mended: openstack-publish publish', result.stderr)
        self.assertNotIn('sesame', result.stdout + result.stderr)
