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

"""The public keys of the cycles, as a checkout has them."""

from __future__ import annotations

import dataclasses
import datetime

from openstack_publish.model import names


@dataclasses.dataclass(frozen=True)
class SigningKey:
    """A key of a certificate that may sign data."""

    fingerprint: names.Fingerprint
    expires: datetime.datetime | None
    """The nearer of its own and the primary key's end, UTC."""

    revoked: bool
    revoked_at: datetime.datetime | None = None
    """When, by itself or with the primary key, UTC."""

    revocation_reason: int | None = None
    """RFC 4880 section 5.2.3.23; None where the key doesn't say."""


@dataclasses.dataclass(frozen=True)
class Certificate:
    """A public key in a file, with what gpg says of it."""

    primary: names.Fingerprint
    revoked: bool
    expires: datetime.datetime | None
    """End of the primary key, UTC."""

    signing: tuple[SigningKey, ...]
    certified_by: frozenset[names.Fingerprint] = frozenset()
    """Primary keys of others whose signature over a user id gpg verified."""

    weak: frozenset[int] = frozenset()
    """Weak hash algorithms of what binds its user ids and subkeys to it."""
