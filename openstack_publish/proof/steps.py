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

"""The numbers and names of the steps, and what every step has in common."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Iterator

from openstack_publish import seams
from openstack_publish.model import finding
from openstack_publish.model import receipt

STEPS = {
    1: 'Order',
    2: 'Distributions',
    3: 'Order against distributions',
    4: 'Index',
    5: 'Acceptance',
    6: 'Maintainers before',
    7: 'Credential',
    8: 'Signatures',
    9: 'Gate',
    10: 'Sign',
    11: 'Stage',
    12: 'Upload',
    13: 'Files after',
    14: 'Maintainers after',
    15: 'Receipt',
}
"""The proof, in numbered steps."""


@dataclasses.dataclass
class Step:
    """One step while it is done."""

    number: int
    found: str = ''
    """What it found, in one line."""

    outcome: receipt.StepOutcome | None = None
    """Set where the findings don't say it."""


@contextlib.contextmanager
def step(
    number: int,
    observer: seams.Observer,
    clock: seams.Clock,
    findings: list[finding.Finding],
    records: list[receipt.StepRecord],
) -> Iterator[Step]:
    """Do one step: tell the observer, take the time, keep the record.

    :param findings: the run's, to which the step adds its own
    :param records: the run's, to which the step's is added
    """
    name, of = STEPS[number], len(STEPS)
    said = len(findings)
    began = clock.monotonic()
    observer.step_began(number, of, name)
    current = Step(number)
    try:
        yield current
    except BaseException:
        current.outcome = 'failed'
        raise
    finally:
        found = tuple(findings[said:])
        record = receipt.StepRecord(
            number,
            name,
            clock.monotonic() - began,
            current.outcome or _outcome(found),
        )
        records.append(record)
        observer.step_ended(record, of, current.found or _first(found))


def _outcome(findings: tuple[finding.Finding, ...]) -> receipt.StepOutcome:
    return finding.worst(findings) or 'held'


def _first(findings: tuple[finding.Finding, ...]) -> str:
    for found in findings:
        if found.refuses:
            return f'{found.code} {found.subject}: {found.message}'
    return ''
