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

"""``openstack-publish verify``."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence

from openstack_publish import exceptions
from openstack_publish import seams
from openstack_publish import verify
from openstack_publish.assembly import to_verify
from openstack_publish.cli import console
from openstack_publish.cli import listed
from openstack_publish.cli import many
from openstack_publish.cli import options
from openstack_publish.model import names
from openstack_publish.model import verdicts
from openstack_publish.model import verification
from openstack_publish.proof import selection
from openstack_publish.render import verified

Told = tuple[verification.Verification, ...]

_DISTRIBUTIONS = ('.whl', '.tar.gz')


class Verify(listed.ListCommand):
    """Verify releases that are out there, link by link.

    From the order in openstack/releases over the signed originals in the
    archive to the bytes on the index and who may publish there: each link
    held, failed or could not be known. Name a project and a release; or
    sdists and wheels on disk; or a receipt; or a series.

    Exit codes: 0 all links hold, 1 something failed, 3 something could not
    be known and nothing failed.
    """

    forms = (
        'PROJECT RELEASE',
        'FILE ...',
        '--receipt FILE',
        '--series S [--all] [--continue FILE] [--scheduler ADDRESS]',
    )
    examples = (
        (
            'A release of a project',
            'openstack-publish verify os-vif 5.2.0 --releases releases',
        ),
        (
            'A wheel that was downloaded',
            'openstack-publish verify os_vif-5.2.0-py3-none-any.whl '
            '--releases releases',
        ),
        (
            'What a receipt says',
            'openstack-publish verify --receipt os-vif-5.2.0.receipt.json '
            '--releases releases',
        ),
        (
            'A whole series; the same command goes on where it was stopped',
            'openstack-publish verify --series hibiscus --releases releases '
            '--continue hibiscus.jsonl',
        ),
        (
            'Every release of a series, on the workers of a cluster',
            'openstack-publish verify --series hibiscus --all '
            '--releases /srv/releases --scheduler tls://dask.example.org:8786',
        ),
    )

    columns: Sequence[str] = verified.COLUMNS

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Add what the command takes."""
        parser.add_argument(
            'what',
            nargs='*',
            metavar='PROJECT RELEASE|FILE',
            help='a project and its release, or sdists and wheels on disk, '
            'whose signatures lie beside them or in the archive',
        )
        group = parser.add_argument_group('which releases')
        options.add_releases(group)
        group.add_argument(
            '--series',
            metavar='S',
            help='the last order of each deliverable of a series; its '
            'codename, or independent',
        )
        group.add_argument(
            '--receipt',
            metavar='FILE',
            help='a receipt: everything that it names, and its signature',
        )
        group.add_argument(
            '--all',
            action='store_true',
            dest='everything',
            help='every order of the series',
        )
        options.add_project_config(group)
        group.add_argument(
            '--continue',
            dest='journal',
            metavar='FILE',
            help='write down what is done, and go on from there where the '
            'same command was stopped',
        )
        group = parser.add_argument_group('what is allowed')
        options.add_policy(group)
        options.add_trusted_key(group)
        group = parser.add_argument_group('archive')
        options.add_originals(group)
        group = parser.add_argument_group('index')
        options.add_reading(group, "PyPI's")
        options.add_timeout(group)
        many.add_jobs(group)
        group = parser.add_argument_group('cluster')
        group.add_argument(
            '--scheduler',
            metavar='ADDRESS',
            help='verify a series on the workers of a Dask cluster, by its '
            'scheduler: tls://HOST:PORT, or tcp://HOST:PORT on this machine; '
            '--jobs is for all workers together',
        )

    def act(self, args: argparse.Namespace) -> int:
        """Verify, print what was seen, return the exit code."""
        with self.answering(args.formatter, []):
            self.check_columns(args)
            told = self._told(args)
        self.put(
            args,
            [verified.document(one) for one in told],
            verified.text(told),
        )
        return verdicts.exit_code(one.verdict for one in told)

    def _told(self, args: argparse.Namespace) -> Told:
        """Verify what was asked for.

        :raises Misconfigured: it is none of the forms
        """
        what: list[str] = args.what
        _check(args)
        named = None
        if args.receipt is not None:
            named = to_verify.receipt(args.receipt)
        with to_verify.verification(
            options.configuration(args), tuple(args.trusted_key), named
        ) as tools:
            if named is not None:
                return (
                    verify.verify_receipt(
                        tools.gates, tools.terms, named, args.receipt
                    ),
                )
            if args.series is not None:
                return self._series(args, tools)
            if _is_release(what):
                return (
                    verify.verify_release(
                        tools.gates,
                        tools.terms,
                        names.project_name(what[0]),
                        what[1],
                    ),
                )
            paths = tools.gates.distributions.find(what)
            return tuple(
                verify.verify_files(tools.gates, tools.terms, group)
                for group in verify.by_release(paths)
            )

    def _series(
        self, args: argparse.Namespace, tools: to_verify.Verifying
    ) -> Told:
        run = {
            name: getattr(args, name)
            for name in (
                'series',
                'everything',
                'releases',
                'archive',
                'read_url',
                'policy',
                'project_config',
                'trusted_key',
            )
        }
        run |= to_verify.held_against(
            options.configuration(args), tuple(args.trusted_key), tools
        )
        wanted = selection.Wanted((), args.series, args.everything)
        with to_verify.written_down(args.journal, run) as journal:
            return verify.verify_many(
                selection.select(tools.gates.checkout, wanted),
                tools.terms,
                verify.Crew(tools.workers, self._observer(), journal),
            )

    def _observer(self) -> seams.Observer:
        quiet = self.app.options.verbose_level == 0
        return console.observer(self.app.stderr, quiet, self.broke)


def _check(args: argparse.Namespace) -> None:
    """Make sure that one thing was asked for.

    :raises Misconfigured: none, or several
    """
    what: list[str] = args.what
    forms = (bool(what), args.series is not None, args.receipt is not None)
    if forms.count(True) != 1:
        raise exceptions.Misconfigured(
            'name either a project and its release, or files, or --receipt, '
            'or --series'
        )
    if args.series is None:
        for option, value in (
            ('--all', args.everything),
            ('--continue', args.journal),
            ('--scheduler', args.scheduler is not None),
        ):
            if value:
                raise exceptions.Misconfigured(
                    f'{option} belongs to --series', where=option
                )
    if _is_release(what) and not names.is_project_name(what[0]):
        raise exceptions.Misconfigured(f'{what[0]!r} is no name of a project')
    if (
        len(what) == 1
        and names.is_project_name(what[0])
        and not what[0].endswith(_DISTRIBUTIONS)
        and not os.path.lexists(what[0])
    ):
        raise exceptions.Misconfigured(
            f'there is no file {what[0]}; of a project name the release, too'
        )


def _is_release(what: Sequence[str]) -> bool:
    """Say whether a project and a release are named, and not files."""
    return len(what) == 2 and not any(
        os.sep in each or each.endswith(_DISTRIBUTIONS) for each in what
    )
