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

"""Letters as mail, and incidents as a feed."""

from __future__ import annotations

import dataclasses
import email
import email.message
import email.policy
from xml.etree import ElementTree

import testtools

from openstack_publish.model import watching
from openstack_publish.render import as_feed
from openstack_publish.render import as_mail
from openstack_publish.rules import catalogue
from tests.support import watched

ENVELOPE = as_mail.Envelope(
    'watch@lists.example.org',
    ('one@example.org', 'two@example.org'),
    'https://index.example',
)
EVIL = 'x\r\nBcc: a@b\n\n\x1b[31m\u202e<script>&\x00' + 'y' * 5000
ATOM = '{http://www.w3.org/2005/Atom}'


def incident(
    code: str = 'OSP801', about: str = '6.6.6', account: str | None = None
) -> watching.Incident:
    return watching.Incident(
        watched.condition(code, about, account=account),
        'open',
        watched.NOW,
        watched.NOW,
        1,
        thread='first',
    )


def letter(
    *incidents: watching.Incident,
    occasion: watching.Occasion = 'opened',
    key: str = 'first',
    about: str = '',
) -> watching.Letter:
    return watching.Letter(
        occasion, watched.NOW, incidents or (incident(),), key, about
    )


def pages(*codes: str) -> dict[str, as_mail.Explanation]:
    return {
        code: as_mail.Explanation(
            catalogue.page(code).title,
            catalogue.page(code).what,
            catalogue.page(code).why,
        )
        for code in codes or ('OSP801',)
    }


def message(said: watching.Letter, *codes: str) -> email.message.EmailMessage:
    found = email.message_from_bytes(
        as_mail.of_letter(said, ENVELOPE, pages(*codes)),
        policy=email.policy.default,
    )
    assert isinstance(found, email.message.EmailMessage)
    return found


class TestMail(testtools.TestCase):
    """What a mail is."""

    def test_its_headers_say_what_it_is(self) -> None:
        mail = message(letter())
        self.assertEqual('auto-generated', mail['Auto-Submitted'])
        self.assertEqual('<first@lists.example.org>', mail['Message-ID'])
        self.assertEqual('one@example.org, two@example.org', mail['To'])
        self.assertIsNone(mail['In-Reply-To'])
        self.assertEqual('text/plain', mail.get_content_type())

    def test_what_follows_answers_the_first(self) -> None:
        for occasion in ('stands', 'closed'):
            mail = message(letter(occasion=occasion, key='other'))
            self.assertEqual('<first@lists.example.org>', mail['In-Reply-To'])
            self.assertEqual('<first@lists.example.org>', mail['References'])

    def test_it_says_what_happened_what_it_means_and_what_to_do(
        self,
    ) -> None:
        text = message(letter()).get_content()
        page = catalogue.page('OSP801')
        words = ' '.join(text.split())
        for part in (page.what, page.why, page.remedy):
            self.assertIn(part, words)
        self.assertIn(
            'https://index.example/manage/project/os-vif/collaboration/', text
        )
        self.assertIn(
            'https://index.example/manage/project/os-vif/releases/', text
        )
        self.assertIn(f'watch ack --state FILE {incident().id}', text)

    def test_an_end_asks_for_nothing(self) -> None:
        text = message(letter(occasion='closed', key='x')).get_content()
        self.assertNotIn('watch ack', text)
        self.assertIn('stands no more', text)

    def test_what_is_not_ascii_goes_out_in_bytes_of_7_bits(self) -> None:
        """Not every mail server takes others."""
        alive = watching.Letter('alive', watched.NOW, (), 'x', 'grüße')
        sent = as_mail.of_letter(alive, ENVELOPE, {})
        read = email.message_from_bytes(sent, policy=email.policy.default)
        assert isinstance(read, email.message.EmailMessage)
        self.assertIn('grüße', read.get_content())
        self.assertTrue(sent.isascii())

    def test_many_are_urgent_and_name_the_account(self) -> None:
        many = [
            incident('OSP807', f'{n}', account='mallory') for n in range(7)
        ]
        mail = message(letter(*many, about='mallory'), 'OSP807')
        self.assertIn('URGENT', mail['Subject'])
        self.assertIn('mallory', mail['Subject'])
        self.assertEqual('high', mail['Importance'])

    def test_a_heartbeat_says_that_the_watch_is_alive(self) -> None:
        alive = watching.Letter(
            'alive', watched.NOW, (), 'alive.1', '520 projects'
        )
        mail = message(alive)
        self.assertIn('alive', mail['Subject'])
        self.assertIn('520 projects', mail.get_content())

    def test_nothing_untrusted_adds_a_header_or_obeys(self) -> None:
        found = incident('OSP807', EVIL, account=EVIL)
        found = dataclasses.replace(
            found,
            condition=dataclasses.replace(
                found.condition,
                finding=dataclasses.replace(
                    found.condition.finding, message=EVIL, remedy=EVIL
                ),
            ),
        )
        mail = message(letter(found, about=EVIL), 'OSP807')
        self.assertIsNone(mail['Bcc'])
        for text in (mail['Subject'], mail.get_content()):
            for character in ('\x1b', '\u202e', '\x00'):
                self.assertNotIn(character, text)
        self.assertLessEqual(len(mail['Subject']), as_mail.SUBJECT)


class TestFeed(testtools.TestCase):
    """What a feed is."""

    def feed(self, *incidents: watching.Incident) -> ElementTree.Element:
        return ElementTree.fromstring(
            as_feed.of_incidents(
                incidents,
                'https://index.example',
                pages(*(one.condition.code for one in incidents)),
                watched.NOW,
            )
        )

    def test_it_stands_without_entries(self) -> None:
        feed = self.feed()
        self.assertEqual(f'{ATOM}feed', feed.tag)
        self.assertEqual(
            '2026-11-20T12:00:00Z', feed.findtext(f'{ATOM}updated')
        )

    def test_the_newest_comes_first_and_old_ones_go(self) -> None:
        many = [
            dataclasses.replace(
                incident(about=str(number)), told=watched.ago(hours=number)
            )
            for number in range(as_feed.ENTRIES + 5)
        ]
        entries = self.feed(*reversed(many)).findall(f'{ATOM}entry')
        self.assertEqual(as_feed.ENTRIES, len(entries))
        self.assertIn(many[0].id, str(entries[0].findtext(f'{ATOM}id')))

    def test_no_two_entries_have_one_id(self) -> None:
        again = dataclasses.replace(incident(), opening=2)
        entries = self.feed(incident(), again).findall(f'{ATOM}entry')
        ids = {entry.findtext(f'{ATOM}id') for entry in entries}
        self.assertEqual(2, len(ids))

    def test_untrusted_strings_are_text_and_nothing_else(self) -> None:
        found = incident()
        found = dataclasses.replace(
            found,
            condition=dataclasses.replace(
                found.condition,
                finding=dataclasses.replace(
                    found.condition.finding, message=EVIL
                ),
            ),
        )
        (entry,) = self.feed(found).findall(f'{ATOM}entry')
        content = entry.find(f'{ATOM}content')
        assert content is not None
        self.assertEqual([], list(content))
        self.assertIn('<script>', str(content.text))
        self.assertNotIn('\u202e', str(content.text))
