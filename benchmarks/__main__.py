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

    python -m benchmarks [SUBJECT]... [--repetitions N]
"""

from __future__ import annotations

import argparse
import pathlib
import sys
import tempfile
import traceback

from benchmarks import audits
from benchmarks import checks
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

SUBJECTS = {
    'start': start.rows,
    'publish': publishing.rows,
    'orders': orders.rows,
    'memory': memory.rows,
    'many': many.rows,
    'check': checks.rows,
    'audit': audits.rows,
    'verify': verifying.rows,
    'watch': watching.rows,
    'load': load.rows,
    'rehearsal': rehearsal.rows,
}


def main(argv: list[str]) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog='python -m benchmarks')
    parser.add_argument(
        'subjects',
        nargs='*',
        metavar='SUBJECT',
        help=f'what to measure: {", ".join(SUBJECTS)} [all]',
    )
    parser.add_argument(
        '--repetitions',
        type=int,
        default=9,
        metavar='N',
        help='runs of each side where a run takes seconds at most [9]',
    )
    args = parser.parse_args(argv)
    unknown = set(args.subjects) - set(SUBJECTS)
    if unknown:
        parser.error(f'no such subject: {", ".join(sorted(unknown))}')
    if args.repetitions < 1:
        parser.error('each side must run once at least')
    rows: list[table.Row] = []
    code = 0
    for name in args.subjects or SUBJECTS:
        print(f'measuring {name}', file=sys.stderr, flush=True)
        # Short: GnuPG's sockets lie below it.
        with tempfile.TemporaryDirectory(prefix='osp-bench-') as scratch:
            try:
                rows += SUBJECTS[name](pathlib.Path(scratch), args.repetitions)
            except Exception:  # noqa: BLE001
                # What the other subjects took minutes for is not lost.
                traceback.print_exc()
                rows.append(table.not_run(name, '-', 'failed, see above'))
                code = 1
    print(table.machine())
    print()
    print(table.text(rows))
    return code


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
