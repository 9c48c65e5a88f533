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
from typing import Any

import testtools

from openstack_publish.model import checking
from openstack_publish.model import finding
from openstack_publish.model import names
from openstack_publish.render import as_zuul
from openstack_publish.render import checked
from tests.support import zuul_rules

PATH = 'deliverables/hibiscus/os-vif.yaml'
KEY = checking.Checked('data/series_status.yaml', 'held')
WHY = {'OSP121': 'Because of pbr.', 'OSP127': 'Because of the record.'}


def found(**changes: Any) -> finding.Finding:
    """Return a finding on a line."""
    given: dict[str, Any] = {
        'code': 'OSP121',
        'severity': 'error',
        'verdict': 'failed',
        'subject': 'os-vif 1.0',
        'message': 'it is wrong',
        'remedy': 'Mend it.',
        'path': PATH,
        'line': 12,
        **changes,
    }
    return finding.Finding(**given)


def told(
    *findings: finding.Finding,
    in_change: frozenset[str] = frozenset({PATH}),
    key: checking.Checked | None = None,
) -> checking.Check:
    """Return a check with one order; its key held."""
    row = checking.Checked(
        path=PATH,
        verdict='failed',
        findings=findings,
        series='hibiscus',
        deliverable='os-vif',
        version='1.0',
        repo='openstack/os-vif',
        project=names.project_name('os-vif'),
    )
    return checking.Check(key or KEY, (row,), in_change)


class TestZuul(testtools.TestCase):
    def returned(
        self,
        *findings: finding.Finding,
        in_change: frozenset[str] = frozenset({PATH}),
    ) -> tuple[dict[str, list[dict[str, Any]]], list[str]]:
        """Return comments and warnings, as Zuul takes them."""
        zuul = zuul_rules.taken(
            as_zuul.document(told(*findings, in_change=in_change), WHY)
        )
        return zuul['file_comments'], zuul['warnings']

    def test_nothing_to_say_is_an_empty_form(self) -> None:
        self.assertEqual(({}, []), self.returned())

    def test_a_comment_says_what_why_and_what_to_do(self) -> None:
        comments, warnings = self.returned(found())
        self.assertEqual(
            {
                PATH: [
                    {
                        'line': 12,
                        'message': 'OSP121: os-vif 1.0: it is wrong\n'
                        'Why: Because of pbr.\n'
                        'What to do: Mend it.',
                        'level': 'error',
                    }
                ]
            },
            comments,
        )
        self.assertEqual([], warnings)

    def test_levels_are_those_that_zuul_has(self) -> None:
        for severity, verdict, level in (
            ('error', 'failed', 'error'),
            ('error', 'unknown', 'warning'),
            ('warning', 'failed', 'warning'),
            ('note', 'noted', 'info'),
        ):
            comments, _ = self.returned(
                found(severity=severity, verdict=verdict)
            )
            self.assertEqual(level, comments[PATH][0]['level'])

    def test_what_has_no_line_of_the_change_is_a_warning(self) -> None:
        for each, in_change, begin in (
            (found(line=None), {PATH}, f'{PATH}: OSP121'),
            (found(line=0), {PATH}, f'{PATH}:0: OSP121'),
            (found(path=None, line=None), {PATH}, 'OSP121'),
            (found(), set(), f'{PATH}:12: OSP121'),
            (
                found(path='a\n.yaml'),
                {'a\n.yaml'},
                'a\\n.yaml:12: OSP121',
            ),
        ):
            comments, warnings = self.returned(
                each, in_change=frozenset(in_change)
            )
            self.assertEqual({}, comments)
            (warning,) = warnings
            self.assertEqual(begin, warning[: len(begin)])
        self.assertEqual(
            ({}, []),
            self.returned(found(line=None, severity='note', verdict='noted')),
        )

    def test_the_same_is_said_once(self) -> None:
        comments, _ = self.returned(found(), found())
        self.assertEqual(1, len(comments[PATH]))
        _, warnings = self.returned(found(line=None), found(line=None))
        self.assertEqual(1, len(warnings))

    def test_hostile_words_are_shown_and_not_obeyed(self) -> None:
        comments, _ = self.returned(
            found(subject='a\x1b[31m', message='b\nc\u202e', remedy='d\x00')
        )
        message = comments[PATH][0]['message']
        self.assertEqual(
            'OSP121: a\\x1b[31m: b\\nc\\u202e\n'
            'Why: Because of pbr.\n'
            'What to do: d\\x00',
            message,
        )


class TestZuulsRules(testtools.TestCase):
    """The rules that the tests hold us to are not empty."""

    def test_whatever_zuul_drops_is_refused(self) -> None:
        good = {'line': 1, 'message': 'x'}
        for comment in (
            {**good, 'severity': 'error'},
            {**good, 'line': 0},
            {**good, 'line': True},
            {**good, 'line': '1'},
            {**good, 'level': 'note'},
            {**good, 'message': None},
            {**good, 'message': 'a\x1b'},
            {**good, 'range': {'start_line': 1}},
            {'message': 'x'},
            'x',
        ):
            data = {'zuul': {'file_comments': {PATH: [comment]}}}
            self.assertRaises(zuul_rules.Dropped, zuul_rules.taken, data)
        documents: tuple[Any, ...] = (
            {},
            {'zuul': []},
            {'zuul': {'file_comments': []}},
            {'zuul': {'file_comments': {PATH: good}}},
            {'zuul': {'file_comments': {'/etc/passwd': [good]}}},
            {'zuul': {'warnings': [1]}},
            {'zuul': {}, 'more': 1},
        )
        for data in documents:
            self.assertRaises(zuul_rules.Dropped, zuul_rules.taken, data)
        zuul_rules.taken({'zuul': {'file_comments': {PATH: [good]}}})


class TestText(testtools.TestCase):
    def test_a_row_is_told_under_its_file(self) -> None:
        self.assertEqual(
            'data/series_status.yaml\n'
            '  held: the signing key of the day\n'
            '\n'
            f'{PATH}\n'
            '  failed: os-vif 1.0 (openstack/os-vif)\n'
            '    OSP121 error: line 12: os-vif 1.0: it is wrong\n'
            '      why: Because of pbr.\n'
            '      do: Mend it.\n'
            '\n'
            '2 looked at: 1 failed, 1 held\n',
            checked.text(told(found()), WHY),
        )

    def test_findings_that_share_reason_and_remedy_share_the_words(
        self,
    ) -> None:
        text = checked.text(
            told(
                found(),
                found(line=13),
                found(line=14, remedy='Do another thing.'),
            ),
            WHY,
        )
        self.assertEqual(
            '    OSP121 error: line 12: os-vif 1.0: it is wrong\n'
            '    OSP121 error: line 13: os-vif 1.0: it is wrong\n'
            '      why: Because of pbr.\n'
            '      do: Mend it.\n'
            '    OSP121 error: line 14: os-vif 1.0: it is wrong\n'
            '      why: Because of pbr.\n'
            '      do: Do another thing.\n',
            text[text.index('    OSP121') : text.index('\n2 looked at')],
        )

    def test_a_note_is_told_without_reason_and_remedy(self) -> None:
        text = checked.text(told(found(severity='note', verdict='noted')), WHY)
        self.assertIn('OSP121 note: line 12', text)
        self.assertNotIn('why:', text)

    def test_what_is_about_another_file_names_it(self) -> None:
        text = checked.text(told(found(path='data/x.yaml')), WHY)
        self.assertIn('OSP121 error: data/x.yaml: line 12: ', text)

    def test_lines_stay_within_80_columns(self) -> None:
        text = checked.text(told(found(message='word ' * 60)), WHY)
        self.assertLessEqual(max(map(len, text.splitlines())), 80)

    def test_the_key_is_a_document_where_something_is_wrong(self) -> None:
        for severity, count in (('error', 2), ('warning', 2), ('note', 1)):
            key = dataclasses.replace(
                KEY, findings=(found(path=KEY.path, severity=severity),)
            )
            self.assertEqual(
                count, len(checked.documents(told(found(), key=key)))
            )

    def test_documents_have_the_keys_of_the_contract(self) -> None:
        (document,) = checked.documents(told(found()))
        self.assertEqual([*checked.COLUMNS], [*document])
        self.assertEqual(PATH, document['path'])
        self.assertEqual('OSP121', document['findings'][0]['code'])
