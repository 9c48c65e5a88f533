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

"""Counts the results of a test run.

Reads a subunit stream from the standard input, as ``stestr last --subunit``
writes it, and prints one line: ``N passed, N failed, N skipped``. The exit
code is 1 when a test failed or none ran.
"""

from __future__ import annotations

import collections
import sys
from typing import Any

import subunit
import testtools

# An unexpected success is a wrong test; a test in another state than these
# never ended, since its worker died.
_COUNTED_AS = {
    'success': 'passed',
    'xfail': 'passed',
    'skip': 'skipped',
    'fail': 'failed',
    'uxsuccess': 'failed',
}


def main() -> int:
    """Count, print and return the exit code."""
    counts: collections.Counter[str] = collections.Counter()

    def count(test: Any) -> None:
        if test['status'] != 'exists':
            counts[_COUNTED_AS.get(test['status'], 'failed')] += 1

    stream = subunit.ByteStreamToStreamResult(
        sys.stdin.buffer, non_subunit_name='stdout'
    )
    result = testtools.StreamToDict(count)
    result.startTestRun()
    stream.run(result)
    result.stopTestRun()
    sys.stdout.write(
        f'{counts["passed"]} passed, {counts["failed"]} failed, '
        f'{counts["skipped"]} skipped\n'
    )
    return 1 if counts['failed'] or not counts['passed'] else 0


if __name__ == '__main__':
    sys.exit(main())
