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

"""Holds files of the index against the signed originals of the archive."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Sequence

from openstack_publish import exceptions
from openstack_publish import seams
from openstack_publish.model import finding
from openstack_publish.model import knowledge
from openstack_publish.model import names
from openstack_publish.model import policy
from openstack_publish.proof import originals
from openstack_publish.proof import signatures
from openstack_publish.rules import findings
from openstack_publish.rules import signed
from openstack_publish.rules import windows
from openstack_publish.rules.watched import releases


class Prover:
    """Says what the archive has of a file.

    :param verifier: to load the keys into
    """

    def __init__(
        self,
        originals: seams.Originals,
        checkout: seams.Checkout,
        verifier: seams.Verifier,
        named: Sequence[str] = (),
    ) -> None:
        self._originals = originals
        self._checkout = checkout
        self._verifier = verifier
        self._named = named
        self._trusted: frozenset[names.Fingerprint] | None = None

    def prove(
        self,
        repositories: Iterable[str],
        filename: str,
        allowed: policy.Policy,
    ) -> releases.Proof:
        """Return what the archive says of a file of an ordered release.

        :param repositories: that release it; the archive has a directory
            for each
        :param allowed: whose keys may sign beside the cycles'
        """
        try:
            for repo in repositories:
                proof = self._of(repo, filename, allowed)
                if proof.original != knowledge.Known(None):
                    return proof
        except exceptions.PublishError as error:
            # Wrong keys that were merged, or a name that can be no file's,
            # keep this file from being judged, and no other one.
            return releases.Proof(
                knowledge.Unknown(f'the original of {filename}', str(error))
            )
        return releases.Proof(knowledge.Known(None))

    def forget_keys(self) -> None:
        """Load the keys anew where the next signature needs them.

        Each cycle has a key of its own, which is merged while a watch goes
        on.
        """
        self._trusted = None

    def _of(
        self, repo: str, filename: str, allowed: policy.Policy
    ) -> releases.Proof:
        """Read one original, and verify its signature.

        :raises Misconfigured: a key file is none, or a name no file's
        :raises Unavailable: gpg or the checkout's keys could not be had
        """
        with self._originals.holding(repo, filename) as found:
            if isinstance(found, knowledge.Unknown):
                return releases.Proof(found)
            original = found.value
            if original is None:
                return releases.Proof(knowledge.Known(None))
            return releases.Proof(
                knowledge.Known(original.sha256),
                self._signature(original, allowed),
            )

    def _signature(
        self, original: seams.Original, allowed: policy.Policy
    ) -> tuple[finding.Finding, ...]:
        if original.signature_path is None:
            return signed.missing(original.filename)
        trusted = self.keys(allowed)
        try:
            reading = originals.verified(
                self._originals,
                self._verifier,
                original,
                original.signature_path,
            )
        except exceptions.Unavailable as error:
            return (findings.unavailable('OSP513', original.filename, error),)
        return (
            *signed.signature(original.filename, reading, trusted),
            *windows.signature(
                original.filename,
                reading,
                windows.of(self._checkout.read_series()),
            ),
        )

    def keys(self, allowed: policy.Policy) -> frozenset[names.Fingerprint]:
        """Return the primary keys that may sign, loaded once a round.

        :raises Misconfigured: a key file is none
        :raises Unavailable: gpg did not load them
        """
        if self._trusted is None:
            self._trusted = signatures.trust(
                self._checkout, allowed, self._named
            ).all_in(self._verifier)
        return self._trusted
