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

import hashlib
import os
import shutil
from collections.abc import Callable
from collections.abc import Mapping
from typing import ClassVar

import testtools

from openstack_publish.rehearsal import release as releases
from tests.faults import jobs
from tests.faults import matrix
from tests.support import keys
from tests.support import plain
from tests.support import scene

ORDERS = ('one first', 'the other first', 'both at once')
"""How they go on when both have come to the same moment."""


def _case(moment: str, order: str) -> Callable[[TwoTest], None]:
    def test(self: TwoTest) -> None:
        place = f'{moment}: {order}'
        with matrix.played(self.fault, 'two', place) as cell:
            self.play(moment, order)
            self.check(cell)

    test.__doc__ = f'Both have come to {moment}, and go on: {order}.'
    return test


class TwoTest(testtools.TestCase):
    """A subclass gets a test for each moment and order.

    :cvar moments: where both jobs stop before either goes on
    :cvar fault: what is written of it in the matrix
    """

    moments: ClassVar[tuple[str, ...]] = ()
    fault: ClassVar[str] = ''
    archive: ClassVar[bool] = True

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        for moment in cls.moments:
            for order in ORDERS:
                words = f'{moment} {order}'.replace(',', '').replace(' ', '_')
                setattr(cls, f'test_{words}', _case(moment, order))

    def setUp(self) -> None:
        super().setUp()
        self.stage = self.make_stage()
        self.both = [
            jobs.Job(self.stage, name, archive=self.archive)
            for name in ('one', 'two')
        ]
        for job in self.both:
            self.addCleanup(job.give_up)

    def make_stage(self) -> scene.Stage:
        """Return a stage with an index that has nothing of the release."""
        return self.useFixture(scene.Scene())

    def on_index(self) -> Mapping[str, str]:
        """Return the digest of each file of the release there."""
        assert isinstance(self.stage, scene.Scene)
        store = self.stage.index.store
        release = store.release(self.stage.project, self.stage.version)
        return {
            name: file.digests.sha256 for name, file in release.files.items()
        }

    def on_archive(self) -> Mapping[str, str]:
        """Return the digest of each file there, hidden ones too."""
        repo = f'{self.stage.release.repo}/'
        return {
            name.removeprefix(repo): _digest(
                (self.stage.archive / name).read_bytes()
            )
            for name in self.stage.archived()
        }

    def play(self, moment: str, order: str) -> None:
        """Run both jobs until they have ended."""
        for job in self.both:
            job.start(moment)
        stopped = [job.has_stopped() for job in self.both]
        self.assertIn(True, stopped, moment)
        one, other = self.both if order != ORDERS[1] else self.both[::-1]
        one.go_on()
        if order != ORDERS[2]:
            one.end()
        other.go_on()
        for job in self.both:
            job.end()

    def check(self, cell: matrix.Played) -> None:
        """Look at what both have left, and run both again."""
        raise NotImplementedError

    def assertHeld(self, won: jobs.Job) -> None:
        """Index and archive hold what a receipt names, and nothing else."""
        self.assertEqual(won.digests(), self.on_index())
        if self.archive:
            self.assertEqual(
                {**won.digests(), **won.signatures()}, self.on_archive()
            )


class SameBytesTest(TwoTest):
    """Both have the same files, and each has its own signatures."""

    def setUp(self) -> None:
        super().setUp()
        ring = self.useFixture(keys.Keyring())
        ring.gpg('--import', self.stage.release.secret_key_file)
        for name in self.stage.filenames:
            path = self.both[1].place / name
            # Not as the other job signs, even in the same second.
            ring.gpg(
                *('--digest-algo', 'SHA384', '--armor', '--detach-sign'),
                str(path),
            )

    def check(self, cell: matrix.Played) -> None:
        for _ in range(2):
            for job in self.both:
                self.assertEqual(0, job.code, job.refusals())
                self.assertHeld(job)
                for name, sha256 in job.signatures().items():
                    beside = (job.place / name).read_bytes()
                    self.assertEqual(sha256, _digest(beside))
            if not cell.first:
                cell.first = _short(self.both)
                self.assertOneSigned()
                for job in self.both:
                    job.run()
        cell.second = _short(self.both)

    def assertOneSigned(self) -> None:
        """One job has taken the other's signatures, and says so."""
        one, two = self.both
        self.assertEqual(one.signatures(), two.signatures())
        told = ['OSP523' in job.codes() for job in self.both]
        self.assertEqual([False, True], sorted(told))


class TestSameBytes(SameBytesTest):
    moments = tuple(jobs.MOMENTS)
    fault = 'same bytes'


class TestSameBytesWithoutArchive(SameBytesTest):
    """There is nothing to agree on a signature with."""

    moments = ('step 12',)
    fault = 'same bytes, no archive'
    archive = False

    def assertOneSigned(self) -> None:
        one, two = self.both
        self.assertNotEqual(one.signatures(), two.signatures())


class TestSameBytesOnPlain(SameBytesTest):
    """The index keeps the signatures that it gets."""

    moments = ('step 11', 'step 12')
    fault = 'same bytes, plain index'
    server: plain.PypiServer

    def make_stage(self) -> scene.Stage:
        self.server = plain.PypiServer('--disable-fallback')
        self.addCleanup(self.server.stop)
        return self.useFixture(
            plain.PlainStage(self.server.upload_url, self.server.simple_url)
        )

    def on_index(self) -> Mapping[str, str]:
        held = {
            path.name: _digest(path.read_bytes())
            for path in self.server.packages.iterdir()
        }
        signed = self.both[0].signatures()
        self.assertLessEqual(signed.items(), held.items())
        return {name: held[name] for name in held.keys() - signed.keys()}


class OtherBytesTest(TwoTest):
    """The second job has built the release again."""

    def setUp(self) -> None:
        super().setUp()
        made = releases.rebuilt(self.stage.release, os.environ)
        self.addCleanup(shutil.rmtree, os.path.dirname(made.distributions[0]))
        for path in made.distributions:
            if os.path.basename(path) in self.rebuilt():
                shutil.copy2(path, self.both[1].place)

    def rebuilt(self) -> list[str]:
        """Return the names of the files that have other bytes."""
        return self.stage.filenames

    def check(self, cell: matrix.Played) -> None:
        cell.first = _short(self.both)
        said = '; '.join(job.refusals() for job in self.both)
        self.assertIn(0, [job.code for job in self.both], said)
        (won,) = (job for job in self.both if job.code == 0)
        (lost,) = (job for job in self.both if job.code != 0)
        self.assertLost(lost, won)
        self.assertHeld(won)
        for job in (lost, won):
            job.run()
        cell.second = _short(self.both)
        self.assertEqual((0, 1), (won.code, lost.code), lost.refusals())
        self.assertLost(lost, won)
        self.assertHeld(won)

    def assertLost(self, lost: jobs.Job, won: jobs.Job) -> None:
        """A job was refused, and says for whose bytes."""
        self.assertIn(lost.code, (1, 3, 4))
        told = [
            name
            for name in self.rebuilt()
            if won.digests()[name] in lost.refusals()
        ]
        self.assertNotEqual([], told, lost.refusals())
        for artifact in lost.receipt['artifacts']:
            if artifact['filename'] in self.rebuilt():
                self.assertEqual('not-uploaded', artifact['step'])


class TestOtherBytes(OtherBytesTest):
    # What comes after that only one of them reaches.
    moments = ('step 11', 'step 12')
    fault = 'other bytes'


class OtherSdistTest(OtherBytesTest):
    """The second job's wheel is the same: the index takes it from both."""

    def rebuilt(self) -> list[str]:
        return [self.stage.sdist]


class TestOtherSdist(OtherSdistTest):
    moments = tuple(jobs.MOMENTS)
    fault = 'other sdist'


class TestOtherSdistWithoutArchive(OtherSdistTest):
    moments = ('step 12',)
    fault = 'other sdist, no archive'
    archive = False


def _short(both: list[jobs.Job]) -> str:
    return ', '.join(sorted(job.short for job in both))


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
