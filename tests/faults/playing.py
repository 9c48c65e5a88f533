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

"""Plays the cells of one module, in a process of its own."""

from __future__ import annotations

import sys
import unittest
from collections.abc import Iterator

from tests.faults import matrix


def play(name: str) -> tuple[list[matrix.Played], list[str]]:
    """Play the cells of a module.

    :returns: the cells, and what went wrong
    """
    loaded = unittest.defaultTestLoader.loadTestsFromName(
        f'tests.faults.{name}'
    )
    # A process plays several modules.
    before = len(matrix.PLAYED)
    troubles = []
    for test in each(loaded):
        result = unittest.TestResult()
        test.run(result)
        found = [*result.errors, *result.failures]
        sys.stderr.write(f'{"FAILED" if found else "ok":6} {test.id()}\n')
        troubles += [f'{failed.id()}\n{text}' for failed, text in found]
    return matrix.PLAYED[before:], troubles


def each(
    suite: unittest.TestSuite | unittest.TestCase,
) -> Iterator[unittest.TestCase]:
    """Give each test of a suite."""
    if isinstance(suite, unittest.TestCase):
        yield suite
        return
    for inner in suite:
        yield from each(inner)
