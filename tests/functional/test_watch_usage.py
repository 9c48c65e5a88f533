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

"""Wrong usage of the watch."""

import pathlib
import sqlite3

import testtools

from openstack_publish.cli import watch
from tests.support import mailserver
from tests.support import scene
from tests.support import vigil


class TestUsage(testtools.TestCase):
    """What is refused, and with which words."""

    def setUp(self) -> None:
        super().setUp()
        self.vigil = self.useFixture(vigil.Vigil())

    def assertWrong(self, result: scene.Result, *words: str) -> None:
        self.assertEqual(2, result.code, result.stdout + result.stderr)
        for word in words:
            self.assertIn(word, result.stderr)
        self.assertNotIn('Traceback', result.stderr)

    def test_it_wants_to_know_how_often(self) -> None:
        words = self.vigil.arguments()
        words.remove('--once')
        self.assertWrong(scene.run(words, {}))

    def test_an_interval_has_a_lower_end(self) -> None:
        words = self.vigil.arguments()
        words.remove('--once')
        result = scene.run([*words, '--interval', '59'], {})
        self.assertWrong(result)

    def test_it_wants_a_checkout(self) -> None:
        words = self.vigil.arguments()
        place = words.index('--releases')
        del words[place : place + 2]
        self.assertWrong(scene.run(words, {}), '--releases')

    def test_mail_wants_a_sender(self) -> None:
        words = self.vigil.arguments()
        place = words.index('--mail-from')
        del words[place : place + 2]
        self.assertWrong(scene.run(words, {}), '--mail-from')

    def test_a_mail_server_is_host_and_port(self) -> None:
        self.assertWrong(self.vigil.look('--smtp', 'mail:port'), 'mail:port')

    def test_addresses_are_addresses(self) -> None:
        for address in ('nobody', 'a@b\nBcc: c@d', ''):
            result = self.vigil.look('--mail-to', address)
            self.assertWrong(result)

    def test_a_state_file_of_somebody_else_is_left_alone(self) -> None:
        foreign = self.vigil.directory / 'foreign'
        for content in (b'not a database' * 100, None):
            foreign.unlink(missing_ok=True)
            if content is None:
                with sqlite3.connect(foreign) as database:
                    database.execute('CREATE TABLE mine (a)')
                database.close()
            else:
                foreign.write_bytes(content)
            before = foreign.read_bytes()
            result = self.vigil.look('--state', str(foreign))
            self.assertWrong(result, str(foreign))
            self.assertEqual(before, foreign.read_bytes())

    def test_a_state_file_needs_a_directory(self) -> None:
        place = str(self.vigil.directory / 'none' / 'state')
        self.assertWrong(self.vigil.look('--state', place), place)

    def test_a_directory_is_no_state_file(self) -> None:
        place = str(self.vigil.directory)
        self.assertWrong(self.vigil.look('--state', place), place)

    def test_hours_have_both_ends(self) -> None:
        for option in ('--repeat', '--heartbeat'):
            for hours in ('0', '-1', 'inf', '1e300', '9000'):
                self.assertWrong(self.vigil.look(option, hours))

    def test_a_key_that_is_none_is_told_at_once(self) -> None:
        archive = self.vigil.directory / 'archive'
        archive.mkdir()
        result = self.vigil.look(
            *('--archive', str(archive), '--trusted-key', 'nobody')
        )
        self.assertWrong(result, 'nobody')

    def test_files_to_tell_in_need_one_too(self) -> None:
        for option in ('--feed', '--jsonl'):
            place = str(self.vigil.directory / 'none' / 'file')
            self.assertWrong(self.vigil.look(option, place), option, place)

    def test_list_and_ack_want_a_state_file_that_is_there(self) -> None:
        for words in (['list'], ['ack', 'x', '--reason', 'y']):
            result = scene.run(
                ['watch', *words, '--state', str(self.vigil.state)], {}
            )
            self.assertWrong(result, str(self.vigil.state))

    def test_the_state_file_is_its_owners_alone(self) -> None:
        self.vigil.look()
        self.assertEqual(0o600, self.vigil.state.stat().st_mode & 0o777)


class TestLogin(testtools.TestCase):
    """A mail server that wants to know who it is."""

    def setUp(self) -> None:
        super().setUp()
        self.vigil = self.useFixture(vigil.Vigil())
        self.vigil.look('--baseline')
        self.vigil.mail = self.useFixture(
            mailserver.MailServer(('robot', 'the-secret'))
        )
        self.vigil.index.store.add_role(vigil.PROJECT, 'eve', 'Owner')

    def look(self, password: str, *, trusted: bool = True) -> scene.Result:
        environment = {watch.USER: 'robot', watch.PASSWORD: password}
        if trusted:
            environment['SSL_CERT_FILE'] = str(mailserver.CERTIFICATE)
        return self.vigil.look(environment=environment)

    def test_it_logs_in_over_an_encrypted_connection(self) -> None:
        result = self.look('the-secret')
        self.assertEqual([True], self.vigil.mail.encrypted, result.stdout)

    def test_a_wrong_password_delays_and_shows_nowhere(self) -> None:
        result = self.look('wrong-secret')
        self.assertEqual([], self.vigil.mail.messages)
        self.assertIn('535', result.stdout)
        for place in (self.vigil.state, pathlib.Path('/dev/null')):
            self.assertNotIn(b'wrong-secret', place.read_bytes())
        self.assertNotIn('wrong-secret', result.stdout + result.stderr)
        self.look('the-secret')
        self.assertEqual(1, len(self.vigil.mail.messages))

    def test_a_certificate_that_nobody_knows_gets_no_password(self) -> None:
        result = self.look('the-secret', trusted=False)
        self.assertEqual([], self.vigil.mail.messages)
        self.assertIn('certificate', result.stdout)

    def test_the_mail_server_of_this_machine_may_have_any_certificate(
        self,
    ) -> None:
        """As Debian's Postfix has; only a password is worth a refusal."""
        self.vigil.mail = self.useFixture(mailserver.MailServer(encrypts=True))
        result = self.vigil.look()
        self.assertEqual([True], self.vigil.mail.encrypted, result.stdout)

    def test_a_password_is_never_sent_in_the_clear(self) -> None:
        self.vigil.mail = self.useFixture(mailserver.MailServer())
        result = self.look('the-secret')
        self.assertEqual([], self.vigil.mail.messages)
        self.assertIn('STARTTLS', result.stdout)

    def test_a_recipient_that_is_refused_is_told(self) -> None:
        self.vigil.mail = self.useFixture(mailserver.MailServer())
        self.vigil.mail.refuses_recipients = {vigil.LIST}
        result = self.vigil.look('--mail-to', 'other@example.org')
        self.assertIn(f'{vigil.LIST} is unknown', result.stdout)
        self.vigil.mail.refuses_recipients = set()
        self.vigil.look('--mail-to', 'other@example.org')
        ids = self.vigil.mail.ids
        self.assertEqual(1, len(set(ids)), str(ids))
