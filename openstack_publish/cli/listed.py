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

"""Commands whose result is a list, in cliff's formats.

``-f json`` and ``-f yaml`` print whole documents, ``-f csv`` and ``-f value``
one line each, ``-f table`` what the command makes of it for a reader.
"""

from __future__ import annotations

import abc
import argparse
from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence

from cliff import lister

from openstack_publish import exceptions
from openstack_publish.cli import base
from openstack_publish.render import as_json
from openstack_publish.render import plain

_NESTED = ('json', 'yaml')
"""Formats that have a form for lists and mappings in a cell."""


class ListCommand(base.Command):
    """A command whose result is a list of documents."""

    columns: Sequence[str] = ()
    """Keys of each document, in the contract's order."""

    shown: Sequence[str] = ()
    """Columns of a table, where the command has no text of its own."""

    formats: Sequence[str] = ()
    """Formats of the command's own, beside cliff's."""

    def make_parser(self, prog_name: str) -> argparse.ArgumentParser:
        """Return a parser with cliff's options for lists."""
        parser = self._rows.get_parser(prog_name)
        for action in parser._actions:
            if action.dest == 'formatter' and action.choices is not None:
                action.choices = sorted({*action.choices, *self.formats})
        return parser

    @abc.abstractmethod
    def act(self, args: argparse.Namespace) -> int:
        """Make the documents, :meth:`put` them, return the exit code.

        :raises PublishError: it could not be done
        """

    def put(
        self,
        args: argparse.Namespace,
        documents: Sequence[Mapping[str, object]],
        text: str | None = None,
    ) -> None:
        """Print documents as the user wants them.

        :param text: what a table is without ``-c``; None for cliff's
        :raises Misconfigured: a column was named that isn't there
        """
        self.check_columns(args)
        table = args.formatter == 'table' and not args.columns
        if table and text is not None:
            self.app.stdout.write(text)
            return
        chosen = args.columns or self.columns
        if args.formatter == 'json':
            self.app.stdout.write(
                as_json.text(
                    [
                        {name: document[name] for name in chosen}
                        for document in documents
                    ]
                )
            )
            return
        if table and self.shown:
            args.columns = list(self.shown)
        nested = args.formatter in _NESTED
        self._rows.show(
            args,
            self.columns,
            [
                tuple(
                    document[name] if nested else cell(document[name])
                    for name in self.columns
                )
                for document in documents
            ],
        )

    def check_columns(self, args: argparse.Namespace) -> None:
        """Make sure that each column that was named is there.

        :raises Misconfigured: one isn't
        """
        for name in args.columns:
            if name not in self.columns:
                raise exceptions.Misconfigured(
                    f'there is no column {name}; there are: '
                    + ', '.join(self.columns),
                    where='--column',
                )

    @property
    def _rows(self) -> _Rows:
        return _Rows(self.app, self.app_args)


class _Rows(lister.Lister):
    """cliff's formats for lists."""

    _content: tuple[Sequence[str], Iterable[Sequence[object]]] = ((), ())

    def show(
        self,
        args: argparse.Namespace,
        columns: Sequence[str],
        rows: Iterable[Sequence[object]],
    ) -> None:
        """Print rows; cliff chooses the format where it runs a command."""
        self._content = (columns, rows)
        self.run(args)

    def get_epilog(self) -> str:
        """Return nothing: cliff's search for plugins costs 0.1 s."""
        return ''

    def take_action(
        self, parsed_args: argparse.Namespace
    ) -> tuple[Sequence[str], Iterable[Sequence[object]]]:
        """Return the rows that the command has made."""
        return self._content


def cell(value: object) -> str:
    """Return a value as one line, harmless for a terminal.

    Of findings their codes are shown, of links their verdicts; what is
    unknown or not there is empty.
    """
    match value:
        case None:
            return ''
        case bool():
            return 'yes' if value else 'no'
        case Mapping():
            if 'code' in value:
                return plain.line(str(value['code']))
            if 'name' in value and 'verdict' in value:
                return plain.line(f'{value["name"]} {value["verdict"]}')
            if 'user' in value and 'role' in value:
                return plain.line(f'{value["role"]} {value["user"]}')
            return ' '.join(
                f'{plain.line(str(key))}={cell(item)}'
                for key, item in value.items()
            )
        case list() | tuple():
            return ', '.join(cell(item) for item in value)
        case _:
            return plain.line(str(value))
