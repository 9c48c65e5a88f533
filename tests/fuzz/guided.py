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

"""Fuzzing that is guided by what an input reaches in the code: atheris.

``python -m tests.fuzz.guided HOW READER SECONDS PLACE`` is one process, since
libFuzzer ends the one that it runs in. What broke the reader lies in PLACE
afterwards.

HOW is ``raw``, where libFuzzer's bytes are the input, or ``made``, where they
choose what hypothesis makes of a sound document: bytes alone seldom become
another document of the same form.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

import atheris
import hypothesis

with atheris.instrument_imports(
    include=['openstack_publish', 'packaging', 'pkginfo']
):
    from tests.fuzz import readers
    from tests.fuzz import strategies
    from tests.fuzz import wall

MEMORY = 2048
"""Most memory of the process, in MiB; one without limits takes it at once."""

LONGEST = 16 * 1024
"""Longest input, in bytes."""

CORPUS = 'corpus'
"""The directory of sound inputs, and of those that reached something new."""

BROKEN = 'broken-'
"""What names of inputs begin with that broke a reader."""

RUNNING = 'running'
"""The file with the input that is being read, where it was made."""


def main(how: str, name: str, seconds: str, place: str) -> None:
    """Fuzz one reader; does not return."""
    reader = readers.named(name)
    corpus = os.path.join(place, CORPUS)
    os.makedirs(corpus)
    own = os.path.join(place, 'own')
    os.makedirs(own)
    run = readers.Prepared(reader, own, alarm=False)
    prefix = os.path.join(place, BROKEN)
    if how == 'made':
        run_one = _made(reader, run, os.path.join(place, RUNNING))
        prefix = os.path.join(place, 'choices-')
    else:
        run_one = run
        for number, seed in enumerate(reader.seeds()):
            with open(os.path.join(corpus, str(number)), 'wb') as file:
                file.write(seed)
    words = [
        f'-max_total_time={seconds}',
        f'-timeout={wall.SECONDS:.0f}',
        f'-rss_limit_mb={MEMORY}',
        f'-max_len={LONGEST}',
        f'-artifact_prefix={prefix}',
        '-print_final_stats=1',
    ]
    if reader.tokens and how == 'raw':
        dictionary = os.path.join(place, 'words')
        with open(dictionary, 'w', encoding='ascii') as file:
            for token in reader.tokens:
                spelled = ''.join(f'\\x{byte:02x}' for byte in token)
                file.write(f'"{spelled}"\n')
        words.append(f'-dict={dictionary}')
    atheris.Setup([sys.argv[0], *words, corpus], run_one)
    atheris.Fuzz()


def _made(
    reader: readers.Reader, run: Callable[[bytes], None], running: str
) -> Callable[[bytes], object]:
    """Return what takes bytes for choices, and reads what comes of them."""

    @hypothesis.settings(deadline=None, database=None)
    @hypothesis.given(strategies.inputs(reader))
    def read(data: bytes) -> None:
        with open(running, 'wb') as file:
            file.write(data)
        run(data)

    # Its own type of a decorated test does not say that it has this.
    made: Callable[[bytes], object] = read.hypothesis.fuzz_one_input  # type: ignore[attr-defined]
    return made


if __name__ == '__main__':
    main(*sys.argv[1:])
