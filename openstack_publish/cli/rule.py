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

from openstack_publish import exceptions
from openstack_publish.cli import base
from openstack_publish.rules import catalogue

_WIDTH = 80


class Rule(base.Command):
    """Print what a finding's code means, why it is a rule and what to do."""

    def get_parser(self, prog_name: str) -> argparse.ArgumentParser:
        """Return the parser."""
        parser = super().get_parser(prog_name)
        parser.add_argument(
            'code',
            nargs='?',
            metavar='CODE',
            help='such as OSP401; without it every code with its title',
        )
        return parser

    def act(self, args: argparse.Namespace) -> int:
        """Print one page, or the list."""
        if args.code is None:
            for page in catalogue.pages():
                self.app.stdout.write(
                    f'{page.code}  {page.severity:<7}  {page.title}\n'
                )
            return 0
        try:
            page = catalogue.page(args.code.upper())
        except KeyError:
            raise exceptions.Misconfigured(
                f'there is no rule {args.code}; openstack-publish rule '
                'lists them all',
                where='CODE',
            ) from None
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
