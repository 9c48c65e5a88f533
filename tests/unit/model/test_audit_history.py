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

import dataclasses
import datetime

import testtools

from openstack_publish.model import audit_history
from openstack_publish.model import documents
from tests.support import audits

ROW = {
    'taken': '2026-11-22T03:00:00Z',
    'index': 'https://index.example',
    'held': 5,
    'failed': 0,
    'unknown': 0,
    'absent': 0,
}


class TestRead(testtools.TestCase):
    """A history is believed whole or not at all."""

    def test_what_is_no_history_is_refused(self) -> None:
        for document, message in (
            (
                {},
                "its schema is None, not 'openstack-publish/audit-history/1'",
            ),
            ({'schema': 'x'}, "its schema is 'x'"),
            ({'schema': audit_history.SCHEMA}, 'audits is no list'),
            (
                {'schema': audit_history.SCHEMA, 'audits': [7]},
                'an audit is no object',
            ),
        ):
            error = self.assertRaises(
                documents.Malformed, audit_history.read, document
            )
            self.assertIn(message, str(error))

    def test_an_audit_without_one_of_its_keys_is_refused(self) -> None:
        """A count that is missing is not zero."""
        for key in ROW:
            row = {name: value for name, value in ROW.items() if name != key}
            self.assertRaises(
                documents.Malformed,
                audit_history.read,
                {'schema': audit_history.SCHEMA, 'audits': [row]},
            )

    def test_an_audit_with_a_wrong_value_is_refused(self) -> None:
        for key, value in (
            ('taken', '2026-11-22'),
            ('taken', 'yesterday'),
            ('index', 7),
            ('failed', -1),
            ('failed', True),
            ('failed', '0'),
        ):
            self.assertRaises(
                documents.Malformed,
                audit_history.read,
                {
                    'schema': audit_history.SCHEMA,
                    'audits': [{**ROW, key: value}],
                },
            )

    def test_what_later_versions_add_is_left_aside(self) -> None:
        (point,) = audit_history.read(
            {'schema': audit_history.SCHEMA, 'audits': [{**ROW, 'new': 1}]}
        )
        self.assertEqual(5, point.projects)


class TestGrown(testtools.TestCase):
    """A history with one more audit."""

    def test_it_is_in_the_order_of_time_whatever_comes_first(self) -> None:
        audit = audits.many(20)
        day = datetime.timedelta(days=1)
        later = dataclasses.replace(audit, taken=audit.taken + day)
        self.assertEqual(
            [audit.taken, later.taken],
            [point.taken for point in audit_history.grown((), [later, audit])],
        )

    def test_an_audit_that_is_in_it_is_in_it_once(self) -> None:
        audit = audits.many(20)
        history = audits.history(audit)
        self.assertEqual(history, audit_history.grown(history, [audit]))

    def test_every_verdict_is_counted(self) -> None:
        point = audit_history.point(
            audits.audit(
                audits.row('aodh', 'failed'), audits.row('nova', 'unknown')
            )
        )
        self.assertEqual(
            {'held': 0, 'failed': 1, 'unknown': 1, 'absent': 0},
            dict(point.counts),
        )
        self.assertEqual(2, point.projects)
