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

"""Measures everything, or the subjects that are named, and prints a table.

::

    python -m benchmarks [SUBJECT]... [--repetitions N] [--write FILE]

How each is measured, and what the limits are, says ``benchmarks/README.rst``.
"""

from __future__ import annotations

import argparse
import concurrent.futures
import dataclasses
import multiprocessing
import os
import pathlib
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from collections.abc import Mapping

from benchmarks import audits
from benchmarks import checks
from benchmarks import clusters
from benchmarks import load
from benchmarks import many
from benchmarks import memory
from benchmarks import orders
from benchmarks import publishing
from benchmarks import rehearsal
from benchmarks import start
from benchmarks import table
from benchmarks import verifying
from benchmarks import watching
from tests.support import pages

Subject = Callable[[pathlib.Path, int], list[table.Row]]
"""Measures in a directory, with so many repetitions."""

SUBJECTS: Mapping[str, Subject] = {
    'start': start.rows,
    'publish': publishing.rows,
    'orders': orders.rows,
    'memory': memory.rows,
    'many': many.rows,
    'check': checks.rows,
    'audit': audits.rows,
    'verify': verifying.rows,
    'cluster': clusters.rows,
    'watch': watching.rows,
    'load': load.rows,
    'rehearsal': rehearsal.rows,
}


def main(argv: list[str], subjects: Mapping[str, Subject] = SUBJECTS) -> int:
    """Measure and print; return 1 if a subject failed, whatever its times."""
    parser = argparse.ArgumentParser(prog='python -m benchmarks')
    parser.add_argument(
        'subjects',
        nargs='*',
        metavar='SUBJECT',
        help=f'what to measure: {", ".join(subjects)} [all]',
    )
    parser.add_argument(
        '--repetitions',
        type=int,
        default=9,
        metavar='N',
        help='runs of each side where a run takes seconds at most [9]',
    )
    parser.add_argument(
        '--write',
        type=pathlib.Path,
        metavar='FILE',
        help='put the table into this page, between its marks',
    )
    args = parser.parse_args(argv)
    unknown = set(args.subjects) - set(subjects)
    if unknown:
        parser.error(f'no such subject: {", ".join(sorted(unknown))}')
    if args.repetitions < 1:
        parser.error('each side must run once at least')
    if args.write is not None and args.subjects:
        parser.error('a page has the table of all subjects: name none')
    if args.write is not None:
        # Better now than when everything was measured.
        try:
            pages.around(args.write, table.BEGIN, table.END)
        except (OSError, ValueError) as error:
            parser.error(f'--write: {error}')
    head = list(table.machine(os.getloadavg()[0]))
    rows: list[table.Row] = []
    took: dict[str, float] = {}
    code = 0
    for name in args.subjects or subjects:
        print(f'measuring {name}', file=sys.stderr, flush=True)
        began = time.monotonic()
        # Short: GnuPG's sockets lie below it.
        with tempfile.TemporaryDirectory(prefix='osp-bench-') as scratch:
            try:
                found = _alone(
                    subjects[name], pathlib.Path(scratch), args.repetitions
                )
            except Exception:  # noqa: BLE001
                # What the other subjects took minutes for is not lost.
                traceback.print_exc()
                found = [table.not_run('all of it', '-', 'it failed')]
                code = 1
        took[name] = time.monotonic() - began
        rows += [dataclasses.replace(row, subject=name) for row in found]
    print('\n'.join(head))
    print()
    print(table.text(rows))
    print()
    print('\n'.join(table.sums(rows, took)))
    if args.write is not None:
        pages.write_between(
            args.write,
            table.BEGIN,
            table.END,
            table.page(head, rows, took),
        )
    return code


def _alone(
    measure: Subject, scratch: pathlib.Path, repetitions: int
) -> list[table.Row]:
    """Measure in a fresh process.

    The memory of what is measured can be told only where it is more than
    that of the process that starts it, and a subject leaves its own behind.
    """
    with concurrent.futures.ProcessPoolExecutor(
        1, multiprocessing.get_context('spawn')
    ) as pool:
        return pool.submit(measure, scratch, repetitions).result()


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
