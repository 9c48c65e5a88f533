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

"""``openstack-publish status``."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from openstack_publish import status
from openstack_publish.assembly import to_status
from openstack_publish.cli import console
from openstack_publish.cli import listed
from openstack_publish.cli import many
from openstack_publish.cli import options
from openstack_publish.model import verdicts
from openstack_publish.proof import selection
from openstack_publish.render import standings


class Status(listed.ListCommand):
    """Say how far releases came: archive, signatures, index.

    A row for the last order of each deliverable file of the series in
    development, or of the files, projects or series that are named. Names,
    digests and signatures are compared; a cell is yes, no, or empty where
    it is unknown or was not asked.

    Exit codes: 0 everything is complete, 1 something is missing or
    different, 3 something could not be known.
    """

    examples = (
        (
            'The series in development',
            'openstack-publish status --releases releases',
        ),
        (
            'The last release of two projects',
            'openstack-publish status os-vif oslo.config --releases releases',
        ),
        (
            'Every release of a series, for a spreadsheet',
            'openstack-publish status --series gazpacho --all '
            '--releases releases -f csv',
        ),
    )

    columns: Sequence[str] = standings.COLUMNS

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Add what the command takes."""
        parser.add_argument(
            'places',
            nargs='*',
            metavar='FILE|PROJECT',
            help='deliverable files or names of projects [a whole series]',
        )
        group = parser.add_argument_group('which orders')
        options.add_releases(group)
        group.add_argument(
            '--series',
            metavar='S',
            help='codename of a series, or independent [the one in '
            'development]',
        )
        group.add_argument(
            '--all',
            action='store_true',
            dest='everything',
            help='every order, not only the last of each file',
        )
        options.add_project_config(group)
        group = parser.add_argument_group('what is allowed')
        options.add_policy(group)
        options.add_trusted_key(group)
        group = parser.add_argument_group('archive')
        options.add_originals(group)
        group = parser.add_argument_group('index')
        options.add_reading(group, "PyPI's")
        options.add_timeout(group)
        many.add_jobs(group)

    def act(self, args: argparse.Namespace) -> int:
        """Look at every order, print the rows, return the exit code."""
        observer = console.observer(
            self.app.stderr, self.app.options.verbose_level == 0, self.broke
        )
        with self.answering(args.formatter, []):
            self.check_columns(args)
            with to_status.looking(
                options.configuration(args), tuple(args.trusted_key), observer
            ) as tools:
                rows = status.status(
                    selection.Wanted(
                        tuple(args.places), args.series, args.everything
                    ),
                    tools.policy,
                    tools.gates,
                )
        self.put(args, standings.documents(rows), standings.text(rows))
        return verdicts.exit_code(row.verdict for row in rows)
