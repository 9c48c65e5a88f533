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

"""What an audit says of one project, and what changed since another."""

from __future__ import annotations

import dataclasses
from typing import Any

import testtools

from openstack_publish.model import auditing
from openstack_publish.model import knowledge
from openstack_publish.model import listing
from openstack_publish.model import maintainers
from openstack_publish.model import names
from openstack_publish.model import policy
from openstack_publish.rules import audit_changes
from openstack_publish.rules import audited
from tests.support import audits
from tests.support import demo

DEMO = names.project_name('oslo.demo')
TODAY = demo.NOW.date()


def overview(**changes: Any) -> listing.Overview:
    """Return what an index says of a project that is as it should be."""
    sound = listing.Overview(
        project=DEMO,
        new=knowledge.Known(False),
        status=knowledge.Known('active'),
        files=knowledge.Known((demo.listed_file(demo.SDIST),)),
        maintainers=knowledge.Known(
            maintainers.Maintainers((audits.OURS,), knowledge.Known(None))
        ),
    )
    return dataclasses.replace(sound, **changes)


def gone() -> listing.Overview:
    """Return what an index says of a project that it does not have."""
    return overview(
        new=knowledge.Known(True),
        files=knowledge.Known(()),
        maintainers=knowledge.Known(
            maintainers.Maintainers((), knowledge.Known(None))
        ),
    )


def away() -> listing.Overview:
    """Return what is known where no route answers."""
    why = 'JSON of it: the server answers 500'
    return overview(
        new=knowledge.Unknown('whether it is new', why),
        status=knowledge.Unknown('status of it', why),
        files=knowledge.Unknown('files of it', why),
        maintainers=knowledge.Unknown('maintainers of it', why),
    )


def audit(
    found: listing.Overview,
    was: auditing.Audited | None = None,
    **terms: Any,
) -> auditing.Audited:
    """Audit one project."""
    return audited.audited(
        auditing.Managed(DEMO, 'oslo'),
        found,
        policy.Policy('a policy', **terms),
        TODAY,
        was,
    )


def codes(row: auditing.Audited) -> list[str]:
    """Return the codes of a row's findings."""
    return [found.code for found in row.findings]


class TestAudited(testtools.TestCase):
    def test_files_that_contradict_each_other_are_unknown(self) -> None:
        """Status known, files not: attestations may be on any of them."""
        row = audit(
            overview(files=knowledge.Unknown('files of it', 'two digests'))
        )
        self.assertEqual('unknown', row.verdict)
        self.assertEqual(['OSP412'], codes(row))
        self.assertIsInstance(row.provenance, knowledge.Unknown)

    def test_attestations_fail_and_name_a_file(self) -> None:
        row = audit(
            overview(
                files=knowledge.Known(
                    (
                        demo.listed_file(demo.SDIST),
                        demo.listed_file(demo.WHEEL, provenance='http://x'),
                    )
                )
            )
        )
        self.assertEqual('failed', row.verdict)
        self.assertEqual(['OSP415'], codes(row))
        self.assertIn(
            f'1 file of oslo-demo has attestations: {demo.WHEEL}; they',
            row.findings[0].message,
        )
        self.assertEqual(knowledge.Known(True), row.provenance)

    def test_of_several_files_with_attestations_the_last_is_named(
        self,
    ) -> None:
        files = tuple(
            demo.listed_file(name, provenance='http://x')
            for name in (demo.SDIST, demo.WHEEL)
        )
        row = audit(overview(files=knowledge.Known(files)))
        self.assertIn(
            f'2 files of oslo-demo have attestations, such as {demo.WHEEL};',
            row.findings[0].message,
        )

    def test_two_routes_that_disagree_over_being_there_are_unknown(
        self,
    ) -> None:
        doubt = knowledge.Unknown('whether it is new', 'XML-RPC names eve')
        row = audit(
            overview(
                new=doubt,
                status=doubt,
                files=doubt,
                maintainers=knowledge.Unknown('maintainers', doubt.why),
            )
        )
        self.assertEqual('unknown', row.verdict)
        self.assertEqual(['OSP404', 'OSP412'], codes(row))

    def test_a_name_that_was_unknown_in_all_was_not_proved_there(self) -> None:
        was = audits.row('oslo-demo', 'unknown')
        row = audit(gone(), was)
        self.assertEqual('absent', row.verdict)
        self.assertEqual(['OSP422', 'OSP421'], codes(row))
        row = audit(gone(), audits.row('oslo-demo'))
        self.assertEqual('failed', row.verdict)
        self.assertEqual(['OSP410', 'OSP421'], codes(row))

    def test_what_was_there_is_missed_though_it_was_unknown_in_between(
        self,
    ) -> None:
        """However often nobody could say whether it still was there."""
        row = audits.row('oslo-demo')
        for expected in (
            ['OSP404', 'OSP412', 'OSP410', 'OSP421'],
            ['OSP404', 'OSP412', 'OSP410'],
        ):
            row = audit(away(), row)
            self.assertEqual('unknown', row.verdict)
            self.assertEqual(expected, codes(row))
            doubt = row.findings[2]
            self.assertEqual('unknown', doubt.verdict)
            self.assertIn(
                'whether oslo-demo is still on the index, as in the saved '
                'audit: JSON of it: the server answers 500',
                doubt.message,
            )
        row = audit(gone(), row)
        self.assertEqual('failed', row.verdict)
        self.assertEqual(['OSP410', 'OSP422', 'OSP421'], codes(row))

    def test_what_was_unknown_from_the_start_is_not_missed(self) -> None:
        row = audit(away(), audits.row('oslo-demo', 'absent'))
        self.assertEqual(['OSP404', 'OSP412', 'OSP421'], codes(row))


class TestChanges(testtools.TestCase):
    def changes(
        self, was: auditing.Audited, now: auditing.Audited
    ) -> list[tuple[str, str]]:
        """Return code and subject of each change."""
        return [
            (found.code, found.subject)
            for found in audit_changes.between(was, now)
        ]

    def test_a_user_called_organization_is_a_user(self) -> None:
        named = maintainers.Role('organization', 'Owner')
        self.assertEqual(
            [('OSP416', 'organization')],
            self.changes(
                audits.row('a'), audits.row('a', 'failed', 'oslo', named)
            ),
        )

    def test_a_project_that_lost_its_last_role_lost_a_role(self) -> None:
        """It is there, and nobody can upload to it."""
        row = audit(
            overview(
                maintainers=knowledge.Known(
                    maintainers.Maintainers((), knowledge.Known(None))
                )
            ),
            audits.row('oslo-demo'),
        )
        self.assertEqual(['OSP402', 'OSP417', 'OSP421'], codes(row))

    def test_users_compare_without_case_and_roles_exactly(self) -> None:
        one = audits.row('a', 'failed', 't', maintainers.Role('Eve', 'Owner'))
        for role, expected in (
            (maintainers.Role('eVE', 'Owner'), []),
            (maintainers.Role('Eve', 'Maintainer'), [('OSP416', 'Eve')]),
        ):
            other = audits.row('a', 'failed', 't', role)
            self.assertEqual(expected, self.changes(one, other))

    def test_an_organization_that_was_unknown_is_not_compared(self) -> None:
        now = audits.row('a')
        was = dataclasses.replace(
            now, organization=knowledge.Unknown('organization', 'XML-RPC')
        )
        self.assertEqual([('OSP422', 'a')], self.changes(was, now))
        self.assertEqual([], self.changes(now, was))
