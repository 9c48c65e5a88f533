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

"""Commands that only read, each on a stage of its own, and one fault.

A stage says how the command is run, what it says of the one thing that it
looks at, and what it must say once the fault is gone.
"""

from __future__ import annotations

import dataclasses
import json
import os
import pathlib
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from typing import ClassVar
from urllib import parse

import fixtures

from openstack_publish.rehearsal import faults
from openstack_publish.rehearsal import records
from openstack_publish.rehearsal import replies
from openstack_publish.rehearsal import server
from tests.faults import reading_table
from tests.faults import small_disk
from tests.faults import switches
from tests.faults import table
from tests.support import archive_site
from tests.support import audit_scene
from tests.support import fast_time
from tests.support import hand_clocks
from tests.support import httpd
from tests.support import relay
from tests.support import scene
from tests.support import vigil

SILENCE = 0.5
"""How long a silent server is waited for, in seconds."""

DOWNLOAD = 1.0
"""How long a whole file is waited for, in seconds."""

LIMIT = 120
"""Longest run of a process, in seconds; one takes 1."""

ZIP = 'application/zip'
"""What a wheel is to a web server."""


@dataclasses.dataclass(frozen=True)
class Left:
    """What a run of such a command left behind."""

    code: int
    verdict: str
    """Of the one row; ``-`` where nothing was printed."""

    said: str
    """Why it is unknown, and all that was said besides."""

    @property
    def short(self) -> str:
        """Exit code and verdict."""
        return f'{self.code} {self.verdict}'


class Stage(fixtures.Fixture):
    """What the commands have in common.

    :param cell: that is played
    """

    index: server.StandInIndex
    before: records.State
    """What the index had before there was what is looked at."""

    def __init__(self, cell: reading_table.Cell) -> None:
        super().__init__()
        self.cell = cell
        self.came = False
        """Whether the fault came: a cell without it says nothing."""

        self.read_url = ''
        self._end: list[Callable[[], object]] = []
        self._process: subprocess.Popen[str] | None = None
        self._started = threading.Event()

    def _setUp(self) -> None:
        self.useFixture(fixtures.FakeLogger())
        self.directory = pathlib.Path(self.useFixture(fixtures.TempDir()).path)
        self.useFixture(
            fixtures.MonkeyPatch(
                'openstack_publish.gates.web.DOWNLOAD', DOWNLOAD
            )
        )
        self.prepare()
        self.read_url = self.index.url

    def prepare(self) -> None:
        """Build the stage."""
        raise NotImplementedError

    def words(self) -> list[str]:
        """Return the command line."""
        raise NotImplementedError

    def judged(self, stdout: str) -> tuple[str, str]:
        """Return the verdict that was printed, and why it is so."""
        raise NotImplementedError

    def met(self) -> Left:
        """Run the command while the fault lasts."""
        fault, thing = self.cell.fault, self.cell.thing
        if fault in table.SIGNALS:
            return self._signalled(signal.Signals[fault])
        if fault == table.DISK_FULL:
            disk = self.useFixture(small_disk.SmallDisk(self.full_place()))
            disk.fill()
            self.came = True
            self._end.append(disk.empty)
        elif thing in reading_table.ROUTES:
            self._let_index_fail()
        else:
            self.let_fail(thing, fault)
        return self.run()

    def come(self) -> None:
        """Note that the fault came."""
        self.came = True

    def again(self) -> Left:
        """Run it once more, now that the fault is gone."""
        for end in self._end:
            end()
        return self.run()

    def run(self) -> Left:
        """Run the command in this process."""
        result = scene.run(self.words(), self.environment())
        return self._left(result.code, result.stdout, result.stderr)

    def mailed(self) -> list[str] | None:
        """Return the codes of what was mailed; None where nothing is."""
        return None

    def environment(self) -> dict[str, str]:
        """Return what the command finds in its environment besides."""
        return {}

    def full_place(self) -> pathlib.Path:
        """Return the directory that has no room."""
        raise NotImplementedError

    def let_fail(self, thing: str, fault: str) -> None:
        """Let something fail that is not the index."""
        raise NotImplementedError

    def strike_at(self, thing: str, strike: Callable[[], object]) -> None:
        """Do something when a thing is used that is not the index."""
        raise NotImplementedError

    def ends_with(self, end: Callable[[], object]) -> None:
        """Do something when the fault ends."""
        self._end.append(end)

    def line_to(self, url: str) -> str:
        """Return a URL at which nobody listens until the fault ends."""
        parts = parse.urlsplit(url)
        line = self.useFixture(relay.Relay(parts.port or 0))
        line.close()
        self._end.append(line.open)
        self.come()
        return parts._replace(netloc=f'127.0.0.1:{line.port}').geturl()

    def _let_index_fail(self) -> None:
        if self.cell.fault == table.REFUSED:
            self.read_url = self.line_to(self.index.url)
            return
        if self.cell.fault == table.STALE:
            self._set(switches.stale(self.before))
            return
        self._set(switches.behaviour(self.cell.fault, upload=False))

    def _set(self, act: faults.Behaviour, times: int | None = None) -> None:
        routes: tuple[replies.Route, ...] = reading_table.ROUTES[
            self.cell.thing
        ]
        fault = faults.Fault(
            'cell', '', routes, switches.noting(act, self.come)
        )
        self.index.faults.table = {**self.index.faults.table, 'cell': fault}
        self.index.faults.set('cell', times=times)
        self._end.append(self.index.faults.clear)

    def _signalled(self, number: signal.Signals) -> Left:
        def strike() -> None:
            self._started.wait(LIMIT)
            if self._process is not None:
                self._process.send_signal(number)

        if self.cell.thing in reading_table.ROUTES:
            self._set(switches.telling(strike, threading.Event()), times=1)
        else:
            self.strike_at(self.cell.thing, strike)
        with subprocess.Popen(
            [sys.executable, '-m', 'openstack_publish', *self.words()],
            env={**os.environ, **self.environment()},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            self._process = process
            self._started.set()
            try:
                stdout, stderr = process.communicate(timeout=LIMIT)
            finally:
                process.kill()
        return self._left(process.returncode, stdout, stderr)

    def _left(self, code: int, stdout: str, stderr: str) -> Left:
        if not stdout.strip():
            return Left(code, '-', stderr)
        verdict, why = self.judged(stdout)
        return Left(code, verdict, f'{why}\n{stderr}')


class Published(Stage):
    """A release that was published, in an archive and on the index."""

    command: ClassVar[str]

    def prepare(self) -> None:
        """Publish it."""
        self.useFixture(fast_time.FastTime())
        self.scene = self.useFixture(scene.Scene())
        self.index = self.scene.index
        self.before = self.index.store.snapshot()
        published = self.scene.publish()
        if published.code != 0:
            raise AssertionError(published.stdout + published.stderr)
        self.site = self.useFixture(
            archive_site.ArchiveSite(str(self.scene.archive))
        )
        self.archive = self.site.url
        self.temporary = self.scene.directory / 't'
        self.temporary.mkdir()
        self.useFixture(
            fixtures.EnvironmentVariable('TMPDIR', str(self.temporary))
        )
        self.useFixture(
            fixtures.MonkeyPatch('tempfile.tempdir', str(self.temporary))
        )

    def words(self) -> list[str]:
        """Return the command line."""
        words = [self.command, self.scene.project, self.scene.version]
        words += ['--releases', str(self.scene.releases_dir)]
        words += ['--read-url', self.read_url, '--archive', self.archive]
        return [*words, '--timeout', str(SILENCE), '-f', 'json']

    def judged(self, stdout: str) -> tuple[str, str]:
        """Return the verdict of the row."""
        rows = json.loads(stdout)
        return ' '.join(row['verdict'] for row in rows) or '-', str(rows)

    def full_place(self) -> pathlib.Path:
        """Return where files of the archive are kept for a while."""
        return self.temporary

    def let_fail(self, thing: str, fault: str) -> None:
        """Let the archive fail, or one file of it."""
        if fault == table.REFUSED:
            whole = self.archive
            self.archive = self.line_to(whole)
            return
        content = (self.scene.archive / self._archived).read_bytes()
        self.site.on(
            self._archived, self._noting(_archive_reply(fault, content))
        )
        self.ends_with(lambda: self.site.on(self._archived))

    def strike_at(self, thing: str, strike: Callable[[], object]) -> None:
        """Do something when a file of the archive is asked for."""

        def reply(exchange: httpd.Exchange) -> None:
            strike()
            httpd.silent(exchange)

        self.site.on(self._archived, self._noting(reply))
        self.ends_with(lambda: self.site.on(self._archived))

    def _noting(self, reply: httpd.Reply) -> httpd.Reply:
        def noted(exchange: httpd.Exchange) -> None:
            self.come()
            reply(exchange)

        return noted

    @property
    def _archived(self) -> str:
        return f'{self.scene.release.repo}/{self.scene.wheel}'


class Verify(Published):
    """``verify``."""

    command = 'verify'


class Status(Published):
    """``status``."""

    command = 'status'

    def words(self) -> list[str]:
        """Return the command line: rows are of all releases."""
        words = super().words()
        del words[1:3]
        return words

    def judged(self, stdout: str) -> tuple[str, str]:
        """Return the verdict of the release's row."""
        rows = [
            row
            for row in json.loads(stdout)
            if row['version'] == self.scene.version
        ]
        return ' '.join(row['verdict'] for row in rows) or '-', str(rows)


class Audit(Stage):
    """``audit`` of one project."""

    def prepare(self) -> None:
        """Put the project on an index."""
        self.useFixture(fast_time.FastTime())
        self.scene = self.useFixture(audit_scene.AuditScene())
        self.index = self.scene.index
        self.before = self.index.store.snapshot()
        self.scene.add('oslo.demo')
        self.cache = self.directory / 'cache'
        self.cache.mkdir()

    def words(self) -> list[str]:
        """Return the command line."""
        words = ['audit', '--read-url', self.read_url, '-f', 'json']
        words += ['--cache-dir', str(self.cache)]
        words += ['--timeout', str(SILENCE)]
        if self.cell.thing == 'XML-RPC':
            return [*words, '--from-index', '--releases', self._releases()]
        return [*words, 'oslo.demo']

    def _releases(self) -> str:
        self.scene.deliverable('', 'oslo.demo', 'oslo', 'openstack/oslo.demo')
        return str(self.scene.releases)

    def judged(self, stdout: str) -> tuple[str, str]:
        """Return the verdict of our project's row."""
        rows = [
            row for row in json.loads(stdout) if row['project'] == 'oslo-demo'
        ]
        return ' '.join(row['verdict'] for row in rows) or '-', str(rows)

    def full_place(self) -> pathlib.Path:
        """Return where documents are kept."""
        return self.cache


class Watch(Stage):
    """A watch that has something to tell."""

    def prepare(self) -> None:
        """Begin to watch; then a release appears that nobody ordered."""
        # Limits are held against it, so it has to run.
        self.useFixture(
            fixtures.MonkeyPatch(
                'tests.support.vigil.RoundClock.monotonic',
                hand_clocks.WallClock.monotonic,
            )
        )
        self.vigil = self.useFixture(vigil.Vigil())
        self.index = self.vigil.index
        self.read_url = self.index.url
        self.state = self.directory / 'state'
        self.state.mkdir()
        self.vigil.state = self.state / 'file'
        first = scene.run([*self.words(), '--baseline'], self.environment())
        if first.code != 0:
            raise AssertionError(first.stdout + first.stderr)
        self.vigil.pass_time(minutes=5)
        self.before = self.index.store.snapshot()
        self.vigil.upload('6.2.1.0')
        self.vigil.pass_time(minutes=1)

    def again(self) -> Left:
        """Look once more, half an hour later."""
        self.vigil.pass_time(minutes=30)
        return super().again()

    def mailed(self) -> list[str]:
        """Return the codes of the letters that arrived."""
        return self.vigil.mailed()

    def environment(self) -> dict[str, str]:
        """Return the environment: of git, too."""
        return dict(os.environ)

    def words(self) -> list[str]:
        """Return the command line of one round."""
        source = 'feeds' if self.cell.thing == 'feed' else 'changelog'
        words = self.vigil.arguments('--timeout', str(SILENCE), source=source)
        words[words.index('--read-url') + 1] = self.read_url
        return words

    def judged(self, stdout: str) -> tuple[str, str]:
        """Say what was opened, and whether something is unknown."""
        document = json.loads(stdout)
        if document is None:
            return '-', ''
        opened = ' '.join(each['code'] for each in document['opened'])
        unknown = 'unknown' if document['unknown'] else 'known'
        return f'{unknown} {opened}'.strip(), json.dumps(document)

    def full_place(self) -> pathlib.Path:
        """Return where the state is kept."""
        return self.state

    def let_fail(self, thing: str, fault: str) -> None:
        """Let the mail server fail, or git."""
        self.come()
        if thing == 'git':
            away = self.vigil.directory / 'away'
            origin = self.vigil.origin.root
            origin.rename(away)
            self.ends_with(lambda: away.rename(origin))
            return
        mail = self.vigil.mail
        if fault == table.ERROR_500:
            mail.refuses = '451 try again later'
            self.ends_with(lambda: setattr(mail, 'refuses', None))
            return
        good = mail.port
        self.ends_with(lambda: setattr(mail, 'port', good))
        mail.port = self._broken_mail(fault, good)

    def _broken_mail(self, fault: str, good: int) -> int:
        """Return a port where mail is not taken."""
        if fault == table.REFUSED:
            return httpd.free_port()
        if fault == table.TIMEOUT:
            self.useFixture(
                fixtures.MonkeyPatch(
                    'openstack_publish.gates.mailer.TIMEOUT', SILENCE
                )
            )
            # It waits for a request, and so does the client for a greeting.
            return self.useFixture(httpd.Server()).port
        line = self.useFixture(relay.Relay(good))
        line.resets_after = 0
        return line.port


def stage(cell: reading_table.Cell) -> Stage:
    """Return the stage of a cell."""
    stages: dict[str, type[Stage]] = {
        'verify': Verify,
        'status': Status,
        'audit': Audit,
        'watch': Watch,
    }
    return stages[cell.command](cell)


def _archive_reply(fault: str, content: bytes) -> httpd.Reply:
    page = b'<html>We will be back soon</html>'
    later = {'Retry-After': '1'}
    every: dict[str, httpd.Reply] = {
        table.RESET_BEFORE: httpd.reset,
        table.RESET_AFTER: httpd.cut_off(content[: len(content) // 2]),
        table.TIMEOUT: httpd.silent,
        table.ERROR_500: archive_site.failing(),
        table.ERROR_502: archive_site.failing('502 Bad Gateway'),
        table.ERROR_503: httpd.answer(
            page, 'text/html', '503 Service Unavailable', later
        ),
        table.ERROR_429: httpd.answer(
            page, 'text/html', '429 Too Many Requests', later
        ),
        table.REDIRECT: httpd.redirect('http://localhost:9/file'),
        table.HTML_PAGE: httpd.answer(page, 'text/html'),
        table.TRUNCATED: httpd.answer(content[: len(content) // 2], ZIP),
        table.WRONG_TYPE: httpd.answer(content, 'text/plain'),
        table.STALE: archive_site.failing('404 Not Found'),
        table.DRIP: httpd.drip(
            b'HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n', b'x'
        ),
    }
    return every[fault]
