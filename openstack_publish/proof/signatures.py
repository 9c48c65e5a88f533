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

"""Signatures that exist, and the keys that may have made them.

What publish and sign have in common; nothing here knows a run.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from collections.abc import Sequence

from openstack_publish import seams
from openstack_publish.model import distribution
from openstack_publish.model import finding
from openstack_publish.model import names
from openstack_publish.model import policy
from openstack_publish.model import signature
from openstack_publish.rules import signed


@dataclasses.dataclass(frozen=True)
class Signed:
    """A signature that lies somewhere, and what gpg says of it."""

    path: str
    reading: signature.SignatureReading

    @property
    def checked(self) -> seams.CheckedFile:
        """Return the file, with the bytes that gpg was shown."""
        return seams.CheckedFile(self.path, self.reading.sha256)

    @property
    def signature(self) -> signature.Signature | None:
        """Return the one valid signature, if that is what there is."""
        if len(self.reading.valid) == 1:
            return self.reading.valid[0]
        return None


@dataclasses.dataclass(frozen=True)
class Trust:
    """Which primary keys may sign a release, before gpg has seen one."""

    fingerprints: frozenset[names.Fingerprint]
    """Of the cycles, of the policy, and named by fingerprint."""

    files: tuple[str, ...]
    """Public keys of the cycles and of the policy, to verify with."""

    named: tuple[str, ...]
    """Files that were named: each primary key in them is trusted."""

    def all_in(
        self, signer: seams.Signer | seams.Verifier
    ) -> frozenset[names.Fingerprint]:
        """Load every key, and return the primary keys that are trusted.

        :raises Misconfigured: a file isn't there or holds no public key
        :raises Unavailable: gpg did not do it
        """
        loaded = signer.trust([*self.files, *self.named])
        return self._with(loaded)

    def named_in(self, signer: seams.Signer) -> frozenset[names.Fingerprint]:
        """Load what alone tells fingerprints; enough to judge a key by.

        :raises Misconfigured, Unavailable: as :meth:`all_in`
        """
        return self._with(signer.trust(self.named))

    def _with(
        self, loaded: Mapping[str, tuple[names.Fingerprint, ...]]
    ) -> frozenset[names.Fingerprint]:
        return self.fingerprints.union(*(loaded[path] for path in self.named))


def trust(
    checkout: seams.Checkout | None,
    allowed: policy.Policy,
    named: Sequence[str],
) -> Trust:
    """Collect who may sign: the cycles, the policy, and who was named.

    :param named: fingerprints, and files of public keys
    :raises Misconfigured: the checkout's list of cycles is malformed
    :raises Unavailable: the checkout cannot be read
    """
    fingerprints = {key.fingerprint for key in allowed.trusted}
    files: list[str] = []
    if checkout is not None:
        fingerprints.update(
            series.key.primary
            for series in checkout.read_series()
            if series.key is not None
        )
        files += checkout.key_files()
    files += [key.file for key in allowed.trusted if key.file is not None]
    named_files = []
    for item in named:
        try:
            fingerprints.add(names.fingerprint(item))
        except ValueError:
            named_files.append(item)
    return Trust(frozenset(fingerprints), tuple(files), tuple(named_files))


def verified(
    signer: seams.Signer,
    dist: distribution.Distribution,
    path: str,
    trusted: frozenset[names.Fingerprint],
) -> tuple[Signed | None, tuple[finding.Finding, ...]]:
    """Verify one signature of a distribution.

    :returns: the signature where it is good, and what is to be said of it
    :raises Unavailable: gpg could not be run
    """
    reading = signer.verify(path, dist.path)
    found = signed.signature(dist.filename, reading, trusted)
    if finding.worst(found) is not None:
        return None, found
    return Signed(path, reading), found
