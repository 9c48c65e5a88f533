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

"""A desk with everything on it that the documentation's commands speak of.

The commands of a page run in bash, as printed, in a directory that has what
the pages have: ``releases``, ``project-config``, ``dist``,
``signing-key.asc``. Three things stand for what is far away:

* ``openstack-publish`` in ``PATH`` adds ``--read-url`` and ``--archive``
  where the page means PyPI and OpenStack's own archive by leaving them out;
* git takes OpenDev's repositories from a directory, by ``url.insteadOf`` in
  the user's configuration;
* the environment has what a release manager's has: a token, and where to
  upload to.
"""

from __future__ import annotations

import atexit
import dataclasses
import functools
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import zlib
from collections.abc import Mapping

import fixtures

from openstack_publish.rehearsal import server
from tests.support import archive_site
from tests.support import artifacts
from tests.support import examples
from tests.support import keys
from tests.support import out_there
from tests.support import printed
from tests.support import scene

LIMIT = 300
"""Longest run of the commands of one section, in seconds."""

_MEANT = {
    '--read-url': (
        *('audit', 'check', 'doctor', 'explain', 'publish', 'republish'),
        *('status', 'verify', 'watch'),
    ),
    '--archive': ('explain', 'status', 'verify'),
}
"""What the pages leave out, and of which commands."""

_PROGRAM = """\
import sys
from openstack_publish.cli import main

meant, values = {meant!r}, {values!r}
words = sys.argv[1:]
if words[:2] not in (['watch', 'list'], ['watch', 'ack']):
    for option, commands in meant.items():
        if words[0] in commands and option not in words:
            sys.argv += [option, values[option]]
sys.exit(main.main())
"""


@dataclasses.dataclass(frozen=True)
class Ran:
    """A command of a page, after it ran."""

    command: printed.Command
    code: int
    stdout: str
    stderr: str


class Desk(fixtures.Fixture):
    """Where one page is followed."""

    def _setUp(self) -> None:
        made, self.key = examples.made_once()
        # GnuPG's sockets lie below it.
        self.home = pathlib.Path(self.useFixture(keys.ShortDirectory()).path)
        shutil.copytree(made / 'upstream', self.home / 'upstream')
        shutil.copytree(made / 'archive', self.home / 'archive')
        self.archive = self.home / 'archive'
        self.place = self.home / 'desk'
        self.place.mkdir()
        shutil.copy(self.key.secret_file, self.place / 'signing-key.asc')
        (self.home / '.gitconfig').write_text(
            f'[url "{self.home}/upstream/"]\n'
            '\tinsteadOf = https://opendev.org/openstack/\n'
            '[user]\n\tname = A Reader\n\temail = reader@example.org\n',
            'utf-8',
        )
        self.index = server.StandInIndex().start()
        self.addCleanup(self.index.stop)
        self.site = self.useFixture(
            archive_site.ArchiveSite(str(self.archive))
        )
        self.token = self.index.token(scene.USER)
        self.environment = {
            'PATH': os.pathsep.join(
                (
                    str(self.home / 'bin'),
                    os.path.dirname(sys.executable),
                    os.environ['PATH'],
                )
            ),
            'HOME': str(self.home),
            'TMPDIR': tempfile.gettempdir(),
            'LC_ALL': 'C.UTF-8',
            'PYTHONDONTWRITEBYTECODE': '1',
            # Whatever this machine's pip would ask beside the index.
            'PIP_CONFIG_FILE': os.devnull,
            'PIP_DISABLE_PIP_VERSION_CHECK': '1',
            'TWINE_PASSWORD': self.token,
            'TWINE_REPOSITORY_URL': self.index.upload_url,
        }
        self._write_program()

    def _write_program(self) -> None:
        binaries = self.home / 'bin'
        binaries.mkdir()
        script = binaries / 'begin.py'
        values = {'--read-url': self.index.url, '--archive': self.site.url}
        script.write_text(
            _PROGRAM.format(meant=_MEANT, values=values), 'utf-8'
        )
        program = binaries / printed.PROGRAM
        begin = shlex.join([sys.executable, str(script)])
        program.write_text(f'#!/bin/sh\nexec {begin} "$@"\n', 'utf-8')
        program.chmod(0o755)

    def clone(self) -> None:
        """Have clones of openstack/releases and openstack/project-config."""
        for name in ('releases', 'project-config'):
            self.shell(
                f'git clone -q https://opendev.org/openstack/{name} {name}'
            )

    def build(self) -> None:
        """Have the distributions of os-vif in ``dist``."""
        dist = self.place / 'dist'
        dist.mkdir(exist_ok=True)
        for path in (self.archive / 'openstack' / examples.PROJECT).iterdir():
            if path.suffix != '.asc':
                shutil.copy(path, dist)

    def build_again(self) -> None:
        """Have other bytes under the same names in ``dist``."""
        dist = self.place / 'dist'
        dist.mkdir()
        for write in (artifacts.write_sdist, artifacts.write_wheel):
            write(
                str(dist),
                examples.PROJECT,
                examples.VERSION,
                git_version=out_there.commit(
                    examples.PROJECT + examples.VERSION
                )[:8],
                description='Built anew\n',
            )

    def release(self, name: str, version: str) -> None:
        """Have an older release in the archive, without signatures."""
        examples.build(self.archive, name, version)

    def empty_archive(self) -> None:
        """Let the archive have nothing of os-vif yet."""
        shutil.rmtree(self.archive / 'openstack' / examples.PROJECT)

    def publish(self, name: str, *, only: str = '') -> None:
        """Let the index have what the archive has of a project.

        :param only: the end of the name of the one file that is to be there
        """
        with self.index.store.locked() as state:
            known = state.find_project(name) is not None
        if not known:
            self.index.store.add_project(name, owner=scene.USER)
        for path in sorted((self.archive / 'openstack' / name).iterdir()):
            if path.suffix != '.asc' and path.name.endswith(only):
                version = re.split(r'-|\.tar\.gz', path.name)[1]
                self.index.store.add_file(name, version, path.name, path)

    def publish_all(self) -> None:
        """Let the index have everything that was ordered."""
        for path in (self.archive / 'openstack').iterdir():
            self.publish(path.name)

    def shell(self, script: str) -> str:
        """Run a script of the shell at the desk, and return what it printed.

        :raises AssertionError: it failed
        """
        done = subprocess.run(
            ['bash', '-euo', 'pipefail', '-c', script],
            cwd=self.place,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=LIMIT,
            check=False,
        )
        if done.returncode != 0:
            raise AssertionError(
                f'{script}: {done.returncode}\n{done.stdout}{done.stderr}'
            )
        return done.stdout

    def follow(
        self,
        commands: list[printed.Command],
        codes: Mapping[str, int],
        swaps: Mapping[str, str],
    ) -> list[Ran]:
        """Run commands of a page; see :meth:`.pages.PageTest.follow`.

        :raises AssertionError: an exit code or an output is another one, or
            no command has a part that is named
        """
        texts = [one.text for one in commands]
        for old, new in swaps.items():
            _used(old, texts)
            texts = [text.replace(old, new) for text in texts]
        for part in codes:
            _used(part, texts)
        ran = self._run(commands, texts)
        for one, text in zip(ran, texts, strict=True):
            wanted = next(
                (code for part, code in codes.items() if part in text), 0
            )
            if one.code != wanted:
                raise AssertionError(
                    f'{one.command.where}\nended with {one.code}, not with '
                    f'{wanted}:\n{one.stdout}{one.stderr}'
                )
            _compare(one)
        return ran

    def _run(
        self, commands: list[printed.Command], texts: list[str]
    ) -> list[Ran]:
        """Run all in one shell, so that what one exports the next one has.

        A rehearsal needs nothing of the desk and takes seconds: it is played
        once.
        """
        with tempfile.TemporaryDirectory() as log:
            places = [
                _rehearsals() / f'{zlib.crc32(text.encode())}'
                if text.startswith(f'{printed.PROGRAM} rehearse')
                else pathlib.Path(log, f'{number}')
                for number, text in enumerate(texts)
            ]
            script = ['set -o pipefail']
            for place, text in zip(places, texts, strict=True):
                if not place.with_suffix('.code').exists():
                    script.append(
                        f'{{ {text}\n}} >{place}.out 2>{place}.err\n'
                        f'echo $? >{place}.code'
                    )
            subprocess.run(
                ['bash', '-c', '\n'.join(script)],
                cwd=self.place,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                timeout=LIMIT,
                check=True,
            )
            return [
                Ran(
                    command,
                    int(place.with_suffix('.code').read_text('utf-8')),
                    place.with_suffix('.out').read_text('utf-8'),
                    place.with_suffix('.err').read_text('utf-8'),
                )
                for place, command in zip(places, commands, strict=True)
            ]


@functools.cache
def _rehearsals() -> pathlib.Path:
    place = tempfile.mkdtemp(prefix='osp-')
    atexit.register(shutil.rmtree, place, ignore_errors=True)
    return pathlib.Path(place)


def _used(part: str, texts: list[str]) -> None:
    if not any(part in text for text in texts):
        raise AssertionError(f'no command has {part!r}')


def _compare(ran: Ran) -> None:
    if not ran.command.output:
        return
    wanted = printed.pattern(ran.command.output)
    for came in (ran.stdout, ran.stderr + ran.stdout):
        if wanted.fullmatch(came):
            return
    raise AssertionError(
        f'{ran.command.where}\nprints on the page\n{ran.command.output}\n'
        f'and in truth\n{ran.stdout}{ran.stderr}'
    )
