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

"""``verify``: a release that was really published, with one link broken."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
import pathlib
import re
from typing import Any

import fixtures
import testtools

from tests.support import fast_time
from tests.support import gitrepo
from tests.support import scene

LINKS = [
    'order',
    'archive',
    'signature',
    'index',
    'commit',
    'files',
    'time',
    'maintainers',
]
Row = dict[str, Any]


class TestCase(testtools.TestCase):
    """A test with a release that was published, archived and signed."""

    def setUp(self) -> None:
        super().setUp()
        # Threads of servers and readers tell their log what goes wrong.
        self.useFixture(fixtures.FakeLogger())
        self.useFixture(fast_time.FastTime())
        self.scene = self.useFixture(scene.Scene())
        published = self.scene.publish()
        self.assertEqual(0, published.code, published.stderr)
        self.store = self.scene.index.store
        self.repository = self.useFixture(
            gitrepo.GitRepository(self.scene.releases_dir)
        )

    @property
    def place(self) -> pathlib.Path:
        """Where the archive has the release."""
        return self.scene.archive / self.scene.release.repo

    def verify(self, *what: str, archive: bool = True) -> scene.Result:
        """Run ``verify`` over the scene's checkout, archive and index."""
        words = ['verify', *(what or (self.scene.project, self.scene.version))]
        words += ['--releases', str(self.scene.releases_dir), '-f', 'json']
        if '--receipt' not in what:
            words += ['--read-url', self.scene.index.url]
            if archive:
                words += ['--archive', str(self.scene.archive)]
        return scene.run(words, {})

    def row(self, *what: str, **options: Any) -> Row:
        """Run ``verify`` and return its only row."""
        result = self.verify(*what, **options)
        (row,) = json.loads(result.stdout)
        self.assertEqual(
            {'held': 0, 'failed': 1, 'unknown': 3}[row['verdict']],
            result.code,
            result.stderr,
        )
        return dict(row)

    def assert_broken(self, row: Row, **verdicts: str) -> None:
        """Make sure that just these links do not hold."""
        self.assertEqual(
            {**dict.fromkeys(LINKS, 'held'), **verdicts},
            {link['name']: link['verdict'] for link in row['links']},
            json.dumps(row, indent=1),
        )


def codes(row: Row) -> set[tuple[str, str]]:
    """Return code and verdict of the findings that refuse."""
    return {
        (found['code'], found['verdict'])
        for found in row['findings']
        if found['severity'] == 'error'
    }


def detail(row: Row, name: str) -> str:
    """Return what a link says."""
    (link,) = (each for each in row['links'] if each['name'] == name)
    return str(link['detail'])


class TestRelease(TestCase):
    """``verify PROJECT RELEASE``."""

    def test_the_archive_is_what_the_index_is_held_against(self) -> None:
        """Every link holds; then each part of the archive breaks in turn."""
        row = self.row()
        self.assert_broken(row)
        self.assertEqual('held', row['verdict'])
        self.assertEqual(
            (self.scene.project, self.scene.version),
            (row['project'], row['version']),
        )
        wheel = self.place / self.scene.wheel
        sha256 = hashlib.sha256(wheel.read_bytes()).hexdigest()
        self.assertIn(sha256, detail(row, 'index'))
        self.assertIn(str(wheel), detail(row, 'archive'))
        self.assertIn(
            self.scene.release.key_fingerprint, detail(row, 'signature')
        )

        with self.subTest('one byte of a file in the archive'):
            whole = wheel.read_bytes()
            flipped = bytearray(whole)
            flipped[len(whole) // 2] ^= 1
            wheel.write_bytes(flipped)
            row = self.row()
            self.assertEqual('failed', row['verdict'])
            self.assertLessEqual(
                {('OSP501', 'failed'), ('OSP732', 'failed')}, codes(row)
            )
            self.assertIn(sha256, detail(row, 'index'))
            wheel.write_bytes(whole)

        with self.subTest('the signatures of two files are swapped'):
            asc = self.place / f'{self.scene.wheel}.asc'
            other = self.place / f'{self.scene.sdist}.asc'
            kept = asc.read_bytes()
            asc.write_bytes(other.read_bytes())
            row = self.row()
            self.assert_broken(row, signature='failed', time='unknown')
            self.assertEqual({('OSP501', 'failed')}, codes(row))

        with self.subTest('a signature is missing'):
            asc.unlink()
            row = self.row()
            self.assert_broken(
                row, archive='failed', signature='unknown', time='unknown'
            )
            self.assertEqual({('OSP731', 'failed')}, codes(row))
            asc.write_bytes(kept)

        with self.subTest('a file is missing'):
            wheel.unlink()
            row = self.row()
            # What is missing is not made up for by what is there.
            self.assert_broken(
                row,
                archive='failed',
                signature='unknown',
                index='unknown',
                commit='unknown',
                time='unknown',
            )
            self.assertEqual({('OSP730', 'failed')}, codes(row))
            wheel.write_bytes(whole)

        with self.subTest('there is no archive'):
            row = self.row(archive=False)
            self.assert_broken(
                row,
                archive='unknown',
                signature='unknown',
                index='unknown',
                commit='unknown',
                time='unknown',
            )
            self.assertIn('give --archive', detail(row, 'archive'))

    def test_the_index_is_to_have_these_files_and_no_others(self) -> None:
        with self.subTest('another file under the version'):
            planted = self.scene.wheel.replace(
                'py3-none-any', 'cp312-cp312-manylinux_2_17_x86_64'
            )
            self.store.add_file(
                self.scene.project, self.scene.version, planted, b'evil'
            )
            row = self.row()
            self.assert_broken(row, files='failed')
            self.assertEqual({('OSP703', 'failed')}, codes(row))
            self.assertIn(planted, detail(row, 'files'))
            self.store.delete_file(
                self.scene.project, self.scene.version, planted
            )

        with self.subTest('the upload came two days after the signature'):
            late = -2.0
            self.store.age_release(
                self.scene.project, self.scene.version, late
            )
            row = self.row()
            self.assert_broken(row)
            self.assertEqual('OSP734', row['findings'][-1]['code'])
            self.assertIn('48.0 h after', detail(row, 'time'))
            self.store.age_release(self.scene.project, self.scene.version, 0)

        with self.subTest('somebody has yanked it'):
            self.store.yank_release(
                self.scene.project, self.scene.version, 'bad\x1b[31m'
            )
            row = self.row()
            self.assert_broken(row)
            (found,) = (
                each for each in row['findings'] if each['code'] == 'OSP739'
            )
            self.assertEqual('warning', found['severity'])
            self.assertIn('the reason given is "bad', found['message'])
            self.assertIn('yanked', detail(row, 'index'))

        with self.subTest('somebody else holds a role'):
            self.store.add_role(self.scene.project, 'mallory', 'Maintainer')
            row = self.row()
            self.assert_broken(row, maintainers='failed')
            self.assertEqual({('OSP401', 'failed')}, codes(row))
            self.store.remove_role(self.scene.project, 'mallory')

        with self.subTest('a Trusted Publisher has uploaded a file'):
            release = self.store.release(
                self.scene.project, self.scene.version
            )
            kept = release.files[self.scene.wheel]
            release.files[self.scene.wheel] = dataclasses.replace(
                kept, attested=True
            )
            row = self.row()
            self.assert_broken(row, maintainers='failed')
            self.assertEqual({('OSP735', 'failed')}, codes(row))
            self.assertIn(
                'has PEP 740 attestations', detail(row, 'maintainers')
            )
            release.files[self.scene.wheel] = kept

        with self.subTest('a file is not there'):
            self.store.delete_file(
                self.scene.project, self.scene.version, self.scene.sdist
            )
            row = self.row()
            self.assert_broken(row, index='failed', time='unknown')
            self.assertEqual({('OSP733', 'failed')}, codes(row))

        with self.subTest('the index is down'):
            self.scene.index.stop()
            row = self.row()
            self.assertEqual('unknown', row['verdict'])
            self.assert_broken(
                row,
                index='unknown',
                files='unknown',
                time='unknown',
                maintainers='unknown',
            )

    def test_a_project_without_its_release_is_wrong_usage(self) -> None:
        for word, told in (
            ('os-vif', 'there is no file os-vif; of a project name the'),
            ('os_vif-1-py3-none-any.whl', 'any.whl is not there'),
        ):
            result = self.verify(word)
            self.assertEqual((2, '[]\n'), (result.code, result.stdout))
            self.assertIn(told, result.stderr)

    def test_the_order_is_what_everything_is_held_against(self) -> None:
        path = self.scene.releases_dir / self.scene.release.deliverable_path
        text = path.read_text(encoding='utf-8')

        with self.subTest('another commit is ordered'):
            path.write_text(
                text.replace(self.scene.release.commit, 'f' * 40),
                encoding='utf-8',
            )
            row = self.row()
            self.assert_broken(row, order='failed', commit='failed')
            self.assertEqual(
                {('OSP104', 'failed'), ('OSP110', 'failed')}, codes(row)
            )
            self.assertIn('f' * 40, detail(row, 'commit'))

        with self.subTest('nobody orders the release'):
            path.write_text(
                text.replace(self.scene.version, '7.7.7'), encoding='utf-8'
            )
            row = self.row()
            self.assertEqual('failed', row['verdict'])
            self.assertEqual({('OSP102', 'failed')}, codes(row))
            self.assertEqual('unknown', dict(verdicts(row))['archive'])

        with self.subTest('the tag leads to no files'):
            path.write_text(
                text + '  - version: rehearsal-eol\n    projects:\n'
                f'      - repo: {self.scene.release.repo}\n'
                f'        hash: {self.scene.release.commit}\n',
                encoding='utf-8',
            )
            self.repository.commit()
            row = self.row(self.scene.project, 'rehearsal-eol')
            self.assertEqual('held', row['verdict'])
            self.assertEqual(
                ['order'], [each['name'] for each in row['links']]
            )
            self.assertIn('neither a release', detail(row, 'order'))
            self.assertIn(
                'OSP738', [found['code'] for found in row['findings']]
            )

    def test_what_need_not_be_there_is_not_missing(self) -> None:
        """A repository that publishes nothing has no files anywhere."""
        self.store.delete_project(self.scene.project)
        for filename in self.scene.filenames:
            (self.place / filename).unlink()
        row = self.row()
        self.assertEqual('unknown', row['verdict'])
        self.assertIn('whether there should be', detail(row, 'archive'))
        self.assertIn('--project-config', detail(row, 'archive'))
        config = pathlib.Path(self.useFixture(fixtures.TempDir()).path)
        gitrepo.write(
            config,
            'zuul.d/projects.yaml',
            f'- project:\n    name: {self.scene.release.repo}\n'
            '    templates:\n      - publish-to-pypi\n',
        )
        row = self.row(
            self.scene.project,
            self.scene.version,
            '--project-config',
            str(config),
        )
        self.assert_broken(
            row,
            archive='failed',
            signature='unknown',
            index='failed',
            commit='unknown',
            # Of what is not there nothing holds.
            files='unknown',
            time='unknown',
            maintainers='unknown',
        )

    def test_a_repository_is_no_name_on_the_index(self) -> None:
        """Whose project is called as our repository is no matter of ours."""
        self.scene.rename_repository('openstack/alias')
        self.repository.commit()
        self.store.add_project('alias', owner='mallory')
        row = self.row('alias', self.scene.version)
        self.assert_broken(row)
        self.assertEqual(self.scene.project, row['project'])

    def test_a_signature_outside_the_window_of_its_key_is_a_warning(
        self,
    ) -> None:
        status = self.scene.releases_dir / 'data' / 'series_status.yaml'
        text = status.read_text(encoding='utf-8')
        status.write_text(
            re.sub(r'start: [0-9-]+', 'start: 2099-01-01', text),
            encoding='utf-8',
        )
        self.repository.commit()
        row = self.row()
        self.assert_broken(row)
        self.assertEqual(
            {('OSP530', 'warning')},
            {
                (found['code'], found['severity'])
                for found in row['findings']
                if found['severity'] != 'note'
            },
        )
        self.assertIn('2099-01-01 to present', detail(row, 'signature'))

    def test_a_key_that_nobody_knows_proves_nothing(self) -> None:
        status = self.scene.releases_dir / 'data' / 'series_status.yaml'
        status.write_text('---\n[]\n', encoding='utf-8')
        self.repository.commit()
        row = self.row()
        self.assert_broken(row, signature='unknown', time='unknown')
        self.assertEqual({('OSP531', 'unknown')}, codes(row))
        public = self.scene.release.public_key_file
        self.assert_broken(
            self.row(
                self.scene.project,
                self.scene.version,
                '--trusted-key',
                public,
            )
        )

    def test_the_table_is_for_a_reader_of_80_columns(self) -> None:
        words = ['verify', self.scene.project, self.scene.version]
        words += ['--releases', str(self.scene.releases_dir)]
        words += ['--archive', str(self.scene.archive)]
        words += ['--read-url', self.scene.index.url]
        result = scene.run(words, {})
        self.assertEqual(0, result.code, result.stderr)
        first, *lines = result.stdout.splitlines()
        self.assertEqual(
            f'held     {self.scene.project} {self.scene.version}', first
        )
        self.assertEqual(
            LINKS, [line[11:] for line in lines if line.startswith('  held')]
        )
        # A path of the scene's own may be longer, and is not broken.
        self.assertEqual(
            [],
            [line for line in lines if len(line) > 80 and ' ' in line.strip()],
        )
        plain = scene.run(
            [*words, '-f', 'value', '-c', 'verdict', '-c', 'links'], {}
        )
        self.assertEqual(
            'held ' + ', '.join(f'{name} held' for name in LINKS) + '\n',
            plain.stdout,
        )


def verdicts(row: Row) -> list[tuple[str, str]]:
    """Return name and verdict of each link."""
    return [(link['name'], link['verdict']) for link in row['links']]


class TestFiles(TestCase):
    """``verify FILE…``: local files are the originals."""

    def test_files_are_held_against_archive_and_index(self) -> None:
        wheel, sdist = (
            self.scene.dist / name for name in self.scene.filenames
        )
        with self.subTest('both, with their signatures beside them'):
            row = self.row(str(wheel), str(sdist))
            self.assert_broken(row)
            self.assertEqual(self.scene.project, row['project'])
        with self.subTest('one alone is no less right'):
            self.assert_broken(self.row(str(wheel)))
        with self.subTest('the signature comes from the archive'):
            asc = wheel.with_name(f'{wheel.name}.asc')
            kept = asc.read_bytes()
            asc.unlink()
            self.assert_broken(self.row(str(wheel)))
            row = self.row(str(wheel), archive=False)
            self.assert_broken(
                row, archive='unknown', signature='unknown', time='unknown'
            )
            asc.write_bytes(kept)
        with self.subTest('the archive has no signature'):
            placed = self.place / f'{self.scene.wheel}.asc'
            kept = placed.read_bytes()
            placed.unlink()
            row = self.row(str(wheel))
            self.assert_broken(row, archive='failed')
            self.assertEqual({('OSP731', 'failed')}, codes(row))
            placed.write_bytes(kept)
        with self.subTest('a file that was changed'):
            whole = wheel.read_bytes()
            wheel.write_bytes(whole + b'\0')
            row = self.row(str(wheel))
            self.assertEqual(
                {
                    ('OSP501', 'failed'),
                    ('OSP320', 'failed'),
                    ('OSP732', 'failed'),
                    # Bytes behind a zip archive: it is not read.
                    ('OSP110', 'unknown'),
                },
                codes(row),
            )
            wheel.write_bytes(whole)
        with self.subTest('a file that neither archive nor index has'):
            (self.place / wheel.name).unlink()
            row = self.row(str(wheel))
            self.assert_broken(row, archive='failed')
            self.assertEqual({('OSP730', 'failed')}, codes(row))

    def test_a_name_alone_makes_no_file_on_the_index_ours(self) -> None:
        """A wheel for Python 2, too, is what OpenStack once built."""
        wheel, sdist = (
            str(self.scene.dist / name) for name in self.scene.filenames
        )
        planted = self.scene.wheel.replace('py3-none', 'py2.py3-none')
        self.store.add_file(
            self.scene.project, self.scene.version, planted, b'evil'
        )
        for files in ((wheel, sdist), (wheel,), (sdist,)):
            with self.subTest(files=files):
                row = self.row(*files)
                self.assert_broken(row, files='failed')
                self.assertIn(planted, detail(row, 'files'))
        with self.subTest('there is no archive'):
            row = self.row(sdist, archive=False)
            self.assert_broken(row, archive='unknown', files='unknown')
            self.assertIn('which of them it is', detail(row, 'files'))
        with self.subTest('the archive has it as well'):
            (self.place / planted).write_bytes(b'good')
            self.assert_broken(self.row(sdist))
        with self.subTest('the archive does not say'):
            (self.place / planted).unlink()
            (self.place / planted).mkdir()
            row = self.row(wheel, sdist)
            self.assert_broken(row, files='unknown')
            self.assertIn('no regular file', detail(row, 'files'))

    def test_what_cannot_be_read_is_compared_with_nothing(self) -> None:
        wheel = self.scene.dist / self.scene.wheel
        wheel.unlink()
        # A regular file that nobody can read, whoever runs the tests.
        wheel.symlink_to('/proc/self/mem')
        self.assert_broken(
            self.row(str(wheel)),
            archive='unknown',
            signature='unknown',
            index='unknown',
            commit='unknown',
            time='unknown',
        )

    def test_what_is_not_there_or_no_distribution_is_wrong_usage(self) -> None:
        for what in (
            (str(self.scene.dist / 'gone.whl'),),
            (str(self.scene.releases_dir / 'data'),),
            ('one', 'two', 'three'),
            ('--all', self.scene.project, self.scene.version),
            ('--series', 'rehearsal', self.scene.project, '1.0.0'),
            ('--series', 'gone'),
            ('--continue', '/nowhere', self.scene.project, '1.0.0'),
            ('_x', '1.0.0'),
        ):
            with self.subTest(what=what):
                self.assertEqual(2, self.verify(*what).code)


class TestReceipt(TestCase):
    """``verify --receipt FILE``: what was true then is true now."""

    def test_everything_that_a_receipt_names_still_holds(self) -> None:
        receipt = str(self.scene.receipt_path)
        row = self.row('--receipt', receipt)
        self.assert_broken(row)
        self.assertIn(self.scene.index.url, detail(row, 'index'))
        self.assertNotIn('OSP518', [each['code'] for each in row['findings']])

        with self.subTest('somebody has come since'):
            self.store.add_role(self.scene.project, 'alice', 'Maintainer')
            row = self.row('--receipt', receipt)
            self.assert_broken(row, maintainers='failed')
            (found,) = (
                each for each in row['findings'] if each['code'] == 'OSP737'
            )
            self.assertEqual('added Maintainer alice', found['message'])
            self.store.remove_role(self.scene.project, 'alice')

        with self.subTest('the archive is gone, the files are beside it'):
            self.scene.archive.rename(f'{self.scene.archive}.gone')
            row = self.row('--receipt', receipt)
            self.assert_broken(row, archive='unknown')
            pathlib.Path(f'{self.scene.archive}.gone').rename(
                self.scene.archive
            )

        with self.subTest('the receipt was changed'):
            text = self.scene.receipt_path.read_text(encoding='utf-8')
            document = json.loads(text)
            sha256 = document['artifacts'][0]['sha256']
            self.scene.receipt_path.write_text(
                text.replace(sha256, 'e' * 64), encoding='utf-8'
            )
            row = self.row('--receipt', receipt)
            self.assert_broken(
                row, archive='failed', signature='failed', index='failed'
            )
            self.assertEqual(
                {('OSP736', 'failed'), ('OSP501', 'failed')}, codes(row)
            )
            self.assertIn('e' * 64, detail(row, 'archive'))
            self.assertIn(sha256, detail(row, 'archive'))

        with self.subTest('nobody signed the receipt'):
            os.unlink(f'{receipt}.asc')
            self.scene.receipt_path.write_text(text, encoding='utf-8')
            row = self.row('--receipt', receipt)
            self.assert_broken(row, signature='unknown')
            self.assertEqual({('OSP524', 'unknown')}, codes(row))
            self.assertIn('.receipt.json.asc', detail(row, 'signature'))

        with self.subTest('another commit was ordered'):
            self.scene.receipt_path.write_text(
                text.replace(self.scene.release.commit, 'd' * 40),
                encoding='utf-8',
            )
            row = self.row('--receipt', receipt)
            self.assert_broken(row, order='failed', signature='unknown')
            self.assertIn('d' * 40, detail(row, 'order'))

        with self.subTest('another signature was made'):
            document['artifacts'][0]['signature']['sha256'] = 'c' * 64
            self.scene.receipt_path.write_text(
                json.dumps(document), encoding='utf-8'
            )
            row = self.row('--receipt', receipt)
            self.assert_broken(row, signature='failed')
            self.assertIn('c' * 64, detail(row, 'signature'))

    def test_what_is_no_receipt_is_wrong_usage(self) -> None:
        path = self.scene.directory / 'some.json'
        document = json.loads(self.scene.receipt_path.read_bytes())
        for content, said in (
            (b'{', 'it is no JSON document'),
            (b'[]', 'it is no JSON object'),
            (b'{"schema": 1}', 'its schema is 1'),
            (
                json.dumps({**document, 'artifacts': []}).encode(),
                'it names no file',
            ),
            (
                json.dumps({**document, 'index': None}).encode(),
                'of a run that was published: index is no object',
            ),
        ):
            with self.subTest(said=said):
                path.write_bytes(content)
                result = self.verify('--receipt', str(path))
                self.assertEqual(2, result.code)
                self.assertIn(said, result.stderr)
        path.unlink()
        result = self.verify('--receipt', str(path))
        self.assertIn('there is no receipt', result.stderr)
