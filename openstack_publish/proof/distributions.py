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

"""Distributions as they are found and read, each once.

What publish and sign have in common; nothing here knows a run.
"""

from __future__ import annotations

import collections
import os
from collections.abc import Sequence

from openstack_publish import exceptions
from openstack_publish import seams
from openstack_publish.model import distribution
from openstack_publish.model import finding
from openstack_publish.rules import findings


def found(gate: seams.Distributions, places: Sequence[str]) -> tuple[str, ...]:
    """Return the distributions of one build that files and directories name.

    :raises Misconfigured: a place isn't there, holds none, or several give
        files of one name
    :raises Unavailable: a directory cannot be listed
    """
    paths = gate.find(places)
    for filename, times in collections.Counter(
        os.path.basename(path) for path in paths
    ).items():
        if times > 1:
            raise exceptions.Misconfigured(
                f'{filename} is given {times} times, from several '
                'directories; name the distributions of one build'
            )
    return paths


def read(
    gate: seams.Distributions, path: str, observer: seams.Observer
) -> tuple[distribution.Distribution | None, tuple[finding.Finding, ...]]:
    """Read one distribution; OSP201 where that cannot be done."""
    filename = os.path.basename(path)

    def progress(done: int, total: int) -> None:
        observer.bytes_done(f'reading {filename}', done, total)

    try:
        return gate.read(path, progress), ()
    except exceptions.Unavailable as error:
        return None, (findings.unavailable('OSP201', filename, error),)
