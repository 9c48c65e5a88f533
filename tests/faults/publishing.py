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

"""What must be true in every cell of ``publish``."""

from __future__ import annotations

import base64
import pathlib
from collections.abc import Callable
from collections.abc import Collection
from typing import ClassVar

import testtools

from openstack_publish.gates.openpgp import home
from tests.faults import matrix
from tests.faults import table
from tests.faults import trial
from tests.support import keys

_SECRET_KEY = b'PRIVATE KEY BLOCK'
_DONE = frozenset({'published', 'nothing-to-do'})


class PublishTest(testtools.TestCase):
    """Cells; a subclass gets a test for each of its own.

    :cvar faults: whose cells it has
    :cvar things: at which outside things; empty for all
    """

    faults: ClassVar[Collection[str]] = ()
    things: ClassVar[Collection[str]] = ()

    def __init_subclass__(cls) -> None:
        for cell in table.cells():
            if (
                cell.fault in cls.faults
                and cell.reason is None
                and (not cls.things or cell.place.thing in cls.things)
            ):
                setattr(cls, f'test_{cell.name}', _case(cell))

    def check(self, cell: table.Cell) -> None:
        """Play a cell, and hold it against the invariants and the table."""
        with matrix.played(cell.fault, *_where(cell)) as played:
            stage = self.useFixture(trial.Trial(cell))
            first = stage.met()
            played.first = first.short
            self.assertTrue(stage.came, 'the fault met nobody')
            self.assert_invariants(stage, first)
            held = set(first.listed)
            stage.posted.clear()

            second = stage.again()
            played.second = second.short
            self.assert_invariants(stage, second)
            self.assertEqual((), second.temporary)
            self.assertEqual([], keys.agents_left(str(stage.temporary)))
            self.assertEqual(stage.complete(), stage.scene.archived())
            self.assertEqual(
                set(), held & {name for name, _ in stage.posted}, second.said
            )
            self.assertEqual(
                (table.met(cell), table.again(cell)),
                (first.short, second.short),
                first.stdout + first.said + second.stdout,
            )

    def assert_invariants(self, stage: trial.Trial, left: trial.Left) -> None:
        """Hold one run against what no fault may break."""
        ours = stage.ours()
        for name, sha256 in left.listed.items():
            self.assertEqual(ours[name], sha256)
        for name, built in stage.posted:
            self.assertTrue(built, f'{name} was posted with other bytes')
        if left.code == 0:
            self.assertEqual(ours, left.listed)
            self.assert_confirmed(left)
        self.assert_named(left)
        self.assertEqual((), stage.scene.index.errors)
        self.assert_hidden(stage, left)

    def assert_confirmed(self, left: trial.Left) -> None:
        """Exit 0 says that files and maintainers were read back."""
        told = left.told
        assert told is not None
        self.assertIn(told['outcome'], _DONE)
        for artifact in told['artifacts']:
            self.assertIs(True, artifact['confirmed'], artifact)
        self.assertEqual(
            [{'user': 'openstackci', 'role': 'Owner'}],
            told['maintainers']['after']['roles'],
        )

    def assert_named(self, left: trial.Left) -> None:
        """No file is on the index that the receipt on disk does not name."""
        if not left.listed:
            return
        assert left.written is not None, left.said
        named = {
            each['filename']: each['sha256']
            for each in left.written['artifacts']
        }
        for name, sha256 in left.listed.items():
            self.assertEqual(sha256, named[name])
        told = left.told
        if told is None:
            return
        self.assertEqual(left.code, told['exit_code'])
        stepped = {
            each['filename']: each['step'] for each in told['artifacts']
        }
        doubted = {each['subject'] for each in told['findings']}
        for name in left.listed:
            if stepped[name] == 'not-uploaded':
                self.assertTrue(
                    name in doubted or told['exit_code'] == 3, left.stdout
                )

    def assert_hidden(self, stage: trial.Trial, left: trial.Left) -> None:
        """The token is nowhere, the key in a home of ours alone."""
        token = stage.scene.token
        # A narrowed token begins like the one that it was made of, and a
        # header has both after the user's name, in base64.
        basic = base64.b64encode(b'__token__:pypi-Ag')[:-2].decode('ascii')
        for secret in (token, token.partition('-')[2][:40], 'pypi-Ag', basic):
            self.assertNotIn(secret, left.stdout + left.said)
        self.assertNotIn('TWINE_PASSWORD=', left.said)
        for path, mode in stage.homes():
            self.assertTrue(path.name.startswith(home.PREFIX), path)
            self.assertEqual(0o700, mode, str(path))
        for path in stage.files():
            content = path.read_bytes()
            self.assertNotIn(token.encode(), content, str(path))
            self.assertNotIn(b'pypi-Ag', content, str(path))
            self.assertNotIn(basic.encode(), content, str(path))
            if not _is_within(path, stage.temporary):
                self.assertNotIn(_SECRET_KEY, content, str(path))


def _is_within(path: pathlib.Path, place: pathlib.Path) -> bool:
    return place in path.parents


def _where(cell: table.Cell) -> tuple[str, str]:
    return 'publish', f'{cell.place.thing}, step {cell.place.step}'


def _case(cell: table.Cell) -> Callable[[PublishTest], None]:
    def test(self: PublishTest) -> None:
        self.check(cell)

    test.__doc__ = (
        f'{cell.fault}: {cell.place.thing} in step {cell.place.step}.'
    )
    return test
