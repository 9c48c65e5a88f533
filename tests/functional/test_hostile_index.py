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

"""An index that lies, bursts or leads astray, under whole commands.

How one question to it ends is tested in ``tests/unit/gates/test_web.py``;
here, that each command makes an unknown of it, in time, and that nobody
learns the token.
"""

from __future__ import annotations

import json
import time

import testtools

from tests.functional import base
from tests.support import httpd
from tests.support import scene
from tests.support import vigil

SECONDS = 30.0
"""Longest that a command may take where the index is against it, on a machine
that has other things to do."""

ETC = 'root:x:0:0'


def endless(exchange: httpd.Exchange) -> None:
    """Send chunks for as long as anybody reads."""
    exchange.connection.sendall(
        b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n'
        b'Transfer-Encoding: chunked\r\n\r\n'
    )
    piece = b'100000\r\n' + b' ' * 0x100000 + b'\r\n'
    while not exchange.closing.is_set():
        exchange.connection.sendall(piece)


def another(project: str) -> bytes:
    """Return a sound document about another project."""
    return json.dumps(
        {
            'info': {'name': project, 'version': '1.0.0'},
            'urls': [],
            'last_serial': 7,
            'meta': {'api-version': '1.4'},
            'name': project,
            'files': [],
        }
    ).encode()


class TestHostileIndex(base.SceneTest):
    """Every command that reads, against every answer of the table."""

    def setUp(self) -> None:
        super().setUp()
        self.server = self.useFixture(httpd.Server())
        self.elsewhere = self.useFixture(httpd.Server())

    def replies(self) -> dict[str, httpd.Reply]:
        """Return what such an index answers to all that is asked."""
        other = self.elsewhere.url
        return {
            'to a file': httpd.redirect('file:///etc/passwd'),
            'to ftp': httpd.redirect('ftp://127.0.0.1/x'),
            'to data': httpd.redirect('data:application/json,{}'),
            'to nothing': httpd.redirect(''),
            'to another host': httpd.redirect(f'{other}/x', '307 Temporary'),
            'with a user': httpd.redirect(
                f'http://{self.server.url[7:]}@{other[7:]}/x'
            ),
            'in a circle': httpd.redirect('/pypi', '302 Found'),
            '10 GiB': httpd.answer(b' ' * 1024, length=10 * 1024**3),
            'endless': endless,
            'a bomb': httpd.bomb(300_000_000),
            'another project': httpd.answer(another('another-project')),
        }

    def commands(self) -> dict[str, list[str]]:
        """Return commands that read the hostile index."""
        project, version = self.scene.project, self.scene.version
        releases = ['--releases', str(self.scene.releases_dir)]
        read = ['--read-url', self.server.url]
        archive = ['--archive', str(self.scene.archive)]
        path = f'deliverables/rehearsal/{project}.yaml'
        return {
            'publish': self.scene.arguments(*read),
            'verify': ['verify', project, version, *releases, *read, *archive],
            'audit': ['audit', project, *releases, *read, '--no-cache'],
            'status': ['status', path, *releases, *read],
        }

    def test_each_command_knows_nothing_then_and_ends(self) -> None:
        for what, reply in self.replies().items():
            for name, words in self.commands().items():
                self.answer_all(reply)
                began = time.monotonic()
                result = scene.run(words, {'TWINE_PASSWORD': self.scene.token})
                told = f'{name}, {what}: {result.stdout}{result.stderr}'
                # Nothing is in the archive, which verify says, too.
                codes = (1, 3) if name == 'verify' else (3,)
                self.assertIn(result.code, codes, told)
                self.assertIn('unknown', told)
                self.assertLess(time.monotonic() - began, SECONDS, told)
                self.assertNotIn('Traceback', told)
                self.assertNotIn(ETC, told)
                if name == 'publish':
                    self.assertSentNothing()
                    self.scene.receipt_path.unlink(missing_ok=True)
        self.assertEqual([], self.elsewhere.requests)
        self.assertNotEqual([], self.server.requests)
        for request in self.server.requests:
            self.assertNotIn('authorization', request.headers)
            self.assertNotIn(self.scene.token, str(request))

    def answer_all(self, reply: httpd.Reply) -> None:
        """Let the index answer everything so."""
        project, version = self.scene.project, self.scene.version
        for path in (
            f'/pypi/{project}/json',
            f'/pypi/{project}/{version}/json',
            f'/simple/{project}/',
            '/pypi',
        ):
            self.server.on(path, reply)

    def test_an_upload_is_led_nowhere_else(self) -> None:
        """Nor its token: neither to another host nor on the same one."""
        for place in (self.elsewhere.url, self.server.url, 'file:///x'):
            self.server.on(
                '/legacy/', httpd.redirect(f'{place}/take', '308 Permanent')
            )
            words = self.scene.arguments('--read-url', self.scene.index.url)
            words[words.index('--repository-url') + 1] = (
                f'{self.server.url}/legacy/'
            )
            result = scene.run(words, {'TWINE_PASSWORD': self.scene.token})
            self.assertEqual(1, result.code, result.stdout)
            self.assertNotIn(self.scene.token, result.stdout + result.stderr)
        self.assertEqual([], self.elsewhere.requests)
        self.assertEqual([], self.server.asked('/take'))


class TestWatch(testtools.TestCase):
    """The watch remembers how new what it was shown is."""

    def setUp(self) -> None:
        super().setUp()
        self.vigil = self.useFixture(vigil.Vigil())
        self.store = self.vigil.index.store

    def look(self) -> scene.Result:
        """Look at everything, an hour and a day later."""
        self.vigil.pass_time(hours=25)
        return self.vigil.look(source='feeds')

    def open(self) -> list[str]:
        """Return the codes of the incidents that are open."""
        result = scene.run(
            [
                *('watch', 'list', '--state', str(self.vigil.state)),
                *('-f', 'json'),
            ],
            {},
        )
        return sorted(
            one['code']
            for one in json.loads(result.stdout)
            if one['state'] == 'open'
        )

    def test_half_a_character_in_a_name_stops_nothing(self) -> None:
        """Nothing can hash, store or send it: what holds it is unknown."""
        self.look()
        self.store.add_role(vigil.PROJECT, 'eve\ud800', 'Owner')
        result = self.look()
        self.assertEqual(3, result.code, result.stderr)
        self.assertIn('half a character', result.stdout)
        self.assertEqual([], self.open())

    def test_an_older_answer_after_a_newer_one_closes_nothing(self) -> None:
        self.look()
        before = self.store.snapshot()
        self.store.add_role(vigil.PROJECT, 'eve', 'Owner')
        self.assertEqual(1, self.look().code)
        self.assertEqual(['OSP807'], self.open())
        # An edge of the CDN, or who holds it, shows what was there before.
        now, self.store._state = self.store._state, before
        result = self.look()
        self.assertIn('serial', result.stdout + result.stderr)
        self.assertEqual(['OSP807'], self.open())
        self.store._state = now
        self.store.remove_role(vigil.PROJECT, 'eve')
        self.look()
        self.assertEqual([], self.open())
