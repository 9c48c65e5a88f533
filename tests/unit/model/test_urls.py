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

import testtools

from openstack_publish.model import urls


class TestObjection(testtools.TestCase):
    def test_what_may_not_be_asked(self) -> None:
        for url, why in (
            ('', 'is neither https nor http'),
            ('index.example/simple', 'is neither https nor http'),
            ('file:///etc/passwd', 'is neither https nor http'),
            ('https://', 'names no host'),
            ('https://[::1', 'is no URL'),
            ('https://h:99999/', 'is no URL'),
            ('https://h/a b', 'holds characters that no URL may hold'),
            ('https://h/\r\nX: y', 'holds characters that no URL may hold'),
            ('https://bücher.example/', 'holds characters that no URL may'),
            ('http://h/', 'is http, and its host is not this machine'),
            ('http://127.0.0.1.example/', 'is http, and its host is not'),
            ('http://localhost.example/', 'is http, and its host is not'),
            ('http://2130706433/', 'is http, and its host is not'),
            ('https://me@h/', 'holds a user name'),
        ):
            objection = urls.objection(url)
            assert objection is not None, url
            self.assertIn(why, objection)

    def test_what_may_be_asked(self) -> None:
        for url in (
            'https://h/',
            'HTTPS://h:8443/x?y',
            'http://localhost:8080/',
            'http://127.0.0.1:1/',
            'http://127.9.9.9/',
            'http://[::1]:8080/',
        ):
            self.assertIsNone(urls.objection(url), url)

    def test_an_upload_url_may_name_its_user(self) -> None:
        self.assertIsNone(
            urls.objection('https://me:secret@h/', with_user=True)
        )


class TestOrigin(testtools.TestCase):
    def test_the_usual_port_need_not_be_named(self) -> None:
        self.assertEqual(
            urls.origin('https://h/x'), urls.origin('https://H:443/y')
        )

    def test_scheme_host_and_port_all_count(self) -> None:
        one = urls.origin('https://h/')
        for other in ('http://h/', 'https://g/', 'https://h:444/'):
            self.assertNotEqual(one, urls.origin(other))


class TestWithoutUser(testtools.TestCase):
    def test_user_and_password_are_cut(self) -> None:
        for url, shown in (
            ('https://me:secret@h:1/x?y', 'https://h:1/x?y'),
            ('https://me:sec@ret@h/', 'https://h/'),
            ('https://h/', 'https://h/'),
            ('https://me:secret@[', '(malformed)'),
        ):
            self.assertEqual(shown, urls.without_user(url))


class TestPassword(testtools.TestCase):
    def test_the_password_of_a_url(self) -> None:
        for url, expected in (
            (None, None),
            ('https://[', None),
            ('https://h/', None),
            ('https://me@h/', None),
            ('https://me:a%20b@h/', 'a%20b'),
        ):
            self.assertEqual(expected, urls.password(url))
