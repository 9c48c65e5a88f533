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

"""The file of a run that can be stopped: killed anywhere, and gone on with."""

from __future__ import annotations

import hashlib
import json
import os
import pathlib
import resource
from collections.abc import Mapping

import fixtures
import testtools

from openstack_publish import exceptions
from openstack_publish.gates import journal

RUN = {'series': 'gazpacho', 'everything': False, 'trusted': ['A']}


class TestJournal(testtools.TestCase):
    """What is done is there once, however a run ended."""

    def setUp(self) -> None:
        super().setUp()
        self.directory = self.useFixture(fixtures.TempDir()).path
        self.path = os.path.join(self.directory, 'done.jsonl')

    def open(self, run: Mapping[str, object] = RUN) -> journal.Journal:
        opened = journal.Journal(self.path, run)
        self.addCleanup(opened.__exit__, None, None, None)
        return opened

    def content(self) -> bytes:
        with open(self.path, 'rb') as opened:
            return opened.read()

    def write(self, content: bytes) -> None:
        with open(self.path, 'wb') as opened:
            opened.write(content)

    def refused(self, said: str, run: Mapping[str, object] = RUN) -> None:
        error = self.assertRaises(
            exceptions.Misconfigured, journal.Journal, self.path, run
        )
        self.assertIn(said, str(error))
        self.assertEqual('--continue', error.where)

    def test_each_row_is_on_disk_as_soon_as_it_is_added(self) -> None:
        with self.open() as first:
            first.add('a', {'verdict': 'held'})
            lines = self.content().splitlines()
            self.assertEqual(
                {'schema': journal.SCHEMA, 'run': RUN}, json.loads(lines[0])
            )
            self.assertEqual(
                {'key': 'a', 'row': {'verdict': 'held'}}, json.loads(lines[1])
            )
            first.add('b', None)
            first.add('a', {'verdict': 'failed'})
        with self.open() as again:
            self.assertEqual(
                {'a': {'verdict': 'failed'}, 'b': None}, again.rows()
            )

    def test_a_run_killed_at_any_byte_is_gone_on_with(self) -> None:
        with self.open() as whole:
            whole.add('a', {'text': 'h\u00e9 \u2028 "\n'})
            whole.add('b', 2)
        content = self.content()
        rows = {'a': {'text': 'h\u00e9 \u2028 "\n'}, 'b': 2}
        ends = [
            index + 1 for index, byte in enumerate(content) if byte == 0x0A
        ]
        for size in range(len(content) + 1):
            self.write(content[:size])
            done = max(0, sum(end <= size for end in ends) - 1)
            with self.open() as again:
                self.assertEqual(
                    dict(list(rows.items())[:done]),
                    again.rows(),
                    f'cut at {size}',
                )
                again.add('c', 3)
            with self.open() as last:
                self.assertEqual(3, last.rows()['c'], f'cut at {size}')

    def test_a_file_of_another_run_is_refused_and_left_alone(self) -> None:
        with self.open() as first:
            first.add('a', 1)
        before = self.content()
        self.refused(
            'is of another run: everything was false and is true; series was '
            '"gazpacho" and is "epoxy"',
            {**RUN, 'series': 'epoxy', 'everything': True},
        )
        self.assertEqual(before, self.content())

    def test_a_file_of_something_else_is_refused_and_left_alone(self) -> None:
        for content, said in (
            (b'my notes', 'it has no end'),
            (b'my notes\n', 'line 1'),
            (b'{}\n', 'its schema is not'),
            (b'{"schema":"openstack-publish/journal/2"}\n', 'its schema'),
            (b'[' * 100_000 + b'\n', 'line 1'),
            (b'\xff\xfe\n', 'line 1'),
            (
                json.dumps({'schema': journal.SCHEMA}).encode() + b'\n',
                'it names no run',
            ),
        ):
            with self.subTest(said=said, content=content[:40]):
                self.write(content)
                self.refused(said)
                self.assertEqual(content, self.content())

    def test_a_damaged_row_is_refused_and_its_line_is_named(self) -> None:
        with self.open() as first:
            first.add('a', 1)
        before = self.content()
        for line in (b'{"key": 1, "row": 2}', b'[]', b'{"key": "a"}', b'{'):
            self.write(before + line + b'\n')
            self.refused(f'line 3 of {self.path}')

    def test_two_runs_never_write_one_file(self) -> None:
        with self.open():
            self.refused('another run writes to')

    def test_where_no_file_can_be_it_is_wrong_usage(self) -> None:
        self.path = self.directory
        self.refused('cannot be opened: Is a directory')
        self.path = os.path.join(self.directory, 'gone', 'done.jsonl')
        self.refused('cannot be opened: No such file or directory')

        self.path = '/dev/zero'
        self.refused('is no regular file')

    def test_a_full_disk_is_told_and_leaves_whole_lines(self) -> None:
        with self.open() as first:
            first.add('a', 1)
            before = self.content()
            limits = resource.getrlimit(resource.RLIMIT_FSIZE)
            self.addCleanup(resource.setrlimit, resource.RLIMIT_FSIZE, limits)
            resource.setrlimit(
                resource.RLIMIT_FSIZE, (len(before) + 5, limits[1])
            )
            error = self.assertRaises(
                exceptions.Unavailable, first.add, 'b', 2
            )
            self.assertIn('the disk is full', str(error))
            self.assertEqual(before, self.content())


class TestDigests(testtools.TestCase):
    """What a run depends on."""

    def setUp(self) -> None:
        super().setUp()
        self.here = pathlib.Path(self.useFixture(fixtures.TempDir()).path)

    def test_what_cannot_be_read_is_named(self) -> None:
        error = self.assertRaises(
            exceptions.Unavailable, journal.digests, [str(self.here)]
        )
        self.assertIn(str(self.here), error.what)

    def test_each_file_has_its_own(self) -> None:
        for name in ('a', 'b'):
            self.here.joinpath(name).write_text(name)
        paths = [str(self.here / name) for name in ('a', 'b')]
        self.assertEqual(
            [hashlib.sha256(name).hexdigest() for name in (b'a', b'b')],
            list(journal.digests(paths).values()),
        )
