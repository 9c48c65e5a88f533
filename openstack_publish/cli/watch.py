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

"""The ``watch`` command."""

from __future__ import annotations

import argparse
import datetime
import json
import os
import re

from openstack_publish import watch
from openstack_publish.assembly import to_watch
from openstack_publish.cli import base
from openstack_publish.cli import console
from openstack_publish.cli import many
from openstack_publish.cli import options
from openstack_publish.model import watching
from openstack_publish.render import as_json
from openstack_publish.render import incidents

SHORTEST = 60.0
"""Shortest interval, in seconds: what PyPI asks of those who poll."""

LONGEST = 8784.0
"""Longest time between two mails, in hours: a year."""

_ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]+@[A-Za-z0-9.-]+", re.ASCII)

USER = 'OPENSTACK_PUBLISH_SMTP_USER'
PASSWORD = 'OPENSTACK_PUBLISH_SMTP_PASSWORD'  # noqa: S105  a variable's name


class Watch(base.Command):
    """Watch for releases and maintainers that nobody ordered.

    What is found is told once by mail, as a feed or as lines of JSON, again
    while it stands, and when it is over; the state file keeps what was seen
    and told.

    Exit codes of --once: 0 nothing, 1 incidents opened or stand, 3 something
    could not be known. With --interval it runs until SIGTERM.
    """

    examples = (
        (
            'Begin: take what stands today for known',
            'openstack-publish watch --once --baseline --state watch.state '
            '--releases releases',
        ),
        (
            'Then look every five minutes, and mail what is found',
            'openstack-publish watch --interval 300 --state watch.state '
            '--releases releases --mail-to alerts@lists.example.org '
            '--mail-from watch@lists.example.org',
        ),
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Add what the command takes."""
        add_state(parser)
        often = parser.add_mutually_exclusive_group(required=True)
        often.add_argument(
            '--once', action='store_true', help='look once, and end'
        )
        often.add_argument(
            '--interval',
            type=interval,
            metavar='SECONDS',
            help=f'look every so many seconds, {SHORTEST:.0f} at least',
        )
        parser.add_argument(
            '--source',
            choices=('feeds', 'changelog', 'auto'),
            default='feeds',
            help='how changes are noticed: by the feed of updates, and every '
            "project within the hour; by the index's changelog; auto: by the "
            'changelog as long as it answers [feeds]',
        )
        parser.add_argument(
            '--baseline',
            action='store_true',
            help='record what stands without telling it, and list it',
        )
        options.add_format(parser, 'what a round found')
        group = parser.add_argument_group('what is ordered and allowed')
        options.add_releases(group)
        group.add_argument(
            '--no-fetch',
            action='store_true',
            help='leave the checkout as it is; somebody else fetches',
        )
        options.add_project_config(group)
        options.add_policy(group)
        group.add_argument(
            '--archive',
            metavar='URL|DIR',
            help='the tarballs site, to hold new files against their signed '
            'originals',
        )
        options.add_trusted_key(group)
        _add_telling(parser.add_argument_group('whom to tell'))
        many.add(parser.add_argument_group('index'))

    def act(self, args: argparse.Namespace) -> int:
        """Look once, or until a signal comes."""
        observer = console.observer(
            self.app.stderr, self.app.options.verbose_level == 0, self.broke
        )
        configuration = options.configuration(args)
        request = to_watch.Request(
            state=args.state,
            source=args.source,
            baseline=args.baseline,
            repeat=datetime.timedelta(hours=args.repeat),
            heartbeat=(
                None
                if args.heartbeat is None
                else datetime.timedelta(hours=args.heartbeat)
            ),
            fetches=not args.no_fetch,
            trusted=tuple(args.trusted_key),
            mail_to=tuple(args.mail_to),
            mail_from=args.mail_from,
            smtp=args.smtp,
            smtp_user=os.environ.pop(USER, None),
            smtp_password=os.environ.pop(PASSWORD, None),
            feed=args.feed,
            jsonl=args.jsonl,
        )
        self.application.redactor.learn(request.smtp_password)
        with self.answering(args.format, None):
            with to_watch.watching_with(
                configuration, request, observer
            ) as found:
                if args.once:
                    told = found.look()
                    self._print(args, told)
                    return told.exit_code
                return self._go_on(args, found)

    def _go_on(self, args: argparse.Namespace, found: watch.Watch) -> int:
        """Look again and again, until a signal ends it cleanly."""
        try:
            found.keep_looking(
                args.interval,
                lambda told: self._print(args, told),
                lambda error: self.complain(str(error)),
            )
        except KeyboardInterrupt:
            return 0

    def _print(self, args: argparse.Namespace, told: watching.Round) -> None:
        """Print a round; of many rounds in JSON each is one line."""
        if args.format != 'json':
            text = incidents.text_of_round(told)
        elif args.once:
            text = as_json.text(incidents.of_round(told))
        else:
            text = json.dumps(incidents.of_round(told)) + '\n'
        self.app.stdout.write(text)
        self.app.stdout.flush()


def add_state(parser: argparse.ArgumentParser) -> None:
    """Add the option that names the state file."""
    parser.add_argument(
        '--state',
        required=True,
        metavar='FILE',
        help='keeps what the watch has seen and told (SQLite)',
    )


def interval(text: str) -> float:
    """Return a number of seconds that PyPI can bear.

    :raises ArgumentTypeError: it is none, or too small
    """
    number = options.positive_seconds(text)
    if number < SHORTEST:
        raise argparse.ArgumentTypeError(
            f'{text} s is too often; {SHORTEST:.0f} s is the shortest'
        )
    return number


def _add_telling(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        '--mail-to',
        action='append',
        type=address,
        default=[],
        metavar='ADDRESS',
        help='who gets mail; may be repeated',
    )
    group.add_argument(
        '--mail-from',
        type=address,
        metavar='ADDRESS',
        help='who it comes from; needed for mail',
    )
    group.add_argument(
        '--smtp',
        metavar='HOST:PORT',
        default='localhost:25',
        help=f'the mail server; log in with {USER} and {PASSWORD} '
        '[localhost:25]',
    )
    group.add_argument(
        '--feed', metavar='FILE', help='write an Atom feed of the incidents'
    )
    group.add_argument(
        '--jsonl',
        metavar='FILE',
        help='append a line of JSON for whatever is told of an incident',
    )
    group.add_argument(
        '--heartbeat',
        type=hours,
        metavar='HOURS',
        help='tell so often that the watch is alive, and how far behind '
        '[never]',
    )
    group.add_argument(
        '--repeat',
        type=hours,
        default=24.0,
        metavar='HOURS',
        help='tell again after so long what still stands [24]',
    )


def address(text: str) -> str:
    """Return the address of a mailbox, without a name (RFC 5321, ASCII).

    :raises ArgumentTypeError: it is none
    """
    if _ADDRESS.fullmatch(text) is None:
        raise argparse.ArgumentTypeError(f'{text!r} is no mail address')
    return text


def hours(text: str) -> float:
    """Return a number of hours, more than zero.

    :raises ArgumentTypeError: it is none, or too large
    """
    try:
        number = options.positive_seconds(text)
    except argparse.ArgumentTypeError as error:
        raise argparse.ArgumentTypeError(
            f'{text!r} is no number of hours above 0'
        ) from error
    if number > LONGEST:
        raise argparse.ArgumentTypeError(
            f'{text} hours are too many; {LONGEST:.0f} are the most'
        )
    return number
