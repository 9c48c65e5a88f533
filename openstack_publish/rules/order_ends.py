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

"""Orders where the release team's own files say that releases have ended.

Sources: ``process_release_requests.py`` and ``deliverable.py`` of
openstack/releases (2026-08-21).
"""

from __future__ import annotations

from collections.abc import Sequence

from openstack_publish.model import checking
from openstack_publish.model import deliverable
from openstack_publish.model import finding
from openstack_publish.model import series
from openstack_publish.rules import findings
from openstack_publish.rules import publishing

_ENDED = 'end of life'


def ended(
    subject: checking.Subject, listed: Sequence[series.Series]
) -> tuple[finding.Finding, ...]:
    """Say why an order that a change adds looks like a mistake (OSP128).

    Tags such as victoria-eol are how a series ends, and left alone.

    :param listed: every series; none where that is not known
    """
    order = subject.order
    file = order.deliverable
    if (
        file is None
        or not subject.added
        or publishing.tag_form(order.version) == 'neither'
    ):
        return ()
    reasons = [_end_of_life(file, listed), _retired(file, order.repo)]
    return tuple(
        findings.failed(
            'OSP128',
            f'{order.project} {order.version}',
            reason,
            place=order.place((*order.release.key, 'version')),
        )
        for reason in reasons
        if reason is not None
    )


def _end_of_life(
    file: deliverable.Deliverable, listed: Sequence[series.Series]
) -> str | None:
    passed_over = 'and the tagging job passes over such an order'
    if file.release_model == 'abandoned':
        return (
            'the release-model is abandoned, which counts as end of life, '
            + passed_over
        )
    # Deliverables of this type follow a series that is over for others.
    if file.type == 'trailing':
        return None
    if file.stable_status is not None:
        if file.stable_status == _ENDED:
            return f'the stable-status is {_ENDED}, {passed_over}'
        return None
    for each in listed:
        if each.name == file.series and each.status == _ENDED:
            return f'the series {each.name} is {_ENDED}, {passed_over}'
    return None


def _retired(file: deliverable.Deliverable, repo: str) -> str | None:
    settings = file.settings_of(repo)
    if settings is None or 'retired' not in settings.flags:
        return None
    return f'repository-settings say that {repo} is retired'
