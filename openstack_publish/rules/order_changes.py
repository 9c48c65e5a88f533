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

"""What a change does to the orders of deliverable files."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Sequence

from openstack_publish.model import checking
from openstack_publish.model import deliverable
from openstack_publish.model import finding
from openstack_publish.model import located
from openstack_publish.model import publishing as model
from openstack_publish.rules import findings
from openstack_publish.rules import order_fit
from openstack_publish.rules import order_versions
from openstack_publish.rules import ordered
from openstack_publish.rules import publishing

Orders = frozenset[tuple[str, str, str]]
"""Repository, version and commit of each."""


def orders_of(files: Iterable[deliverable.Deliverable]) -> Orders:
    """Return everything that some files order."""
    return frozenset(
        (repo.repo, release.version, repo.commit)
        for file in files
        for release in file.releases
        for repo in release.repos
    )


def added(
    file: deliverable.Deliverable,
    before: deliverable.Deliverable | None,
    known: Orders,
) -> tuple[checking.Subject, ...]:
    """Return the orders that a change adds to a file.

    :param before: the file before the change, under whatever name
    :param known: what the files of the change ordered before it; an order
        that only moved from one file to another is not a new one
    """
    was = {
        (repo.repo, release.version): repo.commit
        for release in ([] if before is None else before.releases)
        for repo in release.repos
    }
    found = []
    for index, release in enumerate(file.releases):
        for repo in release.repos:
            if (repo.repo, release.version, repo.commit) in known:
                continue
            found.append(
                checking.Subject(
                    deliverable.Order(file, release, repo),
                    added=True,
                    earlier=file.releases[:index],
                    moved_from=was.get((repo.repo, release.version)),
                    is_last=index == len(file.releases) - 1,
                )
            )
    return tuple(found)


def last(file: deliverable.Deliverable) -> tuple[checking.Subject, ...]:
    """Return the orders of a file's last release."""
    if not file.releases:
        return ()
    release = file.releases[-1]
    return tuple(
        checking.Subject(
            deliverable.Order(file, release, repo),
            added=False,
            earlier=file.releases[:-1],
        )
        for repo in release.repos
    )


def order(
    subject: checking.Subject,
    others: Sequence[deliverable.Deliverable],
) -> tuple[finding.Finding, ...]:
    """Judge an order by what stands in deliverable files.

    :param others: files that may order the same version of the repository
    """
    return (
        *order_fit.names_agree(subject.order, ()),
        *order_versions.versions(subject.order, subject.earlier),
        *_moved(subject),
        *_elsewhere(subject.order, others),
    )


def not_last(subject: checking.Subject) -> tuple[finding.Finding, ...]:
    """Say that an order which a change adds will not be carried out.

    Of orders that are on the index already it is not asked: those are
    written down late.
    """
    order = subject.order
    if (
        subject.is_last
        or not subject.added
        or publishing.tag_form(order.version) == 'neither'
    ):
        return ()
    return (
        _of_version(
            'OSP126',
            order,
            f'{order.version} is not the last release of the file, and the '
            'tagging job takes only that one',
        ),
    )


def removed(
    path: str,
    before: deliverable.Deliverable | None,
    after: deliverable.Deliverable | None,
    known_after: Orders,
) -> tuple[finding.Finding, ...]:
    """Say which orders a change takes out of a file.

    :param known_after: what the files of the change order after it
    """
    if before is None:
        return ()
    kept = {
        (repo.repo, release.version)
        for release in (() if after is None else after.releases)
        for repo in release.repos
    } | {(repo, version) for repo, version, _ in known_after}
    gone = [
        f'{repo.repo} {release.version} at {repo.commit}'
        for release in before.releases
        for repo in release.repos
        if (repo.repo, release.version) not in kept
    ]
    if not gone:
        return ()
    named = '; '.join(gone[:_NAMED])
    if len(gone) > _NAMED:
        named += f'; and {len(gone) - _NAMED} more'
    what = 'the file is removed' if after is None else 'the file loses orders'
    return (
        findings.failed(
            'OSP127', path, f'{what}: {named}', place=located.Place(path)
        ),
    )


_NAMED = 10
"""Orders that one message names."""


def stray(path: str) -> tuple[finding.Finding, ...]:
    """Say that a file is none that orders are read of (OSP129)."""
    return (
        findings.failed(
            'OSP129',
            path,
            'no order is read of it: a deliverable file is a regular file '
            'deliverables/SERIES/NAME.yaml',
            place=located.Place(path),
        ),
    )


def remarks(
    file: deliverable.Deliverable, before: deliverable.Deliverable | None
) -> tuple[finding.Finding, ...]:
    """Judge what the release team's schema leaves unchecked (OSP101).

    What a change brings has to be right; what stood there before is noted.
    """
    known = (
        None
        if before is None
        else {(each.place.key, each.message) for each in before.remarks}
    )
    found: list[finding.Finding] = []
    for remark in file.remarks:
        if known is not None and (
            (remark.place.key, remark.message) not in known
        ):
            found.extend(ordered.problems([remark]))
        else:
            found.append(ordered.remark(remark))
    return tuple(found)


def reach(
    order: deliverable.Order, reach: model.Reach
) -> tuple[finding.Finding, ...]:
    """Note that an order does not reach PyPI, or that nobody knows."""
    if reach.answer == 'yes':
        return ()
    said = 'does not reach PyPI'
    if reach.answer == 'unknown':
        said = 'may reach PyPI or not'
    return (
        findings.noted(
            'OSP124',
            f'{order.project} {order.version}',
            f'{order.version} of {order.repo} {said}: {reach.why}',
            place=order.place((*order.release.key, 'version')),
        ),
    )


def _moved(subject: checking.Subject) -> tuple[finding.Finding, ...]:
    order, before = subject.order, subject.moved_from
    if before is None:
        return ()
    return (
        findings.failed(
            'OSP125',
            f'{order.project} {order.version}',
            f'{order.repo} {order.version} was ordered at {before}, the '
            f'change orders it at {order.commit}',
            place=order.place((*order.ordered.key, 'hash')),
        ),
    )


def _elsewhere(
    order: deliverable.Order, others: Sequence[deliverable.Deliverable]
) -> tuple[finding.Finding, ...]:
    """Say where the same version is ordered at another commit (OSP103)."""
    different = sorted(
        f'{repo.commit} in {file.path}'
        for file in others
        if file.path != order.path
        for release in file.releases
        if release.version == order.version
        for repo in release.repos
        if repo.repo == order.repo and repo.commit != order.commit
    )
    if not different:
        return ()
    return (
        findings.failed(
            'OSP103',
            f'{order.project} {order.version}',
            f'{order.repo} {order.version} is ordered at {order.commit} '
            'here, and at ' + ', at '.join(different),
            place=order.place((*order.ordered.key, 'hash')),
        ),
    )


def _of_version(
    code: str, order: deliverable.Order, message: str
) -> finding.Finding:
    return findings.failed(
        code,
        f'{order.project} {order.version}',
        message,
        place=order.place((*order.release.key, 'version')),
    )
