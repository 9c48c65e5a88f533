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

"""Which orders a command over many releases is about."""

from __future__ import annotations

import os
import pathlib

import fixtures
import testtools

from openstack_publish import exceptions
from openstack_publish.gates import checkout
from openstack_publish.gates import processes
from openstack_publish.proof import selection
from tests.support import gitrepo

SERIES = """\
    - name: indri
      status: future
    - name: hibiscus
      status: development
      initial-release: 2026-09-30
    - name: gazpacho
      status: maintained
      initial-release: 2026-04-01
"""


def releases(*versions: str, repo: str = 'openstack/os-vif') -> str:
    """Return the text of a deliverable file with these releases."""
    entries = ''.join(
        f'  - version: {version}\n'
        '    projects:\n'
        f'      - repo: {repo}\n'
        f'        hash: a{number:039x}\n'
        for number, version in enumerate(versions)
    )
    return f'team: nova\ntype: library\nreleases:\n{entries}'


class TestSelection(testtools.TestCase):
    """A checkout of two series and an independent deliverable."""

    def setUp(self) -> None:
        super().setUp()
        self.root = pathlib.Path(self.useFixture(fixtures.TempDir()).path)
        self.write('data/series_status.yaml', SERIES)
        self.file('hibiscus', 'os-vif', releases('5.1.0', '5.2.0'))
        self.file('gazpacho', 'os-vif', releases('4.3.0'))
        self.file('gazpacho', 'pbr', releases('6.0.0', repo='openstack/pbr'))
        self.file(
            '_independent', 'pbr', releases('7.1.0', repo='openstack/pbr')
        )
        self.file('gazpacho', 'gone', releases('1.0.0', repo='openstack/gone'))

    def write(self, path: str, text: str) -> None:
        gitrepo.write(self.root, path, text)

    def file(self, series: str, name: str, text: str) -> None:
        self.write(f'deliverables/{series}/{name}.yaml', text)

    def select(
        self,
        *places: str,
        series: str | None = None,
        everything: bool = False,
    ) -> selection.Selection:
        gate = checkout.Checkout(
            str(self.root), processes.Processes(os.environ)
        )
        return selection.select(
            gate, selection.Wanted(places, series, everything)
        )

    def assertSelects(
        self, expected: list[str], found: selection.Selection
    ) -> None:
        """These versions were found, in this order, and nothing lacks."""
        self.assertEqual(
            expected, [f'{one.project} {one.version}' for one in found.orders]
        )
        self.assertEqual((), found.lacking)

    def test_an_empty_selection_is_the_series_in_development(self) -> None:
        self.assertSelects(['os-vif 5.2.0'], self.select())

    def test_a_series_that_is_not_there_is_wrong_usage(self) -> None:
        error = self.assertRaises(
            exceptions.Misconfigured, self.select, series='icehouse'
        )
        self.assertEqual('--series', error.where)

    def test_without_a_series_in_development_one_must_be_named(self) -> None:
        (self.root / 'data' / 'series_status.yaml').unlink()
        error = self.assertRaises(exceptions.Misconfigured, self.select)
        self.assertEqual('--series', error.where)

    def test_the_last_entry_counts_and_not_the_highest_version(self) -> None:
        self.file('hibiscus', 'os-vif', releases('6.0.0', '5.9.0'))
        self.assertSelects(['os-vif 5.9.0'], self.select())

    def test_everything_is_every_order_of_the_series(self) -> None:
        self.assertSelects(
            ['os-vif 5.1.0', 'os-vif 5.2.0'], self.select(everything=True)
        )

    def test_a_project_is_looked_for_where_it_is_developed(self) -> None:
        self.assertSelects(['os-vif 5.2.0'], self.select('os_vif'))

    def test_an_independent_project_goes_before_its_old_cycles(self) -> None:
        self.assertSelects(['pbr 7.1.0'], self.select('pbr'))

    def test_a_project_of_older_series_is_found_there(self) -> None:
        self.assertSelects(['gone 1.0.0'], self.select('gone'))

    def test_a_series_goes_before_where_the_project_is_developed(
        self,
    ) -> None:
        self.assertSelects(
            ['pbr 6.0.0'], self.select('pbr', series='gazpacho')
        )

    def test_everything_of_a_project_is_of_every_series(self) -> None:
        self.assertSelects(
            ['pbr 7.1.0', 'pbr 6.0.0'], self.select('pbr', everything=True)
        )

    def test_a_file_is_taken_by_its_path(self) -> None:
        path = self.root / 'deliverables' / 'gazpacho' / 'os-vif.yaml'
        self.assertSelects(['os-vif 4.3.0'], self.select(str(path)))
        self.assertSelects(
            ['os-vif 4.3.0'], self.select('deliverables/gazpacho/os-vif.yaml')
        )

    def test_what_is_neither_file_nor_project_is_wrong_usage(self) -> None:
        for place in ('nowhere.yaml', 'no/such', '-x-'):
            self.assertRaises(exceptions.Misconfigured, self.select, place)

    def test_one_order_in_two_files_is_selected_once(self) -> None:
        self.file('gazpacho', 'os-vif', releases('5.1.0', '5.2.0'))
        self.assertSelects(
            ['os-vif 5.1.0', 'os-vif 5.2.0'],
            self.select('os-vif', everything=True),
        )

    def test_a_file_without_releases_gives_nothing(self) -> None:
        self.file('hibiscus', 'os-vif', 'team: nova\ntype: library\n')
        self.assertSelects([], self.select())

    def test_a_project_that_nobody_orders_lacks_an_order(self) -> None:
        found = self.select('nobody')
        self.assertEqual((), found.orders)
        (lacking,) = found.lacking
        self.assertEqual(('nobody', None), (lacking.name, lacking.series))
        self.assertEqual(['OSP102'], [one.code for one in lacking.findings])

    def test_a_malformed_file_hides_no_other(self) -> None:
        self.file('hibiscus', 'broken', 'team: [\n')
        found = self.select()
        self.assertEqual(['5.2.0'], [one.version for one in found.orders])
        (lacking,) = found.lacking
        self.assertEqual(
            ('broken', 'hibiscus'), (lacking.name, lacking.series)
        )
        self.assertEqual({'OSP101'}, {one.code for one in lacking.findings})
