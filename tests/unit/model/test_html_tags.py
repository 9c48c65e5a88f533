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

from openstack_publish.model import html_tags

MEBIBYTE = 1024 * 1024


def tags(page: str) -> list[tuple[str, dict[str, str]]]:
    return [
        (tag.name, dict(tag.attributes)) for tag in html_tags.start_tags(page)
    ]


class TestUnfinished(testtools.TestCase):
    def test_a_page_that_ends_within_a_tag_is_refused(self) -> None:
        for page in (
            '<a',
            '<a ',
            '<a href',
            '<a href=',
            '<a href=x',
            '<a href="x',
            "<a href='x",
            '<a href="x"',
            '<a/',
            '</a',
            '<p>text</p><a href="x',
            '<!-- a comment',
            '<!doctype html',
            '<?xml',
            '</3',
        ):
            with self.subTest(page):
                self.assertRaises(html_tags.Unfinished, tags, page)

    def test_a_reference_to_a_character_of_no_number_is_refused(self) -> None:
        page = f'<a href="&#{"9" * 5000};">'
        self.assertRaises(html_tags.Unfinished, tags, page)

    def test_unfinished_things_cost_no_more_than_their_length(self) -> None:
        """Each takes the standard library's parser an hour and more."""
        for piece in ('<a ', '<a/', '<a a', '<a "', '<a =', '<a a="', '<!--'):
            with self.subTest(piece):
                page = piece * (MEBIBYTE // len(piece))
                self.assertRaises(html_tags.Unfinished, tags, page)


class TestTags(testtools.TestCase):
    def test_text_alone_has_no_tags(self) -> None:
        for page in ('', 'text', 'a < b', '< a>', '1<2>0', 'a > b', '<', '<<'):
            with self.subTest(page):
                self.assertEqual([], tags(page))

    def test_attributes_are_read_however_they_are_written(self) -> None:
        for page in (
            '<a href="x">',
            "<a href='x'>",
            '<a href=x>',
            '<A HREF=x>',
            '<a  href = x >',
            '<a\nhref\t=\n"x"/>',
            '<a/href=x>',
            '<a href="x" href="y">',
            '<a href="&#120;">',
        ):
            with self.subTest(page):
                self.assertEqual([('a', {'href': 'x'})], tags(page))

    def test_a_value_may_hold_what_ends_a_tag(self) -> None:
        self.assertEqual(
            [('a', {'title': '>=3.8,<4', 'href': 'x'})],
            tags('<a title=">=3.8,<4" href=x>'),
        )

    def test_an_attribute_without_a_value_is_empty(self) -> None:
        for page in ('<a data-yanked href=x>', '<a data-yanked="" href=x>'):
            with self.subTest(page):
                self.assertEqual(
                    [('a', {'data-yanked': '', 'href': 'x'})], tags(page)
                )

    def test_a_quote_within_a_value_without_quotes_is_part_of_it(self) -> None:
        self.assertEqual([('a', {'title': "it's"})], tags("<a title=it's>"))

    def test_end_tags_are_left_out(self) -> None:
        self.assertEqual([('b', {})], tags('<b></b></a href="x>">'))

    def test_what_stands_in_a_comment_is_not_there(self) -> None:
        for comment in ('<!-- <a> -->', '<!--<a>-->', '<!-- <!-- <a> -->'):
            with self.subTest(comment):
                self.assertEqual([('b', {})], tags(f'{comment}<b>'))

    def test_a_comment_may_end_at_once(self) -> None:
        for comment in ('<!-->', '<!--->', '<!---->'):
            with self.subTest(comment):
                self.assertEqual([('a', {})], tags(f'{comment}<a><!-- -->'))

    def test_what_stands_in_a_script_is_not_there(self) -> None:
        for name in ('script', 'style', 'title', 'textarea', 'iframe'):
            with self.subTest(name):
                page = f'<{name}><a href="x"></{name.upper()} ><b>'
                self.assertEqual([(name, {}), ('b', {})], tags(page))

    def test_a_script_without_an_end_hides_the_rest(self) -> None:
        self.assertEqual([('script', {})], tags('<script></scripts><a>'))

    def test_declarations_and_instructions_are_passed_over(self) -> None:
        page = '<!doctype html><?php x ?><![CDATA[y]]></3><a>'
        self.assertEqual([('a', {})], tags(page))

    def test_the_text_behind_a_tag_ends_with_the_next_one(self) -> None:
        page = '<a> x &amp; y\n</a>z<b>1<i>2'
        self.assertEqual(
            ['x & y', '1', '2'],
            [tag.text for tag in html_tags.start_tags(page)],
        )
