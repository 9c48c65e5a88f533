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

"""The archive: what is placed stays, and a killed run runs again."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
from collections.abc import Sequence
from unittest import mock

import fixtures
import testtools

from openstack_publish import exceptions
from openstack_publish import seams
from openstack_publish.gates import archive
from openstack_publish.model import knowledge
from openstack_publish.model import receipt

REPO = 'openstack/nova'
SDIST = 'nova-1.0.0.tar.gz'
WHEEL = 'nova-1.0.0-py3-none-any.whl'


def state(filename: str, what: str) -> receipt.ArchivedArtifact:
    return receipt.ArchivedArtifact(filename, what)  # type: ignore[arg-type]


def checked(paths: Sequence[str]) -> list[seams.CheckedFile]:
    """Return files as they were when they were checked: each its name."""
    return [
        seams.CheckedFile(
            path,
            hashlib.sha256(os.path.basename(path).encode()).hexdigest(),
        )
        for path in paths
    ]


class Killed(BaseException):
    """The run ends here, and nothing of it is tidied up by hand."""


class ArchiveTestCase(testtools.TestCase):
    """An archive, and distributions with signatures beside them."""

    def setUp(self) -> None:
        super().setUp()
        self.root = self.useFixture(fixtures.TempDir()).path
        self.dist = self.useFixture(fixtures.TempDir()).path
        self.place = os.path.join(self.root, 'openstack', 'nova')
        self.archive = archive.DirectoryArchive(self.root)
        self.paths = [
            self.write(self.dist, name, name.encode())
            for name in (WHEEL, f'{WHEEL}.asc', SDIST, f'{SDIST}.asc')
        ]
        self.names = [os.path.basename(path) for path in self.paths]

    def write(self, directory: str, name: str, content: bytes) -> str:
        os.makedirs(directory, exist_ok=True)
        path = os.path.join(directory, name)
        with open(path, 'wb') as opened:
            opened.write(content)
        return path

    def read(self, directory: str, name: str) -> bytes:
        with open(os.path.join(directory, name), 'rb') as opened:
            return opened.read()

    def waiting(self, name: str, content: bytes | None = None) -> str:
        """Return the name under which a file waits for its place.

        :param content: of the distribution, if not its name
        """
        if content is None:
            content = name.removesuffix('.asc').encode()
        return f'.{name}.{hashlib.sha256(content).hexdigest()[:8]}.part'

    def placed(self) -> list[str]:
        """Return what everybody sees."""
        return [name for name in self.held() if name[0] != '.']

    def held(self) -> list[str]:
        """Return every file there."""
        if not os.path.isdir(self.place):
            return []
        return sorted(os.listdir(self.place))


class TestNames(ArchiveTestCase):
    """What may not be a path."""

    def test_a_root_that_is_not_there(self) -> None:
        error = self.assertRaises(
            exceptions.Misconfigured,
            archive.DirectoryArchive,
            os.path.join(self.root, 'no'),
        )
        self.assertEqual('--archive', error.where)

    def test_a_root_that_is_a_file(self) -> None:
        self.assertRaises(
            exceptions.Misconfigured, archive.DirectoryArchive, self.paths[0]
        )

    def test_repositories_that_are_none(self) -> None:
        for repo in (
            '',
            'nova',
            '/openstack/nova',
            'openstack/nova/',
            'openstack//nova',
            '../nova',
            'openstack/..',
            'openstack/../../etc',
            'openstack/.git',
            'openstack/no\nva',
            'openstack/no\x00va',
            'openstack/n\u00f6va',
            'openstack/nova\n',
        ):
            for asked in (
                lambda name: self.archive.find(name, SDIST),
                lambda name: self.archive.stage(name, checked(self.paths)),
                lambda name: self.archive.promote(name, self.names),
                lambda name: self.archive.discard(name, self.names),
            ):
                error = self.assertRaises(
                    exceptions.Misconfigured, asked, repo
                )
                self.assertIn(repr(repo), error.message)
        self.assertEqual([], os.listdir(self.root))

    def test_files_that_are_none(self) -> None:
        for name in ('', '.', '..', '.hidden', 'a/b', '../b', 'a\x00', 'a\n'):
            self.assertRaises(
                exceptions.Misconfigured, self.archive.find, REPO, name
            )
            self.assertRaises(
                exceptions.Misconfigured, self.archive.promote, REPO, [name]
            )
            self.assertRaises(
                exceptions.Misconfigured, self.archive.discard, REPO, [name]
            )

    def test_the_place_is_absolute(self) -> None:
        self.addCleanup(os.chdir, os.getcwd())
        os.chdir(self.root)
        self.assertEqual(self.root, archive.DirectoryArchive('.').place)


class TestFind(ArchiveTestCase):
    """What the archive holds."""

    def test_nothing_is_a_fact(self) -> None:
        self.assertEqual(knowledge.Known(None), self.archive.find(REPO, SDIST))

    def test_a_root_that_went_away_is_unknown(self) -> None:
        os.rmdir(self.root)
        found = self.archive.find(REPO, SDIST)
        assert isinstance(found, knowledge.Unknown)
        self.assertIn('no directory any more', found.why)

    def test_a_directory_in_the_place_of_a_file_is_unknown(self) -> None:
        os.makedirs(os.path.join(self.place, SDIST))
        self.assertIsInstance(
            self.archive.find(REPO, SDIST), knowledge.Unknown
        )

    def test_a_pipe_in_the_place_of_a_file_is_unknown(self) -> None:
        os.makedirs(self.place)
        os.mkfifo(os.path.join(self.place, SDIST))
        self.assertIsInstance(
            self.archive.find(REPO, SDIST), knowledge.Unknown
        )

    def test_a_file_in_the_place_of_the_repository_is_unknown(self) -> None:
        self.write(os.path.dirname(self.place), 'nova', b'')
        self.assertIsInstance(
            self.archive.find(REPO, SDIST), knowledge.Unknown
        )

    def test_what_is_staged_is_not_there_yet(self) -> None:
        self.archive.stage(REPO, checked(self.paths))
        self.assertEqual(knowledge.Known(None), self.archive.find(REPO, SDIST))

    def test_a_file_with_and_without_its_signature(self) -> None:
        path = self.write(self.place, SDIST, b'old')
        sha256 = hashlib.sha256(b'old').hexdigest()
        self.assertEqual(
            knowledge.Known(seams.ArchivedFile(path, sha256, None)),
            self.archive.find(REPO, SDIST),
        )
        self.write(self.place, f'{SDIST}.asc', b'signed')
        self.assertEqual(
            knowledge.Known(seams.ArchivedFile(path, sha256, f'{path}.asc')),
            self.archive.find(REPO, SDIST),
        )


class TestStage(ArchiveTestCase):
    """Putting files beside their places."""

    def test_nothing_is_staged_where_one_file_is_missing(self) -> None:
        os.unlink(self.paths[-1])
        self.assertRaises(
            exceptions.Unavailable,
            self.archive.stage,
            REPO,
            checked(self.paths),
        )
        self.assertEqual([], os.listdir(self.root))

    def test_other_bytes_in_the_place_are_named_and_kept(self) -> None:
        self.write(self.place, SDIST, b'old')
        error = self.assertRaises(
            exceptions.Unavailable,
            self.archive.stage,
            REPO,
            checked(self.paths),
        )
        self.assertIn(hashlib.sha256(b'old').hexdigest(), error.cause)
        self.assertIn(hashlib.sha256(SDIST.encode()).hexdigest(), error.cause)
        self.assertEqual(b'old', self.read(self.place, SDIST))
        self.assertEqual([SDIST], self.placed())

    def test_another_signature_of_a_placed_file_is_kept(self) -> None:
        self.write(self.place, SDIST, SDIST.encode())
        self.write(self.place, f'{SDIST}.asc', b'old')
        self.assertRaises(
            exceptions.Unavailable,
            self.archive.stage,
            REPO,
            checked(self.paths),
        )
        self.assertEqual(b'old', self.read(self.place, f'{SDIST}.asc'))

    def test_an_archive_that_cannot_be_written(self) -> None:
        self.write(self.root, 'openstack', b'a file')
        self.assertRaises(
            exceptions.Unavailable,
            self.archive.stage,
            REPO,
            checked(self.paths),
        )

    def test_files_are_staged_out_of_sight(self) -> None:
        self.assertEqual(
            tuple(state(name, 'staged') for name in self.names),
            self.archive.stage(REPO, checked(self.paths)),
        )
        self.assertEqual([], self.placed())
        self.assertEqual(
            sorted(self.waiting(name) for name in self.names), self.held()
        )

    def test_a_file_that_changed_after_it_was_checked(self) -> None:
        self.write(self.dist, SDIST, b'other bytes')
        error = self.assertRaises(
            exceptions.Unavailable,
            self.archive.stage,
            REPO,
            checked(self.paths),
        )
        self.assertIn('changed since it was checked', error.cause)
        self.assertEqual([], os.listdir(self.root), 'none is staged')

    def test_other_bytes_where_a_file_is_to_wait_are_replaced(self) -> None:
        self.write(self.place, self.waiting(SDIST), b'of a broken disk')
        self.archive.stage(REPO, checked(self.paths))
        self.assertEqual(
            SDIST.encode(), self.read(self.place, self.waiting(SDIST))
        )

    def test_a_file_of_somebody_else_is_not_the_one_that_is_placed(
        self,
    ) -> None:
        """Who made it could change it when everybody believes it."""
        for name in self.names:
            made = self.write(self.root, name, self.read(self.dist, name))
            os.makedirs(self.place, exist_ok=True)
            os.symlink(made, os.path.join(self.place, self.waiting(name)))
        self.archive.stage(REPO, checked(self.paths))
        self.archive.promote(REPO, self.names)
        for name in self.names:
            path = os.path.join(self.place, name)
            self.assertFalse(os.path.islink(path), name)
            self.assertEqual(name.encode(), self.read(self.place, name))

    def test_a_file_of_another_user_is_copied(self) -> None:
        self.archive.stage(REPO, checked(self.paths))
        waiting = os.path.join(self.place, self.waiting(SDIST))
        with open(waiting, 'rb') as opened:
            with mock.patch(
                'os.geteuid', autospec=True, return_value=os.geteuid() + 1
            ):
                self.archive.promote(REPO, self.names)
            self.assertNotEqual(
                os.fstat(opened.fileno()).st_ino,
                os.stat(os.path.join(self.place, SDIST)).st_ino,
            )
        self.assertEqual(SDIST.encode(), self.read(self.place, SDIST))

    def test_equal_bytes_in_the_place_are_left_there(self) -> None:
        self.write(self.place, SDIST, SDIST.encode())
        self.assertEqual(
            (state(SDIST, 'already-there'), state(WHEEL, 'staged')),
            self.archive.stage(REPO, checked([self.paths[2], self.paths[0]])),
        )
        self.assertEqual([self.waiting(WHEEL), SDIST], self.held())

    def test_files_and_directories_are_for_everybody_to_read(self) -> None:
        self.addCleanup(os.umask, os.umask(0o022))
        self.archive.stage(REPO, checked(self.paths))
        self.archive.promote(REPO, self.names)
        for name in self.names:
            mode = os.stat(os.path.join(self.place, name)).st_mode
            self.assertEqual(0o644, mode & 0o777)
        for path in (self.place, os.path.dirname(self.place)):
            self.assertEqual(0o755, os.stat(path).st_mode & 0o777)


class TestPromote(ArchiveTestCase):
    """Putting files into their places."""

    def test_what_is_neither_staged_nor_placed(self) -> None:
        self.archive.stage(REPO, checked(self.paths[:1]))
        self.assertRaises(
            exceptions.Unavailable,
            self.archive.promote,
            REPO,
            self.names[:3],
        )

    def test_bytes_that_were_placed_meanwhile_are_kept(self) -> None:
        self.archive.stage(REPO, checked(self.paths))
        self.write(self.place, SDIST, b'of another run')
        error = self.assertRaises(
            exceptions.Unavailable, self.archive.promote, REPO, self.names
        )
        self.assertIn(
            hashlib.sha256(b'of another run').hexdigest(), error.cause
        )
        self.assertEqual(b'of another run', self.read(self.place, SDIST))

    def test_bytes_that_are_placed_in_the_last_moment_are_kept(self) -> None:
        self.archive.stage(REPO, checked(self.paths))

        def late(source: str, target: str) -> None:
            if target.endswith(SDIST):
                self.write(self.place, SDIST, b'of another run')
            link(source, target)

        link = os.link
        with mock.patch('os.link', late):
            self.assertRaises(
                exceptions.Unavailable, self.archive.promote, REPO, self.names
            )
        self.assertEqual(b'of another run', self.read(self.place, SDIST))

    def test_everything_is_in_its_place(self) -> None:
        self.archive.stage(REPO, checked(self.paths))
        self.assertEqual(
            tuple(state(name, 'placed') for name in self.names),
            self.archive.promote(REPO, self.names),
        )
        self.assertEqual(sorted(self.names), self.placed())
        for name in self.names:
            self.assertEqual(name.encode(), self.read(self.place, name))

    def test_it_works_without_hard_links(self) -> None:
        self.archive.stage(REPO, checked(self.paths))
        error = OSError(errno.EXDEV, 'cross-device')
        with mock.patch('os.link', autospec=True, side_effect=error):
            self.archive.promote(REPO, self.names)
        self.assertEqual(sorted(self.names), self.placed())

    def test_what_is_placed_already_is_said_to_be(self) -> None:
        self.archive.stage(REPO, checked(self.paths))
        self.archive.promote(REPO, self.names)
        self.assertEqual(
            tuple(state(name, 'already-there') for name in self.names),
            self.archive.promote(REPO, self.names),
        )

    def test_files_of_other_releases_stay_staged(self) -> None:
        other = self.waiting('nova-2.0.0.tar.gz')
        self.write(self.place, other, b'of another release')
        self.archive.stage(REPO, checked(self.paths))
        self.archive.promote(REPO, self.names)
        self.assertEqual(sorted([other, *self.names]), self.held())


class TestKilled(ArchiveTestCase):
    """A run that is killed at any point is run again."""

    def run_until(self, call: str, count: int) -> bool:
        """Stage and promote, killed at one call of a function.

        :returns: whether it came that far
        """
        real = getattr(os, call)
        calls = 0

        def counted(*args: object, **kwargs: object) -> object:
            nonlocal calls
            calls += 1
            if calls == count:
                raise Killed
            return real(*args, **kwargs)

        try:
            with mock.patch(f'os.{call}', counted):
                again = archive.DirectoryArchive(self.root)
                again.stage(REPO, checked(self.paths))
                again.promote(REPO, self.names)
        except Killed:
            return True
        return False

    def test_no_file_is_ever_there_without_its_signature(self) -> None:
        stops = 0
        for call in ('link', 'unlink', 'replace', 'mkdir', 'fsync'):
            count = 1
            while self.run_until(call, count):
                count += 1
                for name in (SDIST, WHEEL):
                    if name in self.placed():
                        self.assertIn(f'{name}.asc', self.placed())
                        self.assertEqual(
                            name.encode(), self.read(self.place, name)
                        )
                self.archive.stage(REPO, checked(self.paths))
                self.archive.promote(REPO, self.names)
                self.assertEqual(sorted(self.names), self.held(), call)
                self.empty()
            self.empty()
            self.assertGreater(count, 1, call)
            stops += count - 1
        self.assertGreater(stops, 30)

    def empty(self) -> None:
        """Begin with an archive that holds nothing."""
        shutil.rmtree(os.path.join(self.root, 'openstack'))

    def test_a_signature_whose_file_was_never_placed_is_replaced(
        self,
    ) -> None:
        """A run that signs again makes another signature."""
        self.write(self.place, f'{SDIST}.asc', b'of the killed run')
        self.archive.stage(REPO, checked(self.paths))
        self.archive.promote(REPO, self.names)
        self.assertEqual(
            f'{SDIST}.asc'.encode(), self.read(self.place, f'{SDIST}.asc')
        )

    def test_half_copied_files_of_killed_runs_go(self) -> None:
        self.write(self.place, f'.{SDIST}.0a1b2c3d.part', b'half')
        self.archive.stage(REPO, checked(self.paths))
        self.archive.promote(REPO, self.names)
        self.assertEqual(sorted(self.names), self.held())

    def test_what_was_left_of_placed_files_goes(self) -> None:
        self.archive.stage(REPO, checked(self.paths))
        self.archive.promote(REPO, self.names)
        for name in self.names:
            self.write(self.place, self.waiting(name), name.encode())
        again = archive.DirectoryArchive(self.root)
        again.stage(REPO, checked(self.paths))
        self.assertEqual(sorted(self.names), self.held())


class TestDiscard(ArchiveTestCase):
    """Taking back what was staged."""

    def test_nothing_staged_is_nothing_removed(self) -> None:
        self.assertEqual((), self.archive.discard(REPO, self.names))
        self.assertEqual([], os.listdir(self.root))

    def test_the_archive_is_as_it_was(self) -> None:
        self.archive.stage(REPO, checked(self.paths))
        self.assertEqual(
            tuple(state(name, 'removed') for name in self.names),
            self.archive.discard(REPO, self.names),
        )
        self.assertEqual([], os.listdir(self.root))

    def test_what_has_come_into_its_place_is_not_said_to_be_removed(
        self,
    ) -> None:
        self.archive.stage(REPO, checked(self.paths))
        self.write(self.place, WHEEL, WHEEL.encode())
        found = self.archive.discard(REPO, self.names)
        self.assertEqual(state(WHEEL, 'already-there'), found[0])
        self.assertEqual(state(SDIST, 'removed'), found[2])
        self.assertEqual([WHEEL], self.held())

    def test_an_empty_directory_that_was_there_stays(self) -> None:
        os.makedirs(self.place)
        self.archive.stage(REPO, checked(self.paths))
        self.archive.discard(REPO, self.names)
        self.assertEqual([], self.placed())
        self.assertTrue(os.path.isdir(self.place))

    def test_what_was_placed_before_stays(self) -> None:
        self.write(self.place, 'nova-0.9.tar.gz', b'old')
        self.archive.stage(REPO, checked(self.paths))
        self.archive.discard(REPO, [*self.names, 'nova-0.9.tar.gz'])
        self.assertEqual(['nova-0.9.tar.gz'], self.placed())
