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

"""Signing alone: all or nothing, with the named key, and nothing is sent."""

from __future__ import annotations

import json
import os
import pathlib
import subprocess
from typing import Any

import fixtures

from openstack_publish import exceptions
from openstack_publish import seams
from openstack_publish.gates import distfiles
from openstack_publish.gates import openpgp
from openstack_publish.model import distribution
from openstack_publish.model import signature
from tests.functional import base
from tests.support import keys
from tests.support import scene

PASSPHRASE = 'correct horse battery staple'


class SignTest(base.SceneTest):
    def sign(
        self,
        *more: str,
        place: str | None = None,
        releases: bool = True,
        key: bool = True,
        environment: dict[str, str] | None = None,
    ) -> scene.Result:
        """Sign what was built, as a job would."""
        words = ['sign', str(self.scene.dist)]
        if place is not None:
            words.append(str(self.scene.dist / place))
        if releases:
            words += ['--releases', str(self.scene.releases_dir)]
        if key:
            words += ['--sign-key-file', self.scene.release.secret_key_file]
        return scene.run([*words, *more], environment or {})

    def list_of(self, result: scene.Result) -> dict[str, Any]:
        """Return what was printed, by file name."""
        return {item['filename']: item for item in json.loads(result.stdout)}

    def assertSignedNothing(self, result: scene.Result, code: int) -> None:
        """This exit code, and not one signature more than before."""
        self.assertEqual(code, result.code, result.stdout + result.stderr)
        self.assertSentNothing()

    def assertGood(self, name: str) -> None:
        """Gpg itself, with the cycle's public key, calls it good."""
        home = self.useFixture(keys.ShortDirectory()).path
        gpg = ['gpg', '--homedir', home, '--batch', '--status-fd', '1']
        path = str(self.scene.dist / name)
        public = self.scene.release.public_key_file
        subprocess.run(
            [*gpg, '--import', public], check=True, capture_output=True
        )
        said = subprocess.run(
            [*gpg, '--verify', f'{path}.asc', path],
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        self.assertRegex(
            said,
            f'VALIDSIG .* {self.scene.release.key_fingerprint}',
        )


class TestRefusals(SignTest):
    """Where anything is wrong, nothing is signed."""

    def test_without_a_key_it_is_wrong_usage(self) -> None:
        result = self.sign('-f', 'json', key=False)
        self.assertSignedNothing(result, 2)
        self.assertEqual([], json.loads(result.stdout))
        self.assertIn('--sign-key', result.stderr)

    def test_a_key_is_not_trusted_because_it_is_used(self) -> None:
        result = self.sign('-f', 'json', releases=False)
        self.assertSignedNothing(result, 2)
        self.assertEqual([], json.loads(result.stdout))
        self.assertIn('no key is trusted', result.stderr)

    def test_a_file_that_is_not_there_is_wrong_usage(self) -> None:
        result = self.sign(place='no-1.0.tar.gz')
        self.assertSignedNothing(result, 2)
        self.assertIn('no-1.0.tar.gz', result.stderr)

    def test_a_policy_that_is_not_there_is_wrong_usage(self) -> None:
        self.assertSignedNothing(self.sign('--policy', 'nowhere.yaml'), 2)

    def test_a_key_of_somebody_else_is_refused(self) -> None:
        ring = self.useFixture(keys.Keyring())
        key = ring.generate()
        own = ('--sign-key-file', ring.secret_file(key))
        result = self.sign(*own, '-f', 'json', key=False)
        self.assertSignedNothing(result, 1)
        self.assertIn('OSP512 error', result.stderr)
        self.assertEqual(
            [(None, False), (None, False)],
            [
                (item['signature'], item['created_now'])
                for item in self.list_of(result).values()
            ],
        )
        # It is the trust that was missing, and nothing else.
        result = self.sign(*own, '--trusted-key', key.primary, key=False)
        self.assertEqual(0, result.code, result.stdout)

    def test_an_expired_key_is_refused(self) -> None:
        ring = self.useFixture(keys.Keyring())
        key = ring.generate(when='20200131T120000')
        result = self.sign(
            *('--sign-key-file', ring.secret_file(key)),
            *('--trusted-key', key.primary),
            key=False,
        )
        self.assertSignedNothing(result, 1)
        self.assertIn('OSP509 error', result.stdout)

    def test_one_bad_signature_leaves_the_other_file_unsigned(self) -> None:
        self.assertEqual(0, self.sign().code)
        os.unlink(self.scene.dist / f'{self.scene.wheel}.asc')
        bad = self.scene.dist / f'{self.scene.sdist}.asc'
        self.scene.dist.joinpath('other.bin').write_bytes(b'other bytes')
        ring = self.useFixture(keys.Keyring())
        ring.gpg('--import', self.scene.release.secret_key_file)
        ring.gpg(
            *('--output', str(bad), '--armor', '--detach-sign'),
            str(self.scene.dist / 'other.bin'),
        )
        os.unlink(self.scene.dist / 'other.bin')
        before = bad.read_bytes()
        result = self.sign('-f', 'json')
        self.assertEqual(1, result.code, result.stderr)
        self.assertIn('OSP501 error', result.stderr)
        self.assertFalse(
            (self.scene.dist / f'{self.scene.wheel}.asc').exists()
        )
        self.assertEqual(before, bad.read_bytes())
        self.assertIsNone(self.list_of(result)[self.scene.sdist]['signature'])

    def test_a_defect_of_one_distribution_refuses_all(self) -> None:
        wheel = self.scene.dist / self.scene.wheel
        wheel.write_bytes(wheel.read_bytes()[:-40])
        result = self.sign('-f', 'json')
        self.assertSignedNothing(result, 1)
        self.assertIn('OSP201 error', result.stderr)

    def test_what_cannot_be_read_is_unknown(self) -> None:
        read = distfiles.Distributions.read
        sdist = str(self.scene.dist / self.scene.sdist)

        def fails(
            gate: distfiles.Distributions, path: str, progress: seams.Progress
        ) -> distribution.Distribution:
            if path == sdist:
                raise exceptions.Unavailable(path, 'the disk is broken')
            return read(gate, path, progress)

        self.useFixture(
            fixtures.MonkeyPatch(
                'openstack_publish.gates.distfiles.Distributions.read', fails
            )
        )
        result = self.sign('-f', 'json')
        self.assertSignedNothing(result, 3)
        self.assertIn('OSP201 unknown', result.stderr)
        self.assertEqual(
            {
                'filename': self.scene.sdist,
                'sha256': None,
                'signature': None,
                'created_now': False,
            },
            self.list_of(result)[self.scene.sdist],
        )

    def test_without_gpg_nothing_can_be_known(self) -> None:
        empty = self.useFixture(fixtures.TempDir()).path
        result = self.sign('-f', 'json', environment={'PATH': empty})
        self.assertSignedNothing(result, 3)
        self.assertIn('OSP513 unknown', result.stderr)

    def test_required_signatures_must_be_there(self) -> None:
        result = self.sign('--signatures', 'require', key=False)
        self.assertSignedNothing(result, 1)
        self.assertIn(
            f'there is no {self.scene.wheel}.asc',
            ' '.join(result.stdout.split()),
        )

    def test_a_file_that_changes_after_it_was_read_is_not_signed(
        self,
    ) -> None:
        prove = openpgp.OpenPGP.prove
        sdist = self.scene.dist / self.scene.sdist

        def change(gate: openpgp.OpenPGP) -> signature.KeyProof | None:
            with sdist.open('ab') as opened:
                opened.write(b'\0')
            return prove(gate)

        self.useFixture(
            fixtures.MonkeyPatch(
                'openstack_publish.gates.openpgp.OpenPGP.prove', change
            )
        )
        result = self.sign('-f', 'json')
        self.assertEqual(1, result.code, result.stderr)
        self.assertIn('OSP212 error', result.stderr)
        self.assertFalse(pathlib.Path(f'{sdist}.asc').exists())
        self.assertIsNone(self.list_of(result)[self.scene.sdist]['signature'])

    def test_an_error_of_our_own_leaves_a_document_too(self) -> None:
        def broken(gate: openpgp.OpenPGP) -> None:
            raise RuntimeError('it broke')

        self.useFixture(
            fixtures.MonkeyPatch(
                'openstack_publish.gates.openpgp.OpenPGP.prove', broken
            )
        )
        result = self.sign('-f', 'json')
        self.assertSignedNothing(result, 3)
        self.assertEqual([], json.loads(result.stdout))
        self.assertIn('again with --debug', result.stderr)


class TestSign(SignTest):
    def test_everything_is_signed_and_nobody_is_asked(self) -> None:
        result = self.sign('-f', 'json')
        self.assertEqual(0, result.code, result.stderr)
        listed = self.list_of(result)
        self.assertEqual(set(self.scene.filenames), set(listed))
        for name, item in listed.items():
            self.assertEqual(
                ['filename', 'sha256', 'signature', 'created_now'],
                list(item),
            )
            self.assertIs(True, item['created_now'])
            self.assertEqual(f'{name}.asc', item['signature']['filename'])
            self.assertEqual(
                self.scene.release.key_fingerprint,
                item['signature']['primary_fingerprint'],
            )
            self.assertGood(name)
        self.assertEqual((), self.scene.index.requests)
        self.assertEqual(
            sorted([*listed, *(f'{name}.asc' for name in listed)]),
            sorted(path.name for path in self.scene.dist.iterdir()),
        )

    def test_what_is_signed_is_verified_and_left_alone(self) -> None:
        self.assertEqual(0, self.sign().code)
        made = {
            path.name: path.read_bytes()
            for path in self.scene.dist.glob('*.asc')
        }
        os.unlink(self.scene.dist / f'{self.scene.sdist}.asc')
        listed = self.list_of(self.sign('-f', 'json'))
        self.assertIs(False, listed[self.scene.wheel]['created_now'])
        self.assertIs(True, listed[self.scene.sdist]['created_now'])
        wheel = f'{self.scene.wheel}.asc'
        self.assertEqual(made[wheel], (self.scene.dist / wheel).read_bytes())

    def test_who_has_no_key_can_verify(self) -> None:
        self.assertEqual(0, self.sign().code)
        result = self.sign('--signatures', 'require', key=False)
        self.assertEqual(0, result.code, result.stdout)
        self.assertIn('2 of 2 distributions signed', result.stdout)
        self.assertIn('signed before by', result.stdout)

    def test_what_was_signed_alone_is_what_is_published(self) -> None:
        self.assertEqual(0, self.sign().code)
        self.assertPublished(
            self.scene.publish('--signatures', 'require', key=False)
        )
        placed = self.scene.archive / self.scene.release.repo
        for name in self.scene.filenames:
            self.assertEqual(
                (self.scene.dist / f'{name}.asc').read_bytes(),
                (placed / f'{name}.asc').read_bytes(),
            )

    def test_the_passphrase_is_taken_and_not_shown(self) -> None:
        ring = self.useFixture(keys.Keyring())
        key = ring.generate(passphrase=PASSPHRASE)
        result = self.sign(
            *('--sign-key-file', ring.secret_file(key)),
            *('--trusted-key', ring.public_file(key)),
            key=False,
            environment={'OPENSTACK_PUBLISH_PASSPHRASE': PASSPHRASE},
        )
        self.assertEqual(0, result.code, result.stdout)
        self.assertNotIn(PASSPHRASE, result.stdout + result.stderr)
