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

"""The directive ``command-options``: the options of one command.

They come from the command's own parser, in its groups and with its help, so
that this documentation and ``--help`` cannot differ. cliff's own directive
finds commands by entry points, which this program has none of: what
publishes a release is not to be extended by whatever else is installed.
"""

from __future__ import annotations

import argparse
from typing import Any

from docutils import nodes
from sphinx import application as sphinx_application
from sphinx.util import docutils as sphinx_docutils

from openstack_publish.cli import application


class CommandOptions(sphinx_docutils.SphinxDirective):
    """Puts the description and the options of a command where it stands."""

    required_arguments = 1
    # Of a command in two words.
    final_argument_whitespace = True

    def run(self) -> list[nodes.Node]:
        """Return a paragraph, and for each group a title and a list."""
        name = self.arguments[0]
        command, _, _ = application.Commands().find_command(name.split())
        # A parser asks nothing of the application it will run in.
        parser = command(None, None).get_parser(  # type: ignore[arg-type]
            f'{application.NAME} {name}'
        )
        found: list[nodes.Node] = [
            nodes.paragraph('', ' '.join(paragraph.split()))
            for paragraph in (parser.description or '').split('\n\n')
        ]
        for group in parser._action_groups:
            actions = [
                action
                for action in group._group_actions
                if action.help != argparse.SUPPRESS
            ]
            if actions:
                title = f'{name}: {group.title}'
                found.append(nodes.rubric(title, title))
                found.append(
                    nodes.definition_list(
                        '', *(_item(name, action) for action in actions)
                    )
                )
        return found


def _item(name: str, action: argparse.Action) -> nodes.definition_list_item:
    spelled = [
        f'{option} {_value(action)}'.strip()
        for option in action.option_strings
    ] or [_value(action)]
    term = nodes.term()
    for number, text in enumerate(spelled):
        if number:
            term += nodes.Text(', ')
        term += nodes.literal(text, text)
    if action.option_strings:
        longest = max(action.option_strings, key=len).lstrip('-')
        term['ids'].append(f'{name}-{longest}')
    return nodes.definition_list_item(
        '',
        term,
        nodes.definition('', nodes.paragraph('', action.help or '')),
    )


def _value(action: argparse.Action) -> str:
    """Return how an action's value is written; empty where it has none."""
    if action.nargs == 0:
        return ''
    if action.metavar is not None:
        return str(action.metavar)
    if action.choices is not None:
        return '|'.join(str(choice) for choice in action.choices)
    return action.dest.upper()


def setup(app: sphinx_application.Sphinx) -> dict[str, Any]:
    """Register the directive."""
    app.add_directive('command-options', CommandOptions)
    return {'parallel_read_safe': True, 'parallel_write_safe': True}
