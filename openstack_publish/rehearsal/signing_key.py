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

"""Makes a throw-away OpenPGP key of the form that the cycle keys have."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime
import os
import pathlib
import re
import shutil
import tempfile

from openstack_publish import exceptions
from openstack_publish.model import names
from openstack_publish.rehearsal import programs

HOME_LIMIT = 80
"""Longest path of a GnuPG home, in characters: with 87 the socket of
gpg-agent gets longer than the 107 that the kernel takes (tried with 2.2.40,
2026-08)."""

LIFETIME = '180d'
"""Until the primary key expires; the signing subkey has no end of its own,
as the cycle keys' haven't."""

# GnuPG doc/DETAILS: KEY_CREATED <type> <fingerprint> [<handle>], type P for
# a primary key and S for a subkey.
_CREATED = re.compile(r'^\[GNUPG:\] KEY_CREATED [PBS] ([0-9A-F]{40})', re.M)


@dataclasses.dataclass(frozen=True)
class ThrowAwayKey:
    """A key whose secret part lies in a file, as a release job has it."""

    fingerprint: names.Fingerprint
    """Of the primary key: what a policy trusts."""

    signing_fingerprint: names.Fingerprint
    """Of the subkey that signs."""

    secret_file: str
    """The armored secret subkey, without passphrase; mode 0600."""

    public_file: str
    """The public key as openstack/releases keeps them: gpg's listing for a
    reader, then the armored block."""


def make(
    directory: str,
    tools: programs.Programs,
    user: str,
    *,
    made: datetime.datetime | None = None,
) -> ThrowAwayKey:
    """Make a key and write both parts of it into a directory.

    The primary key's secret part is thrown away with the GnuPG home that
    both were made in.

    :param user: the user ID
    :param made: when its life begins; None for now
    :raises Unavailable: gpg isn't installed, or did not do it
    """
    home = _short_directory()
    try:
        return _make(pathlib.Path(directory), tools, home, user, made)
    finally:
        # Where this fails, the agent ends by itself once its home is gone.
        with contextlib.suppress(exceptions.Unavailable):
            tools.run(['gpgconf', '--homedir', home, '--kill', 'all'])
        shutil.rmtree(home, ignore_errors=True)


def _short_directory() -> str:
    home = tempfile.mkdtemp(prefix='osp-')
    if len(home) <= HOME_LIMIT:
        return home
    os.rmdir(home)
    return tempfile.mkdtemp(prefix='osp-', dir='/tmp')


def _make(
    directory: pathlib.Path,
    tools: programs.Programs,
    home: str,
    user: str,
    made: datetime.datetime | None,
) -> ThrowAwayKey:
    gpg = ['gpg', '--homedir', home, '--batch', '--no-tty', '--yes']
    if made is not None:
        # The exclamation mark stops gpg's clock at that moment.
        moment = made.astimezone(datetime.UTC)
        gpg += ['--faked-system-time', f'{moment:%Y%m%dT%H%M%S}!']
    create = [*gpg, '--status-fd', '1', '--pinentry-mode', 'loopback']
    create += ['--passphrase', '']
    primary = _created(
        tools.run(
            [
                *create,
                '--quick-generate-key',
                user,
                'ed25519',
                'sign,cert',
                LIFETIME,
            ]
        )
    )
    subkey = _created(
        tools.run([*create, '--quick-add-key', primary, 'ed25519', 'sign'])
    )
    listing = tools.run(
        [
            *gpg,
            '--keyid-format',
            '0xlong',
            '--list-options',
            'no-show-uid-validity',
            '--with-fingerprint',
            '--list-sigs',
        ]
    )
    public = tools.run([*gpg, '--armor', '--export', primary])
    secret = tools.run(
        [*gpg, '--armor', '--export-secret-subkeys', f'{subkey}!']
    )
    public_file = directory / f'0x{primary.lower()}.txt'
    # Without the path of the home, which stands above the first key.
    preamble = listing[listing.index('pub ') :].strip()
    public_file.write_text(f'{preamble}\n\n{public}', encoding='utf-8')
    secret_file = directory / 'signing-key.asc'
    with open(
        secret_file,
        'x',
        encoding='ascii',
        opener=lambda path, flags: os.open(path, flags, mode=0o600),
    ) as opened:
        opened.write(secret)
    return ThrowAwayKey(primary, subkey, str(secret_file), str(public_file))


def _created(status: str) -> names.Fingerprint:
    found = _CREATED.search(status)
    if found is None:
        raise exceptions.Unavailable(
            'making a throw-away key', 'gpg names no key that it made'
        )
    return names.fingerprint(found.group(1))
