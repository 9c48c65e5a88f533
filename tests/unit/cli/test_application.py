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

import io
import json
import logging

import fixtures
import testtools

from openstack_publish import exceptions
from openstack_publish.cli import application
from openstack_publish.cli import base
from openstack_publish.cli import logs
from openstack_publish.rules import catalogue


class TestApplication(testtools.TestCase):
    def setUp(self) -> None:
        super().setUp()
        root = logging.getLogger()
        handlers, level = list(root.handlers), root.level
        self.addCleanup(setattr, root, 'handlers', handlers)
        self.addCleanup(root.setLevel, level)
        self.stdout, self.stderr = io.StringIO(), io.StringIO()

    def run_with(self, *argv: str) -> int:
        app = application.Application(self.stdout, self.stderr)
        try:
            return app.run(list(argv))
        except SystemExit as end:
            return int(str(end.code))

    def test_without_arguments_it_shows_the_usage_and_exits_2(self) -> None:
        self.assertEqual(2, self.run_with())
        self.assertIn('usage: openstack-publish', self.stderr.getvalue())
        self.assertEqual('', self.stdout.getvalue())

    def test_a_command_is_not_abbreviated(self) -> None:
        self.assertEqual(2, self.run_with('rul'))
        self.assertIn("no such command: 'rul'", self.stderr.getvalue())
        self.assertEqual('', self.stdout.getvalue())

    def test_an_option_before_the_command_is_called_an_option(self) -> None:
        self.assertEqual(2, self.run_with('--releases=x', 'check'))
        self.assertEqual(
            "openstack-publish: error: no such global option: '--releases=x'; "
            'see openstack-publish --help\n',
            self.stderr.getvalue(),
        )

    def test_a_file_that_is_not_there_is_named_once(self) -> None:
        for where, told in (
            ('/no', '/no is not there'),
            ('--policy', '--policy: /no is not there'),
            (None, '/no is not there'),
        ):
            error = exceptions.Misconfigured('/no is not there', where=where)
            self.assertEqual([told], base.wrong(error))

    def test_an_option_is_not_abbreviated(self) -> None:
        for option in ('--dry', '--repository-ur=x'):
            self.assertEqual(2, self.run_with('publish', option))

    def test_words_that_nobody_knows_are_shown_and_not_obeyed(self) -> None:
        word = 'x\x1b]0;gone\x07\nFORGED\u202e'
        nowhere = self.useFixture(fixtures.TempDir()).join('none')
        printed = io.StringIO()
        self.useFixture(fixtures.MonkeyPatch('sys.stderr', printed))
        for argv in (
            ['token', word],
            ['publish', f'--{word}'],
            [f'--{word}', 'token'],
            ['--log-file', f'{nowhere}/{word}', 'rule'],
        ):
            self.assertEqual(2, self.run_with(*argv))
        said = self.stderr.getvalue() + printed.getvalue()
        self.assertEqual(4, said.count('x\\x1b]0;gone\\x07\\nFORGED\\u202e'))
        for character in '\x1b\x07\u202e':
            self.assertNotIn(character, said)
        self.assertNotIn('\nFORGED', said)

    def test_a_rule_that_is_not_there_is_wrong_usage(self) -> None:
        self.assertEqual(2, self.run_with('rule', 'OSP999'))
        self.assertIn('there is no rule OSP999', self.stderr.getvalue())

    def test_a_rule_prints_its_page(self) -> None:
        self.assertEqual(0, self.run_with('rule', 'osp401'))
        for word in ('OSP401: ', 'What\n', 'Why\n', 'What to do\n'):
            self.assertIn(word, self.stdout.getvalue())

    def test_without_a_code_every_rule_is_listed(self) -> None:
        self.assertEqual(0, self.run_with('rule'))
        for page in catalogue.pages():
            self.assertIn(f'| {page.code} |', self.stdout.getvalue())

    def test_the_list_of_rules_is_json_for_a_program(self) -> None:
        self.assertEqual(0, self.run_with('rule', '-f', 'json', '-c', 'code'))
        self.assertEqual(
            [{'code': page.code} for page in catalogue.pages()],
            json.loads(self.stdout.getvalue()),
        )

    def test_the_help_of_a_command_is_of_that_command(self) -> None:
        for argv in (['rule', '--help'], ['rule', '-h'], ['help', 'rule']):
            self.stdout.truncate(0)
            self.assertEqual(0, self.run_with(*argv))
            self.assertIn('usage: openstack-publish rule', self.text())

    def test_help_takes_no_abbreviation(self) -> None:
        for name in ('pub', 'nothing'):
            self.assertEqual(2, self.run_with('help', name))
            self.assertEqual('', self.stdout.getvalue())

    def text(self) -> str:
        return self.stdout.getvalue()

    def test_publish_without_a_checkout_is_wrong_usage(self) -> None:
        self.useFixture(
            fixtures.EnvironmentVariable('OPENSTACK_PUBLISH_RELEASES')
        )
        self.assertEqual(2, self.run_with('publish'))
        self.assertIn('--releases', self.stdout.getvalue())
        self.assertIn(
            'mended: openstack-publish publish', self.stderr.getvalue()
        )


class TestRedactor(testtools.TestCase):
    def setUp(self) -> None:
        super().setUp()
        root = logging.getLogger()
        handlers, level = list(root.handlers), root.level
        self.addCleanup(setattr, root, 'handlers', handlers)
        self.addCleanup(root.setLevel, level)

    def test_a_log_on_a_full_disk_is_told_once_and_shows_nothing(self) -> None:
        """logging itself prints the record's arguments, secrets and all."""
        printed = self.useFixture(fixtures.StringStream('stderr')).stream
        self.useFixture(fixtures.MonkeyPatch('sys.stderr', printed))
        stream = io.StringIO()
        logs.configure(stream, 0, '/dev/full', logs.Redactor())
        for _ in range(2):
            logging.getLogger('x').info('a %s', 'pypi-secret')
        self.assertEqual(
            '--log-file /dev/full can no longer be written: No space left on '
            'device\n',
            stream.getvalue(),
        )
        printed.seek(0)
        self.assertEqual('', printed.read())

    def test_a_record_that_cannot_be_formatted_is_dropped(self) -> None:
        printed = self.useFixture(fixtures.StringStream('stderr')).stream
        self.useFixture(fixtures.MonkeyPatch('sys.stderr', printed))
        stream = io.StringIO()
        logs.configure(stream, 0, None, logs.Redactor())
        logging.getLogger('x').error('a %d', 'pypi-secret')
        logging.getLogger('x').error('the next one')
        self.assertEqual('x: the next one\n', stream.getvalue())
        printed.seek(0)
        self.assertEqual('', printed.read())

    def test_a_library_shows_its_traceback_to_who_wants_everything(
        self,
    ) -> None:
        for level, shown in ((0, False), (2, False), (3, True)):
            stream = io.StringIO()
            logs.configure(stream, level, None, logs.Redactor())
            try:
                raise OSError('no more files')
            except OSError:
                logging.getLogger('gnupg').exception('Unable to run gpg')
            self.assertIn('gnupg: Unable to run gpg', stream.getvalue())
            self.assertEqual(shown, 'Traceback' in stream.getvalue())

    def test_a_secret_is_hidden_in_every_log_line(self) -> None:
        redactor = logs.Redactor()
        redactor.learn('pypi-secret')
        redactor.learn('')
        redactor.learn(None)
        stream = io.StringIO()
        logs.configure(stream, 3, None, redactor)
        try:
            raise ValueError('pypi-secret in an error')
        except ValueError:
            logging.getLogger('x').exception('a %s \x1b[1m', 'pypi-secret')
        self.assertNotIn('pypi-secret', stream.getvalue())
        self.assertNotIn('\x1b', stream.getvalue())
        self.assertIn(logs.HIDDEN, stream.getvalue())
