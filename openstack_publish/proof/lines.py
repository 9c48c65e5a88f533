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

"""Findings with the lines that their keys stand on."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

from openstack_publish.model import finding
from openstack_publish.model import located


def lacking(found: finding.Finding) -> tuple[str, located.KeyPath] | None:
    """Return file and key of a finding whose line is still to be found."""
    if found.path is None or found.line is not None or not found.key:
        return None
    return found.path, found.key


def located_by(
    found: finding.Finding,
    place: Callable[[str, located.KeyPath], located.Place],
) -> finding.Finding:
    """Return a finding with the line that its key stands on.

    :param place: returns where a file has a key
    """
    sought = lacking(found)
    if sought is None:
        return found
    return dataclasses.replace(found, line=place(*sought).line)
