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

"""What an index refuses because of what it holds, and the plan."""

from __future__ import annotations

import datetime

import testtools

from openstack_publish.model import credential
from openstack_publish.model import distribution
from openstack_publish.model import finding
from openstack_publish.model import knowledge
from openstack_publish.model import listing
from openstack_publish.rules import acceptance
from openstack_publish.rules import acceptance_form
from openstack_publish.rules import acceptance_state
from tests.support import demo

OTHER = 'f' * 64
DISTS = (demo.sdist(), demo.wheel())


def against(
    listed: listing.Listing,
    dists: tuple[distribution.Distribution, ...] = DISTS,
    kind: listing.IndexKind = 'pypi',
) -> tuple[finding.Finding, ...]:
    """Return what is found, without the note on what cannot be known."""
    return tuple(
        found
        for found in acceptance_state.against_listing(
            dists, listed, demo.NOW, kind
        )
        if found.code != 'OSP317'
    )


def days(number: float) -> datetime.datetime:
    """Return the time so many days ago."""
    return demo.NOW - datetime.timedelta(days=number)


class TestKnowledge(testtools.TestCase):
    """What the index did not say."""

    def test_each_unknown_part_refuses_as_unknown(self) -> None:
        for part in ('new', 'status', 'files', 'release'):
            [found] = against(demo.listed(**{part: demo.UNKNOWN}))
            self.assertEqual('OSP316', found.code)
            self.assertEqual('unknown', found.verdict)
            self.assertTrue(found.refuses)
            self.assertEqual('a part of the listing: HTTP 500', found.message)

    def test_a_status_that_nobody_knows_is_unknown(self) -> None:
        [found] = against(demo.listed(status=knowledge.Known('frozen')))
        self.assertEqual(('OSP316', 'unknown'), (found.code, found.verdict))
        self.assertIn('frozen', found.message)

    def test_a_file_without_its_digest_is_unknown(self) -> None:
        [found] = against(
            demo.listed(demo.listed_file(demo.SDIST, sha256=None))
        )
        self.assertEqual(('OSP316', 'unknown'), (found.code, found.verdict))
        self.assertEqual(demo.SDIST, found.subject)

    def test_a_new_project_has_no_status_that_could_be_missing(self) -> None:
        [found] = against(
            demo.listed(
                new=knowledge.Known(True),
                status=demo.UNKNOWN,
                files=knowledge.Known(()),
            )
        )
        self.assertEqual(('OSP319', 'noted'), (found.code, found.verdict))
        self.assertFalse(found.refuses)

    def test_what_no_client_can_know_is_noted_while_a_file_is_missing(
        self,
    ) -> None:
        [found] = acceptance_state.against_listing(
            DISTS, demo.listed(), demo.NOW
        )
        self.assertEqual(('OSP317', 'note'), (found.code, found.severity))
        self.assertEqual(
            (),
            acceptance_state.against_listing(
                DISTS,
                demo.listed(
                    demo.listed_file(demo.SDIST), demo.listed_file(demo.WHEEL)
                ),
                demo.NOW,
            ),
        )


class TestProject(testtools.TestCase):
    """What the project is."""

    def test_an_archived_project_refuses(self) -> None:
        [found] = against(demo.listed(status=knowledge.Known('archived')))
        self.assertEqual('OSP305', found.code)
        self.assertTrue(found.refuses)

    def test_a_quarantined_project_refuses(self) -> None:
        [found] = against(demo.listed(status=knowledge.Known('quarantined')))
        self.assertEqual('OSP306', found.code)
        self.assertTrue(found.refuses)

    def test_a_deprecated_project_takes_files(self) -> None:
        self.assertEqual(
            (), against(demo.listed(status=knowledge.Known('deprecated')))
        )

    def test_a_project_without_a_visible_release_is_noted(self) -> None:
        [found] = against(
            demo.listed(files=knowledge.Known(()), has_visible_release=False)
        )
        self.assertEqual(('OSP321', 'note'), (found.code, found.severity))

    def test_no_new_project_is_called_like_the_standard_library(self) -> None:
        dist = demo.sdist(name='asyncio')
        found = against(
            demo.listed(new=knowledge.Known(True), project='asyncio'), (dist,)
        )
        self.assertEqual(
            [('OSP319', False), ('OSP301', True)],
            [(each.code, each.refuses) for each in found],
        )
        self.assertEqual((), against(demo.listed(project='asyncio'), (dist,)))


class TestFiles(testtools.TestCase):
    """What the release holds."""

    def test_other_bytes_under_our_name_name_both_digests(self) -> None:
        [found] = against(
            demo.listed(demo.listed_file(demo.SDIST, sha256=OTHER))
        )
        self.assertEqual('OSP302', found.code)
        self.assertIn(OTHER, found.message)
        self.assertIn(DISTS[0].sha256, found.message)

    def test_a_foreign_file_under_our_version_refuses(self) -> None:
        name = 'oslo_demo-1.2.0-cp312-cp312-manylinux_2_28_x86_64.whl'
        [found] = against(demo.listed(demo.listed_file(name)))
        self.assertEqual(('OSP303', name), (found.code, found.subject))
        self.assertTrue(found.refuses)
        self.assertIn('uploaded 2026-11-21T11:00:00Z', found.message)

    def test_the_signatures_that_an_index_keeps_are_not_foreign(self) -> None:
        self.assertEqual(
            (), against(demo.listed(demo.listed_file(f'{demo.SDIST}.asc')))
        )
        [found] = against(demo.listed(demo.listed_file('other-1.whl.asc')))
        self.assertEqual('OSP303', found.code)

    def test_another_sdist_of_the_release_refuses(self) -> None:
        found = against(
            demo.listed(demo.listed_file('oslo.demo-1.2.0.tar.gz'))
        )
        self.assertEqual(['OSP303', 'OSP310'], [each.code for each in found])

    def test_the_same_bytes_under_another_name_refuse(self) -> None:
        name = 'oslo_demo-1.2.0-py2.py3-none-any.whl'
        file = demo.listed_file(name, sha256=DISTS[1].sha256)
        [found] = against(demo.listed(files=knowledge.Known((file,))))
        self.assertEqual(('OSP314', demo.WHEEL), (found.code, found.subject))
        self.assertIn(name, found.message)

    def test_a_file_over_the_usual_limit_refuses(self) -> None:
        dist = demo.wheel(size=100 * 1024 * 1024 + 1)
        [found] = against(demo.listed(), (dist,))
        self.assertEqual('OSP312', found.code)
        self.assertTrue(found.refuses)
        self.assertIn('104857601 bytes; the limit is 104857600', found.message)
        self.assertEqual(
            (), against(demo.listed(), (demo.wheel(size=104857600),))
        )

    def test_a_limit_that_has_been_raised_shows(self) -> None:
        dist = demo.wheel(size=300 * 1024 * 1024)
        large = demo.listed_file('a.whl', size=200 * 1024 * 1024)
        [found] = against(
            demo.listed(files=knowledge.Known((large,))), (dist,)
        )
        self.assertEqual(('OSP312', 'note'), (found.code, found.severity))
        self.assertFalse(found.refuses)


class TestClosed(testtools.TestCase):
    """PyPI takes files of a release for 14 days."""

    def listed(self, *ages: float | None) -> listing.Listing:
        """Return a listing with the sdist and yanked files so old."""
        return demo.listed(
            *(
                demo.listed_file(
                    demo.SDIST, uploaded=None if age is None else days(age)
                )
                for age in ages
            )
        )

    def test_a_release_of_14_days_and_an_hour_is_closed(self) -> None:
        [found] = against(self.listed(14.05))
        self.assertEqual('OSP304', found.code)
        self.assertTrue(found.refuses)
        self.assertIn('14.1 days old', found.message)
        self.assertIn('for 14 days', found.message)
        self.assertIn(demo.WHEEL, found.message)

    def test_a_release_of_less_than_14_days_is_open(self) -> None:
        self.assertEqual((), against(self.listed(13.9)))
        self.assertEqual((), against(self.listed(14)))

    def test_the_first_file_counts(self) -> None:
        [found] = against(self.listed(1, 20, 3))
        self.assertEqual('OSP304', found.code)

    def test_a_complete_release_may_be_of_any_age(self) -> None:
        self.assertEqual((), against(self.listed(400), DISTS[:1]))

    def test_an_unknown_time_is_unknown(self) -> None:
        for ages in ((None,), (1, None)):
            [found] = against(self.listed(*ages))
            self.assertEqual(
                ('OSP316', 'unknown'), (found.code, found.verdict)
            )

    def test_a_file_that_is_old_enough_is_enough(self) -> None:
        [found] = against(self.listed(20, None))
        self.assertEqual('OSP304', found.code)

    def test_days_left(self) -> None:
        for listed, left in (
            (demo.listed(release=demo.UNKNOWN), None),
            (demo.listed(), None),
            (self.listed(None), None),
            (self.listed(1, None), None),
            (self.listed(1, 4), 10.0),
            (self.listed(20), 0.0),
        ):
            self.assertEqual(
                left, acceptance_state.days_left(listed.release, demo.NOW)
            )


class TestPlainIndex(testtools.TestCase):
    """Rules that only PyPI enforces do not run on other indexes."""

    def test_content_and_foreign_files_refuse_there_too(self) -> None:
        found = against(
            demo.listed(
                demo.listed_file(demo.SDIST, sha256=OTHER, uploaded=None),
                demo.listed_file('x.whl', uploaded=None),
            ),
            kind='plain',
        )
        self.assertEqual(['OSP302', 'OSP303'], [each.code for each in found])

    def test_age_and_size_do_not(self) -> None:
        listed = demo.listed(demo.listed_file(demo.SDIST, uploaded=days(99)))
        self.assertEqual(
            (),
            against(listed, (demo.sdist(), demo.wheel(size=1 << 40)), 'plain'),
        )

    def test_form_says_that_it_was_not_checked(self) -> None:
        [found] = acceptance_form.form(
            [demo.sdist(summary='x' * 600)], 'plain'
        )
        self.assertEqual(('OSP324', 'note'), (found.code, found.severity))


class TestPlanned(testtools.TestCase):
    """What is to become of each file."""

    def actions(self, listed: listing.Listing) -> list[tuple[str, str]]:
        return [
            (file.distribution.filename, file.action)
            for file in acceptance.planned(DISTS, listed).files
        ]

    def test_an_unknown_release_refuses_every_file(self) -> None:
        planned = acceptance.planned(DISTS, demo.listed(release=demo.UNKNOWN))
        self.assertEqual(
            ['refuse', 'refuse'], [file.action for file in planned.files]
        )
        self.assertIn('HTTP 500', planned.files[0].why)
        self.assertEqual((), planned.uploads)

    def test_a_missing_digest_is_not_the_same_digest(self) -> None:
        self.assertEqual(
            [(demo.WHEEL, 'upload'), (demo.SDIST, 'refuse')],
            self.actions(
                demo.listed(demo.listed_file(demo.SDIST, sha256=None))
            ),
        )

    def test_other_bytes_refuse(self) -> None:
        self.assertEqual(
            [(demo.WHEEL, 'refuse'), (demo.SDIST, 'upload')],
            self.actions(
                demo.listed(demo.listed_file(demo.WHEEL, sha256=OTHER))
            ),
        )

    def test_the_same_bytes_are_already_there(self) -> None:
        self.assertEqual(
            [(demo.WHEEL, 'upload'), (demo.SDIST, 'already-there')],
            self.actions(demo.listed(demo.listed_file(demo.SDIST))),
        )

    def test_wheels_go_first(self) -> None:
        self.assertEqual(
            [(demo.WHEEL, 'upload'), (demo.SDIST, 'upload')],
            self.actions(demo.listed()),
        )


class TestAttestations(testtools.TestCase):
    """Attestations need a Trusted Publisher."""

    def test_a_token_or_password_refuses(self) -> None:
        for kind in ('api-token', 'other'):
            [found] = acceptance.attestations(
                True, credential.Credential(kind, '__token__')
            )
            self.assertEqual('OSP315', found.code)
            self.assertTrue(found.refuses)

    def test_nothing_is_said_where_none_are_wanted_or_nothing_is_sent(
        self,
    ) -> None:
        token = credential.Credential('api-token', '__token__')
        self.assertEqual((), acceptance.attestations(False, token))
        self.assertEqual((), acceptance.attestations(True, None))
