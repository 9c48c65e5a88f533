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

"""What a row of a list amounts to: held, failed, unknown or absent."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from openstack_publish.model import finding

Verdict = Literal['held', 'failed', 'unknown', 'absent']
"""``absent``: not on the index, and nothing says that it should be; neither
clean nor missing nor new."""


def of(
    findings: tuple[finding.Finding, ...],
) -> Literal['held', 'failed', 'unknown']:
    """Return what the findings of one row amount to."""
    return finding.worst(findings) or 'held'


def exit_code(verdicts: Iterable[Verdict]) -> int:
    """Return the exit code of a command that lists verdicts.

    A failed one outranks an unknown one.
    """
    seen = set(verdicts)
    if 'failed' in seen:
        return 1
    if 'unknown' in seen:
        return 3
    return 0
