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

"""Files with keys in them: read with a limit, handed on without a trace."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator

from openstack_publish import exceptions

LIMIT = 4 * 1024 * 1024
"""Largest key file that is read, in bytes; a cycle key has 2 to 10 kB."""


def read(path: str, where: str) -> bytes:
    """Return a key file's bytes.

    :param where: the option that named it
    :raises Misconfigured: it isn't there, is no file, or is too large
    """
    try:
        with open(path, 'rb', opener=_without_waiting) as opened:
            content = opened.read(LIMIT + 1)
    except OSError as error:
        raise exceptions.Misconfigured(
            f'the key file {path} cannot be read: {error.strerror}',
            where=where,
        ) from error
    if len(content) > LIMIT:
        raise exceptions.Misconfigured(
            f'{path} is larger than {LIMIT} bytes and no key file',
            where=where,
        )
    return content


@contextlib.contextmanager
def copied(content: bytes, home: str, name: str = 'incoming') -> Iterator[str]:
    """Put keys into a private home for as long as gpg reads them.

    gpg is given a path that we chose: a key file may have any name, and may
    be a pipe (``--sign-key-file <(pass show release-key)``) that only we
    have open.

    :param home: the private home
    :param name: of the copy in it
    :raises Unavailable: it cannot be written
    """
    path = os.path.join(home, name)
    try:
        try:
            with open(path, 'wb', opener=_for_us_alone) as opened:
                opened.write(content)
        except OSError as error:
            raise exceptions.Unavailable(
                f'writing {path}', str(error)
            ) from error
        yield path
    finally:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(path)


def _without_waiting(path: str, flags: int) -> int:
    """Open a file, and a pipe only for what its writer has to say.

    A pipe that nobody writes to is empty instead of waited for.
    """
    opened = os.open(path, flags | os.O_NONBLOCK)
    os.set_blocking(opened, True)
    return opened


def _for_us_alone(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_EXCL, 0o600)
