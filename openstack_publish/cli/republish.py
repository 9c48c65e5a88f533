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

"""``openstack-publish republish``."""

from __future__ import annotations

import argparse
import contextlib
from collections.abc import Iterator

from openstack_publish import republish
from openstack_publish import seams
from openstack_publish.assembly import settings
from openstack_publish.assembly import to_republish
from openstack_publish.cli import options
from openstack_publish.cli import receipts
from openstack_publish.model import receipt


class Republish(receipts.ReceiptCommand):
    """Complete a release on the index with its signed originals.

    They are taken from the archive, verified, and uploaded as publish does
    it, where the index lacks them. Nothing is signed and nothing is built.

    Exit codes: 0 done or nothing to do, 1 refused, 2 wrong usage, 3 could
    not know, 4 uploaded but not complete or not confirmed.
    """

    examples = (
        (
            'Upload what the index lacks, with the token in TWINE_PASSWORD',
            'openstack-publish republish os-vif 5.2.0 --releases releases '
            '--archive https://tarballs.opendev.org',
        ),
        (
            'See first what would be uploaded',
            'openstack-publish republish os-vif 5.2.0 --releases releases '
            '--archive https://tarballs.opendev.org --dry-run',
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
        group = parser.add_argument_group('order')
        options.add_releases(group)
        group.add_argument(
            '--git-repo',
            metavar='NAME',
            help='full name of the git repository, such as openstack/os-vif',
        )
        options.add_policy(group)
        group = parser.add_argument_group('originals')
        options.add_originals(group, required=True)
        options.add_trusted_key(group)
        options.add_index(parser)
        group = parser.add_argument_group('run')
        group.add_argument(
            '--receipt',
            metavar='FILE',
            help='where the receipt goes [<project>-<version>.receipt.json '
            'in the working directory]',
        )
        options.add_wait(group)
        group.add_argument(
            '--dry-run',
            action='store_true',
            help='end before anything is sent',
        )
        options.add_format(group, 'the receipt')

    @contextlib.contextmanager
    def told(
        self,
        args: argparse.Namespace,
        configuration: settings.Configuration,
        observer: seams.Observer,
    ) -> Iterator[receipt.Receipt]:
        """Publish what the archive has."""
        asked = republish.Request(
            project=args.project,
            version=args.release,
            repo=args.git_repo,
            trusted=tuple(args.trusted_key),
            receipt=args.receipt,
            wait=args.wait,
            dry_run=args.dry_run,
        )
        with to_republish.republication(configuration, observer) as built:
            yield republish.republish(asked, built.policy, built.gates)
