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

"""What an audit says of every project and its maintainers."""

from __future__ import annotations

import dataclasses
import datetime

from openstack_publish.model import finding
from openstack_publish.model import knowledge
from openstack_publish.model import maintainers
from openstack_publish.model import names
from openstack_publish.model import verdicts


@dataclasses.dataclass(frozen=True)
class Audited:
    """One project, held against the policy."""

    project: names.ProjectName
    team: str | None
    """None where no deliverable file says whose it is."""

    verdict: verdicts.Verdict
    roles: knowledge.Knowledge[tuple[maintainers.Role, ...]]
    organization: knowledge.Knowledge[str | None]
    status: knowledge.Knowledge[str]
    """PEP 792 status marker."""

    provenance: knowledge.Knowledge[bool]
    """Whether a file has PEP 740 attestations."""

    findings: tuple[finding.Finding, ...] = ()


@dataclasses.dataclass(frozen=True)
class Audit:
    """All projects at one time."""

    taken: datetime.datetime
    """When it began, UTC."""

    read_url: str
    """The index that was read."""

    projects: tuple[Audited, ...]
    """Sorted by name."""
