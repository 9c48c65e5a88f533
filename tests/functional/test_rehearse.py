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

"""The rehearsal: of a release that goes well, and of every fault."""

from __future__ import annotations

import dataclasses
import json
import os
import re
import signal
import subprocess
import sys
import urllib.request
from typing import Any

import fixtures
import testtools

from openstack_publish.rehearsal.stories import changes
from openstack_publish.rehearsal.stories import story as stories
from openstack_publish.rehearsal.stories import table
from tests.support import fast_time
from tests.support import keys
from tests.support import receipts
from tests.support import rehearsed
from tests.support import scene

NAMES = [
    'closed-release',
    'co-maintainer-before',
    'co-maintainer-during',
    'connection-cut',
    'expired-key',
    'expired-token',
    'foreign-file',
    'killed-and-run-again',
    'planted-file',
    'read-only-mode',
    'server-error-after-storing',
    'stale-reads',
    'truncated-json',
]

END_LIMIT = 60.0
"""How long a process that got a signal may take to end, in seconds."""


class RehearsalTest(testtools.TestCase):
    """Runs ``rehearse`` in this process."""

    def setUp(self) -> None:
        super().setUp()
        self.useFixture(fast_time.FastTime())
        self.useFixture(rehearsed.BuiltOnce())
        home = self.useFixture(fixtures.TempDir()).path
        self.useFixture(fixtures.EnvironmentVariable('HOME', home))

    def rehearse(self, *arguments: str) -> scene.Result:
        return scene.run(['rehearse', *arguments], {})


class TestRehearse(RehearsalTest):
    def test_a_throw_away_release_is_published(self) -> None:
        result = self.rehearse()
        self.assertEqual(0, result.code, result.stdout + result.stderr)
        self.assertIn('1.0.0: published and confirmed\n', result.stdout)
        self.assertIn('15/15 Receipt\n', result.stderr)

    def test_as_json_it_prints_the_receipt_and_nothing_else(self) -> None:
        result = self.rehearse('-f', 'json')
        self.assertEqual(0, result.code, result.stderr)
        self.assertEqual('published', result.receipt['outcome'])
        self.assertEqual(list(range(1, 16)), result.steps())

    def leaves_nothing(self, *arguments: str) -> None:
        place = self.useFixture(fixtures.TempDir('/tmp')).path
        self.useFixture(fixtures.EnvironmentVariable('TMPDIR', place))
        self.useFixture(fixtures.MonkeyPatch('tempfile.tempdir', place))
        result = self.rehearse(*arguments)
        self.assertEqual(0, result.code, result.stdout + result.stderr)
        self.assertEqual([], os.listdir(place))
        self.assertEqual([], keys.agents_left(place))

    def test_nothing_of_it_is_left(self) -> None:
        self.leaves_nothing()

    def test_no_key_of_the_killed_process_is_left(self) -> None:
        self.leaves_nothing('--fault', 'killed-and-run-again')


class TestNames(RehearsalTest):
    def test_an_unknown_fault_is_wrong_usage_that_names_them_all(self) -> None:
        result = self.rehearse('--fault', 'earthquake')
        self.assertEqual(2, result.code)
        self.assertEqual('', result.stdout)
        for word in ('--fault', 'earthquake', 'list', *NAMES):
            self.assertIn(word, result.stderr)

    def test_an_empty_name_is_wrong_usage(self) -> None:
        self.assertEqual(2, self.rehearse('--fault', '').code)

    def test_a_fault_without_a_name_is_wrong_usage(self) -> None:
        self.assertEqual(2, self.rehearse('--fault').code)

    def test_list_names_every_fault_with_one_line(self) -> None:
        result = self.rehearse('--fault', 'list')
        self.assertEqual(0, result.code)
        self.assertEqual('', result.stderr)
        lines = result.stdout.splitlines()
        self.assertEqual(NAMES, sorted(line.split()[0] for line in lines))
        for line in lines:
            self.assertRegex(line, r'^[a-z-]+ {2,}[a-z]')

    def test_list_is_one_json_document_where_that_is_asked_for(self) -> None:
        result = self.rehearse('--fault', 'list', '-f', 'json')
        self.assertEqual(0, result.code)
        self.assertEqual(
            NAMES, sorted(each['fault'] for each in json.loads(result.stdout))
        )


class TestFaults(RehearsalTest):
    """Each fault: what the two runs end with, as the contract has it."""

    def kept(self, name: str, *outcomes: str) -> dict[str, Any]:
        result = self.rehearse('--fault', name, '-f', 'json')
        self.assertEqual(0, result.code, result.stdout + result.stderr)
        document: dict[str, Any] = json.loads(result.stdout)
        for run in document['runs']:
            receipts.validate(run)
        self.assertEqual(
            list(outcomes), [run['outcome'] for run in document['runs']]
        )
        self.assertEqual(name, document['fault'])
        self.assertIs(True, document['kept'])
        self.assertEqual(
            {(1, True, None), (2, True, None)},
            {
                (check['run'], check['kept'], check['seen'])
                for check in document['checks']
            },
        )
        return document

    def codes(self, document: dict[str, Any]) -> set[str]:
        """Codes of the findings that refused the first run."""
        return {
            found['code']
            for found in document['runs'][0]['findings']
            if found['severity'] == 'error'
        }

    def test_a_co_maintainer_before_refuses(self) -> None:
        document = self.kept('co-maintainer-before', 'refused', 'published')
        self.assertEqual({'OSP401'}, self.codes(document))

    def test_a_co_maintainer_during_the_upload_is_drift(self) -> None:
        document = self.kept(
            'co-maintainer-during', 'unconfirmed', 'published'
        )
        self.assertEqual({'OSP401', 'OSP406'}, self.codes(document))
        self.assertEqual(
            ['added Maintainer mallory'],
            document['runs'][0]['maintainers']['drift'],
        )

    def test_a_foreign_file_is_found_when_files_are_read_back(self) -> None:
        document = self.kept('foreign-file', 'unconfirmed', 'published')
        self.assertEqual({'OSP703'}, self.codes(document))

    def test_a_planted_file_refuses(self) -> None:
        document = self.kept('planted-file', 'refused', 'published')
        self.assertEqual({'OSP303'}, self.codes(document))

    def test_a_500_after_storing_is_settled(self) -> None:
        self.kept('server-error-after-storing', 'published', 'nothing-to-do')

    def test_a_cut_connection_is_settled(self) -> None:
        self.kept('connection-cut', 'published', 'nothing-to-do')

    def test_truncated_json_is_unknown(self) -> None:
        document = self.kept('truncated-json', 'unavailable', 'published')
        self.assertIn('OSP404', self.codes(document))

    def test_stale_reads_are_waited_for(self) -> None:
        self.kept('stale-reads', 'published', 'nothing-to-do')

    def test_read_only_mode_refuses_without_a_trace(self) -> None:
        document = self.kept('read-only-mode', 'refused', 'published')
        self.assertEqual({'OSP318'}, self.codes(document))

    def test_a_closed_release_refuses_and_the_next_version_goes(self) -> None:
        document = self.kept('closed-release', 'refused', 'published')
        self.assertEqual({'OSP304'}, self.codes(document))
        self.assertEqual(
            ['1.0.0', '1.0.1'],
            [run['release']['version'] for run in document['runs']],
        )

    def test_an_expired_token_refuses(self) -> None:
        document = self.kept('expired-token', 'refused', 'published')
        self.assertEqual({'OSP601'}, self.codes(document))

    def test_an_expired_key_refuses(self) -> None:
        document = self.kept('expired-key', 'refused', 'published')
        self.assertEqual({'OSP509'}, self.codes(document))

    def test_a_killed_run_is_completed(self) -> None:
        document = self.kept('killed-and-run-again', 'incomplete', 'published')
        self.assertEqual(
            ['already-there', 'uploaded'],
            [file['step'] for file in document['runs'][1]['artifacts']],
        )


class TestTelling(RehearsalTest):
    """The text is for somebody who has to decide what to do."""

    def test_a_story_is_told_in_its_order(self) -> None:
        result = self.rehearse('--fault', 'co-maintainer-during')
        self.assertEqual(0, result.code, result.stdout + result.stderr)
        parts = (
            'co-maintainer-during: somebody gets a role',
            '\nWhat happens\n  The maintainers',
            '1.0.0: uploaded, but NOT CONFIRMED\n',
            '\nWhat must be true after the first run\n  kept  ',
            '\nWhat a release manager does now\n  An Owner removes mallory',
            '1.0.0: published and confirmed\n',
            '\nWhat must be true after the second run\n  kept  ',
            '\nThe promise was kept\n  A role that',
        )
        places = [result.stdout.find(part) for part in parts]
        self.assertNotIn(-1, places, result.stdout)
        self.assertEqual(sorted(places), places)
        self.assertRegex(
            result.stderr, r'\nnext: openstack-publish publish .* --confirm-on'
        )
        self.assertEqual(1, result.stderr.count('\nnext: '))

    def test_what_the_killed_process_wrote_is_shown(self) -> None:
        result = self.rehearse('--fault', 'killed-and-run-again')
        self.assertEqual(0, result.code, result.stdout + result.stderr)
        self.assertIn('12/15 Upload\n1/15 Order\n', result.stderr)
        self.assertIn('so it was  the process is killed', result.stdout)
        self.assertIn('The process was killed before', result.stdout)

    def test_quiet_leaves_the_results_alone(self) -> None:
        result = scene.run(
            ['-q', 'rehearse', '--fault', 'killed-and-run-again'], {}
        )
        self.assertEqual(0, result.code, result.stdout + result.stderr)
        self.assertEqual('', result.stderr)
        self.assertIn('The promise was kept', result.stdout)

    def test_no_token_is_shown(self) -> None:
        for name in ('expired-token', 'killed-and-run-again'):
            for form in ('text', 'json'):
                result = self.rehearse('--fault', name, '-f', form)
                self.assertNotIn('pypi-Ag', result.stdout + result.stderr)


class TestBroken(RehearsalTest):
    """A promise that is not kept is told, whatever the tool says."""

    def disturb(self, name: str, number: int, **fields: Any) -> None:
        """Change an act of a story, the first or the second."""
        before = table.STORIES[name]
        first, second = before.acts
        if number == 1:
            first = dataclasses.replace(first, **fields)
        else:
            second = dataclasses.replace(second, **fields)
        self.useFixture(
            fixtures.MonkeyPatch(
                'openstack_publish.rehearsal.stories.table.STORIES',
                {name: dataclasses.replace(before, acts=(first, second))},
            )
        )

    def broken(self, name: str, run: int) -> list[str]:
        """Rehearse; return what was seen instead of the promises of a run."""
        result = self.rehearse('--fault', name, '-f', 'json')
        self.assertEqual(1, result.code, result.stdout + result.stderr)
        document = json.loads(result.stdout)
        self.assertIs(False, document['kept'])
        return [
            check['seen']
            for check in document['checks']
            if check['run'] == run and not check['kept']
        ]

    def undisturbed(self, name: str) -> None:
        """Nothing happens in the first act, and that is noticed."""
        self.disturb(name, 1, change=stories.unchanged, killed=False)
        self.assertNotEqual([], self.broken(name, 1))

    def unmended(self, name: str) -> None:
        """Nobody mends it in the second act, and that is noticed."""
        self.disturb(name, 2, change=stories.unchanged)
        self.assertNotEqual([], self.broken(name, 2))

    def test_no_co_maintainer_before(self) -> None:
        self.undisturbed('co-maintainer-before')

    def test_no_co_maintainer_during(self) -> None:
        self.undisturbed('co-maintainer-during')

    def test_no_foreign_file(self) -> None:
        self.undisturbed('foreign-file')

    def test_no_planted_file(self) -> None:
        self.undisturbed('planted-file')

    def test_no_server_error(self) -> None:
        self.undisturbed('server-error-after-storing')

    def test_no_cut_connection(self) -> None:
        self.undisturbed('connection-cut')

    def test_no_truncated_json(self) -> None:
        self.undisturbed('truncated-json')

    def test_no_stale_reads(self) -> None:
        self.undisturbed('stale-reads')

    def test_no_read_only_mode(self) -> None:
        self.undisturbed('read-only-mode')

    def test_no_closed_release(self) -> None:
        self.undisturbed('closed-release')

    def test_no_expired_token(self) -> None:
        self.undisturbed('expired-token')

    def test_no_expired_key(self) -> None:
        self.undisturbed('expired-key')

    def test_nobody_killed(self) -> None:
        self.undisturbed('killed-and-run-again')

    def test_a_co_maintainer_who_was_there_before_stays(self) -> None:
        self.unmended('co-maintainer-before')

    def test_a_co_maintainer_who_came_during_stays(self) -> None:
        self.unmended('co-maintainer-during')

    def test_a_foreign_file_stays(self) -> None:
        self.unmended('foreign-file')

    def test_a_planted_file_stays(self) -> None:
        self.unmended('planted-file')

    def test_json_stays_truncated(self) -> None:
        self.unmended('truncated-json')

    def test_the_index_stays_read_only(self) -> None:
        self.unmended('read-only-mode')

    def test_the_release_stays_closed(self) -> None:
        self.unmended('closed-release')

    def test_the_token_stays_expired(self) -> None:
        self.unmended('expired-token')

    def test_the_key_stays_expired(self) -> None:
        self.unmended('expired-key')

    def test_a_process_that_never_uploads_is_not_a_killed_one(self) -> None:
        self.disturb('killed-and-run-again', 1, change=changes.expired_token)
        self.assertIn('exit code 1', self.broken('killed-and-run-again', 1))

    def test_the_text_says_which_promise_was_broken(self) -> None:
        self.disturb('planted-file', 1, change=stories.unchanged)
        result = self.rehearse('--fault', 'planted-file')
        self.assertEqual(1, result.code, result.stdout + result.stderr)
        self.assertIn('\nTHE PROMISE WAS BROKEN\n', result.stdout)
        self.assertNotIn('The promise was kept', result.stdout)
        self.assertIn(
            '  BROKEN     the run ends with exit code 1, refused; seen '
            'instead: exit code 0,\n             published\n',
            result.stdout,
        )

    def test_the_text_says_that_a_story_did_not_come_about(self) -> None:
        self.disturb('connection-cut', 1, change=stories.unchanged)
        result = self.rehearse('--fault', 'connection-cut')
        self.assertEqual(1, result.code, result.stdout + result.stderr)
        self.assertIn(
            '  NOT SO     the first of two uploads gets no answer; seen '
            'instead: answered:\n             200, 200\n',
            result.stdout,
        )


class TestProcesses(testtools.TestCase):
    """What needs a process of its own."""

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [
                *(sys.executable, '-m', 'openstack_publish'),
                *('rehearse', *arguments),
            ],
            env={
                **os.environ,
                'HOME': self.useFixture(fixtures.TempDir()).path,
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process

    def kept_running(self, stream: Any) -> str:
        """Read up to the last line; return the address of the index."""
        text = ''
        for line in stream:
            text += line
            if line.startswith('openstack-publish rule '):
                break
        found = re.search(r'The index runs at (\S+) until Ctrl-C', text)
        self.assertIsNotNone(found, text)
        assert found is not None
        self.shown = text[found.end() :].splitlines()[1:]
        return found.group(1)

    def run_shown(self) -> int:
        """Run each command that was shown to try, and return their number."""
        commands = [
            line for line in self.shown if line and not line.startswith('#')
        ]
        binaries = os.path.dirname(sys.executable)
        for command in commands:
            done = subprocess.run(
                ['bash', '-euc', command],
                env={
                    'PATH': f'{binaries}:{os.environ["PATH"]}',
                    'HOME': self.useFixture(fixtures.TempDir()).path,
                },
                capture_output=True,
                text=True,
                timeout=END_LIMIT,
                check=False,
            )
            self.assertEqual(
                0, done.returncode, command + done.stdout + done.stderr
            )
        return len(commands)

    def files(self, url: str) -> list[str]:
        """Ask the index which files the release has."""
        project = 'openstack-publish-rehearsal'
        with urllib.request.urlopen(
            f'{url}/pypi/{project}/1.0.0/json', timeout=END_LIMIT
        ) as answer:
            document = json.load(answer)
        return sorted(file['packagetype'] for file in document['urls'])

    def test_keep_leaves_the_index_running_until_ctrl_c(self) -> None:
        process = self.start('--keep')
        url = self.kept_running(process.stdout)
        self.assertEqual(['bdist_wheel', 'sdist'], self.files(url))
        self.assertEqual(7, self.run_shown())
        process.send_signal(signal.SIGINT)
        _, stderr = process.communicate(timeout=END_LIMIT)
        self.assertEqual(0, process.returncode, stderr)
        self.assertNotIn('Traceback', stderr)

    def test_keep_leaves_the_index_as_a_story_left_it(self) -> None:
        process = self.start(
            '--fault', 'killed-and-run-again', '--keep', '-f', 'json'
        )
        url = self.kept_running(process.stderr)
        self.assertEqual(['bdist_wheel', 'sdist'], self.files(url))
        process.send_signal(signal.SIGINT)
        stdout, _ = process.communicate(timeout=END_LIMIT)
        self.assertEqual(0, process.returncode)
        self.assertIs(True, json.loads(stdout)['kept'])

    def test_a_signal_in_a_story_breaks_no_promise_and_exits_3(self) -> None:
        process = self.start('--fault', 'stale-reads')
        assert process.stderr is not None
        for line in process.stderr:
            if line.startswith('13/15 '):
                process.send_signal(signal.SIGINT)
                break
        stdout, stderr = process.communicate(timeout=END_LIMIT)
        self.assertEqual(3, process.returncode, stdout + stderr)
        self.assertIn('stopped by a signal', stderr)
        self.assertNotIn('BROKEN', stdout)
