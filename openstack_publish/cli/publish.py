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

"""``openstack-publish publish``."""

from __future__ import annotations

import argparse
import contextlib
from collections.abc import Iterator

from openstack_publish import publish
from openstack_publish import seams
from openstack_publish.assembly import settings
from openstack_publish.assembly import to_publish
from openstack_publish.cli import options
from openstack_publish.cli import receipts
from openstack_publish.model import receipt
from openstack_publish.proof import request


class Publish(receipts.ReceiptCommand):
    """Publish a release: check, sign, upload, and read it back.

    What was built is held against the deliverable file that ordered it. The
    run is a proof in fifteen steps. Up to step 9 nothing is written or
    sent; --dry-run ends there.

    Exit codes: 0 done or nothing to do, 1 refused, 2 wrong usage, 3 could
    not know, 4 uploaded but not complete or not confirmed.
    """

    examples = (
        (
            'Publish what is in dist/, with the token in TWINE_PASSWORD',
            'openstack-publish publish --releases releases '
            '--sign-key-file signing-key.asc --archive tarballs dist/',
        ),
        (
            'See first what would be refused',
            'openstack-publish publish --releases releases --dry-run dist/',
        ),
        (
            'Only read back what an earlier run uploaded',
            'openstack-publish publish --releases releases '
            '--sign-key-file signing-key.asc --confirm-only dist/',
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
        _add_order(parser)
        options.add_signing(parser)
        options.add_index(parser)
        _add_run(parser)

    @contextlib.contextmanager
    def told(
        self,
        args: argparse.Namespace,
        configuration: settings.Configuration,
        observer: seams.Observer,
    ) -> Iterator[receipt.Receipt]:
        """Publish what was built."""
        with to_publish.publication(configuration, observer) as built:
            yield publish.publish(
                request.Terms(_request(args), built.policy), built.gates
            )

    def next_words(self, story: receipt.Receipt) -> list[str]:
        """Return the same command; to confirm where only that is missing."""
        words = super().next_words(story)
        confirm = '--confirm-only'
        if story.lacks_only_confirmation and confirm not in words:
            words.append(confirm)
        return words


def _add_order(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group('order')
    options.add_releases(group)
    group.add_argument(
        '--deliverable',
        metavar='FILE',
        help='the file that orders the release [found by project and version]',
    )
    group.add_argument(
        '--release',
        metavar='V',
        help="the version that was ordered [the distributions' version]",
    )
    group.add_argument(
        '--git-repo',
        metavar='NAME',
        help='full name of the git repository, such as openstack/os-vif',
    )
    group.add_argument(
        '--commit',
        metavar='HASH',
        help='the commit that was tagged; must be the ordered one',
    )
    group.add_argument(
        '--source-tree',
        metavar='DIR',
        help='git clone of the ordered repository: every file of the '
        'distributions must come from its ordered commit',
    )
    options.add_policy(group)


def _add_run(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group('run')
    options.add_signatures(group)
    group.add_argument(
        '--attestations',
        action='store_true',
        help='upload FILE.*.attestation files too',
    )
    group.add_argument(
        '--archive',
        metavar='DIR',
        help='directory of the tarballs archive, to put everything into '
        'as well [none]',
    )
    group.add_argument(
        '--on-existing',
        choices=('refuse', 'adopt'),
        default='refuse',
        help='where index or archive hold other bytes of this release: '
        "refuse, or publish the archive's signed originals [refuse]",
    )
    group.add_argument(
        '--skip-existing',
        action='store_true',
        help='accepted for twine; digests decide what is there already',
    )
    group.add_argument(
        '--receipt',
        metavar='FILE',
        help='where the receipt goes [<project>-<version>.receipt.json '
        'beside the distributions]',
    )
    options.add_wait(group)
    group.add_argument(
        '--dry-run',
        action='store_true',
        help='end after step 9: nothing is written or sent',
    )
    group.add_argument(
        '--confirm-only',
        action='store_true',
        help='upload nothing, only read back what was uploaded',
    )
    options.add_format(group, 'the receipt')


def _request(args: argparse.Namespace) -> request.Request:
    return request.Request(
        places=tuple(args.places) or ('dist',),
        version=args.release,
        deliverable=args.deliverable,
        repo=args.git_repo,
        commit=None if args.commit is None else args.commit.lower(),
        signatures=args.signatures,
        trusted=tuple(args.trusted_key),
        on_existing=args.on_existing,
        receipt=args.receipt,
        wait=args.wait,
        attestations=args.attestations,
        skip_existing=args.skip_existing,
        dry_run=args.dry_run,
        confirm_only=args.confirm_only,
    )
