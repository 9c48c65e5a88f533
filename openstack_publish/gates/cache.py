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

"""Documents that were read before, kept in a directory.

One file each, named by what was asked for: a line of JSON that says what it
is, then the document, packed. A file is written whole under another name and
renamed, so that several programs may share a directory. What is not as it was
written counts as nothing: it is no loss to read a document once more.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import stat
import threading
import zlib
from collections.abc import Iterator

from openstack_publish import seams
from openstack_publish.gates import parts

MAX_FILE = 16 * 1024 * 1024
"""Largest file that is read or written, in bytes."""

MAX_DOCUMENT = 64 * 1024 * 1024
"""Largest document that is unpacked, in bytes."""

MAX_TOTAL = 256 * 1024 * 1024
"""Bytes of all files together; above it the oldest go."""

KEPT = 0.8
"""The part of that which stays when the oldest go."""

MAX_HEAD = 64 * 1024
"""Longest first line, in bytes."""

_FORM = 'openstack-publish/cache/1'
_NAME = re.compile(r'[0-9a-f]{64}|\.[0-9a-f]{64}\.[0-9a-f]{8}\.part')
_ETAG = re.compile(r'[\x21-\x7e]{1,1024}')


class DirectoryCache:
    """Fits :class:`openstack_publish.seams.Cache`. May be shared by threads.

    :param directory: made when the first document comes, for its owner only
    :param max_total: bytes of all files together
    """

    def __init__(self, directory: str, max_total: int = MAX_TOTAL) -> None:
        self._directory = os.path.abspath(directory)
        self._max_total = max_total
        self._lock = threading.Lock()
        self._total: int | None = None

    def get(self, url: str, accept: str) -> seams.CachedAnswer | None:
        """Return what is kept of a document; None where nothing is.

        Files of others, or that others may write, are not believed.
        """
        place = self._place(url, accept)
        try:
            with open(place, 'rb', opener=_safely) as opened:
                state = os.fstat(opened.fileno())
                if (
                    not stat.S_ISREG(state.st_mode)
                    or state.st_uid != os.geteuid()
                    or state.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
                    or state.st_size > MAX_FILE
                ):
                    return None
                data = opened.read(MAX_FILE)
                # What is used stays longest.
                os.utime(opened.fileno())
        except OSError:
            return None
        return _read(data, url, accept)

    def put(self, url: str, accept: str, answer: seams.CachedAnswer) -> None:
        """Keep a document, if it can be kept."""
        if not _ETAG.fullmatch(answer.etag):
            return
        if len(answer.body) > MAX_DOCUMENT:
            return
        data = _written(url, accept, answer)
        if len(data) > MAX_FILE:
            return
        with contextlib.suppress(OSError):
            os.makedirs(self._directory, mode=0o700, exist_ok=True)
            self._write(self._place(url, accept), data)
            self._count(len(data))

    def _place(self, url: str, accept: str) -> str:
        key = hashlib.sha256(f'{url}\n{accept}'.encode())
        return os.path.join(self._directory, key.hexdigest())

    def _write(self, place: str, data: bytes) -> None:
        """Write a file whole.

        :raises OSError: it cannot be written
        """
        part = parts.beside(place)
        try:
            with open(part, 'xb', opener=_mine) as opened:
                opened.write(data)
            os.replace(part, place)
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(part)
            raise

    def _count(self, more: int) -> None:
        """Let the oldest files go where there are too many bytes.

        Files that were written anew are counted twice until the next look
        into the directory, which then comes a little early.

        :raises OSError: the directory cannot be read
        """
        with self._lock:
            if self._total is None:
                self._total = sum(size for _, size, _ in self._files())
            else:
                self._total += more
            if self._total <= self._max_total:
                return
            files = sorted(self._files())
            self._total = sum(size for _, size, _ in files)
            for _, size, path in files:
                if self._total <= KEPT * self._max_total:
                    return
                with contextlib.suppress(FileNotFoundError):
                    os.unlink(path)
                self._total -= size

    def _files(self) -> Iterator[tuple[int, int, str]]:
        """Give time (ns), size and path of each of our files.

        :raises OSError: the directory cannot be read
        """
        with os.scandir(self._directory) as entries:
            for entry in entries:
                if not _NAME.fullmatch(entry.name):
                    continue
                # Another program may have let it go.
                with contextlib.suppress(FileNotFoundError):
                    state = entry.stat(follow_symlinks=False)
                    yield state.st_mtime_ns, state.st_size, entry.path


def _safely(path: str, flags: int) -> int:
    """Open no link, and wait for nobody at the other end of a pipe."""
    return os.open(path, flags | os.O_NOFOLLOW | os.O_NONBLOCK)


def _mine(path: str, flags: int) -> int:
    """Open for the owner only."""
    return os.open(path, flags, 0o600)


def _written(url: str, accept: str, answer: seams.CachedAnswer) -> bytes:
    head = {
        'form': _FORM,
        'url': url,
        'accept': accept,
        'etag': answer.etag,
        'media_type': answer.media_type,
        'sha256': hashlib.sha256(answer.body).hexdigest(),
    }
    # To a fifth, where there are 200 files; at twice the time a higher level
    # gains an eighth of that (measured 2026-11).
    packed = zlib.compress(answer.body, 1)
    return json.dumps(head).encode('ascii') + b'\n' + packed


def _read(data: bytes, url: str, accept: str) -> seams.CachedAnswer | None:
    """Return the document in a file; None where it is not as written."""
    end = data.find(b'\n', 0, MAX_HEAD)
    try:
        head = json.loads(data[: max(end, 0)])
    except (ValueError, RecursionError):
        return None
    if not isinstance(head, dict):
        return None
    if (head.get('form'), head.get('url'), head.get('accept')) != (
        _FORM,
        url,
        accept,
    ):
        return None
    etag, media_type = head.get('etag'), head.get('media_type')
    if not isinstance(etag, str) or not _ETAG.fullmatch(etag):
        return None
    if not isinstance(media_type, str):
        return None
    unpacker = zlib.decompressobj()
    try:
        body = unpacker.decompress(data[end + 1 :], MAX_DOCUMENT)
    except zlib.error:
        return None
    if not unpacker.eof or unpacker.unused_data:
        return None
    if hashlib.sha256(body).hexdigest() != head.get('sha256'):
        return None
    return seams.CachedAnswer(etag, body, media_type)
