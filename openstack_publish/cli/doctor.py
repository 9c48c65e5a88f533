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

"""``openstack-publish doctor``."""

from __future__ import annotations

import argparse
import dataclasses

from openstack_publish import doctor
from openstack_publish.assembly import to_examine
from openstack_publish.cli import base
from openstack_publish.cli import console
from openstack_publish.cli import options
from openstack_publish.model import checkup
from openstack_publish.model import finding
from openstack_publish.render import as_json
from openstack_publish.render import as_text


class Doctor(base.Command):
    """Examine what publishing needs, from gpg to the token.

    Tools, key, index, clock, token and checkout are looked at; one line each
    says what held, failed or could not be known. Nothing is uploaded, and
    nobody is asked for a password. What is not given does not fail.

    Exit codes: 0 everything held, 1 something failed, 3 something could not
    be known.
    """

    examples = (
        (
            'Everything that publishing os-vif needs',
            'openstack-publish doctor --releases releases '
            '--sign-key-file signing-key.asc --project os-vif',
        ),
        (
            'The machine, the index and the clock alone',
            'openstack-publish doctor',
        ),
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Add what the command takes."""
        parser.add_argument(
            '--project',
            type=options.project,
            metavar='NAME',
            help='the project that the token is to be for',
        )
        options.add_format(parser, 'the checks')
        options.add_signing(parser)
        group = parser.add_argument_group('what is allowed')
        options.add_releases(group)
        options.add_policy(group)
        group = parser.add_argument_group('index (as in twine)')
        options.add_login(group)
        options.add_reading(group)

    def act(self, args: argparse.Namespace) -> int:
        """Examine, print a line for each check, return the exit code."""
        observer = console.observer(self.app.stderr, False, self.broke)
        configuration = options.configuration(args)
        self.application.redactor.learn(configuration.password)
        self.application.redactor.learn(configuration.passphrase)
        request = doctor.Request(args.project, tuple(args.trusted_key))
        with self.answering(args.format, []):
            with to_examine.examination(
                # Nobody is there who could answer in time.
                dataclasses.replace(configuration, non_interactive=True),
                observer,
            ) as gates:
                checks = doctor.doctor(request, gates)
        if args.format == 'json':
            self.app.stdout.write(as_json.text(as_json.of_checkup(checks)))
        else:
            self.app.stdout.write(as_text.of_checkup(checks))
        return finding.exit_code(checkup.worst(checks))
