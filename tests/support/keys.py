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

"""Throw-away OpenPGP keys, made by the real gpg in a short home."""

from __future__ import annotations

import dataclasses
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Sequence

import fixtures

from openstack_publish.model import names

GPG_LIMIT = 60
"""Longest run of one gpg, in seconds."""

AGENT_LIMIT = 10
"""How long an agent that was told to end may take, in seconds."""


@dataclasses.dataclass(frozen=True)
class Key:
    """A key in a :class:`Keyring`."""

    primary: names.Fingerprint
    signing: names.Fingerprint
    """Of the subkey that signs, or the primary's where there is none."""

    passphrase: str | None = None


class ShortDirectory(fixtures.Fixture):
    """A directory with a short path, for GnuPG homes.

    GnuPG's sockets lie in the home, and a socket's path has at most 107
    bytes; a test's own directory may be longer.
    """

    path: str

    def _setUp(self) -> None:
        self.path = tempfile.mkdtemp(prefix='k-')
        self.addCleanup(shutil.rmtree, self.path, ignore_errors=True)


class Keyring(fixtures.Fixture):
    """A GnuPG home with throw-away ed25519 keys.

    :param place: a directory to make the home in
    """

    home: str
    """The GnuPG home, with an agent that ends with the fixture."""

    files: str
    """Where exported keys are written."""

    def __init__(self, place: str | None = None) -> None:
        super().__init__()
        self._place = place

    def _setUp(self) -> None:
        self.home = tempfile.mkdtemp(prefix='k-', dir=self._place)
        self.addCleanup(shutil.rmtree, self.home, ignore_errors=True)
        self.addCleanup(
            subprocess.run,
            ['gpgconf', '--homedir', self.home, '--kill', 'all'],
            check=True,
            timeout=GPG_LIMIT,
        )
        self.files = self.useFixture(fixtures.TempDir()).path

    def gpg(
        self,
        *arguments: str,
        given: bytes = b'',
        when: str | None = None,
        passphrase: str | None = None,
    ) -> bytes:
        """Run gpg in the home and return what it printed.

        :param given: its standard input
        :param when: what gpg believes the time is, as ``20200131T120000``
        """
        command = ['gpg', '--homedir', self.home, '--batch', '--yes', '-q']
        command += ['--pinentry-mode', 'loopback']
        command += ['--passphrase', passphrase or '']
        if when is not None:
            command += ['--faked-system-time', f'{when}!']
        try:
            return subprocess.run(
                [*command, *arguments],
                input=given,
                env={**os.environ, 'LC_ALL': 'C.UTF-8'},
                capture_output=True,
                check=True,
                timeout=GPG_LIMIT,
            ).stdout
        except subprocess.CalledProcessError as error:
            raise AssertionError(error.stderr.decode()) from error

    def generate(
        self,
        name: str = 'OpenStack Infra (Test Cycle) <infra@example.org>',
        *,
        when: str | None = None,
        expires: str = '1y',
        passphrase: str | None = None,
        subkey: bool = True,
        usage: str = 'sign,cert',
    ) -> Key:
        """Make a key as the cycle keys are: a subkey signs.

        :param when: when it is made, as ``20200131T120000``
        :param expires: after how long the primary key expires (``0``: never)
        :param subkey: whether it has a signing subkey, which has no end of
            its own
        :param usage: of the primary key
        """
        before = self.fingerprints()
        self.gpg(
            '--quick-generate-key',
            name,
            'ed25519',
            usage,
            expires,
            when=when,
            passphrase=passphrase,
        )
        (made,) = self.fingerprints() - before
        primary = names.fingerprint(made)
        signing = primary
        if subkey:
            signing = self.add_subkey(primary, when, passphrase)
        return Key(primary, signing, passphrase)

    def add_subkey(
        self,
        primary: names.Fingerprint,
        when: str | None = None,
        passphrase: str | None = None,
        expires: str = '0',
    ) -> names.Fingerprint:
        """Add a signing subkey to a key and return its fingerprint."""
        before = self.fingerprints(subkeys=True)
        self.gpg(
            '--quick-add-key',
            primary,
            'ed25519',
            'sign',
            expires,
            when=when,
            passphrase=passphrase,
        )
        (made,) = self.fingerprints(subkeys=True) - before
        return names.fingerprint(made)

    def fingerprints(self, *, subkeys: bool = False) -> set[str]:
        """Return the fingerprints of all primary keys or of all subkeys."""
        listed = self.gpg('--with-colons', '--list-keys', '--fingerprint')
        found = set()
        kind = ''
        for line in listed.decode().splitlines():
            fields = line.split(':')
            if fields[0] in ('pub', 'sub'):
                kind = fields[0]
            elif fields[0] == 'fpr' and (kind == 'sub') == subkeys:
                found.add(fields[9])
        return found

    def revoke(self, key: Key) -> None:
        """Revoke a whole key with the certificate that gpg made for it."""
        path = os.path.join(
            self.home, 'openpgp-revocs.d', f'{key.primary}.rev'
        )
        with open(path, encoding='utf-8') as opened:
            # gpg puts a colon before the armor so that nobody imports it by
            # accident.
            text = opened.read().replace(':-----BEGIN', '-----BEGIN')
        self.gpg('--import', given=text.encode())

    def revoke_subkey(
        self, key: Key, *, reason: int = 0, when: str | None = None
    ) -> None:
        """Revoke a key's only subkey.

        :param reason: RFC 4880 5.2.3.23: 0 none, 1 superseded,
            2 compromised, 3 retired
        """
        answers = ['key 1', 'revkey', 'y', str(reason), '', 'y', 'save']
        # gpg's menu counts compromised 1, superseded 2.
        answers[3] = {0: '0', 1: '2', 2: '1', 3: '3'}[reason]
        self.gpg(
            '--no-batch',
            '--no-tty',
            '--command-fd',
            '0',
            '--edit-key',
            key.primary,
            given='\n'.join([*answers, '']).encode(),
            when=when,
            passphrase=key.passphrase,
        )

    def public_file(self, *keys: Key, preamble: str = '') -> str:
        """Write the public part of keys and return the path.

        :param preamble: text before the armor, as the cycle keys have it
        """
        armor = self.gpg('--armor', '--export', *(key.primary for key in keys))
        return self._write(
            f'0x{keys[0].primary.lower()}.txt', preamble.encode() + armor
        )

    def secret_file(self, *keys: Key) -> str:
        """Write whole secret keys and return the path."""
        return self._export('--export-secret-keys', 'secret', keys)

    def subkeys_file(self, *keys: Key) -> str:
        """Write the secret signing subkeys alone, as a release job has them.

        The secret part of the primary key is not in the file (``sec#``).
        """
        return self._export('--export-secret-subkeys', 'subkeys', keys)

    def sign(
        self,
        path: str,
        key: Key,
        *options: str,
        target: str | None = None,
        when: str | None = None,
    ) -> str:
        """Sign a file and return the signature's path.

        :param options: given to gpg beside ``--armor --detach-sign``
        :param target: default: the file's path with ``.asc``
        """
        target = target or f'{path}.asc'
        self.gpg(
            '--local-user',
            f'{key.signing}!',
            *options,
            '--output',
            target,
            '--armor',
            '--detach-sign',
            '--',
            path,
            when=when,
            passphrase=key.passphrase,
        )
        return target

    def _export(self, command: str, kind: str, keys: Sequence[Key]) -> str:
        armor = self.gpg(
            '--armor',
            command,
            *(key.primary for key in keys),
            passphrase=keys[0].passphrase,
        )
        return self._write(f'{keys[0].primary}-{kind}.asc', armor)

    def _write(self, name: str, content: bytes) -> str:
        path = os.path.join(self.files, name)
        with open(path, 'wb') as opened:
            opened.write(content)
        return path


def agents(below: str = '/', *, but: str = '') -> list[int]:
    """Return the process ids of gpg-agents whose home is in a directory.

    :param but: a home that does not count
    """
    found = []
    for name in os.listdir('/proc'):
        if not name.isdigit():
            continue
        try:
            with open(f'/proc/{name}/cmdline', 'rb') as opened:
                # A zombie has an empty command line.
                command = os.fsdecode(opened.read()).split('\0')
        except OSError:
            continue
        if os.path.basename(command[0]) != 'gpg-agent':
            continue
        home = command[command.index('--homedir') + 1]
        if home.startswith(below) and home != but:
            found.append(int(name))
    return sorted(found)


def agents_left(below: str, *, but: str = '') -> list[int]:
    """Return the agents that are still there once they had time to end."""
    deadline = time.monotonic() + AGENT_LIMIT
    while agents(below, but=but) and time.monotonic() < deadline:
        os.sched_yield()
    return agents(below, but=but)
