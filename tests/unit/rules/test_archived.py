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

"""What the archive holds already refuses a release with other bytes."""

from __future__ import annotations

import testtools

from openstack_publish.model import distribution
from openstack_publish.model import finding
from openstack_publish.model import knowledge
from openstack_publish.rules import archived


def dist(filename: str, sha256: str) -> distribution.Distribution:
    return distribution.Distribution(
        path=f'/dist/{filename}',
        filename=filename,
        kind='sdist',
        size=1,
        sha256=sha256,
        blake2b_256='',
        metadata=None,
        build_commit=None,
    )


class TestArchived(testtools.TestCase):
    """OSP320."""

    mine = dist('nova-1.0.tar.gz', 'a' * 64)

    def judge(
        self, found: dict[str, knowledge.Knowledge[str | None]]
    ) -> tuple[finding.Finding, ...]:
        return archived.archived([self.mine], found)

    def test_other_bytes_refuse_and_both_digests_are_named(self) -> None:
        (found,) = self.judge({'nova-1.0.tar.gz': knowledge.Known('b' * 64)})
        self.assertEqual(
            ('OSP320', 'failed', True),
            (found.code, found.verdict, found.refuses),
        )
        self.assertIn('a' * 64, found.message)
        self.assertIn('b' * 64, found.message)

    def test_an_archive_that_cannot_be_read_refuses_as_unknown(self) -> None:
        (found,) = self.judge(
            {'nova-1.0.tar.gz': knowledge.Unknown('what', 'why')}
        )
        self.assertEqual(
            ('OSP320', 'unknown', True),
            (found.code, found.verdict, found.refuses),
        )

    def test_equal_bytes_nothing_or_no_archive_are_fine(self) -> None:
        name = self.mine.filename
        self.assertEqual((), self.judge({name: knowledge.Known('a' * 64)}))
        self.assertEqual((), self.judge({name: knowledge.Known(None)}))
        self.assertEqual((), self.judge({}))
