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

"""``openstack-publish rule``."""

from __future__ import annotations

import argparse
import textwrap
from collections.abc import Iterable
from collections.abc import Sequence

from cliff import lister

from openstack_publish import exceptions
from openstack_publish.cli import base
from openstack_publish.render import as_json
from openstack_publish.rules import catalogue

_WIDTH = 80
_COLUMNS = ('code', 'severity', 'title')


class Rule(base.Command):
    """Print what a finding's code means and what to do about it."""

    examples = (
        ('What OSP401 says', 'openstack-publish rule OSP401'),
        ('Every code with its title', 'openstack-publish rule'),
    )

    def make_parser(self, prog_name: str) -> argparse.ArgumentParser:
        """Return a parser with cliff's options for lists."""
        return self._list.get_parser(prog_name)

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Add what the command takes."""
        parser.add_argument(
            'code',
            nargs='?',
            metavar='CODE',
            help='such as OSP401; without it every code with its title',
        )

    def act(self, args: argparse.Namespace) -> int:
        """Print one page, or the list."""
        if args.code is None:
            return self._list.run(args)
        try:
            page = catalogue.page(args.code.upper())
        except KeyError:
            raise exceptions.Misconfigured(
                f'there is no rule {args.code}; openstack-publish rule '
                'lists them all',
                where='CODE',
            ) from None
        if args.formatter == 'json':
            self.app.stdout.write(as_json.text(_document(page)))
            return 0
        self.app.stdout.write(
            f'{page.code}: {page.title}\nSeverity: {page.severity}\n'
        )
        for title, body in (
            ('What', page.what),
            ('Why', page.why),
            ('What to do', page.remedy),
        ):
            filled = textwrap.fill(
                body,
                _WIDTH,
                initial_indent='  ',
                subsequent_indent='  ',
                break_on_hyphens=False,
            )
            self.app.stdout.write(f'\n{title}\n{filled}\n')
        return 0

    @property
    def _list(self) -> _Rules:
        return _Rules(self.app, self.app_args)


class _Rules(lister.Lister):
    """Every rule, in cliff's formats."""

    def get_epilog(self) -> str:
        """Return nothing: cliff's search for plugins costs 0.1 s."""
        return ''

    def take_action(
        self, parsed_args: argparse.Namespace
    ) -> tuple[Sequence[str], Iterable[tuple[str, str, str]]]:
        """Return the columns and the rows."""
        return _COLUMNS, [
            (page.code, page.severity, page.title)
            for page in catalogue.pages()
        ]


def _document(page: catalogue.Page) -> as_json.Document:
    return {
        'code': page.code,
        'severity': page.severity,
        'title': page.title,
        'what': page.what,
        'why': page.why,
        'remedy': page.remedy,
    }
