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

"""Something happens in the very moment in which a step begins."""

from __future__ import annotations

from collections.abc import Callable

import fixtures

from openstack_publish.cli import console


class AtStep(fixtures.Fixture):
    """Does something when a step begins, of runs in this process.

    :param number: of the step
    :param act: what is done; what it returns is dropped
    """

    def __init__(self, number: int, act: Callable[[], object]) -> None:
        super().__init__()
        self._number = number
        self._act = act

    def _setUp(self) -> None:
        real = console.Lines.step_began

        def step_began(
            lines: console.Lines, began: int, of: int, name: str
        ) -> None:
            real(lines, began, of, name)
            if began == self._number:
                self._act()

        self.useFixture(
            fixtures.MonkeyPatch(
                'openstack_publish.cli.console.Lines.step_began', step_began
            )
        )
