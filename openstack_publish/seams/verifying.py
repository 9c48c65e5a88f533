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

"""What only verifying needs of the outside."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from typing import Protocol

from openstack_publish.model import knowledge
from openstack_publish.model import listing
from openstack_publish.model import verification


class ServedSignatures(Protocol):
    """Signatures that an index has itself. May be shared by threads."""

    def holding(
        self, file: listing.ListedFile
    ) -> contextlib.AbstractContextManager[knowledge.Knowledge[str | None]]:
        """Have the signature of a file on disk for as long as it is used.

        :returns: in the context: its path; None where the index has none
        """


class Attestations(Protocol):
    """PEP 740 attestations of files. May be shared by threads."""

    def read(self, file: listing.ListedFile) -> verification.Attested:
        """Return what is known of a file's attestations."""


class Journal(Protocol):
    """What a run over many things has done so far."""

    def rows(self) -> Mapping[str, object]:
        """Return what was done before, by key: JSON values."""

    def add(self, key: str, row: object) -> None:
        """Write down that one thing is done.

        :raises Unavailable: it cannot be written
        """
