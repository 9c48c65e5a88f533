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

"""Finding distributions and their signatures on disk."""

from __future__ import annotations

import os

import fixtures
import testtools

from openstack_publish import exceptions
from openstack_publish.gates import distfiles
from tests.support import artifacts
from tests.support import reading

PLACES = 'openstack_publish.gates.distfiles.places'


class TestFind(testtools.TestCase):
    """Which distributions files and directories name."""

    def setUp(self) -> None:
        super().setUp()
        self.here = self.useFixture(fixtures.TempDir()).path
        self.gate = distfiles.Distributions()

    def touch(self, *names: str) -> list[str]:
        return [artifacts.write(self.here, name, b'x') for name in names]

    def refused(self, *places: str) -> exceptions.Misconfigured:
        return self.assertRaises(
            exceptions.Misconfigured, self.gate.find, places
        )

    def test_a_place_that_is_not_there_is_named(self) -> None:
        place = os.path.join(self.here, 'dist')
        error = self.refused(place)
        self.assertEqual(f'{place} is not there', error.message)
        self.assertEqual(place, error.where)

    def test_a_file_that_is_not_there_is_named(self) -> None:
        place = os.path.join(self.here, 'a-1.tar.gz')
        self.assertEqual(f'{place} is not there', self.refused(place).message)

    def test_an_empty_directory_is_no_release(self) -> None:
        self.assertEqual(
            f'there is no sdist (*.tar.gz) and no wheel (*.whl) in '
            f'{self.here}',
            self.refused(self.here).message,
        )

    def test_no_place_at_all_is_no_release(self) -> None:
        self.assertIn('there is no sdist', self.refused().message)

    def test_a_directory_gives_sdists_and_wheels_by_name_and_no_more(
        self,
    ) -> None:
        os.mkdir(os.path.join(self.here, 'old'))
        artifacts.write(os.path.join(self.here, 'old'), 'c-1.tar.gz', b'x')
        self.touch('b-1-py3-none-any.whl', 'a-1.tar.gz', '.a-1.tar.gz')
        self.touch('a-1.tar.gz.asc', 'notes.txt', 'a-1.zip', 'a.WHL')
        self.assertEqual(
            ('a-1.tar.gz', 'b-1-py3-none-any.whl'),
            tuple(
                os.path.basename(path) for path in self.gate.find([self.here])
            ),
        )

    def test_everything_in_a_directory_may_be_named(self) -> None:
        """What ``dist/*`` gives after a run, receipt and signatures too."""
        paths = self.touch(
            'a-1.receipt.json',
            'a-1.receipt.json.asc',
            'a-1.tar.gz',
            'a-1.tar.gz.asc',
            'a-1.tar.gz.publish.attestation',
        )
        self.assertEqual((paths[2],), self.gate.find(paths))

    def test_a_signature_without_its_file_is_refused(self) -> None:
        [sdist, _, other] = self.touch(
            'a-1.tar.gz', 'a-1.tar.gz.asc', 'b-1.tar.gz.asc'
        )
        self.assertEqual(
            f'{other} belongs to a distribution that is not named with it',
            self.refused(sdist, other).message,
        )

    def test_a_receipt_alone_is_refused(self) -> None:
        [path] = self.touch('a-1.receipt.json')
        self.assertIn('belongs to', self.refused(path).message)

    def test_a_zipped_sdist_is_refused_with_what_to_do(self) -> None:
        [path] = self.touch('a-1.zip')
        self.assertIn('.tar.gz only (PEP 625)', self.refused(path).message)

    def test_something_else_is_refused(self) -> None:
        [path] = self.touch('a-1.egg')
        self.assertEqual(
            f'{path} is neither an sdist (.tar.gz) nor a wheel (.whl)',
            self.refused(path).message,
        )

    def test_a_file_that_is_named_twice_counts_once(self) -> None:
        [path] = self.touch('a-1.tar.gz')
        around = os.path.join(self.here, '.', 'a-1.tar.gz')
        self.assertEqual(
            (path,), self.gate.find([path, around, self.here, path])
        )

    def test_a_link_to_a_distribution_is_one(self) -> None:
        [path] = self.touch('built')
        link = os.path.join(self.here, 'a-1.tar.gz')
        os.symlink(path, link)
        self.assertEqual((link,), self.gate.find([self.here]))

    def test_a_link_beside_its_distribution_is_a_second_one(self) -> None:
        """Which of the two names is meant, a rule has to ask."""
        [path] = self.touch('b-1.tar.gz')
        link = os.path.join(self.here, 'a-1.tar.gz')
        os.symlink(path, link)
        self.assertEqual((link, path), self.gate.find([self.here]))

    def test_a_link_into_nothing_is_not_passed_over(self) -> None:
        link = os.path.join(self.here, 'a-1.tar.gz')
        os.symlink('gone', link)
        self.assertEqual(
            f'{link} is a link to gone, which is not there',
            self.refused(self.here).message,
        )

    def test_a_directory_called_like_a_wheel_is_not_passed_over(self) -> None:
        path = os.path.join(self.here, 'a.whl')
        os.mkdir(path)
        self.assertEqual(
            f'{path} is no regular file', self.refused(self.here).message
        )

    def test_a_device_behind_a_link_is_refused_and_not_read(self) -> None:
        link = os.path.join(self.here, 'a-1.tar.gz')
        os.symlink('/dev/zero', link)
        self.assertEqual(
            f'{link} is no regular file', self.refused(self.here).message
        )

    def test_a_directory_has_a_limit_so_that_none_can_outgrow_us(self) -> None:
        self.useFixture(fixtures.MonkeyPatch(f'{PLACES}.ENTRIES', 3))
        self.touch('a-1.tar.gz', 'b', 'c')
        self.assertEqual(1, len(self.gate.find([self.here])))
        self.touch('d')
        self.assertEqual(
            f'{self.here} has more than 3 entries; name the distributions '
            'in it',
            self.refused(self.here).message,
        )

    def test_a_pipe_is_refused_and_not_waited_for(self) -> None:
        path = os.path.join(self.here, 'a-1.tar.gz')
        os.mkfifo(path)
        self.assertEqual(
            f'{path} is no regular file', self.refused(self.here).message
        )
        self.assertEqual(
            f'{path} is no regular file', self.refused(path).message
        )
        self.assertEqual(
            f'reading {path}: it is no regular file',
            str(
                self.assertRaises(
                    exceptions.Unavailable,
                    self.gate.read,
                    path,
                    reading.unseen,
                )
            ),
        )


class TestSignatureOf(testtools.TestCase):
    """The signature beside a file."""

    def setUp(self) -> None:
        super().setUp()
        self.here = self.useFixture(fixtures.TempDir()).path
        self.gate = distfiles.Distributions()
        self.path = artifacts.write(self.here, 'a-1.tar.gz', b'x')

    def test_there_is_none(self) -> None:
        self.assertIsNone(self.gate.signature_of(self.path))

    def test_it_is_where_gpg_puts_it(self) -> None:
        beside = artifacts.write(self.here, 'a-1.tar.gz.asc', b'x')
        self.assertEqual(beside, self.gate.signature_of(self.path))

    def test_a_link_into_nothing_is_one_that_cannot_be_verified(self) -> None:
        os.symlink('gone', f'{self.path}.asc')
        self.assertEqual(f'{self.path}.asc', self.gate.signature_of(self.path))
