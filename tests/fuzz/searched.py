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

"""Where there is no atheris: hypothesis, which looks for slow inputs.

``python -m tests.fuzz.searched READER SECONDS PLACE``. It knows nothing of
what an input reaches in the code; it makes them with sense instead, and of
those that took long it makes more.
"""

from __future__ import annotations

import hashlib
import os
import sys
import time

import hypothesis

from tests.fuzz import readers
from tests.fuzz import strategies
from tests.fuzz import wall

EXAMPLES = 1000
"""Inputs of one search; there are as many searches as there is time."""

BROKEN = 'broken-'
"""What names of inputs begin with that broke a reader."""


def main(name: str, seconds: str, place: str) -> int:
    """Search until the time is over; return the exit code."""
    reader = readers.named(name)
    end = time.monotonic() + float(seconds)
    own = os.path.join(place, 'own')
    os.makedirs(own)
    run = readers.Prepared(reader, own)
    last = b''
    count = 0

    @hypothesis.settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    @hypothesis.given(strategies.inputs(reader))
    def search(data: bytes) -> None:
        nonlocal last, count
        if time.monotonic() > end:
            return
        count += 1
        last = data
        began = time.monotonic()
        try:
            run(data)
        except wall.Breach as error:
            # hypothesis makes inputs smaller for an Exception only.
            raise AssertionError(str(error)) from error
        hypothesis.target(time.monotonic() - began)

    while time.monotonic() < end:
        try:
            search()
        except Exception:
            digest = hashlib.sha256(last).hexdigest()
            with open(os.path.join(place, BROKEN + digest), 'wb') as file:
                file.write(last)
            raise
    print(f'stat::number_of_executed_units: {count}')
    return 0


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))
