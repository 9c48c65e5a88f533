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

"""``openstack-publish rehearse``."""

from __future__ import annotations

import argparse
import contextlib
import datetime
import shlex
import threading
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from typing import TYPE_CHECKING

from openstack_publish import exceptions
from openstack_publish import seams
from openstack_publish import version
from openstack_publish.cli import application
from openstack_publish.cli import base
from openstack_publish.cli import console
from openstack_publish.cli import options
from openstack_publish.model import receipt
from openstack_publish.rehearsal import programs
from openstack_publish.render import as_json
from openstack_publish.render import as_text

if TYPE_CHECKING:
    from openstack_publish.rehearsal import stage as stages
    from openstack_publish.rehearsal.stories import story as stories

LIST = 'list'
"""What --fault takes instead of a name."""

BROKEN_EXIT = 1
"""A promise was broken, or what a story tells did not come about."""


class Rehearse(base.Command):
    """Publish a throw-away release to an index on this machine.

    Nothing leaves the machine: the index, which answers as PyPI does, the
    key, the git repositories and the package are made for the rehearsal and
    go when it ends. The code that
    publishes is the very code of the publish command.

    With --fault something goes wrong, is mended, and the release is published
    again.

    Exit codes: those of publish. With --fault 0 every promise was kept,
    1 one was broken, 2 there is no such fault, 3 the stage could not be
    built.
    """

    examples = (
        ('Watch a release being published', 'openstack-publish rehearse'),
        (
            'The faults to choose from',
            'openstack-publish rehearse --fault list',
        ),
        (
            'A co-maintainer appears while the files are uploaded',
            'openstack-publish rehearse --fault co-maintainer-during',
        ),
        (
            'Try the other commands on the index of a rehearsal',
            'openstack-publish rehearse --keep',
        ),
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Add what the command takes."""
        parser.add_argument(
            '--fault',
            metavar='NAME',
            help='let something go wrong, mend it, publish again, and check '
            'what was promised; the NAME "list" prints every fault',
        )
        parser.add_argument(
            '--keep',
            action='store_true',
            help='leave the index running until Ctrl-C, and print commands '
            'to try',
        )
        parser.add_argument(
            '-f',
            '--format',
            choices=('text', 'json'),
            default='text',
            help='form of the receipt, or with --fault of the story, on '
            'standard output [text]',
        )

    def act(self, args: argparse.Namespace) -> int:
        """Rehearse, and return the exit code.

        Without --fault it is that of the publication; with it 0 where every
        promise was kept and 1 where one was broken.
        """
        programs.require_extra()
        if args.fault is not None:
            return self._rehearse_fault(args)
        environment = options.environment()
        with self._stage(environment) as stage:
            story = stage.publish(environment, self._observer())
            self._show(story, args.format)
            if args.keep:
                self._keep(stage, args.format)
        return receipt.exit_code(story.outcome)

    def _rehearse_fault(self, args: argparse.Namespace) -> int:
        # Not above: the stand-in index needs the extra.
        from openstack_publish.rehearsal.stories import table
        from openstack_publish.rehearsal.stories import telling

        if args.fault == LIST:
            every = tuple(table.STORIES.values())
            if args.format == 'json':
                self._write_json(telling.listing_document(every))
            else:
                self._write(telling.listing(every))
            return 0
        if args.fault not in table.STORIES:
            raise exceptions.Misconfigured(
                f'there is no fault {args.fault}; there are '
                + ', '.join((LIST, *table.STORIES)),
                where='--fault',
            )
        story = table.STORIES[args.fault]
        environment = options.environment()
        with self._stage(environment) as stage:
            stage, played = self._play(story, stage, environment, args.format)
            if args.format == 'json':
                self._write_json(telling.document(story, played))
            if args.keep:
                self._keep(stage, args.format)
        return 0 if all(each.kept for each in played) else BROKEN_EXIT

    def _play(
        self,
        story: stories.Story,
        stage: stages.Stage,
        environment: Mapping[str, str],
        form: str,
    ) -> tuple[stages.Stage, list[stories.Performance]]:
        """Play a story and tell it as it goes, unless as JSON at its end.

        :returns: the stage as the story left it, and each act
        """
        from openstack_publish.rehearsal.stories import story as acting
        from openstack_publish.rehearsal.stories import telling

        def tell(lines: Iterable[str]) -> None:
            if form == 'text':
                self._write(lines)

        played: list[stories.Performance] = []
        tell(telling.title(story))
        for number, act in enumerate(story.acts):
            tell(telling.opening(story, number))
            stage = act.change(stage, environment)
            self.application.redactor.learn(stage.token)
            performance = acting.perform(
                act, stage, environment, self._observer(), self._tell
            )
            played.append(performance)
            tell(telling.report(performance))
            self._tell_next(performance.left.receipt, stage)
            tell(telling.verdicts(number, performance))
        tell(telling.closing(story, played))
        return stage, played

    @contextlib.contextmanager
    def _stage(self, environment: Mapping[str, str]) -> Iterator[stages.Stage]:
        """Build the stage; everything goes when it is left."""
        # Not above: the stand-in index needs the extra.
        from openstack_publish.rehearsal import stage as stages

        self._tell('building the stage: index, key, package, order')
        now = datetime.datetime.now(datetime.UTC)
        with stages.stage(environment, now) as stage:
            self.application.redactor.learn(stage.token)
            yield stage

    def _observer(self) -> seams.Observer:
        return console.observer(self.app.stderr, self._quiet, self.broke)

    @property
    def _quiet(self) -> bool:
        return bool(self.app.options.verbose_level == 0)

    def _keep(self, stage: stages.Stage, form: str) -> None:
        """Print what to try, and leave the index running until Ctrl-C.

        Not where Ctrl-C came already: a second one would not end the wait.
        """
        if self.application.signals.ending:
            return
        out = self.app.stdout if form == 'text' else self.app.stderr
        lines = _to_try(
            stage.arguments(),
            stage.token_file,
            stage.index.url,
            stage.release.project,
        )
        # From the first line on Ctrl-C is what ends it.
        with contextlib.suppress(KeyboardInterrupt):
            for line in lines:
                out.write(f'{line}\n')
            out.flush()
            threading.Event().wait()

    def _show(self, story: receipt.Receipt, form: str) -> None:
        if form == 'json':
            self._write_json(as_json.of_receipt(story, version.VERSION))
        else:
            self.app.stdout.write(as_text.of_receipt(story))
        self.app.stdout.flush()

    def _write(self, lines: Iterable[str]) -> None:
        for line in lines:
            self.app.stdout.write(f'{line}\n')
        self.app.stdout.flush()

    def _write_json(self, document: object) -> None:
        self.app.stdout.write(as_json.text(document))
        self.app.stdout.flush()

    def _tell(self, line: str) -> None:
        """Write to stderr: standard output holds results alone."""
        if not self._quiet:
            self.app.stderr.write(f'{self.clean(line)}\n')
            self.app.stderr.flush()

    def _tell_next(
        self, story: receipt.Receipt | None, stage: stages.Stage
    ) -> None:
        """Say after a failure what publish says: what to type next."""
        if story is None or receipt.exit_code(story.outcome) == 0:
            return
        words = [application.NAME, 'publish', *stage.arguments()]
        if story.lacks_only_confirmation:
            words.append('--confirm-only')
        for line in as_text.of_ending(story, shlex.join(words)):
            self._tell(line)


def _to_try(
    arguments: tuple[str, ...], token_file: str, url: str, project: str
) -> list[str]:
    """Return what to try while the index runs, as lines."""
    token = f'TWINE_PASSWORD="$(cat {shlex.quote(token_file)})"'
    publication = shlex.join([application.NAME, 'publish', *arguments])
    places = shlex.quote(arguments[0])
    return [
        '',
        f'The index runs at {url} until Ctrl-C. In another terminal:',
        '',
        '# again: everything is there, nothing is sent',
        f'{token} {publication}',
        '',
        '# what a review would see: nothing is ever written or sent',
        f'{publication} --dry-run',
        '',
        '# only read back what is there',
        f'{publication} --confirm-only',
        '',
        '# as one JSON document',
        f'{token} {publication} -f json',
        '',
        '# what the index says',
        f'curl {shlex.quote(f"{url}/pypi/{project}/json")}',
        '',
        '# what raw twine does',
        f'{token} twine upload -u __token__ --repository-url '
        f'{shlex.quote(f"{url}/legacy/")} {places}/*.whl {places}/*.tar.gz',
        '',
        '# what a finding means',
        f'{application.NAME} rule OSP401',
    ]
