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

"""The throw-away release is one that a release job could have made."""

from __future__ import annotations

import datetime
import email.parser
import importlib.metadata
import json
import os
import pathlib
import re
import shutil
import stat
import subprocess
import tarfile
import tempfile
import zipfile

import fixtures
import gnupg
import testtools
from twine.commands import check as twine_check

from openstack_publish import exceptions
from openstack_publish.rehearsal import programs
from openstack_publish.rehearsal import release
from openstack_publish.rehearsal import signing_key
from openstack_publish.rehearsal import source_tree

NOW = datetime.datetime.now(datetime.UTC)


def git(directory: str, *arguments: str) -> str:
    """Run git and return what it printed."""
    return subprocess.run(
        ['git', *arguments],
        cwd=directory,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.strip()


def pbr_json(path: str) -> dict[str, object] | None:
    """Return what pbr wrote into a distribution."""
    if path.endswith('.whl'):
        with zipfile.ZipFile(path) as wheel:
            for name in wheel.namelist():
                if name.endswith('.dist-info/pbr.json'):
                    return dict(json.loads(wheel.read(name)))
        return None
    with tarfile.open(path) as sdist:
        for member in sdist:
            if member.name.endswith('.egg-info/pbr.json'):
                opened = sdist.extractfile(member)
                assert opened is not None
                return dict(json.load(opened))
    return None


class ReleaseTestCase(testtools.TestCase):
    """Has an empty directory and makes releases in it."""

    def setUp(self) -> None:
        super().setUp()
        self.directory = self.useFixture(fixtures.TempDir()).path
        self.environment = dict(os.environ)

    def make(
        self,
        recipe: source_tree.Recipe | None = None,
        release_type: str | None = None,
    ) -> release.ThrowAwayRelease:
        return release.make(
            self.directory,
            self.environment,
            NOW,
            recipe=recipe,
            release_type=release_type,
        )


class TestFailures(ReleaseTestCase):
    """What can go wrong says what is missing."""

    def test_a_missing_program_is_named(self) -> None:
        self.environment['PATH'] = self.directory
        raised = self.assertRaises(exceptions.Unavailable, self.make)
        self.assertEqual('gpg is not there', raised.cause)

    def test_a_directory_that_is_not_there_is_named(self) -> None:
        self.directory = os.path.join(self.directory, 'missing')
        raised = self.assertRaises(exceptions.Unavailable, self.make)
        self.assertIn(self.directory, raised.cause)

    def test_a_missing_extra_is_named(self) -> None:
        self.useFixture(
            fixtures.MonkeyPatch(
                'importlib.metadata.requires',
                lambda name: ['nowhere-to-be-found>=2; extra == "rehearsal"'],
            )
        )
        raised = self.assertRaises(exceptions.Misconfigured, self.make)
        self.assertEqual(
            'a rehearsal needs nowhere-to-be-found>=2, and there is none; '
            'install "openstack-publish[rehearsal]"',
            str(raised),
        )

    def test_an_extra_that_is_too_old_is_named(self) -> None:
        self.useFixture(
            fixtures.MonkeyPatch(
                'importlib.metadata.requires',
                lambda name: ['setuptools>=7777; extra == "rehearsal"'],
            )
        )
        raised = self.assertRaises(exceptions.Misconfigured, self.make)
        self.assertIn(importlib.metadata.version('setuptools'), str(raised))

    def test_a_failed_build_says_what_the_build_said(self) -> None:
        broken = source_tree.Recipe(files={'setup.cfg': '[metadata\n'})
        raised = self.assertRaises(exceptions.Unavailable, self.make, broken)
        self.assertIn('-m build --no-isolation', raised.what)
        self.assertRegex(raised.cause, r'^it ended with 1: (.|\n)+setup.cfg')

    def test_a_build_that_gives_no_wheel_and_sdist_is_refused(self) -> None:
        made = self.make()

        class OneWheel(programs.Programs):
            def build(self, source: str, target: str) -> None:
                pathlib.Path(target, 'a-1-py3-none-any.whl').touch()

        raised = self.assertRaises(
            exceptions.Unavailable,
            source_tree.build,
            made.source_tree,
            os.path.join(self.directory, 'other'),
            OneWheel(self.environment),
        )
        self.assertEqual(
            'it gave a-1-py3-none-any.whl and not one wheel and one sdist',
            raised.cause,
        )

    def test_a_version_that_was_released_is_not_released_again(self) -> None:
        made = self.make()
        raised = self.assertRaises(
            exceptions.Unavailable,
            release.another_version,
            made,
            '1.0.0',
            self.environment,
        )
        self.assertIn('commit', raised.what)

    def test_no_agent_and_no_home_is_left_when_gpg_fails(self) -> None:
        temporary = self.useFixture(fixtures.TempDir(rootdir='/tmp')).path
        self.useFixture(fixtures.MonkeyPatch('tempfile.tempdir', temporary))
        self.assertRaises(
            exceptions.Unavailable,
            signing_key.make,
            self.directory,
            programs.Programs(self.environment),
            '',
        )
        self.assertEqual([], os.listdir(temporary))


class MadeOnceTestCase(testtools.TestCase):
    """Looks at one release, which its tests leave as it is."""

    made: release.ThrowAwayRelease

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        directory = tempfile.mkdtemp()
        cls.addClassCleanup(shutil.rmtree, directory)
        cls.made = release.make(directory, os.environ, NOW)


class TestPackage(MadeOnceTestCase):
    """The distributions are those of a real pbr package."""

    def test_wheel_and_sdist_are_built_from_the_ordered_commit(self) -> None:
        self.assertEqual(
            [
                'openstack_publish_rehearsal-1.0.0-py3-none-any.whl',
                'openstack_publish_rehearsal-1.0.0.tar.gz',
            ],
            [os.path.basename(path) for path in self.made.distributions],
        )
        for path in self.made.distributions:
            written = pbr_json(path)
            assert written is not None
            self.assertTrue(
                self.made.commit.startswith(str(written['git_version'])),
                written,
            )
            self.assertEqual(True, written['is_release'])

    def test_the_directory_holds_the_distributions_and_no_more(self) -> None:
        self.assertEqual(
            sorted(os.path.basename(path) for path in self.made.distributions),
            sorted(os.listdir(self.made.distributions_dir)),
        )

    def test_twine_finds_nothing_wrong_with_them(self) -> None:
        self.assertFalse(
            twine_check.check(list(self.made.distributions), strict=True)
        )

    def test_the_metadata_is_what_pypi_asks_for(self) -> None:
        with zipfile.ZipFile(self.made.distributions[0]) as wheel:
            (name,) = [
                name
                for name in wheel.namelist()
                if name.endswith('.dist-info/METADATA')
            ]
            metadata = email.parser.BytesParser().parsebytes(wheel.read(name))
        self.assertEqual('openstack-publish-rehearsal', metadata['Name'])
        self.assertEqual('1.0.0', metadata['Version'])
        self.assertEqual('Apache-2.0', metadata['License'])
        self.assertEqual(
            'text/x-rst; charset=UTF-8', metadata['Description-Content-Type']
        )
        self.assertIn(
            'Environment :: OpenStack', metadata.get_all('Classifier', [])
        )

    def test_the_tag_is_annotated_and_points_to_the_commit(self) -> None:
        tree = self.made.source_tree
        self.assertEqual('tag', git(tree, 'cat-file', '-t', '1.0.0'))
        self.assertEqual(
            self.made.commit, git(tree, 'rev-parse', '1.0.0^{commit}')
        )
        self.assertEqual('', git(tree, 'status', '--porcelain'))


class TestRecipe(ReleaseTestCase):
    """The package can be another one."""

    def test_a_package_without_pbr_records_no_commit(self) -> None:
        made = self.make(
            source_tree.Recipe(
                name='XStatic-Rehearsal', version='1.2.3.4', pbr=False
            ),
            release_type='xstatic',
        )
        self.assertEqual(
            [
                'xstatic_rehearsal-1.2.3.4-py3-none-any.whl',
                'xstatic_rehearsal-1.2.3.4.tar.gz',
            ],
            [os.path.basename(path) for path in made.distributions],
        )
        self.assertEqual(
            [None, None], [pbr_json(path) for path in made.distributions]
        )
        self.assertEqual('xstatic-rehearsal', made.project)
        order = pathlib.Path(made.releases_dir, made.deliverable_path)
        self.assertIn('release-type: xstatic\n', order.read_text())

    def test_a_file_of_the_recipe_replaces_the_usual_one(self) -> None:
        made = self.make(
            source_tree.Recipe(files={'README.rst': '`broken <\n'})
        )
        with tarfile.open(made.distributions[1]) as sdist:
            opened = sdist.extractfile(
                'openstack_publish_rehearsal-1.0.0/README.rst'
            )
            assert opened is not None
            self.assertEqual(b'`broken <\n', opened.read())


class TestAnotherVersion(ReleaseTestCase):
    """A package can be released more than once."""

    def test_another_version_is_ordered_beside_the_first(self) -> None:
        first = self.make()
        second = release.another_version(first, '1.1.0', self.environment)
        self.assertNotEqual(first.commit, second.commit)
        self.assertEqual(first.key, second.key)
        self.assertEqual(
            'openstack_publish_rehearsal-1.1.0.tar.gz',
            os.path.basename(second.distributions[1]),
        )
        order = pathlib.Path(second.releases_dir, second.deliverable_path)
        self.assertEqual(
            [
                ('1.0.0', first.commit),
                ('1.1.0', second.commit),
            ],
            re.findall(
                r'- version: (\S+)\n.*\n.*\n +hash: (\S+)', order.read_text()
            ),
        )

    def test_a_version_of_two_parts_is_no_number_in_the_order(self) -> None:
        made = release.another_version(self.make(), '1.10', self.environment)
        order = pathlib.Path(made.releases_dir, made.deliverable_path)
        self.assertIn('- version: "1.10"\n', order.read_text())

    def test_a_rebuilt_commit_has_the_same_names_and_other_bytes(
        self,
    ) -> None:
        made = self.make()
        # A zip archive knows the time to two seconds: an older source file
        # stands for the time that went by.
        os.utime(
            os.path.join(
                made.source_tree, 'openstack_publish_rehearsal/__init__.py'
            ),
            (0, 1_000_000_000),
        )
        again = release.rebuilt(made, self.environment)
        for old, new in zip(
            made.distributions, again.distributions, strict=True
        ):
            self.assertEqual(os.path.basename(old), os.path.basename(new))
            self.assertNotEqual(
                pathlib.Path(old).read_bytes(), pathlib.Path(new).read_bytes()
            )


class TestOrders(MadeOnceTestCase):
    """The checkout has the form of openstack/releases."""

    def test_everything_in_the_checkout_is_committed(self) -> None:
        self.assertEqual(
            '', git(self.made.releases_dir, 'status', '--porcelain')
        )
        self.assertEqual(
            '2', git(self.made.releases_dir, 'rev-list', '--count', 'HEAD')
        )

    def test_the_deliverable_file_orders_the_commit(self) -> None:
        self.assertEqual(
            'deliverables/rehearsal/openstack-publish-rehearsal.yaml',
            self.made.deliverable_path,
        )
        order = pathlib.Path(
            self.made.releases_dir, self.made.deliverable_path
        )
        self.assertIn(
            'releases:\n'
            '  - version: 1.0.0\n'
            '    projects:\n'
            '      - repo: openstack/openstack-publish-rehearsal\n'
            f'        hash: {self.made.commit}\n',
            order.read_text(),
        )

    def test_the_key_is_in_use_since_today(self) -> None:
        status = pathlib.Path(
            self.made.releases_dir, 'data/series_status.yaml'
        )
        self.assertIn(
            '  signing-key:\n'
            f'    key: {self.made.key_fingerprint.lower()}\n'
            f'    start: {NOW.date()}\n'
            '    end: present\n',
            status.read_text(),
        )

    def test_the_public_key_lies_where_the_cycle_keys_lie(self) -> None:
        name = f'0x{self.made.key_fingerprint.lower()}.txt'
        lies = pathlib.Path(self.made.releases_dir, 'doc/source/static', name)
        self.assertEqual(
            pathlib.Path(self.made.public_key_file).read_bytes(),
            lies.read_bytes(),
        )
        # a listing for the reader, as the real files have one
        self.assertRegex(
            lies.read_text(),
            r'^pub +ed25519/0x(.|\n)+ Key fingerprint = [0-9A-F ]+\n'
            r'(.|\n)+\n\n-----BEGIN PGP PUBLIC KEY BLOCK-----\n',
        )


class TestIndependence(ReleaseTestCase):
    """The release is the same whoever makes it."""

    def test_the_configuration_of_the_user_has_no_part_in_it(self) -> None:
        config = pathlib.Path(self.directory, 'gitconfig')
        config.write_text(
            '[user]\n\tname = somebody\n\temail = somebody@example.org\n'
            '[commit]\n\tgpgSign = true\n[tag]\n\tgpgSign = true\n'
            '[gpg]\n\tprogram = false\n[core]\n\thooksPath = /nonexistent\n'
        )
        self.environment['GIT_CONFIG_GLOBAL'] = str(config)
        self.environment['GIT_AUTHOR_NAME'] = 'somebody'
        made = self.make()
        authors = {
            git(place, 'log', '--format=%an <%ae> %cn')
            for place in (made.source_tree, made.releases_dir)
        }
        whole = 'openstack-publish rehearsal'
        line = f'{whole} <rehearsal@example.org> {whole}'
        self.assertEqual({line, f'{line}\n{line}'}, authors)


class TestKey(ReleaseTestCase):
    """The key is like a cycle's, and a release job's part of it."""

    def setUp(self) -> None:
        super().setUp()
        self.key = signing_key.make(
            self.directory,
            programs.Programs(self.environment),
            release.KEY_USER,
        )
        home = self.useFixture(fixtures.TempDir(rootdir='/tmp')).path
        self.gpg = gnupg.GPG(gnupghome=home)
        self.addCleanup(
            subprocess.run,
            ['gpgconf', '--homedir', home, '--kill', 'all'],
            check=True,
        )

    def test_only_the_owner_may_read_the_secret_key(self) -> None:
        mode = os.stat(self.key.secret_file).st_mode
        self.assertEqual(0o600, stat.S_IMODE(mode))

    def test_the_secret_file_holds_the_signing_subkey_alone(self) -> None:
        self.gpg.import_keys_file(self.key.secret_file)
        (listed,) = self.gpg.list_keys(secret=True)
        self.assertEqual(self.key.fingerprint, listed['fingerprint'])
        # "#": the secret part of the primary key is not there.
        self.assertEqual('#', listed['token'])
        self.assertEqual(
            [self.key.signing_fingerprint],
            [subkey[2] for subkey in listed['subkeys']],
        )

    def test_a_signature_by_it_is_by_the_subkey(self) -> None:
        self.gpg.import_keys_file(self.key.secret_file)
        signed = self.gpg.sign(b'bytes', detach=True)
        self.assertEqual(self.key.signing_fingerprint, signed.fingerprint)

    def test_the_primary_key_expires_and_the_subkey_does_not(self) -> None:
        (listed,) = self.gpg.scan_keys(self.key.public_file)
        days = (int(listed['expires']) - int(listed['date'])) / 86400
        self.assertEqual(180, days)
        (subkey,) = listed['subkey_info'].values()
        self.assertEqual('', subkey['expires'])
        self.assertEqual('s', subkey['cap'])
