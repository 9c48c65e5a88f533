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

"""How ``--help`` looks: a short usage, options, examples, on 80 columns."""

from __future__ import annotations

import argparse
import re
import textwrap
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Sequence
from typing import NoReturn

from openstack_publish.render import plain

WIDTH = 80
"""Columns that an example and a usage take at most, in any terminal."""

Examples = Sequence[tuple[str, str]]
"""What one wants, as words before a colon, and the command that does it."""

_PREFIX = 'usage: '
_INDENT = '    '
_GLUE = '\xa0'
"""Stands for a space where no line may end; textwrap lets it be."""

_TOGETHER = re.compile(r"'[^']*'|\([^)]*\)|(?<=\s)--?\S+ (?!-)")
"""What belongs on one line: quoted words, a choice, an option's value."""


class Formatter(argparse.HelpFormatter):
    """Keeps paragraphs, what is indented, and words with a hyphen in them."""

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        return '\n\n'.join(
            textwrap.indent(part, indent)
            if part.startswith(' ') or '\n ' in part
            else textwrap.fill(
                part,
                width,
                initial_indent=indent,
                subsequent_indent=indent,
                break_on_hyphens=False,
            )
            for part in text.split('\n\n')
        )

    def _split_lines(self, text: str, width: int) -> list[str]:
        return textwrap.wrap(
            ' '.join(text.split()), width, break_on_hyphens=False
        )


def finish(
    parser: argparse.ArgumentParser, forms: Sequence[str], examples: Examples
) -> None:
    """Give a parser its usage, its examples, its formatter and its tone.

    :param forms: how the command is written after its options, where that
        cannot be told from its arguments
    """
    parser.formatter_class = Formatter
    complain_harmlessly(parser)
    indent = ' ' * len(_PREFIX)
    parser.usage = '\n'.join(
        line
        for text in usages(parser, forms)
        for line in wrapped(text.replace('%', '%%'), WIDTH, indent)
    ).lstrip()
    parser.epilog = in_help(examples)


def complain_harmlessly(parser: argparse.ArgumentParser) -> None:
    """Let a parser show the words that it does not know, and obey none.

    argparse repeats them as they were given; one may come from a variable
    of a job that a stranger has filled.
    """
    complain = parser.error

    def error(message: str) -> NoReturn:
        complain(plain.line(message))

    # Of one parser, whose class is cliff's: there is nothing to derive from.
    parser.error = error  # type: ignore[method-assign]


def usages(
    parser: argparse.ArgumentParser, forms: Sequence[str] = ()
) -> list[str]:
    """Return how a command is written, without what may be left out.

    argparse's own usage repeats every option that is explained below it.
    """
    start = f'{parser.prog} [options]'
    if forms:
        return [f'{start} {form}' for form in forms]
    return [' '.join((start, *_needed(parser)))]


def _needed(parser: argparse.ArgumentParser) -> Iterator[str]:
    for action in parser._actions:
        if action.option_strings and action.required:
            yield spelled(action)[-1]
    for group in parser._mutually_exclusive_groups:
        if group.required:
            words = (spelled(action)[-1] for action in group._group_actions)
            yield f'({" | ".join(words)})'
    for action in parser._actions:
        if not action.option_strings:
            (value,) = spelled(action)
            match action.nargs:
                case '*':
                    yield f'[{value} ...]'
                case '?':
                    yield f'[{value}]'
                case _:
                    yield value


def spelled(action: argparse.Action) -> list[str]:
    """Return how an option or argument is written, short form first."""
    value = _value(action)
    return [
        f'{option} {value}'.rstrip() for option in action.option_strings
    ] or [value]


def _value(action: argparse.Action) -> str:
    """Return how an action's value is written; empty where it has none."""
    if action.nargs == 0:
        return ''
    if action.metavar is not None:
        return str(action.metavar)
    if action.choices is not None:
        return '|'.join(str(choice) for choice in action.choices)
    return action.dest.upper()


def in_help(examples: Examples) -> str:
    """Return examples as they stand at the end of ``--help``."""
    parts = [
        f'  {sentence}:\n'
        + textwrap.indent(lines(command, WIDTH - len(_INDENT)), _INDENT)
        for sentence, command in examples
    ]
    return '\n\n'.join((f'examples:\n{parts[0]}', *parts[1:])) if parts else ''


def lines(command: str, width: int) -> str:
    """Return a command as a shell takes it, on lines that fit."""
    return ' \\\n'.join(wrapped(command, width - len(' \\')))


def wrapped(text: str, width: int, indent: str = '') -> list[str]:
    """Return a command on lines; those after the first stand further in."""
    glued = _TOGETHER.sub(
        lambda found: found.group().replace(' ', _GLUE), text
    )
    return [
        line.replace(_GLUE, ' ')
        for line in textwrap.wrap(
            glued,
            width,
            initial_indent=indent,
            subsequent_indent=indent + _INDENT,
            break_long_words=False,
            break_on_hyphens=False,
        )
    ]


def listed(rows: Iterable[tuple[str, str]]) -> list[argparse.Action]:
    """Return names and their sentences as a formatter takes them."""
    return [
        argparse.Action([], name, metavar=name, help=text.replace('%', '%%'))
        for name, text in rows
    ]
