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

"""Directives for the commands and the program: usage, options, examples.

All of it comes from the command's own class and parser, in its groups and
with its help, so that this documentation, the manual page and ``--help``
cannot differ. cliff's own directive finds commands by entry points, which
this program has none of: what publishes a release is not to be extended by
whatever else is installed.
"""

from __future__ import annotations

import argparse
import pathlib
from collections.abc import Iterable
from typing import Any

from docutils import nodes
from sphinx import application as sphinx_application
from sphinx import environment
from sphinx import errors
from sphinx.util import docutils as sphinx_docutils

from openstack_publish.cli import application
from openstack_publish.cli import base
from openstack_publish.cli import help_command
from openstack_publish.cli import usage

_WIDTH = 68
"""Columns that a manual page leaves for a command."""


class CommandOptions(sphinx_docutils.SphinxDirective):
    """Puts usage, description, options and examples of a command here."""

    required_arguments = 1
    # Of a command in two words.
    final_argument_whitespace = True

    def run(self) -> list[nodes.Node]:
        """Return a title and a list for each group, and what is around."""
        _note_sources(self.env)
        name = self.arguments[0]
        factory, _, _ = application.Commands().find_command(name.split())
        # A parser asks nothing of the application it will run in.
        command = factory(None, None)  # type: ignore[arg-type]
        assert isinstance(command, base.Command)
        parser = command.get_parser(f'{application.NAME} {name}')
        found: list[nodes.Node] = [
            _usage(usage.usages(parser, command.forms)),
            *(
                nodes.paragraph('', ' '.join(paragraph.split()))
                for paragraph in (parser.description or '').split('\n\n')
            ),
        ]
        for group in parser._action_groups:
            options = _options(name, group._group_actions)
            if options:
                found += [_title(f'{name}: {group.title}'), options]
        return [*found, *_examples(f'{name}: examples', command.examples)]


class Program(sphinx_docutils.SphinxDirective):
    """Puts usage, global options or examples of the program here."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return what was asked for.

        :raises ExtensionError: there is no such part
        """
        _note_sources(self.env)
        parser = application.Application().parser
        match self.arguments[0]:
            case 'usage':
                return [_usage([str(parser.usage) % {'prog': parser.prog}])]
            case 'options':
                return [_options('global', parser._actions)]
            case 'examples':
                return _examples(None, help_command.EXAMPLES)
            case part:
                raise errors.ExtensionError(f'the program has no {part}')


def _note_sources(env: environment.BuildEnvironment) -> None:
    """Let the page be read again after a change of the command line."""
    for path in pathlib.Path(usage.__file__).parent.glob('*.py'):
        env.note_dependency(path)


def _options(
    name: str, actions: Iterable[argparse.Action]
) -> nodes.definition_list:
    return nodes.definition_list(
        '',
        *(
            _item(name, action)
            for action in actions
            if action.help != argparse.SUPPRESS
        ),
    )


def _item(name: str, action: argparse.Action) -> nodes.definition_list_item:
    term = nodes.term()
    for number, text in enumerate(usage.spelled(action)):
        if number:
            term += nodes.Text(', ')
        term += nodes.literal(text, text)
    if action.option_strings:
        longest = max(action.option_strings, key=len).lstrip('-')
        term['ids'].append(f'{name}-{longest}'.replace(' ', '-'))
    return nodes.definition_list_item(
        '',
        term,
        nodes.definition('', nodes.paragraph('', action.help or '')),
    )


def _examples(title: str | None, examples: usage.Examples) -> list[nodes.Node]:
    found: list[nodes.Node] = [] if title is None else [_title(title)]
    for sentence, command in examples:
        found += [
            nodes.paragraph('', f'{sentence}:'),
            _console(usage.lines(command, _WIDTH)),
        ]
    return found


def _title(text: str) -> nodes.rubric:
    return nodes.rubric(text, text)


def _usage(usages: Iterable[str]) -> nodes.literal_block:
    text = '\n'.join(
        line for each in usages for line in usage.wrapped(each, _WIDTH)
    )
    return nodes.literal_block(text, text, language='none')


def _console(command: str) -> nodes.literal_block:
    text = f'$ {command}'
    return nodes.literal_block(text, text, language='console')


def setup(app: sphinx_application.Sphinx) -> dict[str, Any]:
    """Register the directives."""
    app.add_directive('command-options', CommandOptions)
    app.add_directive('whole-program', Program)
    return {'parallel_read_safe': True, 'parallel_write_safe': True}
