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

"""Files that tell of incidents: a feed, and lines of JSON."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Sequence

from openstack_publish import exceptions
from openstack_publish.gates import parts


class AlertFiles:
    """Fits :class:`~openstack_publish.seams.alerts.AlertFiles`.

    :param feed: the feed's file; None where none is wanted
    :param lines: the file of lines; None where none is wanted
    :raises Misconfigured: there is no directory for one of them
    """

    def __init__(self, feed: str | None, lines: str | None) -> None:
        for path, option in ((feed, '--feed'), (lines, '--jsonl')):
            if path is None:
                continue
            place = os.path.dirname(os.path.abspath(path))
            if not os.path.isdir(place):
                raise exceptions.Misconfigured(
                    f'{path}: there is no directory {place}', where=option
                )
        self._feed = feed
        self._lines = lines

    def append(self, lines: Sequence[str]) -> None:
        """Write lines, all of them or none.

        What a killed run has begun to write is ended first, so that it
        spoils no other line.

        :raises Unavailable: they cannot be written
        """
        if self._lines is None or not lines:
            return
        try:
            with open(self._lines, 'a+b', buffering=0) as file:
                size = file.seek(0, os.SEEK_END)
                text = ''.join(f'{line}\n' for line in lines).encode('utf-8')
                if size:
                    file.seek(size - 1)
                    if file.read(1) != b'\n':
                        text = b'\n' + text
                try:
                    rest = memoryview(text)
                    while rest:
                        rest = rest[file.write(rest) :]
                    os.fsync(file.fileno())
                except OSError:
                    # A full disk takes a part; that would stand there for
                    # a line.
                    with contextlib.suppress(OSError):
                        os.ftruncate(file.fileno(), size)
                    raise
        except OSError as error:
            raise exceptions.Unavailable(
                f'writing {self._lines}', error.strerror or str(error)
            ) from error

    def replace_feed(self, text: str) -> None:
        """Put a new feed in the place of the old one.

        :raises Unavailable: it cannot be written
        """
        if self._feed is None:
            return
        try:
            parts.put(self._feed, text.encode('utf-8'))
        except OSError as error:
            raise exceptions.Unavailable(
                f'writing {self._feed}', error.strerror or str(error)
            ) from error
