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

from openstack_publish import exceptions
from openstack_publish.cli import base
from openstack_publish.cli import usage

EXAMPLES: usage.Examples = (
    (
        'Play a release on this machine; nothing leaves it',
        'openstack-publish rehearse',
    ),
    (
        'Look at the orders that a change adds, while it is in review',
        'openstack-publish check --releases releases',
    ),
    (
        'Publish what is in dist/, with the token in TWINE_PASSWORD',
        'openstack-publish publish --releases releases '
        '--sign-key-file signing-key.asc --archive tarballs dist/',
    ),
    (
        'Verify a release that is out there',
        'openstack-publish verify os-vif 5.2.0 --releases releases',
    ),
)
"""Of the program as a whole."""

_HINT = (
    'COMMAND --help shows the options and examples of a command. In brackets '
    'stand defaults, and the environment variables that set them.'
)


class Help(base.Command):
    """Print what the program does, or what one command takes."""

    examples = (
        ('The commands', 'openstack-publish help'),
        ('The options of one of them', 'openstack-publish help publish'),
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Add what the command takes."""
        parser.add_argument(
            'command', nargs='*', metavar='COMMAND', help='the whole name'
        )

    def act(self, args: argparse.Namespace) -> int:
        """Print the help of the program, or of a command."""
        if not args.command:
            self.app.stdout.write(self._of_program())
            return 0
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

    def _of_program(self) -> str:
        """Return the help of the program: the commands before the options."""
        parser = self.app.parser
        formatter = usage.Formatter(parser.prog)
        formatter.add_usage(parser.usage, (), ())
        formatter.add_text(parser.description)
        formatter.start_section('commands')
        formatter.add_arguments(
            usage.listed(
                (
                    name,
                    place.load()(self.app, None)
                    .get_description()
                    .partition('\n')[0]
                    .rstrip('.'),
                )
                for name, place in sorted(self.app.command_manager)
            )
        )
        formatter.end_section()
        formatter.start_section('global options')
        formatter.add_arguments(parser._actions)
        formatter.end_section()
        formatter.add_text(_HINT)
        formatter.add_text(usage.in_help(EXAMPLES))
        return formatter.format_help()
