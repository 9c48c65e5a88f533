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

"""A wall around a reader: what may not happen while it reads.

A reader of what strangers wrote may take so many seconds and so much memory,
opens files to write to in its own place only, and neither starts a program
nor speaks to anybody, unless it says that it does. Python's audit events
(PEP 578) tell what it does, whatever library does it.
"""

from __future__ import annotations

import contextlib
import dataclasses
import os
import resource
import signal
import sys
import tempfile
import threading
import types
from collections.abc import Iterator

SECONDS = 10.0
"""Longest that one input may take."""

MEMORY = 96 * 1024
"""Most that the process may grow by while it reads one input, in KiB. Inputs
are small here, and so are the limits of what is unpacked from them."""

_CLEAR_REFS = '/proc/self/clear_refs'
_CLEAR_PEAK = b'5'
"""What makes Linux forget the highest memory so far (proc(5), since 4.0)."""

_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_CHANGES: dict[str, tuple[tuple[int, int | None], ...]] = {
    'os.mkdir': ((0, 2),),
    'os.rename': ((0, 2), (1, 3)),
    'os.remove': ((0, 1),),
    'os.rmdir': ((0, 1),),
    'os.link': ((1, 3),),
    'os.symlink': ((1, 2),),
    'os.truncate': ((0, None),),
    'os.chmod': ((0, 2),),
    'os.utime': ((0, 3),),
    'sqlite3.connect': ((0, None),),
}
"""Audit events that change a path: which arguments are paths, and which the
descriptors of the directories that these are relative to."""

_PROGRAMS = frozenset(
    {'subprocess.Popen', 'os.system', 'os.exec', 'os.posix_spawn', 'os.fork'}
)
_TALKS = frozenset({'socket.connect', 'socket.bind', 'socket.sendto'})


class Breach(BaseException):
    """A reader did what none may do. Nothing on the way may catch it."""


@dataclasses.dataclass
class _Wall:
    place: str
    programs: bool
    breaches: list[str]

    def outside(self, path: object, directory: object = -1) -> bool:
        if isinstance(path, bytes):
            path = os.fsdecode(path)
        if not isinstance(path, str):
            return False  # a descriptor, which was opened before
        if isinstance(directory, int) and directory >= 0:
            path = os.path.join(f'/proc/self/fd/{directory}', path)
        above = os.path.realpath(os.path.dirname(os.path.abspath(path)))
        real = os.path.join(above, os.path.basename(path))
        return not real.startswith(self.place + os.sep) and not (
            real == os.devnull
            # What Python itself keeps of a module that it loads.
            or '/__pycache__/' in real
        )

    def told(self, event: str, arguments: tuple[object, ...]) -> None:
        if event == 'open':
            path, _, flags = arguments
            if (
                isinstance(flags, int)
                and flags & _WRITES
                and self.outside(_target(path))
            ):
                self.breach(f'{path!r} was opened to write to')
        elif event in _CHANGES:
            for at, beside in _CHANGES[event]:
                directory = -1 if beside is None else arguments[beside]
                if self.outside(arguments[at], directory):
                    self.breach(f'{event} of {arguments[at]!r}')
        elif event in _TALKS or (event in _PROGRAMS and not self.programs):
            self.breach(f'{event} with {arguments!r}')

    def breach(self, what: str) -> None:
        self.breaches.append(what)
        raise Breach(what)


def _target(path: object) -> object:
    """Return what is opened: where a link leads."""
    return os.path.realpath(path) if isinstance(path, str | bytes) else path


_standing: _Wall | None = None
_hooked = threading.Event()


def _hook(event: str, arguments: tuple[object, ...]) -> None:
    if _standing is not None:
        _standing.told(event, arguments)


@contextlib.contextmanager
def standing(
    place: str, *, programs: bool = False, alarm: bool = True
) -> Iterator[None]:
    """Build the wall for one input; only the main thread may.

    :param place: the one directory that may be written to; temporary files
        lie there, too
    :param programs: whether programs may be started
    :param alarm: whether to look at the time; libFuzzer does so itself, with
        the one timer that there is
    :raises Breach: something reached over it, or took too long or too much
    """
    global _standing
    if not _hooked.is_set():
        sys.addaudithook(_hook)  # which stays as long as the process
        _hooked.set()
    wall = _Wall(os.path.realpath(place), programs, [])
    directory, tempfile.tempdir = tempfile.tempdir, place
    before = _peak_from_here()
    try:
        with _watched() if alarm else contextlib.nullcontext():
            _standing = wall
            try:
                yield
            finally:
                _standing = None
    finally:
        tempfile.tempdir = directory
    # A thread of the reader's may have swallowed it.
    if wall.breaches:
        raise Breach('; '.join(wall.breaches))
    grown = _peak() - before
    if grown > MEMORY:
        raise Breach(f'it took {grown} KiB, more than {MEMORY} KiB')


@contextlib.contextmanager
def _watched() -> Iterator[None]:
    before = signal.signal(signal.SIGALRM, _too_long)
    signal.setitimer(signal.ITIMER_REAL, SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _peak() -> int:
    """Return the most memory that this process had, in KiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def _peak_from_here() -> int:
    """Return the same, and forget it where the system can.

    Elsewhere what one input takes shows only where it is more than any before
    it has taken.
    """
    with contextlib.suppress(OSError):
        forget = os.open(_CLEAR_REFS, os.O_WRONLY)
        try:
            os.write(forget, _CLEAR_PEAK)
        finally:
            os.close(forget)
    return _peak()


def _too_long(number: int, frame: types.FrameType | None) -> None:
    raise Breach(f'it took more than {SECONDS} s')
