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

"""What tests let a cluster do; its workers import it."""

from __future__ import annotations

import contextlib
import dataclasses
import fcntl
import os
import pathlib
import signal
import tempfile
import threading
from collections.abc import Iterator
from collections.abc import Mapping

from openstack_publish import exceptions


@dataclasses.dataclass(frozen=True)
class Thing:
    """Something to be done."""

    number: int
    lock: str | None = None
    """A file; it is done only while nobody has it locked."""


@dataclasses.dataclass(frozen=True)
class Seen:
    """What was done, and where."""

    number: int
    squared: int
    pid: int
    tools: str


@dataclasses.dataclass(frozen=True)
class Unknown:
    """A thing whose result could not be had."""

    number: int
    why: str


class Tools:
    """Makes a directory where it is built, and removes it at the end."""

    def __init__(self) -> None:
        self.place = tempfile.mkdtemp(prefix=f'tools-{os.getpid()}-')
        self.threads: set[int] = set()


UNFIT = exceptions.Misconfigured(
    'HEAD at aaaa there, and HEAD at bbbb here; make them the same'
)
WITHOUT_GPG = exceptions.Unavailable('running gpg', 'gpg is not there')
STRANGE = RuntimeError('out of cheese')


@dataclasses.dataclass(frozen=True)
class Build:
    """Builds tools.

    :param wrong: by process id, what is raised there
    """

    wrong: Mapping[int, Exception] = dataclasses.field(default_factory=dict)

    @contextlib.contextmanager
    def __call__(self, environment: Mapping[str, str]) -> Iterator[Tools]:
        if os.getpid() in self.wrong:
            raise self.wrong[os.getpid()]
        if 'UNFIT' in environment:
            raise UNFIT
        tools = Tools()
        try:
            yield tools
        finally:
            os.rmdir(tools.place)


def square(tools: Tools, thing: Thing) -> Seen:
    """Square a number, once its lock is free."""
    if thing.lock is not None:
        with open(thing.lock, 'rb') as opened:
            fcntl.flock(opened, fcntl.LOCK_SH)
    tools.threads.add(threading.get_ident())
    return Seen(
        thing.number, thing.number * thing.number, os.getpid(), tools.place
    )


def deadly(tools: Tools, thing: Thing) -> Seen:
    """Square a number; 5 ends the process."""
    if thing.number == 5:
        os.kill(os.getpid(), signal.SIGKILL)
    return square(tools, thing)


def wrong(tools: Tools, thing: Thing) -> Seen:
    """Square a number; 5 is an error of ours."""
    if thing.number == 5:
        raise LookupError('no fifth')
    return square(tools, thing)


def lost(thing: Thing, error: exceptions.Unavailable) -> Unknown:
    """Return what stands for a result that could not be had."""
    return Unknown(thing.number, str(error))


class Lock:
    """Keeps what waits for a file from being done.

    :param path: is made
    """

    def __init__(self, path: pathlib.Path) -> None:
        self.path = str(path)
        self._file = open(path, 'wb')  # noqa: SIM115  closed by free()
        fcntl.flock(self._file, fcntl.LOCK_EX)

    def free(self) -> None:
        """Let it be done."""
        self._file.close()
