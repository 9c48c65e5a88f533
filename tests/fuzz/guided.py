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

``python -m tests.fuzz.guided READER SECONDS PLACE`` is one process, since
libFuzzer ends the one that it runs in. What broke the reader lies in PLACE
afterwards.
"""

from __future__ import annotations

import os
import sys

import atheris

with atheris.instrument_imports(
    include=['openstack_publish', 'packaging', 'pkginfo']
):
    from tests.fuzz import readers
    from tests.fuzz import wall

MEMORY = 2048
"""Most memory of the process, in MiB; one without limits takes it at once."""

LONGEST = 16 * 1024
"""Longest input, in bytes."""

CORPUS = 'corpus'
"""The directory of sound inputs, and of those that reached something new."""

BROKEN = 'broken-'
"""What names of inputs begin with that broke a reader."""


def main(name: str, seconds: str, place: str) -> None:
    """Fuzz one reader; does not return."""
    reader = readers.named(name)
    corpus = os.path.join(place, CORPUS)
    os.makedirs(corpus)
    for number, seed in enumerate(reader.seeds()):
        with open(os.path.join(corpus, str(number)), 'wb') as file:
            file.write(seed)
    words = [
        f'-max_total_time={seconds}',
        f'-timeout={wall.SECONDS:.0f}',
        f'-rss_limit_mb={MEMORY}',
        f'-max_len={LONGEST}',
        f'-artifact_prefix={os.path.join(place, BROKEN)}',
        '-print_final_stats=1',
    ]
    if reader.tokens:
        dictionary = os.path.join(place, 'words')
        with open(dictionary, 'w', encoding='ascii') as file:
            for token in reader.tokens:
                spelled = ''.join(f'\\x{byte:02x}' for byte in token)
                file.write(f'"{spelled}"\n')
        words.append(f'-dict={dictionary}')
    own = os.path.join(place, 'own')
    os.makedirs(own)
    run = readers.Prepared(reader, own, alarm=False)
    atheris.Setup([sys.argv[0], *words, corpus], run)
    atheris.Fuzz()


if __name__ == '__main__':
    main(*sys.argv[1:])
