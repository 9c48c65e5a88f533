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

"""Receipt and archive, where something about them cannot be done."""

from __future__ import annotations

import importlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from collections.abc import Iterator
from typing import Any

import fixtures

from openstack_publish import exceptions
from openstack_publish.gates import receiptfile
from openstack_publish.gates.openpgp import signer
from tests.functional import base
from tests.support import scene


class TestReceipt(base.SceneTest):
    def test_a_receipt_that_cannot_be_written_stops_before_a_byte(
        self,
    ) -> None:
        def full(*args: object) -> None:
            raise exceptions.Unavailable('writing', 'no space left on device')

        self.useFixture(
            fixtures.MonkeyPatch(
                'openstack_publish.gates.receiptfile.ReceiptFiles.write', full
            )
        )
        result = self.scene.publish()
        self.assertEqual(3, result.code, result.stdout)
        self.assertIn('OSP713', result.codes)
        self.assertEqual((), self.scene.index.uploads)
        self.assertEqual([], self.scene.archived())

    def test_a_finished_receipt_is_kept(self) -> None:
        self.assertPublished(self.scene.publish())
        written = self.scene.receipt_path.read_bytes()
        result = self.scene.publish()
        self.assertEqual('noted', result.finding('OSP710')['verdict'])
        self.assertEqual(written, self.scene.receipt_path.read_bytes())

    def test_a_finished_receipt_of_another_upload_is_wrong_usage(self) -> None:
        self.assertPublished(self.scene.publish())
        self.scene.index.store.delete_project(self.scene.project)
        self.scene.index.store.add_project(
            self.scene.project, owner=scene.USER
        )
        self.scene.index.store.add_file(
            self.scene.project, '0.9.1', 'x-0.9.1.tar.gz', b'another'
        )
        self.scene.index.forget_requests()
        result = self.scene.publish()
        self.assertEqual(2, result.code, result.stdout)
        self.assertIn('--receipt', result.finding('OSP714')['message'])
        self.assertEqual((), self.scene.index.uploads)

    def test_something_else_in_the_receipts_place_is_kept(self) -> None:
        place = self.scene.directory / 'notes.json'
        place.write_text('{"not": "a receipt"}')
        result = self.scene.publish('--receipt', str(place))
        self.assertEqual(2, result.code, result.stdout)
        self.assertEqual('{"not": "a receipt"}', place.read_text())

    def test_a_receipt_that_cannot_be_signed_is_none_of_a_finished_release(
        self,
    ) -> None:
        real = signer.OpenPGP.sign

        def sign(gpg: signer.OpenPGP, path: str, target: str) -> None:
            if '.receipt.json' in target:
                raise exceptions.Unavailable('signing', 'the agent is gone')
            real(gpg, path, target)

        with fixtures.MonkeyPatch(
            'openstack_publish.gates.openpgp.signer.OpenPGP.sign', sign
        ):
            result = self.scene.publish()
        self.assertEqual(4, result.code, result.stdout)
        self.assertEqual('unconfirmed', result.receipt['outcome'])
        self.assertEqual({'OSP713'}, result.codes)
        self.assertEqual(
            result.receipt, json.loads(self.scene.receipt_path.read_text())
        )
        result = self.scene.publish()
        self.assertEqual(0, result.code, result.stdout)
        self.assertEqual('published', result.receipt['outcome'])

    def test_a_refusal_is_written_where_it_was_asked_for(self) -> None:
        self.scene.index.store.set_status(self.scene.project, 'archived')
        place = self.scene.directory / 'r.json'
        result = self.scene.publish('--receipt', str(place))
        self.assertRefused(result, 'OSP305')
        self.assertEqual(result.receipt, json.loads(place.read_text('utf-8')))

    def test_a_refusal_does_not_replace_what_tells_of_an_upload(self) -> None:
        place = self.scene.directory / 'r.json'
        self.scene.index.faults.set('co-maintainer-added')
        self.assertEqual(4, self.scene.publish('--receipt', str(place)).code)
        written = place.read_bytes()
        self.assertEqual(1, self.scene.publish('--receipt', str(place)).code)
        self.assertEqual(written, place.read_bytes())

    def test_an_unconfirmed_receipt_outlives_a_look_that_refuses(
        self,
    ) -> None:
        self.scene.index.faults.set('co-maintainer-added')
        self.assertEqual(4, self.scene.publish().code)
        written = self.scene.receipt_path.read_bytes()
        result = self.scene.publish('--confirm-only')
        self.assertEqual(1, result.code, result.stdout)
        self.assertEqual('noted', result.finding('OSP710')['verdict'])
        self.assertEqual(written, self.scene.receipt_path.read_bytes())

    def test_a_run_that_sent_nothing_leaves_no_incomplete_receipt(
        self,
    ) -> None:
        for error, code, outcome in (
            (exceptions.Unavailable('keyring', 'gone'), 3, 'unavailable'),
            (exceptions.Misconfigured('it is none'), 2, 'misconfigured'),
        ):

            def fail(
                *args: object, error: exceptions.PublishError = error
            ) -> None:
                raise error

            with fixtures.MonkeyPatch(
                'openstack_publish.gates.credentials.TwineCredentials.login',
                fail,
            ):
                result = self.scene.publish()
            self.assertEqual(code, result.code, result.stdout)
            self.assertEqual(
                result.receipt,
                json.loads(self.scene.receipt_path.read_text('utf-8')),
            )
            self.assertEqual(outcome, result.receipt['outcome'])
            self.assertEqual((), self.scene.index.uploads)
            self.assertEqual([], self.scene.archived())

    def test_a_receipts_directory_that_is_not_there(self) -> None:
        result = self.scene.publish(
            '--receipt', str(self.scene.directory / 'none' / 'r.json')
        )
        self.assertEqual(2, result.code, result.stdout)
        self.assertEqual('misconfigured', result.receipt['outcome'])
        self.assertEqual('--receipt', result.finding('OSP714')['subject'])
        self.assertSentNothing()


class TestArchive(base.SceneTest):
    def test_without_an_archive_the_step_is_noted_as_not_done(self) -> None:
        words = self.scene.arguments()
        place = words.index('--archive')
        del words[place : place + 2]
        result = scene.run(words, {'TWINE_PASSWORD': self.scene.token})
        self.assertPublished(result)
        self.assertIsNone(result.receipt['archive'])
        self.assertEqual('noted', result.finding('OSP708')['verdict'])
        self.assertEqual('not-done', result.receipt['steps'][10]['outcome'])

    def test_an_archive_that_cannot_be_written_stops_the_upload(self) -> None:
        (self.scene.archive / 'openstack').write_text('in the way')
        result = self.scene.publish()
        self.assertEqual(3, result.code, result.stdout)
        self.assertTrue({'OSP709', 'OSP320'} & result.codes, result.codes)
        self.assertEqual((), self.scene.index.uploads)

    def test_the_archive_fails_after_the_first_file_was_stored(self) -> None:
        def broken(*args: object) -> None:
            raise exceptions.Unavailable('promoting', 'the disk is gone')

        self.useFixture(
            fixtures.MonkeyPatch(
                'openstack_publish.gates.archive.DirectoryArchive.promote',
                broken,
            )
        )
        result = self.scene.publish()
        self.assertEqual(4, result.code, result.stdout)
        self.assertIn('OSP709', result.codes)
        self.assertEqual('unconfirmed', result.receipt['outcome'])

    def test_what_is_not_archived_is_not_confirmed_but_archived(self) -> None:
        def broken(*args: object) -> None:
            raise exceptions.Unavailable('promoting', 'the disk is gone')

        with fixtures.MonkeyPatch(
            'openstack_publish.gates.archive.DirectoryArchive.promote',
            broken,
        ):
            result = self.scene.publish()
        self.assertIn('next: ', result.stderr)
        self.assertNotIn('--confirm-only', result.stderr)
        result = self.scene.publish('--confirm-only')
        self.assertEqual(1, result.code, result.stdout)
        self.assertEqual({'OSP730'}, result.codes)
        result = self.scene.publish()
        self.assertEqual(0, result.code, result.stdout)
        self.assertEqual('published', result.receipt['outcome'])
        self.assertEqual(
            {'placed'},
            {each['state'] for each in result.receipt['archive']['files']},
        )

    def test_what_is_archived_is_confirmed_with_its_signature(self) -> None:
        self.assertEqual(0, self.scene.publish().code)
        self.assertEqual(0, self.scene.publish('--confirm-only').code)
        place = self.scene.archive / self.scene.release.repo
        signed = place / f'{self.scene.wheel}.asc'
        content = signed.read_bytes()
        other = place / f'{self.scene.sdist}.asc'
        for wrong, code in ((other.read_bytes(), 'OSP501'), (b'', 'OSP503')):
            signed.write_bytes(wrong)
            result = self.scene.publish('--confirm-only')
            self.assertNotEqual(0, result.code, result.stdout)
            self.assertEqual({code}, result.codes)
        signed.unlink()
        result = self.scene.publish('--confirm-only')
        self.assertEqual(1, result.code, result.stdout)
        self.assertEqual({'OSP731'}, result.codes)
        self.assertEqual(0, self.scene.publish().code)
        self.assertEqual(content, signed.read_bytes())
        self.assertEqual(0, self.scene.publish('--confirm-only').code)

    def test_other_bytes_in_the_archive_refuse(self) -> None:
        place = self.scene.archive / self.scene.release.repo
        place.mkdir(parents=True)
        (place / self.scene.wheel).write_bytes(b'other bytes')
        result = self.scene.publish()
        self.assertEqual(1, result.code, result.stdout)
        self.assertEqual({'OSP320'}, result.codes)
        self.assertEqual((), self.scene.index.uploads)
        self.assertEqual(
            [os.path.join(self.scene.release.repo, self.scene.wheel)],
            self.scene.archived(),
        )


class TestTellingIsBroken(base.SceneTest):
    def test_an_upload_is_told_though_writing_it_down_breaks(self) -> None:
        for error, outcome in (
            (KeyboardInterrupt(), 'incomplete'),
            # Now the other file goes up, and both are there.
            (RuntimeError('no such thing'), 'unconfirmed'),
        ):
            real = receiptfile.ReceiptFiles.write
            times = iter(range(99))

            def write(
                *args: Any,
                real: Callable[..., None] = real,
                times: Iterator[int] = times,
                error: BaseException = error,
            ) -> None:
                # The second comes after the first file was stored.
                if next(times) > 0:
                    raise error
                real(*args)

            with fixtures.MonkeyPatch(
                'openstack_publish.gates.receiptfile.ReceiptFiles.write', write
            ):
                result = self.scene.publish()
            self.assertEqual(4, result.code, result.stdout)
            self.assertEqual(outcome, result.receipt['outcome'])


class TestCheckedBytes(base.SceneTest):
    """What was checked is what goes out."""

    def change_before(self, method: str, filename: str) -> None:
        """Change a file in the moment in which a gate is called."""
        place, _, name = method.rpartition('.')
        module, _, gate = place.rpartition('.')
        real = getattr(getattr(importlib.import_module(module), gate), name)

        def changing(*args: object) -> object:
            (self.scene.dist / filename).write_bytes(b'other bytes')
            return real(*args)

        self.useFixture(fixtures.MonkeyPatch(method, changing))

    def test_a_signature_that_changed_is_not_sent(self) -> None:
        self.change_before(
            'openstack_publish.gates.uploader.TwineUploader.upload',
            f'{self.scene.wheel}.asc',
        )
        result = self.scene.publish()
        self.assertEqual(2, result.code, result.stdout)
        self.assertEqual((), self.scene.index.uploads)
        self.assertEqual([], self.scene.archived())

    def test_bytes_that_changed_are_not_archived(self) -> None:
        self.assertPublished(self.scene.publish())
        shutil.rmtree(self.scene.archive)
        self.scene.archive.mkdir()
        self.change_before(
            'openstack_publish.gates.archive.DirectoryArchive.stage',
            self.scene.wheel,
        )
        result = self.scene.publish()
        self.assertEqual(3, result.code, result.stdout)
        self.assertIn('OSP709', result.codes)
        self.assertEqual([], self.scene.archived())


class TestDoubt(base.SceneTest):
    def test_a_file_that_cannot_be_read_is_not_said_to_be_missing(
        self,
    ) -> None:
        def broken(*args: object) -> None:
            raise exceptions.Unavailable('reading', 'input/output error')

        for method in ('find', 'read'):
            with fixtures.MonkeyPatch(
                f'openstack_publish.gates.distfiles.Distributions.{method}',
                broken,
            ):
                self.assertUnknown(self.scene.publish(), 'OSP201')

    def test_a_file_that_is_never_stored_is_tried_three_times(self) -> None:
        self.scene.index.faults.set('server-error-before-storing', times=9)
        result = self.scene.publish()
        self.assertEqual(3, result.code, result.stdout)
        self.assertEqual({'OSP322'}, result.codes)
        self.assertEqual(3, len(self.scene.index.uploads))
        self.assertEqual([], self.scene.archived())

    def test_a_file_in_doubt_is_neither_missing_nor_a_stranger(self) -> None:
        faults = self.scene.index.faults
        faults.set('server-error-after-storing', skip=1)
        faults.set('server-error', once_stored=True, times=6)
        result = self.scene.publish()
        self.assertEqual(4, result.code, result.stdout)
        self.assertEqual('incomplete', result.receipt['outcome'])
        self.assertIn('OSP322', result.codes)
        self.assertFalse({'OSP703', 'OSP712'} & result.codes)

    def test_an_index_that_is_silent_after_a_500_leaves_a_doubt(self) -> None:
        faults = self.scene.index.faults
        faults.set('server-error-after-storing')
        faults.set('server-error', once_stored=True)
        result = self.scene.publish()
        self.assertEqual(4, result.code, result.stdout)
        self.assertEqual('incomplete', result.receipt['outcome'])
        self.assertIn('OSP322', result.codes)
        staged = [name for name in self.scene.archived() if '.asc' in name]
        self.assertEqual(2, len(staged), 'the staged bytes are kept')

        faults.clear()
        result = self.scene.publish()
        self.assertPublished(result)
        self.assertEqual(2, self.scene.index.store.stored)


class TestUsage(base.SceneTest):
    def test_a_commit_must_be_a_whole_hash(self) -> None:
        for commit in ('', 'zzz', self.scene.release.commit[:7], 'HEAD'):
            result = self.scene.publish(f'--commit={commit}')
            self.assertEqual(2, result.code, result.stdout)
            self.assertEqual('--commit', result.finding('OSP714')['subject'])
        self.assertSentNothing()

    def test_another_commit_refuses(self) -> None:
        result = self.scene.publish('--commit', '0' * 40)
        self.assertRefused(result, 'OSP105')

    def test_two_wheels_are_one_too_many(self) -> None:
        wheel = self.scene.dist / self.scene.wheel
        other = wheel.with_name(wheel.name.replace('-py3', '-1-py3'))
        other.write_bytes(wheel.read_bytes())
        result = self.scene.publish()
        self.assertEqual(1, result.code, result.stdout)
        self.assertIn('OSP109', result.codes)
        self.assertEqual((), self.scene.index.uploads)

    def test_a_policy_that_nobody_committed_is_warned_of(self) -> None:
        policy = self.scene.releases_dir / 'data' / 'publish-policy.yaml'
        policy.write_text('schema: openstack-publish/policy/1\nindex: pypi\n')
        result = self.scene.publish('--dry-run')
        self.assertEqual(0, result.code, result.stdout)
        found = result.finding('OSP120')
        self.assertEqual('warning', found['severity'])
        self.assertEqual('data/publish-policy.yaml', found['path'])

    def test_a_key_list_that_nobody_committed_is_warned_of(self) -> None:
        status = self.scene.releases_dir / 'data' / 'series_status.yaml'
        status.write_text(status.read_text() + '# changed\n')
        result = self.scene.publish('--dry-run')
        self.assertEqual(0, result.code, result.stdout)
        self.assertEqual(
            'data/series_status.yaml', result.finding('OSP120')['path']
        )

    def test_without_streams_a_release_is_published_all_the_same(
        self,
    ) -> None:
        """The receipt on disk still tells of it."""
        done = subprocess.run(
            [
                *('sh', '-c', 'exec "$@" >&- 2>&-', 'sh'),
                *(sys.executable, '-m', 'openstack_publish'),
                *self.scene.arguments(),
            ],
            env={**os.environ, 'TWINE_PASSWORD': self.scene.token},
            timeout=60,
        )
        self.assertEqual(0, done.returncode)
        written = json.loads(self.scene.receipt_path.read_text('utf-8'))
        self.assertEqual('published', written['outcome'])
