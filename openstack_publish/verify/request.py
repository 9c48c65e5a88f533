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

"""What verifying needs: gates, and what is held to be right."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Sequence

from openstack_publish import exceptions
from openstack_publish import seams
from openstack_publish.model import finding
from openstack_publish.model import knowledge
from openstack_publish.model import names
from openstack_publish.model import policy
from openstack_publish.model import publishing
from openstack_publish.model import series
from openstack_publish.proof import cycle_keys
from openstack_publish.proof import signatures
from openstack_publish.seams import verifying


@dataclasses.dataclass(frozen=True)
class Gates:
    """Everything outside, each once; shared by threads."""

    checkout: seams.Checkout
    index: seams.Index
    archive: seams.Originals | None
    """None where none was named."""

    distributions: seams.Distributions
    verifier: seams.Verifier
    served: verifying.ServedSignatures
    attestations: verifying.Attestations


@dataclasses.dataclass(frozen=True)
class Terms:
    """What releases are held against; read once a run."""

    policy: policy.Policy
    now: datetime.datetime
    """The time of the run, UTC."""

    trusted: frozenset[names.Fingerprint]
    """Primary keys that may sign a release."""

    series: tuple[series.Series, ...]
    """With the windows of the cycles' keys."""

    head: knowledge.Knowledge[str | None]
    """Commit of the checkout; None where it is no git checkout."""

    changed: knowledge.Knowledge[frozenset[str]]
    """Files of the checkout that are not as committed."""

    keys: tuple[finding.Finding, ...] = ()
    """What is to be known of the cycles' keys, each about its primary."""

    publishing: publishing.Publishing | None = None
    """What project-config says, where a checkout of it was given."""

    @property
    def today(self) -> datetime.date:
        """Return the day of the run, UTC."""
        return self.now.date()

    @property
    def first_key(self) -> datetime.date | None:
        """Return the first day on which a cycle's key was in use."""
        return min(
            (one.key.start for one in self.series if one.key is not None),
            default=None,
        )

    @property
    def deciding(self) -> tuple[str, ...]:
        """Return the files of the checkout that decide over every release."""
        found = []
        if self.policy.origin == policy.IN_CHECKOUT:
            found.append(policy.IN_CHECKOUT)
        if self.series:
            found.append(series.STATUS_FILE)
        return tuple(found)

    def as_committed(self, path: str) -> knowledge.Knowledge[bool]:
        """Say whether a file of the checkout is as committed."""
        if isinstance(self.changed, knowledge.Unknown):
            return self.changed
        return knowledge.Known(path not in self.changed.value)


def terms(
    checkout: seams.Checkout,
    worktree: seams.WorkTree,
    verifier: seams.Verifier,
    keys: seams.CycleKeys,
    allowed: policy.Policy,
    named: Sequence[str],
    now: datetime.datetime,
    project_config: seams.ProjectConfig | None = None,
) -> Terms:
    """Read what releases are held against, and load the keys.

    :param named: keys that may sign beside those of the cycles and of the
        policy: fingerprints, and files of public keys
    :raises Misconfigured: a checkout or a key file is malformed
    :raises Unavailable: one of them cannot be read
    """
    trusted = signatures.trust(checkout, allowed, named).all_in(verifier)
    head = checkout.head()
    changed: knowledge.Knowledge[frozenset[str]] = knowledge.Known(frozenset())
    if head != knowledge.Known(None):
        try:
            changed = knowledge.Known(frozenset(worktree.changed()))
        except exceptions.Unavailable as error:
            changed = knowledge.Unknown(error.what, error.cause)
    return Terms(
        allowed,
        now,
        trusted,
        checkout.read_series(),
        head,
        changed,
        cycle_keys.survey(checkout, keys, now),
        None if project_config is None else project_config.read(),
    )
