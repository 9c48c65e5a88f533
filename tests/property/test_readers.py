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

"""No reader of what strangers write gives way, whatever they write.

Each reader of ``tests/fuzz/readers.py`` gets sound inputs, some hundred that
are made of them, and those that broke one before. It raises what it says and
nothing else, within 10 s, a bound of memory and its own directory.
"""

from __future__ import annotations

import base64
import contextlib
import os
import re
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Callable

import fixtures
import hypothesis
import testtools

from tests.fuzz import readers
from tests.fuzz import strategies
from tests.fuzz import wall
from tests.property import found

EXAMPLES = 60
"""Inputs that each reader gets here; ``tox -e fuzz`` gives many more."""

FEW = 6
"""Inputs of one that starts a program for each."""

SETTINGS = hypothesis.settings(
    # The same inputs in every run: a change that breaks nothing has a clean
    # run, and one that fails fails again.
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=list(hypothesis.HealthCheck),
)


class ReaderTest(testtools.TestCase):
    """Readers in a directory of their own."""

    def setUp(self) -> None:
        super().setUp()
        # Short, for GnuPG's sockets, and the one place that may be written.
        self.place = tempfile.mkdtemp(prefix='f-')
        self.addCleanup(shutil.rmtree, self.place, ignore_errors=True)

    def prepared(self, reader: readers.Reader) -> readers.Prepared:
        """Return the reader behind its wall."""
        return readers.Prepared(reader, self.place)


class TestReaders(ReaderTest):
    """Every reader in the table."""

    def test_sound_inputs_are_read(self) -> None:
        for reader in readers.READERS:
            run = self.prepared(reader)
            for data in reader.seeds():
                run(data)

    def test_what_broke_one_before_breaks_none(self) -> None:
        for name, texts in found.FOUND.items():
            run = self.prepared(readers.named(name))
            for text in texts:
                run(base64.b64decode(text, validate=True))

    def test_changed_and_random_inputs_break_none(self) -> None:
        for reader in readers.READERS:
            self.search(reader)

    def search(self, reader: readers.Reader) -> None:
        """Give a reader inputs that are made of sound ones."""
        run = self.prepared(reader)

        @hypothesis.settings(
            SETTINGS, max_examples=FEW if reader.programs else EXAMPLES
        )
        @hypothesis.given(strategies.inputs(reader))
        def read(data: bytes) -> None:
            try:
                run(data)
            except wall.Breach as error:
                # hypothesis makes inputs smaller for an Exception only.
                self.fail(f'{reader.name}: {error}')

        read()


class TestWall(ReaderTest):
    """The wall itself stops what it is there for."""

    def stopped(self, act: Callable[[], object], why: str) -> None:
        error = self.assertRaises(wall.Breach, self.behind, act)
        self.assertIn(why, str(error))

    def behind(self, act: Callable[[], object]) -> None:
        with wall.standing(self.place):
            act()

    def test_files_outside_are_not_written(self) -> None:
        outside = self.useFixture(fixtures.TempDir()).join('file')
        self.stopped(lambda: _write(outside), 'opened to write to')
        self.stopped(lambda: os.mkdir(outside), 'os.mkdir')
        self.stopped(lambda: os.symlink('x', outside), 'os.symlink')
        link = os.path.join(self.place, 'link')
        os.symlink(outside, link)
        self.stopped(lambda: _write(link), 'opened to write to')
        self.assertFalse(os.path.exists(outside))
        self.behind(lambda: os.mkdir(os.path.join(self.place, 'inside')))

    def test_what_swallows_it_is_stopped_all_the_same(self) -> None:
        def act() -> None:
            with contextlib.suppress(BaseException):
                subprocess.run(['true'], check=True)

        self.stopped(act, 'subprocess.Popen')

    def test_nobody_is_spoken_to(self) -> None:
        def act() -> None:
            with socket.socket() as talking:
                talking.connect(('127.0.0.1', 9))

        self.stopped(act, 'socket.connect')

    def test_nothing_takes_longer_than_its_limit(self) -> None:
        def act() -> None:
            while True:
                pass

        self.useFixture(fixtures.MonkeyPatch('tests.fuzz.wall.SECONDS', 0.05))
        self.stopped(act, 'took more than 0.05 s')

    def test_nothing_takes_longer_inside_of_the_interpreter(self) -> None:
        self.useFixture(fixtures.MonkeyPatch('tests.fuzz.wall.SECONDS', 0.05))
        self.stopped(
            lambda: re.search('(a+)+$', 'a' * 40 + 'b'), 'took more than'
        )

    def test_nothing_takes_more_memory_than_its_limit(self) -> None:
        """Whatever the tests before it have taken."""
        much = 2 * wall.MEMORY * 1024
        b'x' * (2 * much)
        self.stopped(lambda: b'x' * much, f'more than {wall.MEMORY} KiB')
        self.behind(lambda: b'x' * (much // 4))


def _write(path: str) -> None:
    with open(path, 'wb') as file:
        file.write(b'x')
