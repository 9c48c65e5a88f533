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

"""What is written to somebody who may go away."""

from __future__ import annotations

import contextlib
import os
import sys
from typing import Any, TextIO


class Lasting:
    """A text stream that takes everything, also when its reader has gone.

    What is shown of a run must not decide how it ends: a pipe whose reader
    stops after the first lines would break off an upload.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def write(self, text: str) -> int:
        """Write a text, or drop it where it can no longer be written."""
        try:
            return self._stream.write(text)
        except OSError:
            give_up(self._stream)
            return len(text)

    def flush(self) -> None:
        """Send what is held back, or drop it."""
        try:
            self._stream.flush()
        except OSError:
            give_up(self._stream)


def give_up(stream: TextIO) -> None:
    """Let a stream end nowhere: its reader has gone.

    What it still holds would fail again when the interpreter ends, which
    then exits with 120.
    """
    with contextlib.suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        try:
            os.dup2(nowhere, stream.fileno())
        finally:
            os.close(nowhere)


def reopen() -> None:
    """Give the standard streams that were closed a place to go.

    A file that we open would else get the number of one, and be written to
    by whatever writes to it.
    """
    for number, name, mode in (
        (0, 'stdin', 'r'),
        (1, 'stdout', 'w'),
        (2, 'stderr', 'w'),
    ):
        try:
            os.fstat(number)
        except OSError:
            nowhere = os.open(os.devnull, os.O_RDWR)
            if nowhere != number:
                os.dup2(nowhere, number)
                os.close(nowhere)
        if getattr(sys, name) is None:
            # Open as long as the program runs.
            setattr(sys, name, os.fdopen(number, mode, closefd=False))
