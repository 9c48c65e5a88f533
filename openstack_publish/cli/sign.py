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

"""``openstack-publish sign``."""

from __future__ import annotations

import argparse

from openstack_publish import sign
from openstack_publish.assembly import to_sign
from openstack_publish.cli import base
from openstack_publish.cli import console
from openstack_publish.cli import options
from openstack_publish.model import finding
from openstack_publish.model import signing
from openstack_publish.render import as_json
from openstack_publish.render import as_text


class Sign(base.Command):
    """Sign distributions, and verify what is signed already.

    Steps 2, 8 and 10 of the proof alone: no order is looked for, no index is
    asked, and nothing is sent. Nothing is signed where anything is wrong
    with a distribution, a signature or the key.

    Exit codes: 0 everything is signed, 1 refused, 2 wrong usage, 3 could not
    know.
    """

    examples = (
        (
            'Sign what is in dist/ with the key of a file',
            'openstack-publish sign --releases releases '
            '--sign-key-file signing-key.asc dist/',
        ),
        (
            'Only verify that everything is signed by a key of the cycles',
            'openstack-publish sign --releases releases '
            '--signatures require dist/',
        ),
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Add what the command takes."""
        parser.add_argument(
            'places',
            nargs='*',
            metavar='DIST|DIR',
            help='sdists and wheels, or directories of them [dist]',
        )
        options.add_signing(parser)
        group = parser.add_argument_group('what is allowed')
        options.add_releases(group)
        options.add_policy(group)
        group = parser.add_argument_group('run')
        options.add_signatures(group)
        options.add_format(group, 'the list')

    def act(self, args: argparse.Namespace) -> int:
        """Sign, print what is signed, and return the exit code."""
        observer = console.observer(
            self.app.stderr, self.app.options.verbose_level == 0, self.broke
        )
        configuration = options.configuration(args)
        self.application.redactor.learn(configuration.password)
        self.application.redactor.learn(configuration.passphrase)
        asked = sign.Request(
            tuple(args.places) or ('dist',),
            args.signatures,
            tuple(args.trusted_key),
        )
        with self.answering(args.format, []):
            with to_sign.signing(configuration, observer) as built:
                told = sign.sign(asked, built.policy, built.gates)
        self._show(told, args.format)
        return finding.exit_code(finding.worst(told.findings))

    def _show(self, told: signing.Signing, form: str) -> None:
        if form == 'text':
            self.app.stdout.write(as_text.of_signing(told))
            return
        self.app.stdout.write(as_json.text(as_json.of_signing(told)))
        self.app.stdout.flush()
        if told.findings:
            self.app.stderr.write(f'{as_text.of_findings(told.findings)}\n')
