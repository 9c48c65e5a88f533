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

"""New files held against the archive; what else a round finds."""

import json
from xml.etree import ElementTree

import testtools

from tests.support import keys
from tests.support import vigil

FILE = 'xstatic_angular-4.7.1.0.tar.gz'
ATOM = '{http://www.w3.org/2005/Atom}'


class TestArchive(testtools.TestCase):
    """An ordered release, and what the archive has of it."""

    def setUp(self) -> None:
        super().setUp()
        self.vigil = self.useFixture(vigil.Vigil())
        self.keys = self.useFixture(keys.Keyring())
        self.key = self.keys.generate()
        self.archive = self.vigil.directory / 'archive'
        self.place = self.archive / 'openstack' / vigil.PROJECT
        self.place.mkdir(parents=True)
        self.more = (
            '--archive',
            str(self.archive),
            '--trusted-key',
            self.keys.public_file(self.key),
        )
        self.vigil.look('--baseline', *self.more)
        self.vigil.pass_time(minutes=5)
        self.vigil.order('4.7.0.0', '4.7.1.0')
        self.vigil.upload('4.7.1.0', b'ours')
        self.vigil.pass_time(minutes=1)

    def put(self, content: bytes, *, signed: bool = True) -> None:
        """Put the original into the archive."""
        path = self.place / FILE
        path.write_bytes(content)
        if signed:
            self.keys.sign(str(path), self.key)

    def test_its_signed_original_is_no_incident(self) -> None:
        self.put(b'ours')
        result = self.vigil.look(*self.more)
        self.assertEqual((0, ''), (result.code, result.stderr), result.stdout)

    def test_the_archive_has_two_hours_and_until_then_nobody_knows(
        self,
    ) -> None:
        result = self.vigil.look(*self.more)
        self.assertEqual(3, result.code, result.stdout)
        self.vigil.pass_time(hours=2)
        self.assertEqual(['OSP804'], self.vigil.codes(*self.more))
        self.put(b'ours')
        self.assertEqual(0, self.vigil.look(*self.more).code)
        self.assertIn('closed', self.vigil.mail.subjects[-1])

    def test_other_bytes_are_told(self) -> None:
        self.put(b'theirs')
        self.assertEqual(['OSP803'], self.vigil.codes(*self.more))

    def test_a_signature_of_something_else_is_told(self) -> None:
        self.put(b'other')
        (self.place / FILE).write_bytes(b'ours')
        self.assertEqual(['OSP804'], self.vigil.codes(*self.more))

    def test_a_file_without_a_signature_is_told(self) -> None:
        self.put(b'ours', signed=False)
        self.assertEqual(['OSP804'], self.vigil.codes(*self.more))

    def test_a_signature_that_nobody_can_check_is_told_after_six_hours(
        self,
    ) -> None:
        """By a key that is not there: could not know is never nothing."""
        self.put(b'ours')
        result = self.vigil.look(*self.more[:2])
        self.assertEqual(3, result.code, result.stdout)
        self.assertIn('public key', result.stdout)
        self.vigil.pass_time(hours=7)
        self.assertEqual(['OSP817'], self.vigil.codes(*self.more[:2]))
        self.assertEqual(0, self.vigil.look(*self.more).code)


class TestRest(testtools.TestCase):
    """Everything else that a round can find."""

    def setUp(self) -> None:
        super().setUp()
        self.vigil = self.useFixture(vigil.Vigil())
        self.vigil.look('--baseline')
        self.vigil.pass_time(minutes=5)
        self.store = self.vigil.index.store

    def test_a_file_slipped_into_an_old_release_is_told(self) -> None:
        self.vigil.pass_time(days=3)
        self.store.add_file(
            vigil.PROJECT,
            '4.7.0.0',
            'xstatic_angular-4.7.0.0-py3-none-any.whl',
            b'planted',
        )
        self.assertEqual(['OSP802'], self.vigil.codes())

    def test_each_state_is_told_and_its_end_as_well(self) -> None:
        for source, change, back, code in (
            ('feeds', 'archived', 'active', 'OSP811'),
            ('changelog', 'quarantined', 'active', 'OSP812'),
        ):
            self.store.set_status(vigil.PROJECT, change)  # type: ignore[arg-type]
            self.vigil.pass_time(hours=1)
            self.assertEqual([code], self.vigil.codes(source=source))
            self.store.set_status(vigil.PROJECT, back)  # type: ignore[arg-type]
            self.vigil.pass_time(hours=1)
            self.assertEqual([], self.vigil.codes(source=source))
            self.assertIn('closed', self.vigil.mail.subjects[-1])

    def test_what_no_journal_shows_is_found_within_a_day(self) -> None:
        self.store.set_organization(vigil.PROJECT, 'acme')
        self.assertEqual([], self.vigil.codes())
        self.vigil.pass_time(hours=24)
        self.assertEqual(['OSP810'], self.vigil.codes())

    def test_a_yank_a_lost_owner_and_a_deletion_are_told(self) -> None:
        self.store.yank_release(vigil.PROJECT, '4.7.0.0')
        self.assertEqual(['OSP813'], self.vigil.codes())
        self.store.add_role(vigil.PROJECT, 'eve', 'Owner')
        self.store.remove_role(vigil.PROJECT, 'openstackci')
        self.assertEqual({'OSP807', 'OSP808'}, set(self.vigil.codes()))
        self.store.delete_project(vigil.PROJECT)
        self.assertIn('OSP814', self.vigil.codes())

    def test_an_ordered_release_that_does_not_come_is_told(self) -> None:
        config = self.vigil.directory / 'project-config' / 'zuul.d'
        config.mkdir(parents=True)
        (config / 'projects.yaml').write_text(
            f'- project:\n    name: openstack/{vigil.PROJECT}\n'
            '    templates:\n      - publish-to-pypi\n'
        )
        more = ('--project-config', str(config.parent))
        self.vigil.order('4.7.0.0', '4.8.0.0')
        self.assertEqual([], self.vigil.codes(*more))
        self.vigil.pass_time(hours=3)
        self.assertEqual(['OSP805'], self.vigil.codes(*more))
        self.vigil.upload('4.8.0.0')
        self.assertEqual(0, self.vigil.look(*more).code)
        self.assertEqual(['OSP805', 'OSP805'], self.vigil.mailed())

    def test_a_heartbeat_says_how_things_stand(self) -> None:
        for _ in range(3):
            self.vigil.look('--heartbeat', '24')
            self.vigil.pass_time(hours=12)
        self.assertEqual(2, len(self.vigil.mail.messages))
        body = ' '.join(self.vigil.mail.messages[0].get_content().split())
        self.assertIn('2 projects by the changelog', body)
        self.assertIn('the oldest reading is', body)

    def test_feed_and_lines_tell_what_the_mail_tells(self) -> None:
        feed = self.vigil.directory / 'incidents.atom'
        lines = self.vigil.directory / 'incidents.jsonl'
        more = ('--feed', str(feed), '--jsonl', str(lines))
        self.vigil.look(*more)
        self.assertEqual(
            0, len(ElementTree.parse(feed).findall(f'{ATOM}entry'))
        )
        self.store.add_role(vigil.PROJECT, 'eve', 'Owner')
        self.vigil.look(*more)
        (entry,) = ElementTree.parse(feed).findall(f'{ATOM}entry')
        self.assertIn('OSP807', str(entry.findtext(f'{ATOM}title')))
        self.store.remove_role(vigil.PROJECT, 'eve')
        self.vigil.look(*more)
        told = [json.loads(line) for line in lines.read_text().splitlines()]
        self.assertEqual(
            [('opened', 'OSP807'), ('closed', 'OSP807')],
            [(one['occasion'], one['code']) for one in told],
        )

    def test_strings_of_the_index_break_nothing(self) -> None:
        """A user's name with everything that a header or a feed obeys."""
        name = 'eve\r\nBcc: all@example.org\x1b[31m\u202e<b>&amp;'
        self.store.add_role(vigil.PROJECT, name, 'Owner')
        self.vigil.pass_time(hours=1)
        feed = self.vigil.directory / 'incidents.atom'
        # An escape character has no place in XML: no changelog holds it.
        result = self.vigil.look('--feed', str(feed), source='feeds')
        self.assertEqual(1, result.code, result.stderr)
        (mail,) = self.vigil.mail.messages
        self.assertIsNone(mail['Bcc'])
        self.assertEqual([[vigil.LIST]], self.vigil.mail.recipients)
        for text in (str(mail['Subject']), mail.get_content()):
            self.assertNotIn('\x1b', text)
            self.assertNotIn('\u202e', text)
        ElementTree.parse(feed)
        shown = self.vigil.look('-f', 'text')
        self.assertNotIn('\x1b', shown.stdout)
