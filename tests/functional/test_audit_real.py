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

"""An audit of every project that the real files name."""

from __future__ import annotations

import pathlib
import re

from tests.functional import test_audit
from tests.support import real_releases

_VERSION = re.compile(
    r'^ *(?:- )?version: [\'"]?[0-9]+(\.[0-9]+)*((a|b|rc)[0-9]+)?[\'"]?$',
    re.MULTILINE,
)


class TestEveryProject(test_audit.AuditTest):
    """The stand-in holds all of them, and some are wrong."""

    def setUp(self) -> None:
        super().setUp()
        self.releases = ('--releases', str(real_releases.directory()))
        # Nothing is there yet, so this names everything.
        empty = self.scene.audit(*self.releases)
        self.assertEqual({'absent'}, set(empty.verdicts().values()))
        self.names = list(empty.rows)
        for name in self.names:
            self.scene.add(name)
        self.scene.index.forget_requests()

    def test_what_is_wrong_shows_and_a_second_audit_reads_what_changed(
        self,
    ) -> None:
        # What facts of 2026-08-21 count: 520 names that releases carried.
        self.assertEqual(520, len(self.names))
        store = self.scene.index.store
        store.add_role('nova', 'mallory', 'Owner')
        store.add_role('oslo-config', 'eve', 'Maintainer')
        store.set_organization('glance', 'corp')
        store.add_role('heat', 'somebody', 'Owner')
        store.remove_role('heat', 'openstackci')
        store.delete_project('tooz')
        store.set_status('keystone', 'quarantined')
        store.set_status('tripleo-common', 'archived')
        store.add_role('cinder', test_audit.MARKUP, 'Maintainer')
        self.scene.attest('pbr')
        path = str(self.scene.directory / 'audit.json')
        site = self.scene.directory / 'site'
        audit = self.scene.audit(
            *self.releases, '--save', path, '--html', str(site)
        )
        self.assertEqual(1, audit.result.code, audit.result.stderr)
        self.assertEqual(
            {
                'nova': ('nova', ['OSP401']),
                'oslo-config': ('oslo', ['OSP401']),
                'glance': ('glance', ['OSP403']),
                'heat': ('heat', ['OSP401', 'OSP402']),
                'keystone': ('keystone', ['OSP404', 'OSP413']),
                'tripleo-common': ('tripleo', ['OSP414']),
                'cinder': ('cinder', ['OSP401']),
                'pbr': ('oslo', ['OSP415']),
                'xstatic-font-awesome': ('horizon', ['OSP411']),
            },
            {
                name: (row['team'], audit.codes(name))
                for name, row in audit.rows.items()
                if row['findings']
            },
        )
        self.assertEqual('absent', audit.rows['tooz']['verdict'])
        self.assertEqual(520, len(list((site / 'project').iterdir())))
        self.assertEqual(
            (site / 'audit.json').read_bytes(),
            pathlib.Path(path).read_bytes(),
        )
        # Two questions each; a third where JSON knows nothing.
        self.assertEqual(2 * 520 + 2, len(self.scene.index.requests))
        self.assertEqual(1034, self.answered(200))

        self.scene.index.forget_requests()
        store.add_role('aodh', 'second', 'Maintainer')
        second = self.scene.audit(*self.releases, '--since', path)
        # The three XML-RPC answers and the two documents of one project have
        # no ETag or another one; JSON and simple page of the 404s neither.
        self.assertEqual(['OSP401', 'OSP416', 'OSP421'], second.codes('aodh'))
        changed = {
            name
            for name, row in second.rows.items()
            if row != audit.rows[name]
        }
        self.assertEqual({'aodh'}, changed)
        self.assertGreater(self.answered(304), 1020)
        self.assertLess(self.answered(200), 10)

    def test_text_by_team_and_by_account_fits_80_columns(self) -> None:
        for view in ('project', 'team', 'account'):
            result = self.scene.run(*self.releases, '--by', view)
            longest = max(result.stdout.splitlines(), key=len)
            self.assertLessEqual(len(longest), 80, longest)
        self.assertIn(
            'openstackci is required: Owner of 520, Maintainer of 0',
            result.stdout,
        )

    def answered(self, status: int) -> int:
        """Count the answers with a status."""
        return sum(
            logged.status == status for logged in self.scene.index.requests
        )


class TestNames(test_audit.AuditTest):
    """Names come from files, of which some are wrong."""

    def test_a_name_that_two_repositories_have_is_the_right_teams(
        self,
    ) -> None:
        """``pike/python-pankoclient`` says ``tarball-base: aodhclient``."""
        audit = self.scene.audit(
            *('--releases', str(real_releases.directory())),
            *('aodhclient', 'kolla', 'openstack-heat', 'os-net-config'),
        )
        self.assertEqual(
            {
                'aodhclient': 'Telemetry',
                'kolla': 'kolla',
                'openstack-heat': 'heat',
                'os-net-config': 'tripleo',
            },
            {name: row['team'] for name, row in audit.rows.items()},
        )

    def test_project_config_adds_what_no_file_names(self) -> None:
        audit = self.scene.audit(
            *('--releases', str(real_releases.directory())),
            *('--project-config', str(real_releases.project_config())),
        )
        teams = {name: row['team'] for name, row in audit.rows.items()}
        self.assertIn('pyeclib', teams)
        self.assertIsNone(teams['pyeclib'])
        self.assertEqual('oslo', teams['oslo-config'])
        self.assertGreater(len(teams), 640)
