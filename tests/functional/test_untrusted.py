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

"""What strangers wrote is shown by every command, and obeyed by none.

One table of words, planted wherever a stranger may write, and one of the
commands and formats. What is sent by mail and feed has its own test
(``test_watch_files``), as have the comments of a review
(``test_check_change``) and the looks of a site (``tests/unit/render``).
"""

from __future__ import annotations

import contextlib
import csv
import html.parser
import io
import json
import os
import pathlib
import pty
import re
import subprocess
import sys
import threading
from typing import Any

import fixtures
import yaml

from tests.functional import base
from tests.support import scene

WORDS = {
    'colour': 'eve\x1b[38;5;199mcolour',
    'title': 'eve\x1b]0;gone\x07title',
    'asks': 'eve\x1b[6nasks',
    'c1': 'eve\x9b2Jc1',
    'back': 'eve\b\b\bback',
    'bidi': 'eve\u202edesrever\u2066bidi',
    'hidden': 'eve\u200b\ufeffhidden',
    'markup': '[bold red]eve[/bold red] [link=https://evil.example]markup',
    'unclosed': 'eve[/]unclosed',
    'html': '"><b id=evil>eve</b><script>html()</script>',
    'entity': 'eve&lt;entity&#27;',
    'line': 'eve\nFORGED 0 held line',
    'return': 'eve\r\nFORGED: return',
    'separator': 'eve\u2028FORGED separator',
    'table': 'eve | cell | table',
    'template': '{{ eve }}{% raw %}template',
    'long': 'eve' + 'x' * 10_000 + 'long',
}
"""Words that make a terminal, a page or a line of text do something."""

UNSEEN = re.compile(
    '[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u2028\u2029\u202a-\u202e\u2066-\u2069'
    '\ufeff]'
)
OURS = re.compile(r'\x1b\[[0-9;]*m|\x1b\[[0-9]*[AK]|\x1b\[2K|\x1b\[\?25[lh]')
"""What rich makes of a terminal: colours, the cursor, one line anew."""

SHORT = ('csv', 'value')
"""Formats that have codes in the place of findings."""

SILENT = frozenset({('status', 'json'), ('status', 'yaml')})
"""What has no place for what is wrong with a file."""

POLICY = """schema: openstack-publish/policy/1
maintainers:
  required: [{user: openstackci, role: Owner}]
projects:
  other:
    allowed: []
    reason: %s
"""


class TestCommands(base.SceneTest):
    """Each command, in each of its formats."""

    def setUp(self) -> None:
        super().setUp()
        self.policy = self.scene.directory / 'policy.yaml'
        self.policy.write_text(
            POLICY % json.dumps(''.join(WORDS.values())), 'utf-8'
        )
        self.place = self.scene.releases_dir / 'deliverables' / 'rehearsal'

    def plant_roles(self) -> dict[str, list[str]]:
        """Let accounts and an organization have the words as names."""
        store = self.scene.index.store
        for word in WORDS.values():
            store.add_role(self.scene.project, word, 'Maintainer')
        store.project(self.scene.project).organization = WORDS['title']
        chosen = ('publish', 'audit', 'audit by account', 'explain')
        return {name: self.commands()[name] for name in chosen}

    def plant_files(self) -> dict[str, list[str]]:
        """Let files of the release have the words in their names."""
        for word in WORDS.values():
            name = word.replace('/', '-')
            self.scene.index.store.add_file(
                self.scene.project,
                self.scene.version,
                f'{self.scene.stem}-{self.scene.version}-{name}.tar.gz',
                word.encode(),
            )
        chosen = ('publish', 'verify', 'explain')
        return {name: self.commands()[name] for name in chosen}

    def plant_orders(self) -> dict[str, list[str]]:
        """Let files of orders say the words, where they may say anything."""
        self.order(self.place)
        chosen = ('status', 'check')
        return {name: self.commands()[name] for name in chosen}

    def order(self, place: pathlib.Path) -> None:
        """Write a file of orders for each word."""
        for key, word in WORDS.items():
            text = json.dumps(word)
            (place / f'evil-{key}.yaml').write_text(
                f'team: {text}\ntype: {text}\nreleases:\n  - version: {text}\n'
                f'    projects:\n      - repo: {text}\n        hash: {text}\n',
                'utf-8',
            )

    def commands(self) -> dict[str, list[str]]:
        """Return the arguments of each command without a format."""
        releases = ['--releases', str(self.scene.releases_dir)]
        read = ['--read-url', self.scene.index.url]
        policy = ['--policy', str(self.policy)]
        archive = ['--archive', str(self.scene.archive)]
        release = [self.scene.project, self.scene.version]
        orders = [f'deliverables/rehearsal/evil-{key}.yaml' for key in WORDS]
        return {
            'publish': [*self.scene.arguments('--dry-run')[:-3], *policy],
            'audit': ['audit', self.scene.project, *releases, *read],
            'audit by account': [
                *('audit', self.scene.project, '--by', 'account'),
                *(*releases, *read),
            ],
            'verify': ['verify', *release, *releases, *read, *archive],
            'explain': ['explain', *release, *releases, *read, *archive],
            'status': ['status', *orders, *releases, *read, *archive],
            'check': ['check', *orders, *releases, *read],
        }

    def environment(self) -> dict[str, str]:
        """Return the environment of a release job."""
        return {'TWINE_PASSWORD': self.scene.token}

    def test_each_name_of_an_account_is_shown_and_obeyed_nowhere(self) -> None:
        self.every_format(self.plant_roles())

    def test_each_name_of_a_file_is_shown_and_obeyed_nowhere(self) -> None:
        self.every_format(self.plant_files())

    def test_each_order_is_shown_and_obeyed_nowhere(self) -> None:
        self.every_format(self.plant_orders())

    def every_format(self, commands: dict[str, list[str]]) -> None:
        """Run commands in all their formats."""
        for name, words in commands.items():
            formats = ['json', 'csv', 'value', 'yaml', 'table']
            if name in ('publish', 'explain'):
                formats = ['json', 'text']
            if name == 'check':
                formats.append('zuul')
            for form in formats:
                result = scene.run([*words, '-f', form], self.environment())
                told = f'{name} -f {form}: {result.stderr}'
                self.assertIn(result.code, (0, 1, 3), told)
                if form not in SHORT and (name, form) not in SILENT:
                    self.assertIn('eve', result.stdout, told)
                self.harmless(result.stdout, form)
                self.harmless(result.stderr, 'text')

    def harmless(self, text: str, form: str) -> None:
        """Nothing in it steers a terminal, and no line of it is forged."""
        found = UNSEEN.search(text.replace('\r\n', '\n'))
        self.assertIsNone(found, text[-300:])
        if form != 'yaml':
            # Between its quotes a line of YAML may begin with anything.
            self.assertNotRegex(text, r'(?m)^\s*FORGED')
        self.assertNotIn('Traceback', text)
        read: Any = None
        if form in ('json', 'zuul'):
            read = json.loads(text)
        elif form == 'yaml':
            read = yaml.safe_load(text)
        elif form == 'csv':
            read = list(csv.DictReader(io.StringIO(text)))
            columns = {frozenset(row) for row in read}
            self.assertEqual(1, len(columns))
        if form in ('json', 'yaml', 'csv', 'zuul'):
            self.assertTrue(read)

    def test_a_terminal_obeys_us_alone(self) -> None:
        """Standard output and error are a terminal: rich is at work."""
        for words in (self.plant_roles() | self.plant_orders()).values():
            text = self.on_terminal(words)
            self.assertIn('eve', text)
            self.assertNotIn('\x1b]', text)
            self.assertNotIn('\x1b[38;5;199m', text)
            rest = OURS.sub('', text).replace('\r', '')
            found = UNSEEN.search(rest)
            self.assertIsNone(found, rest[-300:])
            self.assertNotRegex(rest, r'(?m)^\s*FORGED')
            self.assertNotIn('Traceback', text)

    def on_terminal(self, words: list[str]) -> str:
        """Run the program on a pseudo-terminal and return what it shows."""
        ours, theirs = pty.openpty()
        shown: list[bytes] = []

        def read() -> None:
            # Reading fails once nobody has the other side.
            with contextlib.suppress(OSError):
                while piece := os.read(ours, 65536):
                    shown.append(piece)

        reading = threading.Thread(target=read)
        reading.start()
        try:
            subprocess.run(
                [sys.executable, '-m', 'openstack_publish', *words],
                stdin=subprocess.DEVNULL,
                stdout=theirs,
                stderr=theirs,
                env={**os.environ, **self.environment(), 'TERM': 'xterm'},
                timeout=60,
                check=False,
            )
        finally:
            os.close(theirs)
            reading.join(10)
            os.close(ours)
        return b''.join(shown).decode('utf-8')

    def test_a_page_has_no_element_of_theirs(self) -> None:
        site = self.useFixture(fixtures.TempDir()).join('site')
        words = self.plant_roles()['audit']
        scene.run([*words, '--html', site], {})
        pages = list(pathlib.Path(site).rglob('*.html'))
        self.assertNotEqual([], pages)
        seen = ''
        for page in pages:
            text = page.read_text('utf-8')
            seen += text
            self.assertIsNone(UNSEEN.search(text), str(page))
            tags = Tags()
            tags.feed(text)
            self.assertNotIn('evil', tags.ids)
            self.assertNotIn('html()', tags.scripts)
        self.assertIn('&lt;b id=evil&gt;', seen)


class Tags(html.parser.HTMLParser):
    """The ids of a page's elements, and what its scripts say."""

    def __init__(self) -> None:
        super().__init__()
        self.ids: set[str | None] = set()
        self.scripts = ''

    def handle_starttag(
        self, tag: str, attrs: list[tuple[str, str | None]]
    ) -> None:
        """Keep an element's id."""
        self.ids |= {value for name, value in attrs if name == 'id'}

    def handle_data(self, data: str) -> None:
        """Keep what a script says, which is all that is not escaped."""
        if self.lasttag == 'script':
            self.scripts += data
