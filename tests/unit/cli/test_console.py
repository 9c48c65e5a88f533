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

import io

import testtools

from openstack_publish import seams
from openstack_publish.cli import console
from openstack_publish.model import receipt

HELD = receipt.StepRecord(7, 'Credential', 0.123, 'held')


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


class ConsoleTest(testtools.TestCase):
    def observer(
        self, stream: io.StringIO, *, quiet: bool = False, live: bool = True
    ) -> seams.Observer:
        self.broken: list[Exception] = []
        return console.observer(stream, quiet, self.broken.append, live)


class TestLines(ConsoleTest):
    def test_a_step_is_a_line_at_its_beginning_and_one_at_its_end(
        self,
    ) -> None:
        stream = io.StringIO()
        observer = self.observer(stream)
        observer.step_began(7, 15, 'Credential')
        self.assertEqual('7/15 Credential\n', stream.getvalue())
        observer.bytes_done('reading', 1, 2)
        observer.waits('for the index', 4.0)
        observer.step_ended(HELD, 15, 'a token')
        self.assertEqual(
            '7/15 Credential\n'
            '     waiting 4 s for the index\n'
            '     held, 0.12 s: a token\n',
            stream.getvalue(),
        )

    def test_what_was_found_steers_no_terminal_and_adds_no_line(self) -> None:
        stream = io.StringIO()
        self.observer(stream).step_ended(HELD, 15, 'a\n8/15 b\x1b[31m')
        self.assertEqual(1, stream.getvalue().count('\n'))
        self.assertNotIn('\x1b', stream.getvalue())

    def test_a_terminal_without_a_bar_gets_the_same_lines(self) -> None:
        stream = Terminal()
        observer = self.observer(stream, live=False)
        observer.step_began(7, 15, 'Credential')
        self.assertEqual('7/15 Credential\n', stream.getvalue())

    def test_quiet_is_silent_but_for_our_own_errors(self) -> None:
        stream = Terminal()
        observer = self.observer(stream, quiet=True)
        observer.step_began(7, 15, 'Credential')
        observer.step_ended(HELD, 15, 'a token')
        error = ValueError()
        observer.broke(error)
        self.assertEqual('', stream.getvalue())
        self.assertEqual([error], self.broken)


class TestLive(ConsoleTest):
    def test_a_step_ends_as_one_line_with_its_mark(self) -> None:
        stream = Terminal()
        observer = self.observer(stream)
        observer.step_began(7, 15, 'Credential')
        observer.bytes_done('uploading [red]x[/red]\x1b[2J', 5, 10)
        observer.waits('for [b]it[/b]', 1.0)
        observer.step_ended(HELD, 15, 'a [link=x]token[/link]\x1b[2J')
        shown = stream.getvalue()
        self.assertIn('✓', shown)
        self.assertIn('7/15 Credential', shown)
        self.assertIn('[link=x]token[/link]', shown)
        self.assertNotIn('\x1b[2J', shown)

    def test_the_display_ends_before_an_error_is_told(self) -> None:
        stream = Terminal()
        observer = self.observer(stream)
        observer.step_began(7, 15, 'Credential')
        observer.broke(ValueError())
        self.assertEqual(1, len(self.broken))
        # The cursor is shown again.
        self.assertTrue(stream.getvalue().endswith('\x1b[2K'), shown(stream))


def shown(stream: io.StringIO) -> str:
    return repr(stream.getvalue()[-80:])
