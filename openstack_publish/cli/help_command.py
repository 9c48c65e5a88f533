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

"""``openstack-publish help``."""

from __future__ import annotations

import argparse

from cliff import help as cliff_help

from openstack_publish import exceptions
from openstack_publish.cli import base


class Help(base.Command):
    """Print what the program or one of its commands does and takes."""

    def get_parser(self, prog_name: str) -> argparse.ArgumentParser:
        """Return the parser."""
        parser = super().get_parser(prog_name)
        parser.add_argument(
            'command', nargs='*', metavar='COMMAND', help='the whole name'
        )
        return parser

    def act(self, args: argparse.Namespace) -> int:
        """Print the help of the program, or of a command."""
        if not args.command:
            action = cliff_help.HelpAction('', '', default=self.app)
            action(self.app.parser, args, None, None)
        try:
            factory, name, _ = self.app.command_manager.find_command(
                args.command
            )
        except ValueError as error:
            raise exceptions.Misconfigured(str(error)) from None
        command = factory(self.app, self.app.options, cmd_name=name)
        parser = command.get_parser(f'{self.app.NAME} {name}')
        self.app.stdout.write(parser.format_help())
        return 0
