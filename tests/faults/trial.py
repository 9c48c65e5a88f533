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

"""A cell, played: the run that a fault meets, and the run after it."""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import json
import os
import pathlib
import shutil
import signal
import stat
import subprocess
import sys
import threading
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Mapping
from typing import Any
from urllib import parse

import fixtures

from openstack_publish import seams
from openstack_publish.gates import uploader
from openstack_publish.gates.openpgp import home
from openstack_publish.model import distribution
from openstack_publish.rehearsal import faults
from openstack_publish.rehearsal import server
from tests.faults import small_disk
from tests.faults import switches
from tests.faults import table
from tests.faults import witness
from tests.support import fast_time
from tests.support import keys
from tests.support import moments
from tests.support import receipts
from tests.support import relay
from tests.support import scene

SILENCE = 0.5
"""How long a silent server is waited for, in seconds."""

LIMIT = 120
"""Longest run of a process, in seconds; one takes 1."""

_SENT = 300
"""Bytes of an upload after which its connection is reset: in mid-head, or
in mid-body, but before its end."""

_EVENTS: Mapping[table.Place, tuple[str, str]] = {
    table.Place('archive', 4): ('open', 'archive'),
    table.Place('archive', 11): ('os.rename', 'archive'),
    table.Place('archive', 12): ('os.link', 'archive'),
    table.Place('receipt', 12): ('os.rename', 'receipt.json'),
    table.Place('receipt', 15): ('os.rename', 'receipt.json'),
}
"""Where a file is used: Python's audit event, and whose name is in it."""

# Sends the signal to who started it, once, in the step that made the flag.
_WRAPPER = """\
#!/bin/sh
if [ -e '{flag}' ] && mkdir '{flag}.done' 2>/dev/null; then
    kill -{number} $PPID
fi
exec '{program}' "$@"
"""


@dataclasses.dataclass(frozen=True)
class Left:
    """What a run left behind."""

    code: int
    stdout: str
    said: str
    """Standard error, log, arguments and environments of its programs."""

    listed: Mapping[str, str]
    """SHA-256 of each file of the release on the index."""

    written: receipts.Document | None
    """The receipt on disk."""

    temporary: tuple[str, ...]
    """What lies where its GnuPG homes are."""

    @property
    def told(self) -> receipts.Document | None:
        """The receipt on standard output, None if there is none."""
        if not self.stdout.strip():
            return None
        document: receipts.Document = json.loads(self.stdout)
        receipts.validate(document)
        return document

    @property
    def short(self) -> str:
        """Exit code, files on the index, outcome of the receipt on disk."""
        outcome = '-' if self.written is None else self.written['outcome']
        return f'{self.code} {len(self.listed)}/2 {outcome}'


class Trial(fixtures.Fixture):
    """A stage on which one cell is played.

    :param cell: one that can be
    """

    def __init__(self, cell: table.Cell) -> None:
        super().__init__()
        self.cell = cell
        self.came = False
        """Whether the fault came: a cell without it says nothing."""

        self._end: list[Callable[[], object]] = []
        """What ends the fault."""

    def _setUp(self) -> None:
        self.posted: list[tuple[str, bool]] = []
        """Each upload that was read whole: name, and whether with the bytes
        that were built."""

        self.useFixture(fixtures.FakeLogger())
        self.useFixture(fast_time.FastTime())
        # Where the JSON of a project names who holds a role, nobody asks
        # XML-RPC; of a new project there is no JSON.
        known = self.cell.place.thing != 'XML-RPC'
        self.scene = self.useFixture(scene.Scene(known))
        self.useFixture(
            fixtures.MonkeyPatch(
                'openstack_publish.rehearsal.server.StandInIndex.take_upload',
                self._reading(server.StandInIndex.take_upload),
            )
        )
        self.temporary = self.scene.directory / 't'
        self.temporary.mkdir()
        self.useFixture(
            fixtures.EnvironmentVariable('TMPDIR', str(self.temporary))
        )
        self.useFixture(
            fixtures.MonkeyPatch('tempfile.tempdir', str(self.temporary))
        )
        self.useFixture(_ShortUploads())
        self._urls = {
            'upload': self.scene.index.upload_url,
            'read': self.scene.index.url,
        }
        self._process: subprocess.Popen[str] | None = None
        self._started = threading.Event()
        self._answered = threading.Event()
        self._more: list[str] = []
        if self.cell.place.thing == 'git':
            clone = self.scene.directory / 'clone'
            shutil.copytree(
                self.scene.release.source_tree, clone, symlinks=True
            )
            self._more = ['--source-tree', str(clone)]

    # The two runs.

    def met(self) -> Left:
        """Publish while the fault lasts."""
        place, fault = self.cell.place, self.cell.fault
        if fault in table.SIGNALS:
            return self._signalled()
        if fault == table.DISK_FULL:
            disk = self.useFixture(small_disk.SmallDisk(self._full()))
            self._end.append(disk.empty)
            return self._publish(place.step, self._coming(disk.fill))
        if fault == table.AGENT_GONE:
            return self._publish(place.step, self._coming(self._end_agent))
        if fault == table.REFUSED or (
            fault == table.RESET_BEFORE and place.thing in table.UPLOADS
        ):
            return self._over_a_line()
        if fault == table.STALE:
            return self._stale()
        return self._publish(place.step, self._arm)

    def again(self) -> Left:
        """Publish once more, now that the fault is gone."""
        for end in self._end:
            end()
        return self._publish(None, None)

    # How the faults come.

    def _come(self) -> None:
        self.came = True

    def _coming(self, act: Callable[[], object]) -> Callable[[], object]:
        """Return what does something and notes that the fault came."""

        def come() -> None:
            self._come()
            act()

        return come

    def _arm(self) -> None:
        """Let the index fail from now on."""
        thing = self.cell.place.thing
        upload = thing in table.UPLOADS
        self._doubt()
        self._set(
            switches.behaviour(self.cell.fault, upload=upload),
            skip=1 if thing == table.UPLOADS[1] else 0,
        )

    def _doubt(self) -> None:
        """Let the first upload leave a doubt where that is what reads."""
        place = self.cell.place
        if place.step == 12 and place.thing in table.READS:
            index = self.scene.index
            index.faults.set('server-error-after-storing')

    def _set(
        self,
        act: faults.Behaviour,
        *,
        skip: int = 0,
        times: int | None = None,
        once_stored: bool = False,
    ) -> None:
        index, thing = self.scene.index, self.cell.place.thing
        route = switches.ROUTES[thing]
        fault = faults.Fault(
            'cell', '', (route,), switches.noting(act, self._come)
        )
        index.faults.table = {**index.faults.table, 'cell': fault}
        index.faults.set(
            'cell', skip=skip, times=times, once_stored=once_stored
        )
        self._end.append(index.faults.clear)

    def _stale(self) -> Left:
        """Show what was there before, whichever step reads it.

        In step 4 that is before the release was published, and later before
        it was uploaded.
        """
        before = self.scene.index.store.snapshot()
        if self.cell.place.step == 4:
            self._publish(None, None)
            self.scene.receipt_path.unlink()

        def show_the_past() -> None:
            self._doubt()
            self._set(switches.stale(before))

        return self._publish(self.cell.place.step, show_the_past)

    def _over_a_line(self) -> Left:
        """Reach the index over a line that is down, or breaks."""
        place = self.cell.place
        which = 'upload' if place.thing in table.UPLOADS else 'read'
        parts = parse.urlsplit(self._urls[which])
        line = self.useFixture(relay.Relay(parts.port or 0))
        self._urls[which] = parts._replace(
            netloc=f'127.0.0.1:{line.port}'
        ).geturl()

        def breaks() -> None:
            self._come()
            if self.cell.fault == table.REFUSED:
                line.close()
            else:
                line.resets_after = _SENT

        def heal() -> None:
            line.resets_after = None
            line.close()
            line.open()

        self._end.append(heal)
        if place.thing == table.UPLOADS[1]:
            with _before_second_upload(breaks):
                return self._publish(None, None)

        def leave_a_doubt_and_break() -> None:
            self._doubt()
            breaks()

        return self._publish(place.step, leave_a_doubt_and_break)

    def _full(self) -> pathlib.Path:
        """Return the directory that has no room."""
        match self.cell.place:
            case table.Place('archive'):
                return self.scene.archive
            case table.Place('gpg', 8):
                return self.temporary
            case _:
                return self.scene.dist

    def _end_agent(self) -> None:
        """End the agent, and let no other one begin."""
        for place in self.temporary.glob(f'{home.PREFIX}*'):
            at = ['gpgconf', '--homedir', str(place)]
            subprocess.run(
                [*at, '--kill', 'gpg-agent'], check=True, timeout=LIMIT
            )
            listed = subprocess.run(
                [*at, '--list-dirs', 'agent-socket'],
                check=True,
                capture_output=True,
                text=True,
                timeout=LIMIT,
            )
            socket = pathlib.Path(listed.stdout.strip())
            keys.agents_left(str(place))
            socket.unlink(missing_ok=True)
            (socket / 'in-the-way').mkdir(parents=True)

    # How a run is made.

    def _arguments(self) -> list[str]:
        words = self.scene.arguments('--timeout', str(SILENCE), *self._more)
        words[words.index('--repository-url') + 1] = self._urls['upload']
        log = ['-vvv', '--debug', '--log-file', str(self._log)]
        return [*log, *words, '--read-url', self._urls['read']]

    @property
    def _log(self) -> pathlib.Path:
        return self.scene.directory / 'log'

    def _publish(
        self, step: int | None, act: Callable[[], object] | None
    ) -> Left:
        """Publish in this process; do something when a step begins."""
        with contextlib.ExitStack() as stack:
            seen = stack.enter_context(witness.watching())
            if step is not None and act is not None:
                stack.enter_context(moments.AtStep(step, act))
            result = scene.run(
                self._arguments(), {'TWINE_PASSWORD': self.scene.token}
            )
        return self._left(result.code, result.stdout, [result.stderr, *seen])

    def _signalled(self) -> Left:
        """Publish in a process that gets a signal."""
        place = self.cell.place
        number = signal.Signals[self.cell.fault]
        directory = self.scene.directory
        event, match = _EVENTS.get(place, (None, None))
        plan = {
            'step': place.step,
            'flag': str(directory / 'flag'),
            'seen': str(directory / 'seen'),
            'event': event,
            'match': match,
            'number': number,
        }
        path = os.environ['PATH']
        if place.thing in ('gpg', 'git'):
            path = f'{self._wrapped(place.thing, plan)}:{path}'
        if place.thing in switches.ROUTES:
            self._strike_at_request(number)
        else:
            self._answered.set()
        with subprocess.Popen(
            [
                *(sys.executable, '-m', 'tests.faults.child'),
                *(json.dumps(plan), *self._arguments()),
            ],
            env={
                **os.environ,
                'PATH': path,
                'TWINE_PASSWORD': self.scene.token,
            },
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
        if (directory / 'flag').exists() and process.returncode != 0:
            self._come()
        # Whoever asked has gone; what was asked for is done all the same.
        self._answered.wait(LIMIT)
        seen = (directory / 'seen').read_text('utf-8')
        return self._left(process.returncode, stdout, [stderr, seen])

    def _wrapped(self, program: str, plan: Mapping[str, object]) -> str:
        """Put a program in the place of the real one; return where."""
        place = self.scene.directory / 'programs'
        place.mkdir()
        wrapper = place / program
        wrapper.write_text(
            _WRAPPER.format(
                flag=plan['flag'],
                number=int(str(plan['number'])),
                program=shutil.which(program),
            )
        )
        wrapper.chmod(0o755)
        return str(place)

    def _strike_at_request(self, number: signal.Signals) -> None:
        """Send the signal when the request comes, before its answer."""
        place = self.cell.place

        def strike() -> None:
            self._started.wait(LIMIT)
            if self._process is not None:
                self._process.send_signal(number)

        self._doubt()
        self._set(
            switches.telling(strike, self._answered),
            times=1,
            skip=1 if place.thing == table.UPLOADS[1] else 0,
            once_stored=place.step > 4 and place.thing in table.READS,
        )

    def _left(self, code: int, stdout: str, said: list[str]) -> Left:
        receipt = self.scene.receipt_path
        written = None
        if receipt.exists():
            written = json.loads(receipt.read_text('utf-8'))
            receipts.validate(written)
        log = self._log.read_text('utf-8') if self._log.exists() else ''
        return Left(
            code=code,
            stdout=stdout,
            said='\n'.join([*said, log]),
            listed=self._listed(),
            written=written,
            temporary=tuple(
                sorted(
                    path.name
                    for path in self.temporary.iterdir()
                    if path.name != '.filler'
                )
            ),
        )

    def _listed(self) -> dict[str, str]:
        store = self.scene.index.store
        with store.locked():
            try:
                files = store.release(
                    self.scene.project, self.scene.version
                ).files
            except KeyError:
                return {}
            return {name: file.digests.sha256 for name, file in files.items()}

    def _reading(self, real: Callable[..., Any]) -> Callable[..., Any]:
        """Return what looks at each upload that the index reads."""
        built = {
            os.path.basename(path): pathlib.Path(path).read_bytes()
            for path in self.scene.release.distributions
        }

        def take_upload(
            index: server.StandInIndex,
            path: str,
            headers: Mapping[str, str],
            authorization: str | None,
            chunks: Iterator[bytes],
        ) -> Any:
            body = b''.join(chunks)
            found = real(index, path, headers, authorization, iter([body]))
            name = str(found[0].filename)
            # Whole: what follows it in the form begins with a boundary.
            self.posted.append(
                (name, b'\r\n\r\n' + built.get(name, b'-') + b'\r\n--' in body)
            )
            return found

        return take_upload

    # What lies about.

    def ours(self) -> dict[str, str]:
        """Return the digest of each file as it was built."""
        return {
            os.path.basename(path): hashlib.sha256(
                pathlib.Path(path).read_bytes()
            ).hexdigest()
            for path in self.scene.release.distributions
        }

    def complete(self) -> list[str]:
        """Return what the archive holds of a release that is done."""
        names = [*self.scene.filenames]
        names += [f'{name}.asc' for name in names]
        return sorted(f'{self.scene.release.repo}/{name}' for name in names)

    def files(self) -> Iterator[pathlib.Path]:
        """Give every file of the stage but those of its repositories."""
        for path in self.scene.directory.rglob('*'):
            if path.is_file() and '.git' not in path.parts:
                yield path

    def homes(self) -> list[tuple[pathlib.Path, int]]:
        """Return what lies where GnuPG homes are, with its mode."""
        return [
            (path, stat.S_IMODE(path.lstat().st_mode))
            for path in self.temporary.iterdir()
            if path.name != '.filler'
        ]


class _ShortUploads(fixtures.Fixture):
    """Lets nobody wait a quarter of an hour for the answer to an upload."""

    def _setUp(self) -> None:
        class Uploader(uploader.TwineUploader):
            """Waits for seconds only."""

            def __init__(self, *arguments: Any, **options: Any) -> None:
                super().__init__(
                    *arguments, **{**options, 'timeout': 2 * SILENCE}
                )

        # The class and not its method: what the fixture puts back in the
        # place of a method has lost the defaults of its keywords.
        self.useFixture(
            fixtures.MonkeyPatch(
                'openstack_publish.gates.uploader.TwineUploader', Uploader
            )
        )


@contextlib.contextmanager
def _before_second_upload(act: Callable[[], None]) -> Iterator[None]:
    """Do something before the second file is posted for the first time."""
    real = uploader.TwineUploader.upload
    asked: list[str] = []

    def upload(
        gate: uploader.TwineUploader,
        dist: distribution.Distribution,
        *arguments: Any,
    ) -> seams.UploadAnswer:
        asked.append(dist.filename)
        if len(asked) == 2:
            act()
        return real(gate, dist, *arguments)

    with fixtures.MonkeyPatch(
        'openstack_publish.gates.uploader.TwineUploader.upload', upload
    ):
        yield
