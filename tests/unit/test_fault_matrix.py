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


"""The matrix of faults is whole: what can be is played, and only that."""

from __future__ import annotations

import importlib
import itertools
import pathlib
import unittest
from collections.abc import Iterable

import testtools

from tests.faults import __main__ as program
from tests.faults import playing
from tests.faults import reading_table
from tests.faults import table

Cell = table.Cell | reading_table.Cell


class TestMatrix(testtools.TestCase):
    """The tables, and the tests that are made of them."""

    def cells(self) -> Iterable[Cell]:
        return itertools.chain(table.cells(), reading_table.cells())

    def played(self) -> list[str]:
        """Return the name of each test that ``tox -e faults`` plays."""
        loaded = unittest.defaultTestLoader.loadTestsFromNames(
            [f'tests.faults.{name}' for name in program.MODULES]
        )
        return [test.id().rpartition('.')[2] for test in playing.each(loaded)]

    def test_every_module_of_cells_is_played(self) -> None:
        place = pathlib.Path(program.__file__).parent
        self.assertEqual(
            {path.stem for path in place.glob('test_*.py')},
            set(program.MODULES),
        )
        for name in program.MODULES:
            importlib.import_module(f'tests.faults.{name}')

    def test_each_cell_that_can_be_is_one_test(self) -> None:
        """A fault that nobody plays would be neither ok nor FAILED."""
        tests = self.played()
        for cell in self.cells():
            self.assertEqual(
                int(cell.reason is None),
                tests.count(f'test_{cell.name}'),
                str(cell),
            )

    def test_each_cell_that_can_be_has_its_expectation(self) -> None:
        for cell in table.cells():
            if cell.reason is None:
                self.assertTrue(table.met(cell) and table.again(cell))
        for other in reading_table.cells():
            if other.reason is None:
                self.assertTrue(reading_table.met(other))

    def test_no_expectation_is_of_a_cell_that_cannot_be(self) -> None:
        can = {
            (cell.command, cell.thing, cell.fault)
            for cell in reading_table.cells()
            if cell.reason is None
        }
        self.assertEqual(set(), set(reading_table.SINGLE) - can)

    def test_each_fault_meets_each_command(self) -> None:
        """In at least one cell, or it says why in none."""
        for command in ('publish', *reading_table.THINGS):
            for fault in table.FAULTS:
                ours = [
                    cell
                    for cell in self.cells()
                    if cell.fault == fault
                    and getattr(cell, 'command', 'publish') == command
                ]
                self.assertNotEqual([], ours)
                if fault in (*table.OF_A_SERVER, *table.SIGNALS):
                    self.assertIn(None, [cell.reason for cell in ours])
