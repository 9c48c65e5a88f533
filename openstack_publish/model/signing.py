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

"""What signing alone leaves behind."""

from __future__ import annotations

import dataclasses

from openstack_publish.model import finding
from openstack_publish.model import signature


@dataclasses.dataclass(frozen=True)
class SignedFile:
    """One distribution and its signature."""

    filename: str
    sha256: str | None
    """None where the file could not be read."""

    signature_filename: str | None = None
    signature_sha256: str | None = None
    signature: signature.Signature | None = None
    """None where there is none that is good."""

    created_now: bool = False
    """Whether this run made the signature."""


@dataclasses.dataclass(frozen=True)
class Signing:
    """Every distribution that was given, and all that is to be said."""

    files: tuple[SignedFile, ...]
    findings: tuple[finding.Finding, ...]
