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

import pathlib
import time

import fixtures
import testtools
import yaml

from openstack_publish.gates import yamlfile
from openstack_publish.gates.yamlfile import builder
from openstack_publish.gates.yamlfile import refusal
from openstack_publish.model import located


def _told(document: yamlfile.Document) -> list[str]:
    return [located.described(problem) for problem in document.problems]


class TestUnreadable(testtools.TestCase):
    """What cannot be read to its end gives a problem and no data."""

    def _assert_unreadable(self, content: bytes, told: str) -> None:
        document = yamlfile.read(content, 'a.yaml')
        self.assertEqual([told], _told(document))
        self.assertFalse(document.readable)
        self.assertIsNone(document.data)

    def test_a_syntax_error_has_line_and_column(self) -> None:
        self._assert_unreadable(
            b'---\na: 1\nb: c: d\n',
            'a.yaml:3:5: mapping values are not allowed in this context',
        )

    def test_an_unclosed_quote_has_a_place(self) -> None:
        self._assert_unreadable(
            b'a: "x',
            'a.yaml:1:6: while scanning a quoted scalar, found unexpected '
            'end of stream',
        )

    def test_a_tab_is_called_a_tab(self) -> None:
        self._assert_unreadable(
            b'a:\n\t- b\n',
            'a.yaml:2:1: while scanning for the next token, found character '
            'that cannot start any token (it is a tab: indent with spaces)',
        )

    def test_latin_1_is_no_utf_8(self) -> None:
        self._assert_unreadable(
            'team: n\u00f6va\nb: 1\n'.encode('latin-1'),
            'a.yaml:1:8: no UTF-8: byte 0xf6 at offset 7: invalid start byte',
        )

    def test_the_column_of_a_bad_byte_counts_characters(self) -> None:
        self._assert_unreadable(
            'a: 1\nb: \u00e9\u00e9'.encode() + b'\xff',
            'a.yaml:2:6: no UTF-8: byte 0xff at offset 12: invalid start byte',
        )

    def test_utf_16_is_no_utf_8(self) -> None:
        document = yamlfile.read('a: 1\n'.encode('utf-16'), 'a.yaml')
        self.assertFalse(document.readable)
        self.assertIn('no UTF-8', document.problems[0].message)

    def test_a_control_character_has_a_place(self) -> None:
        self._assert_unreadable(
            b'a: 1\nb: \x01\n',
            'a.yaml:2:4: the character U+0001 is not allowed in YAML',
        )

    def test_a_nul_byte_has_a_place(self) -> None:
        self._assert_unreadable(
            b'a: \0',
            'a.yaml:1:4: the character U+0000 is not allowed in YAML',
        )

    def test_an_anchor_is_refused(self) -> None:
        self._assert_unreadable(
            b'a: &x 1\nb: *x\n',
            'a.yaml:1:4: a: the anchor &x: anchors are not read here, write '
            'each value out',
        )

    def test_an_alias_of_nothing_is_refused(self) -> None:
        self._assert_unreadable(
            b'a:\n  - *x\n',
            'a.yaml:2:5: a[0]: the alias *x: aliases are not read here, '
            'write the value out',
        )

    def test_an_alias_as_a_key_is_refused(self) -> None:
        self._assert_unreadable(
            b'a: 1\n*x : 2\n',
            'a.yaml:2:1: a key must be a plain or quoted string, without '
            'anchor or alias',
        )

    def test_a_sequence_as_a_key_is_refused(self) -> None:
        self._assert_unreadable(
            b'? [a]\n: b\n',
            'a.yaml:1:3: a key must be a plain or quoted string, without '
            'anchor or alias',
        )

    def test_a_merge_key_is_refused(self) -> None:
        self._assert_unreadable(
            b'a:\n  <<: {b: c}\n',
            'a.yaml:2:3: a.<<: the merge key <<: merging is not done here, '
            'write each key out',
        )

    def test_a_billion_laughs_take_no_time(self) -> None:
        lines = ['a0: &a0 [lol, lol]']
        lines += [f'a{n}: &a{n} [*a{n - 1}, *a{n - 1}]' for n in range(1, 40)]
        began = time.monotonic()
        document = yamlfile.read('\n'.join(lines).encode(), 'a.yaml')
        self.assertLess(time.monotonic() - began, 10)
        self.assertFalse(document.readable)

    def test_deep_nesting_is_a_problem_and_no_recursion_error(self) -> None:
        for content in (b'[' * 100_000, b'{a: ' * 50_000, b'- ' * 50_000):
            document = yamlfile.read(content, 'a.yaml')
            self.assertFalse(document.readable)
            self.assertEqual(
                f'nested deeper than {builder.DEPTH_LIMIT} levels',
                document.problems[0].message,
            )

    def test_a_file_above_the_limit_is_not_parsed(self) -> None:
        content = b'#' * (refusal.SIZE_LIMIT + 1)
        self._assert_unreadable(
            content,
            'a.yaml: the file has 1048577 bytes or more, the limit is '
            '1048576 bytes',
        )

    def test_a_later_yaml_is_refused(self) -> None:
        document = yamlfile.read(b'%YAML 3.0\n---\na: 1\n', 'a.yaml')
        self.assertFalse(document.readable)


class TestProblems(testtools.TestCase):
    """What can be read on gives a problem and data."""

    def test_a_key_that_stands_twice_is_told_with_its_path(self) -> None:
        document = yamlfile.read(
            b'releases:\n'
            b'  - version: 1.0.0\n'
            b'    projects: []\n'
            b'    version: 2.0.0\n',
            'a.yaml',
        )
        self.assertEqual(
            [
                "a.yaml:4:5: releases[0].version: the key 'version' stands "
                'here a second time'
            ],
            _told(document),
        )
        self.assertEqual(
            {'releases': [{'version': '1.0.0', 'projects': []}]},
            document.data,
        )

    def test_every_key_that_stands_twice_is_told(self) -> None:
        document = yamlfile.read(b'a: 1\na: 2\nb: {c: 1, "c": 2}\na: 3\n', 'f')
        self.assertEqual(
            [(2, ('a',)), (3, ('b', 'c')), (4, ('a',))],
            [(p.place.line, p.place.key) for p in document.problems],
        )

    def test_keys_that_differ_only_in_quotes_are_the_same(self) -> None:
        document = yamlfile.read(b"a: 1\n'a': 2\n", 'f')
        self.assertEqual(1, len(document.problems))

    def test_a_key_that_is_no_string_is_to_be_quoted(self) -> None:
        document = yamlfile.read(b'a:\n  2023.1: x\n  yes: y\n', 'f')
        self.assertEqual(
            [
                'f:2:3: a.2023.1: the key 2023.1 is no string: quote it',
                'f:3:3: a.yes: the key yes is no string: quote it',
            ],
            _told(document),
        )

    def test_a_second_document_is_told_where_it_begins(self) -> None:
        document = yamlfile.read(b'---\na: 1\n---\nb: 2\n', 'f')
        self.assertEqual(
            ['f:3:1: a second document begins here: the file must hold one'],
            _told(document),
        )

    def test_tags_are_refused(self) -> None:
        document = yamlfile.read(
            b'a: !!python/object/apply:os.system [ls]\nb: !!int "1"\n', 'f'
        )
        self.assertEqual(
            [
                'f:1:4: a: the tag tag:yaml.org,2002:python/object/apply:'
                'os.system: tags are not read here',
                'f:2:4: b: the tag tag:yaml.org,2002:int: tags are not read '
                'here',
            ],
            _told(document),
        )

    def test_a_day_that_does_not_exist_is_a_problem(self) -> None:
        document = yamlfile.read(b'until: 2026-02-30\n', 'f')
        self.assertEqual(
            [
                'f:1:8: until: 2026-02-30 cannot be read: day is out of '
                'range for month; quote it if it is meant as text'
            ],
            _told(document),
        )

    def test_a_number_without_end_is_not_computed(self) -> None:
        for text in (b'1' * 100_000, b'1' + b':59' * 300_000):
            began = time.monotonic()
            document = yamlfile.read(b'a: ' + text, 'f')
            self.assertLess(time.monotonic() - began, 10)
            self.assertIn(
                f'more than {builder.NUMBER_LIMIT} characters',
                document.problems[0].message,
            )


class TestRead(testtools.TestCase):
    """What is read, and as what."""

    def _assert_data(self, expected: object, content: bytes) -> None:
        document = yamlfile.read(content, 'f')
        self.assertEqual((), document.problems)
        self.assertTrue(document.readable)
        self.assertEqual(expected, document.data)

    def test_an_empty_file_is_read_as_nothing(self) -> None:
        for content in (b'', b'---\n', b'# a comment\n', b'\n\n'):
            self._assert_data(None, content)

    def test_a_byte_order_mark_and_crlf_change_nothing(self) -> None:
        self._assert_data(
            {'a': 'b', 'c': ['d']},
            b'\xef\xbb\xbfa: b\r\nc:\r\n  - d\r\n',
        )

    def test_a_quoted_version_is_a_string(self) -> None:
        self._assert_data(
            ['1.10', '1.10', '1.10', 1.1, '1.10.0'],
            b'["1.10", \'1.10\', !!str 1.10, 1.10, 1.10.0]',
        )

    def test_scalars_are_what_pyyaml_makes_of_them(self) -> None:
        content = (
            b'[yes, no, on, True, ~, null, "", 12, -3, 0x1f, 0o17, 1_000, '
            b'1:30, 1e3, 1.5e+3, .inf, 2026-08-21, 2026-08-21T10:00:00Z, '
            b'=a, <a, !!str no, "no", x, 4a7a20d91c44, 12e4567, 012]'
        )
        self._assert_data(
            yaml.safe_load(content),
            content,
        )

    def test_block_scalars_are_strings(self) -> None:
        self._assert_data(
            {'a': 'b c\n', 'd': 'e\nf\n'},
            b'a: >\n  b\n  c\nd: |\n  e\n  f\n',
        )

    def test_the_limit_of_depth_itself_is_read(self) -> None:
        depth = builder.DEPTH_LIMIT
        document = yamlfile.read(b'[' * depth + b']' * depth, 'f')
        self.assertEqual((), document.problems)

    def test_a_file_is_read_up_to_its_limit(self) -> None:
        root = pathlib.Path(self.useFixture(fixtures.TempDir()).path)
        (root / 'a').write_bytes(b'#' * (refusal.SIZE_LIMIT * 2))
        content = yamlfile.content(str(root / 'a'))
        self.assertGreater(len(content), refusal.SIZE_LIMIT)
        self.assertLess(len(content), refusal.SIZE_LIMIT * 2)
        self.assertFalse(yamlfile.read(content, 'a').readable)

    def test_a_file_that_is_not_there_is_an_os_error(self) -> None:
        self.assertRaises(FileNotFoundError, yamlfile.content, '/nowhere/a')


class TestLiberal(testtools.TestCase):
    """Files that were written for another reader."""

    def _read(self, content: bytes) -> yamlfile.Document:
        return yamlfile.read(content, 'f', liberal=True)

    def test_aliases_merge_keys_and_tags_are_read(self) -> None:
        document = self._read(
            b'- &a {x: &b [1], y: 2}\n'
            b'- {<<: *a, y: 3}\n'
            b'- {<<: [{x: 0}, *a], z: *b}\n'
            b'- {<<: 7, 1: !odd two, three: !odd [4]}\n'
        )
        self.assertEqual((), document.problems)
        self.assertEqual(
            [
                {'x': [1], 'y': 2},
                {'x': [1], 'y': 3},
                {'x': 0, 'y': 2, 'z': [1]},
                {'1': 'two', 'three': [4]},
            ],
            document.data,
        )

    def test_an_alias_to_what_is_open_or_not_there_is_refused(self) -> None:
        for content in (b'&a [*a]', b'- *a\n- &a x\n', b'&a {x: {y: *a}}'):
            document = self._read(content)
            self.assertFalse(document.readable)
            self.assertIn('the alias *a', document.problems[0].message)

    def test_many_aliases_copy_nothing(self) -> None:
        """What is a bomb to a reader that writes out is small here."""
        lines = [b'a0: &a0 [x, x]']
        for number in range(1, 200):
            lines.append(
                b'a%d: &a%d [*a%d, *a%d]'
                % (number, number, number - 1, number - 1)
            )
        document = self._read(b'\n'.join(lines))
        self.assertEqual((), document.problems)

    def test_a_key_that_stands_twice_is_still_told(self) -> None:
        (problem,) = self._read(b'a: 1\na: 2\n').problems
        self.assertEqual(2, problem.place.line)

    def test_places_are_found_beside_aliases(self) -> None:
        content = b'- &a {x: 1}\n- y: *a\n  z: 1\n'
        self.assertEqual(
            {(1, 'z'): (3, 3)},
            yamlfile.locate(content, [(1, 'z')], liberal=True),
        )


class TestPurePython(testtools.TestCase):
    """Without libyaml the same is read, slower."""

    def test_the_other_parser_reads_the_same(self) -> None:
        contents = [
            b'',
            b'a: 1\na: [2, {b: yes}]\n',
            b'- &x 1\n- *x\n',
            b'a: \x01',
            b'a: b: c',
            b'---\na\n---\nb\n',
            b'[' * 1000,
            b'\xef\xbb\xbfa: "\\x35"\r\n',
        ]
        with_c = [yamlfile.read(content, 'f') for content in contents]
        self.useFixture(
            fixtures.MonkeyPatch(
                'openstack_publish.gates.yamlfile.builder._LOADER',
                yaml.SafeLoader,
            )
        )
        without = [yamlfile.read(content, 'f') for content in contents]
        self.assertEqual(
            [(one.data, one.readable) for one in with_c],
            [(one.data, one.readable) for one in without],
        )
        self.assertEqual(
            [[p.place for p in one.problems] for one in with_c],
            [[p.place for p in one.problems] for one in without],
        )


class TestLocate(testtools.TestCase):
    """Where keys stand."""

    CONTENT = (
        b'---\n'
        b'team: nova\n'
        b'releases:\n'
        b'  - version: 1.0.0\n'
        b'    projects:\n'
        b'      - repo: openstack/os-vif\n'
        b'        hash: abc\n'
    )

    def test_an_entry_stands_where_its_key_stands(self) -> None:
        key = ('releases', 0, 'projects', 0, 'hash')
        self.assertEqual({key: (7, 9)}, yamlfile.locate(self.CONTENT, [key]))

    def test_an_item_stands_where_it_begins(self) -> None:
        key = ('releases', 0)
        self.assertEqual({key: (4, 5)}, yamlfile.locate(self.CONTENT, [key]))

    def test_what_is_not_there_stands_where_it_belongs(self) -> None:
        missing = ('releases', 0, 'projects', 0, 'comment')
        beyond = ('releases', 7, 'version')
        self.assertEqual(
            {missing: (6, 9), beyond: (3, 1), (): (2, 1)},
            yamlfile.locate(self.CONTENT, [missing, beyond, ()]),
        )

    def test_of_a_key_that_stands_twice_the_first_is_meant(self) -> None:
        found = yamlfile.locate(b'a: {x: 1}\na: {x: 2}\n', [('a', 'x')])
        self.assertEqual({('a', 'x'): (1, 5)}, found)

    def test_of_an_empty_file_nothing_is_known(self) -> None:
        self.assertEqual({}, yamlfile.locate(b'', [('a',)]))

    def test_problems_get_lines_and_stand_in_their_order(self) -> None:
        problems = [
            located.Problem(located.Place('f', key), 'wrong')
            for key in (('releases', 0, 'version'), ('team',), ('nowhere',))
        ]
        self.assertEqual(
            [
                'f:2:1: team: wrong',
                'f:2:1: nowhere: wrong',
                'f:4:5: releases[0].version: wrong',
            ],
            [
                located.described(problem)
                for problem in yamlfile.with_lines(self.CONTENT, problems)
            ],
        )

    def test_a_line_that_is_known_is_kept(self) -> None:
        problem = located.Problem(located.Place('f', ('team',), 9, 9), 'x')
        self.assertEqual(
            (problem,), yamlfile.with_lines(self.CONTENT, [problem])
        )
