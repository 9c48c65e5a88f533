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

"""Runs programs and takes their time."""

from __future__ import annotations

import dataclasses
import os
import pathlib
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from collections.abc import Collection
from collections.abc import Mapping
from collections.abc import Sequence

KIB = 1024
MIB = 1024 * KIB


@dataclasses.dataclass(frozen=True)
class Run:
    """One run of a program."""

    seconds: float
    """Wall time, from the start of the process to its end."""

    peak: int | None
    """Most memory that the process itself held, in bytes; None where that
    was less than these benchmarks hold, and can't be told."""


class Failed(Exception):
    """A program that was to be measured did not do what it should."""


def run(
    command: Sequence[str],
    environment: Mapping[str, str],
    directory: pathlib.Path,
    given: str = '',
    codes: Collection[int] = (0,),
) -> Run:
    """Run a program to its end.

    :param given: what it reads from standard input
    :param codes: exit codes with which it did what it should
    :raises Failed: it ended with another one
    """
    output = directory / 'output'
    source = directory / 'input'
    source.write_text(given, encoding='utf-8')
    with open(output, 'wb') as out, open(source, 'rb') as words:
        began = time.perf_counter()
        process = subprocess.Popen(
            command,
            env=environment,
            cwd=directory,
            stdin=words,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
        # Not process.wait(): only wait4 tells what this one child used.
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in codes:
        said = output.read_text('utf-8', 'backslashreplace')
        raise Failed(
            f'{" ".join(command)} ended with {process.returncode}:\n{said}'
        )
    # Linux counts what the process held before exec too, and that is what
    # this one holds (kernel, exec_mmap: setmax_mm_hiwater_rss).
    ours = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    peak = usage.ru_maxrss * KIB if usage.ru_maxrss > ours else None
    return Run(seconds, peak)


def in_turns(
    repetitions: int, *sides: Callable[[], Run]
) -> tuple[list[Run], ...]:
    """Run each side so often, in turns: a busy moment meets all of them."""
    measured: tuple[list[Run], ...] = tuple([] for _ in sides)
    for _ in range(repetitions):
        for side, kept in zip(sides, measured, strict=True):
            kept.append(side())
    return measured


def median(runs: Sequence[Run]) -> float:
    """Return the median of the wall times, in seconds."""
    return statistics.median(each.seconds for each in runs)


def seconds(runs: Sequence[Run]) -> str:
    """Return wall times as text: minimum and median."""
    least = min(each.seconds for each in runs)
    return f'{least:.3f} / {median(runs):.3f} s'


def environment(home: pathlib.Path, **more: str) -> dict[str, str]:
    """Return the environment of what is measured: nothing of the user's."""
    kept = {
        name: os.environ[name]
        for name in ('PATH', 'PYTHONPATH', 'LANG', 'VIRTUAL_ENV', 'TMPDIR')
        if name in os.environ
    }
    return {
        **kept,
        'HOME': str(home),
        'PYTHON_KEYRING_BACKEND': 'keyring.backends.null.Keyring',
        'GIT_CONFIG_GLOBAL': os.devnull,
        'GIT_CONFIG_NOSYSTEM': '1',
        **more,
    }


def script(name: str) -> str:
    """Return the path of a program beside this interpreter."""
    return str(pathlib.Path(sys.executable).parent / name)
