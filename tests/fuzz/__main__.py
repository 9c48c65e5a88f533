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

"""Fuzzes every reader for a while: ``tox -e fuzz -- [SECONDS] [READER…]``.

Coverage-guided by atheris where it is installed; it has wheels for a few
versions of Python on x86-64. A line says ``raw`` where its bytes were the
input, ``made`` where they chose what to make of a document, and ``searched``
where hypothesis had to do without it. Exit code 1 where a reader broke.
"""

from __future__ import annotations

import base64
import importlib.util
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time

from tests.fuzz import readers

SECONDS = 600.0
"""For all readers together, unless FUZZ_SECONDS or the first word says
another number."""

GRACE = 120.0
"""Seconds for a process to begin and end, beside its time to fuzz."""

SHOWN = 30
"""Last lines of a process that broke, which are shown."""

_COUNT = re.compile(r'number_of_executed_units:\s*([0-9]+)')


def main(words: list[str]) -> int:
    """Fuzz and return the exit code."""
    seconds = float(os.environ.get('FUZZ_SECONDS') or SECONDS)
    if words and re.fullmatch(r'[0-9.]+', words[0]):
        seconds = float(words.pop(0))
    try:
        chosen = list(map(readers.named, words)) or list(readers.READERS)
    except KeyError as error:
        print(f'there is no reader {error}; there are', file=sys.stderr)
        print(*(reader.name for reader in readers.READERS), file=sys.stderr)
        return 2
    guided = importlib.util.find_spec('atheris') is not None
    if not guided:
        print('atheris is not installed: hypothesis searches instead, ')
        print('which is not guided by what an input reaches.')
    runs = [
        (reader.name, how)
        for reader in chosen
        for how in _ways(reader, guided)
    ]
    each = max(1, round(seconds / len(runs)))
    broken = 0
    print(f'{"reader":<16} {"how":<9} {"inputs":>9} {"seconds":>8}  result')
    for name, how in runs:
        broken += _fuzzed(name, how, each)
    return 1 if broken else 0


def _ways(reader: readers.Reader, guided: bool) -> tuple[str, ...]:
    """Return how inputs for a reader are made."""
    if not guided:
        return ('searched',)
    return ('raw',) if reader.form == 'bytes' else ('raw', 'made')


def _fuzzed(name: str, how: str, seconds: int) -> bool:
    """Fuzz one reader in a process of its own; say whether it broke."""
    with tempfile.TemporaryDirectory(prefix='f-') as place:
        began = time.monotonic()
        command = [sys.executable, '-m', 'tests.fuzz.searched']
        if how != 'searched':
            command = [sys.executable, '-m', 'tests.fuzz.guided', how]
        try:
            ended = subprocess.run(
                [*command, name, str(seconds), place],
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                timeout=seconds + GRACE,
                check=False,
                errors='replace',
            )
            said, code = ended.stdout, ended.returncode
        except subprocess.TimeoutExpired as error:
            said, code = str(error), 1
        took = time.monotonic() - began
        counts = _COUNT.findall(said)
        inputs = sorted(pathlib.Path(place).glob('broken-*'))
        sound = code == 0 and not inputs
        if not sound:
            # What was made out of choices was written down before.
            inputs += pathlib.Path(place).glob('running')
        print(
            f'{name:<16} {how:<9} {counts[-1] if counts else "?":>9} '
            f'{took:>8.1f}  {"held" if sound else "BROKEN"}',
            flush=True,
        )
        if sound:
            return False
        print(*said.splitlines()[-SHOWN:], sep='\n')
        for path in inputs:
            text = base64.b64encode(path.read_bytes()).decode('ascii')
            print('To keep it as a test, put this line into the entry')
            print(f'{name!r} of FOUND in tests/property/found.py:')
            print(f'        {text!r},', flush=True)
        return True


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
