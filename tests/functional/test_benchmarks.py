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

"""Each benchmark runs: with few and small things, once, on loopback.

Nothing is said of the times, which are those of a busy machine.
"""

from __future__ import annotations

import pathlib
from collections.abc import Callable
from typing import Any

import fixtures
import testtools

from benchmarks import audits
from benchmarks import checks
from benchmarks import load
from benchmarks import many
from benchmarks import memory
from benchmarks import orders
from benchmarks import publishing
from benchmarks import rehearsal
from benchmarks import runs
from benchmarks import start
from benchmarks import table
from benchmarks import verifying
from benchmarks import watching

_RELEASES = {
    'deliverables/hibiscus/oslo.config.yaml': (
        'team: oslo\ntype: library\n'
        'repository-settings:\n  openstack/oslo.config: {}\n'
        'releases:\n  - version: 9.7.0\n    projects:\n'
        f'      - repo: openstack/oslo.config\n        hash: {"a" * 40}\n'
    ),
    'data/series_status.yaml': (
        '- name: hibiscus\n  status: development\n'
        '  initial-release: 2026-10-01\n'
    ),
}
_CONFIG = {
    'zuul.d/projects.yaml': (
        '- project:\n    name: openstack/oslo.config\n'
        '    templates:\n      - publish-to-pypi\n'
    )
}


class TestBenchmarks(testtools.TestCase):
    def setUp(self) -> None:
        super().setUp()
        # Short: GnuPG's sockets lie below it.
        self.place = pathlib.Path(self.useFixture(fixtures.TempDir()).path)

    def patch_all(self, module: Any, **values: object) -> None:
        for name, value in values.items():
            self.useFixture(
                fixtures.MonkeyPatch(f'{module.__name__}.{name}', value)
            )

    def measure(
        self, rows: Callable[[pathlib.Path, int], list[table.Row]], count: int
    ) -> list[table.Row]:
        """Measure once and return the rows, of which there must be so many."""
        found = rows(self.place, 1)
        self.assertEqual(count, len(found), str(found))
        for row in found:
            if row.verdict != 'not measured':
                self.assertNotEqual(table.NOTHING, row.ours, row)
        return found

    def checkouts(self) -> None:
        """Name two small checkouts instead of the real ones."""
        for variable, files in (
            ('OPENSTACK_RELEASES_DIR', _RELEASES),
            ('OPENSTACK_PROJECT_CONFIG_DIR', _CONFIG),
        ):
            directory = self.place / variable.lower()
            for name, text in files.items():
                path = directory / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding='utf-8')
            self.useFixture(
                fixtures.EnvironmentVariable(variable, str(directory))
            )

    def test_start(self) -> None:
        self.measure(start.rows, 1)

    def test_publish(self) -> None:
        self.patch_all(publishing, LATENCIES=(1,))
        (row,) = self.measure(publishing.rows, 1)
        self.assertEqual('twine upload of the two', row.alternative)

    def test_memory(self) -> None:
        self.patch_all(memory, LARGE=2 * runs.MIB)
        self.measure(memory.rows, 2)

    def test_orders(self) -> None:
        self.checkouts()
        self.measure(orders.rows, 4)

    def test_many(self) -> None:
        self.patch_all(many, COUNT=3, LATENCY=1)
        self.measure(many.rows, 5)

    def test_check(self) -> None:
        self.checkouts()
        self.patch_all(checks, COUNT=2)
        self.patch_all(many, LATENCY=1)
        self.measure(checks.rows, 4)

    def test_audit(self) -> None:
        self.checkouts()
        self.patch_all(audits, COUNT=3)
        self.patch_all(many, LATENCY=1)
        self.measure(audits.rows, 4)

    def test_what_needs_real_files_says_so_once_for_each_goal(self) -> None:
        for variable in (
            'OPENSTACK_RELEASES_DIR',
            'OPENSTACK_PROJECT_CONFIG_DIR',
        ):
            self.useFixture(
                fixtures.EnvironmentVariable(
                    variable, str(self.place / 'absent')
                )
            )
        for rows in (checks.rows, audits.rows, orders.rows):
            for row in self.measure(rows, 4):
                self.assertEqual('not measured', row.verdict)
                self.assertIn('OPENSTACK_RELEASES_DIR', row.why)
                self.assertNotEqual(table.NOTHING, row.goal)

    def test_verify(self) -> None:
        self.patch_all(verifying, COUNT=2, LATENCY=1)
        self.patch_all(memory, LARGE=2 * runs.MIB)
        self.measure(verifying.rows, 2)

    def test_watch(self) -> None:
        self.patch_all(watching, ROWS=200, PROJECTS=5, COUNTS=(2,))
        found = self.measure(watching.rows, 4)
        # However long it took: one question.
        self.assertEqual('met', found[2].verdict)

    def test_load(self) -> None:
        self.patch_all(load, RELEASES=2, PROJECTS=5)
        self.measure(load.rows, 4)

    def test_rehearsal(self) -> None:
        self.measure(rehearsal.rows, 1)
