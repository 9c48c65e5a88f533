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

"""Programs that are run, and programs that are asked question by question."""

from __future__ import annotations

import sys

import testtools

from openstack_publish import exceptions
from openstack_publish.gates import processes
from tests.support import gitrepo

ECHO = (
    'import os, sys\n'
    'for line in sys.stdin:\n'
    '    print(os.environ.get("EXTRA"), line.strip(), flush=True)\n'
)


class TestConverse(testtools.TestCase):
    def setUp(self) -> None:
        super().setUp()
        self.programs = processes.Processes(gitrepo.environment())

    def refusal(
        self, program: str, timeout: float = 60.0, question: bytes = b'?'
    ) -> str:
        """Return why a program gives no answer of ten bytes."""
        error = self.assertRaises(
            exceptions.Unavailable, self.asked, program, timeout, question
        )
        self.assertEqual(f'running {sys.executable}', error.what)
        return str(error.cause)

    def asked(self, program: str, timeout: float, question: bytes) -> None:
        with self.programs.converse(
            [sys.executable, '-c', program], timeout=timeout
        ) as conversation:
            conversation.ask(question)
            conversation.read(10)

    def test_a_program_that_is_not_there(self) -> None:
        def converse() -> None:
            with self.programs.converse(['no-such-program']):
                self.fail('it was started')

        error = self.assertRaises(exceptions.Unavailable, converse)
        self.assertEqual(
            'running no-such-program: no-such-program is not there', str(error)
        )

    def test_one_that_cannot_be_started(self) -> None:
        def converse() -> None:
            with self.programs.converse(['a\0b']):
                self.fail('it was started')

        error = self.assertRaises(exceptions.Unavailable, converse)
        self.assertIn('null byte', str(error))

    def test_one_that_ends_tells_its_last_words(self) -> None:
        self.assertEqual(
            'no, thanks', self.refusal('import sys; sys.exit("no, thanks")')
        )

    def test_one_that_ends_without_a_word(self) -> None:
        for program in ('', 'input()', 'input(); print(end="half a line")'):
            why = self.refusal(program)
            # Which of the two it is depends on who was faster.
            self.assertIn(
                why, ('it ended before it answered', '[Errno 32] Broken pipe')
            )

    def test_one_that_ends_within_an_answer(self) -> None:
        self.assertEqual(
            'it ended within an answer',
            self.refusal('input(); print("head\\nshort", end="")'),
        )

    def test_one_that_does_not_end_in_time(self) -> None:
        for program in (
            'import time; time.sleep(600)',
            'input(); print("head", flush=True); input()',
        ):
            self.assertEqual(
                'no end within 0.5 s', self.refusal(program, timeout=0.5)
            )

    def test_a_line_without_an_end_is_not_read_for_ever(self) -> None:
        self.assertEqual(
            'it ended before it answered',
            self.refusal(
                'import sys\n'
                'input()\n'
                'while True: sys.stdout.write("x" * 10000)\n'
            ),
        )

    def test_its_last_words_are_read_to_a_limit(self) -> None:
        why = self.refusal('import sys; sys.exit("x" * 100000)')
        self.assertEqual(processes.LAST_WORDS, len(why))

    def test_questions_are_answered_in_turn(self) -> None:
        with self.programs.converse(
            [sys.executable, '-c', ECHO], variables={'EXTRA': 'added'}
        ) as conversation:
            self.assertEqual(b'added one', conversation.ask(b'one'))
            self.assertEqual(b'added two', conversation.ask(b'two'))

    def test_it_sees_no_secret(self) -> None:
        programs = processes.Processes(
            {**gitrepo.environment(), 'EXTRA': 'secret'}
        )
        with programs.converse([sys.executable, '-c', ECHO]) as conversation:
            self.assertEqual(b'None one', conversation.ask(b'one'))
