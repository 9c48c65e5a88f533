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

"""Release jobs in processes of their own, which stop where they are told."""

from __future__ import annotations

import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys

from tests.support import receipts
from tests.support import scene

LIMIT = 120
"""Longest run of a process, in seconds; one takes 1."""

MOMENTS = {
    'step 11': (11, 'open', 'archive'),
    'step 12': (12, 'os.rename', 'receipt.json'),
    'step 12, placing': (12, 'os.link', 'archive'),
}
"""Where a job can be stopped: the step, and Python's audit event in it with
a part of its arguments. Before it stages anything; before it uploads
anything; when the index has stored the first file."""


class Job:
    """A publisher with files of its own.

    :param stage: with the index and the archive that it publishes to
    :param name: of the directory that gets a copy of the distributions
    :param archive: whether it writes the archive
    """

    def __init__(
        self, stage: scene.Stage, name: str, *, archive: bool = True
    ) -> None:
        self.place = stage.directory / name
        shutil.copytree(stage.dist, self.place)
        words = stage.arguments('--wait', '5')
        words[words.index(str(stage.dist))] = str(self.place)
        if not archive:
            named = words.index('--archive')
            del words[named : named + 2]
        self._words = words
        self._aside = stage.directory / f'{name}-aside'
        self._aside.mkdir()
        self._environment = {**os.environ, 'TWINE_PASSWORD': stage.token}
        self._process: subprocess.Popen[bytes] | None = None
        self.code = -1
        self.receipt: receipts.Document = {}

    def start(self, moment: str | None = None) -> None:
        """Begin to publish.

        :param moment: one of those where the job stops, until it goes on
        """
        step, event, match = (
            (1, None, None) if moment is None else MOMENTS[moment]
        )
        plan = {
            'step': step,
            'flag': str(self._aside / 'flag'),
            'event': event,
            'match': match,
            'seen': str(self._aside / 'seen'),
            'number': signal.SIGSTOP,
        }
        with self._out.open('wb') as out, self._err.open('wb') as err:
            self._process = subprocess.Popen(
                [
                    *(sys.executable, '-m', 'tests.faults.child'),
                    json.dumps(plan),
                    *self._words,
                ],
                env=self._environment,
                stdout=out,
                stderr=err,
            )

    def has_stopped(self) -> bool:
        """Wait until it has stopped or ended, and say whether it stopped."""
        found = os.waitid(
            os.P_PID, self._pid, os.WSTOPPED | os.WEXITED | os.WNOWAIT
        )
        return found is not None and found.si_code == os.CLD_STOPPED

    def go_on(self) -> None:
        """Let it go on where it has stopped."""
        if self.has_stopped():
            # What is known of the stop goes with this.
            os.waitid(os.P_PID, self._pid, os.WSTOPPED)
            os.kill(self._pid, signal.SIGCONT)

    def end(self) -> None:
        """Wait until it has ended, and read what it says."""
        if self._process is None:
            return
        self.code = self._process.wait(LIMIT)
        self._process = None
        text = self._out.read_text()
        assert text, self._err.read_text()
        self.receipt = json.loads(text)
        receipts.validate(self.receipt)

    def run(self) -> None:
        """Publish, without a stop."""
        self.start()
        self.end()

    def give_up(self) -> None:
        """End it, whatever it does."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(LIMIT)

    @property
    def _pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    @property
    def _out(self) -> pathlib.Path:
        return self._aside / 'out'

    @property
    def _err(self) -> pathlib.Path:
        return self._aside / 'err'

    def codes(self) -> set[str]:
        """Return the codes of all findings."""
        return {each['code'] for each in self.receipt['findings']}

    def steps(self) -> set[str]:
        """Return what became of the distributions."""
        return {each['step'] for each in self.receipt['artifacts']}

    def refusals(self) -> str:
        """Return what the findings say that refuse."""
        return '; '.join(
            f'{each["code"]} {each["message"]}'
            for each in self.receipt['findings']
            if each['severity'] == 'error' and each['verdict'] != 'noted'
        )

    def digests(self) -> dict[str, str]:
        """Return the SHA-256 of each distribution, from the receipt."""
        return {
            each['filename']: each['sha256']
            for each in self.receipt['artifacts']
        }

    def signatures(self) -> dict[str, str]:
        """Return the SHA-256 of each signature, from the receipt."""
        return {
            each['signature']['filename']: each['signature']['sha256']
            for each in self.receipt['artifacts']
        }

    @property
    def short(self) -> str:
        """Exit code and outcome."""
        return f'{self.code} {self.receipt["outcome"]}'
