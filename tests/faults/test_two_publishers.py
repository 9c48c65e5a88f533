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

"""Two jobs publish one release at the same moment."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import pathlib
import shutil
import subprocess
import sys
import threading

from openstack_publish.rehearsal import release as releases
from openstack_publish.rehearsal import replies
from tests.faults import matrix
from tests.functional import base
from tests.support import receipts

PATIENCE = 10.0
"""How long a job waits for the other one at its upload, in seconds."""

LIMIT = 120
"""Longest run of a process, in seconds; one takes 1."""


class Job:
    """A publisher with a directory of its own."""

    def __init__(self, place: pathlib.Path, command: list[str]) -> None:
        self.place = place
        self._command = command
        self.code = -1
        self.receipt: receipts.Document = {}

    def run(self, environment: dict[str, str]) -> None:
        """Publish."""
        done = subprocess.run(
            self._command,
            env=environment,
            capture_output=True,
            text=True,
            timeout=LIMIT,
        )
        self.code = done.returncode
        self.receipt = json.loads(done.stdout)
        receipts.validate(self.receipt)

    def codes(self) -> set[str]:
        """Return the codes of the findings that refuse."""
        return {
            each['code']
            for each in self.receipt['findings']
            if each['severity'] == 'error' and each['verdict'] != 'noted'
        }

    def refusals(self) -> str:
        """Return what the findings say that refuse."""
        return '; '.join(
            each['message']
            for each in self.receipt['findings']
            if each['severity'] == 'error' and each['verdict'] != 'noted'
        )

    @property
    def short(self) -> str:
        """Exit code and outcome."""
        return f'{self.code} {self.receipt["outcome"]}'


class TestTwo(base.SceneTest):
    """Both jobs have come to the upload before one of them stores a file."""

    def job(self, name: str) -> Job:
        """Return a publisher of the same files from another directory."""
        place = self.scene.directory / name
        shutil.copytree(self.scene.dist, place)
        words = self.scene.arguments('--wait', '5')
        words[words.index(str(self.scene.dist))] = str(place)
        return Job(place, [sys.executable, '-m', 'openstack_publish', *words])

    def environment(self) -> dict[str, str]:
        """Return what a job finds in its environment."""
        return {**os.environ, 'TWINE_PASSWORD': self.scene.token}

    def play(self, *jobs: Job) -> None:
        """Run both; neither stores its first file before the other may.

        One that is refused before it uploads is not waited for.
        """
        gate = threading.Barrier(len(jobs), timeout=PATIENCE)
        met: set[str] = set()

        def wait(request: replies.Request) -> None:
            if len(met) < len(jobs):
                met.add(str(len(met)))
                with contextlib.suppress(threading.BrokenBarrierError):
                    gate.wait()

        hooks = self.scene.index.faults.before_commit
        hooks.append(wait)
        environment = self.environment()
        threads = [
            threading.Thread(target=job.run, args=(environment,))
            for job in jobs
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(LIMIT)
        hooks.clear()

    def on_index(self) -> dict[str, str]:
        """Return the digest of each file of the release there."""
        files = self.scene.index.store.release(
            self.scene.project, self.scene.version
        ).files
        return {name: file.digests.sha256 for name, file in files.items()}

    def test_the_same_bytes_are_stored_once_and_both_agree_later(
        self,
    ) -> None:
        with matrix.played('same bytes', 'two', 'step 12') as played:
            jobs = [self.job('one'), self.job('two')]
            self.play(*jobs)
            played.first = ', '.join(sorted(job.short for job in jobs))
            # They share where the archive stages, and one signature alone is
            # kept there: whoever is in the other's way says so, and agrees
            # when it is run again without a signature of its own.
            for job in jobs:
                if job.code != 0:
                    self.assertIn(job.code, (3, 4), played.first)
                    self.assertEqual({'OSP709'}, job.codes())
                for path in job.place.glob('*.asc'):
                    if 'receipt' not in path.name:
                        path.unlink()
            for job in jobs:
                job.run(self.environment())
                self.assertEqual(0, job.code, job.refusals())
            self.assertEqual(sorted(self.scene.filenames), self.scene.listed())
            self.assertEqual(2, self.scene.index.store.stored)
            for job in jobs:
                self.assertEqual(self.on_index(), _digests(job.receipt))
            self.assertArchived()

    def test_of_different_bytes_one_wins_and_nothing_is_mixed(self) -> None:
        with matrix.played('different bytes', 'two', 'step 12') as played:
            jobs = [self.job('one'), self.job('two')]
            made = releases.rebuilt(self.scene.release, os.environ)
            self.addCleanup(
                shutil.rmtree, os.path.dirname(made.distributions[0])
            )
            for path in made.distributions:
                shutil.copy2(path, jobs[1].place)
            self.play(*jobs)
            played.first = ', '.join(sorted(job.short for job in jobs))
            if {job.code for job in jobs} == {3}:
                # Each has seen the other's bytes where its own were staged,
                # before it sent anything.
                self.assertEqual([], self.scene.listed())
                jobs[0].run(self.environment())
            self.assertIn(
                0,
                [job.code for job in jobs],
                '; '.join(job.refusals() for job in jobs),
            )
            (won,) = (job for job in jobs if job.code == 0)
            (lost,) = (job for job in jobs if job.code != 0)
            self.assertIn(lost.code, (1, 3), played.first)
            self.assertEqual(
                {'not-uploaded'},
                {each['step'] for each in lost.receipt['artifacts']},
            )
            self.assertEqual(self.on_index(), _digests(won.receipt))
            self.assertArchived()

    def assertArchived(self) -> None:
        """The archive holds what the index does, and its signatures."""
        place = self.scene.archive / self.scene.release.repo
        held = {
            path.name: hashlib.sha256(path.read_bytes()).hexdigest()
            for path in place.iterdir()
            if path.is_file() and path.suffix != '.asc'
        }
        self.assertEqual(self.on_index(), held)
        self.assertEqual(
            sorted(f'{name}.asc' for name in held),
            sorted(path.name for path in place.glob('*.asc')),
        )


def _digests(receipt: receipts.Document) -> dict[str, str]:
    return {each['filename']: each['sha256'] for each in receipt['artifacts']}
