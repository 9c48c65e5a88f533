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

"""Where the program ends."""

from __future__ import annotations

import os
import subprocess
import sys

import testtools

READER_GOES = """\
import os
import sys

from openstack_publish.cli import application
from openstack_publish.cli import main

reading, writing = os.pipe()
os.dup2(writing, 1)


def run(argv, received):
    sys.stdout.write('held back')
    os.close(reading)
    END


application.run = run
sys.exit(main.main())
"""


class TestEnd(testtools.TestCase):
    def test_a_reader_that_goes_at_the_end_changes_no_exit_code(self) -> None:
        """As in ``rule | head``, and in ``--help | head``."""
        for end in ('return 4', 'sys.exit(4)'):
            done = subprocess.run(
                [sys.executable, '-c', READER_GOES.replace('END', end)],
                # Else nothing is held back.
                env={**os.environ, 'PYTHONUNBUFFERED': ''},
                capture_output=True,
                text=True,
                timeout=60,
                check=False,
            )
            self.assertEqual((4, ''), (done.returncode, done.stderr), end)
