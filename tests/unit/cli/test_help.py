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

"""``--help`` fits a terminal, and what it shows can be copied."""

from __future__ import annotations

import contextlib
import io
import pathlib
import re
import runpy
import shlex
import subprocess
from collections.abc import Iterator

import fixtures
import testtools

from openstack_publish.cli import application
from openstack_publish.cli import base
from openstack_publish.cli import help_command
from openstack_publish.cli import usage
from tests.support import scene

ROOT = pathlib.Path(__file__).resolve().parents[3]
REFERENCE = ROOT / 'doc' / 'source' / 'reference'
NAMES = sorted(application.Commands().commands)
LEAST = 10
"""Characters of a sentence that says what an example is for."""


def command(name: str) -> base.Command:
    """Return a command as it is when nothing runs it."""
    factory, _, _ = application.Commands().find_command(name.split())
    made = factory(application.Application(), None)
    assert isinstance(made, base.Command), name
    return made


def examples() -> Iterator[tuple[str | None, str, str]]:
    """Give each example: of which command, what for, and the command."""
    for sentence, line in help_command.EXAMPLES:
        yield None, sentence, line
    for name in NAMES:
        for sentence, line in command(name).examples:
            yield name, sentence, line


def wrong(name: str | None, line: str) -> str | None:
    """Say what is wrong with an example of a command.

    :param name: None for any command
    """
    program, *words = shlex.split(line)
    if program != application.NAME:
        return f'it runs {program}'
    try:
        _, found, rest = application.Commands().find_command(words)
    except ValueError as error:
        return str(error)
    if name not in (None, found):
        return f'it is an example of {found}'
    said = io.StringIO()
    with contextlib.redirect_stderr(said):
        try:
            command(found).get_parser(found).parse_args(rest)
        except SystemExit:
            return said.getvalue()
    return None


class HelpTest(testtools.TestCase):
    """A test on a terminal of 80 columns."""

    def setUp(self) -> None:
        super().setUp()
        self.resize(80)

    def resize(self, columns: int) -> None:
        """Let the terminal be so wide."""
        self.useFixture(fixtures.EnvironmentVariable('COLUMNS', str(columns)))

    def help_of(self, *words: str) -> str:
        """Return what is printed, with exit code 0 and nothing on stderr."""
        result = scene.run([*words], {})
        self.assertEqual((0, ''), (result.code, result.stderr), f'{words}')
        return result.stdout

    def assertFits(self, text: str) -> None:
        """No line has more than 80 columns."""
        self.assertEqual(
            [], [line for line in text.splitlines() if len(line) > 80]
        )


class TestHelp(HelpTest):
    """What is printed."""

    def test_each_command_has_an_example_at_the_end(self) -> None:
        for name in NAMES:
            shown = command(name).examples
            self.assertNotEqual((), shown, name)
            text = self.help_of(*name.split(), '--help')
            self.assertIn('\n\nexamples:\n', text, name)
            end = text.partition('\n\nexamples:\n')[2]
            self.assertEqual(
                usage.in_help(shown), f'examples:\n{end.rstrip()}'
            )

    def test_each_one_begins_with_its_usage(self) -> None:
        for name in NAMES:
            text = self.help_of(*name.split(), '--help')
            start = f'usage: {application.NAME} {name} [options]'
            self.assertEqual(start, text[: len(start)])

    def test_each_one_is_the_same_by_the_help_command(self) -> None:
        self.assertEqual(self.help_of('--help'), self.help_of('help'))
        for name in NAMES:
            self.assertEqual(
                self.help_of(*name.split(), '--help'),
                self.help_of('help', *name.split()),
            )

    def test_none_is_wider_than_80_columns(self) -> None:
        for name in NAMES:
            self.assertFits(self.help_of(*name.split(), '--help'))
        self.assertFits(self.help_of('--help'))

    def test_examples_are_the_same_in_every_terminal(self) -> None:
        """Who copies one from a wide window gets the same lines."""
        for columns in (40, 200):
            self.resize(columns)
            for name in NAMES:
                self.assertIn(
                    usage.in_help(command(name).examples),
                    self.help_of(*name.split(), '--help'),
                )

    def test_a_wide_terminal_is_used(self) -> None:
        self.resize(200)
        text = self.help_of('publish', '--help')
        self.assertGreater(max(map(len, text.splitlines())), 100)

    def test_a_name_with_a_hyphen_is_not_cut(self) -> None:
        for name in NAMES:
            text = self.help_of(*name.split(), '--help')
            self.assertEqual([], re.findall(r'(?m)\w-\n.*', text))

    def test_our_options_come_before_those_that_every_list_has(self) -> None:
        text = self.help_of('audit', '--help')
        self.assertGreater(
            text.index('output formatters:'), text.index('--cache-dir')
        )

    def test_exit_codes_are_a_paragraph(self) -> None:
        for name in NAMES:
            text = self.help_of(*name.split(), '--help')
            for found in re.finditer('[Ee]xit codes', text):
                self.assertEqual('\n\n', text[: found.start()][-2:], name)

    def test_that_of_the_program_lists_every_command_on_one_line(
        self,
    ) -> None:
        text = self.help_of('--help')
        listed = text.partition('\ncommands:\n')[2].partition('\n\n')[0]
        self.assertEqual(
            NAMES,
            [re.split('  +', line)[1] for line in listed.splitlines()],
        )

    def test_that_of_the_program_ends_with_examples(self) -> None:
        text = self.help_of('--help')
        self.assertTrue(
            text.rstrip().endswith(usage.in_help(help_command.EXAMPLES))
        )

    def test_each_global_option_is_told_in_our_words(self) -> None:
        text = self.help_of('--help')
        for parsed in application.Application().parser._actions:
            words = parsed.help or ''
            self.assertIn(words, text)
            self.assertRegex(words, r'^[a-z].*[^.]$')

    def test_a_usage_names_what_may_not_be_left_out(self) -> None:
        start = f'usage: {application.NAME}'
        for name, end in (
            ('help', '[options] [COMMAND ...]'),
            ('rule', '[options] [CODE]'),
            ('explain', '[options] PROJECT RELEASE'),
            ('republish', '[options] --archive URL|DIR PROJECT RELEASE'),
            ('watch ack', '[options] --state FILE --reason TEXT ID'),
        ):
            text = self.help_of(*name.split(), '--help')
            self.assertEqual(f'{start} {name} {end}', text.partition('\n')[0])
        text = self.help_of('watch', '--help')
        self.assertIn('    (--once | --interval SECONDS)\n', text)


class TestExamples(testtools.TestCase):
    """What the examples say."""

    def test_each_one_is_taken_by_its_own_parser(self) -> None:
        for name, sentence, line in examples():
            self.assertIsNone(wrong(name, line), sentence)

    def test_one_that_is_not_as_it_was_is_found(self) -> None:
        """Else the test above says nothing."""
        for name, _, line in examples():
            for changed in (
                f'{line} --no-such-option',
                line.replace('--', '--x-')
                if '--' in line
                else f'{line} --state',
                line.replace(application.NAME, 'twine', 1),
                line.replace(f'{application.NAME} ', f'{application.NAME} x'),
            ):
                self.assertIsNotNone(wrong(name, changed), changed)
        self.assertIsNotNone(wrong('sign', f'{application.NAME} publish'))
        self.assertIsNotNone(wrong(None, f'{application.NAME} explain x'))

    def test_each_one_means_to_a_shell_what_it_means_to_the_parser(
        self,
    ) -> None:
        """A line that ends within quotes would be another command."""
        for _, _, line in examples():
            for width in (48, 68, 76):
                shown = usage.lines(line, width)
                done = subprocess.run(
                    ['sh', '-c', f'printf "%s\\n" {shown}'],
                    check=True,
                    capture_output=True,
                    text=True,
                )
                self.assertEqual(
                    shlex.split(line), done.stdout.splitlines(), shown
                )

    def test_each_one_says_what_it_is_for(self) -> None:
        for _, sentence, line in examples():
            self.assertRegex(sentence, rf'^[A-Z].{{{LEAST},69}}[^.:]$', line)

    def test_none_stands_twice(self) -> None:
        for name in NAMES:
            lines = [line for _, line in command(name).examples]
            self.assertEqual(sorted(set(lines)), sorted(lines), name)


class TestManualPage(testtools.TestCase):
    """The reference of the command line is the manual page as well."""

    def setUp(self) -> None:
        super().setUp()
        self.page = (REFERENCE / 'cli.rst').read_text(encoding='utf-8')

    def test_sphinx_makes_it_of_the_reference(self) -> None:
        self.useFixture(fixtures.MonkeyPatch('sys.path', []))
        settings = runpy.run_path(str(ROOT / 'doc' / 'source' / 'conf.py'))
        ((source, name, *_, section),) = settings['man_pages']
        self.assertEqual(
            ('reference/cli', application.NAME, 1), (source, name, section)
        )

    def test_it_has_a_section_for_each_command(self) -> None:
        sections = re.findall(
            r'(?m)^(.+)\n(-+)\n(?:\n\.\. only:: not man\n\n(?:   .+\n)+)?'
            r'\n\.\. command-options:: (.+)$',
            self.page,
        )
        self.assertEqual(
            [(name, '-' * len(name), name) for name in NAMES], sections
        )

    def test_it_has_the_sections_of_a_manual_page(self) -> None:
        wanted = [
            'Synopsis',
            'Description',
            'Global options',
            'Commands',
            'Exit status',
            'Environment',
            'Files',
            'Examples',
            'See also',
        ]
        found = re.findall(r'(?m)^ *(\S.*)\n *=+$', self.page)
        self.assertEqual(wanted, [each for each in found if each in wanted])

    def test_what_it_includes_is_there(self) -> None:
        """Else Sphinx would include the whole page, or nothing."""
        included = re.findall(
            r'\.\. include:: (\S+)\n((?: +:(?:start|end)-\w+: .+\n)+)',
            self.page,
        )
        self.assertEqual(
            ['exit-codes.rst', 'environment.rst'],
            [name for name, _ in included],
        )
        for name, bounds in included:
            text = (REFERENCE / name).read_text(encoding='utf-8')
            for mark in re.findall(r'(?m):\w+-\w+: (.+)$', bounds):
                self.assertEqual(1, text.count(f'\n{mark}\n'), mark)
