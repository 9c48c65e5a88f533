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

"""Caveats: what is read, what is not, and whether pypitoken agrees."""

from __future__ import annotations

import datetime
import json

import pypitoken
import testtools

from openstack_publish.model import caveats
from openstack_publish.model import credential
from openstack_publish.model import names

PROJECT = names.project_name('oslo.demo')
BEGINS = datetime.datetime(2026, 11, 21, tzinfo=datetime.UTC)
ENDS = datetime.datetime(2026, 11, 22, tzinfo=datetime.UTC)
USER_ID = '00000000-0000-4000-8000-000000000001'


def described(*documents: object) -> credential.Credential:
    return caveats.described(
        '__token__', [json.dumps(each).encode() for each in documents]
    )


class TestDescribed(testtools.TestCase):
    def test_what_has_another_form_is_not_read(self) -> None:
        for document in (
            None,
            [],
            {},
            [0],
            [0, 1],
            [0, 1, 2, 3],
            [0, 1.0, 2],
            [0, True, False],
            [False, 1, 2],
            [0, '1', '2'],
            [0, 10**30, 0],
            [1, 'oslo-demo'],
            [1, ['oslo-demo', 1]],
            [1, ['oslo-demo'], 1],
            [True, ['oslo-demo']],
            [2, [USER_ID]],
            [3, 1],
            [3],
            [4, 'publisher'],
            {'nbf': 1, 'exp': 2, 'more': 3},
            {'nbf': 1},
            {'version': 2, 'permissions': 'user'},
            {'version': True, 'permissions': 'user'},
            {'version': 1, 'permissions': 'nobody'},
            {'version': 1, 'permissions': 'user', 'more': 1},
            {'version': 1, 'permissions': {'projects': 'oslo-demo'}},
            {'version': 1, 'permissions': {'projects': [1]}},
            {'version': 1, 'permissions': {'projects': [], 'more': 1}},
        ):
            self.expectThat(
                described(document),
                testtools.matchers.Equals(
                    credential.Credential(
                        'api-token', '__token__', unread_caveats=1
                    )
                ),
                str(document),
            )

    def test_what_is_no_json_is_not_read(self) -> None:
        found = caveats.described(
            '__token__', [b'', b'nonsense', b'\xff\xfe\xff', b'[' * 100_000]
        )
        self.assertEqual(4, found.unread_caveats)

    def test_a_name_that_no_project_has_is_not_read(self) -> None:
        # PyPI compares it as it stands: such a token fits no project.
        self.assertEqual(1, described([1, ['Oslo.Demo']]).unread_caveats)

    def test_each_caveat_narrows(self) -> None:
        found = described(
            [1, ['oslo-demo', 'oslo-vif']],
            {'version': 1, 'permissions': {'projects': ['oslo-demo', 'x']}},
            [0, 300, 100],
            {'nbf': 50, 'exp': 200},
        )
        self.assertEqual({PROJECT}, found.projects)
        assert found.not_before is not None
        assert found.not_after is not None
        self.assertEqual(100, found.not_before.timestamp())
        self.assertEqual(200, found.not_after.timestamp())
        self.assertEqual(0, found.unread_caveats)


class TestNarrowing(testtools.TestCase):
    def test_another_reader_reads_the_same(self) -> None:
        self.assertEqual(
            [
                pypitoken.DateRestriction(
                    int(BEGINS.timestamp()), int(ENDS.timestamp())
                ),
                pypitoken.ProjectNamesRestriction(['oslo-demo']),
            ],
            [
                pypitoken.Restriction.load_json(caveat)
                for caveat in caveats.narrowing(PROJECT, BEGINS, ENDS)
            ],
        )

    def test_what_is_written_is_read(self) -> None:
        found = caveats.described(
            '__token__',
            [
                caveat.encode()
                for caveat in caveats.narrowing(PROJECT, BEGINS, ENDS)
            ],
        )
        self.assertEqual(
            credential.Credential(
                'api-token', '__token__', frozenset([PROJECT]), BEGINS, ENDS
            ),
            found,
        )
