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

"""Step 5: what is to become of each file.

The refusals that the index would make are in
:mod:`~openstack_publish.rules.acceptance_form`, for what the files are, and
in :mod:`~openstack_publish.rules.acceptance_state`, for what it holds.

What PyPI checks was read in its source (``warehouse/forklift``, 2025) and
observed on a running server (2026-11-21). Where its list may have grown
since, the rules here are the more lenient ones: the server's own refusal
of the first file costs nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

from openstack_publish.model import credential as credentials
from openstack_publish.model import distribution
from openstack_publish.model import finding
from openstack_publish.model import knowledge
from openstack_publish.model import listing
from openstack_publish.model import plan
from openstack_publish.rules import findings


def planned(
    distributions: Sequence[distribution.Distribution],
    listed: listing.Listing,
) -> plan.Plan:
    """Return what is to become of each distribution, in upload order.

    A file is already there only where the index lists its very SHA-256;
    what the index doesn't say refuses.
    """
    return plan.Plan(
        tuple(
            plan.PlannedFile(dist, *_action(dist, listed.release))
            for dist in plan.in_upload_order(tuple(distributions))
        )
    )


def _action(
    dist: distribution.Distribution,
    release: knowledge.Knowledge[tuple[listing.ListedFile, ...]],
) -> tuple[plan.Action, str]:
    if isinstance(release, knowledge.Unknown):
        return 'refuse', f'{release.what} could not be read: {release.why}'
    for file in release.value:
        if file.filename != dist.filename:
            continue
        if file.sha256 is None:
            return 'refuse', 'the index lists it without its sha256'
        if file.sha256 != dist.sha256:
            return (
                'refuse',
                f'the index has other bytes under this name, with sha256 '
                f'{file.sha256}',
            )
        return 'already-there', f'the index has sha256 {file.sha256}'
    return 'upload', 'the index does not have it'


def attestations(
    wanted: bool, credential: credentials.Credential | None
) -> tuple[finding.Finding, ...]:
    """Say whether attestations would be refused (OSP315)."""
    if not wanted or credential is None:
        return ()
    kind = {
        'api-token': 'an API token',
        'other': 'a credential that is no token',
    }[credential.kind]
    return (
        findings.failed(
            'OSP315',
            '--attestations',
            f'the upload is to be made with {kind}; PyPI takes attestations '
            'only from a Trusted Publisher',
        ),
    )
