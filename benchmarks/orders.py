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

"""Orders in the real checkout of openstack/releases, against ruamel.yaml."""

from __future__ import annotations

import importlib.util
import os
import pathlib
import sys

from benchmarks import real
from benchmarks import runs
from benchmarks import table

PROJECT, VERSION = 'oslo.config', '9.7.0'
"""An order that the checkout of 2026-08-21 has."""

FIND_LIMIT = 0.4
"""Seconds."""

_ROOT = pathlib.Path(__file__).parents[1]
_FIND_COLD = 'find one order, files not in memory'
_FIND = 'find one order, files in memory'
_READ_ALL = 'read all {} files'
_LOADING = 'ruamel.yaml loads all files'
_TAKING = 'reading their bytes alone (floor)'
_FIND_TIMES = 100
_READ_TIMES = 15


def rows(scratch: pathlib.Path, repetitions: int) -> list[table.Row]:
    """Find one order and read all files, each in a process of its own."""
    root = real.releases()
    if root is None:
        why = (
            'needs a checkout of openstack/releases: name one in '
            'OPENSTACK_RELEASES_DIR'
        )
        return [
            table.not_run(_FIND_COLD, f'< {FIND_LIMIT} s', why),
            table.not_run(_FIND, f'< {FIND_LIMIT} s', why),
            table.not_run(_FIND, f'<= 1/{_FIND_TIMES}', why),
            table.not_run(_READ_ALL.format('the'), f'<= 1/{_READ_TIMES}', why),
        ]
    files = sorted(root.glob('deliverables/*/*.yaml'))

    def reader(*words: str) -> runs.Run:
        return runs.run(
            [sys.executable, '-m', 'benchmarks.readers', *words],
            runs.environment(scratch, PYTHONPATH=str(_ROOT)),
            scratch,
        )

    def find_cold() -> runs.Run:
        _forget(files)
        return find()

    def find() -> runs.Run:
        return reader('find_order', str(root), PROJECT, VERSION)

    def take() -> runs.Run:
        return reader('take_all', str(root))

    def take_cold() -> runs.Run:
        _forget(files)
        return take()

    cold, warm, taken_cold, taken = runs.in_turns(
        repetitions, find_cold, find, take_cold, take
    )
    found = [
        table.within(
            _FIND_COLD, cold, FIND_LIMIT, taken_cold, alternative=_TAKING
        ),
        table.within(_FIND, warm, FIND_LIMIT, taken, alternative=_TAKING),
    ]
    what = _READ_ALL.format(len(files))
    if importlib.util.find_spec('ruamel.yaml') is None:
        why = 'ruamel.yaml is not installed'
        return [
            *found,
            table.not_run(_FIND, f'<= 1/{_FIND_TIMES}', why),
            table.not_run(what, f'<= 1/{_READ_TIMES}', why),
        ]
    # The other takes half a minute: three times will do, and ours runs as
    # often before each.
    *parts, other = runs.in_turns(
        min(repetitions, 3),
        *[lambda: reader('read_all', str(root))] * 3,
        lambda: reader('load_all', str(root)),
    )
    ours = [run for part in parts for run in part]
    return [
        *found,
        table.faster(_FIND, warm, other, _FIND_TIMES, alternative=_LOADING),
        table.faster(what, ours, other, _READ_TIMES, alternative=_LOADING),
    ]


def _forget(files: list[pathlib.Path]) -> None:
    """Let the system drop the files' contents from its memory."""
    for path in files:
        with open(path, 'rb') as opened:
            os.posix_fadvise(opened.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
