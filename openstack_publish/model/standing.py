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

"""Where each ordered release stands: in the archive, and on the index."""

from __future__ import annotations

import dataclasses

from openstack_publish.model import finding
from openstack_publish.model import verdicts


@dataclasses.dataclass(frozen=True)
class InArchive:
    """What the archive has; None where that is unknown or nobody asked."""

    sdist: bool | None = None
    wheel: bool | None = None
    signatures: bool | None = None
    """Whether each file that is there has a good signature beside it."""


@dataclasses.dataclass(frozen=True)
class OnIndex:
    """What the index has; None where that is unknown or nobody asked."""

    sdist: bool | None = None
    wheel: bool | None = None


@dataclasses.dataclass(frozen=True)
class Standing:
    """One order, and how far it came."""

    project: str
    """Of a deliverable file that cannot be read the name of the file."""

    version: str | None
    repo: str | None
    series: str | None
    verdict: verdicts.Verdict
    archive: InArchive = InArchive()
    index: OnIndex = OnIndex()
    same_bytes: bool | None = None
    """Whether the index has the archive's bytes of each file; None unless
    there is a file that both have."""

    days_left: float | None = None
    """Days in which the index takes more files, 0.0 once the release is
    closed; None where the index has none of it or does not say."""

    why: str = ''
    """Of an absent one why nothing is missing."""

    findings: tuple[finding.Finding, ...] = ()
