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

"""A few cells of the matrix of faults; ``tox -e faults`` plays all."""

from __future__ import annotations

from tests.faults import publishing
from tests.faults import table


class TestSample(publishing.PublishTest):
    """One cell each of a read, an upload, a program and a signal."""

    def test_a_page_for_people_in_the_place_of_json(self) -> None:
        self.check(_cell(table.HTML_PAGE, 'JSON', 4))

    def test_a_reset_before_the_second_file_was_received(self) -> None:
        self.check(_cell(table.RESET_BEFORE, 'upload 2', 12))

    def test_an_agent_that_goes_before_the_signatures(self) -> None:
        self.check(_cell(table.AGENT_GONE, 'gpg', 10))

    def test_sigterm_while_a_file_is_on_its_way(self) -> None:
        self.check(_cell(table.SIGTERM, 'upload 1', 12))

    def test_sigkill_while_the_archive_is_written(self) -> None:
        self.check(_cell(table.SIGKILL, 'archive', 12))


def _cell(fault: str, thing: str, step: int) -> table.Cell:
    place = table.Place(thing, step)
    return next(
        cell
        for cell in table.cells()
        if (cell.fault, cell.place) == (fault, place)
    )
