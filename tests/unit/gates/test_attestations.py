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

"""Attestations of a file, as PyPI served them, verified offline."""

from __future__ import annotations

import json
import pathlib
import sys
from unittest import mock

import fixtures
import testtools

from openstack_publish.gates import attestations
from openstack_publish.gates import clock
from openstack_publish.gates import web
from openstack_publish.model import listing
from openstack_publish.model import verification
from tests.support import fast_time
from tests.support import httpd

NAME = 'pypi_attestations-0.0.19.tar.gz'
SHA256 = '9bb1add04b1b4e182be6b0b80931593f7a291eb49d69b4fd728a5d4cbcdc4bd3'
DOCUMENT = (
    pathlib.Path(__file__).parents[2]
    / 'support'
    / 'attestations'
    / f'{NAME}.provenance'
).read_bytes()


class TestProvenances(testtools.TestCase):
    """Who published a file, where the extra is installed and where not."""

    def setUp(self) -> None:
        super().setUp()
        self.useFixture(fast_time.FastTime())
        # sigstore says there that it asks nobody.
        self.useFixture(fixtures.FakeLogger())
        # What sigstore keeps of its roots goes into a home of the test's.
        home = self.useFixture(fixtures.TempDir()).path
        self.useFixture(fixtures.EnvironmentVariable('HOME', home))
        self.server = self.useFixture(httpd.Server())
        reader = web.Web(clock.SystemClock())
        self.addCleanup(reader.close)
        self.gate = attestations.Provenances(reader)

    def told(
        self, *replies: httpd.Reply, name: str = NAME, sha256: str = SHA256
    ) -> verification.Attested:
        self.server.on('/provenance', *replies)
        return self.gate.read(
            listing.ListedFile(
                name,
                f'{self.server.url}/{name}',
                sha256,
                provenance=f'{self.server.url}/provenance',
            )
        )

    def test_the_publisher_of_a_real_file_is_named(self) -> None:
        self.assertEqual(
            verification.Attested(
                'verified; published by GitHub (repository '
                'trailofbits/pypi-attestations, workflow release.yml)'
            ),
            self.told(httpd.answer(DOCUMENT, attestations.INTEGRITY)),
        )
        (asked,) = self.server.asked('/provenance')
        self.assertEqual(attestations.INTEGRITY, asked.headers['accept'])

    def test_for_other_bytes_they_do_not_verify(self) -> None:
        told = self.told(
            httpd.answer(DOCUMENT, attestations.INTEGRITY), sha256='a' * 64
        )
        self.assertIn('they do not verify: ', told.said)
        self.assertIn('does not match distribution digest', told.said)

    def test_by_another_publisher_they_do_not_verify(self) -> None:
        changed = DOCUMENT.replace(
            b'trailofbits/pypi-attestations', b'mallory/pypi-attestations'
        )
        self.assertEqual(1, DOCUMENT.count(b'trailofbits/'))
        told = self.told(httpd.answer(changed, attestations.INTEGRITY))
        self.assertIn('they do not verify: ', told.said)

    def test_a_publisher_without_attestations_has_proved_nothing(self) -> None:
        changed = json.loads(DOCUMENT)
        (bundle,) = changed['attestation_bundles']
        bundle['attestations'] = []
        told = self.told(httpd.answer(json.dumps(changed).encode()))
        self.assertEqual('there is none in the document', told.said)

    def test_what_cannot_be_read_proves_nothing(self) -> None:
        for reply, said in (
            (httpd.answer(b'', status='404 Not Found'), 'answers 404'),
            (httpd.answer(b'', status='503 Busy'), 'they cannot be read'),
            (httpd.answer(b'{'), 'they do not verify'),
            (
                httpd.answer(b'{"version": 1, "attestation_bundles": []}'),
                'there is none in the document',
            ),
        ):
            with self.subTest(said=said):
                told = self.told(reply)
                self.assertIn(said, told.said)
                self.assertNotIn('published by', told.said)

    def test_without_the_extra_it_is_named(self) -> None:
        with mock.patch.dict(sys.modules, {'pypi_attestations': None}):
            told = self.told(httpd.answer(DOCUMENT, attestations.INTEGRITY))
        self.assertEqual('openstack-publish[attestations]', told.install)
        self.assertEqual([], self.server.asked('/provenance'))
