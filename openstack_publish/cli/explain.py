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

"""``openstack-publish explain``."""

from __future__ import annotations

import argparse

from openstack_publish import explain
from openstack_publish.assembly import to_explain
from openstack_publish.cli import base
from openstack_publish.cli import options
from openstack_publish.explain import request
from openstack_publish.model import finding
from openstack_publish.render import as_json
from openstack_publish.render import timelines


class Explain(base.Command):
    """Tell what became of one release, in the order of time.

    Who ordered it and by which change, who tagged it, when its files were
    signed, archived and uploaded, and who holds a role. What is not known is
    named with its reason.

    Exit codes: 0 everything that was asked could be read, 1 what is told
    does not fit together, or nobody ordered it, 3 something could not be
    read.
    """

    examples = (
        (
            'Where the files of os-vif 5.2.0 come from',
            'openstack-publish explain os-vif 5.2.0 --releases releases',
        ),
        (
            'With the run that published them, by its receipt',
            'openstack-publish explain os-vif 5.2.0 --releases releases '
            '--receipt os-vif-5.2.0.receipt.json',
        ),
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Add what the command takes."""
        parser.add_argument(
            'project',
            type=options.project,
            metavar='PROJECT',
            help='its name on the index',
        )
        parser.add_argument(
            'release', metavar='RELEASE', help='the version that was ordered'
        )
        options.add_format(parser, 'the timeline')
        group = parser.add_argument_group('who is asked')
        options.add_releases(group)
        group.add_argument(
            '--git-repo',
            metavar='NAME',
            help='full name of the git repository, such as openstack/os-vif',
        )
        group.add_argument(
            '--git-dir',
            metavar='DIR',
            help='a clone of that repository, for the tag',
        )
        options.add_originals(group)
        group.add_argument(
            '--receipt',
            metavar='FILE',
            help='what publish wrote, for the run and the roles of then',
        )
        group.add_argument(
            '--state',
            metavar='FILE',
            help='state of a watch, for roles that changed and what it told',
        )
        group = parser.add_argument_group('what is allowed')
        options.add_policy(group)
        options.add_trusted_key(group)
        group = parser.add_argument_group('index')
        options.add_reading(group, "PyPI's")
        options.add_timeout(group)

    def act(self, args: argparse.Namespace) -> int:
        """Tell, and return the exit code."""
        with self.answering(args.format, {}):
            named = None
            if args.receipt is not None:
                named = (args.receipt, to_explain.receipt(args.receipt))
            watched = None
            if args.state is not None:
                watched = (args.state, to_explain.incidents(args.state))
            with to_explain.explanation(
                options.configuration(args),
                tuple(args.trusted_key),
                args.git_dir,
            ) as tools:
                told = explain.explain(
                    request.Request(
                        args.project,
                        args.release,
                        args.git_repo,
                        named,
                        watched,
                    ),
                    tools.policy,
                    tools.gates,
                )
        if args.format == 'json':
            self.app.stdout.write(as_json.text(timelines.document(told)))
        else:
            self.app.stdout.write(timelines.text(told))
        code = finding.exit_code(finding.worst(told.findings))
        if code == 0 and any(gap.failed for gap in told.gaps):
            return 3
        return code
