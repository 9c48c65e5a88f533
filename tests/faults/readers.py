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

"""What must be true in every cell of a command that only reads."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

import testtools

from tests.faults import matrix
from tests.faults import reading
from tests.faults import reading_table


class ReadersTest(testtools.TestCase):
    """Cells; a subclass gets a test for each of its command.

    :cvar command: whose cells it has
    """

    command: ClassVar[str] = ''

    def __init_subclass__(cls) -> None:
        for cell in reading_table.cells():
            if cell.command == cls.command and cell.reason is None:
                setattr(cls, f'test_{cell.name}', _case(cell))

    def check(self, cell: reading_table.Cell) -> None:
        """Play a cell, and hold it against the table."""
        with matrix.played(cell.fault, cell.command, cell.thing) as played:
            stage = self.useFixture(reading.stage(cell))
            first = stage.met()
            played.first = first.short
            self.assertTrue(stage.came, 'the fault met nobody')
            second = stage.again()
            played.second = second.short
            self.assertEqual(
                (reading_table.met(cell), reading_table.again(cell)),
                (first.short, second.short),
                first.said + second.said,
            )
            self.assertNotIn('Traceback', first.said + second.said)
            if (letters := stage.mailed()) is not None:
                # What is printed only opens an incident: this tells of it.
                self.assertEqual(1, letters.count('OSP801'), str(letters))


def _case(cell: reading_table.Cell) -> Callable[[ReadersTest], None]:
    def test(self: ReadersTest) -> None:
        self.check(cell)

    test.__doc__ = f'{cell.fault}: {cell.thing}, while {cell.command} runs.'
    return test
