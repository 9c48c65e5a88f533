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

"""Plays every cell and prints the matrix.

::

    python -m tests.faults [--write FILE] [MODULE]...

Small file systems are mounted, so it starts itself again in a user namespace
(``unshare``) where the user may not mount.
"""

from __future__ import annotations

import argparse
import concurrent.futures
import multiprocessing
import os
import pathlib
import sys

from tests.faults import playing
from tests.faults import report

MODULES = (
    'test_publish_machine',
    'test_publish_reads',
    'test_publish_uploads',
    'test_readers',
    'test_watch',
    'test_two_publishers',
)
"""Of the tests, those first that take longest."""

WORKERS = 2
_NAMESPACE = 'OPENSTACK_PUBLISH_FAULTS_NAMESPACE'


def main(argv: list[str]) -> int:
    """Play, print, and return 1 if a cell failed."""
    parser = argparse.ArgumentParser(prog='python -m tests.faults')
    parser.add_argument(
        'modules',
        nargs='*',
        metavar='MODULE',
        help=f'what to play: {", ".join(MODULES)} [all]',
    )
    parser.add_argument(
        '--write',
        type=pathlib.Path,
        metavar='FILE',
        help='put the summary into this page, between its marks',
    )
    args = parser.parse_args(argv)
    unknown = set(args.modules) - set(MODULES)
    if unknown:
        parser.error(f'no such module: {", ".join(sorted(unknown))}')
    if os.geteuid() != 0 and _NAMESPACE not in os.environ:
        _in_a_namespace(argv)
    names = args.modules or MODULES
    with concurrent.futures.ProcessPoolExecutor(
        WORKERS, multiprocessing.get_context('spawn')
    ) as pool:
        results = list(pool.map(playing.play, names))
    cells = [cell for played, _ in results for cell in played]
    print('\n'.join(report.lines(cells)))
    troubles = [trouble for _, found in results for trouble in found]
    for trouble in troubles:
        print(f'\n{trouble}', file=sys.stderr)
    if args.write is not None:
        report.write(args.write, cells)
    return 1 if troubles else 0


def _in_a_namespace(argv: list[str]) -> None:
    """Start again where file systems may be mounted; does not return."""
    os.environ[_NAMESPACE] = '1'
    os.execvp(
        'unshare',
        [
            *('unshare', '--map-root-user', '--mount', sys.executable),
            *('-m', 'tests.faults', *argv),
        ],
    )


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
