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

"""Receipt files: whole or not at all, and unknown where they are broken."""

from __future__ import annotations

import json
import os

import fixtures
import testtools

from openstack_publish import exceptions
from openstack_publish.gates import receiptfile
from openstack_publish.model import knowledge
from openstack_publish.model import receipt


class TestOutcome(testtools.TestCase):
    """Reading the outcome of a receipt that is there."""

    def setUp(self) -> None:
        super().setUp()
        directory = self.useFixture(fixtures.TempDir()).path
        self.path = os.path.join(directory, 'nova-1.0.receipt.json')

    def outcome(self, content: bytes) -> knowledge.Knowledge[str | None]:
        with open(self.path, 'wb') as opened:
            opened.write(content)
        return receiptfile.ReceiptFiles().outcome(self.path)

    def document(self, **changed: object) -> bytes:
        return json.dumps(
            {'schema': receipt.SCHEMA, 'outcome': 'published', **changed}
        ).encode()

    def test_what_is_no_receipt_is_unknown(self) -> None:
        for content in (
            b'',
            b'{',
            b'[]',
            b'"published"',
            b'\xff\xfe',
            b'[' * 200_000,
            self.document()[:-5],
            self.document(outcome=None),
            self.document(outcome=['published']),
            self.document(outcome='Published'),
            self.document(schema='openstack-publish/receipt/2'),
            self.document(schema=None),
        ):
            found = self.outcome(content)
            self.assertIsInstance(found, knowledge.Unknown, repr(content[:40]))

    def test_a_receipt_above_the_limit_is_unknown(self) -> None:
        found = self.outcome(self.document() + b' ' * (receiptfile.LIMIT + 1))
        assert isinstance(found, knowledge.Unknown)
        self.assertIn(str(receiptfile.LIMIT), found.why)

    def test_a_directory_is_unknown(self) -> None:
        os.mkdir(self.path)
        self.assertIsInstance(
            receiptfile.ReceiptFiles().outcome(self.path), knowledge.Unknown
        )

    def test_a_pipe_is_unknown_and_not_waited_for(self) -> None:
        os.mkfifo(self.path)
        self.assertIsInstance(
            receiptfile.ReceiptFiles().outcome(self.path), knowledge.Unknown
        )

    def test_a_directory_that_is_not_there_is_named(self) -> None:
        error = self.assertRaises(
            exceptions.Misconfigured,
            receiptfile.ReceiptFiles().outcome,
            '/nowhere/r.json',
        )
        self.assertEqual('--receipt', error.where)
        self.assertIn('there is no directory /nowhere', error.message)

    def test_nothing_there_is_a_fact(self) -> None:
        self.assertEqual(
            knowledge.Known(None),
            receiptfile.ReceiptFiles().outcome(self.path),
        )

    def test_every_outcome_is_read(self) -> None:
        for each in receipt.Outcome:
            self.assertEqual(
                knowledge.Known(each.value),
                self.outcome(self.document(outcome=each.value)),
            )


class TestWrite(testtools.TestCase):
    """Putting a receipt in its place."""

    def setUp(self) -> None:
        super().setUp()
        self.directory = self.useFixture(fixtures.TempDir()).path
        self.path = os.path.join(self.directory, 'nova-1.0.receipt.json')
        self.files = receiptfile.ReceiptFiles()

    def test_a_place_that_is_not_there(self) -> None:
        error = self.assertRaises(
            exceptions.Unavailable, self.files.write, '/nowhere/r.json', '{}'
        )
        self.assertIn('/nowhere/r.json', error.what)

    def test_a_directory_in_its_place(self) -> None:
        os.mkdir(self.path)
        self.assertRaises(
            exceptions.Unavailable, self.files.write, self.path, '{}'
        )
        self.assertEqual([os.path.basename(self.path)], self.listed())

    def test_what_cannot_be_written_leaves_the_old_one(self) -> None:
        self.files.write(self.path, 'old')
        # A lone surrogate has no bytes.
        self.assertRaises(
            exceptions.Unavailable, self.files.write, self.path, '\ud800'
        )
        with open(self.path) as opened:
            self.assertEqual('old', opened.read())
        self.assertEqual([os.path.basename(self.path)], self.listed())

    def test_it_is_there_and_nothing_else(self) -> None:
        self.addCleanup(os.umask, os.umask(0o022))
        self.files.write(self.path, 'old')
        self.files.write(self.path, '{"name": "\u00e9"}')
        with open(self.path, 'rb') as opened:
            self.assertEqual('{"name": "\u00e9"}'.encode(), opened.read())
        self.assertEqual([os.path.basename(self.path)], self.listed())
        self.assertEqual(0o644, os.stat(self.path).st_mode & 0o777)

    def test_the_signature_of_the_old_one_goes(self) -> None:
        with open(f'{self.path}.asc', 'w') as opened:
            opened.write('of the old one')
        self.files.write(self.path, '{}')
        self.assertEqual([os.path.basename(self.path)], self.listed())

    def test_it_gets_its_place_once_it_is_signed(self) -> None:
        self.files.write(self.path, 'old')

        def sign(path: str, target: str) -> None:
            with open(path) as opened:
                self.assertEqual('new', opened.read())
            with open(self.path) as opened:
                self.assertEqual('old', opened.read())
            self.assertEqual(f'{self.path}.asc', target)
            with open(target, 'w') as opened:
                opened.write('signed')

        self.files.write(self.path, 'new', sign)
        self.assertEqual(
            [
                os.path.basename(self.path),
                f'{os.path.basename(self.path)}.asc',
            ],
            sorted(self.listed()),
        )
        with open(self.path) as opened:
            self.assertEqual('new', opened.read())

    def test_one_that_cannot_be_signed_gets_no_place(self) -> None:
        def sign(path: str, target: str) -> None:
            raise exceptions.Unavailable('signing', 'no agent')

        self.assertRaises(
            exceptions.Unavailable, self.files.write, self.path, '{}', sign
        )
        self.assertEqual([], self.listed())

    def test_what_a_killed_run_left_goes(self) -> None:
        part = f'.{os.path.basename(self.path)}.0a1b2c3d.part'
        with open(os.path.join(self.directory, part), 'w') as opened:
            opened.write('{')
        self.files.write(self.path, '{}')
        self.assertEqual([os.path.basename(self.path)], self.listed())

    def test_a_path_without_a_directory(self) -> None:
        self.addCleanup(os.chdir, os.getcwd())
        os.chdir(self.directory)
        self.files.write('r.json', '{}')
        self.assertEqual(['r.json'], self.listed())

    def listed(self) -> list[str]:
        return os.listdir(self.directory)
