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

"""The real data of openstack/releases.

The counts are those of the commit of 2026-08-21; a later checkout has more,
so each is a lower bound. That nothing is in the way of reading holds for any.
"""

from __future__ import annotations

import collections
import contextlib
import itertools
import pathlib
import re

import testtools
from packaging import version

from openstack_publish.gates import checkout
from openstack_publish.gates import processes
from openstack_publish.gates import yamlfile
from openstack_publish.model import deliverable
from openstack_publish.model import deliverable_form
from openstack_publish.model import located
from openstack_publish.model import names
from openstack_publish.model import order_pattern
from openstack_publish.rules import order_fit
from openstack_publish.rules import ordered
from tests.support import gitrepo
from tests.support import real_releases

EVERY = 1_301
"""Every how many-th order is looked for in the whole checkout: 33,646 orders
give 26."""

SOME = 13
"""Every how many-th order is looked for in its own file."""


class TestRealReleases(testtools.TestCase):
    """Every deliverable file that there is."""

    deliverables: tuple[deliverable.Deliverable, ...] = ()
    told: tuple[str, ...] = ()
    orders: tuple[deliverable.Order, ...] = ()

    @classmethod
    def _read(cls, root: pathlib.Path) -> None:
        found = []
        told = []
        for file in sorted(root.glob('deliverables/*/*.yaml')):
            path = file.relative_to(root).as_posix()
            document = yamlfile.read(file.read_bytes(), path)
            value, problems = deliverable_form.read(document.data, path)
            told += [
                located.described(problem)
                for problem in document.problems + problems
            ]
            if value is not None:
                found.append(value)
        cls.deliverables = tuple(found)
        cls.told = tuple(told)
        cls.orders = tuple(
            deliverable.Order(one, release, repo)
            for one in found
            for release in one.releases
            for repo in release.repos
        )

    def setUp(self) -> None:
        super().setUp()
        self.root = real_releases.directory()
        if not self.deliverables:
            self._read(self.root)
        self.checkout = checkout.Checkout(
            str(self.root), processes.Processes(gitrepo.environment())
        )

    def test_every_file_is_read_without_a_problem(self) -> None:
        self.assertEqual((), self.told)
        self.assertGreaterEqual(len(self.deliverables), 6_026)

    def test_what_is_in_them_is_what_was_counted(self) -> None:
        releases = [r for one in self.deliverables for r in one.releases]
        self.assertGreaterEqual(len(releases), 28_354)
        self.assertGreaterEqual(len(self.orders), 33_646)
        kinds: collections.Counter[str] = collections.Counter()
        for release in releases:
            final = re.fullmatch(r'[0-9]+(\.[0-9]+)*', release.version)
            pre = re.fullmatch(
                r'[0-9]+(\.[0-9]+)*(a|b|rc)[0-9]+', release.version
            )
            kinds['final' if final else 'pre' if pre else 'other'] += 1
        self.assertGreaterEqual(kinds['final'], 17_856)
        self.assertGreaterEqual(kinds['pre'], 2_856)
        self.assertGreaterEqual(kinds['other'], 7_642)
        flags = collections.Counter(
            flag
            for one in self.deliverables
            for settings in one.settings
            for flag in settings.flags
        )
        self.assertGreaterEqual(flags['retired'], 265)
        self.assertGreaterEqual(flags['no-artifact-build-job'], 53)
        self.assertGreaterEqual(
            sum(
                order.ordered.tarball_base is not None for order in self.orders
            ),
            282,
        )
        pypi_names = {
            settings.repo
            for one in self.deliverables
            for settings in one.settings
            if settings.pypi_name is not None
        }
        self.assertGreaterEqual(len(pypi_names), 7)
        self.assertIn('openstack/tempest', pypi_names)

    def test_the_one_odd_flag_is_a_remark(self) -> None:
        remarks = [
            located.described(remark)
            for one in self.deliverables
            for remark in one.remarks
        ]
        self.assertEqual(
            [
                'deliverables/_independent/pylockfile.yaml: '
                'repository-settings.openstack/pylockfile.flags: must be a '
                "list, is '-retired'"
            ],
            remarks,
        )

    def test_only_one_old_deliverable_gives_its_project_two_names(
        self,
    ) -> None:
        told = {
            f'{found.path}: {found.message}'
            for order in self.orders
            for found in order_fit.names_agree(order, [])
        }
        self.assertEqual(
            {
                f'deliverables/{series}/solum-infra-guestagent.yaml: '
                'repository-settings pypi-name says that '
                'openstack/solum-infra-guestagent is '
                "'solum-infra-guestagent', release tarball-base says "
                "'solum_guestagent'"
                for series in ('mitaka', 'newton')
            },
            told,
        )

    def test_orders_from_all_over_are_found(self) -> None:
        sample = self.orders[::EVERY]
        self.assertGreaterEqual(len(sample), 24)
        for order in sample:
            search = self.checkout.find_orders(order.project, order.version)
            self.assertEqual((), search.problems)
            self.assertIn(order, search.orders)
            search = self.checkout.find_orders(
                order.project, order.version, order.repo
            )
            self.assertIn(order, search.orders)
            self.assertEqual(
                {order.repo}, {found.repo for found in search.orders}
            )

    def test_searching_bytes_passes_over_no_order(self) -> None:
        for order in self.orders[::SOME]:
            assert order.deliverable is not None
            asked = order.version
            with contextlib.suppress(version.InvalidVersion):
                asked = str(version.Version(asked))
            pattern = order_pattern.OrderPattern(order.project, asked, None)
            content = (self.root / order.deliverable.path).read_bytes()
            self.assertTrue(pattern.may_be_in(content), order)
            self.assertIn(order, pattern.orders(order.deliverable))

    def test_an_order_in_two_files_is_one(self) -> None:
        project = names.project_name('oslo.vmware')
        search = self.checkout.find_orders(project, '1.22.0')
        self.assertEqual(
            [
                'deliverables/liberty/oslo.vmware.yaml',
                'deliverables/mitaka/oslo.vmware.yaml',
            ],
            [
                order.deliverable.path
                for order in search.orders
                if order.deliverable is not None
            ],
        )
        order, findings = ordered.one_order(project, '1.22.0', search.orders)
        self.assertEqual((), findings)
        self.assertEqual(search.orders[0], order)

    def test_a_version_that_nobody_ordered_is_not_found(self) -> None:
        search = self.checkout.find_orders(
            names.project_name('os-vif'), '99.0.0'
        )
        self.assertEqual(((), ()), (search.orders, search.problems))

    def test_every_cycle_since_newton_has_its_key(self) -> None:
        series = self.checkout.read_series()
        self.assertGreaterEqual(len(series), 35)
        keys = [one.key for one in series if one.key is not None]
        self.assertGreaterEqual(len(keys), 21)
        self.assertEqual('newton', keys[-1].series)
        files = self.checkout.key_files()
        self.assertEqual(len(keys), len(files))
        self.assertTrue(files[0].endswith(f'0x{keys[-1].primary.lower()}.txt'))

    def test_windows_of_keys_leave_no_gap(self) -> None:
        keys = [
            one.key
            for one in reversed(self.checkout.read_series())
            if one.key is not None
        ]
        for before, after in itertools.pairwise(keys):
            self.assertEqual(before.end, after.start)
        self.assertIsNone(keys[-1].end)
