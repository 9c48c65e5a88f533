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

"""How far an ordered release came, cell by cell."""

from __future__ import annotations

import dataclasses
import datetime
from typing import Any

import testtools

from openstack_publish.model import deliverable
from openstack_publish.model import knowledge
from openstack_publish.model import listing
from openstack_publish.model import policy
from openstack_publish.model import publishing
from openstack_publish.model import standing
from openstack_publish.model import verification
from openstack_publish.rules import findings
from openstack_publish.rules import standings
from tests.support import demo

YES = publishing.Reach('yes', 'it has a template')
MAYBE = publishing.Reach('unknown', 'nobody said')
WHY = knowledge.Unknown('what is there', 'HTTP 500')
FILES = (demo.SDIST, demo.WHEEL)


def original(filename: str, **changes: Any) -> verification.Original:
    """Return a signed original with the bytes that the index has."""
    sound = verification.Original(
        filename, f'/archive/{filename}', demo.digest(filename), 'x.asc'
    )
    return dataclasses.replace(sound, **changes)


def archived(
    *originals: verification.Original, **changes: Any
) -> standings.Archived:
    """Return an archive whose signatures are good."""
    sound = standings.Archived(
        '/archive', originals, {}, {one.filename: () for one in originals}
    )
    return dataclasses.replace(sound, **changes)


def overview(*files: listing.ListedFile, **changes: Any) -> listing.Overview:
    """Return a project with these files of the release."""
    listed = demo.listed(*files)
    sound = listing.Overview(
        listed.project,
        listed.new,
        listed.status,
        knowledge.Known(files),
        listed.maintainers,
    )
    return dataclasses.replace(sound, **changes)


class StandingsTest(testtools.TestCase):
    def asked(self, **changes: Any) -> standings.Asked:
        repo = deliverable.ReleasedRepo('openstack/oslo.demo', 'a' * 40)
        release = deliverable.Release('1.2.0', (repo,))
        file = deliverable.Deliverable(
            'deliverables/hibiscus/oslo.demo.yaml',
            'hibiscus',
            'oslo.demo',
            'oslo',
            releases=(release,),
        )
        sound = standings.Asked(
            deliverable.Order(file, release, repo),
            YES,
            policy.Policy('test'),
            demo.NOW,
        )
        return dataclasses.replace(sound, **changes)

    def reached(
        self,
        there: standings.Archived | None,
        listed: listing.Overview,
        **changes: Any,
    ) -> standing.Standing:
        return standings.reached(self.asked(**changes), there, listed)

    def codes(self, row: standing.Standing) -> set[str]:
        return {found.code for found in row.findings if found.refuses}


class TestReached(StandingsTest):
    def setUp(self) -> None:
        super().setUp()
        self.originals = [original(name) for name in FILES]
        self.listed = [demo.listed_file(name) for name in FILES]

    def test_a_complete_release_holds(self) -> None:
        row = self.reached(archived(*self.originals), overview(*self.listed))
        self.assertEqual(('held', True), (row.verdict, row.same_bytes))
        self.assertEqual(standing.InArchive(True, True, True), row.archive)
        self.assertEqual(standing.OnIndex(True, True), row.index)

    def test_no_digest_on_the_index_is_no_same_bytes(self) -> None:
        self.listed[0] = demo.listed_file(demo.SDIST, sha256=None)
        row = self.reached(archived(*self.originals), overview(*self.listed))
        self.assertEqual(('unknown', None), (row.verdict, row.same_bytes))

    def test_one_file_that_differs_outweighs_one_that_is_unknown(
        self,
    ) -> None:
        self.listed[0] = demo.listed_file(demo.SDIST, sha256=None)
        self.originals[1] = original(demo.WHEEL, sha256='0' * 64)
        row = self.reached(archived(*self.originals), overview(*self.listed))
        self.assertEqual(('failed', False), (row.verdict, row.same_bytes))
        self.assertIn('OSP732', self.codes(row))

    def test_a_kind_that_was_not_found_differs_from_one_not_known(
        self,
    ) -> None:
        for why, cell, verdict in (
            (None, False, 'failed'),
            (WHY, None, 'unknown'),
        ):
            there = archived(
                self.originals[0],
                looked={'bdist_wheel': (('a', 'b'), why)},
            )
            row = self.reached(there, overview(*self.listed))
            self.assertIs(cell, row.archive.wheel)
            self.assertEqual(verdict, row.verdict)
            self.assertEqual({'OSP730'}, self.codes(row))

    def test_a_missing_signature_outweighs_one_that_is_unknown(self) -> None:
        self.originals[1] = original(demo.WHEEL, signature=None)
        there = archived(
            *self.originals,
            signatures={
                demo.SDIST: (findings.unknown('OSP513', demo.SDIST, WHY),)
            },
        )
        row = self.reached(there, overview(*self.listed))
        self.assertIs(False, row.archive.signatures)
        self.assertEqual({'OSP513', 'OSP731'}, self.codes(row))

    def test_before_the_first_key_nothing_was_signed(self) -> None:
        there = archived(*(original(name, signature=None) for name in FILES))
        for days, verdict in ((0, 'failed'), (1, 'unknown')):
            row = self.reached(
                there,
                overview(*self.listed),
                first_key=demo.NOW.date() + datetime.timedelta(days=days),
            )
            self.assertEqual(verdict, row.verdict)
            self.assertIs(False, row.archive.signatures)
            self.assertEqual({'OSP731'}, self.codes(row))

    def test_a_signature_that_nobody_looked_at_is_not_known(self) -> None:
        there = archived(*self.originals, signatures={})
        row = self.reached(there, overview(*self.listed))
        self.assertIsNone(row.archive.signatures)

    def test_a_release_of_another_version_does_not_count(self) -> None:
        other = demo.listed_file('oslo_demo-1.1.0.tar.gz')
        row = self.reached(archived(*self.originals), overview(other))
        self.assertEqual(standing.OnIndex(False, False), row.index)
        self.assertIsNone(row.days_left)
        self.assertEqual({'OSP733'}, self.codes(row))

    def test_an_index_that_does_not_say_is_unknown(self) -> None:
        row = self.reached(archived(*self.originals), overview(files=WHY))
        self.assertEqual(
            ('unknown', standing.OnIndex(), None),
            (row.verdict, row.index, row.same_bytes),
        )

    def test_a_new_project_is_absent_unless_it_is_published(self) -> None:
        new = overview(new=knowledge.Known(True))
        row = self.reached(None, new, reach=MAYBE)
        self.assertEqual('absent', row.verdict)
        self.assertIn('nobody said', row.why)
        self.assertEqual('failed', self.reached(None, new).verdict)

    def test_the_policy_decides_which_kinds_there_must_be(self) -> None:
        only = policy.ProjectPolicy(
            policy.MaintainersPolicy(),
            policy.ReleasePolicy(kinds=frozenset({'sdist'})),
        )
        row = self.reached(
            archived(self.originals[0]),
            overview(self.listed[0]),
            policy=policy.Policy('test', general=only),
        )
        self.assertEqual('held', row.verdict)

    def test_what_is_waived_does_not_fail(self) -> None:
        waiver = policy.Waiver(
            'OSP731',
            self.asked().order.project,
            demo.NOW.date(),
            'signed by hand',
        )
        self.originals[0] = original(demo.SDIST, signature=None)
        row = self.reached(
            archived(*self.originals),
            overview(*self.listed),
            policy=policy.Policy('test', waivers=(waiver,)),
        )
        self.assertEqual(
            ('held', False), (row.verdict, row.archive.signatures)
        )

    def test_days_are_rounded_down_to_hundredths(self) -> None:
        for hours, days in ((0, 14.0), (1, 13.95), (335.9, 0.0), (400, 0.0)):
            when = demo.NOW - datetime.timedelta(hours=hours)
            row = self.reached(
                None,
                overview(
                    *(demo.listed_file(one, uploaded=when) for one in FILES)
                ),
            )
            self.assertEqual(days, row.days_left)
            self.assertEqual('unknown', row.verdict)

    def test_a_closed_release_that_lacks_a_file_says_so(self) -> None:
        old = demo.NOW - datetime.timedelta(days=15)
        row = self.reached(
            archived(*self.originals),
            overview(demo.listed_file(demo.SDIST, uploaded=old)),
        )
        self.assertEqual({'OSP733', 'OSP304'}, self.codes(row))

    def test_a_plain_index_never_closes(self) -> None:
        row = self.reached(
            None,
            overview(*self.listed),
            policy=policy.Policy('test', index='plain'),
        )
        self.assertIsNone(row.days_left)


class TestOutOfReach(StandingsTest):
    def test_a_tag_that_no_job_builds_is_absent(self) -> None:
        row = standings.out_of_reach(
            self.asked(reach=publishing.Reach('no', 'an -eol tag'))
        )
        assert row is not None
        self.assertEqual(('absent', 'an -eol tag'), (row.verdict, row.why))

    def test_all_others_have_to_be_looked_at(self) -> None:
        for reach in (YES, MAYBE):
            self.assertIsNone(standings.out_of_reach(self.asked(reach=reach)))
