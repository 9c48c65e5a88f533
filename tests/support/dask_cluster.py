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

"""A Dask cluster on loopback: a scheduler and workers, real processes."""

from __future__ import annotations

import os
import pathlib
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping

import fixtures

ROOT = pathlib.Path(__file__).resolve().parents[2]

SECONDS = 60.0
"""Longest wait for a process to say something; it takes two."""

_ADDRESS = re.compile(r'Scheduler at:\s+(t\w+://\S+)')
_REGISTERED = re.compile(r'Start worker at:\s+(t\w+://\S+)')
_AT_WORK = 'Starting established connection'


class Program:
    """A process of Dask's, whose words are read all the time.

    :param words: after ``dask``
    :param ready: the word after which it is
    """

    def __init__(
        self,
        words: list[str],
        address: re.Pattern[str],
        ready: str,
        environment: Mapping[str, str],
    ) -> None:
        self.address = ''
        self._pattern = address
        self._word = ready
        self._ready = threading.Event()
        self._process = subprocess.Popen(
            [sys.executable, '-m', 'dask', *words],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            env={
                **os.environ,
                # The functions of the tests have to be found there, too.
                'PYTHONPATH': str(ROOT),
                'PYTHONSAFEPATH': '1',
                **environment,
            },
        )
        self.said: list[str] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    def wait_until_ready(self) -> None:
        """Wait until it does what it is for."""
        if not self._ready.wait(SECONDS) or not self.address:
            raise AssertionError(''.join(self.said))

    @property
    def ended(self) -> bool:
        """Whether it is there no more."""
        return self._process.poll() is not None

    def kill(self) -> None:
        """End it without a word."""
        self.stop(signal.SIGKILL)

    def stop(self, number: signal.Signals = signal.SIGTERM) -> None:
        """End it, and wait for its end."""
        self._process.send_signal(number)
        try:
            self._process.wait(SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        # What it started may live on a while, and write to the same place.
        self._reader.join(SECONDS)

    def _read(self) -> None:
        assert self._process.stderr is not None
        with self._process.stderr as lines:
            for line in lines:
                self.said.append(line)
                found = self._pattern.search(line)
                if found is not None:
                    self.address = found[1]
                if self._word in line:
                    self._ready.set()
        self._ready.set()


class DaskCluster(fixtures.Fixture):
    """A scheduler and some workers, without nannies.

    :param workers: how many there are at first
    :param threads: of each worker
    :param environment: of scheduler and workers, beside ours
    :param words: options of both, such as those of TLS
    """

    def __init__(
        self,
        workers: int = 2,
        environment: Mapping[str, str] | None = None,
        words: tuple[str, ...] = (),
        *,
        threads: int = 2,
    ) -> None:
        super().__init__()
        self._count = workers
        self._environment = dict(environment or {})
        self._words = words
        self._threads = threads

    def _setUp(self) -> None:
        # Short: GnuPG's sockets lie below the temporary directory.
        self.directory = pathlib.Path(self.useFixture(fixtures.TempDir()).path)
        self.scheduler = self._started(
            [
                *('scheduler', '--port', '0'),
                *('--dashboard-address', '127.0.0.1:0'),
            ],
            _ADDRESS,
            'Scheduler at:',
            {},
        )
        self.scheduler.wait_until_ready()
        self.workers = [self._worker({}) for _ in range(self._count)]
        for worker in self.workers:
            worker.wait_until_ready()

    @property
    def address(self) -> str:
        """Of the scheduler."""
        return self.scheduler.address

    def add_worker(
        self, environment: Mapping[str, str] | None = None
    ) -> Program:
        """Let one more worker join, and wait until it has."""
        worker = self._worker(environment or {})
        self.workers.append(worker)
        worker.wait_until_ready()
        return worker

    def end(
        self, worker: Program, number: signal.Signals = signal.SIGTERM
    ) -> None:
        """End one of the workers."""
        self.workers.remove(worker)
        worker.stop(number)

    def forget_the_ended(self) -> None:
        """Forget the workers that are there no more."""
        self.workers = [one for one in self.workers if not one.ended]

    def _worker(self, environment: Mapping[str, str]) -> Program:
        return self._started(
            [
                *('worker', self.address, '--no-nanny'),
                *('--nthreads', str(self._threads)),
                *('--no-dashboard', '--local-directory', str(self.directory)),
            ],
            _REGISTERED,
            _AT_WORK,
            {'TMPDIR': str(self.directory), **environment},
        )

    def _started(
        self,
        words: list[str],
        address: re.Pattern[str],
        ready: str,
        environment: Mapping[str, str],
    ) -> Program:
        program = Program(
            [*words, '--host', '127.0.0.1', *self._words],
            address,
            ready,
            {**self._environment, **environment},
        )
        self.addCleanup(program.stop)
        return program
