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

"""One page of the catalogue."""

from __future__ import annotations

import dataclasses

from openstack_publish.model import finding


@dataclasses.dataclass(frozen=True)
class Page:
    """What a code means, why it is a rule, and what to do."""

    code: str
    title: str
    """What is wrong, as a short sentence without a full stop."""

    severity: finding.Severity
    what: str
    """What the rule looks at and when it speaks; one paragraph."""

    why: str
    """Why the rule is there: the incident, the server's check, the format."""

    remedy: str
    """What to do now, as one or two sentences to the reader."""
