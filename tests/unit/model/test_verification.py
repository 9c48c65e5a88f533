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

"""Verifications: what they amount to, and their way to JSON and back."""

from __future__ import annotations

import json
from typing import Any

import testtools

from openstack_publish.model import documents
from openstack_publish.model import names
from openstack_publish.model import verification
from openstack_publish.model import verification_form
from openstack_publish.render import verified
from openstack_publish.rules import findings

FAILED = findings.failed('OSP732', 'a.whl', 'other bytes')
WARNED = findings.failed('OSP734', 'a.whl', 'late')
HELD = verification.Link('order', 'held', 'somewhere')


def told(*links: verification.Link) -> verification.Verification:
    return verification.Verification(
        names.ProjectName('os-vif'), '1.0', links, ()
    )


class TestVerdict(testtools.TestCase):
    """Of links and findings together."""

    def test_nothing_said_is_nothing_good(self) -> None:
        self.assertEqual('unknown', told().verdict)

    def test_one_link_that_failed_outranks_all_others(self) -> None:
        for verdicts, whole in (
            (('held', 'unknown', 'failed'), 'failed'),
            (('held', 'unknown'), 'unknown'),
            (('held', 'held'), 'held'),
        ):
            links = [
                verification.Link('index', each, '')  # type: ignore[arg-type]
                for each in verdicts
            ]
            self.assertEqual(whole, told(*links).verdict)

    def test_a_finding_counts_without_a_link(self) -> None:
        whole = verification.Verification(None, None, (HELD,), (FAILED,))
        self.assertEqual('failed', whole.verdict)


class TestLink(testtools.TestCase):
    """A link as its findings have it."""

    def test_what_could_not_be_looked_at_is_unknown(self) -> None:
        self.assertEqual(
            verification.Link('time', 'unknown', 'no upload'),
            verification.link('time', (), ('uploaded',), ('no upload',)),
        )

    def test_what_failed_is_told_alone(self) -> None:
        self.assertEqual(
            verification.Link('index', 'failed', 'a.whl: other bytes'),
            verification.link(
                'index', (WARNED, FAILED), ('held',), ('no upload',)
            ),
        )

    def test_a_warning_is_told_of_a_link_that_holds(self) -> None:
        self.assertEqual(
            verification.Link('time', 'held', 'uploaded; late'),
            verification.link('time', (WARNED,), ('uploaded',)),
        )


class TestForm(testtools.TestCase):
    """What a journal keeps is read back, or refused."""

    def document(self) -> dict[str, Any]:
        whole = verification.Verification(
            names.ProjectName('os-vif'),
            '1.0',
            (HELD, verification.link('index', (FAILED,), ())),
            (FAILED, WARNED),
        )
        read: dict[str, Any] = json.loads(json.dumps(verified.document(whole)))
        self.assertEqual(whole, verification_form.read(read))
        return read

    def test_what_was_written_is_read(self) -> None:
        self.assertEqual('failed', self.document()['verdict'])

    def test_a_verdict_that_is_not_that_of_its_links_is_refused(self) -> None:
        error = self.assertRaises(
            documents.Malformed,
            verification_form.read,
            {**self.document(), 'verdict': 'held'},
        )
        self.assertEqual(
            "the verdict is 'held', that of its links 'failed'", str(error)
        )

    def test_what_is_no_verification_is_refused(self) -> None:
        whole = self.document()
        link, finding = whole['links'][0], whole['findings'][0]
        wrongs: list[object] = [
            None,
            [],
            {},
            {**whole, 'project': 1},
            {**whole, 'version': []},
            {**whole, 'links': None},
            {**whole, 'links': [None]},
            {**whole, 'links': [{**link, 'name': 'other'}]},
            {**whole, 'links': [{**link, 'verdict': 'good'}]},
            {**whole, 'links': [{**link, 'detail': None}]},
            {**whole, 'findings': [{**finding, 'severity': 'bad'}]},
            {**whole, 'findings': [{**finding, 'line': '1'}]},
            {**whole, 'findings': [{**finding, 'path': 1}]},
        ]
        for wrong in wrongs:
            self.assertRaises(
                documents.Malformed, verification_form.read, wrong
            )


class TestText(testtools.TestCase):
    """The report for a reader."""

    def test_of_many_those_that_hold_are_one_line(self) -> None:
        text = verified.text(
            [
                told(HELD),
                told(verification.link('index', (FAILED,), ())),
            ]
        )
        self.assertEqual(
            'held     os-vif 1.0\n'
            'failed   os-vif 1.0\n'
            '  failed   index\n'
            '           a.whl: other bytes\n'
            '2 releases: 1 held, 1 failed, 0 unknown\n',
            text,
        )

    def test_what_comes_from_outside_is_shown_and_not_obeyed(self) -> None:
        text = verified.text(
            [told(verification.Link('index', 'held', 'red\x1b[31m\nheld'))]
        )
        self.assertIn('red\\x1b[31m\\nheld', text)
