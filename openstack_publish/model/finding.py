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

"""One thing that a rule says."""

from __future__ import annotations

import dataclasses
import re
from typing import Literal

from openstack_publish.model import located

Severity = Literal['error', 'warning', 'note']
Verdict = Literal['failed', 'unknown', 'noted']

CODE = re.compile(r'OSP[1-8][0-9]{2}')


@dataclasses.dataclass(frozen=True)
class Finding:
    """One thing that a rule says about one subject."""

    code: str
    """``OSP`` and three digits; its page is in the catalogue."""

    severity: Severity
    verdict: Verdict
    subject: str
    """What it is about: a file name, a project, a user."""

    message: str
    """What was found; where two values were compared, both."""

    remedy: str
    """What to do now."""

    path: str | None = None
    """The file that is to be mended, relative to the checkout."""

    line: int | None = None
    key: located.KeyPath = ()
    """Where in that file; lines are looked up once findings are shown."""

    @property
    def refuses(self) -> bool:
        """Say whether a release with this finding may not go on."""
        return self.severity == 'error' and self.verdict != 'noted'


def exit_code(verdict: Literal['failed', 'unknown'] | None) -> int:
    """Return the exit code of a command that uploads nothing.

    :param verdict: as of :func:`worst`
    """
    match verdict:
        case None:
            return 0
        case 'failed':
            return 1
        case 'unknown':
            return 3


def worst(
    findings: tuple[Finding, ...],
) -> Literal['failed', 'unknown'] | None:
    """Return what the findings of severity error amount to.

    A failed one outranks an unknown one; None where nothing refuses.
    """
    verdicts = {found.verdict for found in findings if found.refuses}
    if 'failed' in verdicts:
        return 'failed'
    if 'unknown' in verdicts:
        return 'unknown'
    return None
