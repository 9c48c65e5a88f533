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

"""A half-published release, completed with its signed originals."""

from __future__ import annotations

import hashlib
import json
import os
import pathlib
import shutil

import fixtures

from tests.functional import base
from tests.support import archive_site
from tests.support import keys
from tests.support import receipts
from tests.support import scene as scenes


class RepublishTest(base.SceneTest):
    """The release was signed and archived; the index has none of it yet."""

    def setUp(self) -> None:
        super().setUp()
        signing = ['sign', str(self.scene.dist), '--releases']
        signing += [str(self.scene.releases_dir), '--sign-key-file']
        signing += [self.scene.release.secret_key_file]
        self.assertEqual(0, scenes.run(signing, {}).code)
        place = self.scene.archive / self.scene.release.repo
        shutil.copytree(self.scene.dist, place)
        shutil.rmtree(self.scene.dist)
        self.here = pathlib.Path(self.useFixture(fixtures.TempDir()).path)
        self.addCleanup(os.chdir, os.getcwd())
        os.chdir(self.here)
        # Where private copies are made.
        self.private = self.here / 'private'
        self.private.mkdir()
        self.useFixture(
            fixtures.MonkeyPatch('tempfile.tempdir', str(self.private))
        )
        self.archived_before = self.bytes_of_archive()

    def tearDown(self) -> None:
        super().tearDown()
        # Nothing is left of the copies, and nothing was written there.
        self.assertEqual([], list(self.private.glob('openstack-publish-*')))
        self.assertEqual(self.archived_before, self.bytes_of_archive())

    def bytes_of_archive(self) -> dict[str, bytes]:
        """Return everything that the archive holds."""
        return {
            name: (self.scene.archive / name).read_bytes()
            for name in self.scene.archived()
        }

    def original(self, filename: str) -> pathlib.Path:
        """Return where the archive has a file."""
        return self.scene.archive / self.scene.release.repo / filename

    def altered(self) -> None:
        """Let a test alter the archive before the command runs."""
        self.archived_before = self.bytes_of_archive()

    def upload(self, *filenames: str, content: bytes | None = None) -> None:
        """Put originals on the index, or other bytes under their names."""
        for filename in filenames:
            self.scene.index.store.add_file(
                self.scene.project,
                self.scene.version,
                filename,
                content or self.original(filename),
            )

    def republish(
        self,
        *more: str,
        archive: str | None = None,
        project: str | None = None,
        version: str | None = None,
        token: str | None = '',
    ) -> scenes.Result:
        """Run the command as a release manager does."""
        words = ['republish', project or self.scene.project]
        words += [version or self.scene.version, '--releases']
        words += [str(self.scene.releases_dir), '--archive']
        words += [archive or str(self.scene.archive), '--repository-url']
        words += [self.scene.index.upload_url, '-f', 'json', '--wait', '0']
        environment = {}
        if token is not None:
            environment['TWINE_PASSWORD'] = token or self.scene.token
        return scenes.run([*words, *more], environment)

    @property
    def receipt(self) -> pathlib.Path:
        """Where the receipt goes unless named."""
        return (
            self.here
            / f'{self.scene.project}-{self.scene.version}.receipt.json'
        )

    def assertSentNothing(self) -> None:
        """No POST was made, and no receipt was written."""
        self.assertEqual((), self.scene.index.uploads)
        self.assertFalse(self.receipt.exists())


class TestRepublish(RepublishTest):
    def test_a_release_of_which_the_wheel_arrived_is_completed(self) -> None:
        self.upload(self.scene.wheel)
        result = self.republish()
        self.assertEqual(0, result.code, result.stdout + result.stderr)
        self.assertEqual(sorted(self.scene.filenames), self.scene.listed())
        (sent,) = self.scene.index.uploads
        self.assertEqual(self.scene.sdist, sent.filename)
        self.assertIn('gpg_signature', sent.fields)
        told = result.receipt
        self.assertEqual('published', told['outcome'])
        self.assertEqual(
            {self.scene.wheel: 'already-there', self.scene.sdist: 'uploaded'},
            {one['filename']: one['step'] for one in told['artifacts']},
        )
        for one in told['artifacts']:
            self.assertIs(True, one['confirmed'])
            self.assertEqual(
                self.scene.release.key_fingerprint,
                one['signature']['primary_fingerprint'],
            )
        self.assertEqual(str(self.scene.archive), told['archive']['place'])
        self.assertEqual(
            {'already-there'},
            {file['state'] for file in told['archive']['files']},
        )
        noted = result.finding('OSP752')
        self.assertEqual('note', noted['severity'])
        self.assertIn(f'on the index: {self.scene.wheel}', noted['message'])
        self.assertIn(f'missing there: {self.scene.sdist}', noted['message'])
        self.assertRegex(
            noted['message'], r'1[34]\.[0-9]{2} of the 14 days are left'
        )

    def test_the_receipt_goes_into_the_working_directory(self) -> None:
        result = self.republish()
        document = json.loads(self.receipt.read_text('utf-8'))
        receipts.validate(document)
        self.assertEqual(result.receipt, document)
        # Nothing is signed, the receipt no more than anything else.
        self.assertFalse(os.path.exists(f'{self.receipt}.asc'))
        self.assertEqual('noted', result.finding('OSP518')['verdict'])

    def test_a_site_gives_the_originals_as_well(self) -> None:
        self.upload(self.scene.wheel)
        site = self.useFixture(
            archive_site.ArchiveSite(str(self.scene.archive))
        )
        result = self.republish(archive=site.url)
        self.assertEqual(0, result.code, result.stdout + result.stderr)
        self.assertEqual(sorted(self.scene.filenames), self.scene.listed())
        self.assertEqual(site.url, result.receipt['archive']['place'])
        # Every original was downloaded once.
        for name in self.scene.filenames:
            path = f'{self.scene.release.repo}/{name}'
            self.assertEqual(['GET'], site.asked(path))

    def test_a_release_that_lacks_nothing_is_left_alone(self) -> None:
        self.upload(*self.scene.filenames)
        result = self.republish()
        self.assertEqual(0, result.code, result.stdout)
        self.assertEqual('nothing-to-do', result.receipt['outcome'])
        self.assertEqual((), self.scene.index.uploads)

    def test_the_same_command_confirms_what_was_not_confirmed(self) -> None:
        self.upload(self.scene.wheel)
        self.scene.index.faults.set('stale-reads', times=99)
        result = self.republish()
        self.assertEqual(4, result.code, result.stdout)
        self.assertIn('republish', result.stderr)
        self.scene.index.faults.clear()
        result = self.republish()
        self.assertEqual(0, result.code, result.stdout)
        # The receipt of the first run is finished by the second one.
        self.assertEqual('published', result.receipt['outcome'])
        self.assertEqual(1, len(self.scene.index.uploads))

    def test_a_dry_run_needs_no_token_and_sends_nothing(self) -> None:
        self.upload(self.scene.wheel)
        result = self.republish('--dry-run', token=None)
        self.assertEqual(0, result.code, result.stdout + result.stderr)
        self.assertEqual('dry-run', result.receipt['outcome'])
        self.assertIn('missing there', result.finding('OSP752')['message'])
        self.assertSentNothing()

    def test_a_closed_release_is_refused(self) -> None:
        self.upload(self.scene.wheel)
        self.scene.index.store.age_release(
            self.scene.project, self.scene.version, 15
        )
        result = self.republish()
        self.assertRefused(result, 'OSP304')
        found = result.finding('OSP304')
        self.assertIn(self.scene.sdist, found['message'])
        self.assertIn('a new version', found['remedy'])
        self.assertIn('0.00 of the 14', result.finding('OSP752')['message'])

    def test_other_bytes_on_the_index_are_refused(self) -> None:
        self.upload(self.scene.wheel, content=b'rebuilt')
        result = self.republish()
        self.assertIn('OSP302', result.codes)
        self.assertEqual(1, result.code)
        message = result.finding('OSP302')['message']
        ours = self.original(self.scene.wheel).read_bytes()
        for content in (b'rebuilt', ours):
            self.assertIn(hashlib.sha256(content).hexdigest(), message)
        self.assertSentNothing()

    def test_an_original_without_signature_is_none(self) -> None:
        os.remove(f'{self.original(self.scene.sdist)}.asc')
        self.altered()
        result = self.republish()
        self.assertRefused(result, 'OSP325')
        self.assertIn('no signature', result.finding('OSP325')['message'])
        self.assertEqual(
            self.scene.release.commit, result.receipt['release']['hash']
        )

    def test_an_original_that_is_not_there_cannot_be_sent(self) -> None:
        os.remove(self.original(self.scene.wheel))
        self.altered()
        result = self.republish()
        self.assertRefused(result, 'OSP325')
        self.assertIn(self.scene.wheel, result.finding('OSP325')['message'])

    def test_an_altered_original_is_refused(self) -> None:
        ring = self.useFixture(keys.Keyring())
        path = self.original(self.scene.sdist)
        signed = pathlib.Path(f'{path}.asc').read_bytes()
        ring.sign(str(path), ring.generate())
        self.altered()
        result = self.republish()
        self.assertUnknown(result, 'OSP531')
        # A signature that is good, of other bytes.
        wheel = self.original(self.scene.wheel)
        pathlib.Path(f'{wheel}.asc').write_bytes(signed)
        pathlib.Path(f'{path}.asc').write_bytes(signed)
        self.altered()
        self.assertRefused(self.republish(), 'OSP501')

    def test_a_signature_outside_its_window_is_warned_of(self) -> None:
        self.scene.end_window()
        result = self.republish('--dry-run')
        self.assertEqual(0, result.code, result.stdout + result.stderr)
        found = [
            found['severity']
            for found in result.receipt['findings']
            if found['code'] == 'OSP530'
        ]
        self.assertEqual(['warning', 'warning'], found)

    def test_a_release_that_nobody_ordered_is_refused(self) -> None:
        result = self.republish(version='9.9.9')
        self.assertRefused(result, 'OSP102')
        self.assertEqual('9.9.9', result.receipt['release']['version'])

    def test_a_tag_without_files_has_nothing_to_send(self) -> None:
        path = self.scene.releases_dir / self.scene.release.deliverable_path
        text = path.read_text()
        path.write_text(text.replace(self.scene.version, 'rehearsal-eol'))
        result = self.republish(version='rehearsal-eol')
        self.assertRefused(result, 'OSP325')
        found = result.finding('OSP325')
        self.assertIn('neither a release', found['message'])
        self.assertEqual('Nothing: it has no files.', found['remedy'])

    def test_what_is_missing_is_looked_up_under_the_name_on_the_index(
        self,
    ) -> None:
        self.upload(self.scene.wheel)
        self.scene.rename_repository('openstack/alias')
        self.altered()
        result = self.republish('--dry-run', project='alias')
        self.assertIn(
            f'on the index: {self.scene.wheel}; missing',
            result.finding('OSP752')['message'],
        )

    def test_a_site_that_fails_leaves_it_unknown(self) -> None:
        site = self.useFixture(
            archive_site.ArchiveSite(str(self.scene.archive))
        )
        path = f'{self.scene.release.repo}/{self.scene.sdist}'
        site.on(path, archive_site.failing())
        result = self.republish(archive=site.url)
        self.assertUnknown(result, 'OSP325')

    def test_an_index_that_fails_leaves_it_unknown(self) -> None:
        self.scene.index.faults.set('server-error', times=99)
        result = self.republish()
        self.assertEqual(3, result.code, result.stdout)
        self.assertEqual('unavailable', result.receipt['outcome'])
        self.assertSentNothing()

    def test_a_maintainer_whom_nobody_allowed_is_refused(self) -> None:
        self.scene.index.store.add_role(
            self.scene.project, 'mallory', 'Maintainer'
        )
        self.assertRefused(self.republish(), 'OSP401')

    def test_wrong_usage_is_told_by_a_receipt(self) -> None:
        nowhere = str(self.here / 'nowhere')
        for words in (
            ('--archive', nowhere),
            ('--archive', 'ftp://127.0.0.1/'),
            ('--releases', nowhere),
            ('--policy', nowhere),
            ('--trusted-key', nowhere),
            ('--receipt', f'{nowhere}/receipt.json'),
        ):
            result = self.republish(*words)
            self.assertEqual(2, result.code, result.stdout)
            self.assertEqual('misconfigured', result.receipt['outcome'])
            self.assertSentNothing()
        result = self.republish(token=None)
        self.assertEqual(2, result.code, result.stdout)

    def test_options_that_make_no_sense_here_are_not_there(self) -> None:
        for words in (
            ('--sign-key', 'A' * 40),
            ('--signatures', 'create'),
            ('--on-existing', 'adopt'),
        ):
            result = self.republish(*words)
            self.assertEqual((2, ''), (result.code, result.stdout))
        result = scenes.run(['republish', 'os-vif', '1.0.0'], {})
        self.assertEqual((2, ''), (result.code, result.stdout))

    def test_the_report_says_what_was_missing(self) -> None:
        self.upload(self.scene.wheel)
        result = self.republish('-f', 'text')
        self.assertIn('OSP752 note', result.stdout)
        self.assertIn('published and confirmed', result.stdout)

    def test_after_a_failure_the_same_command_is_told(self) -> None:
        self.upload(self.scene.wheel)
        self.scene.index.faults.set('read-only')
        result = self.republish()
        self.assertEqual(1, result.code, result.stdout)
        self.assertIn('republish', result.stderr)
        self.assertIn('of the 14 days are left', result.stderr)
