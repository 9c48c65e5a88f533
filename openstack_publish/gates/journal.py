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

"""What a run over many things has done so far, in a file of JSON lines.

The first line names the run; each other one holds one thing that is done.
A line is written at once and whole, so that a run that is killed, even while
it writes, is continued by the same command with the same file.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import stat
from collections.abc import Iterable
from collections.abc import Mapping
from types import TracebackType

from openstack_publish import exceptions

SCHEMA = 'openstack-publish/journal/1'

LIMIT = 1024 * 1024 * 1024
"""Largest file that is read, in bytes. All 28,000 releases there are take
some 100 MB."""

_OPTION = '--continue'


class Journal:
    """Fits :class:`~openstack_publish.seams.verifying.Journal`; to be closed.

    :param path: the file; made where it isn't there
    :param run: what the run does, as JSON values
    :raises Misconfigured: the file is of another run, is in use, or is
        something else
    :raises Unavailable: it cannot be read or written
    """

    def __init__(self, path: str, run: Mapping[str, object]) -> None:
        self._path = path
        self._rows: dict[str, object] = {}
        try:
            # Closed at the end of this object's own context.
            self._file = open(path, 'a+b', buffering=0)  # noqa: SIM115
        except OSError as error:
            raise exceptions.Misconfigured(
                f'{path} cannot be opened: {error.strerror}', where=_OPTION
            ) from error
        try:
            self._begin(run)
        except BaseException:
            self._file.close()
            raise

    def __enter__(self) -> Journal:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._file.close()

    def rows(self) -> Mapping[str, object]:
        """Return what was done before, by key; of one key the last."""
        return self._rows

    def add(self, key: str, row: object) -> None:
        """Write down that one thing is done.

        :raises Unavailable: it cannot be written
        """
        self._write({'key': key, 'row': row})

    def _begin(self, run: Mapping[str, object]) -> None:
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise exceptions.Misconfigured(
                f'another run writes to {self._path}', where=_OPTION
            ) from error
        except OSError as error:
            raise self._unavailable(error) from error
        head, *lines = self._lines() or [None]
        if head is None:
            self._write({'schema': SCHEMA, 'run': dict(run)})
            return
        self._check(head, run)
        for number, line in enumerate(lines, 2):
            if not (
                isinstance(line, dict)
                and line.keys() == {'key', 'row'}
                and isinstance(line['key'], str)
            ):
                raise self._damaged(number, 'it is no row')
            self._rows[line['key']] = line['row']

    def _lines(self) -> list[object]:
        """Return the whole lines; the rest of a killed write is cut off."""
        try:
            status = os.fstat(self._file.fileno())
            if not stat.S_ISREG(status.st_mode):
                raise exceptions.Misconfigured(
                    f'{self._path} is no regular file', where=_OPTION
                )
            size = status.st_size
            if size > LIMIT:
                raise exceptions.Misconfigured(
                    f'{self._path} has {size} bytes; the limit is {LIMIT}',
                    where=_OPTION,
                )
            self._file.seek(0)
            content = self._file.read()
            whole = content.rfind(b'\n') + 1
            if whole < len(content) and (whole or _is_begun(content)):
                self._file.truncate(whole)
                content = content[:whole]
        except OSError as error:
            raise self._unavailable(error) from error
        if content and not content.endswith(b'\n'):
            raise self._damaged(1, 'it has no end')
        found = []
        for number, line in enumerate(content.split(b'\n')[:-1], 1):
            try:
                found.append(json.loads(line))
            # A line nested without end is a RecursionError.
            except (ValueError, RecursionError) as error:
                raise self._damaged(number, str(error)) from error
        return found

    def _check(self, head: object, run: Mapping[str, object]) -> None:
        """Hold the first line against the run.

        :raises Misconfigured: it is of another one
        """
        if not (isinstance(head, dict) and head.get('schema') == SCHEMA):
            raise self._damaged(1, f'its schema is not {SCHEMA}')
        before = head.get('run')
        # What JSON makes of it is what can be compared.
        now = json.loads(json.dumps(dict(run)))
        if before == now:
            return
        if not isinstance(before, dict):
            raise self._damaged(1, 'it names no run')
        differ = '; '.join(
            f'{key} was {json.dumps(before.get(key))} and is '
            f'{json.dumps(now.get(key))}'
            for key in sorted({*before, *now})
            if before.get(key) != now.get(key)
        )
        raise exceptions.Misconfigured(
            f'{self._path} is of another run: {differ}; name another file',
            where=_OPTION,
        )

    def _write(self, line: object) -> None:
        content = json.dumps(line, separators=(',', ':')).encode() + b'\n'
        try:
            written = self._file.write(content)
        except OSError as error:
            raise self._unavailable(error) from error
        if written != len(content):
            with contextlib.suppress(OSError):
                size = os.fstat(self._file.fileno()).st_size
                self._file.truncate(size - (written or 0))
            raise exceptions.Unavailable(
                f'writing {self._path}', 'the disk is full'
            )

    def _damaged(self, number: int, why: str) -> exceptions.Misconfigured:
        return exceptions.Misconfigured(
            f'line {number} of {self._path} is not what such a run writes: '
            f'{why}; name another file',
            where=_OPTION,
        )

    def _unavailable(self, error: OSError) -> exceptions.Unavailable:
        return exceptions.Unavailable(
            f'the file {self._path} of a run', error.strerror or str(error)
        )


def digests(paths: Iterable[str]) -> dict[str, str]:
    """Return the SHA-256 of files that a run depends on, by their paths.

    :raises Unavailable: one cannot be read
    """
    found = {}
    for path in paths:
        try:
            with open(path, 'rb') as opened:
                found[path] = hashlib.file_digest(opened, 'sha256').hexdigest()
        except OSError as error:
            raise exceptions.Unavailable(
                f'reading {path}', error.strerror or str(error)
            ) from error
    return found


def _is_begun(content: bytes) -> bool:
    """Say whether this is the beginning of a first line of ours.

    Whatever else somebody names by mistake is not emptied.
    """
    return b'{"schema":"openstack-publish/journal/'.startswith(content[:37])
