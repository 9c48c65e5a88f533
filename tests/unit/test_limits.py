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

"""A test that hangs does not keep the others waiting without end."""

from __future__ import annotations

import pathlib
import subprocess
import sys

import testtools

ROOT = pathlib.Path(__file__).resolve().parents[2]

HANGS = """\
import threading
import unittest
import testtools
from tests.support import limits

limits.SECONDS = 0.5

class TestIt(testtools.TestCase):
    def test_it(self):
        print('began', flush=True)
        {}

unittest.main(verbosity=0)

"""


class TestLimit(testtools.TestCase):
    def run_test(self, hangs: str) -> tuple[int, str]:
        done = subprocess.run(
            [sys.executable, '-c', HANGS.format(hangs)],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=60,
        )
        self.assertEqual('began\n', done.stdout, done.stderr)
        return done.returncode, done.stderr

    def test_one_that_hangs_ends_its_process_and_is_shown(self) -> None:
        code, errors = self.run_test('threading.Event().wait()')
        self.assertEqual(1, code)
        self.assertIn('Timeout (0:00:00.500000)!', errors)
        self.assertIn('in test_it', errors)

    def test_one_that_leaves_a_thread_behind_does_so_too(self) -> None:
        code, errors = self.run_test(
            'threading.Thread(target=threading.Event().wait).start()'
        )
        self.assertEqual(1, code)
        self.assertIn('in _shutdown', errors)

    def test_one_that_ends_in_time_is_left_alone(self) -> None:
        self.assertEqual(0, self.run_test('pass')[0])
