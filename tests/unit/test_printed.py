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

"""What the documentation prints is what the program takes."""

from __future__ import annotations

import argparse
import configparser
import contextlib
import functools
import io
import json
import pathlib
import re
from collections.abc import Iterator

import fixtures
import testtools
import yaml
from cliff import command as cliff_command

from openstack_publish.cli import application
from openstack_publish.gates import policyfile
from openstack_publish.rules import catalogue
from tests.support import printed

POLICY = 'doc/source/reference/policy.rst'
DISTRIBUTION = 'openstack_publish_rehearsal'
TOOLS = (
    'cd',
    'curl',
    'dask',
    'export',
    'git',
    'gpg',
    'openstack-publish',
    'pip',
    'python3',
    'reno',
    'tools/tox.sh',
    'tox',
    'twine',
)
"""What a line of a command begins with, wherever it stands."""

OPTIONS_OF_OTHERS = {
    '--disable-fallback': 'pypiserver',
    '--fail': 'curl',
    '--nthreads': 'dask',
    '--protocol': 'dask',
    '--upgrade': 'uv',
}
"""Options in the text that are not ours, and whose they are."""

DEFAULT = ('py3', 'py311')
"""Environments of tox that need no section."""


@functools.cache
def command_names() -> frozenset[str]:
    """Names of all commands."""
    return frozenset(application.Commands().commands)


def parse(words: list[str]) -> str | None:
    """Parse a command line without its program, and return what is wrong."""
    stdout, stderr = io.StringIO(), io.StringIO()
    with (
        contextlib.redirect_stdout(stdout),
        contextlib.redirect_stderr(stderr),
    ):
        try:
            loaded, name, rest = application.Commands().find_command(words)
            parser_of(loaded, name).parse_args(rest)
        except (SystemExit, ValueError) as error:
            return f'{error}: {stderr.getvalue()}'
    return None


def parser_of(
    loaded: type[cliff_command.Command], name: str
) -> argparse.ArgumentParser:
    """Return the parser of a command."""
    app = application.Application(io.StringIO(), io.StringIO())
    return loaded(app, argparse.Namespace()).get_parser(name)


def ours(text: str) -> Iterator[list[str]]:
    """Return the words after the program of each of its calls in a line."""
    for words in printed.words(text):
        if words[:2] == ['twine', printed.PROGRAM]:
            yield words[2:]
        elif words[0] == printed.PROGRAM:
            yield words[1:]


class TestReader(testtools.TestCase):
    """The reader of the pages."""

    def test_it_misses_no_command(self) -> None:
        """Each line that looks like one of our commands is read as one."""
        for page in printed.pages():
            looks = [
                line
                for line in printed.read(page).splitlines()
                if re.match(r'\s+(?:\$ )?openstack-publish \w', line)
                and not re.match(r'\s+(?:\$ )?openstack-publish \d', line)
            ]
            found = [
                line
                for command in printed.commands(page)
                for line in command.text.splitlines()
                if re.match(r'\s*openstack-publish \w', line)
            ]
            self.assertEqual(
                [line.strip().removeprefix('$ ') for line in looks],
                [line.strip() for line in found],
                page,
            )

    def test_no_command_stands_in_another_block(self) -> None:
        """There it would be read by nobody but the user."""
        for page in printed.pages():
            for block in printed.blocks(page):
                if block.language in ('', 'text'):
                    for line in block.text.splitlines():
                        word = line.removeprefix('$ ').partition(' ')[0]
                        self.assertNotIn(word, TOOLS, f'{page}: {line}')

    def test_words_of_a_line_of_the_shell(self) -> None:
        self.assertEqual(
            [['a', '-b', 'c d'], ['jq', '.[] | e'], ['f']],
            printed.words(
                "X=1 a -b \\\n    'c d' > out |\n jq '.[] | e' && f"
            ),
        )

    def test_synopses_become_lines(self) -> None:
        self.assertEqual(
            [
                'watch --once',
                'watch --once --x sample',
                'watch --interval 300',
                'watch --interval 300 --x sample',
            ],
            [
                ' '.join(line)
                for line in printed.samples(
                    'watch (--once | --interval SECONDS) [options] [--x F]'
                )
            ],
        )


class TestCommands(testtools.TestCase):
    """Each command of ours, with the real parser."""

    def test_each_one_that_is_printed_parses(self) -> None:
        count = 0
        for page in printed.pages():
            for command in printed.commands(page):
                for words in ours(command.text):
                    self.assertIsNone(parse(words), command.where)
                    count += 1
        self.assertGreater(count, 40)

    def test_each_one_in_the_text_parses(self) -> None:
        """A name alone names a command; what has more is a synopsis."""
        count = 0
        for page in printed.pages():
            for text in printed.inline(page):
                if printed.PROGRAM not in text:
                    continue
                for words in ours(text.replace('…', '')):
                    if ' '.join(words) in command_names():
                        continue
                    if words in ([], ['COMMAND'], ['--help']):
                        continue
                    for sample in printed.samples(' '.join(words)):
                        self.assertIsNone(parse(sample), f'{page}: {text}')
                        count += 1
        self.assertGreater(count, 5)

    def test_a_wrong_one_does_not_parse(self) -> None:
        """Else the tests above say nothing."""
        self.assertIsNotNone(parse(['publish', '--no-such-option']))
        self.assertIsNotNone(parse(['publish-it']))
        self.assertIsNotNone(parse(['explain', 'os-vif']))


class TestTox(testtools.TestCase):
    """Environments of tox."""

    def test_each_one_is_there(self) -> None:
        known = configparser.ConfigParser(interpolation=None)
        known.read(printed.ROOT / 'tox.ini')
        count = 0
        for page in printed.pages():
            texts = [one.text for one in printed.commands(page)]
            for text in [*texts, *printed.inline(page)]:
                named = re.match(
                    r'(?:\S*=\S+ )?(?:tools/tox.sh|tox) -e (\w+)', text
                )
                if named is not None and named[1] not in DEFAULT:
                    self.assertIn(f'testenv:{named[1]}', known, page)
                    count += 1
        self.assertGreater(count, 10)


class TestOptions(testtools.TestCase):
    """Options that the text names."""

    def test_each_one_is_there(self) -> None:
        app = application.Application(io.StringIO(), io.StringIO())
        known = set(app.parser._option_string_actions)
        commands = application.Commands()
        for name in command_names():
            loaded, _, _ = commands.find_command(name.split())
            known |= set(parser_of(loaded, name)._option_string_actions)
        for page in printed.pages():
            if page.startswith('doc/source/contributor/'):
                continue
            for text in printed.inline(page):
                option = re.match(r'--[a-z][\w-]*', text)
                if option is not None and option[0] not in OPTIONS_OF_OTHERS:
                    self.assertIn(option[0], known, page)


class TestCodes(testtools.TestCase):
    """Codes of findings that are named."""

    def test_each_one_has_a_page(self) -> None:
        known = {page.code for page in catalogue.pages()}
        for page in printed.pages():
            named = set(re.findall(r'OSP\d{3}', printed.read(page)))
            self.assertEqual(set(), named - known, page)


class TestSnippets(testtools.TestCase):
    """YAML and JSON in the pages."""

    def test_json_is_json(self) -> None:
        for page in printed.pages():
            for block in printed.blocks(page):
                if block.language == 'json':
                    json.loads(block.text)

    def test_yaml_is_yaml_and_a_policy_is_one(self) -> None:
        policies = 0
        for page in printed.pages():
            for block in printed.blocks(page):
                if block.language != 'yaml':
                    continue
                found = yaml.safe_load(block.text)
                if page == POLICY and 'schema' not in found:
                    found = {'schema': 'openstack-publish/policy/1', **found}
                if 'schema' in found:
                    self.assert_policy(found)
                    policies += 1
        self.assertEqual(3, policies)

    def assert_policy(self, found: object) -> None:
        """The reader of policies takes it."""
        path = pathlib.Path(self.useFixture(fixtures.TempDir()).path, 'p.yaml')
        path.write_text(yaml.safe_dump(found), 'utf-8')
        policyfile.read(str(path), None, 'pypi')

    def test_a_change_leaves_yaml_behind(self) -> None:
        """Whose jobs and roles of ours are there."""
        jobs = {
            entry['job']['name']
            for path in (printed.ROOT / 'zuul.d').rglob('*.yaml')
            for entry in yaml.safe_load(path.read_text('utf-8'))
            if 'job' in entry
        }
        roles = {path.name for path in (printed.ROOT / 'roles').iterdir()}
        count = 0
        for page in printed.pages():
            for block in printed.blocks(page):
                if block.language != 'diff':
                    continue
                after = [
                    line[1:]
                    for line in block.text.splitlines()
                    if not line.startswith('-')
                ]
                text = '\n'.join(after)
                self.assertIsInstance(yaml.safe_load(text), list, page)
                named = set(re.findall(r'^ *- (openstack-publish\S*):', text))
                self.assertEqual(set(), named - jobs)
                named = set(re.findall(r'role: (openstack-publish\S*)', text))
                self.assertEqual(set(), named - roles)
                count += 1
        self.assertEqual(3, count)

    def test_each_variable_of_a_role_is_one(self) -> None:
        known = {
            name
            for path in (printed.ROOT / 'roles').glob('*/defaults/main.yaml')
            for name in yaml.safe_load(path.read_text('utf-8'))
        }
        for page in printed.pages():
            named = set(
                re.findall(r'\b(openstack_publish_\w+)', printed.read(page))
            )
            named -= {name for name in named if name.startswith(DISTRIBUTION)}
            self.assertEqual(set(), named - known, page)
