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

"""Takes one response apart, within limits."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterator
from collections.abc import Mapping
from urllib import parse

import requests

from openstack_publish import seams
from openstack_publish.gates.web import words
from openstack_publish.model import urls

_CHUNK = 16 * 1024
"""Bytes that are unpacked at once: gzip makes at most a thousandfold."""

_BLOCK = 1024 * 1024
"""Bytes that are hashed at once."""

_PAGE = 64 * 1024
"""Longest page of an error that is read to its end, in bytes."""


class Failed(Exception):
    """One try came to nothing.

    :param final: whether another try would end alike
    :param busy: whether the server has too much to do, or fails
    :param retry_after: seconds that the server asks to wait
    :param elsewhere: what the server said when it pointed to another one,
        names in lower case
    """

    def __init__(
        self,
        cause: str,
        *,
        final: bool = False,
        busy: bool = False,
        retry_after: float | None = None,
        elsewhere: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(cause)
        self.cause = cause
        self.final = final
        self.busy = busy
        self.retry_after = retry_after
        self.elsewhere = elsewhere


def headers(response: requests.Response) -> dict[str, str]:
    """Return the headers of an answer, their names in lower case."""
    return {name.lower(): value for name, value in response.headers.items()}


def target(response: requests.Response, url: str, method: str) -> str:
    """Return where a redirect points, if it may be followed.

    :raises Failed: it may not
    """
    location = response.headers.get('Location', '')
    try:
        place = parse.urljoin(url, location)
        same = urls.origin(place) == urls.origin(url)
        host = parse.urlsplit(place).netloc.rpartition('@')[2]
    except ValueError as error:
        raise Failed('redirected to what is no URL', final=True) from error
    if not same:
        raise Failed(
            f"redirected off the server's host, to {host!r}",
            final=True,
            elsewhere=headers(response),
        )
    if method not in ('GET', 'HEAD'):
        raise Failed('redirected, which a question never is', final=True)
    return place


def refuse(
    response: requests.Response, conditional: bool, clock: seams.Clock
) -> None:
    """Let only answers pass that say something of what was asked.

    :param conditional: whether it was asked for only if it changed
    :raises Failed: it is another one
    """
    status = response.status_code
    said = f'the server answers {status} {words.reason(response)}'.strip()
    if status == 429 or status >= 500:
        raise Failed(
            said, busy=True, retry_after=words.retry_after(response, clock)
        )
    if status == 304 and conditional:
        return
    if not 200 <= status < 300 and not 400 <= status < 500:
        raise Failed(said, final=True)


def whole(response: requests.Response, max_bytes: int) -> bytes:
    """Return the body, unpacked.

    :raises Failed: it is larger, or packed in a way not asked for
    """
    coding = response.headers.get('Content-Encoding', 'identity')
    if coding.strip().lower() not in ('gzip', 'identity', ''):
        raise Failed(
            f'packed as {coding!r}, which was not asked for', final=True
        )
    data = bytearray()
    for chunk in response.iter_content(_CHUNK):
        data += chunk
        if len(data) > max_bytes:
            raise _too_large(max_bytes)
    return bytes(data)


def sha256(response: requests.Response, max_bytes: int) -> bytes:
    """Return the digest of the body as it is sent, in hexadecimal digits.

    Some servers call a ``.tar.gz`` a packed tar file; what counts is what
    an installer would store, which is what was sent.

    :raises Failed: it is larger
    """
    digest = hashlib.sha256()
    for chunk in _sent(response, max_bytes):
        digest.update(chunk)
    return digest.hexdigest().encode('ascii')


def stored(response: requests.Response, path: str, max_bytes: int) -> bytes:
    """Write the body of a 200 as it is sent, and return its digest.

    Of what an earlier try wrote nothing is left: the file is begun anew.

    :returns: the SHA-256 in hexadecimal digits; nothing of any other answer,
        whose body is not kept
    :raises Failed: it is larger, or cannot be written
    """
    if response.status_code != 200:
        return passed_over(response)
    digest = hashlib.sha256()
    with contextlib.ExitStack() as stack:
        with _writing(path):
            target = stack.enter_context(open(path, 'wb'))
        for chunk in _sent(response, max_bytes):
            digest.update(chunk)
            with _writing(path):
                target.write(chunk)
        with _writing(path):
            target.flush()
    return digest.hexdigest().encode('ascii')


def passed_over(response: requests.Response) -> bytes:
    """Read to its end what isn't wanted, so that its connection lives.

    :returns: nothing
    """
    done = 0
    for chunk in response.raw.stream(_BLOCK, decode_content=False):
        done += len(chunk)
        if done > _PAGE:
            break
    return b''


def _sent(response: requests.Response, max_bytes: int) -> Iterator[bytes]:
    done = 0
    for chunk in response.raw.stream(_BLOCK, decode_content=False):
        done += len(chunk)
        if done > max_bytes:
            raise _too_large(max_bytes)
        yield chunk


@contextlib.contextmanager
def _writing(path: str) -> Iterator[None]:
    """Tell errors of the disk from those of the network."""
    try:
        yield
    except OSError as error:
        raise Failed(
            f'writing {path}: {error.strerror}', final=True
        ) from error


def _too_large(max_bytes: int) -> Failed:
    return Failed(f'the answer has more than {max_bytes} bytes', final=True)
