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

"""Private homes: they go, with their agents, however a run ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import textwrap

import fixtures
import testtools

from openstack_publish import exceptions
from openstack_publish.gates import openpgp
from openstack_publish.gates import processes
from openstack_publish.gates.openpgp import home
from tests.support import keys


class HomeTestCase(testtools.TestCase):
    """A short directory for temporary files that is this test's own."""

    def setUp(self) -> None:
        super().setUp()
        self.where = self.short()
        self.useFixture(fixtures.MonkeyPatch('tempfile.tempdir', self.where))
        self.runner = processes.Processes(os.environ)

    def short(self) -> str:
        return self.useFixture(keys.ShortDirectory()).path

    def homes(self) -> list[str]:
        return [
            name
            for name in os.listdir(self.where)
            if name.startswith(home.PREFIX)
        ]


class TestHome(HomeTestCase):
    """One home."""

    def test_too_long_a_path_is_refused_and_leaves_nothing(self) -> None:
        long = os.path.join(self.where, 'x' * 80)
        os.mkdir(long)
        self.useFixture(fixtures.MonkeyPatch('tempfile.tempdir', long))
        error = self.assertRaises(
            exceptions.Misconfigured, home.Home, self.runner
        )
        self.assertEqual('TMPDIR', error.where)
        self.assertIn('works up to 86', error.message)
        self.assertEqual([], os.listdir(long))

    def test_a_path_of_just_the_limit_works(self) -> None:
        length = home.PATH_LIMIT - len(self.where) - len('//osp-') - 8
        long = os.path.join(self.where, 'x' * length)
        os.mkdir(long)
        self.useFixture(fixtures.MonkeyPatch('tempfile.tempdir', long))
        keyring = self.useFixture(keys.Keyring(place=self.where))
        key = keyring.secret_file(keyring.generate())
        with openpgp.OpenPGP(self.runner, sign_key_file=key) as gpg:
            proof = gpg.prove()
            # Beside it lies what the keyring of this test wrote.
            (private, *_) = (
                name
                for name in os.listdir(long)
                if name.startswith(home.PREFIX)
            )
            self.assertEqual(home.PATH_LIMIT, len(os.path.join(long, private)))
            assert proof is not None
            self.assertEqual('usable', proof.state.value, proof.detail)

    def test_no_place_for_it(self) -> None:
        self.useFixture(fixtures.MonkeyPatch('tempfile.tempdir', '/nowhere'))
        self.assertRaises(exceptions.Unavailable, home.Home, self.runner)

    def test_it_is_ours_alone_and_gone_once_closed(self) -> None:
        with home.Home(self.runner) as made:
            self.assertEqual(0o700, os.stat(made.path).st_mode & 0o777)
            self.assertTrue(made.path.startswith(self.where))
        self.assertEqual([], os.listdir(self.where))

    def test_it_may_be_closed_twice(self) -> None:
        made = home.Home(self.runner)
        made.close()
        made.close()
        self.assertEqual([], self.homes())

    def test_it_is_gone_after_an_error(self) -> None:
        def fail() -> None:
            with home.Home(self.runner):
                raise ValueError('of the test')

        self.assertRaises(ValueError, fail)
        self.assertEqual([], self.homes())


class TestSweep(HomeTestCase):
    """Homes of other runs."""

    def test_the_home_of_a_living_process_is_left_alone(self) -> None:
        with home.Home(self.runner) as one:
            with home.Home(self.runner):
                self.assertTrue(os.path.isdir(one.path))

    def test_directories_that_are_no_homes_are_left_alone(self) -> None:
        foreign = os.path.join(self.where, f'{home.PREFIX}foreign')
        os.mkdir(foreign)
        file = os.path.join(self.where, f'{home.PREFIX}file')
        with open(file, 'w'):
            pass
        target = os.path.join(self.where, 'target')
        os.mkdir(target)
        with open(os.path.join(target, home.LOCK), 'w'):
            pass
        os.symlink(target, os.path.join(self.where, f'{home.PREFIX}link'))
        home.Home(self.runner).close()
        self.assertEqual(
            sorted(
                [
                    'target',
                    *(
                        f'{home.PREFIX}{x}'
                        for x in ('file', 'foreign', 'link')
                    ),
                ]
            ),
            sorted(os.listdir(self.where)),
        )
        self.assertEqual([home.LOCK], os.listdir(target))

    def test_the_home_of_a_killed_process_goes_with_its_agent(self) -> None:
        keyring = self.useFixture(keys.Keyring(place=self.where))
        path = keyring.secret_file(keyring.generate())
        script = """
            import os, signal, sys
            from openstack_publish.gates import openpgp, processes
            runner = processes.Processes(os.environ)
            gpg = openpgp.OpenPGP(runner, sign_key_file=sys.argv[1])
            gpg.prove()
            os.kill(os.getpid(), signal.SIGKILL)
        """
        done = subprocess.run(
            [sys.executable, '-c', textwrap.dedent(script), path],
            env={**os.environ, 'TMPDIR': self.where},
            cwd=os.getcwd(),
            timeout=60,
            check=False,
        )
        self.assertEqual(-signal.SIGKILL, done.returncode)
        left = self.homes()
        self.assertEqual(2, len(left))
        self.assertNotEqual(
            [], keys.agents(below=self.where, but=keyring.home)
        )
        home.Home(self.runner).close()
        self.assertEqual([], self.homes())
        self.assertEqual(
            [], keys.agents_left(below=self.where, but=keyring.home)
        )


class TestClose(HomeTestCase):
    """What is left of a gpg that was closed: nothing."""

    def test_verification_starts_no_agent(self) -> None:
        keyring = self.useFixture(keys.Keyring(place=self.where))
        key = keyring.generate()
        path = os.path.join(self.where, 'data')
        with open(path, 'w') as opened:
            opened.write('data')
        signed = keyring.sign(path, key)
        with openpgp.OpenPGP(self.runner) as gpg:
            gpg.trust([keyring.public_file(key)])
            self.assertEqual(1, len(gpg.verify(signed, path).valid))
            self.assertEqual(
                [], keys.agents(below=self.where, but=keyring.home)
            )

    def test_no_key_and_no_agent_of_ours_is_left(self) -> None:
        keyring = self.useFixture(keys.Keyring(place=self.where))
        path = keyring.secret_file(keyring.generate())
        before = set(os.listdir(self.where))
        with openpgp.OpenPGP(self.runner, sign_key_file=path) as gpg:
            gpg.prove()
            self.assertEqual(2, len(self.homes()))
            self.assertEqual(
                1, len(keys.agents(below=self.where, but=keyring.home))
            )
        self.assertEqual(before, set(os.listdir(self.where)))
        self.assertEqual(
            [], keys.agents_left(below=self.where, but=keyring.home)
        )

    def test_nothing_is_left_where_the_key_file_is_none(self) -> None:
        path = os.path.join(self.where, 'none')
        with open(path, 'w') as opened:
            opened.write('no key')
        with openpgp.OpenPGP(self.runner, sign_key_file=path) as gpg:
            gpg.prove()
        self.assertEqual(['none'], os.listdir(self.where))

    def test_nothing_is_left_where_gpg_is_missing(self) -> None:
        runner = processes.Processes({'PATH': '/nowhere'})
        with openpgp.OpenPGP(runner) as gpg:
            for _ in range(2):
                self.assertRaises(
                    exceptions.Unavailable, gpg.trust, ['/etc/hostname']
                )
        self.assertEqual([], self.homes())

    def test_a_users_home_keeps_its_files_and_its_agent(self) -> None:
        keyring = self.useFixture(keys.Keyring(place=self.where))
        key = keyring.generate()
        agents = keys.agents(below=keyring.home)
        self.assertEqual(1, len(agents))
        with openpgp.OpenPGP(
            self.runner, sign_key=key.primary, gnupg_home=keyring.home
        ) as gpg:
            gpg.prove()
        self.assertEqual(agents, keys.agents(below=keyring.home))
        keyring.sign('/etc/hostname', key, target=tempfile.mktemp())

    def test_nothing_is_started_before_the_first_question(self) -> None:
        with openpgp.OpenPGP(self.runner, sign_key='A' * 40):
            self.assertEqual([], os.listdir(self.where))
