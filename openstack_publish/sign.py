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

"""Sign distributions, and verify those that are signed already.

Steps 2, 8 and 10 of the proof, alone: no order is looked for, no index is
asked, and nothing is sent. What publish finds later it finds signed.
"""

from __future__ import annotations

import contextlib
import dataclasses
import datetime
import os
from collections.abc import Iterable
from typing import Literal

from openstack_publish import exceptions
from openstack_publish import seams
from openstack_publish.model import distribution
from openstack_publish.model import finding
from openstack_publish.model import names
from openstack_publish.model import policy
from openstack_publish.model import receipt
from openstack_publish.model import signing
from openstack_publish.proof import distributions
from openstack_publish.proof import signatures
from openstack_publish.proof import steps
from openstack_publish.rules import findings
from openstack_publish.rules import readable
from openstack_publish.rules import signed
from openstack_publish.rules import waivers


@dataclasses.dataclass(frozen=True)
class Request:
    """What was asked for, as plain values."""

    places: tuple[str, ...]
    """Distributions, and directories of them."""

    signatures: Literal['create', 'require'] = 'create'
    trusted: tuple[str, ...] = ()
    """Fingerprints, and files of public keys."""


@dataclasses.dataclass(frozen=True)
class Gates:
    """Everything outside that signing needs."""

    distributions: seams.Distributions
    checkout: seams.Checkout | None
    """Whose cycle keys are trusted, where one is named."""

    signer: seams.Signer
    clock: seams.Clock
    observer: seams.Observer


def sign(
    request: Request, allowed: policy.Policy, gates: Gates
) -> signing.Signing:
    """Sign what has no signature, where nothing is wrong with anything.

    :raises Misconfigured: a place or a key that was named isn't there, no
        key is named, or none is trusted
    :raises Unavailable: a directory cannot be listed, or the checkout not
        be read
    """
    if request.signatures == 'create' and not gates.signer.can_sign:
        raise exceptions.Misconfigured(
            'signatures are to be created but no key is named: give '
            '--sign-key or --sign-key-file, or use --signatures require to '
            'verify those that exist',
            where='--sign-key',
        )
    trust = signatures.trust(gates.checkout, allowed, request.trusted)
    if not trust.fingerprints and not trust.named:
        raise exceptions.Misconfigured(
            'no key is trusted, and using one does not make it so: name the '
            'checkout of openstack/releases with --releases, a policy with '
            'keys, or a key with --trusted-key',
            where='--trusted-key',
        )
    session = _Session(request, allowed, gates, gates.clock.now())
    session.read()
    session.verify(trust)
    sound = finding.worst(tuple(session.findings)) is None
    if sound and request.signatures == 'create':
        session.sign()
    return session.told()


@dataclasses.dataclass
class _Session:
    """What one run has found out and done."""

    request: Request
    allowed: policy.Policy
    gates: Gates
    started: datetime.datetime
    paths: tuple[str, ...] = ()
    dists: dict[str, distribution.Distribution] = dataclasses.field(
        default_factory=dict
    )
    """Those that could be read, by path."""

    trusted: frozenset[names.Fingerprint] = frozenset()
    signed: dict[str, signatures.Signed] = dataclasses.field(
        default_factory=dict
    )
    """Good signatures, by the distribution's path."""

    made: set[str] = dataclasses.field(default_factory=set)
    """Paths of the distributions that this run signed."""

    findings: list[finding.Finding] = dataclasses.field(default_factory=list)
    records: list[receipt.StepRecord] = dataclasses.field(default_factory=list)

    def read(self) -> None:
        """Step 2: read each distribution, once."""
        gate, observer = self.gates.distributions, self.gates.observer
        with self._step(2) as step:
            self.paths = distributions.found(gate, self.request.places)
            for path in self.paths:
                dist, found = distributions.read(gate, path, observer)
                self._say(found, dist)
                if dist is not None:
                    self._say(readable.readable((dist,)), dist)
                    self.dists[path] = dist
            step.found = ', '.join(
                f'{dist.filename} ({dist.size} bytes)'
                for dist in self.dists.values()
            )

    def verify(self, trust: signatures.Trust) -> None:
        """Step 8: verify what is signed, and try the key that is to sign."""
        signer = self.gates.signer
        with self._step(8) as step:
            try:
                self.trusted = trust.all_in(signer)
                for path, dist in self.dists.items():
                    self._verify_existing(path, dist)
                if self.request.signatures == 'create':
                    self._say(
                        signed.key(
                            signer.prove(),
                            self.trusted,
                            self.started,
                            dry_run=False,
                        )
                    )
            except exceptions.Unavailable as error:
                self._say(
                    [findings.unavailable('OSP513', 'signatures', error)]
                )
            step.found = f'{len(self.signed)} of {len(self.paths)} signed'

    def sign(self) -> None:
        """Step 10: sign what has no signature, and verify it."""
        with self._step(10) as step:
            for path, dist in self.dists.items():
                if path in self.signed:
                    continue
                target = f'{dist.path}.asc'
                try:
                    if self._changed(dist):
                        break
                    self.gates.signer.sign(dist.path, target)
                    self.made.add(path)
                    self._verify(path, dist, target)
                except exceptions.Unavailable as error:
                    self._say(
                        [findings.unavailable('OSP514', dist.filename, error)],
                        dist,
                    )
                    # gpg would fail with the next one, too.
                    break
            before = len(self.signed.keys() - self.made)
            step.found = f'{len(self.made)} signed, {before} before'

    def told(self) -> signing.Signing:
        """Return what there is to say."""
        return signing.Signing(
            tuple(self._file(path) for path in self.paths),
            tuple(self.findings),
        )

    def _verify_existing(
        self, path: str, dist: distribution.Distribution
    ) -> None:
        beside = self.gates.distributions.signature_of(dist.path)
        if beside is not None:
            self._verify(path, dist, beside)
        elif self.request.signatures == 'require':
            self._say(signed.missing(dist.filename, archive=False), dist)

    def _verify(
        self, path: str, dist: distribution.Distribution, signature: str
    ) -> None:
        """Keep a signature that is good for the bytes that were read.

        :raises Unavailable: gpg could not be run, or the file not be read
        """
        good, found = signatures.verified(
            self.gates.signer, dist, signature, self.trusted
        )
        self._say(found, dist)
        if good is not None and not self._changed(dist):
            self.signed[path] = good

    def _changed(self, dist: distribution.Distribution) -> bool:
        """Say whether a file lost the bytes that were read.

        :raises Unavailable: it cannot be read
        """
        if self.gates.distributions.unchanged(dist):
            return False
        self._say([readable.changed(dist)], dist)
        return True

    def _step(
        self, number: int
    ) -> contextlib.AbstractContextManager[steps.Step]:
        return steps.step(
            number,
            self.gates.observer,
            self.gates.clock,
            self.findings,
            self.records,
        )

    def _say(
        self,
        found: Iterable[finding.Finding],
        dist: distribution.Distribution | None = None,
    ) -> None:
        """Add findings, each in the light of the policy's waivers."""
        self.findings.extend(
            waivers.apply(
                tuple(found),
                self.allowed.waivers,
                None if dist is None else dist.project,
                self.started.date(),
            )
        )

    def _file(self, path: str) -> signing.SignedFile:
        dist = self.dists.get(path)
        held = self.signed.get(path)
        return signing.SignedFile(
            filename=os.path.basename(path),
            sha256=None if dist is None else dist.sha256,
            signature_filename=None if held is None else held.reading.filename,
            signature_sha256=None if held is None else held.reading.sha256,
            signature=None if held is None else held.signature,
            created_now=held is not None and path in self.made,
        )
