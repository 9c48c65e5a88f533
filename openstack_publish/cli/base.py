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

"""What every command has in common."""

from __future__ import annotations

import abc
import argparse
import contextlib
import traceback
from collections.abc import Iterator
from collections.abc import Sequence
from typing import cast

from cliff import command

from openstack_publish import exceptions
from openstack_publish.cli import application
from openstack_publish.cli import streams
from openstack_publish.cli import usage
from openstack_publish.render import as_json
from openstack_publish.render import plain


class Command(command.Command):
    """A command that ends with an exit code of the contract."""

    forms: Sequence[str] = ()
    """How it is written, where that cannot be told from its arguments."""

    examples: usage.Examples = ()
    """What ``--help`` and the documentation end with, the commonest first."""

    @property
    def application(self) -> application.Application:
        """Return the application that runs this."""
        return cast(application.Application, self.app)

    def get_parser(self, prog_name: str) -> argparse.ArgumentParser:
        """Return the parser; it takes no abbreviation of an option."""
        parser = self.make_parser(prog_name)
        parser.allow_abbrev = False
        parser.description = self.get_description()
        first, others = parser._action_groups[:2], parser._action_groups[2:]
        self.add_arguments(parser)
        # cliff's own options of a list come last: they are the same in each.
        parser._action_groups = [
            *first,
            *(
                each
                for each in parser._action_groups[2:]
                if each not in others
            ),
            *others,
        ]
        usage.finish(parser, self.forms, self.examples)
        return parser

    def make_parser(self, prog_name: str) -> argparse.ArgumentParser:
        """Return the parser that arguments are added to."""
        return super().get_parser(prog_name)

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Add what the command takes."""

    def get_epilog(self) -> str:
        """Return nothing: cliff's search for plugins costs 0.1 s."""
        return ''

    def take_action(self, parsed_args: argparse.Namespace) -> int:
        """Run the command; no traceback reaches a user without --debug."""
        try:
            return self.act(parsed_args)
        except exceptions.Misconfigured as error:
            self.complain(*wrong(error))
            return 2
        except exceptions.Unavailable as error:
            self.complain(str(error))
            return 3
        except KeyboardInterrupt:
            self.complain('stopped by a signal')
            return 3
        except BrokenPipeError:
            # Whoever read our output has gone; there is nobody to tell.
            streams.give_up(self.app.stdout)
            return 3
        except Exception as error:  # noqa: BLE001  the last fence
            self.broke(error)
            return 3

    @abc.abstractmethod
    def act(self, args: argparse.Namespace) -> int:
        """Do it and return the exit code.

        :raises PublishError: it could not be done
        """

    @contextlib.contextmanager
    def answering(self, form: str, nothing: object) -> Iterator[None]:
        """Leave a JSON document on stdout where the command fails, too.

        :param form: of the results, ``text`` or ``json``
        :param nothing: the document where nothing could be said
        """
        try:
            yield
        except (Exception, KeyboardInterrupt) as error:
            if form == 'json' and not isinstance(error, BrokenPipeError):
                self.app.stdout.write(as_json.text(nothing))
                self.app.stdout.flush()
            raise

    def complain(self, *lines: str) -> None:
        """Write to stderr what is wrong."""
        for text in lines:
            self.app.stderr.write(f'{application.NAME}: {self.clean(text)}\n')

    def broke(self, error: Exception) -> None:
        """Tell of an error of our own; its traceback only with --debug."""
        if self.app.options.debug:
            text = ''.join(traceback.format_exception(error))
            for line in text.splitlines():
                self.app.stderr.write(f'{self.clean(line)}\n')
            return
        self.complain(
            f'error of this program: {type(error).__name__}: {error}; run '
            'it again with --debug and report what it prints'
        )

    def clean(self, text: str) -> str:
        """Return a line without secrets, harmless for a terminal."""
        return plain.line(self.application.redactor.redact(text))

    def _load_hooks(self) -> None:
        # Without plugins: what publishes a release is not to be extended by
        # whatever else is installed.
        self._hooks = []


def wrong(error: exceptions.Misconfigured) -> list[str]:
    """Return the lines that tell of wrong usage or configuration."""
    lines = [error.told]
    for problem in error.problems:
        place = problem.place
        at = ':'.join(
            str(part)
            for part in (place.path, place.line, place.column)
            if part is not None
        )
        lines.append(f'{at}: {problem.message}')
    return lines
