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

"""A signal after the begin-line of each of the fifteen steps.

One module a signal, so that two workers share the fifteen cases of each.
"""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
from collections.abc import Callable
from typing import ClassVar

from openstack_publish.gates.openpgp import home
from openstack_publish.proof import steps
from tests.functional import base
from tests.support import keys
from tests.support import receipts
from tests.support import scene

LIMIT = 120
"""Longest run of a process, in seconds; one takes 1."""


class KilledTest(base.SceneTest):
    """Runs that are stopped; a subclass gets a test for each step.

    :cvar number: the signal that stops them
    """

    number: ClassVar[signal.Signals]

    def __init_subclass__(cls) -> None:
        for step in steps.STEPS:
            name = f'test_stopped_in_step_{step:02}_the_next_run_finishes'
            setattr(cls, name, _case(step))

    def setUp(self) -> None:
        super().setUp()
        self.temporary = self.scene.directory / 't'
        self.temporary.mkdir()

    def environment(self) -> dict[str, str]:
        return {
            **os.environ,
            'TMPDIR': str(self.temporary),
            'TWINE_PASSWORD': self.scene.token,
        }

    def command(self) -> list[str]:
        words = self.scene.arguments('--wait', '60')
        return [sys.executable, '-m', 'openstack_publish', *words]

    def stopped(self, step: int) -> scene.Result:
        """Publish; send the signal once a step's begin-line was written."""
        process = subprocess.Popen(
            self.command(),
            env=self.environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        assert process.stderr is not None
        said = ''
        for line in process.stderr:
            said += line
            if line.startswith(f'{step}/15 '):
                process.send_signal(self.number)
                break
        stdout, rest = process.communicate(timeout=LIMIT)
        return scene.Result(process.returncode, stdout, said + rest)

    def again(self) -> scene.Result:
        """Give the same command again."""
        done = subprocess.run(
            self.command(),
            env=self.environment(),
            capture_output=True,
            text=True,
            timeout=LIMIT,
        )
        return scene.Result(done.returncode, done.stdout, done.stderr)

    def check(self, step: int) -> None:
        """Stop a run, look at what it left, and finish the release."""
        scene = self.scene
        result = self.stopped(step)
        self.assertIn(f'{step}/15 ', result.stderr)
        if self.number == signal.SIGKILL:
            self.assertEqual(-signal.SIGKILL, result.code, result.stderr)
            for path in self.temporary.iterdir():
                self.assertTrue(path.name.startswith(home.PREFIX), path)
                self.assertEqual(0o700, stat.S_IMODE(path.stat().st_mode))
        else:
            self.assertTold(result)
            self.assertNothingLeft()
        held = set(scene.listed())
        scene.index.forget_requests()

        result = self.again()
        self.assertEqual(0, result.code, result.stdout + result.stderr)
        self.assertEqual(sorted(scene.filenames), scene.listed())
        self.assertEqual(2, scene.index.store.stored)
        posted = {str(sent.filename) for sent in scene.index.uploads}
        self.assertEqual(set(), held & posted, 'posted twice')
        written = self.written()
        self.assertEqual('published', written['outcome'])
        if result.receipt['outcome'] != 'nothing-to-do':
            self.assertEqual(result.receipt, written)
        signed = [f'{name}.asc' for name in scene.filenames]
        self.assertEqual(
            sorted(
                f'{scene.release.repo}/{name}'
                for name in [*scene.filenames, *signed]
            ),
            scene.archived(),
        )
        receipt = scene.receipt_path.name
        self.assertEqual(
            {*scene.filenames, *signed, receipt, f'{receipt}.asc'},
            {path.name for path in scene.dist.iterdir()},
        )
        self.assertNothingLeft()

    def assertTold(self, result: scene.Result) -> None:
        """The exit code and the one document say how far it came."""
        began_upload = '\n12/15 ' in f'\n{result.stderr}'
        began_receipt = '\n15/15 ' in f'\n{result.stderr}'
        if self.scene.index.uploads:
            allowed = {4, 0} if began_receipt else {4}
        else:
            # Between its last look at the file and its first byte a run
            # cannot know, and says 4.
            allowed = {3, 4} if began_upload else {3}
        self.assertIn(result.code, allowed, result.stdout + result.stderr)
        document = result.receipt
        self.assertEqual(result.code, document['exit_code'])
        if result.code != 0:
            self.assertEqual('failed', result.finding('OSP706')['verdict'])
            self.assertIn('openstack-publish publish ', result.stderr)
        if result.code == 4:
            self.assertEqual(document, self.written())
        self.assertNotIn('Traceback', result.stderr)

    def assertNothingLeft(self) -> None:
        """No key and no agent is left where the run had its own."""
        self.assertEqual([], list(self.temporary.iterdir()))
        self.assertEqual([], keys.agents_left(str(self.temporary)))

    def written(self) -> receipts.Document:
        """The receipt on disk."""
        document: receipts.Document = json.loads(
            self.scene.receipt_path.read_text('utf-8')
        )
        receipts.validate(document)
        return document


def _case(step: int) -> Callable[[KilledTest], None]:
    def test(self: KilledTest) -> None:
        self.check(step)

    test.__doc__ = f'Stopped after {step}/15 was written.'
    return test
