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

"""A fresh clone gives an installable package with everything in it."""

from __future__ import annotations

import configparser
import email.parser
import os
import pathlib
import runpy
import shutil
import subprocess
import tempfile
import zipfile

import fixtures
import testtools

from openstack_publish.rehearsal import programs

ROOT = pathlib.Path(__file__).resolve().parents[2]


class TestPackaging(testtools.TestCase):
    """What is built of a clone without tags, as CI has it."""

    files: list[str]
    """Paths that git knows."""

    wheel: zipfile.ZipFile

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        directory = tempfile.mkdtemp()
        cls.addClassCleanup(shutil.rmtree, directory)
        clone = os.path.join(directory, 'a clone')
        target = os.path.join(directory, 'dist')
        os.mkdir(target)
        tools = programs.Programs(os.environ)
        # git refuses a repository of another user, which a job may well have.
        config = pathlib.Path(directory, 'gitconfig')
        config.write_text('[safe]\n\tdirectory = *\n')
        subprocess.run(
            ['git', 'clone', '--quiet', '--no-tags', str(ROOT), clone],
            env={**os.environ, 'GIT_CONFIG_GLOBAL': str(config)},
            check=True,
        )
        cls.files = tools.git(clone, 'ls-files').splitlines()
        tools.build(clone, target)
        (wheel,) = pathlib.Path(target).glob('*.whl')
        cls.wheel = zipfile.ZipFile(wheel)
        cls.addClassCleanup(cls.wheel.close)

    def read(self, name: str) -> str:
        """Return a file of the wheel's dist-info."""
        (path,) = [
            path
            for path in self.wheel.namelist()
            if path.endswith(f'.dist-info/{name}')
        ]
        return self.wheel.read(path).decode()

    def test_release_notes_are_those_of_the_checkout(self) -> None:
        """What pbr left of an earlier sdist counts in an sdist alone."""
        root = pathlib.Path(self.useFixture(fixtures.TempDir()).path)
        source = 'releasenotes/source/conf.py'
        cache = root / 'releasenotes/notes/reno.cache'
        for path in (root / source, cache):
            path.parent.mkdir(parents=True)
        shutil.copy(ROOT / source, root / source)
        cache.touch()
        runpy.run_path(str(root / source))
        self.assertTrue(cache.exists())
        (root / '.git').mkdir()
        runpy.run_path(str(root / source))
        self.assertFalse(cache.exists())

    def test_the_wheel_has_every_file_of_the_package(self) -> None:
        """Data files and the marker for type checkers are among them."""
        packaged = {
            name
            for name in self.files
            if name.startswith('openstack_publish/')
        }
        self.assertIn('openstack_publish/py.typed', packaged)
        self.assertIn('openstack_publish/data/openstack-policy.yaml', packaged)
        self.assertEqual(set(), packaged - set(self.wheel.namelist()))

    def test_the_wheel_has_nothing_but_the_package(self) -> None:
        self.assertEqual(
            {'openstack_publish'},
            {
                name.partition('/')[0]
                for name in self.wheel.namelist()
                if '.dist-info/' not in name
            },
        )

    def test_the_version_counts_commits_where_there_is_no_tag(self) -> None:
        metadata = email.parser.Parser().parsestr(self.read('METADATA'))
        self.assertRegex(str(metadata['Version']), r'^0\.0\.1\.dev[0-9]+$')

    def test_it_is_a_program_and_a_plugin_of_twine(self) -> None:
        entry_points = configparser.ConfigParser()
        entry_points.read_string(self.read('entry_points.txt'))
        self.assertEqual(
            ['openstack-publish'], list(entry_points['console_scripts'])
        )
        self.assertEqual(
            ['openstack-publish'],
            list(entry_points['twine.registered_commands']),
        )


class TestScripts(testtools.TestCase):
    """The scripts that start the tests say what is missing."""

    def run_script(self, *arguments: str, path: str) -> tuple[int, str]:
        done = subprocess.run(
            ['/bin/sh', *arguments],
            env={'PATH': path},
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, done.stderr

    def test_everything_that_is_missing_is_named_at_once(self) -> None:
        tools = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, tools)
        for name in ('dirname', 'rm'):
            found = shutil.which(name)
            assert found is not None
            os.symlink(found, os.path.join(tools, name))
        status, said = self.run_script(str(ROOT / 'tools/tox.sh'), path=tools)
        self.assertEqual(2, status)
        self.assertIn('Python 3.11 or later', said)
        self.assertIn('git (Debian: apt-get install git)', said)
        self.assertIn('gpg (Debian: apt-get install gnupg)', said)

    def test_an_older_python_is_not_taken(self) -> None:
        """A python3 on PATH that is 3.10 counts as none."""
        tools = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, tools)
        for name in ('dirname', 'git', 'gpg'):
            found = shutil.which(name)
            assert found is not None
            os.symlink(found, os.path.join(tools, name))
        for name in ('python3', 'python3.11', 'python3.13'):
            old = pathlib.Path(tools, name)
            # What sys.exit() of the script's question comes to on 3.10.
            old.write_text('#!/bin/sh\nexit 1\n')
            old.chmod(0o700)
        status, said = self.run_script(str(ROOT / 'tools/tox.sh'), path=tools)
        self.assertEqual(2, status)
        self.assertIn('Python 3.11 or later', said)
        self.assertNotIn('apt-get install git', said)
