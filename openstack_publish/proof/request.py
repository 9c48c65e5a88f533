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

"""What a publication is asked to do, and with which gates."""

from __future__ import annotations

import dataclasses
from typing import Literal

from openstack_publish import seams
from openstack_publish.model import finding
from openstack_publish.model import policy


@dataclasses.dataclass(frozen=True)
class Request:
    """What was asked for, as plain values."""

    places: tuple[str, ...]
    """Distributions, and directories of them."""

    version: str | None = None
    """The release; None for the version of the distributions."""

    deliverable: str | None = None
    """The file that orders it; None to search the checkout."""

    repo: str | None = None
    commit: str | None = None
    signatures: Literal['create', 'require'] = 'create'
    trusted: tuple[str, ...] = ()
    """Fingerprints, and files of public keys."""

    on_existing: Literal['refuse', 'adopt'] = 'refuse'
    """What to do where a release was begun with other bytes."""

    receipt: str | None = None
    receipts_in: str | None = None
    """Directory of a receipt that is not named; None for that of the
    distributions, empty for the working directory."""

    wait: float = 600.0
    """Longest wait for the index to show what was uploaded, in seconds."""

    attestations: bool = False
    skip_existing: bool = False
    dry_run: bool = False
    confirm_only: bool = False


@dataclasses.dataclass(frozen=True)
class Gates:
    """Everything outside, each once."""

    distributions: seams.Distributions
    checkout: seams.Checkout
    index: seams.Index
    uploader: seams.Uploader
    signer: seams.Signer
    archive: seams.Archive | None
    receipts: seams.Receipts
    clock: seams.Clock
    observer: seams.Observer
    source_tree: seams.SourceTree | None = None


@dataclasses.dataclass(frozen=True)
class Terms:
    """What a run goes by: what was asked, and what is allowed."""

    request: Request
    policy: policy.Policy
    remarks: tuple[finding.Finding, ...] = ()
    """What was found before the run began; it counts like what the run
    finds."""
