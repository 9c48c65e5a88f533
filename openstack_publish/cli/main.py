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

"""Where the program begins."""

from __future__ import annotations

import gc
import sys

from openstack_publish.cli import application
from openstack_publish.cli import signals
from openstack_publish.cli import streams

_YOUNG = 100_000
"""Objects that are made before Python looks for garbage. Loading makes as
many that all stay: to look at them after every 700 takes a fifth of the time
to load (2026-11)."""


def main() -> int:
    """Run ``openstack-publish`` with the process's arguments."""
    gc.set_threshold(_YOUNG)
    streams.reopen()
    received = signals.Signals()
    try:
        return _run(sys.argv[1:], received)
    finally:
        # What is held back would else fail where nobody catches it, when the
        # interpreter ends: with a message, and with 120.
        streams.Lasting(sys.stdout).flush()
        received.ignore()
        # Nor is it worth looking once more at what ends with the process.
        gc.freeze()


def as_twine_command(argv: list[str]) -> int:
    """Run as ``twine openstack-publish …`` (twine's plugin entry point).

    :param argv: the arguments after the command's name
    :returns: the exit code
    """
    return _run(argv, signals.Signals())


def _run(argv: list[str], received: signals.Signals) -> int:
    received.install()
    try:
        return application.run(argv, received)
    finally:
        received.end()
