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

"""The command line as a whole: cliff's application, kept to the contract."""

from __future__ import annotations

import argparse
import importlib.metadata
import logging
from typing import TextIO, cast

from cliff import app
from cliff import command as cliff_command
from cliff import commandmanager

from openstack_publish import version
from openstack_publish.cli import logs
from openstack_publish.cli import signals
from openstack_publish.cli import streams
from openstack_publish.cli import usage

NAME = 'openstack-publish'
DESCRIPTION = (
    'Publish an OpenStack release on PyPI and prove that it was done right.'
)
USAGE_EXIT = 2
INTERRUPTED_EXIT = 3
"""A signal before anything was uploaded; publish decides for itself."""

_GLOBAL_OPTIONS = {
    '--version': 'print the version',
    '--verbose': 'log more; may be repeated',
    '--quiet': 'show no progress, and log errors only',
    '--log-file': 'log everything to a file, too; its owner alone can read it',
    '--help': 'print the commands; after a command, its options',
    '--debug': 'show the traceback of an error of this program',
}
"""What cliff's options do, in our words."""

_ENDED_OUTSIDE = frozenset({130, 141})
"""What cliff returns for a signal, or a reader that has gone, while no
command of ours runs: nothing was uploaded."""

_COMMANDS = {
    'help': 'openstack_publish.cli.help_command:Help',
    'audit': 'openstack_publish.cli.audit:Audit',
    'check': 'openstack_publish.cli.check:Check',
    'doctor': 'openstack_publish.cli.doctor:Doctor',
    'explain': 'openstack_publish.cli.explain:Explain',
    'publish': 'openstack_publish.cli.publish:Publish',
    'rehearse': 'openstack_publish.cli.rehearse:Rehearse',
    'republish': 'openstack_publish.cli.republish:Republish',
    'rule': 'openstack_publish.cli.rule:Rule',
    'sign': 'openstack_publish.cli.sign:Sign',
    'status': 'openstack_publish.cli.status:Status',
    'token': 'openstack_publish.cli.describe_token:DescribeToken',
    'verify': 'openstack_publish.cli.verify:Verify',
    'watch': 'openstack_publish.cli.watch:Watch',
    'watch ack': 'openstack_publish.cli.watch_incidents:Acknowledge',
    'watch list': 'openstack_publish.cli.watch_incidents:List',
}


class Commands(commandmanager.CommandManager):
    """The commands by their whole names; loaded when called for."""

    def __init__(self) -> None:
        super().__init__(None)
        for name, place in _COMMANDS.items():
            self.commands[name] = importlib.metadata.EntryPoint(
                name, place, NAME
            )

    def add_command(
        self, name: str, command_class: type[cliff_command.Command]
    ) -> None:
        """Add nothing: cliff has commands that we don't answer for."""

    def find_command(
        self, argv: list[str]
    ) -> tuple[type[cliff_command.Command], str, list[str]]:
        """Return the command that *argv* begins with; no abbreviations.

        :raises ValueError: there is none
        """
        for count in range(len(argv), 0, -1):
            name = ' '.join(argv[:count])
            if name in self.commands:
                return self.commands[name].load(), name, argv[count:]
        raise ValueError(f'no such command: {argv[0]!r}')


class Application(app.App):
    """``openstack-publish``."""

    NAME = NAME

    def __init__(
        self,
        stdout: TextIO | None = None,
        stderr: TextIO | None = None,
        received: signals.Signals | None = None,
    ) -> None:
        super().__init__(
            DESCRIPTION,
            version.VERSION,
            Commands(),
            stdout=stdout,
            stderr=stderr,
            # So that "publish --help" is of publish.
            deferred_help=True,
        )
        self.command_line: list[str] = []
        self.redactor = logs.Redactor()
        self.signals = signals.Signals() if received is None else received

    def build_option_parser(
        self,
        description: str | None,
        version: str | None,
        argparse_kwargs: dict[str, object] | None = None,
    ) -> argparse.ArgumentParser:
        """Return the parser of the global options."""
        parser = super().build_option_parser(
            description, version, {'prog': NAME, 'allow_abbrev': False}
        )
        parser.usage = '%(prog)s [global options] COMMAND [options]'
        usage.complain_harmlessly(parser)
        for action in parser._actions:
            action.help = _GLOBAL_OPTIONS.get(
                action.option_strings[-1], action.help
            )
            if action.dest == 'log_file':
                action.metavar = 'FILE'
            # cliff writes the name of the program that was started, which
            # is twine where this runs as its plugin.
            if isinstance(action, argparse._VersionAction):
                action.version = f'{NAME} {version}'
        return parser

    def configure_logging(self) -> None:
        """Send warnings to stderr, more with -v; nothing secret passes.

        :raises SystemExit: the log file cannot be written
        """
        # cliff's hook before any command runs.
        self.stderr = cast(TextIO, streams.Lasting(self.stderr))
        try:
            logs.configure(
                self.stderr,
                self.options.verbose_level,
                self.options.log_file,
                self.redactor,
            )
        except OSError as error:
            self.parser.error(
                f'--log-file {self.options.log_file}: {error.strerror}'
            )

    def run(self, argv: list[str]) -> int:
        """Run the command line; cliff's own exit codes become ours."""
        code = super().run(argv)
        return INTERRUPTED_EXIT if code in _ENDED_OUTSIDE else code

    def print_help_if_requested(self) -> None:
        """Print the program's help where no command was named.

        :raises SystemExit: it was asked for
        """
        if self.options.deferred_help:
            self.parser.exit(self.run_subcommand(['help']))

    def interact(self) -> None:
        """Refuse: there is no interactive mode.

        :raises SystemExit: always, with the contract's code
        """
        self.parser.print_usage(self.stderr)
        self.parser.exit(
            USAGE_EXIT,
            f'{NAME}: error: a command is needed; see {NAME} --help\n',
        )

    def run_subcommand(self, argv: list[str]) -> int:
        """Run a command and return its exit code."""
        self.command_line = argv
        try:
            self.command_manager.find_command(argv)
        except ValueError as error:
            words = ', '.join(self.get_fuzzy_matches(argv[0]))
            told = f'{error}; did you mean: {words}?'
            if argv[0].startswith('-'):
                told = f'no such global option: {argv[0]!r}; see {NAME} --help'
            self.stderr.write(f'{NAME}: error: {told}\n')
            return USAGE_EXIT
        return super().run_subcommand(argv)


def run(argv: list[str], received: signals.Signals) -> int:
    """Run the command line and return the exit code of the contract.

    :param received: what becomes of signals; installed
    """
    logging.captureWarnings(True)
    application = Application(received=received)
    try:
        return application.run(argv)
    except KeyboardInterrupt:
        return INTERRUPTED_EXIT
