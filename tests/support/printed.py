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

"""What the documentation prints: its commands, their output, its snippets.

A command stands in a block ``.. code-block:: console`` on a line that begins
with ``$ ``; what follows up to the next such line is its output. A block
``.. code-block:: text`` that comes next is the output of the last command. A
block ``.. code-block:: shell`` is a script, and one command.
"""

from __future__ import annotations

import dataclasses
import functools
import itertools
import pathlib
import re
import shlex
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence

ROOT = pathlib.Path(__file__).parents[2]
PROGRAM = 'openstack-publish'

_BLOCK = re.compile(r'( *)\.\. (?:code-block|code|sourcecode):: *(\S+) *$')
_OPTION = re.compile(r' *:[\w-]+:')
_UNDERLINE = re.compile(r'([=\-~^"*])\1{2,}$')
_PROMPT = '$ '
_JOINED = ('\\', '|')
"""A line of a command that ends so goes on with the next one."""


@dataclasses.dataclass(frozen=True)
class Block:
    """A literal block of a page."""

    page: str
    """Path of the page, relative to the root of the repository."""

    line: int
    """Of its first line of text; lines count from 1."""

    language: str
    """As the directive names it; empty for a block after ``::``."""

    section: str
    """Title of the section that it stands in."""

    text: str


@dataclasses.dataclass(frozen=True)
class Command:
    """A command as it is printed, and what is printed below it."""

    page: str
    line: int
    section: str
    text: str
    """As printed, without the prompt; lines that are joined still apart."""

    output: str

    @property
    def where(self) -> str:
        """Place of the command, for messages."""
        return f'{self.page}:{self.line}: {self.text}'


def pages() -> list[str]:
    """Return every page that a user reads, release notes aside."""
    found = [
        ROOT / 'README.rst',
        ROOT / 'CONTRIBUTING.rst',
        ROOT / 'HACKING.rst',
        *(ROOT / 'doc' / 'source').rglob('*.rst'),
        *(ROOT / 'roles').glob('*/README.rst'),
    ]
    return sorted(path.relative_to(ROOT).as_posix() for path in found)


@functools.cache
def read(page: str) -> str:
    """Return a page's text."""
    return (ROOT / page).read_text('utf-8')


@functools.cache
def blocks(page: str) -> tuple[Block, ...]:
    """Return every literal block of a page."""
    return tuple(_blocks(page, read(page).splitlines()))


def _blocks(page: str, lines: list[str]) -> Iterator[Block]:
    section, number = '', 0
    while number < len(lines):
        line = lines[number]
        number += 1
        if _UNDERLINE.match(line) and lines[number - 2 : number - 1] != ['']:
            section = lines[number - 2] if number > 1 else ''
            continue
        directive = _BLOCK.match(line)
        literal = line.rstrip().endswith('::') and not re.match(
            r' *\.\.', line
        )
        if directive is None and not literal:
            continue
        depth = len(line) - len(line.lstrip())
        begin = number
        while number < len(lines) and (
            not lines[number].strip()
            or len(lines[number]) - len(lines[number].lstrip()) > depth
        ):
            number += 1
        while begin < number and (
            not lines[begin].strip() or _OPTION.match(lines[begin])
        ):
            begin += 1
        yield Block(
            page,
            begin + 1,
            '' if directive is None else directive[2],
            section,
            _dedented(lines[begin:number]),
        )


def _dedented(lines: Sequence[str]) -> str:
    depth = min(
        (len(line) - len(line.lstrip()) for line in lines if line.strip()),
        default=0,
    )
    return '\n'.join(line[depth:] for line in lines).rstrip('\n')


@functools.cache
def commands(page: str) -> tuple[Command, ...]:
    """Return the commands of a page, in its order."""
    found: list[Command] = []
    for block in blocks(page):
        if block.language == 'console':
            found += _of_console(block)
        elif block.language == 'shell':
            found.append(
                Command(page, block.line, block.section, block.text, '')
            )
        elif block.language == 'text' and found and not found[-1].output:
            found[-1] = dataclasses.replace(found[-1], output=block.text)
    return tuple(found)


def _of_console(block: Block) -> Iterator[Command]:
    lines = block.text.split('\n')
    number = 0
    while number < len(lines):
        first = number
        if not lines[number].startswith(_PROMPT):
            raise AssertionError(
                f'{block.page}:{block.line + number}: a console block has to '
                f'begin with a command: {lines[number]}'
            )
        while lines[number].endswith(_JOINED):
            number += 1
        number += 1
        end = number
        while end < len(lines) and not lines[end].startswith(_PROMPT):
            end += 1
        yield Command(
            block.page,
            block.line + first,
            block.section,
            '\n'.join(lines[first:number]).removeprefix(_PROMPT),
            '\n'.join(lines[number:end]).strip('\n'),
        )
        number = end


def words(text: str) -> list[list[str]]:
    """Return the words of each simple command that the shell would start.

    Assignments before a command and redirections are left out.
    """
    joined = re.sub(r'\\\n\s*', ' ', text)
    return [one for line in joined.splitlines() for one in _words(line) if one]


def _words(line: str) -> list[list[str]]:
    lexer = shlex.shlex(line, posix=True, punctuation_chars=True)
    lexer.whitespace_split = True
    found: list[list[str]] = [[]]
    target = False
    for word in lexer:
        if set(word) <= set('|&;()'):
            found.append([])
        elif set(word) <= set('<>'):
            target = True
        elif target:
            target = False
        elif found[-1] or not re.match(r'\w+=', word):
            found[-1].append(word)
    return found


def inline(page: str) -> list[str]:
    """Return what stands between double backquotes, on one line each."""
    lines = read(page).splitlines()
    for block in blocks(page):
        begin = block.line - 1
        lines[begin : begin + block.text.count('\n') + 1] = [
            '' for _ in block.text.split('\n')
        ]
    outside = '\n'.join(lines)
    return [
        re.sub(r'\s+', ' ', found)
        for found in re.findall(r'``(?!`)(.+?)``(?!`)', outside, re.S)
    ]


SAMPLES: Mapping[str, str] = {
    'CODE': 'OSP101',
    'RELEASE': '5.2.0',
    'SECONDS': '300',
    'S': 'hibiscus',
    'HOURS': '24',
}
"""What stands for a metavariable; for any other one ``sample`` does."""


def samples(synopsis: str) -> list[list[str]]:
    """Return command lines that a synopsis allows.

    Once without and once with what is in brackets, for each of the
    alternatives in parentheses.
    """
    text = re.sub(r'\[(?:global )?options\]|\.\.\.|…', '', synopsis)
    alternatives = [
        [one.strip() for one in group.split(' | ')]
        for group in re.findall(r'\(([^)]*)\)', text)
    ]
    lines = []
    for chosen in itertools.product(*alternatives):
        line = text
        for one in chosen:
            line = re.sub(r'\([^)]*\)', one, line, count=1)
        lines.append(re.sub(r'\[[^]]*\]', '', line))
        lines.append(re.sub(r'[][]', '', line))
    return [[_sample(word) for word in line.split()] for line in lines]


def _sample(word: str) -> str:
    word = word.partition('|')[0]
    if not re.fullmatch(r'[A-Z]+', word):
        return word
    return SAMPLES.get(word, 'sample')


_MASKS = {
    r'[0-9A-F]{40}': r'[0-9A-F]{40}',
    r'[0-9a-f]{64}': r'[0-9a-f]{64}',
    r'[0-9a-f]{40}': r'[0-9a-f]{40}',
    r'[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}': r'[0-9a-f-]{36}',
    r'\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ': r'\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ',
    r'\d{4}-\d\d-\d\d': r'\d{4}-\d\d-\d\d',
    r'https?://(?:index\.example|archive\.example|127\.0\.0\.1:\d+)': (
        r'http://127\.0\.0\.1:\d+'
    ),
    r'\d+\.\d\d s': r'\d+\.\d\d s',
    r'\d+\.\d\d days': r'\d+\.\d\d days',
    r'\(\d+ bytes\)': r'\(\d+ bytes\)',
    r'GnuPG \d+\.\d+\.\d+': r'GnuPG \d+\.\d+\.\d+',
    r'/osp-x{8} has \d+': r'/osp-\w{8} has \d+',
    r'from [0-9a-f]{7}\b': r'from [0-9a-f]{7,10}\b',
    r'…|\.\.\.': r'.*?',
    r'\s+': r'\s+',
}
"""What is another one in each run, as the pages have it and as it comes."""

_TOKENS = re.compile('|'.join(f'({mask})' for mask in _MASKS))
_COMES = list(_MASKS.values())


def pattern(output: str) -> re.Pattern[str]:
    """Return what an output has to fit that a page prints."""
    parts, end = [], 0
    for found in _TOKENS.finditer(output):
        parts.append(re.escape(output[end : found.start()]))
        assert found.lastindex is not None
        parts.append(_COMES[found.lastindex - 1])
        end = found.end()
    parts.append(re.escape(output[end:]))
    return re.compile(rf'\s*{"".join(parts)}\s*', re.S)
