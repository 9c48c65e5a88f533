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

import testtools

from openstack_publish.render import plain


class TestLine(testtools.TestCase):
    def test_what_steers_a_terminal_is_shown_and_not_sent(self) -> None:
        for character in '\x1b\n\r\t\x07\x7f\x9b\u2028\u202e\u2066\u200b':
            shown = plain.line(f'a{character}b')
            self.assertNotIn(character, shown)
            self.assertTrue(shown.isprintable(), shown)

    def test_lone_surrogates_of_undecodable_names_are_shown(self) -> None:
        self.assertEqual('\\udcff', plain.line('\udcff'))

    def test_ordinary_text_of_any_language_stays(self) -> None:
        self.assertEqual('Zürich 東京', plain.line('Zürich 東京'))

    def test_an_endless_text_is_cut_and_says_so(self) -> None:
        shown = plain.line('x' * (plain.LONGEST + 5))
        self.assertEndsWith('x… (5 more characters)', shown)

    def assertEndsWith(self, end: str, text: str) -> None:
        self.assertTrue(text.endswith(end), text[-60:])
