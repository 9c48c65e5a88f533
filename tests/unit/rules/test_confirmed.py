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

from __future__ import annotations

import testtools

from openstack_publish.model import distribution
from openstack_publish.model import finding
from openstack_publish.model import knowledge
from openstack_publish.model import listing
from openstack_publish.rules import confirmed

ONE, TWO = '1' * 64, '2' * 64
SDIST, WHEEL = 'os_vif-5.2.0.tar.gz', 'os_vif-5.2.0-py3-none-any.whl'
Files = knowledge.Knowledge[tuple[listing.ListedFile, ...]]


def dist(filename: str) -> distribution.Distribution:
    return distribution.Distribution(
        filename, filename, 'sdist', 1, ONE, ONE, None, None
    )


def files(*names: str, sha256: str | None = ONE) -> Files:
    return knowledge.Known(
        tuple(
            listing.ListedFile(name, f'https://h/{name}', sha256)
            for name in names
        )
    )


OURS = (dist(WHEEL), dist(SDIST))
BOTH = files(WHEEL, SDIST)


class TestFiles(testtools.TestCase):
    def judge(
        self,
        by_json: Files = BOTH,
        by_simple: Files = BOTH,
        status: knowledge.Knowledge[str] | None = None,
        waited: float = 600.0,
        expected: tuple[distribution.Distribution, ...] = OURS,
    ) -> tuple[finding.Finding, ...]:
        reading = listing.ReleaseReading(
            by_json,
            knowledge.Unknown('maintainers', 'not asked'),
            by_simple,
            status or knowledge.Known('active'),
        )
        return confirmed.files(expected, reading, waited, in_doubt=OURS)

    def test_a_file_of_ours_in_doubt_may_be_there_with_our_bytes(
        self,
    ) -> None:
        self.assertEqual((), self.judge(expected=OURS[:1]))

    def test_a_file_of_ours_in_doubt_with_other_bytes_is_not_ours(
        self,
    ) -> None:
        other = files(SDIST, sha256=TWO)
        found = self.judge(other, other, expected=())
        self.assertEqual(['OSP703'], [each.code for each in found])

    def test_exactly_our_files_on_both_routes_are_fine(self) -> None:
        self.assertEqual((), self.judge())

    def test_a_route_that_is_away_confirms_nothing(self) -> None:
        away = knowledge.Unknown('simple page of os-vif', 'cut off')
        for found in (
            self.judge(by_json=away),
            self.judge(by_simple=away),
            self.judge(by_simple=away, status=away),
        ):
            self.assertEqual(
                [('OSP704', 'unknown')],
                [(one.code, one.verdict) for one in found],
            )

    def test_a_status_that_is_away_confirms_nothing(self) -> None:
        (found,) = self.judge(status=knowledge.Unknown('status', 'why'))
        self.assertEqual(('OSP704', 'unknown'), (found.code, found.verdict))

    def test_a_file_that_one_route_does_not_show_is_missing(self) -> None:
        for route, found in (
            ('JSON', self.judge(by_json=files(SDIST))),
            ('simple page', self.judge(by_simple=files(SDIST))),
        ):
            (one,) = found
            self.assertEqual(('OSP701', WHEEL), (one.code, one.subject))
            self.assertEqual(
                f'{route} does not show it, 600 s after the first reading',
                one.message,
            )

    def test_other_bytes_are_told_with_both_digests(self) -> None:
        other = files(WHEEL, SDIST, sha256=TWO)
        found = self.judge(by_simple=other)
        self.assertEqual(['OSP702', 'OSP702'], [one.code for one in found])
        self.assertIn(f'sha256 {TWO}, ours is {ONE}', found[0].message)

    def test_a_file_without_a_digest_is_unknown(self) -> None:
        bare = files(WHEEL, SDIST, sha256=None)
        found = self.judge(by_json=bare)
        self.assertEqual(
            [('OSP704', 'unknown')] * 2,
            [(one.code, one.verdict) for one in found],
        )

    def test_a_file_that_is_not_ours_is_named_once(self) -> None:
        planted = 'os_vif-5.2.0-cp312-cp312-manylinux.whl'
        more = files(WHEEL, SDIST, planted)
        for found in (
            self.judge(by_json=more),
            self.judge(by_simple=more),
            self.judge(by_json=more, by_simple=more),
        ):
            self.assertEqual(
                [('OSP703', planted)],
                [(one.code, one.subject) for one in found],
            )

    def test_a_signature_of_ours_is_ours_and_another_is_not(self) -> None:
        self.assertEqual(
            (), self.judge(by_simple=files(WHEEL, SDIST, f'{SDIST}.asc'))
        )
        (found,) = self.judge(by_simple=files(WHEEL, SDIST, 'other.asc'))
        self.assertEqual('OSP703', found.code)

    def test_a_quarantined_project_is_told_first(self) -> None:
        found = self.judge(
            by_json=files(),
            by_simple=files(),
            status=knowledge.Known('quarantined'),
        )
        self.assertEqual('OSP705', found[0].code)
        self.assertEqual({'OSP705', 'OSP701'}, {one.code for one in found})

    def test_a_deprecated_project_may_be_published(self) -> None:
        self.assertEqual((), self.judge(status=knowledge.Known('deprecated')))
