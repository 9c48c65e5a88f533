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

"""The threat model names tests that exist."""

from __future__ import annotations

import ast
import pathlib
import re

import testtools

ROOT = pathlib.Path(__file__).parents[2]
PAGE = ROOT / 'doc' / 'source' / 'contributor' / 'threat-model.rst'

_NAMED = re.compile(r'``(test_\w+)``\s+\(``(tests/[\w/]+\.py)``\)')
_THREAT = re.compile(
    r'^(?P<threat>[A-Z][^\n]*)\n(?P<told>(?:  [^\n]*\n|\n(?=  ))+)', re.M
)


class TestThreatModel(testtools.TestCase):
    """``doc/source/contributor/threat-model.rst``."""

    def setUp(self) -> None:
        super().setUp()
        self.text = PAGE.read_text('utf-8')

    def test_each_line_names_a_test(self) -> None:
        threats = list(_THREAT.finditer(self.text))
        self.assertGreater(len(threats), 30)
        for found in threats:
            self.assertRegex(found['told'], _NAMED, found['threat'])

    def test_each_test_that_is_named_exists(self) -> None:
        for name, path in _NAMED.findall(self.text):
            tree = ast.parse((ROOT / path).read_text('utf-8'))
            functions = {
                node.name
                for node in ast.walk(tree)
                if isinstance(node, ast.FunctionDef)
            }
            self.assertIn(name, functions, path)

    def test_nothing_is_named_in_another_way(self) -> None:
        """Else a test that is gone would not be missed."""
        self.assertEqual(
            len(_NAMED.findall(self.text)), self.text.count('``test_')
        )
