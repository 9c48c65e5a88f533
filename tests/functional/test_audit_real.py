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

import functools
import json
import pathlib

import testtools

from openstack_publish.gates import checkout
from openstack_publish.gates import processes
from openstack_publish.gates import projectconfig
from openstack_publish.model import audit_form
from openstack_publish.model import auditing
from openstack_publish.model import deliverable
from openstack_publish.model import publishing
from openstack_publish.render import audit_text
from openstack_publish.rules import audit_changes
from openstack_publish.rules import managed
from tests.functional import test_audit
from tests.support import audit_scene
from tests.support import real_releases

REQUIRED = frozenset({'openstackci'})


@functools.cache
def deliverables(
    root: pathlib.Path,
) -> tuple[tuple[deliverable.Deliverable, ...], tuple[str, ...]]:
    """Read every deliverable file, once a process, and the series."""
    place = checkout.Checkout(str(root), processes.Processes({}))
    read = (place.read_deliverable(path) for path in place.paths())
    return (
        tuple(each.deliverable for each in read if each.deliverable),
        tuple(each.name for each in place.read_series()),
    )


def ours(
    config: publishing.Publishing | None = None,
) -> dict[str, auditing.Managed]:
    """Return every project that the files name."""
    files, series = deliverables(real_releases.directory())
    found = managed.managed(files, series, config)
    return {each.project: each for each in found}


class TestNames(testtools.TestCase):
    """Names come from files, of which some are wrong."""

    def test_a_name_that_two_repositories_have_is_the_right_teams(
        self,
    ) -> None:
        """``pike/python-pankoclient`` says ``tarball-base: aodhclient``."""
        found = ours()
        for name, team in (
            ('aodhclient', 'Telemetry'),
            ('kolla', 'kolla'),
            ('openstack-heat', 'heat'),
            ('os-net-config', 'tripleo'),
            ('openstackdocstheme', 'oslo'),
        ):
            self.assertEqual(team, found[name].team)

    def test_names_that_no_release_carried_are_not_ours(self) -> None:
        found = ours()
        for name in ('requirements', 'openapi', 'release-test'):
            self.assertNotIn(name, found)

    def test_project_config_adds_what_no_file_names(self) -> None:
        config = projectconfig.ProjectConfig(
            str(real_releases.project_config())
        ).read()
        found = ours(config)
        self.assertIsNone(found['pyeclib'].team)
        self.assertEqual('oslo', found['oslo-config'].team)
        self.assertEqual(set(), set(ours()) - set(found))
        # 140 repositories of 2026-08-17 are in no deliverable file, and one
        # that has the job alone.
        self.assertEqual(
            141, sum(each.team is None for each in found.values())
        )


class TestEveryProject(test_audit.AuditTest):
    """The stand-in holds all of them, and some are wrong."""

    def test_what_is_wrong_shows_and_a_second_audit_reads_what_changed(
        self,
    ) -> None:
        names = list(ours())
        # As counted on 2026-08-21.
        self.assertEqual(520, len(names))
        for name in names:
            self.scene.add(name)
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
        releases = ('--releases', str(real_releases.directory()))
        audit = self.scene.audit(
            *releases, '--save', path, '--html', str(site)
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
        self.assertEqual(1039, self.answered(200))
        self.assert_readable(path)

        self.scene.index.forget_requests()
        store.add_role('aodh', 'second', 'Maintainer')
        second = self.scene.audit(*releases, '--since', path)
        self.assertEqual(['OSP401', 'OSP416', 'OSP421'], second.codes('aodh'))
        changed = {
            name
            for name, row in second.rows.items()
            if row != audit.rows[name]
        }
        self.assertEqual({'aodh'}, changed)
        # Anew came the documents of aodh, and two answers of XML-RPC, which
        # has no ETags; keystone and tooz have no JSON, tooz no simple page.
        self.assertEqual(4, self.answered(200))
        self.assertEqual(3, self.answered(404))
        self.assertEqual(1035, self.answered(304))

    def answered(self, status: int) -> int:
        """Count the answers with a status."""
        return sum(
            logged.status == status for logged in self.scene.index.requests
        )

    def assert_readable(self, path: str) -> None:
        """A saved audit is as the schema says, and fits 80 columns."""
        with open(path, encoding='utf-8') as opened:
            document = json.load(opened)
        audit_scene.validate(document)
        read, problems = audit_form.read(document, path)
        self.assertEqual((), problems)
        assert read is not None
        for text, words in (
            (
                audit_text.by_project(
                    read, REQUIRED, audit_changes.CODES, None
                ),
                'held: 510 projects',
            ),
            (
                audit_text.by_team(read, REQUIRED, audit_changes.CODES, None),
                'oslo: 2 failed, 39 held, 1 absent (not on the index)',
            ),
            (
                audit_text.by_account(
                    read,
                    auditing.accounts(read, REQUIRED),
                    audit_changes.CODES,
                    None,
                ),
                'openstackci is required: Owner of 518, Maintainer of 0',
            ),
        ):
            self.assertIn(words, text)
            longest = max(text.splitlines(), key=len)
            self.assertTrue(len(longest) <= 80, longest)
