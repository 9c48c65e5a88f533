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

"""Tokens and private keys inside a distribution."""

from __future__ import annotations

import base64
import subprocess
import sys
import textwrap
import time

import testtools

from openstack_publish.gates.distfiles import inspection
from openstack_publish.gates.distfiles import leaks
from openstack_publish.model import distribution
from tests.support import artifacts
from tests.support import reading

MATERIAL = base64.b64encode(bytes(range(96)))
LINES = b'\n'.join(
    [MATERIAL[:64], MATERIAL[64:], b'-----END PRIVATE KEY-----\n']
)
WORD = b'A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8S9t0'

# Put together here, so that nobody takes this file for one with secrets.
KEY = b'-----BEGIN PRIVATE ' + b'KEY-----\n' + LINES
SECRETS = {
    'a PyPI API token': [
        b'pypi-' + b'AgEIcHlwaS5vcmc' + WORD * 2,
        b'pypi-' + b'AgENdGVzdC5weXBpLm9yZw' + WORD * 2,
    ],
    'a private key': [
        KEY,
        KEY.replace(b'PRIVATE', b'RSA PRIVATE').replace(b'\n', b'\r\n'),
        KEY.replace(b'PRIVATE', b'OPENSSH PRIVATE').replace(b'\n', b'\n    '),
        KEY.replace(b'PRIVATE', b'EC PRIVATE').replace(b'\n', b'\\n"\n    "'),
        KEY.replace(
            b'-----\n',
            b'-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,'
            b'0123456789ABCDEF0123456789ABCD\n\n',
            1,
        ),
    ],
    'an OpenPGP private key': [
        KEY.replace(b'PRIVATE KEY', b'PGP PRIVATE KEY BLOCK'),
        KEY.replace(b'PRIVATE KEY', b'PGP PRIVATE KEY BLOCK').replace(
            b'-----\n', b'-----\nVersion: GnuPG v2\n\n', 1
        ),
    ],
    'a GitHub token': [
        *(b'gh' + kind + b'_' + WORD[:36] for kind in (b'p', b's', b'o')),
        b'github_' + b'pat_' + WORD[:22] + b'_' + (WORD * 2)[:59],
    ],
    'a GitLab token': [b'glpat' + b'-' + WORD[:20]],
    'an AWS access key': [b'AKIA' + b'QWERTYUIOPASDFG2'],
    'a Slack token': [b'xox' + b'b-123456789012-' + WORD[:24]],
}

HARMLESS = (
    # Programs that read keys, and what they say of them.
    b"if '-----BEGIN PRIVATE " + b"KEY-----' in text:\n    return parse(text)",
    b'-----BEGIN PRIVATE ' + b'KEY-----\n...\n-----END PRIVATE KEY-----\n',
    b'-----BEGIN PRIVATE ' + b'KEY-----\n-----BEGIN CERTIFICATE-----\n' + WORD,
    b'-----BEGIN PUBLIC KEY-----\n' + LINES,
    b'-----BEGIN CERTIFICATE-----\n' + LINES,
    b'-----BEGIN PGP PUBLIC KEY BLOCK-----\n\n' + LINES,
    # Examples of documents, and parts of longer words.
    b'AKIA' + b'IOSFODNN7EXAMPLE',
    b'xAKIA' + b'QWERTYUIOPASDFG2',
    b'TWINE_PASSWORD=pypi-' + b'AgEIcHlwaS5vcmc...',
    b'lengthp_' + WORD,
    b'ghp_' + WORD,
    b'xoxb-your-token',
)


def found(*pieces: bytes) -> list[str]:
    """Return the kinds that are found in a file."""
    search = leaks.Leaks()
    seen = b''.join(search.watched('a', pieces))
    assert seen == b''.join(pieces)
    return [leak.kind for leak in search.all()]


class TestKinds(testtools.TestCase):
    """What is taken for a secret."""

    def test_what_only_resembles_one_is_none(self) -> None:
        for text in HARMLESS:
            self.assertEqual([], found(text), str(text))

    def test_each_kind_is_told_apart(self) -> None:
        for kind, texts in SECRETS.items():
            for text in texts:
                self.assertEqual([kind], found(text), str(text))
                self.assertEqual(
                    [kind], found(b'x = "' + text + b'"'), str(text)
                )

    def test_it_is_found_across_the_pieces_that_a_file_comes_in(self) -> None:
        for kind, texts in SECRETS.items():
            for text in texts:
                for cut in range(1, len(text)):
                    self.assertEqual([kind], found(text[:cut], text[cut:]))

    def test_two_kinds_in_one_file_are_two(self) -> None:
        kinds = sorted(SECRETS)
        self.assertEqual(
            kinds,
            sorted(found(b'\n'.join(SECRETS[kind][0] for kind in kinds))),
        )

    def test_one_kind_twice_in_one_file_is_one(self) -> None:
        self.assertEqual(['a private key'], found(KEY, b'-' * 9000, KEY))


class TestLimits(testtools.TestCase):
    """What somebody else made costs no more than it may."""

    def test_after_a_thousand_the_search_is_over(self) -> None:
        search = leaks.Leaks()
        for number in range(leaks.KEPT + 5):
            for _ in search.watched(str(number), [KEY]):
                pass
        self.assertEqual(leaks.KEPT, len(search.all()))

    def test_no_input_makes_it_slow(self) -> None:
        """A MiB takes less than a second; most take a hundredth of one."""
        begin = KEY.partition(b'\n')[0]
        for unit in (
            begin,
            begin + b' ' * 60,
            begin + b'a ' * 60,
            begin + (b'a' * 31 + b' ') * 60,
            b'-----BEGIN ' + b'A' * 20,
            b'ghp_',
            b'AKIA',
            b'pypi-' + b'AgEIcHlwaS5vcmc',
        ):
            piece = (unit * inspection.CHUNK)[: inspection.CHUNK]
            began = time.process_time()
            found(*[piece] * (inspection.MIB // inspection.CHUNK))
            self.assertLess(time.process_time() - began, 1.0, unit)

    def test_memory_is_that_of_a_piece_and_not_of_the_file(self) -> None:
        """Beside the interpreter, less than 8 MiB for 64 MiB of content."""
        script = """
            import resource
            from openstack_publish.gates.distfiles import leaks
            def peak():
                return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            search = leaks.Leaks()
            before = peak()
            for _ in search.watched('a', (bytes(65536) for _ in range(1024))):
                pass
            print(peak() - before)
        """
        done = subprocess.run(
            [sys.executable, '-c', textwrap.dedent(script)],
            capture_output=True,
            check=True,
            text=True,
        )
        self.assertLess(int(done.stdout), 8 * 1024)


class TestInWheel(reading.WheelTestCase):
    def test_its_path_and_kind_are_told_and_nothing_of_it(self) -> None:
        dist = self.read(
            artifacts.write_wheel(
                self.here,
                'oslo.demo',
                '1.2.0',
                extra={'oslo_demo/tests/server.key': KEY},
            )
        )
        self.assertEqual((), dist.defects)
        self.assertEqual(
            (
                distribution.Leak(
                    'oslo_demo/tests/server.key', 'a private key'
                ),
            ),
            dist.leaks,
        )
        self.assertNotIn(MATERIAL[:20].decode(), repr(dist))


class TestInSdist(reading.SdistTestCase):
    def test_its_path_and_kind_are_told(self) -> None:
        [token, _] = SECRETS['a PyPI API token']
        dist = self.with_members((f'{reading.STEM}/.pypirc', token))
        self.assertEqual((), dist.defects)
        self.assertEqual(
            (
                distribution.Leak(
                    f'{reading.STEM}/.pypirc', 'a PyPI API token'
                ),
            ),
            dist.leaks,
        )

    def test_files_that_are_read_whole_are_looked_at_too(self) -> None:
        [token, _] = SECRETS['a PyPI API token']
        dist = self.read(
            artifacts.write_sdist(
                self.here,
                'oslo.demo',
                '1.2.0',
                description=f'{token.decode()}\n',
            )
        )
        self.assertEqual(
            {
                f'{reading.STEM}/PKG-INFO',
                f'{reading.STEM}/oslo.demo.egg-info/PKG-INFO',
            },
            {leak.path for leak in dist.leaks},
        )
