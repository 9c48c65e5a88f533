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

"""Two runs publish the same release at the same moment."""

from __future__ import annotations

import errno
import hashlib
import os
import pathlib
import threading
from collections.abc import Callable
from typing import Literal
from unittest import mock

import fixtures
import testtools

from openstack_publish import exceptions
from openstack_publish import seams
from openstack_publish.gates import archive

REPO = 'openstack/nova'
SDIST = 'nova-1.0.0.tar.gz'
WHEEL = 'nova-1.0.0-py3-none-any.whl'
NAMES = (WHEEL, SDIST)
CALLS = ('link', 'replace', 'rename', 'unlink', 'open', 'mkdir')

PATIENCE = 60.0
"""Longest wait of one run for the other, in seconds."""

End = Literal['placed', 'discarded', 'refused']


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


class Job:
    """A run with files and signatures of its own.

    :param name: makes its signatures different from every other's
    :param built: makes a distribution's bytes different, by its name
    """

    def __init__(
        self, root: str, place: str, name: str, built: dict[str, str]
    ) -> None:
        self.archive = archive.DirectoryArchive(root)
        self.place = pathlib.Path(place)
        self.end: End | None = None
        self.why = ''
        self.judged: list[bytes] = []
        self.good = True
        for filename in NAMES:
            content = f'{filename} {built.get(filename, "")}'
            (self.place / filename).write_text(content)
            (self.place / f'{filename}.asc').write_text(
                f'{name} signs {content}'
            )

    def read(self, filename: str) -> bytes:
        return (self.place / filename).read_bytes()

    def files(self) -> list[seams.CheckedFile]:
        return [
            seams.CheckedFile(str(self.place / each), digest(self.read(each)))
            for filename in NAMES
            for each in (filename, f'{filename}.asc')
        ]

    def pairs(self) -> list[seams.SignedFile]:
        found = self.files()
        return [
            seams.SignedFile(file, signature)
            for file, signature in zip(found[::2], found[1::2], strict=True)
        ]

    def judge(self, pair: seams.SignedFile, path: str) -> bool:
        content = pathlib.Path(path).read_bytes()
        self.judged.append(content)
        signed = pathlib.Path(pair.file.path).read_bytes()
        return self.good and content.endswith(b' signs ' + signed)

    def agree(self) -> tuple[seams.SignedFile, ...]:
        return self.archive.agree(REPO, self.pairs(), self.judge)

    def stage(self) -> None:
        self.archive.stage(REPO, self.files())

    def promote(self) -> None:
        names = [os.path.basename(file.path) for file in self.files()]
        self.archive.promote(REPO, names)

    def discard(self) -> None:
        names = [os.path.basename(file.path) for file in self.files()]
        self.archive.discard(REPO, names)

    def run(self, stored: bool = True) -> None:
        """Do what steps 11 and 12 do.

        :param stored: whether the index stores the first file
        """
        try:
            self.agree()
            self.stage()
            if not stored:
                self.discard()
                self.end = 'discarded'
                return
            self.promote()
            self.end = 'placed'
        except exceptions.Unavailable as error:
            self.discard()
            self.end = 'refused'
            self.why = str(error)


class SharedTestCase(testtools.TestCase):
    """An archive for several runs."""

    def setUp(self) -> None:
        super().setUp()
        self.begin()

    def begin(self) -> None:
        """Begin with an empty archive."""
        self.root = self.useFixture(fixtures.TempDir()).path
        self.here = pathlib.Path(self.root, REPO)

    def job(self, name: str, **built: str) -> Job:
        place = self.useFixture(fixtures.TempDir()).path
        names = {'wheel': WHEEL, 'sdist': SDIST}
        return Job(
            self.root, place, name, {names[key]: built[key] for key in built}
        )

    def held(self) -> dict[str, bytes]:
        """Return every file in the archive, hidden ones too."""
        if not self.here.is_dir():
            return {}
        return {path.name: path.read_bytes() for path in self.here.iterdir()}

    def assertHolds(self, job: Job) -> None:
        self.assertEqual(
            {
                name: job.read(name)
                for filename in NAMES
                for name in (filename, f'{filename}.asc')
            },
            self.held(),
        )


class TestAgree(SharedTestCase):
    """Which signature counts."""

    def test_one_run_alone_keeps_its_own(self) -> None:
        one = self.job('one')
        self.assertEqual((), one.agree())
        self.assertEqual([], one.judged)

    def test_the_first_that_comes_counts_for_the_second(self) -> None:
        one, two = self.job('one'), self.job('two')
        signed = one.read(f'{SDIST}.asc')
        one.agree()
        self.assertEqual(2, len(two.agree()))
        self.assertEqual(signed, two.read(f'{SDIST}.asc'))
        self.assertEqual(2, len(two.judged))
        self.assertEqual((), two.agree(), 'it stays so')
        self.assertEqual((), one.agree(), 'it stays so')

    def test_other_bytes_are_nothing_to_agree_on(self) -> None:
        one, two = self.job('one'), self.job('two', sdist='b', wheel='b')
        one.agree()
        self.assertEqual((), two.agree())

    def test_a_signature_that_is_placed_counts(self) -> None:
        one, two = self.job('one'), self.job('two')
        one.run()
        self.assertEqual(2, len(two.agree()))
        self.assertEqual(self.held()[f'{SDIST}.asc'], two.read(f'{SDIST}.asc'))

    def test_a_placed_one_that_may_not_be_used_is_named_and_stays(
        self,
    ) -> None:
        one, two = self.job('one'), self.job('two')
        one.run()
        before, own = self.held(), two.read(f'{WHEEL}.asc')
        two.good = False
        error = self.assertRaises(exceptions.Unavailable, two.agree)
        self.assertIn(digest(one.read(f'{WHEEL}.asc')), error.cause)
        self.assertIn(digest(own), error.cause)
        self.assertEqual(before, self.held())
        self.assertEqual(own, two.read(f'{WHEEL}.asc'))
        self.assertEqual(4, len(list(two.place.iterdir())), 'no copy is left')

    def test_one_that_waits_and_may_not_be_used_makes_room(self) -> None:
        """A killed run may have left what is no longer trusted."""
        self.job('one').agree()
        two = self.job('two')
        two.good = False
        two.run()
        self.assertEqual(('placed', ''), (two.end, two.why))
        self.assertHolds(two)
        self.assertIn(b'two signs', two.read(f'{WHEEL}.asc'))

    def test_an_archive_that_cannot_be_written(self) -> None:
        pathlib.Path(self.root, 'openstack').write_text('a file')
        self.assertRaises(exceptions.Unavailable, self.job('one').agree)

    def test_what_cannot_be_judged_leaves_nothing(self) -> None:
        one, two = self.job('one'), self.job('two')

        def broken(pair: seams.SignedFile, path: str) -> bool:
            raise exceptions.Unavailable('gpg', 'it does not start')

        one.agree()
        before = self.held()
        self.assertRaises(
            exceptions.Unavailable,
            two.archive.agree,
            REPO,
            two.pairs(),
            broken,
        )
        self.assertLessEqual(self.held().keys(), before.keys())
        self.assertEqual(4, len(list(two.place.iterdir())))


class TestInterleaved(SharedTestCase):
    """One run does all its work while the other one is in a system call."""

    def setUp(self) -> None:
        super().setUp()
        # Hundreds of archives are written, and none has to survive a crash.
        self.useFixture(
            fixtures.MockPatch('os.fsync', autospec=True, return_value=None)
        )

    def interleave(
        self, call: str, count: int, one: Job, meanwhile: Callable[[], None]
    ) -> bool:
        """Run one job; at a call of a function something else happens.

        :returns: whether it came that far
        """
        real = getattr(os, call)
        calls = 0

        def counted(*args: object, **kwargs: object) -> object:
            nonlocal calls
            calls += 1
            if calls == count:
                meanwhile()
            return real(*args, **kwargs)

        with mock.patch(f'os.{call}', counted):
            one.run()
        return calls >= count

    def each(
        self,
        play: Callable[[str, int], bool],
    ) -> None:
        """Play at every call of every function, in an archive of its own."""
        played = 0
        for call in CALLS:
            count = 1
            while play(call, count):
                played += 1
                count += 1
                self.begin()
            self.begin()
        self.assertGreater(played, 50)

    def test_with_the_same_bytes_both_place_the_same(self) -> None:
        def play(call: str, count: int) -> bool:
            one, two = self.job('one'), self.job('two')
            far = self.interleave(call, count, one, two.run)
            if far:
                self.assertEqual(('placed', ''), (two.end, two.why))
            self.assertEqual(('placed', ''), (one.end, one.why))
            self.assertHolds(one)
            if far:
                self.assertHolds(two)
            return far

        self.each(play)

    def test_one_that_the_index_refuses_takes_nothing_with_it(self) -> None:
        def play(call: str, count: int) -> bool:
            one, two = self.job('one'), self.job('two')
            far = self.interleave(
                call, count, one, lambda: two.run(stored=False)
            )
            self.assertEqual(('placed', ''), (one.end, one.why))
            self.assertHolds(one)
            return far

        self.each(play)

    def test_of_two_builds_one_is_archived_whole(self) -> None:
        """The wheels are the same, so that the index stores both."""

        def play(call: str, count: int) -> bool:
            one, two = self.job('one', sdist='a'), self.job('two', sdist='b')
            far = self.interleave(call, count, one, two.run)
            if not far:
                self.assertEqual('placed', one.end)
                return False
            self.assertEqual({'placed', 'refused'}, {one.end, two.end})
            (won,) = (job for job in (one, two) if job.end == 'placed')
            (lost,) = (job for job in (one, two) if job.end == 'refused')
            self.assertHolds(won)
            named = [
                name
                for name in (SDIST, f'{SDIST}.asc')
                if all(
                    digest(job.read(name)) in lost.why for job in (one, two)
                )
            ]
            self.assertEqual(1, len(named), lost.why)
            return True

        self.each(play)

    def test_a_signature_that_was_taken_away_and_tidied_up_is_there(
        self,
    ) -> None:
        """It was taken for a killed run's right before its file came."""
        won, lost = self.job('won', sdist='a'), self.job('lost', sdist='b')
        signed, taken, done = (threading.Event() for _ in range(3))
        link, rename = os.link, os.rename

        def linked(source: str, target: str) -> None:
            if source.endswith('.part') and target.endswith(f'/{SDIST}'):
                signed.set()
                self.assertTrue(taken.wait(PATIENCE))
            link(source, target)

        def renamed(source: str, target: str) -> None:
            rename(source, target)
            taken.set()
            self.assertTrue(done.wait(PATIENCE))

        def lose() -> None:
            lost.agree()
            lost.stage()
            self.assertTrue(signed.wait(PATIENCE))
            self.assertRaises(exceptions.Unavailable, lost.promote)
            lost.discard()

        with mock.patch('os.link', linked), mock.patch('os.rename', renamed):
            thread = threading.Thread(target=lose)
            thread.start()
            won.run()
            done.set()
            thread.join(PATIENCE)
        self.assertEqual(('placed', ''), (won.end, won.why))
        self.assertHolds(won)

    def test_a_signature_of_a_killed_run_that_is_taken_away_comes_back(
        self,
    ) -> None:
        """It was placed before this run began, and its file was not."""
        won, lost = self.job('won', sdist='a'), self.job('lost', sdist='b')
        self.here.mkdir(parents=True)
        for name in NAMES:
            left = self.here / f'{name}.asc'
            left.write_bytes(won.read(f'{name}.asc'))
        won.agree()
        staged = won.archive.stage(REPO, won.files())
        self.assertEqual({'staged'}, {each.state for each in staged})
        lost.agree()
        lost.stage()
        link = os.link

        def killed(source: str, target: str) -> None:
            if target.endswith(f'/{WHEEL}'):
                raise KeyboardInterrupt
            link(source, target)

        with mock.patch('os.link', killed):
            self.assertRaises(KeyboardInterrupt, lost.promote)
        self.assertEqual(
            lost.read(f'{SDIST}.asc'),
            (self.here / f'{SDIST}.asc').read_bytes(),
        )
        promoted = [each.filename for each in staged]
        won.archive.promote(REPO, promoted)
        self.assertHolds(won)

    def test_a_signature_beside_which_another_run_put_the_file_stays(
        self,
    ) -> None:
        """Runs that trust other keys do not agree."""
        one, two = self.job('one'), self.job('two')
        two.good = False
        for job in (one, two):
            job.agree()
            job.stage()
        link = os.link

        def linked(source: str, target: str) -> None:
            if target.endswith(f'/{WHEEL}'):
                with mock.patch('os.link', link):
                    two.promote()
            link(source, target)

        with mock.patch('os.link', linked):
            error = self.assertRaises(exceptions.Unavailable, one.promote)
        self.assertHolds(two)
        for job in (one, two):
            self.assertIn(digest(job.read(f'{WHEEL}.asc')), str(error))

    def test_without_hard_links_the_second_agrees_with_the_first(self) -> None:
        error = OSError(errno.EPERM, 'no hard links')
        with mock.patch('os.link', autospec=True, side_effect=error):
            one, two = self.job('one'), self.job('two')
            for job in (one, two):
                job.run()
                self.assertEqual(('placed', ''), (job.end, job.why))
                self.assertHolds(one)
