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

"""The links between archive and index."""

from __future__ import annotations

import datetime

import testtools

from openstack_publish.model import finding
from openstack_publish.model import knowledge
from openstack_publish.model import listing
from openstack_publish.model import publishing
from openstack_publish.model import verification
from openstack_publish.rules import links

SUBJECT = 'os-vif 4.3.0'
SDIST = 'os_vif-4.3.0.tar.gz'
WHEEL = 'os_vif-4.3.0-py3-none-any.whl'
OURS, THEIRS = 'a' * 64, 'b' * 64
UTC = datetime.UTC
SIGNED = datetime.datetime(2026, 3, 1, 12, tzinfo=UTC)
YES = publishing.Reach('yes', 'openstack/os-vif has publish-to-pypi')
UNKNOWN = publishing.Reach('unknown', 'no checkout was given')


def original(name: str, signature: bool = True) -> verification.Original:
    place = f'https://archive.invalid/os-vif/{name}'
    return verification.Original(
        name, place, OURS, f'{place}.asc' if signature else None
    )


def listed(name: str, sha256: str | None = OURS) -> listing.ListedFile:
    return listing.ListedFile(name, f'https://index.invalid/{name}', sha256)


def told(
    found: tuple[finding.Finding, ...],
) -> list[tuple[str, str, str]]:
    return [(each.code, each.verdict, each.subject) for each in found]


class TestArchived(testtools.TestCase):
    """OSP730 and OSP731."""

    def test_a_kind_that_is_not_there_fails_and_names_what_was_asked(
        self,
    ) -> None:
        (found,) = links.archived(
            SUBJECT,
            'https://archive.invalid',
            [original(SDIST)],
            {'bdist_wheel': ((WHEEL, 'other.whl'), None)},
        )
        self.assertEqual(
            [('OSP730', 'failed', SUBJECT)],
            told((found,)),
        )
        self.assertEqual(
            'https://archive.invalid has no wheel of it: looked for '
            f'{WHEEL}, other.whl',
            found.message,
        )

    def test_what_the_archive_did_not_say_is_unknown(self) -> None:
        found = links.archived(
            SUBJECT,
            'https://archive.invalid',
            [],
            {'sdist': ((SDIST,), knowledge.Unknown(SDIST, 'it answers 503'))},
        )
        self.assertEqual([('OSP730', 'unknown', SUBJECT)], told(found))

    def test_no_archive_is_unknown_and_says_what_to_give(self) -> None:
        found = links.no_archive(SUBJECT)
        self.assertEqual('unknown', found.verdict)
        self.assertIn('give --archive', found.message)

    def test_a_missing_signature_fails(self) -> None:
        found = links.archived(
            SUBJECT,
            'https://archive.invalid',
            [original(SDIST, signature=False), original(WHEEL)],
            {},
        )
        self.assertEqual([('OSP731', 'failed', SDIST)], told(found))

    def test_of_the_time_before_any_signature_it_is_unknown(self) -> None:
        found = links.archived(
            SUBJECT,
            'https://archive.invalid',
            [original(SDIST, signature=False)],
            {},
            unsigned_then={SDIST},
        )
        self.assertEqual([('OSP731', 'unknown', SDIST)], told(found))


class TestSameBytes(testtools.TestCase):
    """OSP732, OSP733 and OSP704."""

    def judge(
        self,
        shown: links.Listed,
        reach: publishing.Reach = UNKNOWN,
        *,
        new: bool = False,
    ) -> tuple[finding.Finding, ...]:
        return links.same_bytes(
            SUBJECT,
            [original(SDIST), original(WHEEL)],
            ('sdist', 'bdist_wheel'),
            shown,
            reach,
            new=new,
        )

    def test_an_index_that_does_not_answer_is_unknown(self) -> None:
        found = self.judge(knowledge.Unknown('files', 'it answers 503'))
        self.assertEqual([('OSP704', 'unknown', SUBJECT)], told(found))

    def test_other_bytes_fail_and_both_digests_are_told(self) -> None:
        (found,) = self.judge(
            knowledge.Known((listed(SDIST, THEIRS), listed(WHEEL)))
        )
        self.assertEqual(('OSP732', 'failed'), (found.code, found.verdict))
        self.assertEqual(
            f'the index has sha256 {THEIRS}, the original {OURS}',
            found.message,
        )

    def test_a_file_without_a_digest_is_unknown(self) -> None:
        found = self.judge(
            knowledge.Known((listed(SDIST, None), listed(WHEEL)))
        )
        self.assertEqual([('OSP704', 'unknown', SDIST)], told(found))

    def test_a_file_that_is_not_listed_fails(self) -> None:
        found = self.judge(knowledge.Known((listed(SDIST),)))
        self.assertEqual([('OSP733', 'failed', WHEEL)], told(found))

    def test_of_a_project_that_is_not_there_it_is_unknown(self) -> None:
        found = self.judge(knowledge.Known(()), new=True)
        self.assertEqual({'unknown'}, {each.verdict for each in found})
        self.assertIn('no checkout was given', found[0].message)

    def test_of_one_that_should_be_there_it_fails(self) -> None:
        found = self.judge(knowledge.Known(()), YES, new=True)
        self.assertEqual({'failed'}, {each.verdict for each in found})

    def test_a_kind_that_nobody_has_fails(self) -> None:
        found = links.same_bytes(
            SUBJECT,
            [original(SDIST)],
            ('sdist', 'bdist_wheel'),
            knowledge.Known((listed(SDIST),)),
            UNKNOWN,
            new=False,
        )
        self.assertEqual([('OSP733', 'failed', SUBJECT)], told(found))

    def test_the_same_bytes_hold(self) -> None:
        self.assertEqual(
            (), self.judge(knowledge.Known((listed(SDIST), listed(WHEEL))))
        )


class TestNothingElse(testtools.TestCase):
    """OSP703."""

    def test_a_file_of_nobody_fails_and_its_digest_is_told(self) -> None:
        planted = 'os_vif-4.3.0-cp312-cp312-manylinux_2_17_x86_64.whl'
        (found,) = links.nothing_else(
            SUBJECT,
            {SDIST, WHEEL},
            knowledge.Known((listed(SDIST), listed(planted, THEIRS))),
        )
        self.assertEqual(
            ('OSP703', 'failed', planted),
            (found.code, found.verdict, found.subject),
        )
        self.assertIn(THEIRS, found.message)

    def test_signatures_of_our_files_are_ours(self) -> None:
        self.assertEqual(
            (),
            links.nothing_else(
                SUBJECT,
                {SDIST},
                knowledge.Known((listed(SDIST), listed(f'{SDIST}.asc'))),
            ),
        )

    def test_an_index_that_does_not_answer_is_unknown(self) -> None:
        found = links.nothing_else(
            SUBJECT, {SDIST}, knowledge.Unknown('files', 'it answers 503')
        )
        self.assertEqual([('OSP704', 'unknown', SUBJECT)], told(found))


class TestInTime(testtools.TestCase):
    """OSP734."""

    def judge(self, **after: float) -> tuple[finding.Finding, ...]:
        return links.in_time(
            SDIST, SIGNED, SIGNED + datetime.timedelta(**after)
        )

    def test_later_than_a_day_is_a_warning_with_both_times(self) -> None:
        (found,) = self.judge(hours=24, seconds=1)
        self.assertEqual(('OSP734', 'warning'), (found.code, found.severity))
        self.assertIn('2026-03-01T12:00:00Z', found.message)
        self.assertIn('2026-03-02T12:00:01Z', found.message)

    def test_before_the_signature_is_a_warning(self) -> None:
        (found,) = self.judge(minutes=-6)
        self.assertIn('0.1 h before its signature', found.message)

    def test_within_a_day_it_holds(self) -> None:
        for after in ({'hours': 24}, {'minutes': -5}, {'seconds': 0}):
            self.assertEqual((), self.judge(**after))


class TestAttested(testtools.TestCase):
    """OSP735."""

    def test_attestations_fail_and_their_publisher_is_named(self) -> None:
        found = links.attested(
            SDIST, verification.Attested('published by somebody')
        )
        self.assertEqual('OSP735', found.code)
        self.assertTrue(found.refuses)
        self.assertIn('published by somebody', found.message)

    def test_without_the_extra_it_says_what_to_install(self) -> None:
        found = links.attested(
            SDIST, verification.Attested('not verified', 'something')
        )
        self.assertTrue(found.message.endswith('install something'))
