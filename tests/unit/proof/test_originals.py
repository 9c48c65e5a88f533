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

"""An original that changes while it is looked at."""

from __future__ import annotations

import pathlib
from collections.abc import Mapping
from collections.abc import Sequence

import fixtures
import testtools

from openstack_publish import exceptions
from openstack_publish.gates import archive
from openstack_publish.model import knowledge
from openstack_publish.model import names
from openstack_publish.model import signature
from openstack_publish.proof import originals

REPO = 'openstack/nova'
SDIST = 'nova-1.0.0.tar.gz'


class Swapping:
    """Fits ``seams.Verifier``; somebody writes the file while gpg reads.

    :param content: what the file has afterwards
    """

    def __init__(self, content: bytes) -> None:
        self._content = content

    def trust(
        self, files: Sequence[str]
    ) -> Mapping[str, tuple[names.Fingerprint, ...]]:
        return {}

    def verify(
        self, signature_path: str, path: str
    ) -> signature.SignatureReading:
        pathlib.Path(path).write_bytes(self._content)
        return signature.SignatureReading(f'{SDIST}.asc', 'a' * 64)


class TestVerified(testtools.TestCase):
    def setUp(self) -> None:
        super().setUp()
        root = self.useFixture(fixtures.TempDir()).path
        self.place = pathlib.Path(root, REPO)
        self.place.mkdir(parents=True)
        self.place.joinpath(SDIST).write_bytes(b'read')
        self.place.joinpath(f'{SDIST}.asc').write_bytes(b'signed')
        self.archive = archive.DirectoryOriginals(root)

    def verified(self, content: bytes) -> signature.SignatureReading:
        with self.archive.holding(REPO, SDIST) as held:
            assert isinstance(held, knowledge.Known)
            assert held.value is not None
            assert held.value.signature_path is not None
            return originals.verified(
                self.archive,
                Swapping(content),
                held.value,
                held.value.signature_path,
            )

    def test_what_gpg_says_of_other_bytes_is_not_believed(self) -> None:
        error = self.assertRaises(
            exceptions.Unavailable, self.verified, b'swapped'
        )
        self.assertIn('changed while it was looked at', error.cause)
        self.assertIn(SDIST, error.what)

    def test_what_gpg_says_of_the_same_bytes_is(self) -> None:
        self.assertEqual(f'{SDIST}.asc', self.verified(b'read').filename)
