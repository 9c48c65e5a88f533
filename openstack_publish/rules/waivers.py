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

"""Lets findings pass that the policy waives for a while."""

from __future__ import annotations

import dataclasses
import datetime

from openstack_publish.model import finding
from openstack_publish.model import names
from openstack_publish.model import policy

FACTS = frozenset(
    {
        *('OSP102', 'OSP212', 'OSP302', 'OSP318', 'OSP322', 'OSP605'),
        *('OSP701', 'OSP702', 'OSP706', 'OSP707', 'OSP709'),
        *('OSP712', 'OSP713', 'OSP714'),
        *('OSP730', 'OSP732', 'OSP733', 'OSP736'),
    }
)
"""Findings that say what happened, or which bytes are where. A waiver lets a
rule pass; it puts no file of ours on an index, so none counts for these. For
what no file orders the policy has ``without-deliverable``."""


def apply(
    findings: tuple[finding.Finding, ...],
    waivers: tuple[policy.Waiver, ...],
    project: names.ProjectName | None,
    today: datetime.date,
) -> tuple[finding.Finding, ...]:
    """Return the findings, waived ones as notes that say so.

    Only what failed can be waived: what could not be known stays unknown,
    and what happened has happened (:data:`FACTS`).
    """
    return tuple(_apply(found, waivers, project, today) for found in findings)


def _apply(
    found: finding.Finding,
    waivers: tuple[policy.Waiver, ...],
    project: names.ProjectName | None,
    today: datetime.date,
) -> finding.Finding:
    if found.verdict != 'failed':
        return found
    ours = [
        waiver
        for waiver in waivers
        if (waiver.code, waiver.project) == (found.code, project)
    ]
    if not ours:
        return found
    # Waivers may follow each other; the last one tells.
    waiver = max(ours, key=lambda each: each.until)
    if waiver.until < today:
        return dataclasses.replace(
            found,
            message=(
                f'{found.message} (the waiver of it ended on {waiver.until})'
            ),
        )
    if found.code in FACTS:
        return dataclasses.replace(
            found,
            message=(
                f'{found.message} (it is a fact; no waiver counts for it)'
            ),
        )
    return dataclasses.replace(
        found,
        severity='note',
        verdict='noted',
        message=(
            f'{found.message} (waived until {waiver.until}: {waiver.reason})'
        ),
    )
