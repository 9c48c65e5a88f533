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

"""``openstack-publish token``."""

from __future__ import annotations

import argparse

from openstack_publish import describe
from openstack_publish.assembly import to_describe
from openstack_publish.cli import base
from openstack_publish.cli import options
from openstack_publish.model import finding
from openstack_publish.render import as_json
from openstack_publish.render import as_text


class DescribeToken(base.Command):
    """Describe the token of uploads, and never show it.

    It is looked for in TWINE_PASSWORD, .pypirc and the keyring, and read
    offline: whether the index still knows it, only the index can tell.

    Exit codes: 0 it will do, 1 it is expired, not valid yet or not for the
    project, 2 there is none, 3 the keyring did not answer.
    """

    examples = (
        (
            'What the token is for, and whether it will do for os-vif',
            'openstack-publish token --project os-vif',
        ),
        (
            'The one of another section of .pypirc',
            'openstack-publish token --repository testpypi',
        ),
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Add what the command takes."""
        parser.add_argument(
            '--project',
            type=options.project,
            metavar='NAME',
            help='the project that is to be uploaded to',
        )
        options.add_format(parser, 'the description')
        options.add_login(parser.add_argument_group('index (as in twine)'))

    def act(self, args: argparse.Namespace) -> int:
        """Describe the token and return the exit code."""
        configuration = options.configuration(args)
        self.application.redactor.learn(configuration.password)
        with self.answering(args.format, as_json.of_credential(None)):
            told = describe.describe(
                args.project, to_describe.description(configuration)
            )
        if args.format == 'json':
            document = as_json.of_credential(told)
            self.app.stdout.write(as_json.text(document))
        else:
            self.app.stdout.write(as_text.of_credential(told))
        return finding.exit_code(finding.worst(told.findings))
