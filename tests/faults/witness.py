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

"""Sees each program that this process starts, and what it is given."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator

_seen: list[list[str]] = []
"""Where each program is written down, for everybody who watches."""


def _hook(event: str, arguments: tuple[object, ...]) -> None:
    if event == 'subprocess.Popen' and _seen:
        said = repr(arguments)
        for seen in _seen:
            seen.append(said)


@contextlib.contextmanager
def watching() -> Iterator[list[str]]:
    """Return the arguments and environments of the programs started.

    The list grows while the context lasts.
    """
    if not _installed:
        # A hook stays as long as the process.
        sys.addaudithook(_hook)
        _installed.append(True)
    seen: list[str] = []
    _seen.append(seen)
    try:
        yield seen
    finally:
        _seen[:] = [each for each in _seen if each is not seen]


_installed: list[bool] = []
