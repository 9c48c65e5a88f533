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

"""A stage for tests of the whole program: index, release, command line."""

from __future__ import annotations

import atexit
import contextlib
import dataclasses
import datetime
import functools
import io
import json
import logging
import os
import pathlib
import re
import shutil
import tempfile
from collections.abc import Iterator

import fixtures

from openstack_publish.cli import application
from openstack_publish.rehearsal import release as releases
from openstack_publish.rehearsal import server
from tests.support import receipts

USER = 'openstackci'


@dataclasses.dataclass(frozen=True)
class Result:
    """What a run of the command left behind."""

    code: int
    stdout: str
    stderr: str

    @functools.cached_property
    def receipt(self) -> receipts.Document:
        """The receipt on standard output, held against its schema."""
        document: receipts.Document = json.loads(self.stdout)
        receipts.validate(document)
        return document

    @property
    def codes(self) -> set[str]:
        """Codes of the findings that refuse."""
        return {
            found['code']
            for found in self.receipt['findings']
            if found['severity'] == 'error' and found['verdict'] != 'noted'
        }

    def finding(self, code: str) -> receipts.Document:
        """The one finding of a code."""
        findings: list[receipts.Document] = self.receipt['findings']
        found = [item for item in findings if item['code'] == code]
        if len(found) != 1:
            raise AssertionError(
                f'{len(found)} findings are {code}: {findings}\n{self.stderr}'
            )
        return found[0]

    def steps(self) -> list[int]:
        """Numbers of the steps that were done."""
        return [step['number'] for step in self.receipt['steps']]


@functools.cache
def made_once() -> releases.ThrowAwayRelease:
    """Make the throw-away release, once a process: building takes seconds."""
    directory = tempfile.mkdtemp(prefix='osp-')
    atexit.register(shutil.rmtree, directory, ignore_errors=True)
    return releases.make(
        directory, os.environ, datetime.datetime.now(datetime.UTC)
    )


class Stage(fixtures.Fixture):
    """A copy of the throw-away release, and nothing of who runs the tests."""

    upload_url: str
    token: str
    """What to log in with, as ``TWINE_PASSWORD`` has it."""

    def _setUp(self) -> None:
        made = made_once()
        # Short: GnuPG's sockets lie below the temporary directory.
        self.directory = pathlib.Path(self.useFixture(fixtures.TempDir()).path)
        self.release = made
        self.dist = self.directory / 'dist'
        self.dist.mkdir()
        for path in made.distributions:
            shutil.copy2(path, self.dist)
        self.releases_dir = self.directory / 'releases'
        shutil.copytree(made.releases_dir, self.releases_dir, symlinks=True)
        self.archive = self.directory / 'archive'
        self.archive.mkdir()
        self.useFixture(
            fixtures.EnvironmentVariable('HOME', str(self.directory))
        )
        for name in list(os.environ):
            if name.startswith(('TWINE_', 'OPENSTACK_PUBLISH_')):
                self.useFixture(fixtures.EnvironmentVariable(name))

    @property
    def project(self) -> str:
        """Name of the project on the index."""
        return self.release.project

    @property
    def version(self) -> str:
        """Version that was ordered and built."""
        return self.release.version

    @property
    def stem(self) -> str:
        """What file names begin with."""
        return self.project.replace('-', '_')

    @property
    def filenames(self) -> list[str]:
        """File names of the distributions, the wheel first."""
        return sorted(
            (os.path.basename(path) for path in self.release.distributions),
            key=lambda name: not name.endswith('.whl'),
        )

    @property
    def wheel(self) -> str:
        """File name of the wheel."""
        return self.filenames[0]

    @property
    def sdist(self) -> str:
        """File name of the sdist."""
        return self.filenames[1]

    @property
    def receipt_path(self) -> pathlib.Path:
        """Where the receipt goes unless named."""
        return self.dist / f'{self.project}-{self.version}.receipt.json'

    def arguments(self, *more: str, key: bool = True) -> list[str]:
        """Arguments of a release job."""
        words = ['publish', str(self.dist), '--releases']
        words += [str(self.releases_dir), '--repository-url']
        words += [self.upload_url, '--archive', str(self.archive)]
        if key:
            words += ['--sign-key-file', self.release.secret_key_file]
        if '--wait' not in more:
            words += ['--wait', '0']
        return [*words, '-f', 'json', *more]

    def publish(
        self, *more: str, key: bool = True, token: str | None = ''
    ) -> Result:
        """Run ``publish`` as a release job does.

        :param token: empty for the index's own, None for none
        """
        environment = {}
        if token is not None:
            environment['TWINE_PASSWORD'] = token or self.token
        return run(self.arguments(*more, key=key), environment)

    def end_window(self) -> None:
        """Let the window of the signing key have ended long ago."""
        path = self.releases_dir / 'data' / 'series_status.yaml'
        text = re.sub(r'start: \S+', 'start: 2020-01-01', path.read_text())
        path.write_text(text.replace('end: present', 'end: 2020-06-30'))

    def rename_repository(self, name: str) -> None:
        """Let the release be ordered of a repository of another name."""
        repo = self.release.repo
        path = self.releases_dir / self.release.deliverable_path
        path.write_text(path.read_text().replace(repo, name))
        (self.archive / repo).rename(self.archive / name)

    def archived(self) -> list[str]:
        """Every file in the archive, staged ones too, relative to it."""
        return sorted(
            str(path.relative_to(self.archive))
            for path in self.archive.rglob('*')
            if path.is_file()
        )


class Scene(Stage):
    """A fresh index, and a copy of the throw-away release.

    :param known: whether the project is there already, with one release
    """

    def __init__(self, known: bool = True) -> None:
        super().__init__()
        self._known = known

    def _setUp(self) -> None:
        super()._setUp()
        self.index = server.StandInIndex()
        self.index.start()
        self.addCleanup(self.index.stop)
        self.upload_url = self.index.upload_url
        self.token = self.index.token(USER)
        if self._known:
            self.index.store.add_project(self.project, owner=USER)
            self.index.store.add_file(
                self.project,
                '0.9.0',
                f'{self.stem}-0.9.0.tar.gz',
                b'the release before',
            )

    def listed(self) -> list[str]:
        """File names under the version on the index."""
        try:
            release = self.index.store.release(self.project, self.version)
        except KeyError:
            return []
        return sorted(release.files)


def run(argv: list[str], environment: dict[str, str]) -> Result:
    """Run the command line in this process."""
    stdout, stderr = io.StringIO(), io.StringIO()
    with contextlib.ExitStack() as stack:
        stack.enter_context(_environment(environment))
        stack.enter_context(_logging())
        program = application.Application(stdout, stderr)
        try:
            code = program.run(argv)
        except SystemExit as end:
            code = int(str(end.code))
    return Result(code, stdout.getvalue(), stderr.getvalue())


@contextlib.contextmanager
def _environment(changes: dict[str, str]) -> Iterator[None]:
    before = dict(os.environ)
    os.environ.update(changes)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


@contextlib.contextmanager
def _logging() -> Iterator[None]:
    """Leave the root logger as it was: the command sets up its own."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    try:
        yield
    finally:
        for handler in root.handlers:
            if handler not in handlers:
                handler.close()
        root.handlers[:] = handlers
        root.setLevel(level)
