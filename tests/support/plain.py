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

"""Real servers of plain indexes, in processes of their own, on loopback."""

from __future__ import annotations

import base64
import hashlib
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Sequence

import requests

from tests.support import httpd
from tests.support import scene

USER = 'publisher'
PASSWORD = 'no token at all'
START = 120.0
"""Longest wait for a server to start, in seconds; they take one or two."""

POLICY = """\
schema: openstack-publish/policy/1
index: plain
"""


class Server:
    """A Python module that serves, with a directory of its own.

    :param module: what to start with ``python -m``
    """

    def __init__(self, module: str) -> None:
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix='osp-'))
        self.port = httpd.free_port()
        self.url = f'http://127.0.0.1:{self.port}'
        self._module = module
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def _environment(self) -> dict[str, str]:
        return {
            'PATH': os.environ['PATH'],
            'HOME': str(self.directory),
            # What the servers themselves are warned of is not our matter.
            'PYTHONWARNINGS': 'ignore',
        }

    def run(self, code: str, *arguments: str) -> None:
        """Run Python code, until it ends by itself."""
        subprocess.run(
            [sys.executable, '-c', code, *arguments],
            env=self._environment,
            check=True,
            capture_output=True,
            timeout=START,
        )

    def start(self, *arguments: str) -> None:
        """Start the server and wait until it listens."""
        log = self.directory / 'log'
        with log.open('wb') as output:
            self._process = subprocess.Popen(
                [sys.executable, '-m', self._module, *arguments],
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        for _ in range(int(START / 0.05)):
            try:
                self._process.wait(0.05)
            except subprocess.TimeoutExpired:
                if self._listens():
                    return
            else:
                break
        raise AssertionError(
            f'{self._module} does not serve:\n{log.read_text("utf-8")}'
        )

    def stop(self) -> None:
        """End the server, and remove what it held."""
        if self._process is not None:
            self._process.terminate()
            try:
                self._process.wait(10)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        shutil.rmtree(self.directory)

    def _listens(self) -> bool:
        with socket.socket() as sock:
            return sock.connect_ex(('127.0.0.1', self.port)) == 0


class PypiServer(Server):
    """A pypiserver; uploads need user and password.

    :param options: further ones of ``pypi-server run``
    """

    def __init__(self, *options: str) -> None:
        super().__init__('pypiserver')
        self.packages = self.directory / 'packages'
        self.packages.mkdir()
        passwords = self.directory / 'htpasswd'
        digest = hashlib.sha1(PASSWORD.encode()).digest()
        passwords.write_text(
            f'{USER}:{{SHA}}{base64.b64encode(digest).decode()}\n', 'utf-8'
        )
        self.upload_url = f'{self.url}/'
        self.simple_url = f'{self.url}/simple/'
        try:
            self.start(
                'run',
                f'--port={self.port}',
                '--interface=127.0.0.1',
                '--backend=simple-dir',
                f'--passwords={passwords}',
                *options,
                str(self.packages),
            )
        except AssertionError:
            self.stop()
            raise

    def empty(self) -> None:
        """Forget every file."""
        for path in self.packages.iterdir():
            path.unlink()

    def put(self, filename: str, content: bytes) -> None:
        """Hold a file that nobody uploaded."""
        (self.packages / filename).write_bytes(content)

    def files(self) -> list[str]:
        """Names of the files that it holds."""
        return sorted(path.name for path in self.packages.iterdir())


class DevpiServer(Server):
    """A devpi-server without PyPI behind it."""

    def __init__(self) -> None:
        super().__init__('devpi_server')
        self._indexes = 0
        data = str(self.directory / 'data')
        secret = self.directory / 'secret'
        secret.write_bytes(base64.b64encode(os.urandom(32)))
        secret.chmod(0o600)
        try:
            self.run(
                'from devpi_server import init; init.init()',
                f'--serverdir={data}',
                '--no-root-pypi',
                f'--root-passwd={PASSWORD}',
            )
            self.start(
                f'--serverdir={data}',
                '--host=127.0.0.1',
                f'--port={self.port}',
                '--offline-mode',
                # Deriving keys from the secret is meant to take long.
                f'--secretfile={secret}',
                '--argon2-memory-cost=8',
                '--argon2-parallelism=1',
                '--argon2-time-cost=1',
            )
        except (AssertionError, subprocess.SubprocessError):
            self.stop()
            raise

    def add_index(self) -> str:
        """Make a new index, and return its URL."""
        self._indexes += 1
        url = f'{self.url}/root/test{self._indexes}'
        answer = requests.put(
            url,
            json={'type': 'stage', 'bases': [], 'volatile': True},
            auth=('root', PASSWORD),
            timeout=START,
        )
        answer.raise_for_status()
        return f'{url}/'


class PlainStage(scene.Stage):
    """The throw-away release, and a policy for a plain index."""

    def __init__(
        self, upload_url: str, simple_url: str, user: str = USER
    ) -> None:
        super().__init__()
        self.upload_url = upload_url
        self.simple_url = simple_url
        self.user = user
        self.token = PASSWORD

    def _setUp(self) -> None:
        super()._setUp()
        self.policy = self.directory / 'policy.yaml'
        self.policy.write_text(POLICY, 'utf-8')

    def arguments(self, *more: str, key: bool = True) -> list[str]:
        """Arguments of a release job for another index than PyPI."""
        words = ['--policy', str(self.policy), '--username', self.user]
        if '--read-url' not in more:
            words += ['--read-url', self.simple_url]
        return super().arguments(*words, *more, key=key)

    def both(self) -> Sequence[tuple[str, bytes]]:
        """Names and contents of the distributions, the wheel first."""
        return [
            (name, (self.dist / name).read_bytes()) for name in self.filenames
        ]
