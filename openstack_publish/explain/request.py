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

"""What is asked about a release, and everything outside that it needs."""

from __future__ import annotations

import dataclasses

from openstack_publish import seams
from openstack_publish.model import names
from openstack_publish.model import receipt_form
from openstack_publish.model import watching
from openstack_publish.proof import originals


@dataclasses.dataclass(frozen=True)
class Request:
    """What was asked for."""

    project: names.ProjectName
    version: str
    repo: str | None = None
    """The only repository whose order counts."""

    receipt: tuple[str, receipt_form.Named] | None = None
    """Where a receipt is, and what it names."""

    watched: tuple[str, tuple[watching.Incident, ...]] | None = None
    """Where the state of a watch is, and its incidents."""


@dataclasses.dataclass(frozen=True)
class Gates:
    """Everything outside, each once; None for what was not named."""

    checkout: seams.Checkout
    history: seams.OrderHistory
    tags: seams.Tags | None
    archive: originals.Tools | None
    index: seams.Index
    clock: seams.Clock
