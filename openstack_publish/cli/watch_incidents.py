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

"""The ``watch list`` and ``watch ack`` commands."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from openstack_publish.assembly import to_watch
from openstack_publish.cli import base
from openstack_publish.cli import listed
from openstack_publish.cli import watch
from openstack_publish.render import incidents


class List(listed.ListCommand):
    """List the incidents of a watch.

    Without --all those that stand: open ones and acknowledged ones. Nothing
    is asked of the index.

    Exit codes: 0 none is open, 1 some are.
    """

    examples = (
        (
            'The incidents that stand',
            'openstack-publish watch list --state watch.state',
        ),
        (
            'Everything that the watch ever told, for a program',
            'openstack-publish watch list --state watch.state --all -f json',
        ),
    )

    columns: Sequence[str] = incidents.COLUMNS

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Add what the command takes."""
        watch.add_state(parser)
        parser.add_argument(
            '--all', action='store_true', help='closed ones, too'
        )

    def act(self, args: argparse.Namespace) -> int:
        """Print the incidents."""
        with self.answering(args.formatter, []):
            self.check_columns(args)
            found = [
                incident
                for incident in to_watch.incidents(args.state)
                if args.all or incident.state != 'closed'
            ]
        self.put(
            args,
            [incidents.of_incident(incident) for incident in found],
            incidents.text_of_incidents(found),
        )
        return int(any(incident.state == 'open' for incident in found))


class Acknowledge(base.Command):
    """Acknowledge an incident, so that it is told no more.

    Exit codes: 0 it is acknowledged, 2 there is no such incident.
    """

    examples = (
        (
            'Say why one may stand, by its ID in watch list',
            'openstack-publish watch ack --state watch.state 4be0643f1d98 '
            "--reason 'known: a second owner until the move is done'",
        ),
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Add what the command takes."""
        watch.add_state(parser)
        parser.add_argument('id', metavar='ID', help='as watch list shows it')
        parser.add_argument(
            '--reason',
            required=True,
            metavar='TEXT',
            help='why it may stand, for those who look later',
        )

    def act(self, args: argparse.Namespace) -> int:
        """Acknowledge it, and print it."""
        incident = to_watch.acknowledge(args.state, args.id, args.reason)
        self.app.stdout.write(incidents.text_of_incidents([incident]))
        return 0
