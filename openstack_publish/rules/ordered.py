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

"""The rules of step 1: the one order, as it was merged and tagged."""

from __future__ import annotations

from collections.abc import Sequence

from openstack_publish.model import deliverable
from openstack_publish.model import finding
from openstack_publish.model import knowledge
from openstack_publish.model import located
from openstack_publish.model import names
from openstack_publish.model import policy
from openstack_publish.rules import findings


def problems(
    found: Sequence[located.Problem],
) -> tuple[finding.Finding, ...]:
    """Say each thing that is wrong with deliverable files (OSP101)."""
    return findings.malformed('OSP101', found)


def remarks(order: deliverable.Order) -> tuple[finding.Finding, ...]:
    """Note what is odd in the ordering file and changes nothing (OSP101)."""
    if order.deliverable is None:
        return ()
    return tuple(map(remark, order.deliverable.remarks))


def remark(problem: located.Problem) -> finding.Finding:
    """Note one thing that is odd in a file and changes nothing (OSP101)."""
    return findings.noted(
        'OSP101',
        problem.place.path,
        f'{findings.of_problem(problem)}; it is ignored',
        place=problem.place,
    )


def one_order(
    project: names.ProjectName,
    version: str,
    orders: Sequence[deliverable.Order],
    repo: str | None = None,
) -> tuple[deliverable.Order | None, tuple[finding.Finding, ...]]:
    """Return the order of a release (OSP102, OSP103).

    Several files may order the same commit of the same repository; the
    first by path stands for all.

    :param repo: the only repository that was asked for
    """
    subject = f'{project} {version}'
    if not orders:
        of_repo = '' if repo is None else f' of {repo}'
        return None, (
            findings.failed(
                'OSP102',
                subject,
                f'no deliverable file orders version {version}{of_repo} for '
                f'the project {project}',
            ),
        )
    by_path = sorted(orders, key=lambda order: (order.path, order.repo))
    if len({(order.repo, order.commit) for order in orders}) > 1:
        return None, (
            findings.failed(
                'OSP103',
                subject,
                'deliverable files order different things: '
                + '; '.join(
                    f'{order.repo} at {order.commit} in {order.path}'
                    for order in by_path
                ),
                place=by_path[0].place((*by_path[0].ordered.key, 'hash')),
            ),
        )
    return by_path[0], ()


def no_order(subject: str) -> tuple[finding.Finding, ...]:
    """Refuse a release whose order was not found (OSP102)."""
    return (
        findings.failed(
            'OSP102', subject, 'no order was read that it could be held to'
        ),
    )


def committed(
    order: deliverable.Order,
    state: knowledge.Knowledge[bool],
    head: knowledge.Knowledge[str | None],
) -> tuple[finding.Finding, ...]:
    """Hold the ordering file against HEAD (OSP104, OSP113).

    :param state: whether the file is as committed
    :param head: the commit at HEAD; None where there is no git checkout
    """
    if order.deliverable is None:
        return ()
    path = order.deliverable.path
    if isinstance(head, knowledge.Unknown):
        return (findings.unknown('OSP104', path, head),)
    if head.value is None:
        return (
            findings.noted(
                'OSP113',
                path,
                'the releases directory is no git checkout: nothing shows '
                'that this file was reviewed and merged',
                place=located.Place(path),
            ),
        )
    if isinstance(state, knowledge.Unknown):
        return (findings.unknown('OSP104', path, state),)
    if state.value:
        return ()
    return (
        findings.failed(
            'OSP104',
            path,
            f'differs from what the checkout has at HEAD, {head.value}',
            place=located.Place(path),
        ),
    )


def decided(
    path: str, state: knowledge.Knowledge[bool], head: str
) -> tuple[finding.Finding, ...]:
    """Hold a file that decides over releases against HEAD (OSP120).

    :param state: whether it is as committed
    """
    if isinstance(state, knowledge.Unknown):
        return (findings.unknown('OSP120', path, state),)
    if state.value:
        return ()
    return (
        findings.failed(
            'OSP120',
            path,
            f'differs from what the checkout has at HEAD, {head}, and is '
            'gone by all the same',
            place=located.Place(path),
        ),
    )


def asked_commit(
    order: deliverable.Order, asked: str | None
) -> tuple[finding.Finding, ...]:
    """Hold the commit that was built against the ordered one (OSP105).

    :param asked: the value of ``--commit``
    """
    if asked is None or asked == order.commit:
        return ()
    return (
        findings.failed(
            'OSP105',
            f'{order.project} {order.version}',
            f'--commit is {asked}, the order of {order.repo} is '
            f'{order.commit}',
            place=order.place((*order.ordered.key, 'hash')),
        ),
    )


def without_deliverable(
    repo: str, entry: policy.WithoutDeliverable
) -> tuple[finding.Finding, ...]:
    """Note that no file orders the release, and why it may go (OSP112)."""
    return (
        findings.noted(
            'OSP112',
            repo,
            'no deliverable file orders this release; the policy allows it '
            f"for '{entry.repo}': {entry.reason}",
        ),
    )
