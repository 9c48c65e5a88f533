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

"""What the rules make of an index that cannot say everything."""

import datetime
from typing import Any

import testtools

from openstack_publish.model import finding
from openstack_publish.model import knowledge
from openstack_publish.model import listing
from openstack_publish.model import names
from openstack_publish.model import policy
from openstack_publish.rules import acceptance_form
from openstack_publish.rules import acceptance_state
from openstack_publish.rules import confirmed
from openstack_publish.rules import credential_fit
from openstack_publish.rules import maintainership
from tests.support import demo

PROJECT = names.project_name('oslo.demo')
TODAY = demo.NOW.date()
UNSAID = knowledge.Unknown('status of oslo-demo', 'it has no markers')
NOBODY = knowledge.Unknown('maintainers of oslo-demo', 'it names none')
DISTS = (demo.wheel(), demo.sdist())
BOTH = knowledge.Known(
    tuple(demo.listed_file(dist.filename) for dist in DISTS)
)
TERMS = policy.ProjectPolicy(
    policy.MaintainersPolicy(), policy.ReleasePolicy()
)


def reading(
    files: knowledge.Knowledge[tuple[listing.ListedFile, ...]] = BOTH,
    status: knowledge.Knowledge[str] = UNSAID,
) -> listing.ReleaseReading:
    return listing.ReleaseReading(files, NOBODY, files, status)


class TestStatus(testtools.TestCase):
    def before(
        self, kind: listing.IndexKind = 'plain', **parts: Any
    ) -> list[tuple[str, finding.Verdict, str]]:
        listed = demo.listed(*BOTH.value, **parts)
        return [
            (found.code, found.verdict, found.severity)
            for found in acceptance_state.against_listing(
                DISTS, listed, demo.NOW, kind
            )
        ]

    def test_a_status_that_is_not_said_is_a_note(self) -> None:
        self.assertEqual(
            [('OSP316', 'noted', 'note')], self.before(status=UNSAID)
        )

    def test_at_pypi_it_refuses(self) -> None:
        self.assertEqual(
            [('OSP316', 'unknown', 'error')],
            self.before('pypi', status=UNSAID),
        )

    def test_a_status_that_is_said_is_judged(self) -> None:
        archived = knowledge.Known('archived')
        self.assertEqual(
            [('OSP305', 'failed', 'error')], self.before(status=archived)
        )

    def test_everything_else_that_is_unknown_refuses(self) -> None:
        for part in ('new', 'files', 'release'):
            with self.subTest(part):
                self.assertEqual(
                    [('OSP316', 'unknown', 'error')],
                    self.before('plain', **{part: demo.UNKNOWN}),
                )

    def test_after_the_upload_it_is_a_note_and_not_waited_for(self) -> None:
        self.assertEqual((), confirmed.files(DISTS, reading(), 0, 'plain'))
        (found,) = confirmed.unsaid(reading(), 'plain')
        self.assertEqual(
            ('OSP704', 'noted', 'note', f'{UNSAID.what}: {UNSAID.why}'),
            (found.code, found.verdict, found.severity, found.message),
        )

    def test_after_the_upload_to_pypi_it_confirms_nothing(self) -> None:
        (found,) = confirmed.files(DISTS, reading(), 0, 'pypi')
        self.assertEqual(('OSP704', 'unknown'), (found.code, found.verdict))
        self.assertEqual((), confirmed.unsaid(reading(), 'pypi'))

    def test_a_page_that_is_away_confirms_nothing(self) -> None:
        away = reading(knowledge.Unknown('page', 'HTTP 500'))
        (found,) = confirmed.files(DISTS, away, 0, 'plain')
        self.assertEqual(('OSP704', 'unknown'), (found.code, found.verdict))
        self.assertEqual((), confirmed.unsaid(away, 'plain'))


class TestFilesAfter(testtools.TestCase):
    def test_one_page_is_judged_once(self) -> None:
        wheel, sdist = DISTS
        shown: knowledge.Knowledge[tuple[listing.ListedFile, ...]]
        shown = knowledge.Known(
            (
                demo.listed_file(wheel.filename, sha256='0' * 64),
                demo.listed_file('oslo_demo-1.2.0.zip'),
            )
        )
        found = confirmed.files(DISTS, reading(shown), 5, 'plain')
        self.assertEqual(
            [
                ('OSP702', wheel.filename),
                ('OSP701', sdist.filename),
                ('OSP703', 'oslo_demo-1.2.0.zip'),
            ],
            [(each.code, each.subject) for each in found],
        )
        self.assertIn('simple page', found[0].message)


class TestMaintainers(testtools.TestCase):
    def test_of_a_new_project_nobody_is_said_to_become_owner(self) -> None:
        listed = demo.listed(new=knowledge.Known(True), maintainers=NOBODY)
        (found,) = maintainership.before(
            PROJECT, listed, TERMS, TODAY, 'plain'
        )
        self.assertEqual(('OSP404', 'note'), (found.code, found.severity))
        (found,) = acceptance_state.against_listing(
            (), listed, demo.NOW, 'plain'
        )
        self.assertEqual('OSP319', found.code)
        self.assertNotIn('Owner', found.message)

    def test_a_name_that_was_given_up_refuses_here_too(self) -> None:
        terms = policy.ProjectPolicy(
            policy.MaintainersPolicy(),
            policy.ReleasePolicy(),
            relinquished=datetime.date(2023, 2, 15),
        )
        (found,) = maintainership.before(
            PROJECT, demo.listed(maintainers=NOBODY), terms, TODAY, 'plain'
        )
        self.assertEqual(('OSP405', True), (found.code, found.refuses))

    def test_after_the_upload_it_is_a_note(self) -> None:
        (found,) = maintainership.after(
            PROJECT, None, NOBODY, TERMS, TODAY, 'plain'
        )
        self.assertEqual(
            ('OSP404', 'noted', False),
            (found.code, found.verdict, found.refuses),
        )


class TestRefusals(testtools.TestCase):
    def test_a_403_is_about_the_credential(self) -> None:
        for reason in ('Forbidden', 'no permission to submit'):
            self.assertTrue(
                credential_fit.refused_credential(403, reason, 'plain')
            )
            self.assertFalse(
                credential_fit.refused_credential(403, reason, 'pypi')
            )

    def test_another_refusal_is_not(self) -> None:
        for status in (None, 400, 404, 409, 413, 500):
            self.assertFalse(
                credential_fit.refused_credential(status, 'No', 'plain')
            )

    def test_what_was_not_looked_for_is_named(self) -> None:
        (found,) = acceptance_form.form(DISTS, 'plain')
        for code in ('OSP301', 'OSP304', 'OSP307', 'OSP315'):
            self.assertIn(code, found.message)
