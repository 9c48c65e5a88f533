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

"""``openstack-publish check``."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from openstack_publish import check
from openstack_publish.assembly import to_check
from openstack_publish.cli import console
from openstack_publish.cli import listed
from openstack_publish.cli import many
from openstack_publish.cli import options
from openstack_publish.model import verdicts
from openstack_publish.render import as_json
from openstack_publish.render import as_zuul
from openstack_publish.render import checked
from openstack_publish.rules import catalogue

_ZUUL = 'zuul'


class Check(listed.ListCommand):
    """Check orders in review, before anything was built.

    Without FILE: the orders that HEAD of the checkout adds, against its
    first parent. A named FILE is read from disk: the orders count that it
    adds to HEAD or that the change adds to it, else its last release.

    Exit codes: 0 clean, 1 something failed, 3 something could not be known.
    """

    examples = (
        (
            'The orders that the change at HEAD adds',
            'openstack-publish check --releases releases',
        ),
        (
            'The orders of one file, as it is on disk',
            'openstack-publish check --releases releases '
            'deliverables/hibiscus/os-vif.yaml',
        ),
        (
            'Together with what a test job built of them',
            'openstack-publish check --releases releases --dist dist',
        ),
    )

    columns: Sequence[str] = checked.COLUMNS
    formats: Sequence[str] = (_ZUUL,)

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Add what the command takes."""
        parser.add_argument(
            'files',
            nargs='*',
            metavar='FILE',
            help='deliverable files [those that the change has]',
        )
        group = parser.add_argument_group('orders')
        options.add_releases(group)
        group.add_argument(
            '--diff',
            metavar='REV',
            help='the change: everything since REV, or A..B [what HEAD '
            'brings into its first parent]',
        )
        group.add_argument(
            '--dist',
            metavar='DIR',
            help='what a test job built of one of the orders: held against '
            'it as publish --dry-run does',
        )
        group = parser.add_argument_group('what is allowed')
        options.add_policy(group)
        options.add_project_config(group)
        group = parser.add_argument_group('index')
        many.add(group)

    def act(self, args: argparse.Namespace) -> int:
        """Check, print a row for each order, and return the exit code."""
        observer = console.observer(
            self.app.stderr, self.app.options.verbose_level == 0, self.broke
        )
        configuration = options.configuration(args)
        self.application.redactor.learn(configuration.password)
        self.application.redactor.learn(configuration.passphrase)
        form = 'json' if args.formatter == _ZUUL else args.formatter
        with self.answering(form, {} if args.formatter == _ZUUL else []):
            self.check_columns(args)
            told = check.check(
                check.Request(tuple(args.files), args.diff, args.dist),
                to_check.checking(configuration, observer),
            )
        why = {page.code: page.why for page in catalogue.pages()}
        if args.formatter == _ZUUL:
            self.app.stdout.write(as_json.text(as_zuul.document(told, why)))
        else:
            self.put(args, checked.documents(told), checked.text(told, why))
        return verdicts.exit_code(row.verdict for row in told.rows)
