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

import datetime

import testtools

from openstack_publish.gates import yamlfile
from openstack_publish.model import located
from openstack_publish.model import names
from openstack_publish.model import series
from openstack_publish.model import series_form

KEY = '30566c450e41d7c91e442dfb231f942f608ddeff'


def _read(text: str) -> tuple[tuple[series.Series, ...], list[str]]:
    document = yamlfile.read(text.encode(), 'f')
    assert not document.problems, document.problems
    found, problems = series_form.read(document.data, 'f')
    return found, [located.described(problem) for problem in problems]


class TestRead(testtools.TestCase):
    """The list of series, with the keys of the cycles."""

    def test_a_file_that_is_no_list_has_no_series(self) -> None:
        for text, found in (('', 'nothing'), ('a: b', 'a mapping')):
            self.assertEqual(
                ((), [f'f: must be a list, is {found}']), _read(text)
            )

    def test_every_problem_is_told_and_the_rest_is_read(self) -> None:
        found, told = _read(
            f'''
            - x
            - name: Indri
              status: future
            - name: gazpacho
              status: mantained
            - status: maintained
            - name: hibiscus
              status: development
              release-id: '2026'
              signing-key: {{key: abc, start: soon, end: now, owner: x}}
            - name: hibiscus
              status: development
            - name: bobcat
              status: end of life
              signing-key: {{key: {KEY}, start: 2024-01-02, end: 2024-01-01}}
            - name: austin
              status: end of life
            '''
        )
        self.assertEqual(
            [
                "f: [0]: must be a mapping, is 'x'",
                'f: [1].name: must be a codename of lower-case ASCII '
                "letters, is 'Indri'",
                'f: [2].status: must be one of development, end of life, '
                'extended maintenance, future, maintained, unmaintained, is '
                "'mantained'",
                'f: [3]: the key name is missing',
                'f: [4].release-id: must be a release id such as 2026.1, is '
                "'2026'",
                'f: [4].signing-key.owner: unknown key; known here are end, '
                'key, start',
                "f: [4].signing-key.key: 'abc' is no OpenPGP fingerprint (40 "
                'hexadecimal digits)',
                "f: [4].signing-key.start: must be a day such as 2027-01-31, "
                "is 'soon'",
                "f: [4].signing-key.end: must be a day such as 2027-01-31, "
                "is 'now'",
                'f: [5].name: the series hibiscus is here twice',
                'f: [6].signing-key.end: 2024-01-01 is before the start, '
                '2024-01-02',
            ],
            told,
        )
        self.assertEqual(
            ['hibiscus', 'bobcat', 'austin'], [one.name for one in found]
        )
        self.assertEqual([None, None, None], [one.key for one in found])

    def test_a_key_in_use_has_no_end(self) -> None:
        found, told = _read(
            f'''
            - name: hibiscus
              release-id: 2026.2
              status: development
              initial-release: 2026-09-30
              slurp: yes
              signing-key: {{key: {KEY}, start: 2026-04-10, end: present}}
            '''
        )
        self.assertEqual([], told)
        self.assertEqual(
            (
                series.Series(
                    'hibiscus',
                    '2026.2',
                    'development',
                    series.CycleKey(
                        names.Fingerprint(KEY.upper()),
                        'hibiscus',
                        datetime.date(2026, 4, 10),
                        None,
                    ),
                ),
            ),
            found,
        )

    def test_a_key_that_was_replaced_has_its_last_day(self) -> None:
        found, told = _read(
            f'''
            - name: gazpacho
              status: maintained
              signing-key: {{key: {KEY}, start: 2025-10-06, end: 2026-04-10}}
            '''
        )
        self.assertEqual([], told)
        assert found[0].key is not None
        self.assertEqual(datetime.date(2026, 4, 10), found[0].key.end)
        self.assertIsNone(found[0].release_id)

    def test_a_key_of_digits_alone_is_to_be_quoted(self) -> None:
        _, told = _read(
            f'''
            - name: gazpacho
              status: maintained
              signing-key: {{key: {'1' * 40}, start: 2025-10-06, end: present}}
            '''
        )
        self.assertEqual(1, len(told))
        self.assertIn('quote it', told[0])
